"""获取验证码 and its judgement, for every form that proves a phone."""

from functools import partial
from typing import Protocol

from django.forms import ValidationError
from django.http import HttpRequest

from tongban.accounts.callers import actor_of
from tongban.accounts.sentences import sentence
from tongban.audit.actors import Actor
from tongban.challenge.errors import ChallengeError, CodeRejected
from tongban.challenge.flows.check_code import CheckedCode, check_code
from tongban.challenge.flows.human_check import redeem_human_check
from tongban.challenge.flows.issue_code import IssuedCode, issue_code
from tongban.challenge.rules import CodePurpose
from tongban.design.forms import Form
from tongban.kernel.mobile import Mobile
from tongban.web.address import network
from tongban.web.browser import browser_id


class Issue(Protocol):
    """Issues a code to a phone whose rules a room has already applied."""

    def __call__(self, *, actor: Actor, browser: str, network: str) -> IssuedCode:
        """Issue it for the browser with the id `browser`, asked for from `network`."""
        ...


def send_code(
    request: HttpRequest,
    form: Form,
    *,
    purpose: CodePurpose,
    phone: Mobile,
    blame: str = "code",
    issue: Issue | None = None,
) -> None:
    """Send a code to `phone` and say so beside the code; a form with a 验证码 has it judged first.

    What goes wrong is shown at the 验证码 or at the field `blame`. `issue` stands in for `issue_code` where a code is
    sent under conditions.
    """
    issue = issue or partial(issue_code, purpose=purpose, phone=phone)
    browser = browser_id(request)
    field = "human_check"
    try:
        if field in form.fields:
            redeem_human_check(browser=browser, answer=form.cleaned_data[field])
        field = blame
        issued = issue(actor=actor_of(request), browser=browser, network=network(request))
    except ChallengeError as error:
        refuse(form, field, error)
    else:
        form.code_sent("code", to=phone, resend_at=issued.resend_at)


def judge_code(request: HttpRequest, form: Form, *, purpose: CodePurpose, phone: Mobile) -> CheckedCode | None:
    """Return the code of the form as checked, or show at its field why not and return `None`."""
    try:
        return check_code(
            actor=actor_of(request),
            purpose=purpose,
            phone=phone,
            browser=browser_id(request),
            code=form.cleaned_data["code"],
        )
    except CodeRejected as error:
        refuse(form, "code", error)
        return None


def refuse(form: Form, field: str | None, error: ChallengeError) -> None:
    """Show `error` at `field`."""
    form.add_error(field, ValidationError(sentence(error), code=error.code))
