"""Write register identifiers so that people can copy them: letter, base32, and a check character.

`P-HH` is person 17: the kind, the number in Crockford's base32 (no I, L, O, U), then a check character modulo 37. The
kind takes part in the check, so that a family is not taken for the person of the same number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final, Literal

from kesos.foundation.errors import Refused

IdentifierKind = Literal["person", "family", "dwelling"]

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK_ALPHABET: Final = _ALPHABET + "*~$=U"
_LOOKALIKES: Final = str.maketrans("OIL", "011")
_LETTERS: Final[dict[IdentifierKind, str]] = {"person": "P", "family": "F", "dwelling": "D"}
_KINDS: Final[dict[str, IdentifierKind]] = {letter: kind for kind, letter in _LETTERS.items()}
_CHECK_OFFSETS: Final[dict[IdentifierKind, int]] = {"person": 0, "family": 1, "dwelling": 2}
_SHORTEST: Final = 4
_LARGEST: Final = 2**63 - 1


class NotAnIdentifier(Refused):
    """A text has not the shape of a register identifier."""

    what = "'{text}' is not an identifier of the register."
    remedy = "Write it as shown on the page: P-, F- or D-, then letters and digits."


class WrongCheckCharacter(Refused):
    """An identifier was copied with a mistake."""

    what = "The identifier '{text}' has been mistyped: its last character does not fit the others."
    remedy = "Copy it again from the page or the letter."


class NoSuchNumber(Refused):
    """A number cannot be an identifier."""

    what = "{number} cannot be the number of a {kind}."
    remedy = "Register numbers are positive and fit into 63 bits."


def _check_character(kind: IdentifierKind, number: int) -> str:
    return _CHECK_ALPHABET[(number + _CHECK_OFFSETS[kind]) % len(_CHECK_ALPHABET)]


def show_identifier(kind: IdentifierKind, number: int) -> str:
    """Write the identifier of a person, family or dwelling.

    >>> show_identifier("person", 17), show_identifier("family", 17), show_identifier("dwelling", 1000)
    ('P-HH', 'F-HJ', 'D-Z83')

    *Raises* NoSuchNumber.
    """
    if not 1 <= number <= _LARGEST:
        raise NoSuchNumber(number=number, kind=kind)
    digits = ""
    rest = number
    while rest:
        rest, digit = divmod(rest, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return f"{_LETTERS[kind]}-{digits}{_check_character(kind, number)}"


def read_identifier(text: str) -> tuple[IdentifierKind, int]:
    """Read an identifier; small letters and O, I, L for 0, 1, 1 are accepted, one wrong character never is.

    >>> read_identifier("p-hh")
    ('person', 17)
    >>> read_identifier("F-HH")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    kesos.foundation.identifier.WrongCheckCharacter: The identifier 'F-HH' has been mistyped

    *Raises* NotAnIdentifier, WrongCheckCharacter.
    """
    bare = text.strip().upper()
    kind = _KINDS.get(bare[:1])
    digits = bare[2:-1].translate(_LOOKALIKES)
    if kind is None or len(bare) < _SHORTEST or bare[1] != "-" or digits.startswith("0"):
        raise NotAnIdentifier(text=text)
    if any(digit not in _ALPHABET for digit in digits):
        raise NotAnIdentifier(text=text)
    number = 0
    for digit in digits:
        number = number * len(_ALPHABET) + _ALPHABET.index(digit)
    if number > _LARGEST:
        raise NotAnIdentifier(text=text)
    if bare[-1].translate(_LOOKALIKES) != _check_character(kind, number):
        raise WrongCheckCharacter(text=text)
    return kind, number


class OtherKindOfIdentifier(Refused):
    """An identifier of something else was given."""

    what = "'{text}' is the identifier of a {kind}, not of a {wanted}."
    remedy = "Give one that begins with {letter}-."
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "kind": ("person", "family", "dwelling"),
        "wanted": ("person", "family", "dwelling"),
    }


def read_identifier_of(wanted: IdentifierKind, text: str) -> int:
    """Read an identifier of one kind.

    >>> read_identifier_of("person", "P-HH")
    17

    *Raises* NotAnIdentifier, WrongCheckCharacter, OtherKindOfIdentifier.
    """
    kind, number = read_identifier(text)
    if kind != wanted:
        raise OtherKindOfIdentifier(text=text, kind=kind, wanted=wanted, letter=_LETTERS[wanted])
    return number
