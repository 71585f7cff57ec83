"""Dates as clerks and spreadsheets write them, with what is to be said of those that are none.

An unknown part is never filled in: a bare year is kept as a year and gives no date, since 1 January or 1 July
would pass for knowledge in every later comparison.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

import pyarrow as pa

from kesos.foundation.columns import Column, Values
from kesos.pipeline.standardise.distinct import fields, on_distinct, structs, texts


class DateOrder(StrEnum):
    """How a source orders the parts of an all-digit date that does not start with its year."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


class DateNote(StrEnum):
    """What is to be said of a date as written; no note means it was read as it stands."""

    YEAR_ONLY = "year_only"
    MONTH_ONLY = "month_only"
    PLACEHOLDER = "placeholder"
    IMPOSSIBLE = "impossible"
    OTHER_ORDER = "other_order"
    TWO_DIGIT_YEAR = "two_digit_year"
    SPREADSHEET_SERIAL = "spreadsheet_serial"
    UNREADABLE = "unreadable"


class DateReading(NamedTuple):
    """One date read: the date if it is whole, a note, and the year when only that can be trusted."""

    date: date | None
    note: DateNote | None
    year: int | None


class DateReadings(NamedTuple):
    """Columns of equal length: date32, text and int16."""

    dates: Values
    notes: Values
    years: Values


_STRUCT: Final = pa.struct([("date", pa.date32()), ("note", pa.string()), ("year", pa.int16())])
_EPOCH: Final = date(1899, 12, 30)
# Serial 60 is the 29 February 1900 that never was; before it every serial is a day off, and nobody was born then.
_FIRST_SERIAL: Final = 61
_LAST_SERIAL: Final = 73_050
_PLACEHOLDERS: Final = frozenset(
    {date(1, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1), date(1900, 1, 2), date(9999, 12, 31)}
)
_MONTH_NAMES: Final = (
    "JANUARI JANUARY JAN",
    "FEBRUARI PEBRUARI FEBRUARY FEB PEB",
    "MARET MARCH MAR MRT",
    "APRIL APR",
    "MEI MAY",
    "JUNI JUNE JUN",
    "JULI JULY JUL",
    "AGUSTUS AUGUST AGUST AGU AGT AGS AUG",
    "SEPTEMBER SEPT SEP",
    "OKTOBER OCTOBER OKT OCT",
    "NOVEMBER NOPEMBER NOV NOP",
    "DESEMBER DECEMBER DES DEC",
)
_MONTHS: Final = {name: number for number, line in enumerate(_MONTH_NAMES, 1) for name in line.split()}
_DAY_NAME: Final = re.compile(r"^(?:SENIN|SELASA|RABU|KAMIS|JUM'?AT|SABTU|MINGGU|AHAD)\s*,\s*")
_TIME: Final = re.compile(r"[T ]+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\.\d+)?(?:\s?[AP]M)?(?:Z|[+-]\d{2}:?\d{2})?$")
_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})")
_YEAR_LAST: Final = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
_NAMED_MONTH: Final = re.compile(r"(\d{1,2})[-/. ]*([A-Z]{3,})[-/., ]*(\d{4}|\d{2})")
_NAMED_MONTH_FIRST: Final = re.compile(r"([A-Z]{3,})[. ]+(\d{1,2}),? +(\d{4})")
_SERIAL: Final = re.compile(r"(\d{1,5})(?:[.,]\d*)?")
_YEAR: Final = re.compile(r"((?:18|19|20)\d{2})(?:[.,]0+)?")


def read_dates(
    column: Column,
    order: DateOrder = DateOrder.DAY_FIRST,
    *,
    is_spreadsheet: bool = False,
    as_of: date | None = None,
) -> DateReadings:
    """Read a column of dates written as text, each distinct text once.

    *Input*: text; `order` as the contract declares it; `is_spreadsheet` lets a bare number be a serial day;
    `as_of` decides the century of a year of two digits, which without it stays unknown. Null and blank stay
    null without a note: a missing value is no fault of its form.
    """

    def kernel(values: Values) -> Values:
        readings = [read_date(text, order, is_spreadsheet=is_spreadsheet, as_of=as_of) for text in texts(values)]
        return structs(readings, _STRUCT)

    table = fields(on_distinct(column, kernel))
    return DateReadings(*(table.column(name).combine_chunks() for name in ("date", "note", "year")))


