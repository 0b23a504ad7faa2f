"""Errors of the room.

VaultError
├── Tampered        a ciphertext was altered, or stands where it was not sealed
├── KeyUnknown      no key of the ring has the id in the header
├── Erased          the value was erased and cannot be revealed
├── PurposeRefused  the field may not be revealed for this purpose
├── NotSealed       a plain value was about to reach the database unsealed
├── KeyInUse        a key cannot leave the ring while rows need it
├── EvidenceRefused  an uploaded file is not taken; `refusal` says why
├── EvidenceUnknown  there is no such file, or not for who asks, or nothing is left of it
└── EvidenceWaiting  the file has not been re-encoded yet; nobody may see it before
"""

from tongban.vault.refusals import Refusal


class VaultError(Exception):
    """Root of the room's errors. Parameters never hold a value that was or should be sealed."""

    code = "vault.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code, params)
        self.params = params


class Tampered(VaultError):
    """The ciphertext was altered, or moved from the row or field it was sealed for."""

    code = "vault.tampered"


class KeyUnknown(VaultError):
    """The key a value was sealed or signed with is not in the ring."""

    code = "vault.key_unknown"


class Erased(VaultError):
    """The value was erased on purpose; nothing is left to reveal."""

    code = "vault.erased"


class PurposeRefused(VaultError):
    """The field is not meant to be revealed for this purpose."""

    code = "vault.purpose_refused"


class NotSealed(VaultError):
    """A sealed field was written or compared past the model, where its row is not known."""

    code = "vault.not_sealed"


class KeyInUse(VaultError):
    """Rows still need this key, or it is the current one."""

    code = "vault.key_in_use"


class EvidenceRefused(VaultError):
    """The file is not taken."""

    code = "vault.evidence_refused"

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal=refusal.value)
        self.refusal = refusal


class EvidenceUnknown(VaultError):
    """No such file, or not for who asks, or it was erased."""

    code = "vault.evidence_unknown"


class EvidenceWaiting(VaultError):
    """The worker has not re-encoded the file yet."""

    code = "vault.evidence_waiting"
