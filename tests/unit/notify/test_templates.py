"""Every message has its text, its blanks, its place in the documentation."""

from pathlib import Path

import pytest
from django.utils import translation
from django.utils.functional import Promise

from tongban.challenge.rules import CodePurpose
from tongban.design import display
from tongban.notify.errors import ParamsMismatch, UnknownTemplate
from tongban.notify.templates import TEMPLATES, Template, template
from tongban.notify.vendor_templates import registered_name

DOCUMENT = Path(__file__).parents[3] / "docs" / "messages.md"


@pytest.mark.parametrize("purpose", list(CodePurpose))
def test_every_purpose_of_a_code_has_an_sms(purpose: CodePurpose) -> None:
    assert template(purpose.value).blanks("sms") == {"code", "minutes"}


@pytest.mark.parametrize("found", TEMPLATES.values(), ids=lambda found: found.name)
def test_every_text_is_translated_and_short(found: Template) -> None:
    texts = [text for text in (found.sms, found.title, found.body) if text]
    assert texts
    assert all(isinstance(text, Promise) for text in texts)
    assert bool(found.title) == bool(found.body)
    signature = 12  # 【科技部政务服务平台】
    filled = str(found.sms) % {**dict.fromkeys(found.blanks("sms"), "138****1234"), "time": "2026-11-29 18:00"}
    assert len(filled) + signature <= 70, "one SMS"


def test_the_documentation_lists_every_message_and_no_other() -> None:
    lines = DOCUMENT.read_text(encoding="utf-8").partition("\n## What happens")[0].splitlines()
    listed = {line for line in lines if line.startswith("| `")}
    there_are = set()
    for code in display.TAGS:
        with translation.override(code):
            for t in TEMPLATES.values():
                there_are.add(f"| `{registered_name(t.name, code)}` | {t.sms} | {t.title} | {t.body} |")
    assert listed == there_are


@pytest.mark.parametrize("found", TEMPLATES.values(), ids=lambda found: found.name)
def test_every_language_fills_the_same_blanks(found: Template) -> None:
    with translation.override("en"):
        english = {channel: found.blanks(channel) for channel in ("sms", "message")}
    assert english == {channel: found.blanks(channel) for channel in ("sms", "message")}


@pytest.mark.parametrize("found", [one for one in TEMPLATES.values() if one.sms], ids=lambda found: found.name)
def test_an_english_sms_takes_three_parts_at_most(found: Template) -> None:
    with translation.override("en"):
        text = str(found.sms) % dict.fromkeys(found.blanks("sms"), "138****1234")
    signature = 12  # 【科技部政务服务平台】: it makes every part one of 70 characters, of which 3 say which part it is
    assert len(text) + signature <= 3 * 67


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(UnknownTemplate):
        template("nothing")
    code = template("register")
    code.check("sms", {"code": "1", "minutes": "5"})
    with pytest.raises(UnknownTemplate):
        code.check("message", {})
    with pytest.raises(ParamsMismatch) as refusal:
        code.check("sms", {"code": "1", "name": "x"})
    assert refusal.value.params == {"template": "register", "missing": ["minutes"], "unknown": ["name"]}