def read_date(
    text: str,
    order: DateOrder = DateOrder.DAY_FIRST,
    *,
    is_spreadsheet: bool = False,
    as_of: date | None = None,
) -> DateReading:
    """Read one date.

    >>> read_date("12 Agustus 1987").date, read_date("12-Agu-87", as_of=date(2026, 11, 20)).date
    (datetime.date(1987, 8, 12), datetime.date(1987, 8, 12))
    >>> read_date("31/02/1987").note, read_date("1987").year
    (<DateNote.IMPOSSIBLE: 'impossible'>, 1987)
    >>> read_date("31999", is_spreadsheet=True).date
    datetime.date(1987, 8, 10)
    """
    clean = _DAY_NAME.sub("", " ".join(text.upper().replace("'", "").split()))
    clean = _TIME.sub("", clean).rstrip(".,")
    if not clean:
        return DateReading(None, None, None)
    if re.fullmatch(r"[-0/. ]+", clean):
        return DateReading(None, DateNote.PLACEHOLDER, None)
    if year := _YEAR.fullmatch(clean):
        return DateReading(None, DateNote.YEAR_ONLY, int(year[1]))
    if clean.isdigit() and len(clean) == 8:
        return _compact(clean, order)
    if is_spreadsheet and (serial := _SERIAL.fullmatch(clean)):
        return _from_serial(int(serial[1]))
    return _in_parts(clean, order, as_of)


def _in_parts(clean: str, order: DateOrder, as_of: date | None) -> DateReading:
    if match := _YEAR_FIRST.fullmatch(clean):
        return _dated(int(match[1]), int(match[2]), int(match[3]))
    if match := _YEAR_LAST.fullmatch(clean):
        return _in_order(int(match[1]), int(match[2]), match[3], order, as_of)
    if match := _NAMED_MONTH.fullmatch(clean):
        day, month, year = match[1], match[2], match[3]
    elif match := _NAMED_MONTH_FIRST.fullmatch(clean):
        month, day, year = match[1], match[2], match[3]
    else:
        return DateReading(None, DateNote.UNREADABLE, None)
    if month not in _MONTHS:
        return DateReading(None, DateNote.UNREADABLE, None)
    return _in_order(int(day), _MONTHS[month], year, DateOrder.DAY_FIRST, as_of, may_swap=False)


def _in_order(
    first: int, second: int, year_text: str, order: DateOrder, as_of: date | None, *, may_swap: bool = True
) -> DateReading:
    day, month = (first, second) if order == DateOrder.DAY_FIRST else (second, first)
    year = int(year_text)
    if len(year_text) == 2:
        if as_of is None:
            return DateReading(None, DateNote.TWO_DIGIT_YEAR, None)
        year += 2000 if 2000 + year <= as_of.year else 1900
    swapped = may_swap and month > 12 >= day
    reading = _dated(year, day, month) if swapped else _dated(year, month, day)
    if reading.date is None:
        return reading
    if swapped:
        return reading._replace(note=DateNote.OTHER_ORDER)
    return reading if len(year_text) == 4 else reading._replace(note=DateNote.TWO_DIGIT_YEAR)


def _dated(year: int, month: int, day: int) -> DateReading:
    known_year = year if 1800 <= year <= 2200 else None
    if month == 0 or day == 0:
        if known_year is None:
            return DateReading(None, DateNote.PLACEHOLDER, None)
        note = DateNote.MONTH_ONLY if 1 <= month <= 12 else DateNote.YEAR_ONLY
        return DateReading(None, note, known_year)
    try:
        whole = date(year, month, day)
    except ValueError:
        return DateReading(None, DateNote.IMPOSSIBLE, known_year)
    if whole in _PLACEHOLDERS:
        return DateReading(None, DateNote.PLACEHOLDER, None)
    if known_year is None:
        return DateReading(None, DateNote.IMPOSSIBLE, None)
    return DateReading(whole, None, year)


def _compact(digits: str, order: DateOrder) -> DateReading:
    """Eight digits: the year stands in front if that makes a year, else at the end in the declared order."""
    if digits[:2] in ("18", "19", "20") and int(digits[4:6]) <= 12:
        return _dated(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    if digits[4:6] in ("18", "19", "20"):
        return _in_order(int(digits[:2]), int(digits[2:4]), digits[4:], order, None)
    return DateReading(None, DateNote.IMPOSSIBLE, None)


def _from_serial(serial: int) -> DateReading:
    if serial <= 2:
        return DateReading(None, DateNote.PLACEHOLDER, None)
    if not _FIRST_SERIAL <= serial <= _LAST_SERIAL:
        return DateReading(None, DateNote.IMPOSSIBLE, None)
    whole = _EPOCH + timedelta(days=serial)
    return DateReading(whole, DateNote.SPREADSHEET_SERIAL, whole.year)
