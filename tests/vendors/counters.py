"""A vendor's whole counter for a test: a server, its office or shop, and the settings that lead to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.vendors.server import KEY_ID, KEY_SECRET, Answering, Vendor, serving
from tongban.kernel.vendors import channel
from tongban.notify.vendor_templates import registered_name, to_register

AUTHORITIES = {
    "alibaba": "tongban.proofing.adapters.alibaba.AlibabaAuthority",
    "tencent": "tongban.proofing.adapters.tencent.TencentAuthority",
}
PROVIDERS = {
    "alibaba": "tongban.notify.adapters.alibaba.AlibabaSms",
    "tencent": "tongban.notify.adapters.tencent.TencentSms",
}
ADDRESSES = {
    "alibaba": ("ALIBABA_CLOUDAUTH_ADDRESS", "ALIBABA_SMS_ADDRESS"),
    "tencent": ("TENCENT_FACEID_ADDRESS", "TENCENT_OCR_ADDRESS", "TENCENT_SMS_ADDRESS"),
}

REGISTERED = [registered_name(template, language) for template, language in to_register()]


@contextmanager
def open_counters(settings: Any, answers: dict[str, Answering]) -> Iterator[dict[str, Vendor]]:
    """Run both vendors, each at an address of its own, and let the settings lead to them."""
    channel.forget_breakers()
    with serving(answers) as alibaba, serving(answers) as tencent:
        for name, vendor in (("alibaba", alibaba), ("tencent", tencent)):
            for address in ADDRESSES[name]:
                setattr(settings, address, vendor.address)
        settings.ALIBABA_KEY_ID = settings.TENCENT_KEY_ID = KEY_ID
        settings.ALIBABA_KEY_SECRET = settings.TENCENT_KEY_SECRET = KEY_SECRET
        settings.ALIBABA_SMS_SIGN_NAME = settings.TENCENT_SMS_SIGN_NAME = "科技部"
        settings.TENCENT_SMS_APP_ID = "1400006666"
        settings.ALIBABA_SMS_TEMPLATES = {name: f"SMS_{name}" for name in REGISTERED}
        settings.TENCENT_SMS_TEMPLATES = {name: f"10_{name}" for name in REGISTERED}
        settings.SMS_TIMEOUT = 1.5
        yield {"alibaba": alibaba, "tencent": tencent}
    channel.forget_breakers()
