from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from lxml import html

from tests.unit.design.gallery.opening import open_gallery
from tongban.design import menus


@pytest.fixture
def gallery_open(settings: Any) -> Iterator[None]:
    """The gallery's pages instead of the platform's."""
    open_gallery(settings)
    yield
    menus.address.cache_clear()


class Gallery:
    """Fetches pages of the gallery as trees."""

    def __init__(self) -> None:
        self.client = Client()

    def page(self, name: str, **posted: str) -> Any:
        """Return the page, or what posting `posted` to it answers."""
        address = f"/gallery/{name}/"
        answer = self.client.post(address, posted) if posted else self.client.get(address)
        assert answer.status_code == 200
        return html.document_fromstring(answer.content)


@pytest.fixture
def gallery(gallery_open: None) -> Gallery:
    return Gallery()
