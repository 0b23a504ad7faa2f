"""Whether a vendor is there and accepts our key, found out by a question without content: free, and about nobody.

Vendors check the signature, the clock and the right before they miss what was not asked.
"""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from tongban.kernel.vendors.errors import Refused, Throttled

# Missing…, InvalidParameter…: both vendors' common codes; 400 and 401: cloudauth's; isv.…: dysmsapi's.
_MISSED_CONTENT = (
    "Missing",
    "InvalidParameter",
    "InvalidPhoneNumber",
    "isv.MOBILE_NUMBER_ILLEGAL",
    "isv.INVALID_PARAM",
)
_MISSED_CONTENT_CODES = frozenset({"400", "401"})


@runtime_checkable
class Probed(Protocol):
    """An adapter whose vendor can be asked whether all is well between us."""

    def probe(self, *, within: float) -> None:
        """Return when the vendor answers and accepts our key, `within` seconds at most; raises `VendorError`."""
        ...


def ask_nothing(call: Callable[[], object]) -> None:
    """Make `call`, which leaves out what the operation needs; raises `VendorError` unless only that is missed.

    Being asked too often is no trouble with the key.
    """
    try:
        call()
    except Throttled:
        return
    except Refused as error:
        if error.reason not in _MISSED_CONTENT_CODES and not error.reason.startswith(_MISSED_CONTENT):
            raise
