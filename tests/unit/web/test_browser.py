"""The browser id lives in the session."""

from django.contrib.sessions.backends.cache import SessionStore
from django.test import RequestFactory

from tongban.web.browser import browser_id


def test_a_browser_keeps_its_id_and_two_browsers_differ() -> None:
    ids = []
    for _ in range(2):
        request = RequestFactory().get("/")
        request.session = SessionStore()
        first = browser_id(request)
        assert browser_id(request) == first
        assert request.session.modified
        ids.append(first)
    assert ids[0] != ids[1]
    assert min(len(i) for i in ids) >= 22
