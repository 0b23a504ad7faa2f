"""A system that searches, the people it searches for, and the legacy accounts they find."""

from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from tests.journeys.people import some_unit
from tongban.accounts.models import PHONE_DOMAIN
from tongban.audit.actors import Actor
from tongban.kernel.ids import new_id
from tongban.notify.flows.deliver import deliver_due
from tongban.notify.queries import demo_outbox
from tongban.sso.flows.issue_client_token import issue_client_token
from tongban.sso.flows.register_client import Addresses, ClientData, register_client
from tongban.sso.models import RelyingParty
from tongban.sso.rules import ServiceScope
from tongban.transfer.models import Batch, LegacyAccount
from tongban.transfer.rules import CREATED, Kind, Outcome
from tongban.vault import blind_index

USCC = "91110108MA00000070"
PHONE = "13812345678"
NETWORK = "203.0.113.7"
BROWSER = "browser-of-somebody"


def make_client(client_id: str = "torch") -> RelyingParty:
    data = ClientData(
        client_id=client_id, name="火炬中心", recipient="火炬中心", purpose="账号检索", addresses=Addresses(),
        scopes=[ServiceScope.ACCOUNT_SEARCH],
    )  # fmt: skip
    return register_client(actor=Actor.operator("tests"), data=data).client


def legacy(outcome: Outcome, *, login_name: str | None = None, key: str | None = None) -> LegacyAccount:
    """Write down a legacy account with this outcome, as an import would."""
    kind = Kind.UNIT if outcome.value.startswith("E") else Kind.PERSON
    key = key or (USCC if kind is Kind.UNIT else PHONE)
    phone = PHONE if kind is Kind.UNIT else key
    named = {Outcome.E3: f"HJ_{key}", Outcome.P3: f"HJ_{key}", Outcome.P4: ""}.get(outcome, key)
    batch = Batch.objects.create(kind=kind, file_name="file.csv", file_digest=str(new_id()))
    account_id = new_id()
    made = {"id": account_id, "account_id": account_id} if outcome in CREATED else {"met_account_id": account_id}
    return LegacyAccount.objects.create(
        batch=batch, row=1, kind=kind, uscc=key if kind is Kind.UNIT else "", phone=phone,
        phone_index=blind_index.of(PHONE_DOMAIN, phone), outcome=outcome, reason="name_free",
        login_name=named if login_name is None else login_name, **made,
    )  # fmt: skip


def stands_before(outcome: str) -> None:
    """Let the platform know what this outcome needs: a legacy account, or a unit's account of the platform."""
    if outcome in {known.value for known in Outcome}:
        legacy(Outcome(outcome))
    elif outcome == "E0b":
        some_unit(uscc=USCC)


@dataclass
class Searcher:
    """The client of the API. `asks` posts a question, fields changed, under a path."""

    client: RelyingParty = field(default_factory=make_client)
    http: Client = field(default_factory=Client)
    token: str = ""

    def __post_init__(self) -> None:
        if not self.token:
            self.renew()

    def renew(self) -> None:
        """Get a fresh token."""
        self.token = issue_client_token(client=self.client).access_token

    def posts(self, path: str, question: object, **options: Any) -> Any:
        headers = {"authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        options = {"content_type": "application/json", **options}
        return self.http.post(f"/api/transfer/{path}", question, headers=headers, **options)

    def unit(self, uscc: str = USCC, network: str = NETWORK) -> Any:
        return self.posts("unit-searches", {"uscc": uscc, "searcher": {"network": network}})

    def asks_code(self, phone: str = PHONE, *, browser: str = BROWSER, network: str = NETWORK) -> Any:
        return self.posts("person-codes", {"phone": phone, "searcher": {"id": browser, "network": network}})

    def person(self, code: str, phone: str = PHONE, *, browser: str = BROWSER, network: str = NETWORK) -> Any:
        question = {"phone": phone, "code": code, "searcher": {"id": browser, "network": network}}
        return self.posts("person-searches", question)

    def finds(self, phone: str = PHONE, **who: str) -> Any:
        """Ask for a code, read it, search."""
        self.asks_code(phone, **who)
        return self.person(code_sent_to(phone), phone, **who)


def code_sent_to(phone: str) -> str:
    deliver_due()
    return next(message.code for message in demo_outbox() if message.to == phone)
