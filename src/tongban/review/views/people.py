"""Whose page it is."""

from django.http import HttpRequest

from tongban.accounts.models import Account


def signed_in_account(request: HttpRequest) -> Account:
    """Return the account of a request that came through the door `signed_in`."""
    if not isinstance(request.user, Account):
        raise TypeError(request.user)
    return request.user
