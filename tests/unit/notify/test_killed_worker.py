"""A worker is killed (SIGKILL) while a vendor has its question; the next one asks, and nobody gets a second SMS."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.vendors.server import KEY_ID, KEY_SECRET, Mood, Vendor, serving
from tests.vendors.shop import Shop
from tongban.notify.templates import TEMPLATES

ROOT = Path(__file__).resolve().parents[3]
WRITE = "import django; django.setup(); from tests.unit.notify.post import write; write('code:1:1')"


def environment(home: Path, vendor: Vendor) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TONGBAN_")}
    given = {
        "PROFILE": "test",
        "HOME": str(home),
        "SMS_PROVIDER": "tongban.notify.adapters.alibaba.AlibabaSms",
        "SMS_TIMEOUT": "8",
        "SMS_LEASE_SECONDS": "9",
        "SMS_NOT_SENT_SECONDS": "3",
        "ALIBABA_KEY_ID": KEY_ID,
        "ALIBABA_KEY_SECRET": KEY_SECRET,
        "ALIBABA_SMS_ADDRESS": vendor.address,
        "ALIBABA_SMS_SIGN_NAME": "科技部",
        "ALIBABA_SMS_TEMPLATES": json.dumps({name: f"SMS_{name}" for name in TEMPLATES}),
    }
    settings = {f"TONGBAN_{name}": value for name, value in given.items()}
    path = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    return {**kept, **settings, "PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "tongban.config.settings"}


def until(true: Callable[[], bool], *, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_killed_worker_sends_nothing_twice(tmp_path: Path) -> None:
    shop = Shop()

    def state() -> str:
        database = sqlite3.connect(tmp_path / "tongban.sqlite3")
        ((found,),) = database.execute("SELECT state FROM notify_sms")
        database.close()
        return str(found)

    with serving(shop.answers()) as vendor:
        around = environment(tmp_path, vendor)
        for command in (["-m", "tongban", "migrate"], ["-c", WRITE]):
            subprocess.run([sys.executable, *command], env=around, check=True, capture_output=True, timeout=120)
        vendor.moods[:] = [Mood(pause=30, hangs_up=True)]
        worker = [sys.executable, "-m", "tongban", "worker"]
        with subprocess.Popen(worker, env=around, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as first:
            until(lambda: vendor.times("SendSms") == 1)
            first.send_signal(signal.SIGKILL)
        assert state() == "sending"
        with subprocess.Popen(worker, env=around, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as second:
            until(lambda: state() == "sent")
            second.terminate()
        assert [message.own_id for message in shop.sent] == ["code:1:1"]
        assert vendor.times("SendSms") == 1
