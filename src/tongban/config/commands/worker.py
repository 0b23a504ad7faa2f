"""`tongban worker`: does the work that no request waits for."""

import click

from tongban.config.start import refuse_unsafe_start
from tongban.config.worker import Worker


@click.command()
@click.option("--once", is_flag=True, help="Run every job once and stop.")
def command(*, once: bool) -> None:
    """Run the rooms' jobs until SIGTERM."""
    refuse_unsafe_start()
    worker = Worker()
    if once:
        worker.run_due()
        return
    worker.run_until_stopped()
