"""What an operator registers with vendors of SMS, and sees of them."""

import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from pytest_django import Settings

from tests.unit.notify.post import write
from tongban.config.commands.sms import command
from tongban.notify.models import Sms
from tongban.notify.templates import TEMPLATES

_HAN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def run(*words: str) -> list[str]:
    outcome = CliRunner().invoke(command, list(words))
    assert outcome.exit_code == 0, outcome.output
    return outcome.output.splitlines()


def test_every_sms_is_printed_as_the_vendor_writes_blanks(settings: Settings) -> None:
    settings.ADDRESS = "https://fuwu.example"
    names = {line.partition("\t")[0]: line.partition("\t")[2] for line in run("templates", "alibaba")}
    sent = {name for name, template in TEMPLATES.items() if str(template.sms)}
    assert names.keys() == sent | {f"{name}.en" for name in sent}
    assert names["register"] == "验证码${code}，您正在注册账号，${minutes}分钟内有效。请勿告知他人。"
    assert "https://fuwu.example/${link}" in names["new_device"]
    assert not [text for text in names.values() if "%(" in text]
    numbers = {line.partition("\t")[0]: line.partition("\t")[2] for line in run("templates", "tencent")}
    assert numbers["register"] == "验证码{1}，您正在注册账号，{2}分钟内有效。请勿告知他人。"
    assert "https://fuwu.example/{2}" in numbers["new_device"]
    assert "${code}" in names["register.en"]
    assert not _HAN.search("".join(text for name, text in names.items() if name.endswith(".en")))


@pytest.mark.django_db
def test_the_outbox_is_counted_without_showing_anybody() -> None:
    for key in "abcd":
        write(key)
    Sms.objects.filter(key__in=["a", "b"]).update(provider="alibaba", receipt="delivered")
    Sms.objects.filter(key="d").update(created_at=Sms.objects.get(key="c").created_at - timedelta(days=2))
    assert run("outbox") == ["-\tpending\t-\t1", "alibaba\tpending\tdelivered\t2"]
    assert run("outbox", "--hours", "100")[0] == "-\tpending\t-\t2"
