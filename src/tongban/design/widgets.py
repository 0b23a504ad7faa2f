"""Widgets: the controls behind the fields. Each draws only its control; label, hint and error belong to the field."""

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from django import forms

from tongban.design import human_check
from tongban.design.labels import Text
from tongban.design.menus import address


class TextInput(forms.TextInput):
    """One line of text; `mono` for numbers that people compare digit by digit."""

    def __init__(self, *, mono: bool = False, **attrs: str) -> None:
        named = {name.replace("_", "-"): value for name, value in attrs.items()}
        super().__init__({**({"class": "mono"} if mono else {}), **named})


class PhoneInput(TextInput):
    """A telephone number."""

    input_type = "tel"


class PasswordInput(forms.PasswordInput):
    """A password with a button that shows it. `keep` gives the typed value back on a page that asks again."""

    template_name = "design/widgets/password.html"

    def __init__(self, *, keep: bool, autocomplete: str) -> None:
        super().__init__({"autocomplete": autocomplete, "spellcheck": "false"}, render_value=keep)


class OneTimeCodeInput(forms.TextInput):
    """The code of a text message and the button that sends one.

    `sent` is the sentence shown after sending; `resend_in` the seconds until another may be sent.
    """

    template_name = "design/widgets/one_time_code.html"

    def __init__(self, *, act: str) -> None:
        super().__init__(
            {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "16", "class": "mono short"}
        )
        self.act = act
        self.sent = ""
        self.resend_in = 0

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the button's act and what sending said."""
        context = super().get_context(name, value, attrs)
        context["widget"].update(act=self.act, sent=self.sent, resend_in=self.resend_in)
        return context


class HumanCheckInput(forms.TextInput):
    """The picture 验证码, its larger form, another picture, and its audio form when the platform has one.

    Where the platform offers a puzzle, the page's script solves it when a button is pressed that one of `acts` belongs
    to (none: the final submit), and sends what it found beside the control, which then nobody sees.
    """

    template_name = "design/widgets/human_check.html"

    def __init__(self, acts: Sequence[str] = ()) -> None:
        self.acts = acts
        super().__init__(
            {
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "maxlength": "16",
                "class": "mono short",
            }
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Never give an old answer back: it belongs to a picture that is spent. `turn` keeps browsers from caching."""
        context = super().get_context(name, "", attrs)
        context["widget"].update(
            picture=address("challenge:picture"),
            audio=address("challenge:audio"),
            turn=token_hex(4),
            puzzle=human_check.puzzle(),
            proof=self.proof_name(name),
            acts=" ".join(self.acts) or "submit",
        )
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return what the script found, else what the person typed."""
        return data.get(self.proof_name(name)) or super().value_from_datadict(data, files, name)

    @staticmethod
    def proof_name(name: str) -> str:
        """Return the name of the control that the script fills."""
        return f"{name}-proof"


class Radios(forms.RadioSelect):
    """A short list of choices, all of them visible."""

    template_name = "design/widgets/choices.html"


class Checkboxes(forms.CheckboxSelectMultiple):
    """A short list from which several may be chosen."""

    template_name = "design/widgets/choices.html"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A picture that was uploaded. `kind` as in `status_tag`: good, wait (nobody can see it yet), bad (`note`: why)."""

    kind: str
    note: Text
    preview: str = ""
    may_delete: bool = True


class EvidenceInput(forms.FileInput):
    """A picture to upload, with what was uploaded before: preview, 替换, 删除. Works without the module."""

    template_name = "design/widgets/evidence.html"

    def __init__(self, *, accept: str, label: Text) -> None:
        super().__init__({"accept": accept})
        self.label = label
        self.accepted: Accepted | None = None

    @staticmethod
    def upload_act(name: str) -> str:
        """Return the value of the button 上传."""
        return f"upload-{name}"

    @staticmethod
    def delete_act(name: str) -> str:
        """Return the value of the button 删除."""
        return f"delete-{name}"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add what was uploaded, and the values of the buttons."""
        context = super().get_context(name, value, attrs)
        context["widget"].update(
            accepted=self.accepted, label=self.label, upload=self.upload_act(name), delete=self.delete_act(name)
        )
        return context
