"""What the vendors' look-ups know in these tests, answered as documented."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Office:
    """`people`: number to name. `units`: code to name, representative and their number. `status`: of every unit."""

    people: dict[str, str] = field(default_factory=dict)
    units: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    status: str = "1"

    def answers(self) -> dict[str, Any]:
        """Return what each operation answers."""
        return {
            "Id2MetaVerify": self._alibaba_person,
            "EntElementVerifyV2": self._alibaba_unit,
            "IdCardVerification": self._tencent_person,
            "VerifyBizLicenseEnterprise4": self._tencent_unit,
        }

    def _alibaba_person(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        known = self.people.get(params["IdentifyNum"])
        code = "3" if known is None else "1" if known == params["UserName"] else "2"
        return {"Code": "200", "Message": "success", "ResultObject": {"BizCode": code}}

    def _alibaba_unit(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        known = self.units.get(params["LicenseNo"])
        given = (params["EntName"], params["LegalPersonName"], params["LegalPersonCertNo"])
        result = {"BizCode": "3"}
        if known is not None:
            flags = ("EntNameFlag", "LegalPersonNameFlag", "LegalPersonCertNoFlag")
            wrong = [flag for flag, one, other in zip(flags, known, given, strict=True) if one != other]
            result = {"BizCode": "2" if wrong else "1", "ReasonDetail": ",".join(wrong), "Status": self.status}
        return {"Code": "Success", "Message": "success", "Result": result}

    def _tencent_person(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        known = self.people.get(params["IdCard"])
        result = "-5" if known is None else "0" if known == params["Name"] else "-1"
        return {"Result": result, "Description": "…"}

    def _tencent_unit(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        known = self.units.get(params["CreditCode"])
        same = [False] * 4
        if known is not None:
            given = (params["EntName"], params["LrName"], params["IdNum"])
            same = [True, *(one == other for one, other in zip(known, given, strict=True))]
        flags = ("IsCreditCodeConsistent", "IsEntNameConsistent", "IsLrNameConsistent", "IsIdNumConsistent")
        return {
            "StatusCode": 0,
            "VerifyResult": int(all(same)),
            **dict(zip(flags, same, strict=True)),
            "OperatingStatus": self.status if known else "-10002",
        }
