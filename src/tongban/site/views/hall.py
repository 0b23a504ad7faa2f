"""The home page, the search, and how a person wants to see pages."""

from functools import cache as once

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from tongban.accounts.callers import account_of
from tongban.accounts.flows.choose_language import choose_language
from tongban.accounts.models import Account
from tongban.accounts.rules import Realm
from tongban.catalogue import queries as catalogue
from tongban.design import display as display_modes
from tongban.design import menus
from tongban.design.kept_pages import kept
from tongban.site import help_centre, queries
from tongban.web.doors import anyone

_SERVICES_ON_HOME = 6
_NOTICES_ON_HOME = 6
_HOT_WORDS = (_("高企认定"), _("科小企评价"), _("实名认证"))
_QUICK = (
    menus.Entry("accounts:register", _("注册账号"), "person"),
    menus.Entry("proofing:profile", _("实名认证"), "shield"),
    menus.Entry("site:cases", _("办理进度"), "clock"),
    menus.Entry("site:messages", _("我的消息"), "mail"),
    menus.Entry(help_centre.RECOVERY, _("忘记密码"), "key"),
    menus.Entry("catalogue:guides", _("办事指南"), "book"),
)
_QUICK_SIGNED_IN = (
    menus.Entry("proofing:profile", _("我的信息"), "person"),
    menus.Entry("site:cases", _("办理进度"), "clock"),
    menus.Entry("site:messages", _("我的消息"), "mail"),
    menus.Entry("accounts:security", _("账号安全"), "shield"),
    menus.Entry("catalogue:guides", _("办事指南"), "book"),
    menus.Entry("site:help", _("帮助中心"), "help"),
)


@anyone
@require_safe
@kept(30)
def home(request: HttpRequest) -> HttpResponse:
    """Show the service hall. What the page takes from the cache is not asked for: values are called when drawn."""
    is_citizen = isinstance(request.user, Account) and request.user.realm != Realm.STAFF
    quick = _QUICK_SIGNED_IN if is_citizen else _QUICK
    context = {
        "is_citizen": is_citizen,
        "services": once(lambda: list(catalogue.offered().exclude(client_id="")[:_SERVICES_ON_HOME])),
        "guides": once(lambda: list(catalogue.offered().filter(client_id="")[:_SERVICES_ON_HOME])),
        "notices": once(lambda: list(queries.published()[:_NOTICES_ON_HOME])),
        "quick": lambda: menus.links(quick, request.path),
        "questions": help_centre.SECTIONS[0].questions,
        "hot_words": _HOT_WORDS,
    }
    return render(request, "site/home.html", context)


@anyone
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search services, guides, help and notices."""
    query = " ".join(request.GET.get("q", "").split())
    kinds = queries.search(query)
    context = {
        "heading": _("搜索结果") if query else _("搜索"),
        "query": query,
        "kinds": kinds,
        "count": sum(len(kind.hits) for kind in kinds),
        "hot_words": _HOT_WORDS,
    }
    return render(request, "site/search.html", context)


@anyone
@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Switch 长者模式 on or off, or the language, and go back to where the switch was pressed."""
    back = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if here and back.startswith("/") else "/")
    if "language" in request.POST:
        wanted = display_modes.known_language(request.POST["language"])
        display_modes.keep_language(response, wanted, secure=request.is_secure())
        if request.user.is_authenticated:
            choose_language(account=account_of(request), language=wanted)
        return response
    senior = request.POST.get("mode") == display_modes.Mode.SENIOR
    mode = display_modes.Mode.SENIOR if senior else display_modes.Mode.NORMAL
    display_modes.keep(response, mode, secure=request.is_secure())
    return response
