"""Calls to vendors over real sockets: one deadline, safe repetitions, the circuit, errors that say nothing personal."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.vendors.server import KEY_ID, KEY_SECRET, Mood, Vendor, lost_answer, lost_question, says, serving, slow
from tongban.kernel.vendors import channel, transport
from tongban.kernel.vendors.alibaba import Alibaba
from tongban.kernel.vendors.breaker import FAILURES, REST, Breaker
from tongban.kernel.vendors.errors import (
    NotReached,
    Refused,
    Throttled,
    Unanswered,
    VendorError,
    safe_code,
    safe_request_id,
)
from tongban.kernel.vendors.tencent import Tencent

PARAMS = {"Name": "张三", "IdCard": "110105199001010010"}
DONE = frozenset({"OK"})


@pytest.fixture(autouse=True)
def _circuits_are_closed() -> Iterator[None]:
    channel.forget_breakers()
    yield
    channel.forget_breakers()


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    """A vendor that repeats what it was told."""
    with serving({"Look": lambda params: {"Code": "OK", "Told": params}}) as running:
        yield running


def alibaba(vendor: Vendor, *, within: float = 2.0, repeatable: bool = True, secret: str = KEY_SECRET) -> Any:
    service = Alibaba(KEY_ID, secret, vendor.address)
    return service.call("Look", "2020-01-01", PARAMS, done=DONE, within=within, repeatable=repeatable)


def tencent(vendor: Vendor, *, within: float = 2.0, repeatable: bool = True, secret: str = KEY_SECRET) -> Any:
    service = Tencent(KEY_ID, secret, "sms", vendor.address, region="ap-guangzhou")
    return service.call("Look", "2020-01-01", PARAMS, within=within, repeatable=repeatable)


BOTH = pytest.mark.parametrize("call", [alibaba, tencent])


@BOTH
def test_a_signed_question_is_answered(call: Any, vendor: Vendor) -> None:
    assert call(vendor)["Told"] == PARAMS
    assert call(vendor)["Told"] == PARAMS
    assert vendor.times("Look") == 2


@BOTH
def test_a_wrong_key_is_refused_and_not_tried_again(call: Any, vendor: Vendor) -> None:
    with pytest.raises(Refused) as raised:
        call(vendor, secret="another")
    assert raised.value.reason in {"SignatureDoesNotMatch", "AuthFailure.SignatureFailure"}
    assert vendor.asked == []


@BOTH
def test_a_lost_answer_is_asked_for_again_only_where_that_is_safe(call: Any, vendor: Vendor) -> None:
    vendor.moods[:] = [lost_answer()]
    assert call(vendor)["Told"] == PARAMS
    assert vendor.times("Look") == 2
    vendor.moods[:] = [lost_question()]
    with pytest.raises(Unanswered):
        call(vendor, repeatable=False)
    assert vendor.times("Look") == 3


@pytest.mark.parametrize(
    ("call", "turned_away"),
    [
        (alibaba, says({"Code": "Throttling.User", "RequestId": "A-1"}, status=400)),
        (tencent, says({"Response": {"Error": {"Code": "RequestLimitExceeded", "Message": "…"}}})),
    ],
)
def test_what_was_turned_away_unread_may_be_asked_again(call: Any, turned_away: Mood, vendor: Vendor) -> None:
    vendor.moods[:] = [turned_away, turned_away]
    assert call(vendor, repeatable=False)["Told"] == PARAMS
    vendor.lasting = turned_away
    with pytest.raises(Throttled):
        call(vendor, repeatable=False)


@pytest.mark.parametrize(
    "unusable",
    [
        says(b"<html>a page of some proxy</html>"),
        says(b"[]"),
        says(b'{"Code": "OK"'),
        says(b"\xff\xfe"),
        says(b"[" * 100_000),
        says({"Code": "ServiceUnavailable"}, status=503),
        says({"Response": "none"}),
        says({"Response": {"Error": {"Code": "InternalError.Timeout"}}}),
        says({"Response": {"Error": "none"}}),
        says(b" " * (transport.LARGEST_ANSWER + 1)),
    ],
)
@BOTH
def test_an_unusable_answer_is_none(call: Any, unusable: Mood, vendor: Vendor) -> None:
    vendor.lasting = unusable
    with pytest.raises(Unanswered):
        call(vendor, repeatable=False)


@BOTH
@pytest.mark.parametrize("late", [slow(5), Mood(drips=True)])
def test_there_is_one_deadline_for_everything(call: Any, late: Mood, vendor: Vendor) -> None:
    vendor.lasting = late
    begun = time.monotonic()
    with pytest.raises(Unanswered):
        call(vendor, within=0.5)
    # Generous: what matters is that the seconds of a slow server are not waited for.
    assert time.monotonic() - begun < 3.0


@BOTH
def test_a_second_answer_on_the_line_is_not_heard(call: Any, vendor: Vendor) -> None:
    vendor.moods[:] = [Mood(twice=True)]
    assert call(vendor)["Told"] == PARAMS
    assert call(vendor)["Told"] == PARAMS


def nobody() -> str:
    """Return an address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.mark.parametrize("repeatable", [True, False])
