"""One case at the desk: look, decide, confirm, hand back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.accounts.labels import ROLES
from tongban.accounts.models import Account
from tongban.design import display
from tongban.design.forms import Form
from tongban.design.labels import Text
from tongban.review import evidence, holding, kinds, labels, queries, staffing
from tongban.review.case_queue import kind_title
from tongban.review.errors import CaseUnknown, ReviewError
from tongban.review.flows.add_note import add_note
from tongban.review.flows.decide import confirm, decide, decline
from tongban.review.flows.hand_back import declare_relation, escalate_case, hand_back
from tongban.review.flows.look import reveal, view_file
from tongban.review.flows.reopen_case import reopen_case
from tongban.review.forms import DecisionForm, NoteForm, ReasonForm
from tongban.review.models import Case, Proposal
from tongban.review.permits import REVIEWERS, is_second_look_at_own, is_senior
from tongban.review.rules import WAITING, CaseState, Outcome
from tongban.review.sentences import sentence
from tongban.review.views.desk import READING, REVIEWING, menu
from tongban.review.views.people import signed_in_account
from tongban.vault import serving, watermark
from tongban.vault.errors import VaultError
from tongban.vault.flows.open_evidence import EvidenceContent
from tongban.vault.purposes import Purpose
from tongban.web.doors import signed_in

_EXTRA: Mapping[str, Text] = {"answer": _("补正说明")}
_UNCHOSEN = "unchosen"
"""Says in the case's address that somebody went on without a reason."""


@signed_in(realm="staff", role=READING)
@require_safe
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The case: what was claimed beside the evidence, for who has claimed it; to others what is not personal."""
    found, person = _found(case_id), signed_in_account(request)
    claim = holding.live_claim(found)
    mine = claim is not None and claim.reviewer_id == person.id
    context = {
        "heading": found.number,
        "desk_menu": menu(request),
        "case": found,
        "kind_title": kind_title(found.kind),
        "state": labels.STATES[CaseState(found.state)],
        "state_kind": labels.STATE_KINDS[CaseState(found.state)],
        "reads": _other_language(found),
        "claim": claim,
        "mine": mine,
        "decision": queries.last_decision(found),
        "history": [(line, _in_our_language(found, line.text)) for line in queries.history(found)],
        "acts": _acts(person, found, mine=mine, held=claim is not None),
        "missing": _missing(found) if claim is None else "",
        **(_inside(person, found, is_unchosen=_UNCHOSEN in request.GET) if mine else {}),
    }
    return render(request, "review/case.html", context)


def _found(case_id: UUID) -> Case:
    try:
        return queries.case(case_id)
    except CaseUnknown as error:
        raise Http404 from error


def _other_language(found: Case) -> display.Language | None:
    """Return the language the person reads where it is not the one this desk is read in."""
    code = queries.language_of(found)
    return None if code == display.spoken_language() else display.language_named(code)


def _in_our_language(found: Case, text: str) -> str:
    """Return what a ready-made text in the person's language says in that of this desk, or ""."""
    if not text or _other_language(found) is None:
        return ""
    return next((kind.in_our_language(text) for kind in kinds.registered() if kind.name == found.kind), "")


def _missing(found: Case) -> Text:
    """Return what whoever has to be appointed is called, when nobody there is may take the case."""
    role = staffing.missing_role(found) if staffing.may_lack_staff(found) else None
    return ROLES[role] if role else ""


def _acts(person: Account, found: Case, *, mine: bool, held: bool) -> set[str]:
    """Return what the page offers; whether it is allowed is the flows' to say."""
    if REVIEWERS.isdisjoint(person.roles):
        return set()
    waiting = found.state in WAITING
    offered = {
        "claim": waiting and not held and not is_second_look_at_own(person, found),
        "decide": mine and found.state == CaseState.IN_REVIEW,
        "confirm": mine and found.state == CaseState.AWAITING_SECOND,
        "let_go": mine,
        "relation": waiting,
        "reopen": is_senior(person) and found.state in {CaseState.APPROVED, CaseState.REJECTED},
        "note": True,
    }
    return {name for name, is_offered in offered.items() if is_offered}


