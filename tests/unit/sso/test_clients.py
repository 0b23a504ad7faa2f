"""Registering relying parties, their secrets, their end; and the command line for it."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client, override_settings
from joserfc.jwk import ECKey, KeySet, OctKey

from tests.unit.sso.house import CALLBACK, OPERATOR, Rp, code_for, make_client
from tongban.audit.models import Event
from tongban.config.commands.client import command
from tongban.kernel.assurance import AssuranceLevel
from tongban.sso import queries
from tongban.sso.errors import ClientRefused, ClientUnknown
from tongban.sso.flows.keep_signing_keys import keep_signing_keys, rotate_signing_key
from tongban.sso.flows.register_client import Addresses, change_addresses, close_client, replace_secret
from tongban.sso.models import RedirectUri, RelyingParty, SigningKey
from tongban.sso.rules import digest

pytestmark = pytest.mark.django_db


def test_the_secret_is_told_once_and_never_stored() -> None:
    made = make_client()
    row = RelyingParty.objects.get()
    assert row.secret_digest == digest(made.secret)
    assert len(made.secret) >= 43
    assert made.secret not in str(RelyingParty.objects.values())
    assert made.secret not in repr(made)
    event = Event.objects.get(name="sso:client:registered")
    assert event.facts["client_id"] == "hnte"
    assert made.secret not in json.dumps(event.facts)


def test_a_client_id_is_given_once() -> None:
    make_client()
    with pytest.raises(ClientRefused, match="taken"):
        make_client()


KEYS = KeySet([ECKey.generate_key("P-256")])
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "id": ({"client_id": "A b"}, "sso.client_id"),
    "no name": ({"name": " "}, "sso.client_incomplete"),
    "no recipient": ({"recipient": ""}, "sso.client_incomplete"),
    "no purpose": ({"purpose": ""}, "sso.client_incomplete"),
    "no address": ({"redirect_uris": []}, "sso.client_incomplete"),
    "no openid": ({"scopes": ["profile"]}, "sso.client_scopes"),
    "unknown scope": ({"scopes": ["openid", "email"]}, "sso.client_scopes"),
    "wildcard": ({"redirect_uris": ["https://*.example/cb"]}, "sso.client_address_character"),
    "fragment": ({"redirect_uris": ["https://a.example/cb#x"]}, "sso.client_address_fragment"),
    "empty fragment": ({"redirect_uris": ["https://a.example/cb#"]}, "sso.client_address_fragment"),
    "user": ({"redirect_uris": ["https://u:p@a.example/cb"]}, "sso.client_address_user"),
    "plain http": ({"redirect_uris": ["http://a.example/cb"]}, "sso.client_address_scheme"),
    "script": ({"redirect_uris": ["javascript://a.example/%0aalert(1)"]}, "sso.client_address_scheme"),
    "own scheme": ({"redirect_uris": ["app://cb"]}, "sso.client_address_scheme"),
    "no host": ({"redirect_uris": ["https:///cb"]}, "sso.client_address_form"),
    "relative": ({"redirect_uris": ["/cb"]}, "sso.client_address_form"),
    "bad port": ({"redirect_uris": ["https://a.example:99999/cb"]}, "sso.client_address_form"),
    "no port": ({"redirect_uris": ["https://a.example:0/cb"]}, "sso.client_address_form"),
    "bad host": ({"redirect_uris": ["https://[/cb"]}, "sso.client_address_form"),
    "blank": ({"redirect_uris": ["https://a.example/c b"]}, "sso.client_address_character"),
    "newline": ({"redirect_uris": ["https://a.example/cb\n"]}, "sso.client_address_character"),
    "backslash": ({"redirect_uris": ["https://a.example\\@b.example/"]}, "sso.client_address_character"),
    "another script": ({"redirect_uris": ["https://例子.example/cb"]}, "sso.client_address_character"),
    "long": ({"redirect_uris": ["https://a.example/" + "x" * 500]}, "sso.client_address_length"),
    "return address": ({"post_logout_redirect_uris": ["http://a.example/"]}, "sso.client_address_scheme"),
    "beginning": ({"initiate_login_uri": "http://a.example/"}, "sso.client_address_scheme"),
    "target": ({"target_link_uri": "javascript:alert(1)"}, "sso.client_address_form"),
    "keys without use": ({"public_keys": KEYS.as_dict(private=False)}, "sso.client_keys"),
    "no keys": ({"authentication": "private_key_jwt"}, "sso.client_keys"),
    "no key set": ({"authentication": "private_key_jwt", "public_keys": {"keys": [1]}}, "sso.client_keys"),
    "empty key set": ({"authentication": "private_key_jwt", "public_keys": {"keys": []}}, "sso.client_keys"),
    "private keys": (
        {"authentication": "private_key_jwt", "public_keys": KEYS.as_dict(private=True)}, "sso.client_keys",
    ),
    "shared keys": (
        {"authentication": "private_key_jwt", "public_keys": {"keys": [OctKey.generate_key(256).as_dict()]}},
        "sso.client_keys",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "code"), WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_registered(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientRefused) as caught:
        make_client(**{"client_id": "hnte", **changes})
    assert caught.value.code == code
    assert not RelyingParty.objects.exists()


@pytest.mark.parametrize("address", [CALLBACK, "http://localhost:1/cb", "http://[::1]:9002/cb"])
def test_the_own_machine_is_for_demonstrations(address: str) -> None:
    with override_settings(SSO_LOOPBACK_REDIRECTS=False), pytest.raises(ClientRefused, match="scheme"):
        make_client(redirect_uris=[address])
    make_client(redirect_uris=[address])


def test_an_address_said_twice_is_registered_once() -> None:
    make_client(redirect_uris=[CALLBACK, CALLBACK], post_logout_redirect_uris=[CALLBACK])
    assert sorted(RedirectUri.objects.values_list("use", flat=True)) == ["sign_in", "sign_out"]


def test_a_new_secret_ends_the_old_one(at_browser: Client, rp: Rp) -> None:
    new = replace_secret(actor=OPERATOR, client_id="hnte").secret
    code = code_for(at_browser, rp)
    assert rp.redeem(code).status_code == 401
    assert rp.redeem(code, client_secret=new).status_code == 200
    assert Event.objects.filter(name="sso:client:secret_replaced").exists()
    make_client("public", authentication="none")
    with pytest.raises(ClientRefused, match="has_no_secret"):
        replace_secret(actor=OPERATOR, client_id="public")


def test_addresses_are_replaced_all_at_once(at_browser: Client, rp: Rp) -> None:
    moved = "https://new.example/cb"
    change_addresses(actor=OPERATOR, client_id="hnte", addresses=Addresses(redirect_uris=[moved]))
    assert at_browser.get(rp.address()).status_code == 400
    assert at_browser.get(rp.address(redirect_uri=moved)).status_code == 200
    assert queries.form_targets() == {"https://new.example"}
    assert Event.objects.filter(name="sso:client:addresses_changed").exists()
    with pytest.raises(ClientRefused, match="scheme"):
        change_addresses(actor=OPERATOR, client_id="hnte", addresses=Addresses(redirect_uris=["http://a.example/"]))
    with pytest.raises(ClientUnknown):
        change_addresses(actor=OPERATOR, client_id="x", addresses=Addresses(redirect_uris=[moved]))


def test_closing_a_client_ends_what_it_holds(at_browser: Client, rp: Rp) -> None:
    token = rp.redeem(code_for(at_browser, rp)).json()["access_token"]
    code = code_for(at_browser, rp)
    close_client(actor=OPERATOR, client_id="hnte", reason="合同到期")
    assert rp.userinfo(token).status_code == 401
    assert rp.redeem(code).status_code == 401
    assert Event.objects.filter(name="sso:access:ended").count() == 1
    with pytest.raises(ClientUnknown):
        close_client(actor=OPERATOR, client_id="hnte", reason="again")


def test_the_database_keeps_secrets_where_they_belong() -> None:
    client = make_client().client
    with pytest.raises(IntegrityError), transaction.atomic():
        RelyingParty.objects.filter(id=client.id).update(secret_digest="")
    with pytest.raises(IntegrityError), transaction.atomic():
        RelyingParty.objects.filter(id=client.id).update(authentication="none")


def test_pages_without_a_database_still_have_a_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    make_client()
    assert queries.form_targets() == {"http://127.0.0.1:9002"}

    def fail() -> None:
        raise DatabaseError

    monkeypatch.setattr(queries, "_read_origins", fail)
    queries.forget_form_targets()
    assert queries.form_targets() == frozenset()


def test_keys_are_replaced_when_they_are_old(rp: Rp, wait: Any) -> None:
    assert keep_signing_keys() == 0
    wait(89 * 86_400)
    assert keep_signing_keys() == 0
    wait(86_400)
    assert keep_signing_keys() == 1
    assert keep_signing_keys() == 0
    assert SigningKey.objects.count() == 2


def test_rotating_what_is_not_there_makes_the_first() -> None:
    rotate_signing_key(actor=OPERATOR, algorithm="ES256")
    assert SigningKey.objects.get().generation == 1


# The command line

ARGUMENTS = ("--name", "高企认定", "--recipient", "火炬中心", "--purpose", "核对单位", "--redirect-uri", CALLBACK)


def run(*arguments: str) -> Any:
    return CliRunner().invoke(command, arguments)


def test_create_prints_the_secret_once_as_json() -> None:
    result = run(
        "create", "hnte", *ARGUMENTS, "--scope", "openid", "--scope", "unit", "--audience", "legal",
        "--assurance", "reviewed", "--post-logout-redirect-uri", "http://127.0.0.1:9002/out/",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    printed = json.loads(result.output)
    row = RelyingParty.objects.get(client_id="hnte")
    assert digest(printed["client_secret"]) == row.secret_digest
    assert (row.scopes, row.audience, row.assurance) == ("openid unit", "legal", AssuranceLevel.REVIEWED)
    listed = run("list").output
    assert "hnte\t高企认定\topenid unit" in listed
    assert printed["client_secret"] not in listed
    again = run("create", "hnte", *ARGUMENTS)
    assert again.exit_code == 1
    assert "sso.client_taken" in again.output


def test_create_takes_public_keys(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(KEYS.as_dict(private=False)))
    result = run("create", "signer", *ARGUMENTS, "--authentication", "private_key_jwt", "--public-keys", str(file))
    assert json.loads(result.output) == {"client_id": "signer"}
    assert RelyingParty.objects.get().scopes == "openid profile"


def test_replace_secret_and_close() -> None:
    run("create", "hnte", *ARGUMENTS)
    assert len(json.loads(run("replace-secret", "hnte").output)["client_secret"]) >= 43
    assert "sso.client_unknown" in run("replace-secret", "unknown").output
    assert run("close", "hnte", "--reason", "test").exit_code == 0
    assert "sso.client_unknown" in run("close", "hnte", "--reason", "test").output
    assert run("list").output == ""


def test_set_addresses() -> None:
    run("create", "hnte", *ARGUMENTS)
    assert run("set-addresses", "hnte", "--redirect-uri", "https://new.example/cb").exit_code == 0
    assert RedirectUri.objects.get().uri == "https://new.example/cb"
    assert "sso.client_address_scheme" in run("set-addresses", "hnte", "--redirect-uri", "http://new.example/").output


def test_rotate_keys() -> None:
    run("create", "hnte", *ARGUMENTS)
    assert run("rotate-keys").exit_code == 0
    assert run("rotate-keys", "--now").exit_code == 0
    first, second, third = SigningKey.objects.order_by("generation")
    assert first.retired_at is not None
    assert second.retired_at is not None
    assert third.active_from < second.active_from
    assert third.retired_at is None
