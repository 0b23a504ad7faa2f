"""Runs a business system as its own process."""

import os
from pathlib import Path

import click
from granian import Granian
from granian.constants import Interfaces

from neighbours.relying.options import Options, OptionsError


def make_command(*, name: str, title: str, target: str) -> click.Command:
    """Return the command line of the business system whose application factory is at `target` (module:function)."""

    @click.command(name=name, help=f"{title}: a business system entered from the platform.")
    @click.option("--port", type=int, required=True, help="Port to listen on, on 127.0.0.1.")
    @click.option("--platform", required=True, help="Address of the platform, e.g. http://127.0.0.1:8000.")
    @click.option("--home", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder for state.")
    @click.option(
        "--client-file",
        type=click.Path(path_type=Path, dir_okay=False),
        required=True,
        help="JSON file with the clients registered at the platform.",
    )
    @click.option("--address", help="Public address of this system; default http://127.0.0.1:PORT.")
    def command(port: int, platform: str, home: Path, client_file: Path, address: str | None) -> None:
        try:
            options = Options.make(port=port, platform=platform, home=home, client_file=client_file, address=address)
        except OptionsError as error:
            raise click.UsageError(str(error)) from error
        os.environ.update(options.to_environment())
        Granian(
            target=target,
            factory=True,
            interface=Interfaces.WSGI,
            address="127.0.0.1",
            port=port,
            workers=1,
            blocking_threads=4,
            websockets=False,
        ).serve()

    return command
