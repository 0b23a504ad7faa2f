"""Why a call to a vendor brought no answer.

VendorError
├── NotReached   the question did not leave this machine: nothing was done, a repetition is safe
├── Unanswered   it may have left, and no usable answer came: nobody knows what was done
├── Throttled    the vendor turned it away for being asked too often: nothing was done
└── Refused      the vendor understood and refused: `reason` is its code (key, right, money, parameter)
"""

import re

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9.:_ -]{0,63}|-?[0-9]{1,5}")
_REQUEST_ID = re.compile(r"[0-9A-Za-z-]{8,64}")


def safe_code(text: object) -> str:
    """Return a vendor's code, or "unreadable" when it is none: what a vendor writes may quote what it was asked."""
    code = str(text) if isinstance(text, str | int) else ""
    return code if _CODE.fullmatch(code) and not re.search(r"[0-9]{6}", code) else "unreadable"


def safe_request_id(text: object) -> str:
    """Return the vendor's name for one request, by which its support finds it, or "" when it looks like none."""
    found = str(text)
    return found if _REQUEST_ID.fullmatch(found) else ""


class VendorError(Exception):
    """Root. `vendor` and `action` say who was asked for what, `reason` is a short code; none holds personal data."""

    code = "vendor.error"

    def __init__(self, *, vendor: str, action: str, reason: str, request_id: str = "") -> None:
        super().__init__(f"{vendor} {action}: {reason}" + (f" ({request_id})" if request_id else ""))
        self.vendor = vendor
        self.action = action
        self.reason = reason
        self.request_id = request_id


class NotReached(VendorError):
    """The question did not leave: name not found, connection refused, no TLS, circuit open, no time left."""

    code = "vendor.not_reached"


class Unanswered(VendorError):
    """The question may have left: time-out, broken connection, trouble at the vendor, an answer nobody can read."""

    code = "vendor.unanswered"


class Throttled(VendorError):
    """Asked too often; the vendor did nothing."""

    code = "vendor.throttled"


class Refused(VendorError):
    """The vendor refuses; asking the same again brings the same until somebody mends it."""

    code = "vendor.refused"
