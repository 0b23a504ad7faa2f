"""Set a new password by the link of an approved appeal; the phone of the appeal becomes the account's."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from tongban.accounts import queries as accounts
from tongban.accounts.flows.prove_phone import prove_phone
from tongban.accounts.flows.replace_phone import replace_phone
from tongban.accounts.models import Account, LegalProfile
from tongban.accounts.password_policy import check_password_of
from tongban.accounts.rules import Realm
from tongban.accounts.tally import Tally
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.kernel.mobile import Mobile
from tongban.notify.flows.post_message import post_message
from tongban.notify.flows.send_sms import send_sms
from tongban.recovery import events, queries
from tongban.recovery.drafts import filled_of
from tongban.recovery.errors import LinkDead
from tongban.recovery.flows.reset_password import recover
from tongban.recovery.models import Handover
from tongban.recovery.rules import Way
from tongban.review import queries as review
from tongban.vault.purposes import Purpose


def redeem_link(*, actor: Actor, token: str, password: str, network: str) -> Account:
    """Give the account the new password and the phone of the appeal, once; return the account.

    Raises `PasswordRefused` (then the link lives on) and `LinkDead`.
    """
    handover = queries.redeemable(token)
    account = handover.account
    check_password_of(account, password)
    encoded = make_password(password)
    with transaction.atomic():
        now = clock.now()
        if not queries.stands(handover):
            raise LinkDead("recovery.link_halted")
        if not queries.live_handovers().filter(id=handover.id, link_expires_at__gt=now).update(redeemed_at=now):
            raise LinkDead("recovery.link_spent")
        _give_phone(actor, handover, account)
        recover(actor=actor, account=account, encoded=encoded, way=Way.APPEAL, key=str(handover.id))
        record(events.PASSWORD_SET, actor=actor, subject=account.id, facts={"case": str(handover.case_id)})
        realm = Realm(account.realm)
        Tally.of(realm=realm, login_name_key=account.login_name_key, network=network).settlement().run()
    return account


def _give_phone(actor: Actor, handover: Handover, account: Account) -> None:
    """Let the proved phone of the case be the account's, and its agent the contact; tell the old phone."""
    sealed = handover.case.contact_phone
    if sealed is None or sealed.erased:
        return
    old, new = accounts.phone_of(account, Purpose.DELIVER_MESSAGE), Mobile.parse(sealed.reveal(Purpose.DELIVER_MESSAGE))
    if old == new:
        prove_phone(actor=actor, account=account)
    else:
        replace_phone(actor=actor, account=account, phone=new)
        params = {"phone": new.masked}
        post_message(account_id=account.id, template="phone_changed", params=params)
        if old:
            key = f"phone_changed:{handover.id}"
            send_sms(to=old, template="phone_changed", params=params, language=account.language, key=key)
    profile = LegalProfile.objects.filter(account=account).first()
    if profile is not None:
        filled = filled_of(review.last_submission(handover.case).read(Purpose.MATCH))
        profile.contact_name = filled["agent_name"]
        profile.save(update_fields=["contact_name"])
