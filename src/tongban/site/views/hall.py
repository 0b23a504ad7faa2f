"""The home page, the search, and how a person wants to see pages."""

from functools import cache as once

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

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


@anyone
@require_safe
@kept(30)
def home(request: HttpRequest) -> HttpResponse:
    """Show the service hall. What the page takes from the cache is not asked for: values are called when drawn."""
    context = {
        "services": once(lambda: list(catalogue.offered().exclude(client_id="")[:_SERVICES_ON_HOME])),
        "guides": once(lambda: list(catalogue.offered().filter(client_id="")[:_SERVICES_ON_HOME])),
        "notices": once(lambda: list(queries.published()[:_NOTICES_ON_HOME])),
        "quick": lambda: menus.links(_QUICK, request.path),
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
    """Switch 长者模式 on or off and go back to where the switch was pressed."""
    back = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if here and back.startswith("/") else "/")
    senior = request.POST.get("mode") == display_modes.Mode.SENIOR
    wanted = display_modes.Mode.SENIOR if senior else display_modes.Mode.NORMAL
    display_modes.keep(response, wanted, secure=request.is_secure())
    return response
