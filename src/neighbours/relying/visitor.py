"""Who stands at a desk, as the platform told it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Visitor:
    """Claims of one sign-in. `unit_name` and `uscc` are set when the visitor acts for a unit."""

    sub: str
    realm: str
    name: str | None
    unit_name: str | None
    uscc: str | None
    acr: str | None
    id_token: str

    @classmethod
    def from_claims(cls, *, id_claims: Mapping[str, Any], userinfo: Mapping[str, Any], id_token: str) -> Self:
        """Return the visitor of a checked ID token and the user info that belongs to it."""

        def text(name: str) -> str | None:
            value = userinfo.get(name)
            return value if isinstance(value, str) and value else None

        acr = id_claims.get("acr")
        return cls(
            sub=str(id_claims["sub"]),
            realm=text("realm") or "",
            name=text("name"),
            unit_name=text("unit_name"),
            uscc=text("uscc"),
            acr=acr if isinstance(acr, str) else None,
            id_token=id_token,
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
