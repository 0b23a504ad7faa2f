"""`tongban`, the operators' command line: the groups in `commands/`, and Django's own commands under their names."""

import os
import pkgutil
import sys
from importlib import import_module
from pathlib import Path

import click
import django
from django.core.management import execute_from_command_line

from tongban.config import commands

_DJANGO = (
    "check",
    "migrate",
    "makemigrations",
    "makemessages",
    "compilemessages",
    "collectstatic",
    "shell",
    "dbshell",
    "sqlmigrate",
    "showmigrations",
    "sendtestemail",
)


class Tongban(click.Group):
    """Finds each command in the module of `tongban.config.commands` that has its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all command modules."""
        return sorted(module.name for module in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module named `cmd_name` and return its `command`."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"{commands.__name__}.{cmd_name}").command
        return command


@click.command(cls=Tongban)
def tongban() -> None:
    """Run and operate the platform."""


def main() -> None:
    """Start the command line; a Django management command is handed to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
    # The folder of all state is made by whichever command comes first.
    Path(os.environ.get("TONGBAN_HOME", "var")).mkdir(parents=True, exist_ok=True)
    if len(sys.argv) > 1 and sys.argv[1] in _DJANGO:
        execute_from_command_line(sys.argv)
        return
    if len(sys.argv) > 1 and sys.argv[1] == "demo":
        os.environ["TONGBAN_PROFILE"] = "demo"
    _set_up()
    tongban(prog_name="tongban")


def _set_up() -> None:
    """Make Django ready; a setting that cannot be read ends here with its name instead of a traceback."""
    try:
        django.setup()
    except ValueError as error:
        if "TONGBAN_" not in str(error):
            raise
        raise SystemExit(str(error)) from None
