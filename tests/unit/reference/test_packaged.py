"""Packaged tables are read with the columns that are asked for, or not at all."""

from __future__ import annotations

import pyarrow as pa
import pytest

from kesos.reference.packaged import read_packaged, read_packaged_texts


def test_read_packaged_texts_keeps_codes_as_text() -> None:
    table = read_packaged_texts("regency_codes.csv", "kemendagri", "bps")

    assert table.schema.types == [pa.string(), pa.string()]
    assert table.to_pylist()[0] == {"kemendagri": "1101", "bps": "1103"}


def test_read_packaged_refuses_a_column_that_is_not_there() -> None:
    with pytest.raises(KeyError, match="nowhere"):
        read_packaged("regency_codes.csv", {"nowhere": pa.string()})


def test_read_packaged_refuses_a_file_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError):
        read_packaged_texts("nothing.csv", "a")
