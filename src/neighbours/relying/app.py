"""Puts a business system together from its desks."""

from collections.abc import Sequence
from pathlib import Path

from authlib.integrations.flask_client import OAuth
from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from neighbours.relying import house
from neighbours.relying.desk import Desk
from neighbours.relying.errors import RelyingError
from neighbours.relying.options import Options
from neighbours.relying.provider import Provider
from neighbours.relying.sign_in import DeskPages


def make_app(name: str, *, title: str, desks: Sequence[Desk], templates: Path, options: Options) -> Flask:
    """Return the business system `name`, which people enter at its `desks`."""
    built = house.build(name, title=title, templates=templates, options=options)
    oauth = OAuth(built.app)
    providers = []
    for desk in desks:
        provider = Provider(
            oauth,
            desk=desk,
            platform=options.platform,
            credentials=options.credentials(desk.name),
            clock=built.clock.now,
        )
        providers.append(provider)
        pages = DeskPages(desk, provider=provider, options=options, storage=built.storage)
        built.app.register_blueprint(pages.blueprint())
    built.app.context_processor(lambda: {"desks": desks})
    house.add_probes(built, reachable=lambda: _reachable(providers[0]))

    @built.app.get("/demo/captcha.json")
    def captcha() -> ResponseReturnValue:
        """No page here shows a 验证码, so there is never an answer to tell."""
        return jsonify({})

    return built.app


def _reachable(provider: Provider) -> bool:
    try:
        provider.metadata()
    except RelyingError:
        return False
    return True
