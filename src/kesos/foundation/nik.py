"""Read a NIK, the number of a resident: evidence about a person, never a gate.

Sixteen digits: district of first issue (6), birth date as DDMMYY where women add 40 to the day (6), serial from 0001
(4). There is no check digit, and the number is never corrected afterwards, even when the date or the sex in it is
wrong (Government Regulation 40/2019, article 30(2)): a disagreement only warns.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final, Literal

import pyarrow as pa

from kesos.foundation.civil_number import (
    DATE,
    CivilNumberNote,
    CivilNumberReading,
    read_number,
    read_numbers,
)
from kesos.foundation.columns import Column, map_distinct, one_chunk
from kesos.foundation.columns import compute as pc

NikNote = CivilNumberNote
NikReading = CivilNumberReading
Sex = Literal["male", "female"]

_FEMALE_OFFSET: Final = 40
_LEAP_YEAR: Final = 2000


def _calendar_day(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=100_000)
def _is_possible_date(ddmmyy: str) -> bool:
    """Tell whether six digits can be a birth date of either sex in some century (29 February: year divisible by 4)."""
    day, month, year = int(ddmmyy[:2]), int(ddmmyy[2:4]), int(ddmmyy[4:])
    if day > _FEMALE_OFFSET:
        day -= _FEMALE_OFFSET
    return _calendar_day(day, month, _LEAP_YEAR + year) is not None


def read_nik(text: str | None, known_regions: frozenset[str] | None = None, *, from_number: bool = False) -> NikReading:
    """Read one NIK cell: the 16 digits when they are evidence, what was found, and which blemishes were removed.

    `value` is given for VALID, and for UNKNOWN_REGION and IMPOSSIBLE_DATE, where the number is whole and only doubtful;
    every other note gives no value. `from_number` says that the cell was a number, not text (a numeric XLSX cell).

    >>> reading = read_nik("'3201 0155 0190 9001")
    >>> reading.value == "320101" + "550190" + "9001", str(reading.note), sorted(reading.repaired)
    (True, 'valid', ['apostrophe', 'spaces'])
    >>> read_nik("3.20101E+15").note.name, read_nik("-").note.name, read_nik("0").note.name
    ('EXCEL_SCIENTIFIC', 'MISSING', 'PLACEHOLDER')
    """
    return read_number(text, known_regions, _is_possible_date, from_number=from_number)


def read_niks(
    texts: Column, known_regions: frozenset[str] | None = None, *, from_number: bool = False
) -> tuple[pa.StringArray, pa.StringArray]:
    """Read a column of NIKs as `read_nik` does; give (values, notes).

    >>> values, notes = read_niks(pa.array(["320101" + "550190" + "9001", "12", None]))
    >>> notes.to_pylist(), values.null_count
    (['valid', 'wrong_length', 'missing'], 2)
    """
    return read_numbers(texts, known_regions, _is_possible_date, from_number=from_number)


def embedded_birth(nik: str, as_of_year: int) -> tuple[Sex, date | None]:
    """Give the sex and the birth date that a 16-digit NIK states; no date when it states an impossible one.

    The century is not in the number: the latest one that does not lie after `as_of_year` is taken, so a centenarian
    reads as a child. Compare with `birth_agreement`, which leaves the century out.

    >>> embedded_birth("320101" + "550190" + "9001", 2026)
    ('female', datetime.date(1990, 1, 15))
    >>> embedded_birth("320101" + "310299" + "9001", 2026)
    ('male', None)
    """
    day, month, short_year = (int(nik[DATE][i : i + 2]) for i in (0, 2, 4))
    sex: Sex = "female" if day > _FEMALE_OFFSET else "male"
    if sex == "female":
        day -= _FEMALE_OFFSET
    century = as_of_year - as_of_year % 100
    year = century + short_year if century + short_year <= as_of_year else century - 100 + short_year
    return sex, _calendar_day(day, month, year)


def birth_agreement(niks: Column, birth_dates: Column, sexes: Column) -> tuple[pa.BooleanArray, pa.BooleanArray]:
    """Compare the date and the sex in each NIK with those of the record; give (date_agrees, sex_agrees).

    Null where either side is unknown or the number states an impossible date. Of the year only the last two digits are
    compared. Lengths must be equal.

    >>> dates, sexes = birth_agreement(
    ...     pa.array(["320101" + "550190" + "9001"]), pa.array([date(1990, 1, 15)]), pa.array(["male"]))
    >>> dates.to_pylist(), sexes.to_pylist()
    ([True], [False])
    """
    stated = pc.utf8_slice_codeunits(one_chunk(niks), DATE.start, DATE.stop)
    in_nik = map_distinct(stated, _day_month_year, pa.int32())
    is_female = map_distinct(stated, _is_female, pa.bool_())
    births = one_chunk(birth_dates)
    short_years = pc.subtract(pc.year(births), pc.multiply(pc.divide(pc.year(births), 100), 100))
    in_record = pc.add(pc.add(pc.multiply(pc.day(births), 10_000), pc.multiply(pc.month(births), 100)), short_years)
    record_sexes = one_chunk(sexes)
    is_known = pc.is_in(record_sexes, pa.array(["male", "female"]))
    record_female = pc.if_else(is_known, pc.equal(record_sexes, "female"), pa.scalar(None, pa.bool_()))
    date_agrees: pa.BooleanArray = pc.equal(in_nik, in_record)
    sex_agrees: pa.BooleanArray = pc.equal(is_female, record_female)
    return date_agrees, sex_agrees


def _day_month_year(ddmmyy: str) -> int | None:
    """Give DDMMYY as one integer with the day of women brought down, or nothing for an impossible date."""
    if not _is_possible_date(ddmmyy):
        return None
    return int(ddmmyy) - (_FEMALE_OFFSET * 10_000 if int(ddmmyy[:2]) > _FEMALE_OFFSET else 0)


def _is_female(ddmmyy: str) -> bool | None:
    return int(ddmmyy[:2]) > _FEMALE_OFFSET if _is_possible_date(ddmmyy) else None
