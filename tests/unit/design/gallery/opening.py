"""The gallery instead of the platform: its own addresses, only the middleware and context of the room."""

from pathlib import Path
from typing import Any

from tongban.design import menus


def open_gallery(settings: Any) -> None:
    """Point Django at the gallery; pytest-django's `settings` puts everything back."""
    settings.ROOT_URLCONF = "tests.unit.design.gallery.urls"
    settings.MIDDLEWARE = ["tests.unit.design.gallery.policy.policy", "django.middleware.csrf.CsrfViewMiddleware"]
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "DIRS": [Path(__file__).parent / "templates"],
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.template.context_processors.i18n",
                    "tongban.design.context.page",
                ]
            },
        }
    ]
    menus.address.cache_clear()
