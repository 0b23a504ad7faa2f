"""Who stands before a page of this room."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tongban.accounts.models import Account
from tongban.accounts.rules import Realm


def citizen(request: HttpRequest) -> Account:
    """Return the account that is signed in; staff have no real-name verification here."""
    account = request.user
    if not isinstance(account, Account) or account.realm == Realm.STAFF:
        raise PermissionDenied
    return account


def upload_label(account: Account) -> str:
    """Return what the manual path is called for this account."""
    return _("上传法人信息") if account.realm == Realm.LEGAL else _("上传自然人信息")


def edit_label(account: Account) -> str:
    """Return what changing the entries is called for this account."""
    return _("修改法人信息") if account.realm == Realm.LEGAL else _("修改个人信息")
