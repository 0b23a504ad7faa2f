"""Make the keys that sign ID tokens, in time and one after the other."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.kernel.ids import new_id
from tongban.sso import events, signing
from tongban.sso.models import SigningKey
from tongban.sso.rules import SigningAlgorithm

NOTICE = timedelta(hours=1)
"""How long a successor is published before it signs: longer than anybody is allowed to keep our key set."""
OVERLAP = timedelta(days=2)
"""How long a predecessor is believed after it ceased to sign: longer than any session in which its tokens are hints."""


def ensure_signing_key(*, actor: Actor, algorithm: str) -> None:
    """Make the first key for `algorithm` if there is none; it signs at once."""
    if not SigningKey.objects.filter(algorithm=algorithm).exists():
        _make(actor=actor, algorithm=algorithm, generation=1, notice=timedelta(0))


def rotate_signing_key(*, actor: Actor, algorithm: str, notice: timedelta = NOTICE) -> None:
    """Publish a successor that signs from `notice` on; the predecessor is believed for `OVERLAP` longer.

    With a notice of zero relying parties meet the new key before they can have heard of it: for a stolen key only.
    """
    newest = SigningKey.objects.filter(algorithm=algorithm).order_by("-generation").first()
    if newest is None:
        ensure_signing_key(actor=actor, algorithm=algorithm)
        return
    _make(actor=actor, algorithm=algorithm, generation=newest.generation + 1, notice=notice)


def keep_signing_keys() -> int:
    """Replace every key that has signed for `SSO_SIGNING_KEY_DAYS`; returns how many were replaced. A job."""
    oldest = clock.now() - timedelta(days=settings.SSO_SIGNING_KEY_DAYS)
    due = 0
    for algorithm in SigningAlgorithm.values:
        newest = SigningKey.objects.filter(algorithm=algorithm).order_by("-generation").first()
        if newest and newest.active_from <= oldest:
            rotate_signing_key(actor=Actor.system(), algorithm=algorithm)
            due += 1
    return due


def _make(*, actor: Actor, algorithm: str, generation: int, notice: timedelta) -> None:
    now = clock.now()
    key_id = new_id()
    key = signing.make_key(algorithm, kid=key_id.hex)
    row = SigningKey(
        id=key_id,
        algorithm=algorithm,
        generation=generation,
        private_key=key.as_pem(private=True).decode(),
        public_key=key.as_dict(private=False),
        created_at=now,
        active_from=now + notice,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            earlier = SigningKey.objects.filter(algorithm=algorithm, retired_at=None, generation__lt=generation)
            earlier.update(retired_at=row.active_from + OVERLAP)
            record(
                events.KEY_CREATED,
                actor=actor,
                subject=row.id,
                facts={"algorithm": algorithm, "generation": generation},
            )
    except IntegrityError:  # another process made this generation a moment ago: its key is as good
        pass
    signing.forget()
