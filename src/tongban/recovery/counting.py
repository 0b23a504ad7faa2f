"""How often recovery may be tried. What is counted is what was typed, so the count tells nothing about what exists."""

from django.conf import settings

from tongban.accounts.rules import login_names
from tongban.challenge import limits
from tongban.kernel.mobile import Mobile
from tongban.kernel.uscc import Uscc
from tongban.recovery.queries import Claim


def per_account(claim: Claim) -> list[limits.Pair]:
    """Return what a code for `claim` uses up.

    Login name and phone are counted together: who knows only the name cannot use up what the owner needs.
    """
    key = f"{claim.realm}|{login_names.key(claim.login_name)}|{claim.phone.value}"
    return [(limit, key) for limit in limits.limits("recovery/account", settings.RECOVERY_PER_ACCOUNT)]


def per_unit(uscc: Uscc) -> list[limits.Pair]:
    """Return what a message to the contact of the unit uses up."""
    return [(limit, uscc.value) for limit in limits.limits("recovery/unit", settings.RECOVERY_PER_UNIT)]


def per_phone(phone: Mobile) -> list[limits.Pair]:
    """Return what an appeal handed in with the phone uses up."""
    return [(limit, phone.value) for limit in limits.limits("recovery/appeal", settings.RECOVERY_APPEALS_PER_PHONE)]
