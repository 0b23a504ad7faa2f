"""The file of keys: who may read it, what is refused, what two processes see of each other."""

import json
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from tests.moved_clock import MovedClock, moved_clock
from tongban.kernel import key_ring
from tongban.kernel.key_ring import Key, KeyFile, KeyRing, KeyRingError, new_key


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "ring.json"


@pytest.fixture
def time() -> Iterator[MovedClock]:
    with moved_clock() as clock:
        yield clock


def test_file_is_its_owners_only_and_reads_back(path: Path) -> None:
    keys = [new_key("seal", "suite"), new_key("index", "suite")]
    assert key_ring.create(path, keys)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert key_ring.read(path) == KeyRing(tuple(keys))
    assert list(path.parent.iterdir()) == [path]


def test_keys_are_long_distinct_and_never_printed() -> None:
    one, other = new_key("seal", "suite"), new_key("seal", "suite")
    assert len(one.secret) == 32
    assert one.secret != other.secret
    assert one.id != other.id
    assert repr(one.secret) not in repr(one)


def test_second_creation_changes_nothing(path: Path) -> None:
    key_ring.create(path, [new_key("seal", "suite")])
    before = path.read_bytes()
    assert not key_ring.create(path, [new_key("seal", "suite")])
    assert path.read_bytes() == before


def test_many_first_starts_at_once_agree_on_one_ring(path: Path) -> None:
    def start(number: int) -> KeyRing:
        return KeyFile(path, first_keys=lambda: [new_key("seal", "suite")]).ring()

    with ThreadPoolExecutor(8) as pool:
        assert len({ring.keys for ring in pool.map(start, range(16))}) == 1


def test_many_changes_at_once_all_arrive(path: Path) -> None:
    key_ring.create(path, [])
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: key_ring.change(path, lambda keys: (*keys, new_key("seal", "suite"))), range(16)))
    assert len(key_ring.read(path).keys) == 16


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_file_others_can_open_is_refused(path: Path, mode: int) -> None:
    key_ring.create(path, [new_key("seal", "suite")])
    path.chmod(mode)
    with pytest.raises(KeyRingError, match="too_open"):
        key_ring.read(path)


def test_missing_file_is_refused(path: Path) -> None:
    with pytest.raises(KeyRingError, match="missing"):
        KeyFile(path).ring()


def test_folder_in_its_place_is_refused(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(KeyRingError, match="unreadable"):
        key_ring.read(path)


def _row(**changes: object) -> dict[str, object]:
    moment = "2026-01-01T00:00:00+00:00"
    row = {"id": "00000001", "use": "seal", "suite": "s", "created_at": moment, "current_from": moment}
    return row | {"secret": "A" * 43 + "="} | changes


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("not json", "unreadable"),
        ("[]", "unreadable"),
        ({"keys": []}, "unreadable"),
        ({"format": 2, "keys": []}, "format_unknown"),
        ({"format": 1, "keys": [_row(secret="AAAA")]}, "key_wrong"),
        ({"format": 1, "keys": [_row(secret="!")]}, "unreadable"),
        ({"format": 1, "keys": [_row(id="1")]}, "key_wrong"),
        ({"format": 1, "keys": [_row(), _row()]}, "key_wrong"),
        ({"format": 1, "keys": [{"id": "00000001"}]}, "unreadable"),
    ],
)
def test_file_that_is_no_ring_is_refused(path: Path, content: object, reason: str) -> None:
    path.parent.mkdir()
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    path.chmod(0o600)
    with pytest.raises(KeyRingError, match=reason) as caught:
        key_ring.read(path)
    assert "AAAA" not in str(caught.value)


def test_key_becomes_current_at_its_moment(time: MovedClock) -> None:
    old = new_key("seal", "suite")
    new = new_key("seal", "suite", ready_in=timedelta(seconds=60))
    ring = KeyRing((old, new_key("index", "suite"), new))
    assert ring.current("seal") == old
    assert ring.of_use("seal") == [old, new]
    time.forward(seconds=60)
    assert ring.current("seal") == new
    assert ring.of_use("seal") == [new, old]


def test_the_newer_of_two_keys_of_one_moment_is_current(time: MovedClock) -> None:
    old, new = new_key("seal", "suite"), new_key("seal", "suite")
    assert KeyRing((old, new)).current("seal") == new


def test_clock_set_back_before_the_first_key_stops_nothing(time: MovedClock) -> None:
    old, new = new_key("seal", "suite"), new_key("seal", "suite")
    time.forward(days=-1)
    assert KeyRing((old, new)).current("seal") == old


def test_use_without_a_key_is_refused() -> None:
    with pytest.raises(KeyRingError, match="use_missing use=seal"):
        KeyRing(()).current("seal")


def test_running_process_finds_an_unknown_key_at_once(path: Path) -> None:
    key_ring.create(path, [new_key("seal", "suite")])
    file = KeyFile(path)
    file.ring()
    new = new_key("seal", "suite")
    key_ring.change(path, lambda keys: (*keys, new))
    assert len(file.ring().keys) == 1
    assert file.key(new.id, use="seal") == new
    assert file.key(new.id, use="index") is None
    assert file.key("ffffffff", use="seal") is None


def test_running_process_looks_again_after_some_seconds(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key_ring.create(path, [new_key("seal", "suite")])
    file = KeyFile(path)
    first = file.ring()
    monkeypatch.setattr(KeyFile, "LOOK_AGAIN", 0.0)
    file.forget()
    assert file.ring() is not first
    assert file.ring() is file.ring()
    added: Key = new_key("seal", "suite")
    key_ring.change(path, lambda keys: (*keys, added))
    assert added in file.ring().keys


def test_running_process_notices_that_the_file_is_gone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key_ring.create(path, [new_key("seal", "suite")])
    monkeypatch.setattr(KeyFile, "LOOK_AGAIN", 0.0)
    file = KeyFile(path)
    file.ring()
    path.unlink()
    with pytest.raises(KeyRingError, match="missing"):
        file.ring()
