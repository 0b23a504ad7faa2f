"""The password rules with this platform's numbers and words."""

from collections.abc import Iterable

from django.conf import settings

from tongban.accounts.rules import Realm, passwords


def check_new_password(password: str, *, realm: Realm, context: Iterable[str]) -> None:
    """Accept `password` for an account of `realm`; raises `PasswordRefused`.

    `context` are words an attacker knows about the account; the words of the site are added.
    """
    shortest = settings.PASSWORD_LENGTH_STAFF if realm is Realm.STAFF else settings.PASSWORD_LENGTH
    words = (*context, settings.SITE_NAME, settings.OPERATOR, *settings.PASSWORD_CONTEXT)
    passwords.check(password, shortest=shortest, context=words)
