"""The two links of an approved appeal: one stops it, one sets the new password. Looking at either does nothing."""

from django.contrib import auth
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.accounts.callers import actor_of
from tongban.accounts.errors import PasswordRefused
from tongban.accounts.sentences import sentence
from tongban.design import display
from tongban.recovery import queries
from tongban.recovery.errors import LinkDead
from tongban.recovery.flows.redeem_link import redeem_link
from tongban.recovery.flows.stop_handover import stop_handover
from tongban.recovery.forms import LinkForm
from tongban.recovery.kept import keep
from tongban.recovery.views.reaching import DONE
from tongban.web.address import network
from tongban.web.doors import anyone


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """阻止申诉生效, after a question."""
    try:
        handover = queries.stoppable(token)
        if request.method == "POST":
            stop_handover(actor=actor_of(request), token=token)
            return render(request, "recovery/stopped.html", {"heading": _("已阻止，申诉重新审核")})
    except LinkDead as error:
        return _dead(request, error)
    if onward := display.read_in(request, handover.account.language):
        return onward
    context = {
        "heading": _("阻止申诉生效"),
        "handover": handover,
        "login_name": handover.account.login_name,
        "submit_label": _("不是我办理的，阻止"),
        "cancel_url": "/",
        "cancel_label": _("是我办理的，不用阻止"),
    }
    return render(request, "recovery/stop.html", context)


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """设置新密码: shows the login name and takes a new password, once."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    try:
        handover = queries.redeemable(token)
        if form.is_valid() and _redeem(request, form, token):
            keep(request, DONE, realm=handover.account.realm)
            return redirect("recovery:done")
    except LinkDead as error:
        return _dead(request, error)
    if onward := display.read_in(request, handover.case.language):
        return onward
    context = {
        "heading": _("设置新密码"),
        "form": form,
        "submit_label": _("确定"),
        "login_name": handover.account.login_name,
        "expires_at": handover.link_expires_at,
    }
    return render(request, "recovery/link.html", context)


def _redeem(request: HttpRequest, form: LinkForm, token: str) -> bool:
    password = form.cleaned_data["password"]
    try:
        account = redeem_link(actor=actor_of(request), token=token, password=password, network=network(request))
    except PasswordRefused as error:
        form.add_error("password", ValidationError(sentence(error), code=error.code))
        return False
    if request.user.is_authenticated and request.user.pk == account.id:
        auth.logout(request)
    return True


_SENTENCES = {
    "recovery.link_unknown": lambda: (_("链接无效"), _("这个链接不存在。请从短信里完整地复制链接；链接可能被截断了。")),
    "recovery.link_spent": lambda: (
        _("链接已经用过"),
        _("这个链接已经用来设置了新密码，每个链接只能用一次。请用新密码登录；不是您设置的，请立即申诉。"),
    ),
    "recovery.link_expired": lambda: (_("链接已经过期"), _("这个链接过期了，没有人用它设置过密码。请重新申诉。")),
    "recovery.link_halted": lambda: (
        _("链接已经停用"),
        _("有人对这件申诉提出了异议，申诉正在重新审核。结果会发短信告诉您，也可以查询申诉进度。"),
    ),
    "recovery.link_stopped": lambda: (
        _("已经阻止"),
        _("这件申诉已经被阻止，正由高级审核员重新审核，账号没有变化。"),
    ),
    "recovery.link_too_late": lambda: (
        _("申诉已经结束"),
        _("这件申诉已经生效或者过期，不能再阻止。账号不再由您掌握的，请立即申诉找回，或者拨打技术咨询电话。"),
    ),
    "recovery.link_reviewed": lambda: (
        _("高级审核员已经复核"),
        _("这件申诉此前被阻止过一次，高级审核员重新审核后仍然通过，不能再阻止。有异议的，请拨打技术咨询电话。"),
    ),
}


def _dead(request: HttpRequest, error: LinkDead) -> HttpResponse:
    """Say why the link opens nothing, and what to do."""
    heading, text = _SENTENCES[error.code]()
    status = 404 if error.code == "recovery.link_unknown" else 410
    return render(request, "recovery/link_dead.html", {"heading": heading, "text": text}, status=status)
