"""What a search can answer: one outcome, and with each exactly one next step."""

from dataclasses import dataclass
from enum import StrEnum

from tongban.accounts.rules import Realm
from tongban.transfer.rules import Outcome


class NotBroughtOver(StrEnum):
    """What is said when there is no legacy account."""

    E0A = "E0a"
    """The unit has no account here either."""
    E0B = "E0b"
    """The unit has a legal account here."""
    P0 = "P0"
    """The person may register. Whether they have an account here is not told: the phone says nothing about it."""


class Step(StrEnum):
    """What to do next."""

    REGISTER = "register"
    LOG_IN = "log_in"
    APPEAL = "appeal"


class Password(StrEnum):
    """Which password goes with the login name."""

    LEGACY = "legacy"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes with an outcome: the window, the step, and the password for it (None: there is none yet)."""

    realm: Realm
    step: Step
    password: Password | None


ANSWERS: dict[Outcome | NotBroughtOver, Answer] = {
    NotBroughtOver.E0A: Answer(Realm.LEGAL, Step.REGISTER, None),
    NotBroughtOver.E0B: Answer(Realm.LEGAL, Step.LOG_IN, Password.PLATFORM),
    Outcome.E1: Answer(Realm.LEGAL, Step.LOG_IN, Password.LEGACY),
    Outcome.E2: Answer(Realm.LEGAL, Step.LOG_IN, Password.PLATFORM),
    Outcome.E3: Answer(Realm.LEGAL, Step.LOG_IN, Password.LEGACY),
    Outcome.E4: Answer(Realm.NATURAL, Step.LOG_IN, Password.LEGACY),
    NotBroughtOver.P0: Answer(Realm.NATURAL, Step.REGISTER, None),
    Outcome.P1: Answer(Realm.NATURAL, Step.LOG_IN, Password.LEGACY),
    Outcome.P2: Answer(Realm.NATURAL, Step.LOG_IN, Password.PLATFORM),
    Outcome.P3: Answer(Realm.NATURAL, Step.LOG_IN, Password.LEGACY),
    Outcome.P4: Answer(Realm.NATURAL, Step.APPEAL, Password.PLATFORM),
}
PAGES: dict[tuple[Realm, Step], str] = {
    (Realm.LEGAL, Step.REGISTER): "accounts:register-legal",
    (Realm.LEGAL, Step.LOG_IN): "accounts:log-in-legal",
    (Realm.NATURAL, Step.REGISTER): "accounts:register-natural",
    (Realm.NATURAL, Step.LOG_IN): "accounts:log-in-natural",
    (Realm.NATURAL, Step.APPEAL): "recovery:appeal-natural",
}
"""Where each step is done: names of addresses."""
