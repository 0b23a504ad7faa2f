"""How a business system is told where it lives: from the command line into the environment of its server process."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

_PREFIX = "NEIGHBOUR_"


class OptionsError(Exception):
    """An option or the client file cannot be used; the text says which and why."""


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """What the platform's `tongban client create` printed for one client."""

    client_id: str
    client_secret: str

    def __repr__(self) -> str:
        return f"ClientCredentials(client_id={self.client_id!r})"


@dataclass(frozen=True, slots=True)
class Options:
    """Where a business system listens, where its platform is, where it keeps its state."""

    port: int
    platform: str
    home: Path
    client_file: Path
    address: str

    @classmethod
    def make(cls, *, port: int, platform: str, home: Path, client_file: Path, address: str | None = None) -> Self:
        """Return checked options; raises `OptionsError` when an address is not one."""
        return cls(
            port=port,
            platform=_origin("platform", platform),
            home=home.absolute(),
            client_file=client_file.absolute(),
            address=_origin("address", address or f"http://127.0.0.1:{port}"),
        )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Return the options that `to_environment` wrote."""
        return cls.make(
            port=int(environment[f"{_PREFIX}PORT"]),
            platform=environment[f"{_PREFIX}PLATFORM"],
            home=Path(environment[f"{_PREFIX}HOME"]),
            client_file=Path(environment[f"{_PREFIX}CLIENT_FILE"]),
            address=environment[f"{_PREFIX}ADDRESS"],
        )

    def to_environment(self) -> dict[str, str]:
        """Return the variables from which the server's worker process reads these options."""
        return {
            f"{_PREFIX}PORT": str(self.port),
            f"{_PREFIX}PLATFORM": self.platform,
            f"{_PREFIX}HOME": str(self.home),
            f"{_PREFIX}CLIENT_FILE": str(self.client_file),
            f"{_PREFIX}ADDRESS": self.address,
        }

    def credentials(self, name: str) -> ClientCredentials:
        """Return the client called `name` in the client file; raises `OptionsError`.

        The file is JSON: `{"hnte": {"client_id": "…", "client_secret": "…"}}`.
        """
        try:
            entry = json.loads(self.client_file.read_text(encoding="utf-8"))[name]
            return ClientCredentials(client_id=str(entry["client_id"]), client_secret=str(entry["client_secret"]))
        except (OSError, ValueError, LookupError, TypeError) as error:
            message = f"{self.client_file} holds no usable client {name!r} ({type(error).__name__})"
            raise OptionsError(message) from error


def _origin(name: str, address: str) -> str:
    """Return `address` without a slash at its end, if it is a bare http(s) origin."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path not in {"", "/"} or parts.query:
        message = f"--{name}: {address!r} is not of the form http://host:port"
        raise OptionsError(message)
    return f"{parts.scheme}://{parts.netloc}"
