"""Dates as clerks and spreadsheets write them."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from kesos.pipeline.standardise.dates import DateNote, DateOrder, read_date, read_dates

BORN = date(1987, 8, 12)
AS_OF = date(2026, 11, 20)


@pytest.mark.parametrize(
    "written",
    [
        "1987-08-12",
        "1987/8/12",
        "12/08/1987",
        "12-8-1987",
        "12.08.1987",
        "12 08 1987",
        "19870812",
        "12081987",
        "1987-08-12 00:00:00",
        "1987-08-12T00:00:00.000Z",
        "1987-08-12T00:00:00+07:00",
        "12/08/1987 13:45",
        "12 Agustus 1987",
        "12 agt 1987",
        "12-Ags-1987",
        "12Aug1987",
        "12 August 1987",
        "August 12, 1987",
        "Rabu, 12 Agustus 1987",
        "'12/08/1987",
        " 12/08/1987. ",
    ],
)
def test_read_date_of_one_day_in_many_forms(written: str) -> None:
    assert read_date(written) == (BORN, None, 1987)


@pytest.mark.parametrize(
    ("written", "note", "year"),
    [
        ("1987", DateNote.YEAR_ONLY, 1987),
        ("1987-00-00", DateNote.YEAR_ONLY, 1987),
        ("00/00/1987", DateNote.YEAR_ONLY, 1987),
        ("00/08/1987", DateNote.MONTH_ONLY, 1987),
        ("00/00/0000", DateNote.PLACEHOLDER, None),
        ("0000-00-00 00:00:00", DateNote.PLACEHOLDER, None),
        ("0", DateNote.PLACEHOLDER, None),
        ("-", DateNote.PLACEHOLDER, None),
        ("1900-01-01", DateNote.PLACEHOLDER, None),
        ("1899-12-30", DateNote.PLACEHOLDER, None),
        ("30/12/1899", DateNote.PLACEHOLDER, None),
        ("31/02/1987", DateNote.IMPOSSIBLE, 1987),
        ("29/02/1987", DateNote.IMPOSSIBLE, 1987),
        ("13/13/1987", DateNote.IMPOSSIBLE, 1987),
        ("12/08/0987", DateNote.IMPOSSIBLE, None),
        ("12-08-87", DateNote.TWO_DIGIT_YEAR, None),
        ("31999", DateNote.UNREADABLE, None),
        ("12 Foo 1987", DateNote.UNREADABLE, None),
        ("lupa", DateNote.UNREADABLE, None),
        ("", None, None),
        ("  ", None, None),
    ],
)
def test_read_date_of_what_is_no_date(written: str, note: DateNote | None, year: int | None) -> None:
    assert read_date(written) == (None, note, year)


def test_read_date_follows_the_declared_order() -> None:
    assert read_date("08/12/1987").date == date(1987, 12, 8)
    assert read_date("08/12/1987", DateOrder.MONTH_FIRST).date == BORN


def test_read_date_tells_when_only_the_other_order_is_possible() -> None:
    assert read_date("08/25/1987") == (date(1987, 8, 25), DateNote.OTHER_ORDER, 1987)
    assert read_date("25/08/1987", DateOrder.MONTH_FIRST) == (date(1987, 8, 25), DateNote.OTHER_ORDER, 1987)


def test_read_date_decides_the_century_from_the_day_of_the_data() -> None:
    assert read_date("12-Agu-87", as_of=AS_OF) == (BORN, DateNote.TWO_DIGIT_YEAR, 1987)
    assert read_date("01/02/26", as_of=AS_OF).date == date(2026, 2, 1)
    assert read_date("01/02/27", as_of=AS_OF).date == date(1927, 2, 1)


@pytest.mark.parametrize("written", ["32001", "32001.0", "32001.5"])
def test_read_date_of_a_spreadsheet_serial(written: str) -> None:
    assert read_date(written, is_spreadsheet=True) == (BORN, DateNote.SPREADSHEET_SERIAL, 1987)


def test_read_date_of_spreadsheet_numbers_that_are_no_day() -> None:
    assert read_date("1", is_spreadsheet=True).note == DateNote.PLACEHOLDER
    assert read_date("60", is_spreadsheet=True).note == DateNote.IMPOSSIBLE
    assert read_date("61", is_spreadsheet=True).date == date(1900, 3, 1)
    assert read_date("99999", is_spreadsheet=True).note == DateNote.IMPOSSIBLE
    assert read_date("1987", is_spreadsheet=True) == (None, DateNote.YEAR_ONLY, 1987)


def test_read_date_knows_leap_days() -> None:
    assert read_date("29/02/2000").date == date(2000, 2, 29)
    assert read_date("29/02/1900").note == DateNote.IMPOSSIBLE


def test_read_dates_gives_three_columns_of_equal_length() -> None:
    readings = read_dates(pa.array(["12/08/1987", None, "1987", "12/08/1987"]))

    assert readings.dates.to_pylist() == [BORN, None, None, BORN]
    assert readings.notes.to_pylist() == [None, None, "year_only", None]
    assert readings.years.to_pylist() == [1987, None, 1987, 1987]
    assert (readings.dates.type, readings.years.type) == (pa.date32(), pa.int16())
