"""The platform's transfer search, asked over its API with this site's own credentials (client credentials)."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from neighbours.relying import language
from neighbours.relying.errors import PlatformUnavailable
from neighbours.relying.options import ClientCredentials

_SECONDS_TO_WAIT = 5
_SCOPE = "account-search"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Searcher:
    """For whom we ask: a name for the browser that says nothing of the person, and the address it calls from."""

    id: str
    network: str


@dataclass(frozen=True, slots=True)
class Found:
    """What the platform says: one outcome, the login name afterwards ("": none), and the page of the next step."""

    outcome: str
    login_name: str
    address: str


class Refused(Exception):
    """The platform does not answer, and says why: `field` is what has to be changed ("": nothing typed is wrong)."""

    def __init__(self, *, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class TransferApi:
    """Asks. One token serves everybody until it ends; one that the platform takes no longer is fetched anew."""

    def __init__(self, *, platform: str, credentials: ClientCredentials) -> None:
        self._platform = platform
        self._fetching = threading.Lock()
        self._session = OAuth2Session(
            credentials.client_id,
            credentials.client_secret,
            scope=_SCOPE,
            grant_type="client_credentials",
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - the name of a method
        )

    def answers(self) -> bool:
        """Tell whether the platform can be asked."""
        try:
            self._token_endpoint()
        except PlatformUnavailable:
            return False
        return True

    def search_unit(self, uscc: str, *, searcher: Searcher) -> Found:
        """Return what became of a unit's account; raises `Refused`, `PlatformUnavailable`."""
        return self._ask("unit-searches", _found, uscc=uscc, searcher={"network": searcher.network})

    def send_code(self, phone: str, *, searcher: Searcher) -> int:
        """Let the platform send an SMS code; returns the seconds until it may be asked again.

        Raises `Refused`, `PlatformUnavailable`.
        """
        return self._ask("person-codes", _resend_in, phone=phone, searcher=_named(searcher))

    def search_person(self, phone: str, code: str, *, searcher: Searcher) -> Found:
        """Return what became of a person's account; raises `Refused`, `PlatformUnavailable`."""
        return self._ask("person-searches", _found, phone=phone, code=code, searcher=_named(searcher))

    def _ask(self, what: str, read: Callable[[Any], T], **question: Any) -> T:
        """Return what `read` makes of the answer to a question."""
        try:
            answer = self._post(f"{self._platform}/api/transfer/{what}", question)
            if answer.ok:
                return read(answer.json())
            refused = _refused(answer.json()) if answer.status_code in {422, 429} else None
        except (requests.RequestException, OAuthError, ValueError, LookupError, TypeError) as error:
            raise PlatformUnavailable from error
        if refused is None:  # the rest is between the two servers
            raise PlatformUnavailable(answer.status_code)
        raise refused

    def _post(self, address: str, question: Mapping[str, Any]) -> requests.Response:
        if self._session.token is None:
            self._fetch_token()
        answer = self._send(address, question)
        if answer.status_code == requests.codes.unauthorized:  # the token ended: in time, or with a new secret
            self._fetch_token()
            answer = self._send(address, question)
        return answer

    def _send(self, address: str, question: Mapping[str, Any]) -> requests.Response:
        token = self._session.token["access_token"]
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": language.spoken()}
        return requests.post(address, json=question, headers=headers, timeout=_SECONDS_TO_WAIT)

    def _fetch_token(self) -> None:
        with self._fetching:
            self._session.fetch_token(self._token_endpoint(), timeout=_SECONDS_TO_WAIT)

    def _token_endpoint(self) -> str:
        """Return where tokens are given; raises `PlatformUnavailable`, also for another issuer than the one asked."""
        try:
            answer = requests.get(f"{self._platform}/.well-known/openid-configuration", timeout=_SECONDS_TO_WAIT)
            metadata = answer.json()
            if metadata["issuer"] != self._platform:
                raise PlatformUnavailable(metadata["issuer"])
            return str(metadata["token_endpoint"])
        except (requests.RequestException, ValueError, LookupError, TypeError) as error:
            raise PlatformUnavailable from error


def _named(searcher: Searcher) -> dict[str, str]:
    return {"id": searcher.id, "network": searcher.network}


def _found(document: Any) -> Found:
    return Found(str(document["outcome"]), document["login_name"] or "", str(document["next_step"]["address"]))


def _resend_in(document: Any) -> int:
    return int(document["resend_in"])


def _refused(problem: Any) -> Refused:
    """Return the refusal in problem details (RFC 9457)."""
    pointers = [error["pointer"] for error in problem.get("errors", [])]
    return Refused(sentence=str(problem["detail"]), field=pointers[0].removeprefix("/") if pointers else "")
