"""The password rules with this platform's numbers and words."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings

from tongban.accounts import queries
from tongban.accounts.models import Account
from tongban.accounts.rules import Realm, passwords
from tongban.kernel import clock
from tongban.vault.purposes import Purpose


def check_new_password(password: str, *, realm: Realm, context: Iterable[str]) -> None:
    """Accept `password` for an account of `realm`; raises `PasswordRefused`.

    `context` are words an attacker knows about the account; the words of the site are added.
    """
    shortest = settings.PASSWORD_LENGTH_STAFF if realm is Realm.STAFF else settings.PASSWORD_LENGTH
    site = (settings.SITE_NAME, settings.OPERATOR)
    in_english = [settings.SITE_IN_ENGLISH[text] for text in site if text in settings.SITE_IN_ENGLISH]
    words = (*context, *site, *in_english, *settings.PASSWORD_CONTEXT)
    passwords.check(password, shortest=shortest, kinds=settings.PASSWORD_COMPOSITION, context=words)


def check_password_of(account: Account, password: str) -> None:
    """Accept `password` as the next one of `account`; raises `PasswordRefused`."""
    phone = queries.phone_of(account, Purpose.MATCH)
    profile = queries.legal_profile(account)
    unit = [profile.unit_name, profile.uscc] if profile else []
    context = [account.login_name, *([phone.value] if phone else []), *unit]
    check_new_password(password, realm=Realm(account.realm), context=context)


def must_be_replaced(account: Account) -> bool:
    """Return whether the password opens nothing but the page on which it is replaced: it is weak, or too old."""
    return account.weak_password_since is not None or is_too_old(account)


def is_too_old(account: Account) -> bool:
    """Return whether the operator wants passwords of this age replaced."""
    days: int = settings.PASSWORD_DAYS
    return days > 0 and clock.now() >= account.password_changed_at + timedelta(days=days)
