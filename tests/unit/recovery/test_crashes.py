"""A process dies in the middle of an act: nothing of it has happened, and done again it happens once."""

from collections.abc import Callable

import pytest

from tests.unit.recovery.acts import NEW_PASSWORD, NEW_PHONE, NOBODY, appealed, checked_code, claim, draft, token_in
from tests.unit.recovery.people import decide_twice, verified_person
from tongban.accounts.models import Account
from tongban.notify.models import InSiteMessage, Sms
from tongban.recovery.flows import redeem_link, reset_password, send_links, stop_handover, submit_appeal
from tongban.recovery.flows.forget import expire_links
from tongban.recovery.models import Appeal, Handover, Recovery
from tongban.review.models import Case, Entry

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """The process is gone."""


def _die(*_args: object, **_given: object) -> None:
    raise Killed


def standing() -> object:
    """Return what an act could have changed."""
    return (
        list(Account.objects.values_list("id", "password", "phone_index").order_by("id")),
        list(Appeal.objects.values_list("id", "case_id", "submitted_at")),
        list(Case.objects.values_list("id", "state", "round")),
        list(Handover.objects.values_list("id", "link_digest", "stopped_at", "redeemed_at")),
        [model.objects.count() for model in (Sms, InSiteMessage, Recovery, Entry)],
    )


def dies_and_is_done_again(
    monkeypatch: pytest.MonkeyPatch, module: object, act: Callable[[], object], *, at: str = "record"
) -> None:
    """Let `act` die where it calls `at`, its last step; then do it."""
    before = standing()
    with monkeypatch.context() as patch:
        patch.setattr(module, at, _die)
        with pytest.raises(Killed):
            act()
    assert standing() == before
    act()
    assert standing() != before


def test_a_reset(monkeypatch: pytest.MonkeyPatch) -> None:
    verified_person()
    said = claim()
    code = checked_code(said)

    def act() -> None:
        reset_password.reset_password(actor=NOBODY, claim=said, code=code, password=NEW_PASSWORD, network="n")

    dies_and_is_done_again(monkeypatch, reset_password, act)
    assert Sms.objects.filter(template="password_reset").count() == 1


def test_handing_in(monkeypatch: pytest.MonkeyPatch) -> None:
    appeal = draft()

    def act() -> None:
        submit_appeal.submit_appeal(actor=NOBODY, appeal_id=appeal.id)

    dies_and_is_done_again(monkeypatch, submit_appeal, act)
    act()
    assert Case.objects.count() == 1
    assert Sms.objects.filter(template="case_submitted").count() == 1


def test_sending_stopping_and_redeeming(monkeypatch: pytest.MonkeyPatch) -> None:
    verified_person()
    appealed()
    decide_twice()
    dies_and_is_done_again(monkeypatch, send_links, send_links.send_links)
    assert send_links.send_links() == 0
    assert Sms.objects.filter(template="appeal_link").count() == 1
    stop = token_in("13800000001", "stop")
    dies_and_is_done_again(monkeypatch, stop_handover, lambda: stop_handover.stop_handover(actor=NOBODY, token=stop))
    decide_twice()
    send_links.send_links()
    link = token_in(NEW_PHONE, "link")

    def redeem() -> None:
        redeem_link.redeem_link(actor=NOBODY, token=link, password=NEW_PASSWORD, network="n")

    dies_and_is_done_again(monkeypatch, redeem_link, redeem)
    assert Sms.objects.filter(template="password_reset").count() == 1
    assert expire_links() == 0
