"""Reading for the pages of the service hall."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongban.catalogue import queries as catalogue
from tongban.catalogue import searching
from tongban.kernel import clock
from tongban.site import help_centre, transfer_guide
from tongban.site.errors import NoticeNotFound
from tongban.site.models import Notice


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing a search found: where it is, its title and an excerpt, both cut where the words are."""

    url: str
    title: list[searching.Piece]
    excerpt: list[searching.Piece]


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found among one kind of thing."""

    label: str | Promise
    hits: list[Hit]


def published() -> QuerySet[Notice]:
    """Every notice that may be read now, newest first."""
    return Notice.objects.filter(withdrawn_at=None, published_at__lte=clock.now())


def notice(slug: str) -> Notice:
    """Return the published notice `slug`; raises `NoticeNotFound`."""
    try:
        return published().get(slug=slug)
    except Notice.DoesNotExist:
        raise NoticeNotFound(slug=slug) from None


def search(text: str) -> list[Hits]:
    """Look for every word of `text` in services, help and notices; kinds of thing without hits are left out."""
    wanted = searching.terms(text)
    if not wanted:
        return []
    kinds = [
        Hits(_("服务事项与指南"), _services(text)),
        Hits(_("帮助中心"), [*_questions(wanted), *_guide(wanted)]),
        Hits(_("通知公告"), _notices(wanted)),
    ]
    return [kind for kind in kinds if kind.hits]


def _services(text: str) -> list[Hit]:
    return [
        Hit(reverse("catalogue:service", args=[found.service.slug]), found.name, found.excerpt)
        for found in catalogue.search(text)
    ]


def _questions(wanted: list[str]) -> list[Hit]:
    return [
        Hit(
            f"{reverse('site:help')}#{question.slug}",
            searching.mark(str(question.title), wanted),
            searching.excerpt(question.text, wanted),
        )
        for question in help_centre.questions()
        if searching.contains_all(searching.fold(f"{question.title}\n{question.text}"), wanted)
    ]


def _guide(wanted: list[str]) -> list[Hit]:
    return [
        Hit(f"{part.url}#{section.slug}", searching.mark(section.said, wanted), searching.excerpt(section.text, wanted))
        for part in transfer_guide.PARTS
        for section in part.sections
        if searching.contains_all(searching.fold(f"{section.said}\n{section.text}"), wanted)
    ]


def _notices(wanted: list[str]) -> list[Hit]:
    rows = published()
    for term in wanted:
        rows = rows.filter(search_text__contains=term)
    return [
        Hit(
            reverse("site:notice", args=[row.slug]),
            searching.mark(row.said.title, wanted),
            searching.excerpt(" ".join(row.said.body.split()), wanted),
        )
        for row in rows
    ]
