"""Codes, answers and numbers: unknown never becomes zero or no."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from kesos.pipeline.standardise.codes import (
    CodeNote,
    YesNoStyle,
    counts,
    deciles,
    decimals,
    read_code,
    read_count,
    read_decile,
    read_decimal,
    read_yes_no,
    recode,
    yes_no,
)


@pytest.mark.parametrize(
    "written", ["1", "01", "1.0", "1,0", " 1 ", "'1", "1 - Milik sendiri", "1. Milik sendiri", "1) ya"]
)
def test_read_code_of_one_in_many_forms(written: str) -> None:
    assert read_code(written, {1, 2}, {}) == (1, None)


@pytest.mark.parametrize(
    ("written", "note"),
    [
        ("3", CodeNote.NOT_ALLOWED),
        ("0", CodeNote.NOT_ALLOWED),
        ("99 - lain", CodeNote.NOT_ALLOWED),
        ("1.5", CodeNote.UNREADABLE),
        ("-1", CodeNote.UNREADABLE),
        ("milik", CodeNote.UNREADABLE),
        ("", None),
        ("-", None),
        ("#N/A", None),
    ],
)
def test_read_code_of_what_is_no_code(written: str, note: CodeNote | None) -> None:
    assert read_code(written, {1, 2}, {}) == (None, note)


def test_recode_uses_the_words_of_the_contract_in_any_case() -> None:
    coded = recode(pa.array(["Milik  Sendiri", "sewa", None, "9"]), (1, 2), {"milik sendiri": 1, "SEWA": 2})

    assert coded.values.to_pylist() == [1, 2, None, None]
    assert coded.notes.to_pylist() == [None, None, None, "not_allowed"]
    assert coded.values.type == pa.int16()


@pytest.mark.parametrize(
    ("written", "style", "answer"),
    [
        ("1", YesNoStyle.ONE_TWO, True),
        ("2", YesNoStyle.ONE_TWO, False),
        ("0", YesNoStyle.ONE_ZERO, False),
        ("1 - Ya", YesNoStyle.ONE_TWO, True),
        ("YA", YesNoStyle.WORDS, True),
        ("tidak ada", YesNoStyle.ONE_TWO, False),
        ("T", YesNoStyle.WORDS, False),
        ("Ada", YesNoStyle.ONE_ZERO, True),
    ],
)
def test_read_yes_no_by_style(written: str, style: YesNoStyle, answer: bool) -> None:
    assert read_yes_no(written, style, {}) == (answer, None)


@pytest.mark.parametrize(
    ("written", "style"), [("0", YesNoStyle.ONE_TWO), ("2", YesNoStyle.ONE_ZERO), ("1", YesNoStyle.WORDS)]
)
def test_read_yes_no_refuses_digits_of_another_style(written: str, style: YesNoStyle) -> None:
    assert read_yes_no(written, style, {}) == (None, CodeNote.NOT_ALLOWED)


def test_yes_no_leaves_blank_unknown() -> None:
    coded = yes_no(pa.array(["", None, "mungkin", "punya"]), YesNoStyle.ONE_TWO, {"Mungkin": True})

    assert coded.values.to_pylist() == [None, None, True, True]
    assert coded.notes.to_pylist() == [None, None, None, None]


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("36,5", (Decimal("36.5"), None)),
        ("36.5", (Decimal("36.5"), None)),
        ("1.250,75", (Decimal("1250.75"), None)),
        ("1,250.75", (Decimal("1250.75"), None)),
        ("1.250.000", (Decimal(1250000), None)),
        ("-0,5", (Decimal("-0.5"), None)),
        ("0,1234567", (Decimal("0.123457"), None)),
        ("1e3", (None, CodeNote.UNREADABLE)),
        ("36,5 m2", (None, CodeNote.UNREADABLE)),
        ("9999999999999", (None, CodeNote.TOO_LARGE)),
        ("-", (None, None)),
    ],
)
def test_read_decimal_in_both_notations(written: str, answer: tuple[Decimal | None, CodeNote | None]) -> None:
    assert read_decimal(written) == answer


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("0", (0, None)),
        ("007", (7, None)),
        ("3.0", (3, None)),
        ("2,5", (None, CodeNote.UNREADABLE)),
        ("-1", (None, CodeNote.NEGATIVE)),
        ("41", (None, CodeNote.TOO_LARGE)),
        ("dua", (None, CodeNote.UNREADABLE)),
    ],
)
def test_read_count_of_whole_things(written: str, answer: tuple[int | None, CodeNote | None]) -> None:
    assert read_count(written, 40) == answer


@pytest.mark.parametrize(
    ("written", "decile"), [("3", 3), ("Desil 3", 3), ("DESIL-03", 3), ("10", 10), ("3.0", 3), ("D1", 1)]
)
def test_read_decile_in_many_forms(written: str, decile: int) -> None:
    assert read_decile(written) == (decile, None)


@pytest.mark.parametrize("written", ["0", "11", "100"])
def test_read_decile_refuses_what_is_no_tenth(written: str) -> None:
    assert read_decile(written) == (None, CodeNote.NOT_ALLOWED)


def test_number_columns_have_the_types_of_the_registry() -> None:
    assert counts(pa.array(["4", None])).values.equals(pa.array([4, None], pa.int32()))
    assert deciles(pa.array(["Desil 6-10", "4"])).notes.to_pylist() == ["unreadable", None]
    assert decimals(pa.array(["1,5"])).values.type == pa.decimal128(18, 6)
