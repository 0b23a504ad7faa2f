"""Write down a new account. Part of other acts: registering, importing legacy accounts, appointing staff."""

from django.conf import settings
from django.db import IntegrityError

from tongban.accounts.errors import LoginNameTaken
from tongban.accounts.models import PHONE_DOMAIN, Account, Consent
from tongban.accounts.rules import ConsentTo, Realm, login_names
from tongban.design import display
from tongban.kernel import clock
from tongban.kernel.mobile import Mobile
from tongban.vault import blind_index


def open_account(*, realm: Realm, login_name: str, encoded_password: str, phone: Mobile | None) -> Account:
    """Insert an account, in the caller's transaction, which must end when this raises `LoginNameTaken`.

    `encoded_password` comes from `make_password`, called before the transaction. The insert itself finds out whether
    the login name is free: of any number of parallel calls one succeeds. The account reads the language spoken now.
    """
    now = clock.now()
    account = Account(
        realm=realm,
        login_name=login_names.tidy(login_name),
        login_name_key=login_names.key(login_name),
        password=encoded_password,
        phone=phone.value if phone else None,
        phone_index=blind_index.of(PHONE_DOMAIN, phone.value) if phone else None,
        phone_proved_at=now if phone else None,
        language=display.spoken_language(),
        created_at=now,
        password_changed_at=now,
    )
    try:
        account.save(force_insert=True)
    except IntegrityError as error:
        if "login_name" in str(error):
            raise LoginNameTaken from error
        raise
    return account


def give_consent(account: Account) -> bool:
    """Note that the account agreed to the texts in force; return whether it had not, to some of them."""
    now, version = clock.now(), settings.CONSENT_VERSION
    given = Consent.objects.filter(account=account, version=version, withdrawn_at__isnull=True)
    missing = set(ConsentTo) - set(given.values_list("text", flat=True))
    rows = [Consent(account=account, text=text, version=version, given_at=now) for text in ConsentTo if text in missing]
    # Whoever was a moment earlier has said the same.
    Consent.objects.bulk_create(rows, ignore_conflicts=True)
    return bool(rows)
