"""The catalogue as a Django application."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Services and guides."""

    name = "tongban.catalogue"
    label = "catalogue"
