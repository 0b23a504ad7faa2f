"""The page that says who receives what, for what, on whose behalf; and lets the person decide."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.accounts.models import IdentityBinding
from tongban.accounts.rules import IdentityKind, Realm
from tongban.kernel.masking import mask_document
from tongban.sso.flows.enter_service import Admitted
from tongban.sso.flows.sign_on import Presence, Wish
from tongban.sso.rules import SEPARATE_CONSENT, Scope
from tongban.sso.views import acting
from tongban.vault.purposes import Purpose

_REALMS: dict[str, str | Promise] = {
    Realm.NATURAL: gettext_lazy("自然人账号"),
    Realm.LEGAL: gettext_lazy("法人账号"),
    Realm.STAFF: gettext_lazy("工作人员账号"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that would be handed over, as the owner knows it."""

    label: str
    value: str


def consent_page(request: HttpRequest, *, wish: Wish, who: Presence, way: Admitted, query: str) -> HttpResponse:
    """Return the page; the decision is posted with the same query, and everything is checked again then."""
    asked = [scope for scope in Scope if scope in wish.scopes]
    context = {
        "heading": _("同意向“%(system)s”提供信息") % {"system": wish.client.said.name},
        "client": wish.client,
        "items": [item for scope in asked if scope not in SEPARATE_CONSENT for item in _items(scope, who, way)],
        "separate": [(scope, _items(scope, who, way)) for scope in asked if scope in SEPARATE_CONSENT],
        "on_behalf_of": _on_behalf_of(who, way),
        "agent": _own_name(way) if way.mandate else "",
        "acting_as": unit.unit_name if (unit := _unit(way)) else "",
        "choose_url": f"{reverse('sso:act-as')}?{acting.unmarked(query)}" if way.mandate else "",
        "action": f"{reverse('sso:consent')}?{query}",
    }
    return render(request, "sso/consent.html", context)


def _on_behalf_of(who: Presence, way: Admitted) -> str:
    unit = _unit(way)
    return unit.unit_name if unit else _own_name(way) or who.account.login_name


def _unit(way: Admitted) -> IdentityBinding | None:
    """Return the unit that enters, or that somebody enters for."""
    return way.unit or (way.binding if way.binding and way.binding.kind == IdentityKind.UNIT else None)


def _own_name(way: Admitted) -> str:
    return way.binding.name.reveal(Purpose.SHOW_OWNER) if way.binding and way.binding.name else ""


def _items(scope: Scope, who: Presence, way: Admitted) -> list[Item]:
    """Return what a scope would hand over of this account; what is not verified is not handed over."""
    binding, unit = way.binding, _unit(way)
    match scope:
        case Scope.PROFILE:
            name = [Item(_("姓名"), _own_name(way))] if _own_name(way) else []
            return [
                *name,
                Item(_("账号类型"), str(_REALMS[who.account.realm])),
                Item(_("实名认证等级"), _level(binding)),
            ]
        case Scope.UNIT if unit:
            return [Item(_("单位名称"), unit.unit_name), Item(_("统一社会信用代码"), unit.uscc)]
        case Scope.DOCUMENT_NUMBER if binding and binding.number:
            return [Item(_("证件号码"), mask_document(binding.number.reveal(Purpose.SHOW_MASKED)))]
        case Scope.OPENID:
            return [Item(_("账号标识"), _("只供该系统识别您的编号，不含个人信息"))]
        case _:
            return []


def _level(binding: IdentityBinding | None) -> str:
    return _("已实名认证") if binding else _("未实名认证")
