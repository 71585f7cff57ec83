"""A NIK is read as files hold it; what is doubtful is named and what is broken is never guessed."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos.foundation.nik import NikNote, birth_agreement, embedded_birth, read_nik, read_niks

WOMAN = "3201015501909001"
MAN_OF_PAPUA = "9471011501909003"
REGIONS = frozenset({"320101", "947101"})

CASES = [
    (WOMAN, WOMAN, NikNote.VALID, set()),
    ("3201 0155 0190 9001", WOMAN, NikNote.VALID, {"spaces"}),
    ("\u00a03201015501909001\u200b", WOMAN, NikNote.VALID, {"spaces"}),
    ("'3201015501909001", WOMAN, NikNote.VALID, {"apostrophe"}),
    ("\u2019 3201015501909001", WOMAN, NikNote.VALID, {"apostrophe", "spaces"}),
    ("32.01.01.550190.9001", WOMAN, NikNote.VALID, {"dots"}),
    ("320101-550190-9001", WOMAN, NikNote.VALID, {"dots"}),
    ("3201015501909001.0", WOMAN, NikNote.VALID, {"decimal_tail"}),
    ("3201015501909001,00", WOMAN, NikNote.VALID, {"decimal_tail"}),
    (None, None, NikNote.MISSING, set()),
    ("", None, NikNote.MISSING, set()),
    ("  ", None, NikNote.MISSING, {"spaces"}),
    ("-", None, NikNote.MISSING, {"dots"}),
    ("N/A", None, NikNote.MISSING, {"dots"}),
    ("Tidak Ada", None, NikNote.MISSING, {"spaces"}),
    ("0", None, NikNote.PLACEHOLDER, set()),
    ("0000000000000000", None, NikNote.PLACEHOLDER, set()),
    ("1111111111111111", None, NikNote.PLACEHOLDER, set()),
    ("9999999999999999", None, NikNote.PLACEHOLDER, set()),
    ("1234567890123456", None, NikNote.PLACEHOLDER, set()),
    ("8765432109876543", None, NikNote.PLACEHOLDER, set()),
    ("3201010000000000", None, NikNote.PLACEHOLDER, set()),
    ("3201019999999999", None, NikNote.PLACEHOLDER, set()),
    ("0000005501909001", None, NikNote.PLACEHOLDER, set()),
    ("320101550190900", None, NikNote.WRONG_LENGTH, set()),
    ("32010155019090011", None, NikNote.WRONG_LENGTH, set()),
    ("320101550190900.0", None, NikNote.LOST_ZEROS, {"decimal_tail"}),
    ("32010155O1909001", None, NikNote.NOT_DIGITS, set()),
    ("3201015501909001*", None, NikNote.NOT_DIGITS, set()),
    ("\u0663201015501909001", None, NikNote.NOT_DIGITS, set()),
    ("3.20101E+15", None, NikNote.EXCEL_SCIENTIFIC, set()),
    ("3,20101e15", None, NikNote.EXCEL_SCIENTIFIC, set()),
    ("3201015501900000", None, NikNote.EXCEL_ROUNDED, set()),
    ("3201015501909000", "3201015501909000", NikNote.VALID, set()),
    ("3201015501909000.0", None, NikNote.EXCEL_ROUNDED, {"decimal_tail"}),
    ("9471011501909003.0", None, NikNote.EXCEL_ROUNDED, {"decimal_tail"}),
    (MAN_OF_PAPUA, MAN_OF_PAPUA, NikNote.VALID, set()),
    ("'3201015501900000", None, NikNote.IMPOSSIBLE_SERIAL, {"apostrophe"}),
    ("320101.550190.0000", None, NikNote.IMPOSSIBLE_SERIAL, {"dots"}),
    ("3299995501909001", "3299995501909001", NikNote.UNKNOWN_REGION, set()),
    ("3201013201909001", "3201013201909001", NikNote.IMPOSSIBLE_DATE, set()),
    ("3201017201909001", "3201017201909001", NikNote.IMPOSSIBLE_DATE, set()),
    ("3201010001909001", "3201010001909001", NikNote.IMPOSSIBLE_DATE, set()),
    ("3201014001909001", "3201014001909001", NikNote.IMPOSSIBLE_DATE, set()),
    ("3201013102909001", "3201013102909001", NikNote.IMPOSSIBLE_DATE, set()),
    ("3201011513909001", "3201011513909001", NikNote.IMPOSSIBLE_DATE, set()),
    ("3201012902009001", "3201012902009001", NikNote.VALID, set()),
    ("3201016902049001", "3201016902049001", NikNote.VALID, set()),
    ("3201012902019001", "3201012902019001", NikNote.IMPOSSIBLE_DATE, set()),
]


@pytest.mark.parametrize(("text", "value", "note", "repaired"), CASES)
def test_read_nik_of_every_known_form(text: str | None, value: str | None, note: NikNote, repaired: set[str]) -> None:
    reading = read_nik(text, REGIONS)

    assert reading == (value, note, frozenset(repaired))


def test_read_nik_without_regions_asks_for_none() -> None:
    assert read_nik("3299995501909001").note is NikNote.VALID


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (WOMAN, NikNote.VALID),
        ("3201015501909010", NikNote.EXCEL_ROUNDED),
        (MAN_OF_PAPUA, NikNote.EXCEL_ROUNDED),
        ("320101550190900", NikNote.LOST_ZEROS),
        ("32010155019090011", NikNote.WRONG_LENGTH),
    ],
)
def test_read_nik_from_a_numeric_cell(text: str, note: NikNote) -> None:
    assert read_nik(text, REGIONS, from_number=True).note is note


def test_read_niks_gives_what_read_nik_gives() -> None:
    texts = [text for text, *_ in CASES] * 2

    values, notes = read_niks(pa.array(texts, pa.string()), REGIONS)

    assert values.to_pylist() == [value for _, value, *_ in CASES] * 2
    assert notes.to_pylist() == [str(note) for _, _, note, _ in CASES] * 2


def test_read_niks_without_regions_gives_what_read_nik_gives() -> None:
    texts = [text for text, *_ in CASES]

    values, notes = read_niks(pa.array(texts, pa.string()))

    assert values.to_pylist() == [value for _, value, *_ in CASES]
    expected = [NikNote.VALID if note is NikNote.UNKNOWN_REGION else note for _, _, note, _ in CASES]
    assert notes.to_pylist() == [str(note) for note in expected]


def test_read_niks_of_no_rows_and_of_chunks() -> None:
    nothing, no_notes = read_niks(pa.array([], pa.string()), REGIONS)
    values, notes = read_niks(pa.chunked_array([pa.array([WOMAN]), pa.array(["0"]), pa.array([None], pa.string())]))

    assert (len(nothing), len(no_notes), nothing.type, no_notes.type) == (0, 0, pa.string(), pa.string())
    assert values.to_pylist() == [WOMAN, None, None]
    assert notes.to_pylist() == ["valid", "placeholder", "missing"]


NEAR_NIKS = st.one_of(
    st.from_regex(r"\A(320101|947101|999999)[0-7][0-9][01][0-9]{3}(0000|9[0-9]{3})\Z"),
    st.from_regex(r"\A[ '0-9.E+-]{0,20}\Z"),
    st.none(),
)


@given(st.lists(NEAR_NIKS, max_size=20), st.booleans(), st.sampled_from([None, REGIONS]))
def test_read_niks_agrees_with_read_nik(
    texts: list[str | None], from_number: bool, regions: frozenset[str] | None
) -> None:
    values, notes = read_niks(pa.array(texts, pa.string()), regions, from_number=from_number)

    single = [read_nik(text, regions, from_number=from_number) for text in texts]
    assert list(zip(values.to_pylist(), notes.to_pylist(), strict=True)) == [(r.value, str(r.note)) for r in single]


@given(st.dates(date(1927, 1, 1), date(2026, 12, 31)), st.booleans())
def test_embedded_birth_gives_back_the_date_that_was_put_in(birth: date, is_woman: bool) -> None:
    nik = f"320101{birth.day + 40 * is_woman:02}{birth:%m%y}9001"

    assert embedded_birth(nik, 2026) == ("female" if is_woman else "male", birth)


@pytest.mark.parametrize(
    ("nik", "as_of_year", "expected"),
    [
        (WOMAN, 2026, ("female", date(1990, 1, 15))),
        ("3201011501269001", 2026, ("male", date(2026, 1, 15))),
        ("3201011501279001", 2026, ("male", date(1927, 1, 15))),
        ("3201012902009001", 2026, ("male", date(2000, 2, 29))),
        ("3201012902009001", 1999, ("male", None)),
        ("3201013102909001", 2026, ("male", None)),
    ],
)
def test_embedded_birth_at_the_edges(nik: str, as_of_year: int, expected: tuple[str, date | None]) -> None:
    assert embedded_birth(nik, as_of_year) == expected


def test_birth_agreement_compares_two_digits_of_the_year_and_leaves_unknown_unknown() -> None:
    rows = [
        (WOMAN, date(1990, 1, 15), "female", True, True),
        (WOMAN, date(1890, 1, 15), "female", True, True),
        (WOMAN, date(1990, 1, 16), "male", False, False),
        (WOMAN, date(1990, 2, 15), "male", False, False),
        (WOMAN, date(1991, 1, 15), "male", False, False),
        (WOMAN, None, None, None, None),
        (WOMAN, date(1990, 1, 15), "unknown", True, None),
        (None, date(1990, 1, 15), "female", None, None),
        ("3201013102909001", date(1990, 2, 28), "male", None, None),
        ("3201012902009001", date(2000, 2, 29), "male", True, True),
    ]
    niks, births, sexes, dates_expected, sexes_expected = zip(*rows, strict=True)

    date_agrees, sex_agrees = birth_agreement(
        pa.array(niks, pa.string()), pa.array(births, pa.date32()), pa.array(sexes, pa.string())
    )

    assert date_agrees.to_pylist() == list(dates_expected)
    assert sex_agrees.to_pylist() == list(sexes_expected)