def _inside(person: Account, found: Case, *, is_unchosen: bool) -> Mapping[str, Any]:
    """Return what only who has claimed the case sees; that they look is written down."""
    try:
        revealed = reveal(reviewer=person, case_id=found.id)
    except ReviewError as error:
        return {"refused": sentence(error)}
    kind = kinds.kind(found.kind)
    proposal = queries.open_proposal(found)
    reasons = ReasonForm({} if is_unchosen else None, kind=kind)
    return {
        "data": revealed.data,
        "rows": list(_rows(kind, revealed.data, revealed.before)),
        "claimed_template": kind.template,
        "facts": kind.facts(found),
        "pictures": _pictures(kind, found, revealed.files),
        "same": [
            (one, kind_title(one.kind), labels.STATES[one.state], labels.STATE_KINDS[one.state])
            for one in queries.same_subjects(found)
        ],
        "reasons": reasons,
        "form": reasons,  # its errors stand on top
        "proposal": _proposed(kind, proposal) if proposal else None,
    }


def _rows(
    kind: kinds.Kind, data: Mapping[str, str], before: Mapping[str, str]
) -> Iterator[tuple[Text, Text, Text | None]]:
    """Yield names, values, and what the value was in the round before where it was another (`None` where it was not).

    First those the kind names, in its order, then what else there is under its bare name.
    """
    for name, label in kind.labels.items():
        now = kind.words(name, data.get(name, ""))
        was = kind.words(name, before.get(name, "")) if before else now
        if now or was:
            yield label, now, None if str(was) == str(now) else was
    for name in sorted(data.keys() - kind.labels.keys()):
        yield _EXTRA.get(name, name), data[name], None


def _pictures(kind: kinds.Kind, found: Case, handed_in: Sequence[UUID]) -> list[tuple[evidence.File, Text]]:
    """Return the files of the last submission and what they show; those it replaced are not shown any more."""
    shown = [file for file in evidence.store().files(found.id) if file.id in handed_in]
    shown.sort(key=lambda file: handed_in.index(file.id))
    return [(file, kind.slots.get(file.slot, file.slot)) for file in shown]


def _proposed(kind: kinds.Kind, proposal: Proposal) -> Mapping[str, Any]:
    text = proposal.text.reveal(Purpose.REVIEW)
    return {
        "text": text,
        "ours": kind.in_our_language(text),
        "outcome": labels.OUTCOMES[Outcome(proposal.outcome)],
        "reason": kind.reason(proposal.reason).title,
        "by": proposal.proposed_by.login_name,
    }


@signed_in(realm="staff", role=REVIEWING)
@require_safe
def picture(request: HttpRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    """One picture of the evidence, with who looks at it and what for written across; the look is written down too."""
    person, found = signed_in_account(request), _found(case_id)
    try:
        content = view_file(reviewer=person, case_id=case_id, file_id=file_id)
    except (ReviewError, VaultError) as error:
        raise Http404 from error
    lines = watermark.for_review(purpose=str(kind_title(found.kind)), number=found.number, reviewer=person.login_name)
    return serving.picture(watermark.burned(EvidenceContent(content.content, content.media_type), lines=lines))


@signed_in(realm="staff", role=REVIEWING)
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, case_id: UUID, reason: str, round_number: int) -> HttpResponse:
    """核对决定: the text the person will read, to be edited; posting it decides."""
    found = _found(case_id)
    try:
        chosen = kinds.kind(found.kind).reason(reason)
    except ReviewError as error:
        raise Http404 from error
    reads = _other_language(found)
    form = DecisionForm(request.POST or None, ready=chosen.text, language=reads)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        person = signed_in_account(request)
        act = lambda: decide(reviewer=person, case_id=case_id, round=round_number, reason=reason, text=text)  # noqa: E731 - one line of what to try
        return _try(request, case_id, act, done=_("已提交。"))
    context = {
        "heading": _("核对决定"),
        "desk_menu": menu(request),
        "case": found,
        "kind_title": kind_title(found.kind),
        "outcome": labels.OUTCOMES[chosen.outcome],
        "reason": chosen.title,
        "reads": reads,
        "ours": chosen.text,
        "four_eyes": kinds.kind(found.kind).four_eyes and chosen.outcome is not Outcome.RETURN,
        "form": form,
        "submit_label": _("确认决定"),
    }
    return render(request, "review/decision.html", context)


