"""What can stand in the way of a real-name verification.

ProofingError
├── NotFromHere             the journey has no such turn from where the account stands
├── NothingToVerify         what was entered is exactly what is verified already
├── RegisterFileError       the file of the register cannot be imported at all
└── AuthorityMisconfigured  the setting AUTHORITY names no authority
"""

from datetime import datetime


class ProofingError(Exception):
    """Root of the tree; `code` is stable and never shown, `params` hold no personal data."""

    code = "proofing.error"

    def __init__(self, **params: str | int | datetime) -> None:
        super().__init__(self.code)
        self.params = params


class NotFromHere(ProofingError):
    """The journey table has no such turn from this step: `step`, `turn`."""

    code = "proofing.not_from_here"


class NothingToVerify(ProofingError):
    """The submitted entries equal those of the live proof; asking again would prove nothing new."""

    code = "proofing.nothing_to_verify"


class RegisterFileError(ProofingError):
    """The file is no register: `reason` is `encoding`, `header` or `rehearsal`."""

    code = "proofing.register_file"


class AuthorityMisconfigured(ProofingError):
    """The object named by the setting AUTHORITY does not keep the protocol `Authority`."""

    code = "proofing.authority_misconfigured"
