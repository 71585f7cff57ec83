"""Read area codes with their system: Kemendagri and BPS codes of a village both have 10 digits and mean other places.

Kemendagri (Permendagri 137/2017): 2 + 2 + 2 + 4 digits, where the village part starts with 1 for a *kelurahan* and with
2 for a *desa* (3: *desa adat*). BPS: 2 + 2 + 3 + 3. Codes change when areas are split, so a code has days of validity.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Final, Literal, cast

import pyarrow as pa

from kesos.foundation.columns import Column, one_chunk
from kesos.foundation.columns import compute as pc
from kesos.foundation.errors import Refused


class AreaSystem(StrEnum):
    """Who gave the code."""

    KEMENDAGRI = "kemendagri"
    BPS = "bps"


class AreaLevel(StrEnum):
    """Which level of government or statistics the code names."""

    PROVINCE = "province"
    REGENCY = "regency"
    DISTRICT = "district"
    VILLAGE = "village"


LEVELS: Final = tuple(AreaLevel)
LENGTHS: Final[dict[AreaSystem, tuple[int, ...]]] = {
    AreaSystem.KEMENDAGRI: (2, 4, 6, 10),
    AreaSystem.BPS: (2, 4, 7, 10),
}
_FIRST_PROVINCE: Final = "11"
_VILLAGE_KINDS: Final[dict[str, Literal["desa", "kelurahan"]]] = {"1": "kelurahan", "2": "desa", "3": "desa"}
_GROUPED: Final[dict[AreaSystem, re.Pattern[str]]] = {
    AreaSystem.KEMENDAGRI: re.compile(r"[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{4})?)?)?"),
    AreaSystem.BPS: re.compile(r"[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{3}(?:\.[0-9]{3})?)?)?"),
}


class NotAnAreaCode(Refused):
    """A text is not a code of the system that was named."""

    what = "'{text}' is not an area code of {system}."
    remedy = "Give {lengths} digits, with or without dots between the levels."


class DifferentSystems(Refused):
    """Codes of two systems were compared."""

    what = "Code {first} is of {first_system} and code {second} is of {second_system}: they cannot be compared."
    remedy = "Translate one of them first (kesos.reference.bps)."


@dataclass(frozen=True, slots=True)
class AreaCode:
    """A code without dots, its system, and the days on which it is valid (`None`: open)."""

    code: str
    system: AreaSystem
    valid_from: date | None = None
    valid_until: date | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be a code of the system."""
        right_length = len(self.code) in LENGTHS[self.system]
        if not (right_length and self.code.isascii() and self.code.isdigit() and self.code >= _FIRST_PROVINCE):
            raise _not_a_code(self.code, self.system)

    @property
    def level(self) -> AreaLevel:
        """Tell the level from the number of digits."""
        return LEVELS[LENGTHS[self.system].index(len(self.code))]

    @property
    def parent(self) -> AreaCode | None:
        """Give the code one level up, with the same days of validity; none above a province."""
        depth = LENGTHS[self.system].index(len(self.code))
        if depth == 0:
            return None
        shorter = self.code[: LENGTHS[self.system][depth - 1]]
        return AreaCode(shorter, self.system, self.valid_from, self.valid_until)

    @property
    def kind(self) -> Literal["desa", "kelurahan"] | None:
        """Tell whether a village is *desa* or *kelurahan*; only Kemendagri codes say so.

        A *desa adat* (3…) is a *desa* in the Village Act (6/2014, article 6).
        """
        if self.level is not AreaLevel.VILLAGE or self.system is not AreaSystem.KEMENDAGRI:
            return None
        return _VILLAGE_KINDS.get(self.code[6])

    @property
    def dotted(self) -> str:
        """Write the code with dots between the levels, as the Ministry prints it."""
        edges = (0, *(length for length in LENGTHS[self.system] if length <= len(self.code)))
        return ".".join(self.code[a:b] for a, b in pairwise(edges))

    def is_valid_on(self, day: date) -> bool:
        """Tell whether the code is in force on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day < self.valid_until)

    def is_same_place(self, other: AreaCode) -> bool:
        """Tell whether two codes of one system are the same. *Raises* DifferentSystems."""
        self._refuse_other_system(other)
        return self.code == other.code

    def has_inside(self, other: AreaCode) -> bool:
        """Tell whether another area is this one or lies in it. *Raises* DifferentSystems."""
        self._refuse_other_system(other)
        return other.code.startswith(self.code)

    def _refuse_other_system(self, other: AreaCode) -> None:
        if self.system is not other.system:
            raise DifferentSystems(
                first=self.code, first_system=self.system, second=other.code, second_system=other.system
            )


def _not_a_code(text: str, system: AreaSystem) -> NotAnAreaCode:
    return NotAnAreaCode(text=text, system=system, lengths=", ".join(map(str, LENGTHS[system])))


def read_area_code(
    text: str, system: AreaSystem, *, valid_from: date | None = None, valid_until: date | None = None
) -> AreaCode:
    """Read a code with dots or without; misplaced dots are refused, since then a digit is missing.

    >>> village = read_area_code("33.73.04.1001", AreaSystem.KEMENDAGRI)
    >>> village.code, str(village.level), village.kind, village.parent.dotted
    ('3373041001', 'village', 'kelurahan', '33.73.04')

    *Raises* NotAnAreaCode.
    """
    bare = text.strip()
    if "." in bare and not _GROUPED[system].fullmatch(bare):
        raise _not_a_code(text, system)
    return AreaCode(bare.replace(".", ""), system, valid_from, valid_until)


def read_area_codes(texts: Column, system: AreaSystem, level: AreaLevel) -> pa.StringArray:
    """Read a column of codes of one level to digits only; null where a text is no such code.

    Spaces around, a leading apostrophe and the tail `.0` of a number that became a float are taken off.

    >>> read_area_codes(pa.array(["33.73.04.1001", "3373041001.0", "3373"]), AreaSystem.KEMENDAGRI,
    ...                 AreaLevel.VILLAGE).to_pylist()
    ['3373041001', '3373041001', None]
    """
    encoded = one_chunk(texts).cast(pa.string()).dictionary_encode()
    distinct = pc.replace_substring_regex(pc.utf8_trim_whitespace(encoded.dictionary), r"^['\x{2019}`]+", "")
    distinct = pc.replace_substring_regex(distinct, r"^([0-9]+)\.0{1,2}$", r"\1")
    length = LENGTHS[system][LEVELS.index(level)]
    plain = pc.match_substring_regex(distinct, rf"^[0-9]{{{length}}}$")
    grouped = pc.match_substring_regex(distinct, f"^{_GROUPED[system].pattern}$")
    digits = pc.replace_substring(distinct, ".", "")
    fits = pc.and_(pc.or_(plain, grouped), pc.equal(pc.utf8_length(digits), length))
    fits = pc.and_(fits, pc.greater_equal(digits, _FIRST_PROVINCE))
    codes = pc.if_else(fits, digits, pa.scalar(None, pa.string()))
    return cast("pa.StringArray", codes.take(encoded.indices))
