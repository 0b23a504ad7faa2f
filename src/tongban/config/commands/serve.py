"""`tongban serve`: the platform over HTTP."""

import os

import click

from tongban.config.serving import granian_command, metrics_environment


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="Processes; SQLite wants one, PostgreSQL one per core.")
@click.option("--threads", default=4, show_default=True, help="Threads of each process.")
def command(*, host: str, port: int, workers: int, threads: int) -> None:
    """Serve the platform with Granian until SIGTERM."""
    granian = granian_command(host=host, port=port, workers=workers, threads=threads)
    os.environ |= metrics_environment(port)
    os.execv(granian[0], granian)  # noqa: S606 - becomes the server, so that signals reach it
