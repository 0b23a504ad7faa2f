"""Acts beside the final submit, errors from flows, and messages beside a code."""

from datetime import timedelta

import pytest

from tests.unit.design.gallery.forms import LogInForm, RegisterForm, UnitForm
from tongban.kernel import clock
from tongban.kernel.errors import Invalid
from tongban.kernel.mobile import Mobile

PHONE = Mobile.parse("13800001234")


def test_an_act_checks_only_what_it_needs() -> None:
    form = RegisterForm({"act": "send-code", "phone": "138", "human_check": "k7px"})
    assert form.act == "send-code"
    assert set(form.errors) == {"phone"}


def test_the_final_submit_checks_everything_but_a_picture_that_guards_an_act() -> None:
    form = RegisterForm({"phone": "13800001234"})
    assert form.act == ""
    assert set(form.errors) == {"login_name", "password", "code", "consent"}


def test_an_unknown_act_is_the_final_submit() -> None:
    form = LogInForm({"act": "new-picture"})
    assert form.act == ""
    assert set(form.errors) == {"login_name", "password"}


def test_another_picture_checks_nothing() -> None:
    form = RegisterForm({"act": "new-picture"})
    assert form.is_valid()


def test_a_form_not_yet_sent_has_no_errors() -> None:
    assert not RegisterForm().errors


def test_a_kernel_error_from_a_flow_stands_at_its_field() -> None:
    form = LogInForm({"login_name": "a", "password": "b"})
    form.refuse("login_name", Invalid("mobile.prefix"))
    assert form.errors["login_name"] == ["手机号码以 13 至 19 开头。请核对前两位。"]


def test_what_was_sent_is_said_with_a_masked_number() -> None:
    form = RegisterForm()
    form.code_sent("code", to=PHONE, resend_at=clock.now() + timedelta(seconds=60))
    drawn = str(form["code"])
    assert "138****1234" in drawn
    assert 'data-resend="60"' in drawn
    assert PHONE.value not in drawn


def test_a_message_that_may_be_sent_again_already_counts_nothing_down() -> None:
    form = RegisterForm()
    form.code_sent("code", to=PHONE, resend_at=clock.now() - timedelta(seconds=1))
    assert "data-resend" not in str(form["code"])


def test_only_a_code_field_can_say_that_a_code_was_sent() -> None:
    with pytest.raises(TypeError, match="phone is not a one-time code field"):
        RegisterForm().code_sent("phone", to=PHONE, resend_at=clock.now())


def test_blocks_keep_every_field_once_and_in_order() -> None:
    drawn = [bound.name for block in UnitForm().drawn_blocks for bound in block.fields]
    assert drawn == list(UnitForm().fields)
