"""Free Indonesian addresses taken apart: street and number, hamlet, RT and RW.

Village, district and regency inside the text are dropped: the record carries their codes.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import pyarrow as pa

from kesos.foundation.columns import Column, Values, map_distinct
from kesos.pipeline.standardise.distinct import fields, on_distinct, structs, texts, with_values
from kesos.pipeline.standardise.name_parts import fold


class Address(NamedTuple):
    """An address in its parts; RT and RW are three digits, and every part that is not said is None."""

    street: str | None
    house_number: str | None
    hamlet: str | None
    rt: str | None
    rw: str | None


_STRUCT: Final = pa.struct([(name, pa.string()) for name in Address._fields])
_ROMAN: Final = {
    roman: number
    for number, roman in enumerate(
        ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV"), 1
    )
}
_NUMBER: Final = r"(\d{1,3}|[IVX]{1,5})(?![0-9A-QS-Z])"
_PAIRS: Final = (
    re.compile(rf"\bRT\s*[./\-]?\s*RW\b[\s.:/]*{_NUMBER}\s*[/\-\\ ]\s*{_NUMBER}"),
    re.compile(rf"\bRT[\s.:]*{_NUMBER}[\s.,/\-\\]*RW[\s.:]*{_NUMBER}"),
    re.compile(rf"\bRT[\s.:]*{_NUMBER}\s*[/\\]\s*{_NUMBER}"),
)
# Two digits either side may be a house number; three digits either side is how the card prints RT/RW.
_BARE_PAIR: Final = re.compile(r"(?<![\d/])(\d{3})\s*/\s*(\d{3})(?![\d/])")
_RT: Final = re.compile(rf"\bRT[\s.:]*{_NUMBER}")
_RW: Final = re.compile(rf"\bRW[\s.:]*{_NUMBER}")
_EMPTY_UNIT: Final = re.compile(r"\bR[TW]\b[\s.:/\-]*(?=,|$|R[TW]\b)")
_HOUSE: Final = re.compile(r"(?:\bN(?:O|MR|OMOR|OMER)\b|#)[\s.:]*(\d{1,4}(?:[ ]?[A-Z]\b)?(?:[/\-]\d{1,4}[A-Z]?)?)")
_HAMLETS: Final = {
    "DUSUN": "DUSUN",
    "DSN": "DUSUN",
    "DUS": "DUSUN",
    "DUKUH": "DUKUH",
    "DUKUHAN": "DUKUH",
    "DK": "DUKUH",
    "DKH": "DUKUH",
    "LINGKUNGAN": "LINGKUNGAN",
    "LINGK": "LINGKUNGAN",
    "LING": "LINGKUNGAN",
    "LK": "LINGKUNGAN",
    "LKG": "LINGKUNGAN",
    "JORONG": "JORONG",
    "KORONG": "KORONG",
    "BANJAR": "BANJAR",
    "BR": "BANJAR",
    "KAMPUNG": "KAMPUNG",
    "KAMP": "KAMPUNG",
    "KP": "KAMPUNG",
    "KMP": "KAMPUNG",
}
_AREAS: Final = (
    r"DESA|DS|KELURAHAN|KEL|NAGARI|GAMPONG|KECAMATAN|KEC|KABUPATEN|KAB|KOTA|KODYA|PROVINSI|PROV|PROPINSI|KODE ?POS"
)
_STREETS: Final = r"JALAN|JLN|JL|GANG|GG|BLOK|BLK|PERUMAHAN|PERUM|KOMPLEKS|KOMPLEK|KOMP"
_NEXT_PART: Final = rf"(?=,|$|\b(?:{_AREAS}|{_STREETS}|{'|'.join(_HAMLETS)})\b)"
_AREA_NAME: Final = r"[A-Z0-9][A-Z0-9 .\-]*?"
_HAMLET: Final = re.compile(rf"\b({'|'.join(_HAMLETS)})\b[\s.:]*({_AREA_NAME})\s*{_NEXT_PART}")
_AREA: Final = re.compile(rf"\b(?:{_AREAS})\b[\s.:]*{_AREA_NAME}\s*{_NEXT_PART}")
# A street may be called after a hamlet or a town: JL DUSUN BARU, JL KOTA BARU.
_ENDS_WITH_STREET: Final = re.compile(r"\b(?:JALAN|JLN|JL|GANG|GG)[. ]*$")
_STREET_WORDS: Final = {
    "JALAN": "JL",
    "JLN": "JL",
    "GANG": "GG",
    "BLK": "BLOK",
    "PERUMAHAN": "PERUM",
    "KOMPLEKS": "KOMP",
    "KOMPLEK": "KOMP",
    "KP": "KAMPUNG",
    "DSN": "DUSUN",
    "LINGK": "LINGKUNGAN",
    "LK": "LINGKUNGAN",
}


def read_addresses(column: Column) -> pa.Table:
    """Take a column of addresses apart, each distinct text once: the columns of `Address`, in the order given."""

    def kernel(values: Values) -> Values:
        return structs([read_address(text) for text in texts(values)], _STRUCT)

    return fields(on_distinct(column, kernel))


def read_values(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Take the column `value` of a batch apart and keep it in front: a kernel for `engine.map_batches`."""
    return with_values(batch, read_addresses)


