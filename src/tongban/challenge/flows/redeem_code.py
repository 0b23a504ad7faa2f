"""Judge a one-time code that somebody typed, and spend it at once."""

from tongban.audit.actors import Actor
from tongban.challenge.flows.check_code import check_code
from tongban.challenge.flows.spend_code import spend_code
from tongban.challenge.rules import CodePurpose
from tongban.kernel.mobile import Mobile


def redeem_code(*, actor: Actor, purpose: CodePurpose, phone: Mobile, browser: str, code: str) -> None:
    """Accept `code` for `purpose`, `phone` and `browser`, once; raises `CodeRejected`.

    Call it outside of any transaction (inside one it raises `RuntimeError`): wrong tries must count. An act that can
    still fail after the code was right calls `check_code` first and `spend_code` in its own transaction instead.
    """
    checked = check_code(actor=actor, purpose=purpose, phone=phone, browser=browser, code=code)
    spend_code(actor=actor, checked=checked)
