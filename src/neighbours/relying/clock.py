"""The time by which a token is judged. A demonstration may move the platform's clock; then ours must follow."""

import time

import requests

_SECONDS_TO_WAIT = 3


class PlatformClock:
    """Asks `GET /demo/clock` of the platform how far its clock is ahead; a platform without it tells real time."""

    def __init__(self, platform: str) -> None:
        self._address = f"{platform}/demo/clock"
        self._exists = True

    def now(self) -> float:
        """Return the platform's time in seconds since 1970."""
        return time.time() + self._offset()

    def is_movable(self) -> bool:
        """Return whether the platform is a demonstration: only there has it a clock that can be moved."""
        return self._ask() is not None

    def _offset(self) -> float:
        """Return the seconds the platform is ahead; 0 when it has no movable clock or does not say."""
        return self._ask() or 0.0

    def _ask(self) -> float | None:
        if not self._exists:
            return None
        try:
            answer = requests.get(self._address, timeout=_SECONDS_TO_WAIT)
            if answer.status_code == requests.codes.not_found:
                self._exists = False
                return None
            return float(answer.json()["offset"])
        except (requests.RequestException, ValueError, LookupError, TypeError):
            return None
