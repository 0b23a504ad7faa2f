"""Judge the 验证码 of a form that asks for one before it goes on."""

from django.http import HttpRequest

from tongban.accounts.codes import refuse
from tongban.challenge.errors import HumanCheckFailed
from tongban.challenge.flows.human_check import redeem_human_check
from tongban.design.forms import Form
from tongban.web.browser import browser_id


def passed(request: HttpRequest, form: Form) -> bool:
    """Return whether the form was sent for good, is valid, and its 验证码 is right; say in the form what is not."""
    if not form.is_valid() or form.act:
        return False
    try:
        redeem_human_check(browser=browser_id(request), answer=form.cleaned_data["human_check"])
    except HumanCheckFailed as error:
        refuse(form, "human_check", error)
        return False
    return True
