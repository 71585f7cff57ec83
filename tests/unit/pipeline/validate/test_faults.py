"""Faults laid beside their rows, and values masked before anybody sees them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from kesos.pipeline.sources.contract import Kind
from kesos.pipeline.validate.faults import Faults, shown


def test_faults_lie_beside_their_rows_in_the_order_they_were_added() -> None:
    faults = Faults(3)

    faults.add("b", pa.array([None, None, "x"], pa.string()), shown=pa.array(["", "", "v"]))
    faults.add("a", pa.array(["y", None, "z"]), is_fatal=pa.array([True, False, False]))

    beside: Any = faults.laid_beside_rows().to_pylist()
    assert [[(fault["field"], fault["reason"]) for fault in row] for row in beside] == [
        [("a", "y")],
        [],
        [("b", "x"), ("a", "z")],
    ]
    assert beside[2][0]["value_shown"] == "v"
    assert faults.fatal_rows().to_pylist() == [True, False, False]


def test_faults_of_no_rows_are_no_lists() -> None:
    assert Faults(0).laid_beside_rows().to_pylist() == []
    assert Faults(2).laid_beside_rows().to_pylist() == [[], []]


@pytest.mark.parametrize(
    ("kind", "text", "seen"),
    [
        (Kind.NAME, "Siti Aminah", "S••• A•••"),
        (Kind.NAME, "", ""),
        (Kind.ADDRESS, "Jl. Melati 12", "•••"),
        (Kind.NIK, "12", "•••"),
        (Kind.DATE, "31/02/1987", "31/02/1987"),
        (Kind.TEXT, "no 081234567890", "no ••••"),
        (Kind.COUNT, "x" * 100, "x" * 60),
    ],
)
def test_shown_masks_by_kind_and_cuts(kind: Kind, text: str, seen: str) -> None:
    assert shown(pa.array([text, None]), kind).to_pylist() == [seen, None]
