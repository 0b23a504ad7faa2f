"""Walk into a service: the decision behind 办理入口, and the same decision again behind every sign-on."""

from dataclasses import dataclass

from tongban.accounts.models import Account, IdentityBinding
from tongban.catalogue.models import Service
from tongban.catalogue.queries import service_of_client
from tongban.kernel.assurance import AssuranceLevel
from tongban.sso import queries
from tongban.sso.errors import ClientUnknown
from tongban.sso.models import RelyingParty
from tongban.sso.rules import NotAdmitted, admission


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
    """The account may be signed on, under `binding` (None where no verification is asked for and there is none)."""

    binding: IdentityBinding | None

    @property
    def assurance(self) -> AssuranceLevel:
        """How sure the platform is who this is."""
        return AssuranceLevel(self.binding.assurance) if self.binding else AssuranceLevel.SELF_ASSERTED


def enter_service(*, account: Account | None, service: Service) -> Entered | Refused:
    """Decide whether `account` (None: nobody is signed in) may enter `service`."""
    audience, required = service.audience, service.assurance
    try:
        client = queries.relying_party(service.client_id)
    except ClientUnknown:
        return Refused(NotAdmitted.NOT_CONNECTED, audience, required, service)
    if not client.initiate_login_uri:
        return Refused(NotAdmitted.NOT_CONNECTED, audience, required, service)
    if account is None:
        return Refused(NotAdmitted.NOT_SIGNED_IN, audience, required, service)
    decision = admit(account=account, client=client, services=[service])
    return decision if isinstance(decision, Refused) else Entered(client)


def admit(*, account: Account, client: RelyingParty, services: list[Service] | None = None) -> Admitted | Refused:
    """Decide whether `account` may be signed on at `client`, whatever link it came by.

    The client's own conditions hold always; beside them those of one of the services that lead to it, if there are any.
    """
    binding = queries.binding_of(account)
    leading = list(service_of_client(client.client_id)) if services is None else services
    own = _refusal(account, binding, client.audience, client.assurance, leading[0] if leading else None)
    by_services = [_refusal(account, binding, row.audience, row.assurance, row) for row in leading]
    refusals = [own, min(by_services, key=_gravity, default=None)]
    worst = max(refusals, key=_gravity)
    return worst or Admitted(binding)


def _refusal(
    account: Account,
    binding: IdentityBinding | None,
    audience: str,
    required: AssuranceLevel,
    service: Service | None,
) -> Refused | None:
    bound = AssuranceLevel(binding.assurance) if binding else None
    reason = admission(realm=account.realm, audience=audience, required=required, bound=bound)
    return Refused(reason, audience, required, service) if reason else None


def _gravity(refusal: Refused | None) -> int:
    """Return how far somebody is from entering: who has no right is not to be sent to verify themselves for nothing."""
    order = (None, NotAdmitted.ASSURANCE_TOO_LOW, NotAdmitted.NOT_VERIFIED, NotAdmitted.NO_RIGHT)
    return order.index(refusal.reason if refusal else None)
