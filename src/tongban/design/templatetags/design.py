"""`{% load design %}`: the components pages are made of. Every tag draws one template of `design/components/`."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tongban.design import display
from tongban.design.forms import Form
from tongban.design.wording import is_chinese_spoken, is_foreign

register = template.Library()

# What a tag or notice means; Django's message levels map onto the same five.
_KINDS = {"success": "good", "warning": "wait", "error": "bad", "debug": "plain"}


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """Draw an icon of the sprite `design/icons.svg`; decoration only, words stand beside it."""
    if not name:
        return SafeString("")
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', _sprite(), name)


@cache
def _sprite() -> str:
    return static("design/icons.svg")


@register.inclusion_tag("design/components/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """Draw the error summary: it stands above the h1 and leads to the fields, in the order in which they stand."""
    # What was found late, by comparing fields for example, comes last in `form.errors`.
    drawn = form.drawn_blocks if isinstance(form, Form) else ()
    names = [bound.name for block in drawn for bound in block.fields]
    found = sorted(form.errors.items(), key=lambda error: names.index(error[0]) if error[0] in names else -1)
    problems = [{"sentence": sentence, "target": _target(form, name)} for name, said in found for sentence in said]
    return {"problems": problems}


def _target(form: BaseForm, name: str) -> str:
    """Return the id of the control with the error; a group of choices is reached through its first."""
    if name not in form.fields:
        return ""
    bound = form[name]
    return bound.id_for_label or f"{bound.auto_id}_0"


@register.simple_tag
def form_fields(form: BaseForm) -> SafeString:
    """Draw all fields of the form."""
    return form.render()


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """Draw one field: label, hint, error, control."""
    return bound.as_field_group()


@register.inclusion_tag("design/components/status_tag.html")
def status_tag(kind: str, text: str) -> dict[str, Any]:
    """Draw a status, words first. `kind`: good, wait, bad, info or plain."""
    return {"kind": kind, "text": text}


@register.inclusion_tag("design/components/steps.html")
def steps(names: Sequence[str], current: int) -> dict[str, Any]:
    """Draw where one is in a row of steps; `current` counts from 1, and is one more than the last when all is done."""
    return {"names": names, "current": current}


@register.inclusion_tag("design/components/summary_list.html")
def summary_list(rows: Iterable[Sequence[str]]) -> dict[str, Any]:
    """Draw what is known: rows of (name, value) or (name, value, change url, change label)."""
    return {"rows": rows}


@register.inclusion_tag("design/components/timeline.html")
def timeline(events: Iterable[Any]) -> dict[str, Any]:
    """Draw what happened, newest first: things with `at` (aware datetime), `title` and perhaps `text`."""
    return {"events": events}


@register.inclusion_tag("design/components/tabs.html")
def tabs(links: Iterable[Any], label: str) -> dict[str, Any]:
    """Draw links between sister pages (`menus.Link`); `label` names the group for screen readers."""
    return {"links": links, "label": label}


@register.inclusion_tag("design/components/crumbs.html")
def crumbs(*pairs: Any) -> dict[str, Any]:
    """Draw the way here: label, url, label, url …"""
    return {"links": list(zip(pairs[::2], pairs[1::2], strict=True))}


@register.inclusion_tag("design/components/empty_state.html")
def empty_state(title: str, text: str = "", url: str = "", label: str = "", icon: str = "inbox") -> dict[str, Any]:
    """Say that nothing is here yet, and what to do about it."""
    return {"title": title, "text": text, "url": url, "label": label, "icon": icon}


@register.inclusion_tag("design/components/service_card.html")
def service_card(
    *, title: str, summary: str, url: str, enter_url: str = "", icon: str = "award", audience: str = "", note: str = ""
) -> dict[str, Any]:
    """Draw a service: its name leads to the guide, 办理入口 into the service. `note` says what it asks for."""
    return {
        "title": title, "summary": summary, "url": url, "enter_url": enter_url, "icon": icon, "audience": audience,
        "note": note,
    }  # fmt: skip


@register.inclusion_tag("design/components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page[Any]) -> dict[str, Any]:
    """Draw links to the pages of a long list, keeping the other parameters of the address."""
    request: HttpRequest = context["request"]
    kept = [(name, value) for name, values in request.GET.lists() if name != "page" for value in values]
    return {
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "query": urlencode([*kept, ("page", "")]),
    }


@register.simple_block_tag(end_name="endnotice")
def notice(content: str, kind: str = "info") -> SafeString:
    """Draw a boxed remark. `kind` as in `status_tag`; Django's message levels are understood too."""
    kind = _KINDS.get(kind, kind)
    return format_html('<div class="notice {}">{}<div>{}</div></div>', kind, icon(f"notice-{kind}"), content)


@register.simple_tag
def table_box() -> SafeString:
    """Return what the box of a table needs where words may not be broken: it scrolls then, by the keyboard too.

    Chinese breaks between any two characters, so a table always fits; a column of English is as wide as its longest
    word, and on a small screen the box scrolls.
    """
    if is_chinese_spoken():
        return SafeString("")
    return format_html(' tabindex="0" role="group" aria-label="{}"', _("表格"))


@register.filter
def lang_of(text: object) -> SafeString:
    """Return the attribute `lang` for the element that holds a name or text somebody wrote, where it is not the page's.

    `<dd{{ reason|lang_of }}>{{ reason }}</dd>`: a screen reader changes its voice for the element (WCAG 3.1.2).
    """
    return format_html(' lang="{}"', display.TAGS[settings.LANGUAGE_CODE]) if is_foreign(text) else SafeString("")


@register.filter
def as_written(text: object) -> SafeString:
    """Return a name somebody wrote for the middle of a sentence, in an element of its own where `lang_of` says so."""
    shown = conditional_escape(text if isinstance(text, SafeString) else str(text))
    return format_html("<span{}>{}</span>", lang_of(text), shown) if is_foreign(text) else shown


@register.filter
def saying(sentence: object, name: object) -> SafeString:
    """Return a sentence of the page with the name that stands in it `as_written`."""
    if not name:
        return conditional_escape(str(sentence))
    before, found, after = str(sentence).partition(str(name))
    return format_html("{}{}{}", before, as_written(found), after)
