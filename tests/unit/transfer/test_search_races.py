"""Thirty searches at the same moment."""

from collections import Counter

import pytest

from tests.parallel import in_parallel
from tests.unit.transfer.searcher import PHONE, Searcher, code_sent_to, legacy
from tongban.kernel.mobile import Mobile
from tongban.transfer.rules import Outcome
from tongban.transfer.searching import count_proof

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
MANY = 30


def test_one_code_opens_one_search(searcher: Searcher) -> None:
    legacy(Outcome.P1)
    searcher.asks_code()
    code = code_sent_to(PHONE)
    answers = in_parallel(MANY, lambda number: searcher.person(code).status_code)
    assert Counter(answers)[200] == 1, answers
    assert set(answers) <= {200, 422, 429}


def test_three_networks_a_day_are_three(searcher: Searcher, settings: pytest.FixtureRequest) -> None:
    settings.TRANSFER_SEARCH_RATES_PHONE = "1000/h"  # type: ignore[attr-defined]
    phone = Mobile.parse(PHONE)
    answers = in_parallel(MANY, lambda number: count_proof(phone, f"192.0.2.{number}"))
    assert Counter(type(answer).__name__ for answer in answers) == {"NoneType": 3, "TooManyRequests": MANY - 3}


def test_a_network_is_counted_exactly(searcher: Searcher, settings: pytest.FixtureRequest) -> None:
    settings.TRANSFER_SEARCH_RATES_NETWORK = "10/h"  # type: ignore[attr-defined]
    answers = in_parallel(MANY, lambda number: searcher.unit().status_code)
    assert Counter(answers) == {200: 10, 429: 20}
