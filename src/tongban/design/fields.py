"""Fields for what people type here. Each cleans to a value object of the kernel and explains what is wrong.

Full-width digits, spaces and hyphens are welcome wherever people write them. What was typed stays in the control.
"""

import unicodedata
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongban.design import sentences, widgets
from tongban.design.labels import DOCUMENT_KINDS, UNIT_TYPES, Text
from tongban.design.wording import inside
from tongban.kernel import normalise
from tongban.kernel.documents import Document, DocumentKind, parse_document
from tongban.kernel.errors import Invalid
from tongban.kernel.mobile import Mobile
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import UnitType, Uscc

T = TypeVar("T")
Pairs = list[tuple[str, Text]]
LONGEST_PASSWORD = 128  # characters
_LONGEST_TEXT = 500  # characters
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs"})  # categories of Unicode
_LONGEST_PROOF = 2000  # characters
_LONGEST_LINE = 256  # characters; rules of the kernel are stricter, this only bounds what they look at


def parsed(parse: Callable[[str], T], raw: str) -> T:
    """Return `parse(raw)`; a kernel error becomes the sentence a person reads."""
    try:
        return parse(raw)
    except Invalid as error:
        raise forms.ValidationError(sentences.sentence(error), code=error.code) from error


class LineField(forms.CharField):
    """One line of text, normalised by `tongban.kernel.normalise.text`. Cleans to str."""

    required_sentence: Text = _("请输入{label}。")

    def __init__(self, *, label: Text, widget: forms.Widget | None = None, **options: Any) -> None:
        options.setdefault("max_length", _LONGEST_LINE)
        super().__init__(
            label=label,
            widget=widget or widgets.TextInput(),
            strip=False,
            error_messages={
                "required": format_lazy(self.required_sentence, label=inside(label)),
                "max_length": _("最多 %(limit_value)d 个字，您输入了 %(show_value)d 个。请缩短。"),
                **options.pop("error_messages", {}),
            },
            **options,
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No `maxlength` in the page: cutting what somebody pastes hides the mistake from them."""
        return {}

    def to_python(self, value: Any) -> Any:
        """Normalise before any rule looks."""
        return normalise.text(super().to_python(value) or "")


class LoginNameField(LineField):
    """登录名. Cleans to str as typed, normalised; comparing it without case is the accounts room's rule."""

    def __init__(self, *, label: Text = _("登录名"), **options: Any) -> None:
        widget = widgets.TextInput(autocomplete="username", autocapitalize="none", spellcheck="false")
        super().__init__(label=label, **{"max_length": 64, "widget": widget, **options})


class PasswordField(forms.CharField):
    """密码, exactly as typed: nothing is trimmed or folded. Cleans to str.

    `new` asks for a password to be chosen (the browser may suggest one). `keep` gives the value back on a page that
    asks again; such pages must be `no-store`. New passwords are kept, current ones only where a code is sent as well.
    """

    def __init__(
        self, *, label: Text = _("密码"), new: bool = False, keep: bool | None = None,
        required_sentence: Text = _("请输入{label}。"), **options: Any,
    ) -> None:  # fmt: skip
        autocomplete = "new-password" if new else "current-password"
        super().__init__(
            label=label,
            strip=False,
            max_length=LONGEST_PASSWORD,
            widget=widgets.PasswordInput(keep=new if keep is None else keep, autocomplete=autocomplete),
            error_messages={
                "required": format_lazy(required_sentence, label=inside(label)),
                "max_length": _("密码最多 %(limit_value)d 个字符。请换一个短一些的。"),
            },
            **options,
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No `maxlength` in the page: a pasted password must never be cut without a word."""
        return {}


class MobileField(LineField):
    """手机号码. Cleans to `Mobile`."""

    def __init__(self, *, label: Text = _("手机号码"), **options: Any) -> None:
        widget = widgets.PhoneInput(autocomplete="tel-national", inputmode="tel")
        super().__init__(label=label, **{"widget": widget, **options})

    def clean(self, value: Any) -> Mobile | None:
        """Return the number; None when it is optional and empty."""
        raw = super().clean(value)
        return parsed(Mobile.parse, raw) if raw else None


class OneTimeCodeField(LineField):
    """短信验证码 in one control with its button. Cleans to the digits as str.

    `act` is the value of the button's `name="act"`; name it in the form's `acts` with the fields it needs.
    """

    default_error_messages = {"shape": _("短信验证码是短信中的 %(digits)s 位数字。请核对后重新输入。")}

    def __init__(self, *, label: Text = _("短信验证码"), act: str = "send-code", **options: Any) -> None:
        super().__init__(label=label, **{"widget": widgets.OneTimeCodeInput(act=act), **options})

    def clean(self, value: Any) -> str:
        """Return the digits without the spaces people and telephones put between them."""
        code = normalise.identifier(super().clean(value))
        digits = settings.ONE_TIME_CODE_DIGITS
        if code and not (code.isascii() and code.isdigit() and len(code) == digits):
            raise forms.ValidationError(self.error_messages["shape"], code="shape", params={"digits": digits})
        return code


class HumanCheckField(LineField):
    """验证码: what a picture shows or a sound says, or what the browser's script found. Cleans to str.

    Which writings mean the same is known to the room that judges it. `only_for` names acts ("send-code"): the check
    guards these, and the final submit neither asks for it again nor looks at it. Empty: the final submit asks.
    """

    required_sentence = _("请输入图片或音频中的{label}。看不清、听不清可以换一张。")

    def __init__(self, *, label: Text = _("验证码"), only_for: tuple[str, ...] = (), **options: Any) -> None:
        self.only_for = only_for
        options.setdefault("help_text", _("看不清图片的，可以听音频，输入听到的数字。"))
        # What a script found is longer than what a person types.
        super().__init__(
            label=label, **{"widget": widgets.HumanCheckInput(only_for), "max_length": _LONGEST_PROOF, **options}
        )


class TextField(forms.CharField):
    """Several lines of prose. Cleans to str: without invisible characters, punctuation as it was typed."""

    def __init__(
        self, *, label: Text, required_sentence: Text = _("请填写此项。"), rows: int = 4, **options: Any
    ) -> None:
        super().__init__(
            label=label,
            widget=forms.Textarea({"rows": rows}),
            error_messages={
                "required": required_sentence,
                "max_length": _("最多 %(limit_value)d 个字，您输入了 %(show_value)d 个。请缩短。"),
            },
            **{"max_length": _LONGEST_TEXT, **options},
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No `maxlength` in the page: cutting what somebody pastes hides the mistake from them."""
        return {}

    def to_python(self, value: Any) -> Any:
        """Tidy each line, drop empty ones at both ends."""
        lines = str(super().to_python(value) or "").splitlines()
        return "\n".join(_tidy_line(line) for line in lines).strip()


def _tidy_line(line: str) -> str:
    # Unlike `kernel.normalise.text`, which makes ，a plain comma: this is prose, not a name to compare.
    visible = (character for character in line if unicodedata.category(character) not in _INVISIBLE)
    return " ".join(unicodedata.normalize("NFC", "".join(visible)).split())


class PersonNameField(LineField):
    """姓名. Cleans to `PersonName`."""

    def __init__(self, *, label: Text = _("姓名"), **options: Any) -> None:
        super().__init__(label=label, **{"widget": widgets.TextInput(autocomplete="name"), **options})

    def clean(self, value: Any) -> PersonName | None:
        """Return the name; None when it is optional and empty."""
        raw = super().clean(value)
        return parsed(PersonName.parse, raw) if raw else None


class UnitNameField(LineField):
    """单位名称. Cleans to `UnitName`."""

    def __init__(self, *, label: Text = _("单位名称"), **options: Any) -> None:
        super().__init__(label=label, **{"widget": widgets.TextInput(autocomplete="organization"), **options})

    def clean(self, value: Any) -> UnitName | None:
        """Return the name; None when it is optional and empty."""
        raw = super().clean(value)
        return parsed(UnitName.parse, raw) if raw else None


class UsccField(LineField):
    """统一社会信用代码. Cleans to `Uscc`."""

    def __init__(self, *, label: Text = _("统一社会信用代码"), **options: Any) -> None:
        widget = widgets.TextInput(mono=True, autocomplete="off", autocapitalize="characters", spellcheck="false")
        options.setdefault("help_text", _("18 位，在营业执照或登记证书上。可以带空格。"))
        super().__init__(label=label, **{"widget": widget, **options})

    def clean(self, value: Any) -> Uscc | None:
        """Return the code; None when it is optional and empty."""
        raw = super().clean(value)
        return parsed(Uscc.parse, raw) if raw else None


class DocumentNumberField(LineField):
    """证件号码 of the kind chosen in the field named `kind`. Cleans to `Document` once `Form` has read every field.

    When the kind itself is wrong or missing it cleans to None without an error of its own: one is enough.
    """

    def __init__(self, *, kind: str, label: Text = _("证件号码"), **options: Any) -> None:
        self.kind = kind
        widget = widgets.TextInput(mono=True, autocomplete="off", autocapitalize="characters", spellcheck="false")
        super().__init__(label=label, **{"widget": widget, **options})

    def resolve(self, raw: str, cleaned: Mapping[str, Any]) -> Document | None:
        """Return the document beside the other cleaned values; None when it is empty or of no known kind."""
        kind = cleaned.get(self.kind)
        return parsed(lambda number: parse_document(kind, number), raw) if raw and kind else None


def _after(first: Pairs, choices: Callable[[], Pairs]) -> Pairs:
    return [*first, *choices()]


class ChoiceField(forms.TypedChoiceField):
    """One of a few values: radio buttons up to five, a list beyond. Cleans to what `coerce` makes of the value.

    `choices` may be a function, for a long list whose order depends on the language: it is asked when it is drawn.
    """

    def __init__(
        self, *, label: Text, choices: Mapping[Any, Text] | Callable[[], Pairs], prompt: Text | None = None,
        radios: bool | None = None, required_sentence: Text = _("请选择{label}。"), **options: Any,
    ) -> None:  # fmt: skip
        first: Pairs = [("", _("请选择") if prompt is None else prompt)]
        if isinstance(choices, Mapping):
            as_radios = len(choices) <= 5 if radios is None else radios
            pairs = [(str(value), text) for value, text in choices.items()]
            drawn: Any = pairs if as_radios else [*first, *pairs]
        else:
            as_radios = False
            drawn = partial(_after, first, choices)
        options.setdefault("empty_value", None)
        super().__init__(
            label=label,
            choices=drawn,
            widget=widgets.Radios() if as_radios else forms.Select(),
            error_messages={
                "required": format_lazy(required_sentence, label=inside(label)),
                "invalid_choice": format_lazy(_("请从列表中选择{label}。"), label=inside(label)),
                **options.pop("error_messages", {}),
            },
            **options,
        )


class DocumentKindField(ChoiceField):
    """证件类型. Cleans to `DocumentKind`. `kinds` narrows the list."""

    def __init__(
        self, *, label: Text = _("证件类型"), kinds: tuple[DocumentKind, ...] = tuple(DocumentKind), **options: Any
    ) -> None:
        choices = {kind.value: DOCUMENT_KINDS[kind] for kind in kinds}
        super().__init__(label=label, **{"choices": choices, "coerce": DocumentKind, "radios": False, **options})


class UnitTypeField(ChoiceField):
    """单位类型. Cleans to `UnitType`."""

    def __init__(self, *, label: Text = _("单位类型"), **options: Any) -> None:
        choices = {kind.value: UNIT_TYPES[kind] for kind in UnitType}
        super().__init__(label=label, **{"choices": choices, "coerce": UnitType, "radios": False, **options})


class ConsentField(forms.BooleanField):
    """A box that must be ticked. Links to what one agrees to belong into `help_text`: a label holds only its text."""

    def __init__(self, *, label: Text, sentence: Text = _("请阅读并勾选同意后继续。"), **options: Any) -> None:
        super().__init__(label=label, error_messages={"required": sentence}, **options)


def largest_picture() -> str:
    """Return the size a picture may have, as people write it: `1 MB`."""
    megabytes = settings.EVIDENCE_MAX_BYTES / 1024 / 1024
    return f"{megabytes:.1f}".removesuffix(".0") + " MB"


lazy_size = lazy(largest_picture, str)


class EvidenceField(forms.FileField):
    """A picture to upload. Cleans to None: what was uploaded is kept by `vault.uploading` before the form is checked.

    The hint ends with the type and size that are accepted. That room tells the field what stands in its slot (`show`),
    or why a file was not taken (`refused`). The form that has such a field knows two acts more: its 上传 and 删除.
    """

    def __init__(self, *, label: Text, help_text: Text = "", **options: Any) -> None:
        super().__init__(
            label=label,
            help_text=format_lazy(_("{what}jpg、jpeg 或 png 格式，不超过 {size}。"), what=help_text, size=lazy_size()),
            widget=widgets.EvidenceInput(accept="image/jpeg,image/png", label=label),
            error_messages={"required": format_lazy(_("请上传{label}：选择图片后点“上传”。"), label=inside(label))},
            **options,
        )
        self.refused: Text = ""

    @staticmethod
    def upload_act(name: str) -> str:
        """Return the act of the button that uploads for the field called `name`."""
        return widgets.EvidenceInput.upload_act(name)

    @staticmethod
    def delete_act(name: str) -> str:
        """Return the act of the button that deletes for the field called `name`."""
        return widgets.EvidenceInput.delete_act(name)

    def show(self, accepted: widgets.Accepted | None) -> None:
        """Show what stands in the slot."""
        self.widget.accepted = accepted

    def clean(self, data: Any, initial: Any = None) -> None:
        """Be content with what stands in the slot; raises `ValidationError` when that is nothing, or no good."""
        accepted: widgets.Accepted | None = self.widget.accepted
        if self.refused:
            raise forms.ValidationError(self.refused, code="refused")
        if accepted is not None and accepted.kind == "bad":
            raise forms.ValidationError(accepted.note, code="refused")
        if accepted is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
