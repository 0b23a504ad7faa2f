"""SMS through Tencent Cloud (sms 2021-01-11): SendSms, and PullSmsSendStatusByPhoneNumber for what became of them.

Sources: cloud.tencent.com/document/api/382/55981 (SendSms), …/382/59177 (codes), …/382/38773 (state by number). SendSms
drops no repetitions; SessionContext comes back with the carrier's report, the first that is heard of a message.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings

from tongban.kernel import clock
from tongban.kernel.mobile import Mobile
from tongban.kernel.vendors.errors import Refused, Unanswered, VendorError, safe_code
from tongban.kernel.vendors.probing import ask_nothing
from tongban.kernel.vendors.tencent import Tencent
from tongban.notify.errors import NotSent, NotTold, OutcomeUnknown, Undeliverable
from tongban.notify.provider import Fate, ProviderReceipt, Told
from tongban.notify.vendor_templates import in_order, registered_name

_VERSION = "2021-01-11"
_MOST_LISTED = 100
_CLOCKS_DIFFER = timedelta(minutes=5)

NUMBER_REFUSED = frozenset(
    {
        "FailedOperation.PhoneNumberInBlacklist",
        "FailedOperation.PhoneNumberOnBlacklist",
        "InvalidParameterValue.IncorrectPhoneNumber",
    }
)
"""Codes that concern the number: no other try, and no other vendor, will do better."""
FATES: Mapping[str, Fate] = {"SUCCESS": Fate.DELIVERED, "FAIL": Fate.UNDELIVERED}
"""ReportStatus of PullSmsSendStatusByPhoneNumber."""


class TencentSms:
    """Hands SMS to Tencent Cloud; key, application, signature and templates by the settings TENCENT_…."""

    name = "tencent"
    idempotent = False
    lists_at_once = False
    templates = "TENCENT_SMS_TEMPLATES"
    required = (
        "TENCENT_KEY_ID", "TENCENT_KEY_SECRET", "TENCENT_SMS_ADDRESS", "TENCENT_SMS_APP_ID", "TENCENT_SMS_SIGN_NAME",
        "TENCENT_SMS_TEMPLATES",
    )  # fmt: skip

    def send(
        self, *, to: Mobile, text: str, template: str, language: str, params: Mapping[str, str], idempotency_key: str
    ) -> ProviderReceipt:
        """Hand one message over."""
        name = registered_name(template, language)
        if name not in settings.TENCENT_SMS_TEMPLATES:
            raise NotSent(reason="no template")
        asked = {
            "PhoneNumberSet": [_international(to)],
            "SmsSdkAppId": settings.TENCENT_SMS_APP_ID,
            "SignName": settings.TENCENT_SMS_SIGN_NAME,
            "TemplateId": str(settings.TENCENT_SMS_TEMPLATES[name]),
            "TemplateParamSet": in_order(template, language, params),
            "SessionContext": idempotency_key,
        }
        try:
            found = _call("SendSms", asked, repeatable=False)
        except Unanswered as error:
            raise OutcomeUnknown(reason=error.reason) from None
        except Refused as error:
            raise _refusal(error.reason)(reason=error.reason) from None
        except VendorError as error:
            raise NotSent(reason=error.reason) from None
        return _receipt(found)

    def fate(self, *, to: Mobile, idempotency_key: str, reference: str, handed_at: datetime) -> Told:
        """Look for the carrier's report among those of this number."""
        asked = {
            "PhoneNumber": _international(to),
            "SmsSdkAppId": settings.TENCENT_SMS_APP_ID,
            "BeginTime": int((handed_at - _CLOCKS_DIFFER).timestamp()),
            "EndTime": int((clock.now() + _CLOCKS_DIFFER).timestamp()),
            "Offset": 0,
            "Limit": _MOST_LISTED,
        }
        try:
            listed = _call("PullSmsSendStatusByPhoneNumber", asked, repeatable=True)["PullSmsSendStatusSet"]
            found = [one for one in listed if _is_it(one, idempotency_key, reference)]
        except (VendorError, KeyError, TypeError, AttributeError):
            raise NotTold from None
        return _told(found[0]) if found else Told(Fate.NOT_LISTED)

    def probe(self, *, within: float) -> None:
        """Ask for the reports of nobody."""
        action = "PullSmsSendStatusByPhoneNumber"
        ask_nothing(partial(_account().call, action, _VERSION, {}, within=within, repeatable=True, quiet=True))


def _international(to: Mobile) -> str:
    return f"+86{to.value}"


def _receipt(found: Mapping[str, Any]) -> ProviderReceipt:
    """Return the receipt of the one number; what is said of it counts, not that something was said."""
    try:
        (status,) = found["SendStatusSet"]
        code, reference = status["Code"], status["SerialNo"]
    except (KeyError, TypeError, ValueError):
        raise OutcomeUnknown(reason="no SendStatus") from None
    if code != "Ok":
        reason = safe_code(code)
        raise _refusal(reason)(reason=reason)
    if not reference:
        raise OutcomeUnknown(reason="no SerialNo")
    return ProviderReceipt(reference=str(reference))


def _refusal(code: str) -> type[NotSent | Undeliverable | OutcomeUnknown]:
    if code in NUMBER_REFUSED:
        return Undeliverable
    # Trouble inside the vendor comes as InternalError.…, after which nobody knows what was done.
    return OutcomeUnknown if code.startswith("InternalError") or code == "unreadable" else NotSent


def _is_it(report: Mapping[str, Any], idempotency_key: str, reference: str) -> bool:
    return report.get("SerialNo") == reference if reference else report.get("SessionContext") == idempotency_key


def _told(report: Mapping[str, Any]) -> Told:
    fate = FATES.get(str(report.get("ReportStatus")))
    if fate is None:
        raise NotTold
    reason = safe_code(report.get("Description")) if fate is Fate.UNDELIVERED else ""
    return Told(fate, reason=reason, reference=str(report.get("SerialNo") or ""))


def _call(action: str, params: Mapping[str, Any], *, repeatable: bool) -> Mapping[str, Any]:
    return _account().call(action, _VERSION, params, within=settings.SMS_TIMEOUT, repeatable=repeatable)


def _account() -> Tencent:
    return Tencent(
        settings.TENCENT_KEY_ID,
        settings.TENCENT_KEY_SECRET,
        "sms",
        settings.TENCENT_SMS_ADDRESS,
        region=settings.TENCENT_SMS_REGION,
        proxy=settings.VENDOR_PROXY,
    )
