"""What people fill in to give mandates and to ask for them."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tongban.design import fields, widgets
from tongban.design.forms import Form
from tongban.mandates import queries
from tongban.mandates.rules import TERMS

REFUSE = "refuse"


class ServicesForm(Form):
    """For which services."""

    services = forms.MultipleChoiceField(
        label=_("授权办理的事项"),
        widget=widgets.Checkboxes(),
        error_messages={"required": _("请至少选择一个事项。"), "invalid_choice": _("请从列表中选择事项。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = self.fields["services"]
        assert isinstance(services, forms.MultipleChoiceField)  # noqa: S101 - three lines above
        rows = queries.services().only("slug", "name", "translations")
        services.choices = [(row.slug, row.said.name) for row in rows]


class TermForm(Form):
    """For how long."""

    acts = {REFUSE: ()}

    term = fields.ChoiceField(label=_("授权期限"), choices=dict(TERMS), coerce=int, radios=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _only_allowed(self)


class OfferForm(ServicesForm):
    """授权他人办理."""

    name = fields.PersonNameField(help_text=_("与对方实名认证的姓名一致。"))
    contact = fields.LineField(
        label=_("手机号码或登录名"),
        max_length=64,
        help_text=_("对方自然人账号的手机号码或者登录名。"),
    )
    term = fields.ChoiceField(label=_("授权期限"), choices=dict(TERMS), coerce=int, radios=True)
    field_order = ("name", "contact", "services", "term")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _only_allowed(self)


class RequestForm(ServicesForm):
    """申请授权."""

    uscc = fields.UsccField()
    field_order = ("uscc", "services")


def _only_allowed(form: Form) -> None:
    """Leave out the terms that are longer than the operator allows."""
    term = form.fields["term"]
    assert isinstance(term, fields.ChoiceField)  # noqa: S101 - both forms have one
    term.choices = [(days, text) for days, text in TERMS.items() if days <= settings.MANDATE_LONGEST_DAYS]
