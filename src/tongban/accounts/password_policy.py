"""The password rules with this platform's numbers and words."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.conf import settings

from tongban.accounts import queries
from tongban.accounts.errors import PasswordRefused
from tongban.accounts.models import Account
from tongban.accounts.rules import Realm, passwords
from tongban.kernel import clock
from tongban.vault.purposes import Purpose


def check_new_password(password: str, *, realm: Realm, context: Iterable[str]) -> None:
    """Accept `password` for an account of `realm`; raises `PasswordRefused`.

    `context` are words an attacker knows about the account; the words of the site are added.
    """
    shortest = settings.PASSWORD_LENGTH_STAFF if realm is Realm.STAFF else settings.PASSWORD_LENGTH
    passwords.check(
        password, shortest=shortest, kinds=settings.PASSWORD_COMPOSITION, context=(*context, *_words_of_site())
    )


def check_password_of(account: Account, password: str) -> None:
    """Accept `password` as the next one of `account`; raises `PasswordRefused`."""
    profile = queries.legal_profile(account)
    unit = [profile.unit_name, profile.uscc] if profile else []
    check_new_password(password, realm=Realm(account.realm), context=[*_words_of_row(account), *unit])


def breaks_rules(account: Account, password: str) -> bool:
    """Return whether `password` of `account`, which nobody here ever judged, could not be chosen today."""
    try:
        check_new_password(password, realm=Realm(account.realm), context=_words_of_row(account))
    except PasswordRefused:
        return True
    return False


def is_guessable(account: Account, password: str) -> bool:
    """Return whether `password` of `account`, accepted once, stands in a list of today or holds what everybody knows.

    Of its length and kinds of characters nothing is asked again: that a rule became stricter is no sign that somebody
    knows the password (NIST SP 800-63B-4 §3.1.1.2).
    """
    try:
        passwords.check(password, shortest=0, context=(*_words_of_row(account), *_words_of_site()))
    except PasswordRefused:
        return True
    return False


def _words_of_site() -> Iterator[str]:
    site = (settings.SITE_NAME, settings.OPERATOR)
    yield from site
    yield from (settings.SITE_IN_ENGLISH[text] for text in site if text in settings.SITE_IN_ENGLISH)
    yield from settings.PASSWORD_CONTEXT


def _words_of_row(account: Account) -> Iterator[str]:
    yield account.login_name
    phone = queries.phone_of(account, Purpose.MATCH)
    if phone:
        yield phone.value


def must_be_replaced(account: Account) -> bool:
    """Return whether the password opens nothing but the page on which it is replaced: it is weak, or too old."""
    return account.weak_password_since is not None or is_too_old(account)


def is_brought_over(account: Account) -> bool:
    """Return whether the password is still the one that came with the account from another platform."""
    return account.transferred_at is not None and account.password_changed_at <= account.transferred_at


def is_too_old(account: Account) -> bool:
    """Return whether the operator wants passwords of this age replaced."""
    days: int = settings.PASSWORD_DAYS
    return days > 0 and clock.now() >= account.password_changed_at + timedelta(days=days)
