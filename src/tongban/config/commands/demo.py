"""`tongban demo`: the platform, its worker and the business systems on loopback, with synthetic data."""

import hashlib
import os
import signal
import socket
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
from django.conf import settings
from django.core.management import call_command

from tongban.config.checks import DEMO_STAMP
from tongban.config.serving import Children, granian_command

_NEIGHBOURS = ("torch", "hnte", "tsme")
"""They listen at the ports that follow the platform's."""
_SOURCE = Path(__file__).resolve().parents[2]


def _fingerprint() -> str:
    """Return a digest that changes whenever a file of the source does, so that set-up runs only when needed."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(_SOURCE.rglob("*")):
        if path.suffix in {".py", ".json", ".css", ".js", ".svg", ".webp", ".po"}:
            status = path.stat()
            digest.update(f"{path.relative_to(_SOURCE)}|{status.st_size}|{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _refuse_taken_ports(port: int) -> None:
    """Raise `ClickException` if somebody listens already: two servers may share a port without an error."""
    for one in range(port, port + 1 + len(_NEIGHBOURS)):
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", one)) == 0:
                message = (
                    f"port {one} is in use, perhaps by another `make run`; choose others: PORT={port + 100} make run"
                )
                raise click.ClickException(message)


def _stop_at_once(signum: int, frame: FrameType | None) -> NoReturn:
    """Leave a set-up half done: the next one goes on where this one stopped."""
    raise SystemExit(0)


def _set_up(port: int) -> None:
    """Bring database, static files, demo data and the business systems' registrations up to date."""
    stamp = settings.HOME / DEMO_STAMP
    fingerprint = f"{_fingerprint()} {port}"
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    from tongban.demo.flows.seed import seed  # noqa: PLC0415 - the room exists in the demo profile only

    settings.HOME.mkdir(parents=True, exist_ok=True)
    click.echo("Setting up the demonstration …")
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    seed(hnte=f"http://127.0.0.1:{port + 2}", tsme=f"http://127.0.0.1:{port + 3}", folder=settings.HOME / "clients")
    stamp.write_text(fingerprint)


def _start(children: Children, port: int, *, servers: int, workers: int) -> list[str]:
    """Start every process and return the addresses that tell whether it is ready."""
    home, platform = settings.HOME, f"http://127.0.0.1:{port}"
    environment = {
        "TONGBAN_PROFILE": "demo", "TONGBAN_HOME": str(home), "TONGBAN_ADDRESS": platform, "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    serving = granian_command(host="127.0.0.1", port=port, workers=servers, threads=8)
    children.start("platform", serving, environment)
    for its_port, name in enumerate(_NEIGHBOURS, start=port + 1):
        command = [
            sys.executable, "-m", f"neighbours.{name}", "--port", str(its_port), "--platform", platform,
            "--home", str(home / name), "--client-file", str(home / "clients" / f"{name}.json"),
        ]  # fmt: skip
        children.start(name, command, {"PYTHONUNBUFFERED": "1"})
    for number in range(workers):
        name = f"worker-{number + 1}" if number else "worker"
        children.start(name, [sys.executable, "-m", "tongban", "worker"], environment)
    return [f"http://127.0.0.1:{port + step}/readyz" for step in (0, 1, 2, 3)]


def _announce(port: int) -> None:
    from tongban.demo.accounts import ACCOUNTS  # noqa: PLC0415 - the room exists in the demo profile only

    platform = f"http://127.0.0.1:{port}"
    click.echo(f"""
演示系统，非官方网站 · A demonstration, not an official site

  政务服务平台          {platform}/
  火炬中心（账号检索）  http://127.0.0.1:{port + 1}/
  高企认定              http://127.0.0.1:{port + 2}/
  科小企评价、人才登记  http://127.0.0.1:{port + 3}/
  短信（发件箱）        {platform}/demo/outbox.json
  验证码答案            {platform}/demo/captcha.json
  演示账号              {platform}/demo/accounts.json
  可用于实名认证的数据  {platform}/demo/register.json
  可检索的转移账号      {platform}/demo/torch.json

  演示账号 (realm · login name · password):""")
    for account in ACCOUNTS:
        click.echo(f"    {account.realm:8} {account.login_name:20} {account.password}   {account.note}")
    click.echo("\n  Ctrl-C stops everything.")


@click.command()
@click.option("--port", default=lambda: int(os.environ.get("PORT", "8000")), type=int, help="Default: $PORT or 8000.")
@click.option("--servers", default=1, show_default=True, help="Processes that answer requests; SQLite wants one.")
@click.option("--workers", default=1, show_default=True, help="Worker processes; SQLite wants one.")
@click.option("--set-up-only", is_flag=True, help="Bring database and demo data up to date and stop.")
def command(*, port: int, servers: int, workers: int, set_up_only: bool) -> None:
    """Start the whole demonstration and stop it cleanly on SIGTERM or Ctrl-C."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop_at_once)
    if not set_up_only:
        _refuse_taken_ports(port)
    _set_up(port)
    if set_up_only:
        return
    children = Children(logs=settings.HOME / "logs")
    children.stop_on_signals()
    try:
        if not children.wait_until_ready(_start(children, port, servers=servers, workers=workers), seconds=180):
            return
        _announce(port)
        ended = children.watch()
    except RuntimeError as error:
        raise click.ClickException(str(error)) from error
    finally:
        children.stop()
    if ended:
        message = f"{ended} ended unexpectedly: see {settings.HOME / 'logs' / ended}.log"
        raise click.ClickException(message)
