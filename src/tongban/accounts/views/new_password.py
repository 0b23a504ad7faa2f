"""请设置新密码: the page between a password that has to be replaced, and being signed in.

It is the old one of another platform and breaks our rules, or one of ours that has become guessable, or that is older
than the operator allows.
"""

from django.conf import settings
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.accounts import pending
from tongban.accounts.callers import actor_of, session_of
from tongban.accounts.errors import PasswordRefused, PasswordWrong
from tongban.accounts.flows.replace_weak_password import replace_weak_password
from tongban.accounts.forms import ChoosePasswordForm
from tongban.accounts.models import Account
from tongban.accounts.password_policy import is_brought_over
from tongban.accounts.rules import Realm
from tongban.accounts.sentences import sentence
from tongban.accounts.views import log_in, staff
from tongban.web.doors import anyone
from tongban.web.next_page import next_page, with_next


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def replace_weak(request: HttpRequest) -> HttpResponse:
    """Ask for a better password, and sign its owner in."""
    page = next_page(request)
    half = pending.find(session_of(request), owes=pending.Owes.NEW_PASSWORD)
    if half is None:
        return redirect(with_next(reverse("accounts:log-in"), page))
    realm = Realm(half.account.realm)
    is_weak = half.account.weak_password_since is not None
    form = ChoosePasswordForm(request.POST if request.method == "POST" else None, realm=realm)
    if form.is_valid() and _replace(request, form, half.account):
        pending.end(session_of(request), owes=pending.Owes.NEW_PASSWORD)
        # Who is staff has given the second factor before: see `staff.signed_in`.
        signed_in = staff.signed_in if realm is Realm.STAFF else log_in.signed_in
        return signed_in(request, half.account, page)
    context = {
        "heading": _("请先设置新密码"),
        "form": form,
        "submit_label": _("保存并登录"),
        "login_name": half.account.login_name,
        "is_weak": is_weak,
        "is_brought_over": is_brought_over(half.account),
        "days": settings.PASSWORD_DAYS,
        "next": page,
    }
    return render(request, "accounts/replace_weak_password.html", context)


def _replace(request: HttpRequest, form: ChoosePasswordForm, account: Account) -> bool:
    try:
        replace_weak_password(actor=actor_of(request), account=account, new=form.cleaned_data["password"])
    except PasswordRefused as error:
        form.add_error("password", ValidationError(sentence(error), code=error.code))
    except PasswordWrong:
        form.add_error(None, _("密码刚刚已在别处修改。请用新的密码重新登录。"))
    return not form.errors
