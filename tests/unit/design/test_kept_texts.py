"""Texts of ours are said in the language of whoever reads them, not of whoever caused them."""

import json

import pytest
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongban.design.kept_texts import Param, in_every_language, keep, keep_param, said, said_param
from tongban.design.labels import DOCUMENT_KINDS, word


def read(param: Param, language: str) -> str:
    """Keep `param` as the database does, and say it in `language`."""
    kept = json.loads(json.dumps(keep_param(param)))
    with translation.override(language):
        return said_param(kept)


@pytest.mark.parametrize("sender", ["zh-hans", "en", None])
def test_a_text_of_ours_is_said_in_the_readers_language(sender: str | None) -> None:
    with translation.override(sender):
        kept = keep(_("未知设备"))
    with translation.override("en"):
        assert said(kept) == "Unknown device"
    with translation.override("zh-hans"):
        assert said(kept) == "未知设备"


@pytest.mark.parametrize("typed", ["", "未知设备", "张三", "%(name)s", "\x1f", "\x1f\x1f", '{"en": "x"}'])
def test_what_people_typed_stays_what_it_is(typed: str) -> None:
    assert keep(typed) == typed
    assert read(typed, "en") == typed.removeprefix("\x1f")


def test_a_text_put_together_is_refused_when_it_is_kept() -> None:
    with pytest.raises(ValueError, match="未知设备"):
        keep(format_lazy("{one}!", one=_("未知设备")))


def test_a_list_is_joined_as_the_reader_writes_lists() -> None:
    services: Param = [{"zh-hans": "高企认定", "en": "Accreditation"}, _("未知设备"), "别名"]
    assert read(services, "en") == "Accreditation, Unknown device, 别名"
    assert read(services, "zh-hans") == "高企认定、未知设备、别名"
    assert read([{"zh-hans": "高企认定"}], "en") == "高企认定", "a language that was added later"


def test_what_is_the_same_in_every_language_is_kept_once() -> None:
    assert in_every_language({"zh-hans": "甲", "en": "甲"}) == "甲"
    assert in_every_language({"zh-hans": "甲", "en": "A"}) == {"zh-hans": "甲", "en": "A"}


@pytest.mark.parametrize("value", ["passport", "护照"])
def test_codes_and_the_words_of_earlier_releases_are_put_into_words(value: str) -> None:
    texts = {kind.value: text for kind, text in DOCUMENT_KINDS.items()}
    with translation.override("en"):
        assert str(word(texts, value)) == "Passport"
        assert word(texts, "Reisepass") == "Reisepass"
