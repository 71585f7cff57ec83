"""Records as codes: unknown values, parts, and independence of the order of rows."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from kesos.pipeline.link.encode import LinkTable, NoSuchColumn, RepeatedId, UnknownPart
from kesos.pipeline.link.model import Model
from unit.pipeline.link.small_table import small_model, small_records


def _model(kind: str, **more: object) -> Model:
    return Model.model_validate(
        {
            "fields": {"a": {"kind": kind, **(more or {"column": "a"})}},
            "blocking": [{"name": "a", "on": ["a"]}],
            "comparisons": [{"name": "a", "field": "a", "levels": [{"name": "equal", "when": "exact"}]}],
        }
    )


def test_of_text_is_lower_case_trimmed_and_blank_is_unknown() -> None:
    column = LinkTable.of(pa.table({"a": ["Budi ", "budi", " ", None, "ANI"]}), _model("name")).columns["a"]
    assert column.codes.tolist() == [1, 1, -1, -1, 0]
    assert column.values.to_pylist() == ["ani", "budi"]


def test_of_dates_are_read_from_text_and_impossible_ones_are_unknown() -> None:
    column = LinkTable.of(pa.table({"a": ["1970-01-02", "19700102", "1999-02-30", "x"]}), _model("date")).columns["a"]
    assert column.codes.tolist() == [0, 0, -1, -1]
    assert column.values.to_pylist() == [1]


def test_of_dates_keep_their_parts() -> None:
    table = LinkTable.of(pa.table({"a": [date(1999, 12, 31), date(2000, 2, 29), None]}), _model("date"))
    assert table.key("a.year").tolist() == [1999, 2000, -1]
    assert table.key("a.month").tolist() == [12, 2, -1]
    assert table.key("a.day").tolist() == [31, 29, -1]


def test_of_several_columns_are_joined_or_the_first_known_one_is_taken() -> None:
    records = pa.table({"a": ["siti", None, None], "b": ["nur", "ani", None]})
    joined = LinkTable.of(records, _model("name", columns=["a", "b"]))
    assert [joined.columns["a"].values.to_pylist()[code] if code >= 0 else None for code in joined.key("a")] == [
        "siti nur",
        "ani",
        None,
    ]
    first = LinkTable.of(records, _model("name", columns=["a", "b"], take="first"))
    assert first.columns["a"].values.to_pylist() == ["ani", "siti"]


def test_key_parts_of_text() -> None:
    table = LinkTable.of(pa.table({"a": ["muhammad yusuf", "yusuf muhamad", "ani"]}), _model("name"))
    words, first, last = table.key("a.words"), table.key("a.first_key"), table.key("a.last_key")
    assert words[2] == -1
    assert first[0] == last[1]
    assert first[1] == last[0]
    assert table.key("a.head2").tolist() == [1, 2, 0]


def test_key_sealed_numbers_are_opaque() -> None:
    table = LinkTable.of(pa.table({"a": [b"\x01\x02", b"\x01\x03", None]}), _model("code"))
    assert table.key("a.tail6").tolist() == table.key("a").tolist() == [0, 1, -1]


def test_key_unknown_part_is_refused() -> None:
    with pytest.raises(UnknownPart, match="colour"):
        LinkTable.of(pa.table({"a": ["x"]}), _model("name")).key("a.colour")
    with pytest.raises(UnknownPart, match="head3"):
        LinkTable.of(pa.table({"a": ["1999-01-01"]}), _model("date")).key("a.head3")


def test_of_missing_column_is_refused() -> None:
    with pytest.raises(NoSuchColumn, match="birth"):
        LinkTable.of(small_records().drop_columns(["birth"]), small_model())


def test_of_repeated_id_is_refused() -> None:
    records = small_records()
    with pytest.raises(RepeatedId, match="record_id"):
        LinkTable.of(pa.concat_tables([records, records.slice(0, 1)]), small_model())


def test_of_any_order_of_rows_gives_the_same_table() -> None:
    records = small_records()
    one = LinkTable.of(records, small_model())
    other = LinkTable.of(records.take(pa.array(range(records.num_rows - 1, -1, -1))), small_model())
    assert one.record_ids.tolist() == other.record_ids.tolist()
    assert all(one.key(name).tolist() == other.key(name).tolist() for name in one.columns)


def test_of_ids_of_text_are_numbered_in_their_order() -> None:
    records = small_records(persons=5)
    names = pa.array([f"r{number:03}" for number in reversed(range(records.num_rows))])
    table = LinkTable.of(records.drop_columns(["record_id"]).append_column("record_id", names), small_model())
    assert table.record_ids.tolist() == list(range(records.num_rows))
    assert table.names.to_pylist() == sorted(map(str, names.to_pylist()))
