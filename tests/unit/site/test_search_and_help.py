"""The help centre and the search over everything."""

from unittest.mock import patch

import pytest
from django.http import HttpRequest

from tongban.accounts.models import Account
from tongban.accounts.sessions import SessionStore
from tongban.design import menus
from tongban.site import context, help_centre, queries
from tongban.site.account import owner


def texts(hits: list[queries.Hits]) -> list[str]:
    return ["".join(piece.text for piece in hit.title) for kind in hits for hit in kind.hits]


def test_the_three_questions_of_the_guide_come_first() -> None:
    assert [str(question.title) for question in help_centre.SECTIONS[0].questions] == [
        "企业登录提示账号密码不正确怎么办？",
        "企业账号登录后，在哪里进入相关业务系统？",
        "法人用户如何进行实名认证？",
    ]


def test_questions_have_addresses_of_their_own() -> None:
    slugs = [question.slug for question in help_centre.questions()]
    assert len(slugs) == len(set(slugs))
    assert not set(slugs) & {section.slug for section in help_centre.SECTIONS}


def test_an_answer_says_honestly_what_is_not_open_yet() -> None:
    question = help_centre.SECTIONS[0].questions[0]
    with patch.object(menus, "address", return_value=""):
        assert "尚未开放" in question.text
        assert question.links == []
    with patch.object(menus, "address", return_value="/there/"):
        assert "尚未开放" not in question.text
        assert ("忘记密码", "/there/") in question.links


def test_a_session_that_was_never_saved_has_no_end() -> None:
    request = HttpRequest()
    request.user, request.session = Account(), SessionStore()
    assert context.site(request)["session_seconds"] is None


@pytest.mark.django_db
def test_search_looks_into_answers_and_finds_nothing_by_nothing() -> None:
    assert texts(queries.search("港澳居民居住证")) == ["可以使用哪些证件？"]
    assert queries.search("") == []
    assert queries.search("没有的词") == []


def test_only_the_signed_in_own_anything() -> None:
    request = HttpRequest()
    request.user = None  # type: ignore[assignment]  # nobody
    with pytest.raises(TypeError):
        owner(request)
