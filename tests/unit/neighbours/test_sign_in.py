"""Coming in: what holds, and everything that must not."""

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import ECKey
from werkzeug.test import TestResponse

from tests.unit.neighbours.fake_platform import PERSON, FakePlatform

Browse = Callable[[Flask], FlaskClient]
DARK = 10**6


def come_back(
    client: FlaskClient, platform: FakePlatform, prefix: str = "", changes: dict[str, str | None] | None = None
) -> TestResponse:
    begun = client.get(f"{prefix}/log-in/")
    answer: dict[str, str | None] = {**platform.authorize(begun.location), **(changes or {})}
    query = urlencode({name: value for name, value in answer.items() if value is not None})
    return client.get(f"{prefix}/callback/?{query}")


def test_a_unit_comes_in_and_is_shown(hnte: Flask, browser: Browse, platform: FakePlatform) -> None:
    client = browser(hnte)
    assert "用政务服务平台账号登录" in client.get("/").text
    back = come_back(client, platform)
    assert (back.status_code, back.location) == (302, "/")
    page = client.get("/").text
    assert "当前以<strong>北京示例科技有限公司</strong>办理" in page
    assert "91110108MA01ET88XL" in page
    assert "退出登录" in page


def test_who_acts_for_a_unit_is_shown_beside_it(hnte: Flask, browser: Browse, platform: FakePlatform) -> None:
    platform.claims["realm"] = "natural"
    # midnight after 2026-12-31 in Beijing
    platform.change_token = lambda claims: {**claims, "acting_for": {"sub": "unit-1", "until": 1798732800}}
    client = browser(hnte)
    come_back(client, platform)
    page = client.get("/").text
    assert "当前以<strong>北京示例科技有限公司</strong>办理" in page
    assert "张三，凭单位授权办理，授权至 2026-12-31" in page


@pytest.mark.parametrize("acting", ["x", {}, {"until": "soon"}])
def test_an_odd_claim_about_acting_is_none(
    hnte: Flask, browser: Browse, platform: FakePlatform, acting: object
) -> None:
    platform.change_token = lambda claims: {**claims, "acting_for": acting}
    client = browser(hnte)
    come_back(client, platform)
    assert "凭单位授权" not in client.get("/").text


def test_the_request_carries_state_nonce_and_pkce(hnte: Flask, browser: Browse, platform: FakePlatform) -> None:
    client = browser(hnte)
    location = client.get("/log-in/").location
    query = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
    assert location.startswith(f"{platform.address}/oidc/authorize?")
    assert query["redirect_uri"] == "http://127.0.0.1:8002/callback/"
    assert query["code_challenge_method"] == "S256"
    assert query["scope"] == "openid profile unit"
    assert len(query["state"]) >= 20
    assert len(query["nonce"]) >= 20


def test_a_person_comes_in_at_the_talent_desk_beside_the_unit_desk(
    tsme: Flask, browser: Browse, platform: FakePlatform
) -> None:
    client = browser(tsme)
    come_back(client, platform)
    platform.claims = dict(PERSON)
    assert come_back(client, platform, "/talent").location == "/talent/"
    assert "当前以<strong>李四</strong>办理" in client.get("/talent/").text
    assert "北京示例科技有限公司" in client.get("/").text
    assert "科技人才信息登记" in browser(tsme).get("/").text


def test_the_cookie_changes_at_sign_in_and_the_old_one_is_dead(
    hnte: Flask, browser: Browse, platform: FakePlatform
) -> None:
    client = browser(hnte)
    begun = client.get("/log-in/")
    planted = client.get_cookie("hnte_session", domain="127.0.0.1")
    assert planted is not None
    client.get("/callback/?" + urlencode(platform.authorize(begun.location)))
    fresh = client.get_cookie("hnte_session", domain="127.0.0.1")
    assert fresh is not None
    assert fresh.value != planted.value
    assert fresh.http_only
    assert fresh.same_site == "Lax"
    thief = browser(hnte)
    thief.set_cookie("hnte_session", planted.value, domain="127.0.0.1")
    assert "用政务服务平台账号登录" in thief.get("/").text


