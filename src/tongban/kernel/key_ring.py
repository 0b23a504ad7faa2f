"""A file of secret keys: made on first start or by an operator, readable by its owner only, replaced atomically.

Every key has an id, a use and a moment from which it is current. A new key is published before it becomes current, so
that every process knows it by the time the first one uses it; older keys stay until nothing needs them any more.
"""

import base64
import fcntl
import json
import os
import secrets
import stat
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from tongban.kernel import clock

FORMAT = 1
KEY_BYTES = 32
ID_BYTES = 4


class KeyRingError(Exception):
    """The key ring is missing, unreadable or wrong; `reason` and `params` tell the operator, without any secret."""

    def __init__(self, reason: str, **params: object) -> None:
        super().__init__(reason, params)
        self.reason = reason
        self.params = params

    def __str__(self) -> str:
        return " ".join((self.reason, *(f"{name}={value}" for name, value in self.params.items())))


@dataclass(frozen=True, slots=True)
class Key:
    """One secret of `KEY_BYTES` bytes: what it is for (`use`), with which `suite`, current from `current_from` on."""

    id: str
    use: str = field(hash=False)
    suite: str = field(hash=False)
    created_at: datetime = field(hash=False)
    current_from: datetime = field(hash=False)
    secret: bytes = field(hash=False, repr=False)

    @property
    def id_bytes(self) -> bytes:
        """The id as it stands in a header: `ID_BYTES` bytes."""
        return bytes.fromhex(self.id)


def new_key(use: str, suite: str, *, ready_in: timedelta = timedelta(0)) -> Key:
    """Return a fresh random key that becomes current `ready_in` from now."""
    now = clock.now()
    secret = secrets.token_bytes(KEY_BYTES)
    return Key(secrets.token_hex(ID_BYTES), use, suite, now, now + ready_in, secret)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys of one file, oldest first."""

    keys: tuple[Key, ...]

    def of_use(self, use: str) -> list[Key]:
        """Return every key for `use`: the current one first, then the others from the newest to the oldest."""
        current = self.current(use)
        others = [key for key in reversed(self.keys) if key.use == use and key.id != current.id]
        return [current, *others]

    def current(self, use: str) -> Key:
        """Return the key to use now; raises `KeyRingError` when there is none for `use`.

        Before the first key's moment (a clock was set back) the first key counts as current: work never stops for it.
        """
        now = clock.now()
        first = current = None
        for key in self.keys:  # asked several times in every request: one look at each
            if key.use == use:
                first = first or key
                if key.current_from <= now and (current is None or key.current_from >= current.current_from):
                    current = key
        if first is None:
            raise KeyRingError("use_missing", use=use)
        return current or first

    def key(self, key_id: str, *, use: str) -> Key | None:
        """Return the key with this id for this use, or `None`."""
        return next((key for key in self.keys if key.id == key_id and key.use == use), None)


def _to_json(ring: KeyRing) -> str:
    rows = [
        {
            "id": key.id,
            "use": key.use,
            "suite": key.suite,
            "created_at": key.created_at.isoformat(),
            "current_from": key.current_from.isoformat(),
            "secret": base64.b64encode(key.secret).decode(),
        }
        for key in ring.keys
    ]
    return json.dumps({"format": FORMAT, "keys": rows}, indent=1) + "\n"


def _from_json(text: str, path: Path) -> KeyRing:
    try:
        content = json.loads(text)
        if content["format"] != FORMAT:
            raise KeyRingError("format_unknown", path=str(path))
        keys = tuple(
            Key(
                row["id"],
                row["use"],
                row["suite"],
                datetime.fromisoformat(row["created_at"]),
                datetime.fromisoformat(row["current_from"]),
                base64.b64decode(row["secret"], validate=True),
            )
            for row in content["keys"]
        )
    except (ValueError, KeyError, TypeError) as error:
        raise KeyRingError("unreadable", path=str(path), error=type(error).__name__) from None
    ids = [key.id for key in keys]
    wrong = [key.id for key in keys if len(key.secret) != KEY_BYTES or len(key.id) != 2 * ID_BYTES]
    if wrong or len(set(ids)) != len(ids):
        raise KeyRingError("key_wrong", path=str(path), ids=",".join(wrong or ids))
    return KeyRing(keys)


def read(path: Path) -> KeyRing:
    """Return the ring in the file `path`; raises `KeyRingError` when it is missing, too open or not a ring."""
    try:
        with path.open(encoding="utf-8") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read()
    except FileNotFoundError:
        raise KeyRingError("missing", path=str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise KeyRingError("unreadable", path=str(path), error=type(error).__name__) from None
    if stat.S_IMODE(mode) & 0o077:
        raise KeyRingError("too_open", path=str(path), mode=oct(stat.S_IMODE(mode)))
    return _from_json(text, path)


@contextmanager
def _written_beside(path: Path, ring: KeyRing) -> Iterator[Path]:
    """Yield a complete, synced file beside `path`, readable by its owner only; it is gone afterwards."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".key-ring-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(_to_json(ring))
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def create(path: Path, keys: Iterable[Key]) -> bool:
    """Make the file with `keys`; return False, changing nothing, when it exists (another process was first)."""
    with _written_beside(path, KeyRing(tuple(keys))) as temporary:
        try:
            os.link(temporary, path)
        except FileExistsError:
            return False
    return True


