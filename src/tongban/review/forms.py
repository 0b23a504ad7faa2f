"""What people type at the desk, and the written answer to a return."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.forms.utils import ErrorDict
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongban.design import display
from tongban.design.fields import ChoiceField, LineField, TextField
from tongban.design.forms import Form
from tongban.design.labels import Text
from tongban.review import kinds, labels
from tongban.review.case_queue import Due, Filters
from tongban.review.rules import CaseState

_NO_DATE = {"required": _("这个字段是必填项。")}


class QueueForm(Form):
    """The filters of the queue, in the address."""

    kind = ChoiceField(label=_("类型"), choices={}, required=False, radios=False, prompt=_("全部类型"))
    state = ChoiceField(
        label=_("状态"), choices=labels.STATES, required=False, radios=False, prompt=_("全部待办"), coerce=CaseState
    )
    due = ChoiceField(
        label=_("期限"),
        choices={Due.OVERDUE: _("已超期"), Due.TODAY: _("今天到期"), Due.WEEK: _("七天内到期")},
        required=False,
        radios=False,
        prompt=_("不限"),
        coerce=Due,
    )
    mine = forms.BooleanField(label=_("只看我领取的"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "queue_%s", **kwargs})
        pairs = [(kind.name, kind.title) for kind in kinds.registered()]
        field = self.fields["kind"]
        if isinstance(field, ChoiceField):
            field.choices = [("", _("全部类型")), *pairs]

    def full_clean(self) -> None:
        """Take a filter that does not exist for none: somebody changed the address, nobody typed it."""
        super().full_clean()
        self._errors = ErrorDict()

    def filters(self, reviewer_id: UUID) -> Filters:
        """Return what the form asks for."""
        self.is_valid()
        cleaned = self.cleaned_data
        return Filters(
            kind=cleaned.get("kind") or "",
            state=cleaned.get("state"),
            due=cleaned.get("due"),
            mine=reviewer_id if cleaned.get("mine") else None,
        )


class FindForm(Form):
    """A case by its number."""

    number = LineField(label=_("办件编号"), error_messages={"required": _("请输入办件编号。")})


class ReasonForm(Form):
    """The reasons of a kind of case, each with its outcome."""

    def __init__(self, *args: Any, kind: kinds.Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = {
            reason.code: format_lazy(
                _("{outcome}：{reason}"), outcome=labels.OUTCOMES[reason.outcome], reason=reason.title
            )
            for reason in kind.reasons
        }
        self.fields["reason"] = ChoiceField(
            label=_("审核意见"), choices=titles, radios=True, required_sentence=_("请先选择审核意见。")
        )


class DecisionForm(Form):
    """What the person will read."""

    text = TextField(
        label=_("给办事人的说明"),
        help_text=_("办事人会收到这段文字，可以修改。"),
        required_sentence=_("请写明给办事人的说明。"),
    )

    def __init__(self, *args: Any, ready: Text, language: display.Language | None, **kwargs: Any) -> None:
        """Begin with the text `ready`, in the person's `language` where that is not the one spoken here."""
        with translation.override(language.code if language else display.spoken_language()):
            text = str(ready)
        super().__init__(*args, initial={"text": text}, **kwargs)
        if language:
            self.fields["text"].widget.attrs["lang"] = language.tag


class NoteForm(Form):
    """A few words to colleagues."""

    note = TextField(label=_("说明"), help_text=_("只有审核人员能看到。"), required_sentence=_("请写明原因。"), rows=3)


class AnswerForm(Form):
    """The person's written answer to a return."""

    answer = TextField(
        label=_("补正说明"),
        help_text=_("请按退回原因逐条说明，最多 500 字。"),
        required_sentence=_("请填写补正说明。"),
        rows=6,
    )


class ExportForm(Form):
    """Which cases to export: those opened from one day to another."""

    first = forms.DateField(label=_("开始日期"), widget=forms.DateInput({"type": "date"}), error_messages=_NO_DATE)
    last = forms.DateField(label=_("结束日期"), widget=forms.DateInput({"type": "date"}), error_messages=_NO_DATE)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"first": today.replace(day=1), "last": today}, **kwargs})

    def clean(self) -> dict[str, Any]:
        """The first day must not come after the last."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "first" in cleaned and "last" in cleaned and cleaned["first"] > cleaned["last"]:
            self.add_error("last", _("结束日期不能早于开始日期。"))
        return cleaned
