"""What can go wrong between a business system and the platform.

RelyingError
├── PlatformUnavailable   the platform did not answer, or not sensibly
├── ForeignAnswer         the answer came from somebody else than the platform we asked
└── ClaimsMissing         the platform answered, but without what the desk needs
"""


class RelyingError(Exception):
    """A sign-in that cannot be finished."""


class PlatformUnavailable(RelyingError):
    """The platform did not answer, or not sensibly."""


class ForeignAnswer(RelyingError):
    """The answer came from somebody else than the platform we asked."""


class ClaimsMissing(RelyingError):
    """The platform answered without what the desk needs; the text is for the visitor."""
