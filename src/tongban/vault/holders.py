"""Whose an uploaded file is: an account's, or a browser's that nobody has signed in with."""

import hashlib
from uuid import UUID

from django.http import HttpRequest

from tongban.web.browser import browser_id


def of_account(account_id: UUID) -> str:
    """Return the holder name of an account."""
    return f"account:{account_id}"


def of_browser(browser: str) -> str:
    """Return the holder name of a browser, by its random id (`web.browser.browser_id`).

    The id has 128 random bits, so a plain digest hides it, and goes on finding the files when keys are rotated.
    """
    return f"browser:{hashlib.sha256(browser.encode()).hexdigest()}"


def of_request(request: HttpRequest) -> frozenset[str]:
    """Return the names under which who calls may have uploaded files."""
    names = {of_browser(browser_id(request))}
    if request.user.is_authenticated:
        names.add(of_account(request.user.pk))
    return frozenset(names)
