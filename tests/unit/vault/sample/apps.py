"""An app of models that only the vault's tests use: without migrations, made with the test database."""

from django.apps import AppConfig


class SampleConfig(AppConfig):
    """Tables with sealed fields."""

    name = "tests.unit.vault.sample"
    label = "vault_sample"
