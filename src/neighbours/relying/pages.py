"""Pages and headers that all desks share."""

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from neighbours.relying.desk import Desk
from neighbours.relying.options import Options


def problem(heading: str, sentence: str, *, status: int, desk: Desk | None = None) -> ResponseReturnValue:
    """Return a page that says what happened and offers one way on."""
    return make_response(render_template("relying/problem.html", heading=heading, sentence=sentence, desk=desk), status)


def protect(response: Response, *, options: Options) -> Response:
    """Add the headers a page with personal data needs. Forms may lead to ourselves and to the platform's logout."""
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; media-src 'self';"
        " base-uri 'none'; frame-ancestors 'none';"
        f" form-action 'self' {options.platform}"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    if not request.path.startswith("/static/"):
        response.headers["Cache-Control"] = "no-store"
    return response
