"""SMS through Alibaba Cloud (dysmsapi 2017-05-25): SendSms, and QuerySendDetails for what became of them.

Sources: help.aliyun.com, "SendSms", "QuerySendDetails" (419277), "API错误码" (101346). SendSms drops no repetitions;
OutId is kept and listed, so that a message whose answer was lost is found by it.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.utils.timezone import localtime

from tongban.kernel.mobile import Mobile
from tongban.kernel.vendors.alibaba import Alibaba
from tongban.kernel.vendors.errors import Refused, Unanswered, VendorError, safe_code
from tongban.kernel.vendors.probing import ask_nothing
from tongban.notify.errors import NotSent, NotTold, OutcomeUnknown, Undeliverable
from tongban.notify.provider import Fate, ProviderReceipt, Told
from tongban.notify.vendor_templates import registered_name, values

_VERSION = "2017-05-25"
_DONE = frozenset({"OK"})
_PAGE = 50
_MOST_PAGES = 10
_CLOCKS_DIFFER = timedelta(minutes=5)

NUMBER_REFUSED = frozenset({"isv.MOBILE_NUMBER_ILLEGAL", "isv.BLACK_KEY_CONTROL_LIMIT"})
"""Codes that concern the number: no other try, and no other vendor, will do better."""
PERHAPS_SENT = frozenset({"isp.SYSTEM_ERROR", "isv.SYSTEM_ERROR"})
"""Codes for trouble inside the vendor, after which nobody knows what was done."""
FATES: Mapping[str, Fate] = {"1": Fate.ON_ITS_WAY, "2": Fate.UNDELIVERED, "3": Fate.DELIVERED}
"""SendStatus of QuerySendDetails."""


class AlibabaSms:
    """Hands SMS to Alibaba Cloud; key, signature and templates by the settings ALIBABA_…."""

    name = "alibaba"
    idempotent = False
    lists_at_once = True
    templates = "ALIBABA_SMS_TEMPLATES"
    required = (
        "ALIBABA_KEY_ID", "ALIBABA_KEY_SECRET", "ALIBABA_SMS_ADDRESS", "ALIBABA_SMS_SIGN_NAME", "ALIBABA_SMS_TEMPLATES",
    )  # fmt: skip

    def send(
        self, *, to: Mobile, text: str, template: str, language: str, params: Mapping[str, str], idempotency_key: str
    ) -> ProviderReceipt:
        """Hand one message over."""
        name = registered_name(template, language)
        if name not in settings.ALIBABA_SMS_TEMPLATES:
            raise NotSent(reason="no template")
        asked = {
            "PhoneNumbers": to.value,
            "SignName": settings.ALIBABA_SMS_SIGN_NAME,
            "TemplateCode": settings.ALIBABA_SMS_TEMPLATES[name],
            "TemplateParam": json.dumps(values(params), ensure_ascii=False),
            "OutId": idempotency_key,
        }
        try:
            found = _call("SendSms", asked, repeatable=False)
        except Unanswered as error:
            raise OutcomeUnknown(reason=error.reason) from None
        except Refused as error:
            raise _refusal(error.reason)(reason=error.reason) from None
        except VendorError as error:
            raise NotSent(reason=error.reason) from None
        if not found.get("BizId"):
            raise OutcomeUnknown(reason="no BizId")
        return ProviderReceipt(reference=str(found["BizId"]))

    def fate(self, *, to: Mobile, idempotency_key: str, reference: str, handed_at: datetime) -> Told:
        """Look the message up among those of its day."""
        for day in _days(handed_at):
            for sent in _sent_on(to, day, reference):
                if reference or sent.get("OutId") == idempotency_key:
                    return _told(sent, reference)
        return Told(Fate.NOT_LISTED)

    def probe(self, *, within: float) -> None:
        """Ask for the messages of nobody."""
        ask_nothing(
            partial(
                _service().call,
                "QuerySendDetails",
                _VERSION,
                {},
                done=_DONE,
                within=within,
                repeatable=True,
                quiet=True,
            )
        )


def _refusal(code: str) -> type[NotSent | Undeliverable | OutcomeUnknown]:
    if code in NUMBER_REFUSED:
        return Undeliverable
    return OutcomeUnknown if code in PERHAPS_SENT else NotSent


def _told(sent: Mapping[str, Any], reference: str) -> Told:
    fate = FATES.get(str(sent.get("SendStatus")))
    if fate is None:
        raise NotTold
    reason = safe_code(sent.get("ErrCode")) if fate is Fate.UNDELIVERED else ""
    return Told(fate, reason=reason, reference=reference)


def _days(handed_at: datetime) -> list[str]:
    """Return the day of sending as the vendor writes it (China's time), and its neighbour around midnight."""
    moments = (handed_at, handed_at - _CLOCKS_DIFFER, handed_at + _CLOCKS_DIFFER)
    return list(dict.fromkeys(localtime(moment).strftime("%Y%m%d") for moment in moments))


def _sent_on(to: Mobile, day: str, reference: str) -> Iterator[Mapping[str, Any]]:
    """Yield what was sent to `to` on `day`, all pages; raises `NotTold` when not all that is counted is listed."""
    seen = 0
    for page in range(1, _MOST_PAGES + 1):
        asked = {"PhoneNumber": to.value, "SendDate": day, "PageSize": str(_PAGE), "CurrentPage": str(page)}
        try:
            found = _call("QuerySendDetails", {**asked, **({"BizId": reference} if reference else {})}, repeatable=True)
            listed = found["SmsSendDetailDTOs"]["SmsSendDetailDTO"]
            total = int(found["TotalCount"])
        except (VendorError, KeyError, TypeError, ValueError):
            raise NotTold from None
        if not isinstance(listed, list) or not all(isinstance(sent, dict) for sent in listed):
            raise NotTold
        yield from listed
        seen += len(listed)
        if seen >= total:
            return
    raise NotTold


def _call(action: str, params: Mapping[str, str], *, repeatable: bool) -> Mapping[str, Any]:
    return _service().call(action, _VERSION, params, done=_DONE, within=settings.SMS_TIMEOUT, repeatable=repeatable)


def _service() -> Alibaba:
    return Alibaba(
        settings.ALIBABA_KEY_ID, settings.ALIBABA_KEY_SECRET, settings.ALIBABA_SMS_ADDRESS, settings.VENDOR_PROXY
    )
