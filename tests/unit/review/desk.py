"""Cases, people and an evidence store for the tests."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from tests.unit.vault.pictures import png
from tongban.accounts.models import Account, StaffRole
from tongban.accounts.rules import Realm, Role
from tongban.audit.actors import Actor
from tongban.kernel import clock
from tongban.kernel.ids import new_id
from tongban.kernel.mobile import Mobile
from tongban.review.errors import ApplyRefused
from tongban.review.evidence import File
from tongban.review.flows.open_case import open_case
from tongban.review.kinds import Fact, Kind, Reason
from tongban.review.models import Case
from tongban.review.outcomes import DecisionView
from tongban.review.rules import Outcome

PHONE = "13912340000"
NUMBER = "110105194912310021"
_names = count()


class KindForTests:
    """A kind of case that remembers the decisions it was told to carry out, and can refuse."""

    def __init__(self, name: str, title: str, *, four_eyes: bool) -> None:
        self.kind = Kind(
            name=name,
            title=title,
            apply=self._apply,
            reasons=(
                Reason("all_good", Outcome.APPROVE, "材料齐全且一致", "审核通过。"),
                Reason("blurred", Outcome.RETURN, "照片不清晰", "照片不清晰，请重新上传。"),
                Reason("forged", Outcome.REJECT, "材料不真实", "材料无法证明您的身份。"),
            ),
            four_eyes=four_eyes,
            facts=lambda case: [Fact("登记库", "查无记录", "wait")],
            labels={"name": "姓名", "document_number": "证件号码"},
            slots={"front": "证件正面", "back": "证件反面"},
        )
        self.reset()

    def reset(self) -> None:
        self.applied: list[DecisionView] = []
        self.refuse = False

    def _apply(self, case: Case, decision: DecisionView, actor: Actor) -> None:
        if self.refuse and decision.outcome is Outcome.APPROVE:
            raise ApplyRefused(reason="taken", sentence="该证件已由另一个账号认证。")
        self.applied.append(decision)


SINGLE = KindForTests("person_check", "实名认证审核", four_eyes=False)
TWICE = KindForTests("appeal_check", "申诉审核", four_eyes=True)


@dataclass
class Picture:
    content: bytes = field(default_factory=png)
    media_type: str = "image/png"


@dataclass
class FakeStore:
    """An evidence store in memory."""

    frozen: dict[UUID, list[UUID]] = field(default_factory=dict)
    opened: list[UUID] = field(default_factory=list)
    ended: dict[UUID, datetime | None] = field(default_factory=dict)
    not_ready: set[UUID] = field(default_factory=set)

    def freeze(self, *, files: Sequence[UUID], case_id: UUID) -> None:
        kept = self.frozen.setdefault(case_id, [])
        kept.extend(file for file in files if file not in kept)

    def files(self, case_id: UUID) -> Sequence[File]:
        slots = ("front", "back")
        found = self.frozen.get(case_id, [])
        return [File(file, slots[place % 2], file not in self.not_ready) for place, file in enumerate(found)]

    def open(self, *, actor: Actor, file_id: UUID) -> Picture:
        self.opened.append(file_id)
        return Picture()

    def erase_after(self, case_id: UUID, when: datetime | None) -> None:
        self.ended[case_id] = when


def citizen(realm: Realm = Realm.NATURAL) -> Account:
    name = f"citizen{next(_names)}"
    return Account.objects.create(
        realm=realm,
        login_name=name,
        login_name_key=name,
        phone=PHONE,
        phone_index=f"index.{name}",
        phone_proved_at=clock.now(),
    )


def staff(*roles: Role, **fields: Any) -> Account:
    name = f"staff{next(_names)}"
    account = Account.objects.create(realm=Realm.STAFF, login_name=name, login_name_key=name, **fields)
    for role in roles:
        StaffRole.objects.create(account=account, role=role)
    return account


def reviewer() -> Account:
    return staff(Role.REVIEWER)


def senior() -> Account:
    return staff(Role.SENIOR_REVIEWER)


def a_case(kind: KindForTests = SINGLE, **other: Any) -> Case:
    """Open a case; `other` replaces what `open_case` is given."""
    given: dict[str, Any] = {
        "actor": Actor.anonymous(),
        "kind": kind.kind.name,
        "account_id": None,
        "subjects": {"document": f"resident_id:{NUMBER}"},
        "data": {"name": "张三", "document_number": NUMBER},
        "evidence": [],
        "contact_phone": Mobile.parse(PHONE),
        "key": f"test:{new_id()}",
    }
    return open_case(**{**given, **other})
