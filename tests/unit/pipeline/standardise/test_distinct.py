"""The door: once a distinct value, nulls kept, order kept."""

from __future__ import annotations

import pyarrow as pa
import pytest

from kesos.foundation.columns import Values
from kesos.pipeline.standardise.distinct import fields, on_distinct, structs, texts, with_values


def test_on_distinct_gives_each_value_to_the_kernel_once() -> None:
    seen: list[str] = []

    def kernel(values: Values) -> Values:
        seen.extend(texts(values))
        return pa.array([len(text) for text in texts(values)], pa.int16())

    answer = on_distinct(pa.chunked_array([["ab", None, "c"], ["ab", "c", "ab"]]), kernel)

    assert sorted(seen) == ["ab", "c"]
    assert answer.to_pylist() == [2, None, 1, 2, 1, 2]


def test_on_distinct_of_nothing_keeps_the_type() -> None:
    answer = on_distinct(pa.array([], pa.string()), lambda values: pa.array(texts(values), pa.string()))

    assert answer.type == pa.string()
    assert len(answer) == 0


def test_on_distinct_refuses_a_kernel_that_loses_a_value() -> None:
    with pytest.raises(ValueError, match="1 results for 2 distinct values"):
        on_distinct(pa.array(["a", "b"]), lambda values: values.slice(1))


def test_fields_spreads_null_structs_as_nulls() -> None:
    kind = pa.struct([("rt", pa.string()), ("rw", pa.string())])
    answers = on_distinct(pa.array(["x", None]), lambda values: structs([("001", None)], kind))

    assert fields(answers).to_pydict() == {"rt": ["001", None], "rw": [None, None]}


def test_fields_refuses_what_is_no_struct() -> None:
    with pytest.raises(TypeError, match="expected structs"):
        fields(pa.array(["a"]))


def test_with_values_of_an_empty_batch_has_all_columns() -> None:
    batch = pa.RecordBatch.from_pydict({"value": pa.array([], pa.string())})

    answer = with_values(batch, lambda column: pa.table({"rt": column}))

    assert answer.schema.names == ["value", "rt"]
    assert answer.num_rows == 0
