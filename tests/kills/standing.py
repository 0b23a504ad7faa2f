"""What stands in the database of a platform, as JSON: `python -m tests.kills.standing` beside its environment."""

import json
import sys
from collections import Counter
from typing import Any


def standing() -> dict[str, Any]:
    """Return, per login name, what an account consists of; and the SMS by state."""
    from tongban.accounts.models import Account, IdentityBinding
    from tongban.audit.models import Event
    from tongban.notify.models import Sms
    from tongban.proofing.models import Proof

    registered = Counter(str(subject) for subject in _events(Event, "accounts:account:registered"))
    accounts = {}
    for account in Account.objects.filter(login_name__startswith="kill-"):
        accounts[account.login_name] = {
            "phone": account.phone is not None and account.phone_proved_at is not None,
            "consents": account.consents.filter(withdrawn_at=None).count(),
            "registered": registered[str(account.id)],
            "bindings": IdentityBinding.objects.filter(account=account, released_at=None).count(),
            "proofs": Proof.objects.filter(binding__account=account).count(),
        }
    return {"accounts": accounts, "sms": Counter(Sms.objects.values_list("state", flat=True))}


def _events(events: Any, name: str) -> list[object]:
    return list(events.objects.filter(name=name).values_list("subject", flat=True))


if __name__ == "__main__":
    import django

    django.setup()
    json.dump(standing(), sys.stdout)
