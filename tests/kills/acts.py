"""The acts of the manual path of a real-name verification, and what can be seen of them. Imported by `__main__`."""

from typing import Any

from django.contrib.auth.hashers import make_password
from django.template.loader import get_template
from django.urls import get_resolver

from tests.journeys.staff import member
from tests.kills import vendor
from tests.kills.killing import Act, client_of, later, migrate, picture
from tests.unit.proofing.people import person
from tongban.accounts.flows.open_account import open_account
from tongban.accounts.models import Account, IdentityBinding
from tongban.accounts.rules import Realm, Role
from tongban.audit.models import Event
from tongban.kernel.mobile import Mobile
from tongban.notify.flows.ask_receipts import ask_receipts
from tongban.notify.flows.deliver import deliver_due
from tongban.notify.models import InSiteMessage, Sms
from tongban.proofing.flows.submit import submit
from tongban.proofing.forms import CONSENT_VERSION
from tongban.proofing.models import EvidenceConsent, Proof, Verification
from tongban.review.flows.claim_case import claim_case
from tongban.review.models import Case, Decision, Entry, Submission
from tongban.vault import blobs
from tongban.vault.flows.reencode_evidence import reencode_due
from tongban.vault.models import EvidenceFile

PAGE, CHECK = "/account/profile/evidence/", "/account/profile/evidence/check/"


def people() -> None:
    """A person whom no register knows, and a reviewer."""
    migrate()
    phone = Mobile.parse("13800000001")
    account = open_account(realm=Realm.NATURAL, login_name="zhang", encoded_password=make_password(None), phone=phone)
    submit(actor=account, entries=person(), consent_version=CONSENT_VERSION)
    member("reviewer", Role.REVIEWER)


def upload() -> None:
    """The person ticks the consent and sends both pictures."""
    pictures = {"front": picture("front", 1), "back": picture("back", 2)}
    answer = client_of("zhang").post(PAGE, {"consent": "on", **pictures})
    assert answer.status_code in {200, 303}, answer.status_code


def upload_again() -> None:
    """The person looks what is there, and sends what is not."""
    client, there = client_of("zhang"), set(EvidenceFile.objects.values_list("slot", flat=True))
    missing = {slot: picture(slot, number) for number, slot in enumerate(("front", "back"), 1) if slot not in there}
    client.post(PAGE, {"consent": "on", **missing})


def draw() -> None:
    """The worker draws the pictures anew."""
    while reencode_due():
        pass


def draw_again() -> None:
    """The worker does, once the lease of the dead one is over."""
    later(minutes=5)
    draw()


def hand_in() -> None:
    """提交审核."""
    answer = client_of("zhang").post(CHECK)
    assert answer.status_code == 303, answer.status_code


def claim() -> None:
    """The reviewer takes the case."""
    claim_case(reviewer=Account.objects.get(login_name="reviewer"), case_id=Case.objects.get().id)


def decide(reason: str = "confirmed") -> None:
    """核对决定: the reviewer confirms."""
    case = Case.objects.get()
    path = f"/desk/cases/{case.id}/decide/{reason}/{case.round}/"
    assert client_of("reviewer").post(path, {"text": "请看说明。"}).status_code == 302


def send_back() -> None:
    """The reviewer returns the case."""
    decide("entries_differ")


def correct() -> None:
    """The person corrects an entry and one picture; both wait to be handed in."""
    client, number = client_of("zhang"), person().document.number
    typed = {"name": "张叁", "document_kind": "resident_id", "document_number": number, "nationality": ""}
    assert client.post(f"{PAGE}entries/", typed).status_code == 303
    client.post(PAGE, {"back": picture("back", 3)})
    draw()


def deliver() -> None:
    """The worker hands the SMS over."""
    while deliver_due():
        pass


def deliver_again() -> None:
    """The worker does, once the lease of the dead one is over; it asks the vendor what it does not know."""
    for turn in range(1, 5):
        later(minutes=5 * turn)
        deliver()
        ask_receipts()


def standing() -> Any:
    """Return everything that the acts change and people can see, without ids and times."""
    blobs_there = {path.name for path in blobs.folder().glob("??/*")}
    named = set(EvidenceFile.objects.exclude(blob="").values_list("blob", flat=True))
    return {
        "files": sorted(EvidenceFile.objects.filter(erased_at=None).values_list("slot", "state", "width")),
        "contents": named <= blobs_there,
        "consents": EvidenceConsent.objects.count(),
        "case": [
            list(Case.objects.values_list("state", "round")),
            sorted(Submission.objects.values_list("round", flat=True)),
            sorted(Verification.objects.values_list("result", flat=True)),
            sorted(Decision.objects.values_list("round", "outcome")),
            sorted(Entry.objects.values_list("what", flat=True)),
            IdentityBinding.objects.count(),
            Proof.objects.count(),
            sorted(InSiteMessage.objects.values_list("template", flat=True)),
            sorted(Sms.objects.values_list("template", flat=True)),
            Event.objects.filter(name__startswith="review:").count(),
        ],
        "sms": sorted(Sms.objects.values_list("template", "state")),
        "told": vendor.told(),
    }


WAITING = (people, upload, draw, hand_in)
ACTS = {
    "upload": Act(upload, upload_again, (people,), in_parts=("files", "consents")),
    "draw": Act(draw, draw_again, (people, upload), in_parts=("files",)),
    "hand_in": Act(hand_in, hand_in, (people, upload, draw)),
    "decide": Act(decide, lambda: decide() if Case.objects.filter(ended_at=None) else None, (*WAITING, claim)),
    "send_back": Act(
        send_back, lambda: send_back() if Case.objects.filter(state="in_review") else None, (*WAITING, claim)
    ),
    "answer": Act(hand_in, hand_in, (*WAITING, claim, send_back, correct)),
    "deliver": Act(deliver, deliver_again, (*WAITING, claim, decide), in_parts=("sms", "told")),
}


def warm_up() -> None:
    """Import every view and template, once for all the processes."""
    get_resolver().url_patterns  # noqa: B018 - reading it imports them
    get_template("proofing/upload.html")
