"""Tell the owner of an account how a verification ended."""

from tongban.accounts.queries import phone_of
from tongban.notify.flows.post_message import post_message
from tongban.notify.flows.send_sms import send_sms
from tongban.proofing.models import Verification
from tongban.proofing.rules import Result
from tongban.vault.purposes import Purpose

_TEMPLATES = {
    Result.VERIFIED: "verified",
    Result.MISMATCH: "verification_mismatch",
    Result.NO_RECORD: "verification_no_record",
    Result.NO_AUTHORITY: "verification_no_authority",
    Result.CONFLICT: "verification_conflict",
}


def tell_result(*, verification: Verification) -> None:
    """Post a message, and send an SMS when the person does not sit before the page that shows the result.

    Being verified is told by SMS in any case: whoever holds the phone must hear that an identity stands on the account.
    """
    template = _TEMPLATES[Result(verification.result)]
    post_message(account_id=verification.account_id, template=template, params={})
    phone = phone_of(verification.account, Purpose.DELIVER_MESSAGE)
    waited = verification.asks > 1
    if phone is not None and (waited or verification.result == Result.VERIFIED):
        language = verification.account.language
        send_sms(to=phone, template=template, params={}, language=language, key=f"proofing:{verification.pk}")
