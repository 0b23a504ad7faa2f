"""After a log-in, browser and account agree on a language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tongban.accounts.flows.choose_language import choose_language
from tongban.accounts.models import Account
from tongban.design import display


def agree(request: HttpRequest, answer: HttpResponse, account: Account) -> None:
    """Let the account, which was signed in just now, read what was chosen in this browser; else the browser follows.

    Whoever chose English before the log-in means it, and would find no switch to English afterwards. Call it after
    whatever the log-in itself tells the owner: a thief's browser must not choose in what language they are warned.
    """
    chosen = display.chosen_language(request)
    if chosen:
        choose_language(account=account, language=chosen)
    elif account.language != settings.LANGUAGE_CODE:
        display.keep_language(answer, account.language, secure=request.is_secure())
