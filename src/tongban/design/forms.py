"""The form that all forms of the platform are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BoundField
from django.utils.translation import gettext as _

from tongban.design import sentences
from tongban.design.fields import DocumentNumberField, EvidenceField, HumanCheckField
from tongban.design.labels import Text
from tongban.design.renderer import Renderer
from tongban.design.widgets import OneTimeCodeInput, PasswordInput
from tongban.kernel import clock
from tongban.kernel.errors import Invalid
from tongban.kernel.mobile import Mobile

NEW_PICTURE = "new-picture"


@dataclass(frozen=True, slots=True)
class Block:
    """Fields that stand together under a legend; without one they simply follow each other."""

    legend: Text
    fields: list[BoundField]


class Form(forms.Form):
    """A form whose labels, hints and errors are tied to their controls, and that knows acts besides the final one.

    `acts` maps the value of a `<button name="act">` to the fields that act needs: only those are checked when that
    button was pressed, and everything typed stays on the page. A page with a picture always knows "new-picture", one
    with an `EvidenceField` its 上传 and 删除.

    `blocks` groups fields under legends: `((_("法定代表人信息"), ("name", "number")), …)`.
    """

    default_renderer = Renderer
    use_required_attribute = False  # the server's sentences are better than the browser's bubbles
    acts: ClassVar[Mapping[str, Sequence[str]]] = {}
    blocks: ClassVar[Sequence[tuple[Text, Sequence[str]]]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    @property
    def act(self) -> str:
        """The known act whose button was pressed, or "" for the final submit."""
        pressed = self.data.get("act", "")
        return pressed if pressed in self._known_acts else ""

    @property
    def has_acts(self) -> bool:
        """Whether the form has buttons besides the final one: the Enter key must still mean the final one."""
        return bool(self._known_acts)

    @property
    def _known_acts(self) -> Mapping[str, Sequence[str]]:
        has_picture = any(isinstance(field, HumanCheckField) for field in self.fields.values())
        evidence = [name for name, field in self.fields.items() if isinstance(field, EvidenceField)]
        return {
            **self.acts,
            **({NEW_PICTURE: ()} if has_picture else {}),
            **{EvidenceField.upload_act(name): (name,) for name in evidence},
            **{EvidenceField.delete_act(name): () for name in evidence},
        }

    def full_clean(self) -> None:
        """Check the fields that the pressed button needs. Another picture costs nobody what they typed."""
        super().full_clean()
        if self.is_bound and self.act == NEW_PICTURE:
            for field in self.fields.values():
                if isinstance(field.widget, PasswordInput):
                    field.widget.render_value = True
        if self.is_bound:
            for name in set(self.errors) - self._needed:
                del self.errors[name]

    @property
    def _needed(self) -> set[str]:
        if self.act:
            # Every file that came along was looked at, whichever button was pressed.
            refused = {name for name, field in self.fields.items() if getattr(field, "refused", "")}
            return {*self._known_acts[self.act], *refused}
        elsewhere = {
            name for name, field in self.fields.items() if isinstance(field, HumanCheckField) and field.only_for
        }
        return {*self.fields, NON_FIELD_ERRORS} - elsewhere

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]  # a hook of Django that its stubs leave out
        for name, field in self.fields.items():
            if isinstance(field, DocumentNumberField) and name in self.cleaned_data:
                try:
                    self.cleaned_data[name] = field.resolve(self.cleaned_data[name], self.cleaned_data)
                except forms.ValidationError as error:
                    self.add_error(name, error)

    def refuse(self, field: str | None, error: Invalid) -> None:
        """Show a kernel error at `field`, or above the form when it belongs to none."""
        self.add_error(field, forms.ValidationError(sentences.sentence(error), code=error.code))

    def code_sent(self, field: str, *, to: Mobile, resend_at: datetime) -> None:
        """Say beside the one-time code `field` that a message went to `to`, and when another can be sent."""
        widget = self.fields[field].widget
        if not isinstance(widget, OneTimeCodeInput):
            message = f"{field} is not a one-time code field"
            raise TypeError(message)
        widget.sent = _("验证码已发送至 %(phone)s，请查收短信") % {"phone": to.masked}
        widget.resend_in = max(0, ceil((resend_at - clock.now()).total_seconds()))

    @property
    def drawn_blocks(self) -> Iterator[Block]:
        """The blocks to draw; fields that no block names come first."""
        named = {name for _legend, names in self.blocks for name in names}
        yield Block("", [self[name] for name in self.fields if name not in named])
        for legend, names in self.blocks:
            yield Block(legend, [self[name] for name in names if name in self.fields])
