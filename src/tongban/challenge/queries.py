"""What the room reads."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from tongban.challenge.errors import OutsideDemo
from tongban.challenge.models import HumanCheck, OneTimeCode
from tongban.challenge.rules import CodePurpose
from tongban.kernel import clock
from tongban.kernel.mobile import Mobile
from tongban.vault import digests
from tongban.vault.purposes import Purpose

_CODE = "challenge.code"


@dataclass(frozen=True, slots=True)
class Target:
    """What a code is bound to, as it is stored: the purpose, and digests of phone and browser."""

    purpose: str
    phone: str
    browser: str

    def digest(self, code: str) -> str:
        """Return the keyed digest of `code` for this target; the same code elsewhere has another."""
        return digests.keyed(_CODE, self._bound(code))

    def has(self, digest: str, code: str) -> bool:
        """Return, in constant time, whether `digest` is that of `code` for this target."""
        return digests.matches(digest, _CODE, self._bound(code))

    def _bound(self, code: str) -> str:
        return f"{self.purpose}|{self.phone}|{self.browser}|{code}"


def target(*, purpose: CodePurpose, phone: Mobile, browser: str) -> Target:
    """Return what a code for `purpose`, `phone` and `browser` is bound to."""
    return Target(purpose.value, digests.keyed("challenge.phone", phone.value), browser_digest(browser))


def browser_digest(browser: str) -> str:
    """Return the keyed digest under which codes and human checks know the browser with the id `browser`."""
    return digests.keyed("challenge.browser", browser)


def codes(target: Target) -> QuerySet[OneTimeCode]:
    """Return the codes of `target`, live and ended."""
    return OneTimeCode.objects.filter(purpose=target.purpose, phone=target.phone, browser=target.browser)


def live_codes(target: Target) -> QuerySet[OneTimeCode]:
    """Return the live code of `target`, if any: not ended, though perhaps past its time."""
    return codes(target).filter(ended_at__isnull=True)


def live_human_checks(browser: str) -> QuerySet[HumanCheck]:
    """Return the human checks that the browser with the id `browser` may still answer, newest first."""
    found = HumanCheck.objects.filter(
        browser=browser_digest(browser), ended_at__isnull=True, expires_at__gt=clock.now()
    )
    return found.order_by("-created_at", "-id")


def last_answer(browser: str) -> str | None:
    """Return what the 验证码 last shown to `browser` lets one see, for a demonstration that a program can finish.

    Raises `OutsideDemo` in any profile but demo and test.
    """
    check = _last_shown(browser)
    return check.answer.reveal(Purpose.SHOW_OWNER) if check else None


def last_spoken_answer(browser: str) -> str | None:
    """Return what the same 验证码 lets one hear. Raises `OutsideDemo` in any profile but demo and test."""
    check = _last_shown(browser)
    return check.spoken.reveal(Purpose.SHOW_OWNER) if check and check.spoken else None


def _last_shown(browser: str) -> HumanCheck | None:
    if settings.PROFILE not in {"demo", "test"}:
        raise OutsideDemo
    return live_human_checks(browser).filter(spoken__isnull=False).first()
