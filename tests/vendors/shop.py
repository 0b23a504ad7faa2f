"""What the vendors' SMS services did in these tests: every message a phone got, answered as documented."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.utils.timezone import localtime

from tongban.kernel import clock


@dataclass
class Message:
    """One SMS: `own_id` is what the platform calls it, `reference` what the vendor does."""

    vendor: str
    to: str
    template: str
    values: Any
    own_id: str
    reference: str
    sent_at: datetime
    report: str = ""
    """"", DELIVERED or the carrier's code for why not."""


@dataclass
class Shop:
    """`sent` is what the phones got. `refusing`: code that every SendSms is answered with, by vendor."""

    sent: list[Message] = field(default_factory=list)
    refusing: dict[str, str] = field(default_factory=dict)
    repeats: bool = False
    """Whether look-ups list every message twice."""

    def answers(self) -> dict[str, Any]:
        """Return what each operation answers. Both vendors call theirs SendSms; they are told apart by their fields."""
        return {
            "SendSms": lambda params: self._tencent(params) if "PhoneNumberSet" in params else self._alibaba(params),
            "QuerySendDetails": self._details,
            "PullSmsSendStatusByPhoneNumber": self._reports,
        }

    def to(self, phone: str) -> list[Message]:
        """Return what `phone` got, oldest first."""
        return [message for message in self.sent if message.to == phone]

    def report(self, report: str, *, vendor: str = "") -> None:
        """Let the carriers report on everything that was sent (by `vendor`)."""
        for message in self.sent:
            if vendor in {"", message.vendor}:
                message.report = report

    def _keep(self, vendor: str, to: str, template: str, values: Any, own_id: str) -> str:
        reference = f"{vendor}^{len(self.sent) + 1}"
        self.sent.append(Message(vendor, to, template, values, own_id, reference, clock.now()))
        return reference

    def _alibaba(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        if code := self.refusing.get("alibaba"):
            return {"Code": code, "Message": f"{params['PhoneNumbers']}…"}
        own = (params["PhoneNumbers"], params["TemplateCode"], params["TemplateParam"], params["OutId"])
        return {"Code": "OK", "Message": "OK", "BizId": self._keep("alibaba", *own)}

    def _details(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        status = {"": 1, "DELIVERED": 3}
        found = [
            {
                "PhoneNum": message.to,
                "SendStatus": status.get(message.report, 2),
                "ErrCode": message.report,
                "OutId": message.own_id,
                "TemplateCode": message.template,
            }
            for message in self.to(params["PhoneNumber"])
            if message.vendor == "alibaba"
            and localtime(message.sent_at).strftime("%Y%m%d") == params["SendDate"]
            and params.get("BizId") in {None, message.reference}
        ]
        found *= 2 if self.repeats else 1
        size = int(params["PageSize"])
        first = (int(params["CurrentPage"]) - 1) * size
        page = {"SmsSendDetailDTO": found[first : first + size]}
        return {"Code": "OK", "Message": "OK", "TotalCount": str(len(found)), "SmsSendDetailDTOs": page}

    def _tencent(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        (phone,) = params["PhoneNumberSet"]
        code, reference = self.refusing.get("tencent", "Ok"), ""
        if code == "Ok":
            own = (
                phone.removeprefix("+86"),
                params["TemplateId"],
                params["TemplateParamSet"],
                params["SessionContext"],
            )
            reference = self._keep("tencent", *own)
        return {"SendStatusSet": [{"Code": code, "Message": phone, "SerialNo": reference, "PhoneNumber": phone}]}

    def _reports(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        begin, end = (datetime.fromtimestamp(params[name], UTC) for name in ("BeginTime", "EndTime"))
        found = [
            {
                "PhoneNumber": params["PhoneNumber"],
                "SerialNo": message.reference,
                "SessionContext": message.own_id,
                "ReportStatus": "SUCCESS" if message.report == "DELIVERED" else "FAIL",
                "Description": message.report,
            }
            for message in self.to(params["PhoneNumber"].removeprefix("+86"))
            if message.vendor == "tencent" and message.report and begin <= message.sent_at <= end
        ]
        return {"PullSmsSendStatusSet": found * (2 if self.repeats else 1)}
