"""Nothing half-safe serves: the server's own module is imported in a process of its own, as Granian does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tongban.config import checks

ROOT = Path(__file__).resolve().parents[3]
SAFE = {
    "TONGBAN_PROFILE": "production",
    "TONGBAN_ADDRESS": "https://fuwu.example",
    "TONGBAN_SECRET_KEY": "s3cret-" * 10,
    "TONGBAN_SMS_PROVIDER": "",
}


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the environment of a production that may start: keys made, secrets set."""
    home = tmp_path_factory.mktemp("production")
    (home / "static").mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TONGBAN_", "DJANGO_"))}
    environment = {**kept, "PYTHONPATH": str(ROOT / "src"), "TONGBAN_HOME": str(home), **SAFE}
    for room in ("vault", "audit"):
        environment[f"TONGBAN_{room.upper()}_KEY_RING"] = str(home / f"{room}.json")
        command = [sys.executable, "-m", "tongban", room, "create-keys"]
        subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)
    return environment


def start(environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", "import tongban.config.wsgi"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_a_safe_production_starts(production: dict[str, str]) -> None:
    outcome = start(production)
    assert outcome.returncode == 0, outcome.stderr


def test_a_production_without_anything_hears_of_everything_at_once(production: dict[str, str]) -> None:
    bare = {name: value for name, value in production.items() if not name.startswith("TONGBAN_")}
    outcome = start({**bare, "TONGBAN_PROFILE": "production", "TONGBAN_HOME": production["TONGBAN_HOME"]})
    assert outcome.returncode != 0
    assert "Traceback" not in outcome.stderr
    for missing in ("SECRET_KEY", "ADDRESS", "VAULT_KEY_RING", "AUDIT_KEY_RING"):
        assert missing in outcome.stderr


def test_over_https_cookies_belong_to_this_host_alone_and_browsers_stay_with_https(production: dict[str, str]) -> None:
    code = (
        "from tongban.config import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        "s.SECURE_HSTS_SECONDS)"
    )
    command = [sys.executable, "-c", code]
    outcome = subprocess.run(command, env=production, capture_output=True, text=True, check=True, timeout=60)
    assert outcome.stdout.split() == ["__Host-tongban_session", "__Host-csrftoken", "True", "True", "31536000"]
    # The prefix promises no Domain and the path of the whole host, or browsers drop the cookie.
    assert settings.SESSION_COOKIE_DOMAIN is settings.CSRF_COOKIE_DOMAIN is None
    assert settings.SESSION_COOKIE_PATH == settings.CSRF_COOKIE_PATH == "/"


def test_production_with_a_demo_part_does_not_start(production: dict[str, str]) -> None:
    outcome = start({**production, "TONGBAN_SMS_PROVIDER": "tongban.notify.adapters.demo.DemoProvider"})
    assert outcome.returncode != 0
    assert "SMS_PROVIDER" in outcome.stderr


def test_production_in_the_home_of_a_demonstration_does_not_start(production: dict[str, str]) -> None:
    stamp = Path(production["TONGBAN_HOME"]) / checks.DEMO_STAMP
    stamp.touch()
    try:
        outcome = start(production)
    finally:
        stamp.unlink()
    assert outcome.returncode != 0
    assert "HOME" in outcome.stderr


def test_production_on_the_database_of_a_demonstration_does_not_start(production: dict[str, str]) -> None:
    """Its accounts have passwords that everybody can read."""
    command = [sys.executable, "-m", "tongban", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=production, check=True, capture_output=True, timeout=120)
    assert start(production).returncode == 0
    code = (
        "import django; django.setup(); from tongban.proofing.flows.switch_authority import switch_authority as act;"
        "from tongban.audit.actors import Actor; act(actor=Actor.system(), available=False)"
    )
    rehearsal = {**production, "DJANGO_SETTINGS_MODULE": "tongban.config.settings"}
    subprocess.run([sys.executable, "-c", code], env=rehearsal, check=True, capture_output=True, timeout=60)
    outcome = start(production)
    assert outcome.returncode != 0
    assert "DATABASE" in outcome.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMS_PROVIDER", ["tongban.notify.adapters.demo.DemoProvider"]),
        ("REGISTER_REHEARSAL", True),
        ("SSO_LOOPBACK_REDIRECTS", True),
        ("SECRET_KEY", "short"),
        ("ADDRESS", "http://fuwu.example"),
        ("PROFILE", "prodution"),
        ("INSTALLED_APPS", ["tongban.demo"]),
    ],
)
def test_each_unsafe_part_is_named(name: str, value: object, monkeypatch: pytest.MonkeyPatch) -> None:
    for safe_name, safe_value in {**SAFE_SETTINGS, name: SAFE_SETTINGS.get(name, [])}.items():
        monkeypatch.setattr(settings, safe_name, safe_value)
    assert found() == []
    monkeypatch.setattr(settings, name, value)
    assert [name in message for message in found()] == [True]


SAFE_SETTINGS = {
    "PROFILE": "production",
    "ADDRESS": "https://fuwu.example",
    "SECRET_KEY": "s3cret-" * 10,
    "REGISTER_REHEARSAL": False,
    "SSO_LOOPBACK_REDIRECTS": False,
    "SMS_PROVIDER": [],
}


ALIBABA = "tongban.proofing.adapters.alibaba.AlibabaAuthority"


def test_a_vendor_needs_its_keys_and_in_production_https(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "AUTHORITY", [ALIBABA, "tongban.nowhere.Nobody"])
    monkeypatch.setattr(settings, "SMS_PROVIDER", [])
    assert missing() == [
        ("ALIBABA_KEY_ID", "config.C005"),
        ("ALIBABA_KEY_SECRET", "config.C005"),
    ]
    for name in ("ALIBABA_KEY_ID", "ALIBABA_KEY_SECRET"):
        monkeypatch.setattr(settings, name, "something")
    assert missing() == []
    monkeypatch.setattr(settings, "ALIBABA_CLOUDAUTH_ADDRESS", "http://cloudauth.aliyuncs.com")
    assert missing() == []
    monkeypatch.setattr(settings, "PROFILE", "production")
    assert missing() == [("ALIBABA_CLOUDAUTH_ADDRESS", "config.C006")]
    monkeypatch.setattr(settings, "PROFILE", "test")
    monkeypatch.setattr(settings, "ALIBABA_CLOUDAUTH_ADDRESS", "cloudauth.aliyuncs.com")
    monkeypatch.setattr(settings, "VENDOR_PROXY", "proxy.example:3128")
    assert missing() == [("VENDOR_PROXY", "config.C007"), ("ALIBABA_CLOUDAUTH_ADDRESS", "config.C006")]


def missing() -> list[tuple[str, str | None]]:
    """Return which settings of vendors are found wanting, and why."""
    return [(message.msg.partition(":")[0], message.id) for message in checks.vendors_can_be_called(None)]


def found() -> list[str]:
    """Return what the checks of the whole configuration find."""
    judges = (checks.profile_is_known, checks.production_has_no_demo_part, checks.production_can_keep_secrets)
    return [message.msg for judge in judges for message in judge(None)]
