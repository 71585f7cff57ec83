"""Village codes as sources write them, resolved to the Kemendagri code of ten digits; never a guess between two.

A bare code of ten digits may be of Kemendagri or of BPS: the contract of the source says which, and the two are
never tried one after the other, because many numbers exist in both systems and mean different villages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final, NamedTuple

import pyarrow as pa

from kesos.foundation.area_code import AreaLevel, AreaSystem
from kesos.foundation.columns import Column, Values, compute, one_chunk
from kesos.pipeline.standardise.distinct import fields, on_distinct, structs, texts
from kesos.pipeline.standardise.name_parts import fold
from kesos.reference import areas
from kesos.reference.bps import TranslationNote, to_kemendagri


class VillageNote(StrEnum):
    """How a village was found, or why not; no note means that the code stood there and is in force.

    `renumbered`: the code is of before its district got another one (Papua, 2022); no list says which village has
    which code now, so only its district is sure unless the name tells the rest.
    """

    RENUMBERED = "renumbered"
    BY_NAME = "by_name"
    DISTRICT_ONLY = "district_only"
    REGENCY_ONLY = "regency_only"
    AMBIGUOUS_NAME = "ambiguous_name"
    UNKNOWN_CODE = "unknown_code"
    UNKNOWN_NAME = "unknown_name"
    UNREADABLE = "unreadable"


class VillageReading(NamedTuple):
    """One village read; the district (six digits) is given even where the village stays open."""

    village: str | None
    note: VillageNote | None
    district: str | None


class CodeReading(NamedTuple):
    """What a code alone says: as much of the Kemendagri code as is sure (0, 4, 6 or 10 digits), and a note."""

    code: str = ""
    note: VillageNote | None = None


class VillageReadings(NamedTuple):
    """Columns of equal length, all text."""

    villages: Values
    notes: Values
    districts: Values


class VillageText(NamedTuple):
    """What a row says of its village; blank where it says nothing."""

    code: str = ""
    village: str = ""
    district: str = ""
    regency: str = ""  # four digits, from the row or from the area that the delivery covers


_STRUCT: Final = pa.struct([("village", pa.string()), ("note", pa.string()), ("district", pa.string())])
_SEPARATOR: Final = "\x1f"
_KIND: Final = re.compile(
    r"^(?:DESA|DS|KELURAHAN|KEL|NAGARI|GAMPONG|GAMPOENG|KAMPUNG|KAMP|KP|PEKON|LEMBANG|KECAMATAN|KEC|DISTRIK|KAPANEWON"
    r"|KEMANTREN)\b[ .]*(?=\S)"
)
_NUMERALS: Final = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6", "VII": "7", "VIII": "8", "IX": "9"}


@dataclass(frozen=True)
class VillageIndex:
    """The villages in force by (regency, district name, village name) and by (regency, village name)."""

    by_names: Mapping[tuple[str, str, str], frozenset[str]]
    by_village: Mapping[tuple[str, str], frozenset[str]]

    @classmethod
    def of(cls, villages: Iterable[tuple[str, str, str]]) -> VillageIndex:
        """Index villages given as (code of ten digits, village name, district name)."""
        by_names: dict[tuple[str, str, str], set[str]] = {}
        by_village: dict[tuple[str, str], set[str]] = {}
        for code, village, district in villages:
            above = _forms(district)
            for name in _forms(village):
                by_village.setdefault((code[:4], name), set()).add(code)
                for district_name in above:
                    by_names.setdefault((code[:4], district_name, name), set()).add(code)
        return cls(
            {key: frozenset(found) for key, found in by_names.items()},
            {key: frozenset(found) for key, found in by_village.items()},
        )


@cache
def village_index() -> VillageIndex:
    """Index the 83,762 villages of the reference areas; a second or two the first time."""
    districts = areas.districts()
    names = dict(zip(texts(one_chunk(districts["district"])), texts(one_chunk(districts["name"])), strict=True))
    villages = areas.villages()
    codes, village_names = texts(one_chunk(villages["village"])), texts(one_chunk(villages["name"]))
    return VillageIndex.of((code, name, names[code[:6]]) for code, name in zip(codes, village_names, strict=True))


def area_name(text: str) -> str:
    """Bring the name of an area to letters and digits, Roman numerals as digits.

    >>> area_name("Ilir Timur II"), area_name("Suka-Maju")
    ('ILIRTIMUR2', 'SUKAMAJU')
    """
    words = re.sub(r"[^A-Z0-9]+", " ", fold(text).replace("'", "")).split()
    return "".join(_NUMERALS.get(word, word) if place else word for place, word in enumerate(words))


def kindless(text: str) -> str:
    """Bring the name of an area to letters and digits without the word that says what it is.

    >>> kindless("Desa Sukamaju"), kindless("Kampung")
    ('SUKAMAJU', 'KAMPUNG')
    """
    return area_name(_KIND.sub("", fold(text)))


def _forms(text: str) -> frozenset[str]:
    return frozenset({area_name(text), kindless(text)})


def resolve_villages(
    codes: Column,
    *,
    system: AreaSystem = AreaSystem.KEMENDAGRI,
    village_names: Column | None = None,
    district_names: Column | None = None,
    regencies: Column | None = None,
    index: VillageIndex | None = None,
) -> VillageReadings:
    """Resolve rows to villages, each distinct combination once.

    *Input*: columns of equal length, text, any of them null; `regencies` holds Kemendagri codes of four digits
    within which names are looked up when the code does not say it. *Output*: see `VillageReading`.
    """
    given = [codes, village_names, district_names, regencies]
    parts = [pa.nulls(len(codes), pa.string()) if part is None else one_chunk(part) for part in given]
    joined = compute.binary_join_element_wise(*[compute.fill_null(part, "") for part in parts], _SEPARATOR)

    def kernel(values: Values) -> Values:
        rows = [VillageText(*text.split(_SEPARATOR)) for text in texts(values)]
        readings = read_codes([row.code for row in rows], system)
        known = index or village_index()
        return structs([resolve_village(row, code, known) for row, code in zip(rows, readings, strict=True)], _STRUCT)

    table = fields(on_distinct(joined, kernel))
    return VillageReadings(*(one_chunk(table.column(name)) for name in ("village", "note", "district")))


def read_codes(codes: list[str], system: AreaSystem) -> list[CodeReading]:
    """Read codes of one system as Kemendagri codes of today, as far as each goes.

    >>> [code.code for code in read_codes(["32.01.01.1001", "3201", "", "Bogor"], AreaSystem.KEMENDAGRI)]
    ['3201011001', '3201', '', '']
    """
    digits = [_digits(text) for text in codes]
    column = pa.array([text or None for text in digits], pa.string())
    found: dict[int, CodeReading] = {}
    for level in (AreaLevel.VILLAGE, AreaLevel.DISTRICT, AreaLevel.REGENCY):
        translated, notes = to_kemendagri(column, system, level)
        for place, (code, note) in enumerate(zip(translated.to_pylist(), notes.to_pylist(), strict=True)):
            if code is not None:
                found[place] = CodeReading(code, _code_note(digits[place] or "", code, str(note), system))
    return [found.get(place, _unfound(text)) for place, text in enumerate(digits)]


def _code_note(given: str, code: str, note: str, system: AreaSystem) -> VillageNote | None:
    if len(code) == 10:
        return None if note == TranslationNote.SAME else VillageNote.RENUMBERED
    if len(given) == 10 and system == AreaSystem.KEMENDAGRI:
        return VillageNote.UNKNOWN_CODE if given.startswith(code) else VillageNote.RENUMBERED
    return VillageNote.DISTRICT_ONLY if len(code) == 6 else VillageNote.REGENCY_ONLY


def _unfound(digits: str | None) -> CodeReading:
    if digits is None or len(digits) not in (0, 4, 6, 7, 10):
        return CodeReading("", VillageNote.UNREADABLE)
    return CodeReading("", VillageNote.UNKNOWN_CODE if digits else None)


def resolve_village(row: VillageText, code: CodeReading, index: VillageIndex) -> VillageReading:
    """Resolve one row: by what its code says, else by names below it, else at least its district.

    >>> index = VillageIndex.of([("3201012001", "Suka Maju", "Cibadak"), ("3201022001", "Sukamaju", "Cicurug")])
    >>> resolve_village(VillageText(village="Sukamaju", district="Kec. Cibadak", regency="3201"), CodeReading(), index)
    VillageReading(village='3201012001', note=<VillageNote.BY_NAME: 'by_name'>, district='320101')
    >>> resolve_village(VillageText(village="Sukamaju", regency="3201"), CodeReading(), index).note
    <VillageNote.AMBIGUOUS_NAME: 'ambiguous_name'>
    """
    if len(code.code) == 10:
        return VillageReading(code.code, code.note, code.code[:6])
    above = code.code or _digits(row.regency) or ""
    district = above if len(above) == 6 else None
    if not row.village.strip():
        return VillageReading(None, code.note, district)
    found = frozenset(village for village in _found(row, index, above[:4]) if village.startswith(above))
    if len(found) == 1:
        (village,) = found
        return VillageReading(village, VillageNote.BY_NAME, village[:6])
    missing = code.note or VillageNote.UNKNOWN_NAME
    return VillageReading(None, VillageNote.AMBIGUOUS_NAME if found else missing, district)


def _found(row: VillageText, index: VillageIndex, regency: str) -> frozenset[str]:
    """Exact names first; the word for the kind of area is left out only when they find nothing."""
    for form in (area_name, kindless):
        if row.district.strip():
            found = index.by_names.get((regency, form(row.district), form(row.village)))
        else:
            found = index.by_village.get((regency, form(row.village)))
        if found:
            return found
    return frozenset()


def _digits(text: str) -> str | None:
    """Take dots, spaces and the tail of a spreadsheet number off a code; None if other signs remain."""
    bare = re.sub(r"\.0$", "", text.strip().lstrip("'")) if text.count(".") == 1 else text.strip().lstrip("'")
    code = re.sub(r"[.\s\-]", "", bare)
    return code if not code or (code.isascii() and code.isdecimal()) else None
