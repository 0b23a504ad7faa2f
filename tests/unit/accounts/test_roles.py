"""What a member of staff may do is told by rows, read once."""

import pytest
from django.db import IntegrityError, transaction

from tongban.accounts.models import Account, StaffRole
from tongban.accounts.rules import Realm, Role
from tongban.kernel import clock

pytestmark = pytest.mark.django_db


def staff(name: str = "auditor.wang") -> Account:
    return Account.objects.create(realm=Realm.STAFF, login_name=name, login_name_key=name)


def test_roles_are_those_that_have_not_ended() -> None:
    account = staff()
    StaffRole.objects.create(account=account, role=Role.AUDITOR, granted_by=staff("operator.li"))
    StaffRole.objects.create(account=account, role=Role.REVIEWER, ended_at=clock.now())
    assert account.roles == {"auditor"}
    StaffRole.objects.create(account=account, role=Role.REVIEWER)
    assert account.roles == {"auditor"}, "kept with the object"
    assert Account.objects.get(id=account.id).roles == {"auditor", "reviewer"}


def test_nobody_outside_staff_has_a_role() -> None:
    account = staff()
    StaffRole.objects.create(account=account, role=Role.AUDITOR)
    account.realm = Realm.LEGAL
    assert account.roles == frozenset()


@pytest.mark.parametrize("role", [Role.AUDITOR, "king"])
def test_a_role_is_known_and_held_once(role: str) -> None:
    account = staff()
    StaffRole.objects.create(account=account, role=Role.AUDITOR)
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffRole.objects.create(account=account, role=role)
