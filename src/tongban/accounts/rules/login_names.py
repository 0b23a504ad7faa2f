"""What a login name may be."""

import re

from tongban.accounts.errors import LoginNameRefused
from tongban.kernel import normalise
from tongban.kernel.mobile import Mobile
from tongban.kernel.uscc import Uscc

SHORTEST, LONGEST = 4, 32
RESERVED_PREFIX = "hj_"
"""Only the transfer of legacy accounts makes such names (product specification, section 3.6)."""

_CHARACTERS = re.compile(r"[0-9a-z_.@\-\u3400-\u4dbf\u4e00-\u9fff]", re.IGNORECASE | re.ASCII)
_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Z]")
_MOBILE = re.compile(r"(?:0?0?86)?(1[3-9]\d{9})")
# GB 32100-2015: 2 letters or digits, 6 digits of region, 10 letters or digits, never I O S V Z. Identity numbers
# have this shape too, so they cannot be login names either.
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}")


def tidy(raw: str) -> str:
    """Return the login name as it is kept and shown."""
    return normalise.text(raw)


def key(raw: str) -> str:
    """Return the form under which login names are compared: NFKC, case folded."""
    return normalise.text(normalise.text(raw).casefold())


def check(raw: str, *, phone: Mobile | None, uscc: Uscc | None = None) -> str:
    """Return the tidy login name, if a person with the proved `phone` and the claimed `uscc` may have it.

    Staff have no phone to prove. Raises `LoginNameRefused`.
    """
    name = check_writing(raw)
    _check_shape(_NOT_ALPHANUMERIC.sub("", normalise.identifier(name)), phone, uscc)
    return name


def check_writing(raw: str) -> str:
    """Return the tidy login name if anybody at all may have it; raises `LoginNameRefused`."""
    name = tidy(raw)
    if not SHORTEST <= len(name) <= LONGEST:
        raise LoginNameRefused("accounts.login_name_length", shortest=SHORTEST, longest=LONGEST)
    for character in name:
        if not _CHARACTERS.fullmatch(character):
            raise LoginNameRefused("accounts.login_name_character", character=character)
    if key(name).startswith(RESERVED_PREFIX):
        raise LoginNameRefused("accounts.login_name_reserved")
    return name


def _check_shape(bare: str, phone: Mobile | None, uscc: Uscc | None) -> None:
    """Refuse a name that looks like somebody else's number, however it is punctuated."""
    mobile = _MOBILE.fullmatch(bare)
    if mobile and (phone is None or mobile[1] != phone.value):
        raise LoginNameRefused("accounts.login_name_mobile")
    if _USCC.fullmatch(bare) and (uscc is None or bare != uscc.value):
        raise LoginNameRefused("accounts.login_name_uscc" if uscc else "accounts.login_name_number")
