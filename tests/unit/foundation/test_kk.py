"""A KK number is read as a NIK is, but its date is a day of issue."""

from __future__ import annotations

import pyarrow as pa
import pytest

from kesos.foundation.kk import KkNote, read_kk, read_kks

CARD = "3201011501199001"


@pytest.mark.parametrize(
    ("text", "value", "note"),
    [
        (CARD, CARD, KkNote.VALID),
        ("'32 0101 150119 9001", CARD, KkNote.VALID),
        ("3201015501199001", "3201015501199001", KkNote.IMPOSSIBLE_DATE),
        ("3299991501199001", "3299991501199001", KkNote.UNKNOWN_REGION),
        ("3201010000000000", None, KkNote.PLACEHOLDER),
        ("3.20101E+15", None, KkNote.EXCEL_SCIENTIFIC),
        ("320101150119900.0", None, KkNote.LOST_ZEROS),
        (None, None, KkNote.MISSING),
    ],
)
def test_read_kk_of_every_kind(text: str | None, value: str | None, note: KkNote) -> None:
    reading = read_kk(text, frozenset({"320101"}))

    assert (reading.value, reading.note) == (value, note)


def test_read_kks_gives_a_value_and_a_note_a_row() -> None:
    values, notes = read_kks(pa.array([CARD, "3201015501199001", CARD, None]))

    assert values.to_pylist() == [CARD, "3201015501199001", CARD, None]
    assert notes.to_pylist() == ["valid", "impossible_date", "valid", "missing"]
