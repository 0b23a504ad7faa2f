"""Where a person wanted to go before we asked something of them."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

PARAMETER = "next"


def next_page(request: HttpRequest) -> str:
    """Return the `next` of the form or the address if it is a page of this site, else ""."""
    wanted = request.POST.get(PARAMETER) or request.GET.get(PARAMETER) or ""
    here = {request.get_host()}
    return wanted if url_has_allowed_host_and_scheme(wanted, here, require_https=request.is_secure()) else ""


def with_next(url: str, page: str) -> str:
    """Return `url` with `page` as its `next`, so that it is not forgotten on the way."""
    return f"{url}?{urlencode({PARAMETER: page})}" if page else url