def test_a_vendor_that_is_away_was_surely_not_reached(repeatable: bool) -> None:
    with pytest.raises(NotReached):
        alibaba(Vendor(address=nobody()), repeatable=repeatable)


def test_a_name_nobody_knows_or_nobody_answers_for_ends_by_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    def stuck(*_about: object, **_more: object) -> list[Any]:
        time.sleep(4)
        return []

    def unknown(*_about: object, **_more: object) -> list[Any]:
        raise socket.gaierror

    def unreadable(*_about: object, **_more: object) -> list[Any]:
        raise UnicodeError

    for resolve in (stuck, unknown, unreadable):
        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        begun = time.monotonic()
        with pytest.raises(NotReached):
            alibaba(Vendor(address="http://nowhere.example"), within=0.2)
        assert time.monotonic() - begun < 3.0


def test_the_next_address_of_a_name_is_tried(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    port = int(vendor.address.rpartition(":")[2])
    found = [(2, 1, 6, "", ("127.0.0.2", 9)), (2, 1, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_about, **_more: found)
    monkeypatch.setattr(vendor, "address", f"http://vendor.example:{port}")
    with socket.socket() as closed:
        closed.bind(("127.0.0.2", 0))
        assert alibaba(vendor)["Told"] == PARAMS


def test_no_time_left_means_nothing_was_said() -> None:
    with pytest.raises(transport.Failed) as failed:
        transport.post(transport.Question("http://127.0.0.1:9", {}, b""), within=-1.0)
    assert not failed.value.has_left


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that it signed itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return pem


@contextmanager
def line(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """Take one call on a port of its own and let `serve` have it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(5)

        def take() -> None:
            caller, _peer = listening.accept()
            with caller, suppress(OSError):
                caller.settimeout(5)
                serve(caller)

        thread = threading.Thread(target=take)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def answer_over_tls(certificate: Path, heard: list[bytes]) -> Callable[[socket.socket], None]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def serve(caller: socket.socket) -> None:
        with context.wrap_socket(caller, server_side=True) as line:
            heard.append(b"")
            while not heard[-1].endswith(b"secret") and (more := line.recv(65536)):
                heard[-1] += more
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    return serve


def ask_over_tls(port: int, *, proxy: str = "") -> transport.Reply:
    headers = {"host": f"127.0.0.1:{port}", "content-length": "6"}
    return transport.post(transport.Question(f"https://127.0.0.1:{port}/", headers, b"secret"), within=3.0, proxy=proxy)


def test_a_certificate_nobody_vouches_for_gets_to_know_nothing(certificate: Path) -> None:
    heard: list[bytes] = []
    with line(answer_over_tls(certificate, heard)) as port, pytest.raises(transport.Failed) as failed:
        ask_over_tls(port)
    assert (failed.value.reason, failed.value.has_left, heard) == ("ConnectError", False, [])


@pytest.fixture
def _vouched_for(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(transport, "_tls", lambda: context)


@pytest.mark.usefixtures("_vouched_for")
def test_a_question_goes_over_tls(certificate: Path) -> None:
    heard: list[bytes] = []
    with line(answer_over_tls(certificate, heard)) as port:
        assert ask_over_tls(port).body == b"{}"
    assert heard[0].endswith(b"secret")


@pytest.mark.usefixtures("_vouched_for")
def test_a_proxy_tunnels_and_sees_the_host_only(certificate: Path) -> None:
    heard: list[bytes] = []
    asked_of_proxy: list[bytes] = []
    answer = answer_over_tls(certificate, heard)

    def tunnel(caller: socket.socket) -> None:
        asked_of_proxy.append(caller.recv(65536))
        caller.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        answer(caller)  # what is behind the tunnel

    with line(tunnel) as port:
        assert ask_over_tls(443, proxy=f"http://127.0.0.1:{port}").body == b"{}"
    assert asked_of_proxy[0].startswith(b"CONNECT 127.0.0.1:443 ")
    assert b"secret" not in asked_of_proxy[0]
    assert heard[0].endswith(b"secret")


def test_a_proxy_that_does_not_tunnel_or_is_away_has_heard_nothing() -> None:
    def refuse(caller: socket.socket) -> None:
        caller.recv(65536)
        caller.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

    with line(refuse) as port, pytest.raises(transport.Failed) as failed:
        ask_over_tls(443, proxy=f"http://127.0.0.1:{port}")
    assert (failed.value.reason, failed.value.has_left) == ("ProxyError", False)
    with pytest.raises(transport.Failed) as failed:
        ask_over_tls(443, proxy=nobody())
    assert not failed.value.has_left


class Watch:
    """Time a test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_the_circuit_opens_rests_and_lets_one_probe_pass() -> None:
    watch = Watch()
    circuit = Breaker(tell_time=watch)
    for _ in range(FAILURES):
        assert circuit.lets_pass()
        circuit.failed()
    assert circuit.is_open
    assert not circuit.lets_pass()
    watch.seconds += REST
    assert not circuit.is_open
    assert circuit.lets_pass()
    assert not circuit.lets_pass()
    circuit.failed()
    watch.seconds += REST - 1
    assert not circuit.lets_pass()
    watch.seconds += 1
    assert circuit.lets_pass()
    circuit.succeeded()
    assert [circuit.lets_pass(), circuit.lets_pass(), circuit.is_open] == [True, True, False]


@BOTH
def test_nobody_waits_for_a_vendor_that_has_stopped_answering(call: Any, vendor: Vendor) -> None:
    vendor.lasting = lost_question()
    for _ in range(FAILURES):
        with pytest.raises(Unanswered):
            call(vendor, repeatable=False)
    with pytest.raises(NotReached) as raised:
        call(vendor)
    assert raised.value.reason == "circuit open"
    assert vendor.times("Look") == FAILURES


@BOTH
def test_refusals_do_not_open_the_circuit(call: Any, vendor: Vendor) -> None:
    for _ in range(FAILURES + 1):
        with pytest.raises(Refused):
            call(vendor, secret="another")
    assert call(vendor)["Told"] == PARAMS


@BOTH
def test_neither_errors_nor_logs_hold_what_was_asked(
    call: Any, vendor: Vendor, capsys: pytest.CaptureFixture[str]
) -> None:
    quoting = {"Code": "张三 110105199001010010", "Message": "张三", "RequestId": "110105199001010010 张三"}
    vendor.moods[:] = [says(quoting, status=400), says({"Response": {"Error": quoting, "RequestId": "张三"}})]
    for _ in range(2):
        with pytest.raises(VendorError) as raised:
            call(vendor, repeatable=False)
        shown = f"{raised.value!r} {raised.value} {capsys.readouterr()}"
        assert "张三" not in shown
        assert PARAMS["IdCard"] not in shown
        assert KEY_SECRET not in shown


def test_codes_are_shown_only_when_they_look_like_codes() -> None:
    for code in ("isv.BUSINESS_LIMIT_CONTROL", "FailedOperation.PhoneNumberInBlacklist", "402", "-5"):
        assert safe_code(code) == code
    for text in ("", None, "13812345678", "MOBILE 13812345678", "张三", "A" * 65):
        assert safe_code(text) == "unreadable"
    assert safe_request_id("2E7B5C5A-0000-4000-8000-000000000001") == "2E7B5C5A-0000-4000-8000-000000000001"
    assert safe_request_id("no id") == ""
