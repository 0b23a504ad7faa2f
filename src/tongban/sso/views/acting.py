"""The mark of as whom a person enters: chosen for one sign-on, and worth nothing in any other.

It travels in our own address as `acting`, signed together with the request and the account. It is a wish, not a right:
whether the person may act for the unit is looked at again at every step.
"""

from datetime import timedelta
from urllib.parse import urlencode

from django.core import signing
from django.http import QueryDict

from tongban.accounts.models import Account
from tongban.sso.rules import digest
from tongban.sso.views import reauthentication

PARAMETER = "acting"
_SALT = "tongban.sso.acting"
_GOOD_FOR = timedelta(minutes=15)


def marked(query: str, account: Account, choice: str) -> str:
    """Return `query` (without a mark) with the mark that `account` chose `choice`."""
    mark = signing.dumps({"as": choice, "who": str(account.id), "for": _request(query)}, salt=_SALT)
    return f"{query}&{urlencode({PARAMETER: mark})}"


def unmarked(query: str) -> str:
    """Return `query` without its mark, if it has one."""
    return query.partition(f"&{PARAMETER}=")[0]


def chosen(query: str, account: Account) -> str:
    """Return the choice of `account` for this very request; "" when there is none, or the mark is not genuine."""
    mark = QueryDict(query).get(PARAMETER, "")
    try:
        content = signing.loads(mark, salt=_SALT, max_age=_GOOD_FOR) if mark else {}
    except signing.BadSignature:
        return ""
    fits = content.get("who") == str(account.id) and content.get("for") == _request(query)
    return str(content["as"]) if fits else ""


def _request(query: str) -> str:
    """Return what names the request as the business system sent it: its state, nonce and challenge are its own."""
    return digest(reauthentication.unmarked(unmarked(query)))
