"""What may be shown of personal data to somebody who knows it already, and to nobody else."""

import unicodedata

_KEPT = frozenset(" ·-'.")


def mask_name(name: str) -> str:
    """Return the name with every letter but the first hidden: 张*, 阿***·***, J*** *****."""
    visible = name[:1]
    for position, character in enumerate(name[1:], start=1):
        if unicodedata.category(character).startswith("M"):
            # A mark belongs to the letter before it: it is drawn with the first letter and hidden with the others.
            visible += character if position == len(visible) and "*" not in visible else ""
        else:
            visible += character if character in _KEPT else "*"
    return visible


def mask_phone(phone: str) -> str:
    """Return the number with its middle hidden: 138****1234. What is shorter than eight characters is all hidden."""
    if len(phone) < 8:
        return "*" * len(phone)
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]


def mask_document(number: str) -> str:
    """Return the number with all but its first and last character hidden.

    No more is shown because the last six characters are asked as a secret when a long unused account is reset.
    """
    if len(number) < 5:
        return "*" * len(number)
    return number[0] + "*" * (len(number) - 2) + number[-1]
