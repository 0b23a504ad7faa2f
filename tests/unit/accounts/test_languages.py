"""An account remembers in which language its person reads, and what is about it is sent in that."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from tests.journeys.people import some_unit, somebody
from tests.parallel import in_parallel
from tests.unit.accounts.test_bind import bind_company
from tests.unit.challenge.person import Person
from tests.unit.review.desk import staff
from tongban.accounts.flows.change_password import change_password
from tongban.accounts.flows.choose_language import choose_language
from tongban.accounts.flows.open_account import open_account
from tongban.accounts.flows.recognise_device import recognise_device
from tongban.accounts.flows.suspend_account import lift_suspension, suspend_account
from tongban.accounts.models import Account
from tongban.accounts.rules import Realm, Role
from tongban.audit.actors import Actor
from tongban.kernel import clock
from tongban.kernel.ids import new_id
from tongban.notify.models import Sms
from tongban.notify.queries import messages_for

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def reading(language: str, login_name: str = "zhang.san", phone: str = "13800000001") -> Account:
    account = somebody(login_name, phone)
    choose_language(account=account, language=language)
    return account


def stored(account: Account) -> str:
    return Account.objects.values_list("language", flat=True).get(id=account.id)


@pytest.mark.parametrize(("spoken", "remembered"), [("en", "en"), ("zh-hans", "zh-hans"), (None, "zh-hans")])
def test_a_new_account_reads_what_was_spoken(spoken: str | None, remembered: str) -> None:
    with translation.override(spoken):
        account = open_account(realm=Realm.STAFF, login_name="a.bc", encoded_password=make_password(None), phone=None)
    assert stored(account) == remembered


def test_the_same_choice_again_costs_nothing(
    django_assert_num_queries: Callable[[int], transaction.Atomic],
) -> None:
    account = reading("en")
    with django_assert_num_queries(0):
        choose_language(account=account, language="en")
    with django_assert_num_queries(1):
        choose_language(account=account, language="zh-hans")
    assert stored(account) == account.language == "zh-hans"


@pytest.mark.parametrize("unknown", ["", "de", "EN", "zh"])
def test_the_database_knows_no_other_language(unknown: str) -> None:
    account = somebody()
    with pytest.raises(IntegrityError, match="account_reads_a_language_we_speak"), transaction.atomic():
        Account.objects.filter(id=account.id).update(language=unknown)


def test_a_row_that_says_nothing_reads_chinese() -> None:
    """As rows of the import of another platform do, and of servers of the release before."""
    account = staff()
    names = [str(field.column) for field in Account._meta.concrete_fields if field.name not in {"language", "id"}]
    key = Account._meta.pk.get_db_prep_value(other := new_id(), connection)
    old = Account._meta.pk.get_db_prep_value(account.id, connection)
    columns = ", ".join(names)
    copied = columns.replace("login_name_key", "'other'")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO accounts_account (id, {columns}) SELECT %s, {copied} FROM accounts_account WHERE id = %s",
            [key, old],
        )
    assert Account.objects.get(id=UUID(str(other))).language == "zh-hans"


def last_sms() -> tuple[str, str]:
    return Sms.objects.order_by("-created_at", "-id").values_list("template", "language")[0]


@pytest.mark.parametrize(("language", "sender"), [("en", "zh-hans"), ("zh-hans", "en")])
def test_what_an_operator_does_is_told_in_the_owners_language(language: str, sender: str) -> None:
    account, operator = reading(language), staff(Role.OPERATOR)
    with translation.override(sender):
        suspend_account(actor=SYSTEM, account=account, reason="x", operator=operator)
        assert last_sms() == ("account_suspended", language)
        lift_suspension(actor=SYSTEM, account=account, reason="x", operator=operator)
        assert last_sms() == ("account_restored", language)


def test_a_strangers_browser_warns_in_the_owners_language() -> None:
    account = reading("zh-hans")
    with translation.override("en"):
        recognise_device(actor=SYSTEM, account=account, token="", user_agent="")
        recognise_device(actor=SYSTEM, account=account, token="", user_agent="")
        recognise_device(actor=SYSTEM, account=account, token="", user_agent="Android MicroMessenger")
        assert last_sms() == ("new_device", "zh-hans")
    named, unnamed = (message.body for message in messages_for(account.id))
    assert "（Android · 微信）" in named
    assert "（未知设备）" in unnamed
    with translation.override("en"):
        named, unnamed = (message.body for message in messages_for(account.id))
    assert "Android · WeChat" in named
    assert "Unknown device" in unnamed


def test_a_claim_that_is_released_is_named_to_each_in_their_language() -> None:
    rival, holder = some_unit(), some_unit("unit.two", "13800000003")
    with translation.override("en"):
        bind_company(holder)
    (message,) = messages_for(rival.id)
    assert "单位名称、统一社会信用代码" in message.body


def test_a_changed_password_is_told_in_the_accounts_language() -> None:
    account = reading("en")
    with translation.override("zh-hans"):
        change_password(actor=SYSTEM, account=account, current="Zwei-Birnen-im-Korb", new="Korb-voll-reifer-Quitten")
    assert last_sms() == ("password_changed", "en")


@pytest.mark.parametrize("deliver", [True, False])
def test_a_code_is_in_the_language_of_its_page_whether_or_not_it_leaves(deliver: bool) -> None:
    reading("zh-hans", phone="13800000001")
    with translation.override("en"):
        Person(phone="13800000001").asks(deliver=deliver)
    assert last_sms() == ("register", "en")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_choices_at_once_leave_one_of_them_and_nothing_else_changed() -> None:
    account = somebody()
    others = [field.attname for field in Account._meta.concrete_fields if field.name not in {"language", "phone"}]
    before = Account.objects.values_list(*others).get(id=account.id)

    def choose(number: int) -> None:
        mine = Account.objects.get(id=account.id)
        choose_language(account=mine, language="en" if number % 2 else "zh-hans")

    assert in_parallel(30, choose) == [None] * 30
    assert stored(account) in {"en", "zh-hans"}
    after = Account.objects.values_list(*others).get(id=account.id)
    assert after == before, "no column but the language is written"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_choosing_while_the_password_is_changed_undoes_neither() -> None:
    account = somebody()
    encoded = make_password("Korb-voll-reifer-Quitten")

    def act(number: int) -> None:
        mine = Account.objects.get(id=account.id)
        if number % 2:
            choose_language(account=mine, language="en")
        else:
            Account.objects.filter(id=account.id).update(password=encoded, password_changed_at=clock.now())

    assert in_parallel(30, act) == [None] * 30
    after = Account.objects.get(id=account.id)
    assert (after.language, after.password) == ("en", encoded)
