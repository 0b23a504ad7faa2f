"""Fill an empty platform with made-up people, units, services, accounts and business systems.

Again changes nothing, and after an interruption goes on.
"""

import csv
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.db import transaction

from tongban.accounts.flows.grant_role import grant_role
from tongban.accounts.models import Account, Totp
from tongban.accounts.queries import account_named
from tongban.accounts.rules import Realm, Role
from tongban.audit.actors import Actor
from tongban.catalogue.file_format import parse_catalogue
from tongban.catalogue.flows.load_catalogue import load_catalogue
from tongban.catalogue.rules import Audience
from tongban.demo import rules, torch
from tongban.demo.accounts import ACCOUNTS, DemoAccount
from tongban.demo.flows.bring_over import bring_over
from tongban.demo.flows.open_demo_account import Holder, open_demo_account
from tongban.kernel import clock
from tongban.kernel.names import PersonName
from tongban.mandates import queries as mandates
from tongban.mandates.flows.accept import accept
from tongban.mandates.flows.offer import offer
from tongban.proofing.flows.import_register import import_register
from tongban.proofing.register_file import open_register
from tongban.site.flows.load_notices import load_notices
from tongban.site.rules import parse_notices
from tongban.sso.errors import ClientUnknown
from tongban.sso.flows.register_client import (
    Addresses,
    ClientData,
    change_addresses,
    change_translations,
    register_client,
    replace_secret,
)
from tongban.sso.rules import Scope, ServiceScope

DATA = Path(__file__).parent.parent / "data"
SEED = Actor.operator("demo")
# Client id → its name and who receives the data, in Chinese and in English.
_SYSTEMS: Mapping[str, tuple[str, str, str, str]] = {
    "hnte": (
        "高企认定",
        "高新技术企业认定管理工作网",
        "High-tech enterprise accreditation",
        "High-tech enterprise accreditation administration network",
    ),
    "tsme": (
        "科小企评价",
        "科技型中小企业服务网",
        "Technology SME assessment",
        "Technology SME service network",
    ),
    "tsme-talent": (
        "科技人才信息登记",
        "科技人才信息登记系统",
        "Science and technology talent register",
        "Science and technology talent registration system",
    ),
}
_UNIT, _AGENT = rules.units()[0].uscc, "demo-agent"


def seed(*, hnte: str, tsme: str, folder: Path) -> None:
    """Set up everything; `hnte` and `tsme` are the business systems' addresses, `folder` takes their secrets."""
    load_catalogue(actor=SEED, entries=parse_catalogue(_data("catalogue.json")))
    load_notices(actor=SEED, entries=parse_notices(_data("notices.json")))
    _fill_register()
    for account in ACCOUNTS:
        _open(account)
    _give_mandate()
    bring_over(actor=SEED)
    _register_clients(hnte, tsme, folder)