def read_unit_values(batch: pa.RecordBatch) -> pa.Table:
    """Read the column `value` of a batch as RT or RW numbers: a kernel for `engine.map_batches`."""
    values = batch.column("value")
    return pa.table({"value": values, "unit": map_distinct(values, unit_number, pa.string())})


def read_address(text: str) -> Address:
    """Take one address apart; the street ends with the house number, which is also given alone.

    >>> read_address("Jl. A. Yani Gg. Mawar No 12 RT 003/RW 05 Dusun Krajan")
    Address(street='JL A YANI GG MAWAR NO 12', house_number='12', hamlet='DUSUN KRAJAN', rt='003', rw='005')
    >>> read_address("Kp. Baru 003/005, Desa Suka Maju, Kec. Cibadak")
    Address(street=None, house_number=None, hamlet='KAMPUNG BARU', rt='003', rw='005')
    """
    rest, rt, rw = _take_units(fold(text))
    house_number = None
    if match := _HOUSE.search(rest):
        house_number = match[1].replace(" ", "")
        rest = f"{rest[: match.start()]},{rest[match.end() :]}"
    rest = _AREA.sub(_without_area, rest)
    hamlet = None
    match = _HAMLET.search(rest)
    if match and not _ENDS_WITH_STREET.search(rest, 0, match.start()):
        hamlet = _tidy(f"{_HAMLETS[match[1]]} {match[2]}")
        rest = f"{rest[: match.start()]},{rest[match.end() :]}"
    street = _street(rest)
    if house_number is not None:
        street = f"{street} NO {house_number}" if street else f"NO {house_number}"
    return Address(street, house_number, hamlet, rt, rw)


def unit_number(text: str) -> str | None:
    """Write the number of an RT or RW with three digits; zero is how forms say that there is none.

    >>> unit_number("3"), unit_number("IV"), unit_number("000")
    ('003', '004', None)
    """
    bare = text.strip().upper()
    number = _ROMAN.get(bare) or (int(bare) if bare.isdecimal() else 0)
    return f"{number:03d}" if 0 < number < 1000 else None


def _take_units(text: str) -> tuple[str, str | None, str | None]:
    for pattern in (*_PAIRS, _BARE_PAIR):
        if match := pattern.search(text):
            rest = f"{text[: match.start()]},{text[match.end() :]}"
            return rest, unit_number(match[1]), unit_number(match[2])
    found: list[str | None] = []
    for pattern in (_RT, _RW):
        match = pattern.search(text)
        found.append(unit_number(match[1]) if match else None)
        text = f"{text[: match.start()]},{text[match.end() :]}" if match else text
    return _EMPTY_UNIT.sub(",", text), found[0], found[1]


def _without_area(match: re.Match[str]) -> str:
    return match[0] if _ENDS_WITH_STREET.search(match.string, 0, match.start()) else ","


def _street(rest: str) -> str | None:
    return _tidy(" ".join(_STREET_WORDS.get(word, word) for word in re.sub(r"[.,;:]+", " ", rest).split()))


def _tidy(text: str) -> str | None:
    tidy = " ".join(re.sub(r"[^A-Z0-9/\- ]+", " ", text).split()).strip("-/ ")
    return tidy if re.search(r"[A-Z0-9]", tidy) else None
