"""Who stands at a desk, as the platform told it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Visitor:
    """Claims of one sign-in. `unit_name` and `uscc` are set when the visitor is a unit, or acts for one.

    `agent_until` is set when a natural person acts for the unit by its mandate: when that ends, in seconds since 1970.
    """

    sub: str
    realm: str
    name: str | None
    unit_name: str | None
    uscc: str | None
    acr: str | None
    id_token: str
    agent_until: int | None = None

    @classmethod
    def from_claims(cls, *, id_claims: Mapping[str, Any], userinfo: Mapping[str, Any], id_token: str) -> Self:
        """Return the visitor of a checked ID token and the user info that belongs to it."""

        def text(name: str) -> str | None:
            value = userinfo.get(name)
            return value if isinstance(value, str) and value else None

        acr = id_claims.get("acr")
        acting = id_claims.get("acting_for")
        until = acting.get("until") if isinstance(acting, dict) else None
        return cls(
            sub=str(id_claims["sub"]),
            realm=text("realm") or "",
            name=text("name"),
            unit_name=text("unit_name"),
            uscc=text("uscc"),
            acr=acr if isinstance(acr, str) else None,
            id_token=id_token,
            agent_until=until if isinstance(until, int) else None,
        )

    @classmethod
    def from_session(cls, data: Mapping[str, Any]) -> Self:
        """Return the visitor `to_session` wrote."""
        return cls(**data)

    def to_session(self) -> dict[str, Any]:
        """Return plain data to keep in the browser's session."""
        return asdict(self)

    @property
    def shown_name(self) -> str:
        """The name in whose right the visitor acts: the unit's, else the person's."""
        return self.unit_name or self.name or "—"
