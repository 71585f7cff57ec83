"""Columns are worked on by distinct value."""

from __future__ import annotations

import pyarrow as pa
import pytest

from kesos.foundation.columns import complete_texts, map_distinct, one_chunk


def test_map_distinct_calls_once_a_distinct_value() -> None:
    seen: list[str] = []

    def note(text: str) -> int:
        seen.append(text)
        return len(text)

    lengths = map_distinct(pa.chunked_array([["aa", None], ["b", "aa"]]), note, pa.int32())

    assert lengths.to_pylist() == [2, None, 1, 2]
    assert sorted(seen) == ["aa", "b"]


def test_one_chunk_of_no_chunks_is_an_empty_array() -> None:
    assert one_chunk(pa.chunked_array([], pa.string())).to_pylist() == []


def test_complete_texts_refuses_nulls() -> None:
    with pytest.raises(ValueError, match="1 of 2"):
        complete_texts(pa.array(["a", None]))
