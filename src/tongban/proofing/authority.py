"""What every authority that can confirm an identity must do; the setting AUTHORITY names the one in use.

An adapter answers one question at a time. It must return within `within` seconds: one that talks to a network takes its
time-outs from them, and answers UNAVAILABLE for everything that is no answer (time-out, refused connection, quota,
maintenance). It keeps nothing of what it was asked.
"""

from typing import Protocol, runtime_checkable

from django.conf import settings
from django.utils.module_loading import import_string

from tongban.kernel.documents import Document, DocumentKind
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import UnitType, Uscc
from tongban.proofing.errors import AuthorityMisconfigured
from tongban.proofing.rules import Answer


@runtime_checkable
class Authority(Protocol):
    """An office, or a service in front of it, that knows who people and units are."""

    name: str
    """Stable short name; it stands on every proof."""

    def covers_person(self, kind: DocumentKind) -> bool:
        """Whether persons with this kind of document can be checked at all."""
        ...

    def covers_unit(self, unit_type: UnitType) -> bool:
        """Whether units of this type can be checked at all."""
        ...

    def check_person(self, *, name: PersonName, document: Document, within: float) -> Answer:
        """Say whether `document` belongs to `name`; `within` in seconds."""
        ...

    def check_unit(
        self,
        *,
        unit_name: UnitName,
        uscc: Uscc,
        representative_name: PersonName,
        representative_document: Document,
        within: float,
    ) -> Answer:
        """Say whether the unit `uscc` has this name and this legal representative; `within` in seconds."""
        ...


def configured() -> Authority:
    """Return the authority of the setting AUTHORITY; raises `AuthorityMisconfigured`."""
    try:
        made: object = import_string(settings.AUTHORITY)()
    except ImportError:
        raise AuthorityMisconfigured from None
    if not isinstance(made, Authority):
        raise AuthorityMisconfigured
    return made