def change(path: Path, change_keys: Callable[[tuple[Key, ...]], Iterable[Key]]) -> KeyRing:
    """Replace the file's keys by `change_keys(keys)` and return the new ring; changes of two operators queue up."""
    with path.with_name(path.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ring = KeyRing(tuple(change_keys(read(path).keys)))
        with _written_beside(path, ring) as temporary:
            temporary.replace(path)
    return ring


class KeyFile:
    """A ring as a running process holds it: read on first use and again once the file has changed.

    `first_keys` makes the file where it is missing (demo and tests); without it a missing file is an error.
    """

    LOOK_AGAIN = 5.0
    """Seconds between two looks at the file. A new key must be published at least this long before it is current."""

    def __init__(self, path: Path, *, first_keys: Callable[[], Iterable[Key]] | None = None) -> None:
        self.path = path
        self._first_keys = first_keys
        self._ring: KeyRing | None = None
        self._seen: tuple[int, int] = (0, 0)
        self._look_at = 0.0

    def ring(self) -> KeyRing:
        """Return the ring; raises `KeyRingError`."""
        ring = self._ring
        if ring is None or time.monotonic() >= self._look_at:
            ring = self._look()
        return ring

    def key(self, key_id: str, *, use: str) -> Key | None:
        """Return the key with this id for this use. An unknown id makes the file be read again before `None`."""
        return self.ring().key(key_id, use=use) or self._look().key(key_id, use=use)

    def forget(self) -> None:
        """Read the file again at the next use."""
        self._ring = None

    def _look(self) -> KeyRing:
        if self._first_keys is not None and not self.path.exists():
            create(self.path, self._first_keys())
        self._look_at = time.monotonic() + self.LOOK_AGAIN
        seen = self._state()
        if self._ring is None or seen != self._seen:
            self._ring = read(self.path)
            self._seen = seen
        return self._ring

    def _state(self) -> tuple[int, int]:
        try:
            state = self.path.stat()
        except OSError:
            return (0, 0)
        return (state.st_ino, state.st_mtime_ns)


@lru_cache(maxsize=16)
def open_file(
    configured: Path | None, *, home: Path, room: str, first_keys: Callable[[], Iterable[Key]] | None
) -> KeyFile:
    """Return the key file of `room`: the configured path, else one under `home` that is made with `first_keys`.

    In production there are no `first_keys`: the path must be configured and the file exist. Raises `KeyRingError`.
    """
    if configured is None and first_keys is None:
        raise KeyRingError("path_missing", setting=f"{room.upper()}_KEY_RING")
    return KeyFile(configured or home / "keys" / f"{room}.json", first_keys=first_keys)
