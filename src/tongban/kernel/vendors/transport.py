"""One HTTPS exchange with one deadline for everything: finding the address, connecting, TLS, sending, receiving.

The time-outs of HTTP clients bound each wait on a socket; a server that sends a byte now and then outlives them all,
and looking up a name is bounded by none. Here every wait gets what is left until the deadline. Whether any byte of the
question left this machine is noted: before that a failure is surely without consequences.

Each exchange has a connection of its own. A kept connection that the vendor closes at the wrong moment would lose an
answer, and for an SMS a lost answer costs more than a handshake.
"""

import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpcore

LARGEST_ANSWER = 256 * 1024
_CONNECT = 2.0
_RESOLVERS = 4


@dataclass(frozen=True, slots=True, repr=False)
class Question:
    """What is posted, to `url` with `headers`. Never printed: it holds keys and personal data."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Reply:
    """What came back; `status` is HTTP's."""

    status: int
    body: bytes


class Failed(Exception):
    """No reply. `has_left`: some byte of the question left this machine; `reason` names the kind of failure."""

    def __init__(self, reason: str, *, has_left: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.has_left = has_left


def post(question: Question, *, within: float, proxy: str = "") -> Reply:
    """Post `question` and return the reply, `within` seconds at most; raises `Failed`.

    `proxy` is the address of an HTTP proxy that tunnels (CONNECT), or "".
    """
    network = _Network(time.monotonic() + within)
    try:
        with httpcore.ConnectionPool(
            ssl_context=_tls(),
            proxy=httpcore.Proxy(proxy) if proxy else None,
            max_keepalive_connections=0,
            network_backend=network,
        ) as pool:
            headers = [(name, value.encode()) for name, value in question.headers.items()]
            with pool.stream("POST", question.url, headers=headers, content=question.body) as response:
                return Reply(response.status, _read(response))
    except httpcore.ProxyError:
        # The proxy did not open the tunnel: it has heard the name of a host, and nothing of the question.
        raise Failed("ProxyError", has_left=False) from None
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise Failed(type(error).__name__, has_left=network.has_left) from None


def _read(response: httpcore.Response) -> bytes:
    body = b""
    for chunk in response.iter_stream():
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise Failed("too long", has_left=True)
    return body


@cache
def _tls() -> ssl.SSLContext:
    """Return the system's trust, made once: loading the certificates costs milliseconds."""
    return ssl.create_default_context()


@cache
def _resolver() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=_RESOLVERS, thread_name_prefix="vendor-names")


class _Network(httpcore.NetworkBackend):
    """Sockets that know the deadline, and whether anything was written."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.has_left = False

    def left(self, error: type[Exception]) -> float:
        """Return the seconds that are left; raises `error` when there are none."""
        seconds = self.deadline - time.monotonic()
        if seconds <= 0:
            raise error
        return seconds

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of `host` that answers."""
        failure: Exception = httpcore.ConnectError()
        for address in self._addresses(host, port):
            seconds = min(_CONNECT, self.left(httpcore.ConnectTimeout))
            try:
                stream = httpcore.SyncBackend().connect_tcp(address, port, timeout=seconds)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self)
        raise failure

    def _addresses(self, host: str, port: int) -> list[str]:
        found: Future[list[Any]] = _resolver().submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        try:
            return [str(entry[4][0]) for entry in found.result(timeout=self.left(httpcore.ConnectTimeout))]
        except NotInTime:
            found.cancel()
            raise httpcore.ConnectTimeout from None
        except (OSError, UnicodeError):
            raise httpcore.ConnectError from None


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait ends at the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, network: _Network) -> None:
        self._stream = stream
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there, waiting no longer than the deadline."""
        return self._stream.read(max_bytes, timeout=self._network.left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write; from the first byte on nobody knows any more what the other side has done."""
        seconds = self._network.left(httpcore.WriteTimeout)
        self._network.has_left = True
        self._stream.write(buffer, timeout=seconds)

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Shake hands; neither the handshake nor the tunnel asked for before it carries anything of the question."""
        seconds = self._network.left(httpcore.ConnectTimeout)
        self._network.has_left = False
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, timeout=seconds), self._network)

    def get_extra_info(self, info: str) -> Any:
        """Pass on what the socket says of itself."""
        return self._stream.get_extra_info(info)
