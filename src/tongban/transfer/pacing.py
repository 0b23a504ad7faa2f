"""When an answer to a log-in leaves, while passwords are kept whose check takes long (`accounts.ticks`)."""

import re

from django.conf import settings

from tongban.accounts.rules import Realm
from tongban.transfer.hashers import is_over
from tongban.transfer.models import SlowPasswordKind
from tongban.transfer.rules import RESERVED_PREFIX

# Login names of brought-over accounts: a mobile number or a USCC, as login names are compared.
_LEGACY_NAME = re.compile(r"1[3-9]\d{9}|[0-9a-hj-npqrtuwxy]{2}\d{6}[0-9a-hj-npqrtuwxy]{10}", re.ASCII)


def tick(realm: Realm, login_name_key: str) -> float:
    """Return the seconds between two answers about a login name: by its shape, never by whether it exists."""
    name = login_name_key.removeprefix(RESERVED_PREFIX.casefold())
    if realm is Realm.STAFF or not _LEGACY_NAME.fullmatch(name) or is_over():
        return 0.0
    seconds: float = settings.LEGACY_LOG_IN_TICK if SlowPasswordKind.objects.exists() else 0.0
    return seconds
