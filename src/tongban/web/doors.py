"""Doors: who may call a view. Every view of the platform has exactly one; an architecture test looks for it.

A door writes itself on the view as `view.door`, where decorators that use `functools.wraps` keep it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse

View = Callable[..., HttpResponseBase]
V = TypeVar("V", bound=View)


@dataclass(frozen=True, slots=True)
class Door:
    """Who may pass: `anyone`, people `signed_in`, or a `machine` (`reason` says how).

    People may have to be of one `realm`; staff may have to have one of the `roles`.
    """

    kind: Literal["anyone", "signed_in", "machine"]
    realm: str | None = None
    reason: str | None = None
    roles: tuple[str, ...] = ()


# Filled by the room that has the log-in windows: realm (None: the page where one chooses) to URL name.
_windows: dict[str | None, str] = {}


def set_window(realm: str | None, url_name: str) -> None:
    """Tell where people of `realm` log in; `None` is the page where one chooses the realm."""
    _windows[realm] = url_name


def window(realm: str | None) -> str:
    """Return the path of the window where `realm` logs in, or of the page where one chooses."""
    return reverse(_windows.get(realm) or _windows[None])


Interruption = Callable[[HttpRequest], HttpResponseBase | None]
_interruptions: dict[str, Interruption] = {}


def interrupt(name: str, interruption: Interruption) -> None:
    """Let `interruption` answer in place of the pages behind doors, where something has to come first."""
    _interruptions[name] = interruption


def interrupted(request: HttpRequest) -> HttpResponseBase | None:
    """Return the answer of whatever has to come first for somebody signed in; `None` when nothing has."""
    answers = (interruption(request) for interruption in _interruptions.values())
    return next((answer for answer in answers if answer is not None), None)


def _set(view: Any, door: Door) -> None:
    if hasattr(view, "door"):
        message = f"{view.__name__} has a door already"
        raise TypeError(message)
    view.door = door


def anyone(view: V) -> V:
    """Let everybody call `view`."""
    _set(view, Door("anyone"))
    return view


def machine(reason: str) -> Callable[[V], V]:
    """Let a program call the view; `reason` says how the view itself authenticates it, or why it need not."""

    def door(view: V) -> V:
        _set(view, Door("machine", reason=reason))
        return view

    return door


def signed_in(*, realm: str | None = None, role: str | tuple[str, ...] = ()) -> Callable[[View], View]:
    """Let people call the view who are signed in (to an account of `realm`); others are led to the log-in window.

    With `role` only those pass who have it, or one of them. Somebody who is signed in but of another realm, or without
    the role, gets 403: to be asked for a password again would mislead.
    """
    roles = (role,) if isinstance(role, str) else role

    def door(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_window(request, realm)
            if realm is not None and getattr(request.user, "realm", None) != realm:
                raise PermissionDenied
            if roles and getattr(request.user, "roles", frozenset()).isdisjoint(roles):
                raise PermissionDenied
            return interrupted(request) or view(request, *args, **kwargs)

        _set(guarded, Door("signed_in", realm=realm, roles=roles))
        return guarded

    return door


def _to_window(request: HttpRequest, realm: str | None) -> HttpResponseRedirect:
    """Lead to the log-in window and afterwards back to this page; a post cannot be repeated, so it leads home."""
    path = window(realm)
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseRedirect(path)
    query = QueryDict(mutable=True)
    query["next"] = request.get_full_path()
    return HttpResponseRedirect(f"{path}?{query.urlencode(safe='/')}")
