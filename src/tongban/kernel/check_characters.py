"""The check characters that the national standards prescribe. Every function takes normalised characters."""

# ISO 7064 MOD 11-2 as GB 11643-1999 prints it: weights of the 17 first digits and the character of each remainder.
_MOD_11_2_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_MOD_11_2_CHARACTERS = "10X98765432"

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015: digits and capitals without I, O, Z, S, V; a character's place is its value."""
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)

_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_TRAVEL_DOCUMENT_WEIGHTS = (7, 3, 1)


def mod_11_2(digits: str) -> str:
    """Return the 18th character for 17 digits (GB 11643-1999, 4.2.4)."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, _MOD_11_2_WEIGHTS, strict=True))
    return _MOD_11_2_CHARACTERS[total % 11]


def uscc(characters: str) -> str:
    """Return the 18th character for the 17 first of a unified social credit code (GB 32100-2015, annex A)."""
    values = (USCC_ALPHABET.index(character) for character in characters)
    total = sum(value * weight for value, weight in zip(values, _USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[-total % 31]


def organisation(characters: str) -> str:
    """Return the 9th character for the 8 first of an organisation code (GB 11714-1997)."""
    total = sum(int(c, 36) * weight for c, weight in zip(characters, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def travel_document(characters: str) -> str:
    """Return the check digit of ICAO Doc 9303 part 3, 4.9 (weights 7, 3, 1; A = 10 … Z = 35)."""
    total = sum(int(c, 36) * _TRAVEL_DOCUMENT_WEIGHTS[place % 3] for place, c in enumerate(characters))
    return str(total % 10)
