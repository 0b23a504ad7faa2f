"""The visible names of the kinds people choose from: option texts, summary lists and messages all say the same."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongban.kernel.documents import DocumentKind
from tongban.kernel.uscc import UnitType

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise
else:
    Text = str | Promise

DOCUMENT_KINDS: Mapping[DocumentKind, Text] = {
    DocumentKind.RESIDENT_ID: _("居民身份证"),
    DocumentKind.HK_MACAU_RESIDENCE_PERMIT: _("港澳居民居住证"),
    DocumentKind.TAIWAN_RESIDENCE_PERMIT: _("台湾居民居住证"),
    DocumentKind.PERMANENT_RESIDENT_ID: _("外国人永久居留身份证"),
    DocumentKind.HK_MACAU_TRAVEL_PERMIT: _("港澳居民来往内地通行证"),
    DocumentKind.TAIWAN_TRAVEL_PERMIT: _("台湾居民来往大陆通行证"),
    DocumentKind.PASSPORT: _("护照"),
}

UNIT_TYPES: Mapping[UnitType, Text] = {
    UnitType.ENTERPRISE: _("企业"),
    UnitType.PUBLIC_INSTITUTION: _("事业单位"),
    UnitType.GOVERNMENT_BODY: _("机关"),
    UnitType.SOCIAL_GROUP: _("社会团体"),
    UnitType.PRIVATE_NON_ENTERPRISE: _("民办非企业单位"),
    UnitType.FOUNDATION: _("基金会"),
    UnitType.OTHER: _("其他"),
}


def word(texts: Mapping[str, Text], value: str) -> Text:
    """Return what the code `value` is called; `value` itself when it is none.

    Cases of earlier releases hold the Chinese word in the place of the code: it is recognised.
    """
    if value in texts:
        return texts[value]
    with translation.override(None):
        return next((text for text in texts.values() if str(text) == value), value)
