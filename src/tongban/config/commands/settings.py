"""`tongban settings`: the page of the documentation that lists every setting."""

import click

from tongban.config.table import TABLE, Setting

HEAD = """# Settings

Every setting is an environment variable named `TONGBAN_` and the name below. Lists are comma separated,
dictionaries are JSON. This page is made by `python -m tongban settings`; a test holds it against the table.

| name | type | default | in the demo | what it does |
|---|---|---|---|---|
"""


def _value(value: object) -> str:
    if value in ("", None, [], {}):
        return ""
    text = ", ".join(value) if isinstance(value, list) else str(value)
    return "`" + text.replace("|", "\\|") + "`"


def _row(setting: Setting) -> str:
    cells = (setting.name, setting.type.__name__, _value(setting.default), _value(setting.demo), setting.sentence)
    return "| " + " | ".join(cells) + " |\n"


def page() -> str:
    """Return the Markdown page of all settings."""
    return HEAD + "".join(_row(setting) for setting in TABLE)


@click.command()
def command() -> None:
    """Print the documentation page of all settings."""
    click.echo(page(), nl=False)