def _data(name: str) -> object:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def _fill_register() -> None:
    people = [
        {"name": p.name, "document_kind": p.document, "document_number": p.number, "answer": p.answer}
        for p in (*rules.people(), *torch.people())
    ]
    units = [
        {
            "unit_name": unit.name,
            "uscc": unit.uscc,
            "unit_type": unit.unit_type,
            "representative_name": unit.legal_representative.name,
            "representative_document_kind": unit.legal_representative.document,
            "representative_document_number": unit.legal_representative.number,
            "answer": unit.answer,
        }
        for unit in (*rules.units(), *torch.units())
    ]
    for rows in (people, units):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "register.csv"
            with file.open("w", encoding="utf-8", newline="") as sheet:
                writer = csv.DictWriter(sheet, fieldnames=list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
            import_register(actor=SEED, file=open_register(file), dry_run=False, progress=lambda rows: None)


def _open(demo: DemoAccount) -> None:
    """Open one of the accounts that are printed."""
    known: Mapping[Realm, Sequence[Holder]] = {Realm.NATURAL: rules.people(), Realm.LEGAL: rules.units()}
    holders = known.get(demo.realm)
    account = open_demo_account(
        realm=demo.realm,
        login_name=demo.login_name,
        password=demo.password,
        phone=demo.phone,
        holder=holders[demo.holder] if holders else None,
        verified=demo.verified,
    )
    if demo.realm is Realm.STAFF and not account.totps.exists():
        _appoint(account, demo)


def _appoint(account: Account, demo: DemoAccount) -> None:
    """Give a member of staff the role, and the authenticator app whose secret is printed."""
    with transaction.atomic():
        grant_role(actor=SEED, account=account, role=Role(demo.role))
        Totp.objects.create(account=account, secret=demo.totp_secret, confirmed_at=clock.now())


def _give_mandate() -> None:
    """Let the verified unit's agent act for it in everything that is for units, for a year."""
    unit, agent = (account_named(realm, name) for realm, name in ((Realm.LEGAL, _UNIT), (Realm.NATURAL, _AGENT)))
    if unit is None or agent is None:
        return
    if first := unit.mandates_given.order_by("opened_at").first():
        if first.holder is None and first.ended_at is None:  # interrupted between the two acts
            accept(actor=agent, bundle=first.bundle)
        return
    name = PersonName.parse(rules.people()[2].name)
    slugs = list(mandates.services().values_list("slug", flat=True))
    accept(actor=agent, bundle=offer(actor=unit, name=name, contact=_AGENT, services=slugs, days=365))


def _register_clients(hnte: str, tsme: str, folder: Path) -> None:
    """Register the business systems and write their secrets where their processes read them."""
    talent = _client("tsme-talent", tsme + "/talent", Audience.NATURAL)
    search = ClientData(
        client_id="torch",
        name="火炬中心业务办理平台",
        recipient="科技部火炬中心",
        purpose="检索转移的账号",
        translations={
            "en": {
                "name": "Torch Centre service platform",
                "recipient": "Torch Centre",
                "purpose": "Search for transferred accounts",
            }
        },
        addresses=Addresses(),
        scopes=(ServiceScope.ACCOUNT_SEARCH,),
    )
    clients = {
        "torch": {"torch": search},
        "hnte": {"hnte": _client("hnte", hnte, Audience.LEGAL)},
        "tsme": {"tsme": _client("tsme", tsme, Audience.LEGAL), "talent": talent},
    }
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for process, desks in clients.items():
        file = folder / f"{process}.json"
        file.touch(mode=0o600)
        secrets = {desk: {"client_id": one.client_id, "client_secret": _secret(one)} for desk, one in desks.items()}
        file.write_text(json.dumps(secrets), encoding="utf-8")


def _client(client_id: str, address: str, audience: Audience) -> ClientData:
    name, recipient, name_en, recipient_en = _SYSTEMS[client_id]
    scopes = (Scope.OPENID, Scope.PROFILE) + ((Scope.UNIT,) if audience is Audience.LEGAL else ())
    return ClientData(
        client_id=client_id,
        name=name,
        recipient=recipient,
        purpose=f"办理{name}",
        translations={"en": {"name": name_en, "recipient": recipient_en, "purpose": f"To handle: {name_en}"}},
        addresses=Addresses(
            redirect_uris=(f"{address}/callback/",),
            post_logout_redirect_uris=(f"{address}/logged-out/",),
            initiate_login_uri=f"{address}/initiate-login/",
            target_link_uri=f"{address}/",
        ),
        audience=audience,
        scopes=scopes,
    )


def _secret(data: ClientData) -> str:
    """Return a fresh secret of the client, registering it on the first run."""
    try:
        change_addresses(actor=SEED, client_id=data.client_id, addresses=data.addresses)
        change_translations(actor=SEED, client_id=data.client_id, texts=data.translations)
        return replace_secret(actor=SEED, client_id=data.client_id).secret
    except ClientUnknown:
        return register_client(actor=SEED, data=data).secret
