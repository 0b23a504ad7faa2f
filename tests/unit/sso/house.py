"""People, units, relying parties and services for the tests of this room, and a relying party that behaves (or not)."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.test import Client
from joserfc import jwt
from joserfc.jwk import KeySet

from tongban.accounts.flows.bind import bind_document, bind_unit
from tongban.accounts.models import Account
from tongban.accounts.rules import Realm
from tongban.audit.actors import Actor
from tongban.catalogue.models import Service
from tongban.kernel import clock
from tongban.kernel.assurance import AssuranceLevel
from tongban.kernel.documents import DocumentKind, parse_document
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import UnitType, Uscc
from tongban.sso.flows.register_client import Addresses, ClientData, Registered, register_client
from tongban.sso.models import AccessToken, AuthorizationCode
from tongban.sso.rules import digest
from tongban.vault import blind_index

CALLBACK = "http://127.0.0.1:9002/callback/"
ISSUER = "http://127.0.0.1:8000"
OPERATOR = Actor.operator("tests")
ID_NUMBER = "11010519491231002X"
USCC = "91110108MA01ET88XL"
UNIT_NAME = "北京示例科技有限公司"


def make_account(realm: Realm, login_name: str) -> Account:
    return Account.objects.create(
        realm=realm,
        login_name=login_name,
        login_name_key=login_name,
        phone="13800000001",
        phone_index=blind_index.of("accounts.account.phone", "13800000001"),
        phone_proved_at=clock.now(),
    )


def verify(account: Account, *, assurance: AssuranceLevel = AssuranceLevel.CROSS_CHECKED) -> Account:
    """Bind the account to the example document or unit."""
    if account.realm == Realm.LEGAL:
        bind_unit(
            actor=Actor.system(),
            account=account,
            uscc=Uscc.parse(USCC),
            unit_name=UnitName.parse(UNIT_NAME),
            unit_type=UnitType.ENTERPRISE,
            assurance=assurance,
        )
    else:
        bind_document(
            actor=Actor.system(),
            account=account,
            document=parse_document(DocumentKind.RESIDENT_ID, ID_NUMBER),
            name=PersonName.parse("张三"),
            assurance=assurance,
        )
    return account


def make_client(client_id: str = "hnte", **changes: Any) -> Registered:
    addresses: dict[str, Any] = {
        "redirect_uris": [CALLBACK],
        "post_logout_redirect_uris": ["http://127.0.0.1:9002/logged-out/"],
        "initiate_login_uri": "http://127.0.0.1:9002/initiate-login/",
        "target_link_uri": "http://127.0.0.1:9002/",
    }
    addresses = {name: changes.pop(name, value) for name, value in addresses.items()}
    data: dict[str, Any] = {
        "client_id": client_id,
        "name": "高企认定",
        "recipient": "火炬中心",
        "purpose": "核对申请单位",
        "scopes": ["openid", "profile", "unit"],
        **changes,
    }
    return register_client(actor=OPERATOR, data=ClientData(addresses=Addresses(**addresses), **data))


def make_service(slug: str = "high-tech-enterprise", **changes: Any) -> Service:
    values: dict[str, Any] = {
        "slug": slug,
        "name": "高企认定",
        "summary": "…",
        "audience": "legal",
        "category": "行政确认",
        "required_assurance": AssuranceLevel.CROSS_CHECKED,
        "client_id": "hnte",
        "position": 0,
        "how_to_get_right": "请联系本单位的账号管理人。",
        "search_text": "",
        "loaded_at": clock.now(),
        **changes,
    }
    return Service.objects.create(**values)


def challenge_of(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Rp:
    """A relying party. `request` are the parameters it sends; tests change them to misbehave."""

    registered: Registered
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    http: Client = field(default_factory=Client)

    @property
    def client_id(self) -> str:
        return self.registered.client.client_id

    def request(self, **changes: str | None) -> dict[str, str]:
        params: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "scope": "openid profile",
            "state": "st-ate",
            "nonce": "n-once",
            "code_challenge": challenge_of(self.verifier),
            "code_challenge_method": "S256",
            **changes,
        }
        return {name: value for name, value in params.items() if value is not None}

    def address(self, **changes: str | None) -> str:
        return f"/oidc/authorize?{urlencode(self.request(**changes))}"

    def token_request(self, code: str, /, **changes: str | None) -> dict[str, str]:
        params: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": self.verifier,
            "client_id": self.client_id,
            "client_secret": self.registered.secret or None,
            **changes,
        }
        return {name: value for name, value in params.items() if value is not None}

    def redeem(self, code: str, /, **changes: str | None) -> Any:
        return post_form(self.http, "/oidc/token", self.token_request(code, **changes))

    def userinfo(self, token: str) -> Any:
        return self.http.get("/oidc/userinfo", headers={"authorization": f"Bearer {token}"})

    def read(self, id_token: str) -> jwt.Token:
        keys = KeySet.import_key_set(self.http.get("/oidc/jwks").json())
        return jwt.decode(id_token, keys, algorithms=["ES256", "RS256"])


def post_form(http: Client, path: str, data: dict[str, str], **headers: str) -> Any:
    return http.post(path, urlencode(data), content_type="application/x-www-form-urlencoded", headers=headers)


def answer_of(response: Any) -> dict[str, str]:
    """Return the parameters of a redirect to the callback; anything else is a mistake."""
    location = response.headers.get("Location", "")
    assert location.startswith(f"{CALLBACK}?"), (response.status_code, location, response.content[:2000].decode())
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def is_page(response: Any, status: int, *texts: str) -> None:
    """Check that the answer is a page (no redirect anywhere) that says `texts`."""
    page = response.content.decode()
    assert response.status_code == status, (response.status_code, response.headers.get("Location"), page[:500])
    assert "Location" not in response.headers
    for text in texts:
        assert text in page


def signed_in(account: Account) -> Client:
    http = Client()
    http.force_login(account)
    return http


def agree(http: Client, address: str, *, act: str = "allow", separate: list[str] | None = None) -> Any:
    """Press a button of the consent page that stood at `address`."""
    return http.post(address.replace("/authorize?", "/consent?"), {"act": act, "separate": separate or []})


def code_for(http: Client, rp: Rp, **changes: str | None) -> str:
    """Return a code, agreeing where agreement is asked for."""
    address = rp.address(**changes)
    response: Any = http.get(address)
    if response.status_code == 200:
        response = agree(http, address)
    return answer_of(response)["code"]


def stored_code(code: str) -> AuthorizationCode:
    return AuthorizationCode.objects.get(digest=digest(code))


def token_of_code(code: str) -> AccessToken:
    return AccessToken.objects.get(code=stored_code(code))


def unsigned(claims: dict[str, Any]) -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."
