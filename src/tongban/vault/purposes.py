"""Why a sealed value may be revealed."""

from enum import StrEnum


class Purpose(StrEnum):
    """The reasons there are (PIPL article 6: a definite purpose for every handling of personal data)."""

    DELIVER_MESSAGE = "deliver_message"
    SHOW_MASKED = "show_masked"
    SHOW_OWNER = "show_owner"
    SHOW_COUNTERPART = "show_counterpart"  # to the other side of a mandate
    ASK_AUTHORITY = "ask_authority"
    MATCH = "match"
    RELEASE_CLAIM = "release_claim"
    REVIEW = "review"
    SIGN = "sign"
    REENCRYPT = "reencrypt"
