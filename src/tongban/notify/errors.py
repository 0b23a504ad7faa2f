"""Errors of the room.

NotifyError
├── UnknownTemplate     no template has this name, or it has no text for this channel
├── ParamsMismatch      a template's blanks and the params given for them differ
├── OutsideTransaction  a message was put into the outbox outside the transaction of its act
├── MessageNotFound     the account has no such message
├── OutsideDemo         the demonstration's provider or outbox was used outside a demonstration
├── NotTold             a vendor did not say what became of a message
└── DeliveryError       what a provider says when it has no receipt to give
    ├── NotSent         surely not sent; another try may succeed
    ├── Undeliverable   surely not sent, and no other try will succeed
    └── OutcomeUnknown  the answer was lost: the message may have been sent
"""


class NotifyError(Exception):
    """Root of the room's errors."""

    code = "notify.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code, params)
        self.params = params


class UnknownTemplate(NotifyError):
    """No template has the name `template`, or it has no text for `channel`."""

    code = "notify.unknown_template"


class ParamsMismatch(NotifyError):
    """The blanks of `template` are not the params given: `missing` and `unknown` list the differences."""

    code = "notify.params_mismatch"


class OutsideTransaction(NotifyError):
    """An act and its message must commit together: open the transaction first."""

    code = "notify.outside_transaction"


class MessageNotFound(NotifyError):
    """The account has no message with this id."""

    code = "notify.message_not_found"


class OutsideDemo(NotifyError):
    """The demonstration's provider and outbox work in the profiles demo and test only."""

    code = "notify.outside_demo"


class NotTold(NotifyError):
    """The vendor could not be asked what became of a message, or its answer proves nothing."""

    code = "notify.not_told"


class DeliveryError(NotifyError):
    """A provider has no receipt to give. `reason` is a short code for the operator, without personal data."""

    code = "notify.delivery_error"

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


class NotSent(DeliveryError):
    """The message was surely not sent; a later try may succeed (refused connection, throttled, out of service)."""

    code = "notify.not_sent"


class Undeliverable(DeliveryError):
    """The message was surely not sent and never will be (number does not exist, text refused)."""

    code = "notify.undeliverable"


class OutcomeUnknown(DeliveryError):
    """The request may have reached the vendor and the answer was lost (timeout, broken connection)."""

    code = "notify.outcome_unknown"