@pytest.mark.parametrize(
    "changes",
    [{"state": "foreign"}, {"state": None}, {"iss": "https://evil.example"}, {"iss": None}],
    ids=["foreign state", "no state", "another issuer", "no issuer"],
)
def test_an_answer_that_is_not_ours_is_refused(
    hnte: Flask, browser: Browse, platform: FakePlatform, changes: dict[str, str | None]
) -> None:
    client = browser(hnte)
    back = come_back(client, platform, changes=changes)
    assert back.status_code == 400
    assert platform.token_requests == []
    assert "用政务服务平台账号登录" in client.get("/").text


def test_an_answer_works_once(hnte: Flask, browser: Browse, platform: FakePlatform) -> None:
    client = browser(hnte)
    begun = client.get("/log-in/")
    query = urlencode(platform.authorize(begun.location))
    assert client.get(f"/callback/?{query}").status_code == 302
    assert client.get(f"/callback/?{query}").status_code == 400
    assert len(platform.token_requests) == 1


def alg_none(claims: dict[str, Any]) -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


LIES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "another issuer": lambda claims: {**claims, "iss": "https://evil.example"},
    "another audience": lambda claims: {**claims, "aud": "somebody-else"},
    "many audiences": lambda claims: {**claims, "aud": ["somebody-else", "third"]},
    "another nonce": lambda claims: {**claims, "nonce": "replayed"},
    "no nonce": lambda claims: {name: value for name, value in claims.items() if name != "nonce"},
    "expired": lambda claims: {**claims, "exp": claims["iat"] - 60},
    "from the future": lambda claims: {**claims, "iat": claims["iat"] + DARK, "exp": claims["exp"] + DARK},
    "wrong at_hash": lambda claims: {**claims, "at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    "no at_hash": lambda claims: {name: value for name, value in claims.items() if name != "at_hash"},
    "no subject": lambda claims: {name: value for name, value in claims.items() if name != "sub"},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_an_id_token_that_lies_is_refused(
    hnte: Flask, browser: Browse, platform: FakePlatform, lie: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    client = browser(hnte)
    platform.change_token = lie
    back = come_back(client, platform)
    assert back.status_code == 400
    assert "没有通过核验" in back.text
    assert "用政务服务平台账号登录" in client.get("/").text


def test_an_unsigned_id_token_is_refused(hnte: Flask, browser: Browse, platform: FakePlatform) -> None:
    platform.forge = alg_none
    assert come_back(browser(hnte), platform).status_code == 400


def test_an_id_token_signed_by_a_stranger_is_refused(hnte: Flask, browser: Browse, platform: FakePlatform) -> None:
    platform.signing_key = ECKey.generate_key("P-256", {"kid": "k1"})
    assert come_back(browser(hnte), platform).status_code == 400


def test_user_info_of_somebody_else_is_refused(hnte: Flask, browser: Browse, platform: FakePlatform) -> None:
    platform.userinfo_sub = "person-2"
    assert come_back(browser(hnte), platform).status_code == 400


def test_without_unit_there_is_no_way_into_a_unit_desk(hnte: Flask, browser: Browse, platform: FakePlatform) -> None:
    platform.claims = dict(PERSON)
    back = come_back(browser(hnte), platform)
    assert back.status_code == 403
    assert "统一社会信用代码" in back.text


def test_a_unit_cannot_come_in_at_the_talent_desk(tsme: Flask, browser: Browse, platform: FakePlatform) -> None:
    back = come_back(browser(tsme), platform, "/talent")
    assert back.status_code == 403
    assert "自然人账号" in back.text


@pytest.mark.parametrize(
    ("error", "words"),
    [("access_denied", "您没有同意提供信息"), ("server_error", "平台暂时没能完成登录"), ("nonsense", "登录没有完成")],
)
def test_an_error_answer_is_explained(
    hnte: Flask, browser: Browse, platform: FakePlatform, error: str, words: str
) -> None:
    back = browser(hnte).get(f"/callback/?error={error}&state=x&iss={platform.address}")
    assert back.status_code == 400
    assert words in back.text
    assert "重新进入" in back.text


def test_a_refused_code_is_explained(hnte: Flask, browser: Browse, platform: FakePlatform) -> None:
    platform.token_status = 400
    assert "登录没有完成" in come_back(browser(hnte), platform).text


def test_a_platform_that_fails_is_explained(hnte: Flask, browser: Browse, platform: FakePlatform) -> None:
    client = browser(hnte)
    client.get("/log-in/")
    platform.userinfo_status = 500
    back = come_back(client, platform)
    assert back.status_code == 502
    assert "暂时联系不上政务服务平台" in back.text


def test_a_platform_that_names_another_issuer_is_not_used(hnte: Flask, browser: Browse, platform: FakePlatform) -> None:
    platform.issuer = "https://evil.example"
    assert browser(hnte).get("/log-in/").status_code == 400


def test_tokens_are_judged_by_the_platforms_clock(hnte: Flask, browser: Browse, platform: FakePlatform) -> None:
    platform.clock_offset = float(DARK)
    assert come_back(browser(hnte), platform).status_code == 302


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("http://127.0.0.1:8002/", "/"),
        ("http://127.0.0.1:8002/talent/form/", "/talent/form/"),
        ("http://127.0.0.1:8002//evil.example/", "/"),
        ("http://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("http://127.0.0.1:8002@evil.example/", "/"),
        ("", "/"),
    ],
)
def test_the_platform_may_start_a_sign_in_but_never_lead_elsewhere(
    hnte: Flask, browser: Browse, platform: FakePlatform, target: str, path: str
) -> None:
    client = browser(hnte)
    query = urlencode({"iss": platform.address, "target_link_uri": target, "login_hint": "x"})
    begun = client.get(f"/initiate-login/?{query}")
    assert begun.status_code == 302
    back = client.get("/callback/?" + urlencode(platform.authorize(begun.location)))
    assert back.location == path


def test_nobody_else_may_start_a_sign_in(hnte: Flask, browser: Browse) -> None:
    assert browser(hnte).get("/initiate-login/?iss=https://evil.example").status_code == 400
    assert browser(hnte).get("/initiate-login/").status_code == 400


def test_leaving_ends_both_sessions(hnte: Flask, browser: Browse, platform: FakePlatform) -> None:
    client = browser(hnte)
    come_back(client, platform)
    token = client.get("/").text.split('name="form_token" value="')[1].split('"')[0]
    left = client.post("/log-out/", data={"form_token": token})
    query = {name: values[0] for name, values in parse_qs(urlsplit(left.location).query).items()}
    assert left.location.startswith(f"{platform.address}/oidc/logout?")
    assert query["post_logout_redirect_uri"] == "http://127.0.0.1:8002/logged-out/"
    assert query["id_token_hint"].count(".") == 2
    assert query["client_id"] == "hnte-id"
    assert "用政务服务平台账号登录" in client.get("/").text
    assert "您已退出登录" in client.get("/logged-out/").text


def test_another_site_cannot_make_somebody_leave(hnte: Flask, browser: Browse, platform: FakePlatform) -> None:
    client = browser(hnte)
    come_back(client, platform)
    assert client.post("/log-out/").status_code == 400
    assert "退出登录" in client.get("/").text


def test_leaving_twice_is_harmless(hnte: Flask, browser: Browse, platform: FakePlatform) -> None:
    client = browser(hnte)
    come_back(client, platform)
    token = client.get("/").text.split('name="form_token" value="')[1].split('"')[0]
    client.post("/log-out/", data={"form_token": token})
    assert client.post("/log-out/", data={"form_token": token}).location == "/logged-out/"
