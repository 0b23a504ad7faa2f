"""Tokens for systems that act in their own name (RFC 6749 §4.4): who gets one, what it opens, when it ends."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import IntegrityError, transaction
from django.test import Client

from tests.unit.sso.house import OPERATOR, Rp, code_for, make_client, post_form
from tongban.audit.models import Event
from tongban.config.commands.client import command
from tongban.kernel import clock
from tongban.sso.errors import ClientRefused, ScopeNotAllowed
from tongban.sso.flows.issue_client_token import issue_client_token
from tongban.sso.flows.register_client import (
    Addresses,
    ClientData,
    Registered,
    change_addresses,
    close_client,
    register_client,
    replace_secret,
)
from tongban.sso.flows.sweep import sweep
from tongban.sso.models import ClientToken, RelyingParty, SigningKey
from tongban.sso.protocols.oidc import bearer
from tongban.sso.protocols.oidc.errors import InsufficientScope, InvalidToken
from tongban.sso.rules import ServiceScope, digest

pytestmark = pytest.mark.django_db
Wait = Callable[[float], None]
SEARCH = ServiceScope.ACCOUNT_SEARCH


def service(client_id: str = "torch", **changes: Any) -> Registered:
    """Register a client that signs nobody in."""
    data = {"name": "火炬中心", "recipient": "火炬中心", "purpose": "账号检索", "scopes": [SEARCH], **changes}
    addresses = data.pop("addresses", Addresses())
    return register_client(actor=OPERATOR, data=ClientData(client_id=client_id, addresses=addresses, **data))


def ask(client: Registered, **changes: str | None) -> Any:
    params: dict[str, str | None] = {
        "grant_type": "client_credentials",
        "client_id": client.client.client_id,
        "client_secret": client.secret or None,
        "scope": "account-search",
        **changes,
    }
    return post_form(Client(), "/oidc/token", {name: value for name, value in params.items() if value is not None})


def token_of(client: Registered) -> str:
    return str(ask(client).json()["access_token"])


def opens(token: str) -> str:
    return bearer.client_with(SEARCH, f"Bearer {token}")


def test_a_client_gets_a_token_in_its_own_name() -> None:
    client = service()
    answer = ask(client)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    document = answer.json()
    token = document.pop("access_token")
    assert document == {"token_type": "Bearer", "expires_in": 900, "scope": "account-search"}
    assert opens(token) == "torch"
    assert opens(token) == "torch", "it is not for one use"
    row = ClientToken.objects.get()
    assert row.digest == digest(token)
    assert token not in str(ClientToken.objects.values())
    assert token not in repr(issue_client_token(client=client.client))
    event = Event.objects.filter(name="sso:client_token:issued").earliest("at")
    assert (event.actor_kind, event.actor_id, event.facts) == ("client", "torch", {"scopes": "account-search"})
    assert not SigningKey.objects.exists(), "who signs nobody in needs no ID tokens"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["torch%00", "%00", "unknown"])
def test_a_name_nobody_has_is_no_client(name: str) -> None:
    credentials = base64.b64encode(f"{name}:x".encode()).decode()
    answer = post_form(
        Client(), "/oidc/token", {"grant_type": "client_credentials"}, authorization=f"Basic {credentials}"
    )
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_the_secret_may_come_by_basic_authentication() -> None:
    client = service()
    credentials = base64.b64encode(f"torch:{client.secret}".encode()).decode()
    answer = post_form(
        Client(), "/oidc/token", {"grant_type": "client_credentials"}, authorization=f"Basic {credentials}"
    )
    assert answer.json()["scope"] == "account-search", "without scope it is all that is registered (RFC 6749 §3.3)"


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": None}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"scope": "openid"}, 400, "invalid_scope"),
        ({"scope": "account-search openid"}, 400, "invalid_scope"),
        ({"scope": "account-search account-import"}, 400, "invalid_scope"),
        ({"scope": "ACCOUNT-SEARCH"}, 400, "invalid_scope"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, 400, "unsupported_grant_type"),
    ],
)
def test_nothing_is_issued_for_what_does_not_fit(changes: dict[str, str | None], status: int, error: str) -> None:
    answer = ask(service(), **changes)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert not ClientToken.objects.exists()


def test_a_refused_scope_is_written_down() -> None:
    ask(service(), scope="everything")
    assert Event.objects.filter(name="sso:client_token:refused", actor_id="torch").exists()


def test_a_system_that_only_signs_people_in_gets_none() -> None:
    client = make_client()
    for scope in (None, "openid", "account-search"):
        answer = ask(client, scope=scope)
        assert answer.json()["error"] == "unauthorized_client"


def test_a_public_client_gets_none() -> None:
    public = make_client("public", authentication="none")
    assert ask(public).json()["error"] == "unauthorized_client"
    with pytest.raises(ClientRefused, match="public"):
        service(authentication="none")
    with pytest.raises(IntegrityError), transaction.atomic():
        RelyingParty.objects.update(service_scopes="account-search")
    with pytest.raises(ScopeNotAllowed):
        issue_client_token(client=public.client)


def test_parameters_in_the_address_are_refused() -> None:
    client = service()
    address = f"/oidc/token?grant_type=client_credentials&client_secret={client.secret}"
    assert post_form(Client(), address, {"client_id": "torch"}).json()["error"] == "invalid_request"


def test_a_persons_token_opens_nothing_here_and_ours_nothing_of_a_persons(at_browser: Client) -> None:
    both = Rp(make_client("both", scopes=["openid", "profile", SEARCH]))
    persons = both.redeem(code_for(at_browser, both)).json()
    assert persons["scope"] == "openid profile"
    with pytest.raises(InvalidToken):
        opens(persons["access_token"])
    own = token_of(both.registered)
    assert opens(own) == "both"
    refused = both.userinfo(own)
    assert refused.status_code == 401
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]


def test_nobody_consents_to_a_service_scope(at_browser: Client) -> None:
    both = Rp(make_client("both", scopes=["openid", SEARCH]))
    code = code_for(at_browser, both, scope="openid account-search")
    assert both.redeem(code).json()["scope"] == "openid", (
        "an unknown scope of people is ignored (OpenID Connect §3.1.2.1)"
    )


def test_a_client_that_signs_nobody_in_starts_no_sign_on(at_browser: Client) -> None:
    rp = Rp(service())
    assert at_browser.get(rp.address()).status_code == 400


def test_a_token_ends_by_itself(wait: Wait) -> None:
    token = token_of(service())
    wait(899)
    assert opens(token) == "torch"
    wait(1)
    with pytest.raises(InvalidToken):
        opens(token)


def test_a_token_is_worth_nothing_after_its_client_was_closed() -> None:
    client, other = service(), service("other")
    token, others = token_of(client), token_of(other)
    close_client(actor=OPERATOR, client_id="torch", reason="ended")
    with pytest.raises(InvalidToken):
        opens(token)
    assert ask(client).json()["error"] == "invalid_client"
    assert ClientToken.objects.get(digest=digest(token)).revoked_reason == "client_closed"
    assert Event.objects.get(name="sso:access:ended").facts == {"reason": "client_closed", "tokens": 1}
    assert opens(others) == "other"


def test_a_token_that_slipped_through_a_closing_is_worth_nothing_either() -> None:
    client = service()
    close_client(actor=OPERATOR, client_id="torch", reason="ended")
    issued = issue_client_token(client=client.client)  # read just before it was closed
    with pytest.raises(InvalidToken):
        opens(issued.access_token)


def test_a_new_secret_ends_what_was_got_with_the_old() -> None:
    client = service()
    token = token_of(client)
    fresh = replace_secret(actor=OPERATOR, client_id="torch")
    with pytest.raises(InvalidToken):
        opens(token)
    assert ask(client).json()["error"] == "invalid_client"
    assert opens(token_of(fresh)) == "torch"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic dG9yY2g6eA==", "Bearer nonsense", "token"])
def test_other_headers_open_nothing(header: str) -> None:
    with pytest.raises(InvalidToken):
        bearer.client_with(SEARCH, header)


def test_a_token_opens_only_what_it_is_for() -> None:
    token = token_of(service())
    ClientToken.objects.update(scopes="something-else")
    with pytest.raises(InsufficientScope):
        opens(token)


def test_refusals_are_told_as_the_standard_wants() -> None:
    error = InvalidToken("no")
    assert bearer.challenge("x", error, authorization="") == 'Bearer realm="x"'
    told = bearer.challenge("x", error, authorization="Bearer y", scope="account-search")
    assert told == 'Bearer realm="x", error="invalid_token", error_description="no", scope="account-search"'


def test_old_tokens_are_swept(wait: Wait) -> None:
    token_of(service())
    assert sweep() == 0
    wait(901)
    assert sweep() == 1
    assert not ClientToken.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scopes": []}, "sso.client_scopes"),
        ({"scopes": [SEARCH, "profile"]}, "sso.client_scopes"),
        ({"scopes": [SEARCH, "account-import"]}, "sso.client_scopes"),
        ({"addresses": Addresses(redirect_uris=("https://a.example/cb",))}, "sso.client_addresses"),
        ({"addresses": Addresses(initiate_login_uri="https://a.example/in")}, "sso.client_addresses"),
        ({"scopes": [SEARCH, "openid"]}, "sso.client_incomplete"),
    ],
)
def test_registrations_that_make_no_sense_are_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientRefused) as refused:
        service(**changes)
    assert refused.value.code == code


def test_addresses_cannot_be_given_later_to_who_signs_nobody_in() -> None:
    service()
    with pytest.raises(ClientRefused, match="addresses"):
        change_addresses(
            actor=OPERATOR, client_id="torch", addresses=Addresses(redirect_uris=("https://a.example/cb",))
        )


def test_the_database_keeps_a_token_from_living_no_time_or_for_nothing() -> None:
    client, now = service().client, clock.now()
    for wrong in ({"expires_at": now - timedelta(seconds=1)}, {"scopes": ""}, {"revoked_at": now}):
        values: dict[str, Any] = {"digest": "0" * 64, "scopes": "account-search", "issued_at": now}
        values |= {"expires_at": now + timedelta(seconds=1), **wrong}
        with pytest.raises(IntegrityError), transaction.atomic():
            ClientToken.objects.create(client=client, **values)


def test_the_platform_says_what_it_can() -> None:
    document = Client().get("/.well-known/openid-configuration").json()
    assert document["grant_types_supported"] == ["authorization_code", "client_credentials"]
    assert "account-search" in document["scopes_supported"]


def test_operators_register_such_a_client_on_the_command_line() -> None:
    words = "create torch --name 火炬中心 --recipient 火炬中心 --purpose 账号检索 --scope account-search"
    made = CliRunner().invoke(command, words.split(), catch_exceptions=False)
    secret = json.loads(made.output)["client_secret"]
    assert opens(token_of(Registered(RelyingParty.objects.get(), secret))) == "torch"
    listed = CliRunner().invoke(command, ["list"]).output
    assert listed == "torch\t火炬中心\t account-search\n"
