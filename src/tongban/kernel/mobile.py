"""Mainland mobile numbers."""

from dataclasses import dataclass

from tongban.kernel import normalise
from tongban.kernel.errors import Invalid
from tongban.kernel.masking import mask_phone


@dataclass(frozen=True, slots=True, repr=False)
class Mobile:
    """Eleven digits, 13… to 19…. Which carrier serves a number cannot be read from it, and new ranges open."""

    value: str

    @classmethod
    def parse(cls, raw: str) -> "Mobile":
        """Return the number in `raw`, with or without +86; raises `Invalid` (`mobile.…`)."""
        number = _without_country(normalise.identifier(raw))
        if not number:
            raise Invalid("mobile.empty")
        for position, character in enumerate(number, start=1):
            if character not in "0123456789":
                raise Invalid("mobile.character", position=position, character=character)
        if number[0] == "0":
            raise Invalid("mobile.landline")
        if len(number) != 11:
            raise Invalid("mobile.length", length=len(number))
        if number[0] != "1" or number[1] in "012":
            raise Invalid("mobile.prefix")
        return cls(number)

    @property
    def masked(self) -> str:
        """The number as it may be shown: 138****1234."""
        return mask_phone(self.value)

    def __repr__(self) -> str:
        return f"Mobile({self.masked!r})"


def _without_country(number: str) -> str:
    for prefix in ("+86", "0086", "(+86)"):
        if number.startswith(prefix):
            return number[len(prefix) :]
    if number.startswith(("+", "00")):
        raise Invalid("mobile.foreign")
    if len(number) == 13 and number.startswith("86"):
        return number[2:]
    return number
