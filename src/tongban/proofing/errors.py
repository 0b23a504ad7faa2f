"""What can stand in the way of a real-name verification.

ProofingError
├── NotFromHere             the journey has no such turn from where the account stands
├── NothingToVerify         what was entered is exactly what is verified already
├── ConsentMissing          pictures of documents may not be handled without the separate consent
├── EvidenceMissing         a picture that is asked for is not there
├── EvidenceNotReady        the worker has not looked at every picture yet
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


class ConsentMissing(ProofingError):
    """The separate consent to handle pictures of documents (PIPL art. 29) was not given."""

    code = "proofing.consent_missing"


class EvidenceMissing(ProofingError):
    """The picture for `slot` is missing, or cannot be read."""

    code = "proofing.evidence_missing"


class EvidenceNotReady(ProofingError):
    """A picture has not been drawn anew yet; a moment later it will be."""

    code = "proofing.evidence_not_ready"


class RegisterFileError(ProofingError):
    """The file is no register: `reason` is `encoding`, `header` or `rehearsal`."""

    code = "proofing.register_file"


class AuthorityMisconfigured(ProofingError):
    """The object named by the setting AUTHORITY does not keep the protocol `Authority`."""

    code = "proofing.authority_misconfigured"
