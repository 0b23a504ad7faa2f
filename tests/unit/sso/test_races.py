"""Many callers at the same moment, on committed data."""

import pytest
from django.test import Client

from tests.parallel import in_parallel
from tests.unit.mandates.people import given
from tests.unit.sso.house import Rp, answer_of, code_for, make_client, make_service, stored_code, token_of_code
from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.mandates.flows.end import end
from tongban.sso.flows.give_consent import give_consent
from tongban.sso.flows.keep_signing_keys import rotate_signing_key
from tongban.sso.models import AccessToken, Grant, SigningKey

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_thirty_redemptions_of_a_code_give_one_token_which_the_replays_end(at_browser: Client, rp: Rp) -> None:
    code = code_for(at_browser, rp)
    answers = in_parallel(30, lambda _: Rp(rp.registered, verifier=rp.verifier).redeem(code))
    statuses = [answer.status_code for answer in answers if not isinstance(answer, Exception)]
    assert len(statuses) == 30, answers
    assert sorted(set(statuses)) == [200, 400]
    assert statuses.count(200) == 1
    assert AccessToken.objects.filter(code=stored_code(code)).count() == 1
    assert token_of_code(code).revoked_reason == "code_replayed"


def test_thirty_redemptions_by_two_clients_give_one_token_to_the_right_one(at_browser: Client, rp: Rp) -> None:
    thief = Rp(make_client("thief"), verifier=rp.verifier)
    code = code_for(at_browser, rp)
    everybody = [rp, *[thief] * 29]

    def redeem(number: int) -> int:
        caller = everybody[number]
        return int(Rp(caller.registered, verifier=rp.verifier).redeem(code).status_code)

    assert in_parallel(30, redeem) == [200, *[400] * 29]
    assert token_of_code(code).revoked_at is None


def test_consent_given_in_many_windows_is_one_consent(person: Account, rp: Rp) -> None:
    client = rp.registered.client
    given = in_parallel(10, lambda _: give_consent(account=person, client=client, scopes=["openid", "profile"]))
    assert not [grant for grant in given if isinstance(grant, Exception)]
    assert Grant.objects.filter(account=person, client=client, ended_at=None).count() == 1


def test_rotating_at_the_same_moment_makes_no_two_keys_of_one_generation(rp: Rp) -> None:
    in_parallel(4, lambda _: rotate_signing_key(actor=Actor.system(), algorithm="ES256"))
    generations = list(SigningKey.objects.order_by("generation").values_list("generation", flat=True))
    assert generations == list(range(1, len(generations) + 1))
    assert len(generations) > 1


def test_many_sign_ons_at_once_get_codes_of_their_own(at_browser: Client, rp: Rp) -> None:
    code_for(at_browser, rp)
    cookie = at_browser.cookies["tongban_session"].value

    def sign_on(_: int) -> str:
        browser = Client()
        browser.cookies["tongban_session"] = cookie
        return answer_of(browser.get(rp.address()))["code"]

    codes = in_parallel(12, sign_on)
    assert len({str(code) for code in codes}) == 12
    assert not [code for code in codes if isinstance(code, Exception)]


def test_who_redeems_while_the_mandate_ends_is_left_with_nothing(
    unit: Account, person: Account, at_browser: Client
) -> None:
    rp = Rp(make_client(audience="legal"))
    make_service()
    mandate = given(unit, person)
    codes = [code_for(at_browser, rp) for _ in range(12)]
    tokens: list[str] = []

    def act(number: int) -> None:
        if number == 6:
            end(actor=unit, mandate_id=mandate.id)
            return
        answer = Rp(rp.registered, verifier=rp.verifier).redeem(codes[number % 12])
        if answer.status_code == 200:
            tokens.append(answer.json()["access_token"])

    problems = [problem for problem in in_parallel(13, act) if problem is not None]
    assert problems == []
    assert {rp.userinfo(token).status_code for token in tokens} <= {401}
    assert [rp.redeem(code).status_code for code in codes] == [400] * 12


def test_consents_for_several_units_given_at_once_stand_side_by_side(person: Account, rp: Rp) -> None:
    client, units = rp.registered.client, ["", "91110108MA01ET88XL", "91110108MA00000070"]
    in_parallel(
        12, lambda number: give_consent(account=person, client=client, scopes=["openid"], uscc=units[number % 3])
    )
    live = Grant.objects.filter(account=person, client=client, ended_at=None)
    assert sorted(live.values_list("uscc", flat=True)) == sorted(units)
