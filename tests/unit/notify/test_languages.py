"""SMS leave in the language of whoever reads them, whatever language worker, server and sender are in."""

from collections.abc import Mapping
from typing import ClassVar
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from pytest_django import Settings

from tests.unit.notify.post import PHONE, Handed, Vendor, write
from tongban.design.kept_texts import Param
from tongban.kernel.mobile import Mobile
from tongban.notify import queries
from tongban.notify.checks import sms_provider_is_right
from tongban.notify.flows.deliver import deliver_due
from tongban.notify.flows.post_message import post_message
from tongban.notify.flows.send_sms import send_sms
from tongban.notify.models import InSiteMessage, Sms
from tongban.notify.provider import ProviderReceipt
from tongban.notify.vendor_templates import in_order, to_register

pytestmark = pytest.mark.django_db


class Registered(Vendor):
    """A vendor that knows messages by templates of its own."""

    name = "registered"
    templates = "ALIBABA_SMS_TEMPLATES"
    handed: ClassVar[list[Handed]] = []

    def send(
        self, *, to: Mobile, text: str, template: str, language: str, params: Mapping[str, str], idempotency_key: str
    ) -> ProviderReceipt:
        self.handed.append(Handed(to.value, text, template, params, idempotency_key, language))
        return ProviderReceipt(reference="r")


@pytest.fixture
def registered(settings: Settings) -> type[Registered]:
    settings.SMS_PROVIDER = [f"{Registered.__module__}.{Registered.__name__}"]
    Registered.handed.clear()
    return Registered


@pytest.mark.parametrize("worker", ["zh-hans", "en", None])
@pytest.mark.parametrize(
    ("language", "begins"), [("en", "123456 is your code"), ("zh-hans", "验证码123456"), ("", "验证码123456")]
)
def test_the_worker_speaks_the_language_of_the_row(
    vendor: type[Vendor], worker: str | None, language: str, begins: str
) -> None:
    write(language=language)
    with translation.override(worker):
        deliver_due()
    (one,) = vendor.handed
    assert one.text.startswith(begins)
    assert one.language == (language or "zh-hans")


@pytest.mark.usefixtures("vendor")
def test_a_text_of_ours_in_an_sms_is_in_its_language(vendor: type[Vendor]) -> None:
    with translation.override("zh-hans"), transaction.atomic():
        params: dict[str, Param] = {"unit": _("企业"), "until": "2027-01-01"}
        send_sms(to=PHONE, template="mandate_granted", params=params, language="en", key="k")
    deliver_due()
    assert vendor.handed[0].params["unit"] == "Enterprise"
    assert "Enterprise" in vendor.handed[0].text


def test_a_message_is_said_when_it_is_read() -> None:
    account = uuid4()
    with translation.override("en"):
        message = post_message(account_id=account, template="new_device", params={"time": "x", "device": _("未知设备")})
    assert "（未知设备）" in queries.message(account, message).body
    with translation.override("en"):
        body = queries.message(account, message).body
    assert "Unknown device" in body
    assert "未知设备" not in str(InSiteMessage.objects.values())


def test_a_vendor_gets_the_template_of_the_language(registered: type[Registered], settings: Settings) -> None:
    settings.ALIBABA_SMS_TEMPLATES = {"register": "SMS_1", "register.en": "SMS_2"}
    write("a", language="en")
    write("b")
    deliver_due()
    assert [one.language for one in registered.handed] == ["en", "zh-hans"]
    assert registered.handed[0].text.startswith("123456 is")


def test_without_an_english_template_all_of_it_is_chinese(registered: type[Registered], settings: Settings) -> None:
    settings.ALIBABA_SMS_TEMPLATES = {"mandate_granted": "SMS_1"}
    with transaction.atomic():
        params: dict[str, Param] = {"unit": _("企业"), "until": "2027-01-01"}
        send_sms(to=PHONE, template="mandate_granted", params=params, language="en", key="k")
    deliver_due()
    (one,) = registered.handed
    assert (one.language, one.params["unit"]) == ("zh-hans", "企业")
    assert one.text.startswith("您可以代企业办理业务")
    assert Sms.objects.get().language == "en"


def test_numbered_blanks_follow_the_order_of_their_text() -> None:
    params = {"person": "张*", "unit": "甲", "time": "t", "link": "l", "number": "n", "due": "d"}
    for template, language in to_register():
        if template in {"case_submitted", "new_device"}:
            assert sorted(in_order(template, language, params)) in (["d", "n"], ["l", "t"])


def test_the_operator_hears_what_goes_out_in_chinese(settings: Settings, registered: type[Registered]) -> None:
    names = [template for template, language in to_register() if language == "zh-hans"]
    settings.ALIBABA_SMS_TEMPLATES = dict.fromkeys(names, "SMS_1")
    (found,) = sms_provider_is_right(None)
    assert (found.id, found.is_serious()) == ("notify.W003", False)
    assert found.msg == "ALIBABA_SMS_TEMPLATES: no template in en for any SMS"
    settings.ALIBABA_SMS_TEMPLATES = {**settings.ALIBABA_SMS_TEMPLATES, **{f"{name}.en": "SMS_2" for name in names[1:]}}
    (found,) = sms_provider_is_right(None)
    assert found.msg == f"ALIBABA_SMS_TEMPLATES: no template in en for {names[0]}.en"
    assert found.hint
    settings.ALIBABA_SMS_TEMPLATES[f"{names[0]}.en"] = "SMS_2"
    assert sms_provider_is_right(None) == []
