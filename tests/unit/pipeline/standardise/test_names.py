"""Names as columns, and the grades of agreement."""

from __future__ import annotations

import pyarrow as pa
import pytest

from kesos.pipeline.standardise.names import is_compatible, names_agree, standardise_names, standardise_values


def test_standardise_names_keeps_order_and_nulls() -> None:
    table = standardise_names(pa.array(["HJ SITI", None, "-", "HJ SITI"]))

    assert table.column("name_normal").to_pylist() == ["SITI", None, None, "SITI"]
    assert table.column("titles").to_pylist() == [["HJ"], None, [], ["HJ"]]
    assert table.column("note").to_pylist() == [None, None, "not_a_name", None]


def test_standardise_values_of_an_empty_batch_has_all_columns() -> None:
    empty = standardise_values(pa.RecordBatch.from_pydict({"value": pa.array([], pa.string())}))
    full = standardise_values(pa.RecordBatch.from_pydict({"value": ["SITI"]}))

    assert empty.schema == full.schema
    assert empty.num_rows == 0
    assert full.to_pydict()["name_key"] == ["SITI"]


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("SITI AMINAH", "SITI AMINAH", 3),
        ("SITI AMINAH", "SITI AMINA", 2),
        ("S AMIN", "SITI AMIN", 2),
        ("AMINAH", "SITI AMINAH", 2),
        ("NUR HAYATI", "NURHAYATI", 2),
        ("NURHAYATI", "NURHAYATTI", 2),
        ("AMINAH SITI", "SITI AMINAH", 2),
        ("SITI", "SITI AMINAH", 1),
        ("SUTINI", "SUTINA", 2),
        ("RUDI HARTONO", "RUDI HARTNO", 2),
        ("RUDI HARTONO", "RUDY HARTANTO", 1),
        ("MUHAMMAD ALI", "MUHAMMAD ADI", 1),
        ("SITI AMINAH", "NUR AMINAH", 0),
        ("ANDI", "ADI", 1),
        ("BUDI SANTOSO", "SITI AMINAH", 0),
        ("I WAYAN SUDANA", "I WAYAN", 1),
        ("MUHAMMAD RIZKI", "MUHAMMAD", 1),
    ],
)
def test_names_agree_grades_a_pair(left: str, right: str, level: int) -> None:
    answer = names_agree(pa.array([left, right]), pa.array([right, left]))

    assert answer.to_pylist() == [level, level]
    assert answer.type == pa.int8()


def test_names_agree_is_null_when_either_name_is() -> None:
    left, right = pa.array(["A", None, None], pa.string()), pa.array([None, "A", None], pa.string())

    assert names_agree(left, right).to_pylist() == [None, None, None]


def test_names_agree_of_nothing() -> None:
    assert names_agree(pa.array([], pa.string()), pa.array([], pa.string())).to_pylist() == []


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("AMINA", "SITI AMINA", True),
        ("SITI", "SITI AMINA", False),
        ("S A", "SITI AMINA", False),
        ("S BUDI", "SITI AMINA", False),
        ("S AMIN A", "SITI AMIN", True),
        ("MUHAMAT R", "MUHAMAT RISKI", False),
        ("ALI R", "ALI RISKI", True),
    ],
)
def test_is_compatible_needs_a_whole_distinguishing_word(left: str, right: str, expected: bool) -> None:
    assert is_compatible(left, right) is expected
    assert is_compatible(right, left) is expected
