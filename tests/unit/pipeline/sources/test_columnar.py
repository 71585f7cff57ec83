"""Parquet of any plain type, as text."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from kesos.pipeline.sources.columnar import NestedColumn, open_parquet
from kesos.pipeline.sources.delivered import ArchiveCut
from unit.pipeline.sources.small_source import nik, read_rows


def _write(folder: Path, table: pa.Table) -> Path:
    path = folder / "list.parquet"
    parquet.write_table(table, path)
    return path


def test_open_parquet_renders_every_plain_type_as_text(tmp_path: Path) -> None:
    midnight, morning = datetime(2026, 7, 1), datetime(2026, 7, 1, 8)  # noqa: DTZ001 - as written by pandas
    table = pa.table(
        {
            "NIK": pa.array([int(nik(1)), None], pa.int64()),
            "NAMA": pa.array(["SITI", ""]).dictionary_encode(),
            "LAHIR": pa.array([date(1990, 1, 15), None]),
            "dilihat": pa.array([midnight, None], pa.timestamp("us")),
            "saat": pa.array([midnight, morning], pa.timestamp("us")),
            "jumlah": pa.array([3.0, float("nan")]),
            "aktif": pa.array([True, False]),
        }
    )

    found = open_parquet(_write(tmp_path, table))

    assert found.header == ("NIK", "NAMA", "LAHIR", "dilihat", "saat", "jumlah", "aktif")
    assert read_rows(found) == [
        (1, [nik(1), "SITI", "1990-01-15", "2026-07-01", "2026-07-01 00:00:00", "3", "TRUE"]),
        (2, [None, None, None, None, "2026-07-01 08:00:00", None, "FALSE"]),
    ]


def test_read_marks_identity_numbers_that_passed_through_a_float(tmp_path: Path) -> None:
    table = pa.table({"NIK": pa.array([float(nik(1)), None]), "NAMA": ["SITI", "BUDI"]})

    found = open_parquet(_write(tmp_path, table))

    assert read_rows(found, frozenset({0})) == [(1, [nik(1) + ".0", "SITI"]), (2, [None, "BUDI"])]


@pytest.mark.parametrize("nested", [[["a"]], [{"a": 1}], [b"bytes"]])
def test_open_parquet_refuses_nested_columns(tmp_path: Path, nested: list[object]) -> None:
    with pytest.raises(NestedColumn) as refusal:
        open_parquet(_write(tmp_path, pa.table({"NIK": ["1"], "lain": nested})))

    assert refusal.value.fields["column"] == "lain"


def test_open_parquet_refuses_a_file_that_ends_early(tmp_path: Path) -> None:
    path = _write(tmp_path, pa.table({"NIK": ["1"]}))
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(ArchiveCut):
        open_parquet(path)
