"""The site of 火炬中心业务办理平台: a home page, and the account search that asks the platform."""

from pathlib import Path

from flask import Flask

from neighbours.relying import house
from neighbours.relying.language import marked
from neighbours.relying.options import Options
from neighbours.torch.captcha import Captchas
from neighbours.torch.pages import SearchPages
from neighbours.torch.transfer_api import TransferApi

TITLE = marked("火炬中心业务办理平台")


def create(options: Options | None = None) -> Flask:
    """Return the WSGI application; without `options` they come from the environment."""
    options = options or Options.from_environment()
    built = house.build("torch", title=TITLE, templates=Path(__file__).parent / "templates", options=options)
    api = TransferApi(platform=options.platform, credentials=options.credentials("torch"))
    pages = SearchPages(api, captchas=Captchas(built.storage), clock=built.clock)
    built.app.register_blueprint(pages.blueprint())
    house.add_probes(built, reachable=api.answers)
    return built.app
