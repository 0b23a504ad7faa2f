"""Walk into a service: the decision behind 办理入口, and the same decision again behind every sign-on.

A natural person walks into a service for units only as a unit that let them: each such unit is a way in of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tongban.accounts.models import Account, IdentityBinding
from tongban.accounts.queries import live_bindings
from tongban.accounts.rules import IdentityKind, Realm
from tongban.catalogue.models import Service
from tongban.catalogue.queries import service_of_client
from tongban.kernel.assurance import AssuranceLevel
from tongban.mandates.models import Mandate
from tongban.mandates.queries import held
from tongban.sso import queries
from tongban.sso.errors import ClientUnknown
from tongban.sso.models import RelyingParty
from tongban.sso.rules import NotAdmitted, admission, serves

AS_ONESELF = "self"


@dataclass(frozen=True, slots=True)
class Entered:
    """The door is open: `initiate_login_uri` is where the business system begins the sign-on."""

    client: RelyingParty


@dataclass(frozen=True, slots=True)
class Refused:
    """The door stays shut. `service` is the one asked for; None when a relying party came without one."""

    reason: NotAdmitted
    audience: str
    required: AssuranceLevel
    service: Service | None = None


@dataclass(frozen=True, slots=True)
class Admitted:
    """One way in: the account may be signed on under `binding`, as itself or by `mandate` for `unit`.

    `binding` is None where no verification is asked for and there is none.
    """

    binding: IdentityBinding | None
    mandate: Mandate | None = None
    unit: IdentityBinding | None = None

    @property
    def assurance(self) -> AssuranceLevel:
        """How sure the platform is who this is: of who acts and of whom they act for, the less sure."""
        bindings = (self.binding, self.unit) if self.mandate else (self.binding,)
        return min(AssuranceLevel(one.assurance) if one else AssuranceLevel.SELF_ASSERTED for one in bindings)

    @property
    def choice(self) -> str:
        """The name of this way among the ways in of one account."""
        return str(self.mandate.id) if self.mandate else AS_ONESELF

    @property
    def uscc(self) -> str:
        """The code of the unit that a natural person acts for, or ""."""
        return self.unit.uscc if self.mandate and self.unit else ""


def enter_service(*, account: Account | None, service: Service) -> Entered | Refused:
    """Decide whether `account` (None: nobody is signed in) may enter `service`, as whomever."""
    audience, required = service.audience, service.assurance
    try:
        client = queries.relying_party(service.client_id)
    except ClientUnknown:
        return Refused(NotAdmitted.NOT_CONNECTED, audience, required, service)
    if not client.initiate_login_uri:
        return Refused(NotAdmitted.NOT_CONNECTED, audience, required, service)
    if account is None:
        return Refused(NotAdmitted.NOT_SIGNED_IN, audience, required, service)
    decision = ways_in(account=account, client=client, services=[service])
    return decision if isinstance(decision, Refused) else Entered(client)


def ways_in(
    *, account: Account, client: RelyingParty, services: list[Service] | None = None
) -> list[Admitted] | Refused:
    """Return every way in which `account` may be signed on at `client`, whatever link it came by; or why there is none.

    The client's own conditions hold always; beside them those of one of the services that lead to it, if there are any.
    """
    leading = list(service_of_client(client.client_id)) if services is None else services
    binding = queries.binding_of(account)
    oneself = _judged(account.realm, Admitted(binding), client, leading)
    judged = [oneself, *_by_mandate(account, binding, client, leading)]
    found = [way for way in judged if isinstance(way, Admitted)]
    return found or min((way for way in judged if isinstance(way, Refused)), key=_gravity)


def _by_mandate(
    account: Account, binding: IdentityBinding | None, client: RelyingParty, leading: list[Service]
) -> list[Admitted | Refused]:
    """Judge each unit that gave a mandate for one of the services as if it came itself; each unit once."""
    for_units = {service.slug: service for service in leading if serves(service.audience, Realm.LEGAL)}
    if not for_units or not serves(client.audience, Realm.LEGAL):
        return []
    ways: dict[str, Admitted | Refused] = {}
    mandates = held(account, list(for_units))
    units = live_bindings((mandate.unit_id for mandate in mandates if mandate.unit_id), IdentityKind.UNIT)
    for mandate in mandates:
        unit = units.get(mandate.unit_id) if mandate.unit_id else None
        way = _judged(Realm.LEGAL, Admitted(binding, mandate, unit), client, [for_units[mandate.service]])
        if mandate.uscc not in ways or isinstance(ways[mandate.uscc], Refused):
            ways[mandate.uscc] = way
    return list(ways.values())


def _judged(realm: str, way: Admitted, client: RelyingParty, services: Sequence[Service]) -> Admitted | Refused:
    """Return the way if it is open to `realm`, else what stands in it."""
    own = _refusal(realm, way, client.audience, client.assurance, services[0] if services else None)
    by_services = [_refusal(realm, way, row.audience, row.assurance, row) for row in services]
    return max(own, min(by_services, key=_gravity, default=None), key=_gravity) or way


def _refusal(
    realm: str, way: Admitted, audience: str, required: AssuranceLevel, service: Service | None
) -> Refused | None:
    verified = way.binding is not None and (way.mandate is None or way.unit is not None)
    reason = admission(realm=realm, audience=audience, required=required, bound=way.assurance if verified else None)
    return Refused(reason, audience, required, service) if reason else None


def _gravity(refusal: Refused | None) -> int:
    """Return how far somebody is from entering: who has no right is not to be sent to verify themselves for nothing."""
    order = (None, NotAdmitted.ASSURANCE_TOO_LOW, NotAdmitted.NOT_VERIFIED, NotAdmitted.NO_RIGHT)
    return order.index(refusal.reason if refusal else None)
