"""Errors of the room.

AccountsError
├── LoginNameRefused    the login name breaks a rule; `code` says which
│   └── LoginNameTaken  somebody of the realm has it
├── PasswordRefused     the new password breaks a rule; `code` says which
├── PasswordWrong       the current password, asked again of somebody signed in, is not theirs
│   └── PasswordDisabled  it was wrong too often in a row: only a reset helps
├── PhoneUnchanged      the new phone is the old one
├── ChangeMustWait      the account was recovered a short while ago; `retry_at` says when the change is possible
├── LogInRefused        whatever the reason: there is one answer
├── HumanCheckNeeded    too many failures: this log-in needs a 验证码
├── SecondFactorRefused  the code of the authenticator app is wrong, was used before, or there is no app
│   └── SecondFactorDisabled  codes were wrong too often in a row: known devices go on, a reset helps
│   └── PasskeyRefused  the passkey's answer proves nothing: an old page, another account's, one that was removed
├── PasskeyLimit        the account has as many passkeys as it may have
├── LastFactor          without this passkey the account would have no second factor
├── AlreadyEnrolled     there is a second factor: a link to the first sign-in would be a way round it
├── InvitationSpent     the one-time link was used, replaced, or is too old
├── NotMeLinkSpent      the link of a notice was used, or is too old
├── RoleNeeded          only an operator may do this
├── OwnAccount          nobody does this to their own account
├── NotStaff            only staff have what would be replaced
├── ResetOpen           somebody asked for a reset of this account already
├── ResetSettled        the request was approved or declined already
├── SecondOperatorNeeded  who asked for a reset cannot approve it
├── AccountSuspended    the password is right, and the account may not be used; `suspension` says why
├── SuspensionStands    the account is suspended already
├── NotSuspended        there is no suspension to lift
├── UnitTaken           the unit's name or code is bound to a verified account; `field` says which
└── AlreadyBound        the identity is bound to another account
"""

from datetime import datetime
from uuid import UUID


class AccountsError(Exception):
    """Root of the tree. `code` is stable; the sentence is written by whoever shows it."""

    code = "accounts.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code, params)
        self.params = params


class LoginNameRefused(AccountsError):
    """The login name breaks the rule that `code` names."""

    code = "accounts.login_name_refused"

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        super().__init__(**params)


class LoginNameTaken(LoginNameRefused):
    """An account of this realm has the login name."""

    def __init__(self) -> None:
        super().__init__("accounts.login_name_taken")


class PasswordRefused(AccountsError):
    """The new password breaks the rule that `code` names."""

    code = "accounts.password_refused"

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        super().__init__(**params)


class PasswordWrong(AccountsError):
    """The current password is wrong."""

    code = "accounts.password_wrong"


class PasswordDisabled(PasswordWrong):
    """The current password was wrong too often in a row."""

    code = "accounts.password_disabled"


class PhoneUnchanged(AccountsError):
    """The phone to change to is the phone the account has."""

    code = "accounts.phone_unchanged"


class ChangeMustWait(AccountsError):
    """The account was recovered a short while ago: its owner must have time to object first (`retry_at`: UTC)."""

    code = "accounts.change_must_wait"

    def __init__(self, *, retry_at: datetime) -> None:
        super().__init__(retry_at=retry_at)
        self.retry_at = retry_at


class LogInRefused(AccountsError):
    """Login name and password do not open an account. Why is in nobody's answer."""

    code = "accounts.log_in_refused"


class HumanCheckNeeded(AccountsError):
    """The log-in must be repeated with a 验证码."""

    code = "accounts.human_check_needed"


class SecondFactorRefused(AccountsError):
    """The code of the authenticator app opens nothing, whatever the reason."""

    code = "accounts.second_factor_refused"


class SecondFactorDisabled(SecondFactorRefused):
    """Codes of the app were wrong too often in a row."""

    code = "accounts.second_factor_disabled"


class PasskeyRefused(SecondFactorRefused):
    """The answer of the passkey opens nothing, whatever the reason."""

    code = "accounts.passkey_refused"


class PasskeyLimit(AccountsError):
    """The account has no room for another passkey."""

    code = "accounts.passkey_limit"


class LastFactor(AccountsError):
    """The passkey is the account's only second factor."""

    code = "accounts.last_factor"


class AlreadyEnrolled(AccountsError):
    """The account has an authenticator app or a passkey."""

    code = "accounts.already_enrolled"


class InvitationSpent(AccountsError):
    """The one-time link can be used no more."""

    code = "accounts.invitation_spent"


class NotMeLinkSpent(AccountsError):
    """The link of a notice can be used no more."""

    code = "accounts.not_me_link_spent"


class RoleNeeded(AccountsError):
    """The person is no operator."""

    code = "accounts.role_needed"


class OwnAccount(AccountsError):
    """It would be the person's own account."""

    code = "accounts.own_account"


class NotStaff(AccountsError):
    """The account is none of staff."""

    code = "accounts.not_staff"


class ResetOpen(AccountsError):
    """A request for this account waits already."""

    code = "accounts.reset_open"


class ResetSettled(AccountsError):
    """The request does not wait any more."""

    code = "accounts.reset_settled"


class SecondOperatorNeeded(AccountsError):
    """The person asked for this reset."""

    code = "accounts.second_operator_needed"


class SuspensionStands(AccountsError):
    """The account is suspended already."""

    code = "accounts.suspension_stands"


class NotSuspended(AccountsError):
    """The account is not suspended."""

    code = "accounts.not_suspended"


class AccountSuspended(AccountsError):
    """The account is suspended: `suspension` is the id of the row that says why."""

    code = "accounts.account_suspended"

    def __init__(self, *, account: UUID, suspension: UUID) -> None:
        self.account, self.suspension = account, suspension
        super().__init__(account=account, suspension=suspension)


class UnitTaken(AccountsError):
    """A verified account has the unit. `field` is "unit_name" or "uscc"."""

    code = "accounts.unit_taken"

    def __init__(self, *, field: str) -> None:
        self.field = field
        super().__init__(field=field)


class AlreadyBound(AccountsError):
    """Another account is bound to the identity."""

    code = "accounts.already_bound"