@signed_in(realm="staff", role=REVIEWING)
@require_safe
def choose(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Go from the chosen reason to the text of the decision."""
    found = _found(case_id)
    form = ReasonForm(request.GET, kind=kinds.kind(found.kind))
    if not form.is_valid():
        return redirect(f"{reverse('review:case', args=[case_id])}?{_UNCHOSEN}=on")
    return redirect("review:decision", case_id, form.cleaned_data["reason"], found.round)


@signed_in(realm="staff", role=REVIEWING)
@require_POST
def second(request: HttpRequest, case_id: UUID, round_number: int) -> HttpResponse:
    """同意: confirm what a colleague proposed."""
    person = signed_in_account(request)
    act = lambda: confirm(reviewer=person, case_id=case_id, round=round_number)  # noqa: E731
    return _try(request, case_id, act, done=_("已确认，决定生效。"))


def _with_note(act: Callable[..., object], heading: Text, submit: Text) -> Callable[..., HttpResponse]:
    """Return a page that asks for a few words and then does `act`."""

    def page(request: HttpRequest, case_id: UUID, **given: int) -> HttpResponse:
        found = _found(case_id)
        form = NoteForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            person, note = signed_in_account(request), form.cleaned_data["note"]
            return _try(request, case_id, lambda: act(person, found, note, **given), done=_("已完成。"))
        context = {
            "heading": heading,
            "desk_menu": menu(request),
            "case": found,
            "kind_title": kind_title(found.kind),
            "form": form,
            "submit_label": submit,
        }
        return render(request, "review/note.html", context)

    door = signed_in(realm="staff", role=REVIEWING)
    return door(require_http_methods(["GET", "HEAD", "POST"])(page))  # type: ignore[return-value]  # the door widens it


give_back = _with_note(
    lambda person, found, note: hand_back(reviewer=person, case_id=found.id, note=note), _("退还待办"), _("退还")
)
pass_on = _with_note(
    lambda person, found, note: escalate_case(reviewer=person, case_id=found.id, why=note),
    _("转交高级审核员"),
    _("转交"),
)
disagree = _with_note(
    lambda person, found, note, round_number: decline(reviewer=person, case_id=found.id, round=round_number, note=note),
    _("不同意"),
    _("提交不同意见"),
)
reopen = _with_note(
    lambda person, found, note: reopen_case(reviewer=person, case_id=found.id, why=note), _("重新审核"), _("重新审核")
)
note = _with_note(
    lambda person, found, note: add_note(reviewer=person, case_id=found.id, text=note), _("添加备注"), _("保存备注")
)


@signed_in(realm="staff", role=REVIEWING)
@require_http_methods(["GET", "HEAD", "POST"])
def step_back(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """回避: declare a relation to the case, after a question."""
    found, person = _found(case_id), signed_in_account(request)
    if request.method == "POST":
        act = lambda: declare_relation(reviewer=person, case_id=case_id)  # noqa: E731
        return _try(request, case_id, act, done=_("已登记回避，您不再办理这个办件。"))
    context = {
        "heading": _("申请回避"),
        "desk_menu": menu(request),
        "case": found,
        "kind_title": kind_title(found.kind),
        "form": Form(),
        "submit_label": _("确认回避"),
    }
    return render(request, "review/note.html", context)


def _try(request: HttpRequest, case_id: UUID, act: Callable[[], object], *, done: Text) -> HttpResponse:
    """Do `act`, say how it went, and show the case."""
    try:
        act()
    except ReviewError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, done)
    return redirect("review:case", case_id)
