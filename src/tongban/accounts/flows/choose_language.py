"""Remember in which language the person of an account reads: what others cause to be sent to them is in it."""

from tongban.accounts.models import Account


def choose_language(*, account: Account, language: str) -> None:
    """Let the account read `language`, a code of `design.display.TAGS`; the one it reads already costs nothing.

    It says how the person wants to be spoken to and gives nobody a right: the audit trail does not hold it, as it holds
    no other choice of how pages look.
    """
    if account.language == language:
        return
    Account.objects.filter(id=account.id).update(language=language)
    account.language = language
