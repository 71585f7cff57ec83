"""The engine's door: tables, types, nulls, order, batches, groups, steps, and a spill folder that goes with it."""

from __future__ import annotations

import stat
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from kesos.datasets.schema import Column, Dataset
from kesos.pipeline.engine import BrokenStatement, Engine, NotAMemoryLimit, Step, read_statement

HEADER = "-- grain: one row\n-- inputs: person\n-- rerun: safe\n-- time: 1 s\n"
NOTES = Dataset(
    name="note",
    grain="One note.",
    key=("person_id", "note"),
    columns=(
        Column("person_id", "BIGINT", "Person.", required=True),
        Column("note", "VARCHAR", "What was said."),
        Column("amount_idr", "BIGINT", "Amount."),
        Column("seen_on", "DATE", "Day."),
        Column("score", "DECIMAL(18,6)", "Score."),
    ),
)


def statement_file(folder: Path, body: str, name: str = "020_grown_up.sql") -> Path:
    path = folder / name
    path.write_text(HEADER + body, encoding="utf-8")
    return path


def people(engine: Engine) -> None:
    engine.load("person", pa.table({"person_id": [1, 2, 3], "age": pa.array([40, None, 12], pa.int32())}))


def doubled(batch: pa.RecordBatch) -> pa.Table:
    ages = [None if age is None else 2 * age for age in batch.column("age").to_pylist()]
    return pa.table({"person_id": batch.column("person_id"), "twice": pa.array(ages, pa.int64())})


def test_run_makes_a_table_named_by_its_file_and_counts_it(tmp_path: Path) -> None:
    file = statement_file(tmp_path, "SELECT person_id\nFROM person\nWHERE age >= $grown_up;\n")

    with Engine() as engine:
        people(engine)
        rows = engine.run(file, grown_up=18, not_named_in_the_file=1)

        assert rows == 1
        assert engine.fetch("grown_up").to_pylist() == [{"person_id": 1}]


def test_run_into_another_name_and_again_replaces_the_table(tmp_path: Path) -> None:
    file = statement_file(tmp_path, "SELECT person_id\nFROM person\nWHERE age >= $grown_up\n")

    with Engine() as engine:
        people(engine)
        counts = [engine.run(file, into="old", grown_up=age) for age in (10, 18, 99)]

        assert counts == [2, 1, 0]
        assert engine.count("old") == 0
        assert engine.columns("old") == {"person_id": "BIGINT"}
        assert not engine.has("grown_up")


def test_run_folder_runs_files_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    statement_file(tmp_path, "SELECT n + 1 AS n FROM first_step", "020_second_step.sql")
    statement_file(tmp_path, "SELECT 1 AS n", "010_first_step.sql")

    with Engine() as engine:
        engine.run_folder(tmp_path)

        assert engine.fetch("second_step").to_pylist() == [{"n": 2}]
        assert [step.name for step in engine.steps] == ["first_step", "second_step"]


def test_load_keeps_types_and_nulls() -> None:
    given = pa.table(
        {
            "id": pa.array([1, None], pa.int64()),
            "word": pa.array(["ü", None], pa.string()),
            "seal": pa.array([b"\x00\xff", None], pa.binary()),
            "day": pa.array([0, None], pa.date32()),
            "is_known": pa.array([True, None], pa.bool_()),
            "code": pa.array([7, None], pa.int16()),
        }
    )

    with Engine() as engine:
        engine.load("thing", given)

        assert engine.fetch("thing").cast(given.schema).equals(given)
        assert list(engine.columns("thing").values()) == ["BIGINT", "VARCHAR", "BLOB", "DATE", "BOOLEAN", "SMALLINT"]


def test_map_batches_keeps_order_and_nulls_over_many_batches() -> None:
    with Engine() as engine:
        engine.load(
            "person", pa.table({"person_id": range(5_000), "age": [None if n % 7 == 0 else n for n in range(5_000)]})
        )
        rows = engine.map_batches(
            "SELECT * FROM person ORDER BY person_id", doubled, into="mapped_age", batch_rows=2_048
        )

        mapped = engine.fetch("mapped_age")
        assert rows == 5_000
        assert mapped.column("person_id").to_pylist() == list(range(5_000))
        assert mapped.column("twice").to_pylist() == [None if n % 7 == 0 else 2 * n for n in range(5_000)]


def test_map_batches_of_nothing_makes_the_table_with_its_columns() -> None:
    with Engine() as engine:
        people(engine)
        rows = engine.map_batches("SELECT * FROM person WHERE age > $limit", doubled, into="mapped_age", limit=100)

        assert rows == 0
        assert engine.columns("mapped_age") == {"person_id": "BIGINT", "twice": "BIGINT"}


@pytest.mark.parametrize("step", [1, 3, 1_000])
def test_map_groups_never_cuts_a_group(step: int) -> None:
    def sizes(rows: pa.Table) -> pa.Table:
        counted = rows.group_by("family_id", use_threads=False).aggregate([([], "count_all")])
        return counted.rename_columns(["family_id", "members"]).cast(
            pa.schema({"family_id": pa.int64(), "members": pa.int64()})
        )

    families = [1, 1, 1, 2, 4, 4, 7, 7, 7, 7]
    with Engine() as engine:
        engine.load("seat", pa.table({"family_id": families}))
        select = "SELECT family_id FROM seat WHERE family_id >= $low AND family_id < $high ORDER BY family_id"
        rows = engine.map_groups(select, sizes, into="size", last=7, step=step)

        assert rows == 4
        found = engine.fetch("SELECT * FROM size ORDER BY family_id").to_pylist()
        assert [(row["family_id"], row["members"]) for row in found] == [(1, 3), (2, 1), (4, 2), (7, 4)]


def test_map_groups_of_nothing_makes_the_table() -> None:
    with Engine() as engine:
        engine.load("seat", pa.table({"family_id": pa.array([], pa.int64())}))
        select = "SELECT family_id FROM seat WHERE family_id >= $low AND family_id < $high"
        rows = engine.map_groups(select, lambda table: table, into="size", last=0)

        assert (rows, engine.columns("size")) == (0, {"family_id": "BIGINT"})


def test_union_fills_what_a_table_lacks_and_casts() -> None:
    with Engine() as engine:
        engine.load("one", pa.table({"id": pa.array([1], pa.int16()), "extra": ["x"]}))
        engine.load("two", pa.table({"id": pa.array([2], pa.int64()), "word": ["b"]}))
        rows = engine.union(["one", "two"], {"id": "BIGINT", "word": "VARCHAR"}, into="stacked")

        assert rows == 2
        assert engine.fetch("SELECT * FROM stacked ORDER BY id").to_pylist() == [
            {"id": 1, "word": None},
            {"id": 2, "word": "b"},
        ]


def test_union_of_no_tables_is_an_empty_table_with_the_columns() -> None:
    with Engine() as engine:
        rows = engine.union([], {"id": "BIGINT", "word": "VARCHAR"}, into="stacked")

        assert (rows, engine.columns("stacked")) == (0, {"id": "BIGINT", "word": "VARCHAR"})


def test_write_sorts_casts_and_adds_the_missing_column(tmp_path: Path) -> None:
    path = tmp_path / "o'note.parquet"

    with Engine() as engine:
        engine.load("raw", pa.table({"note": ["b", "a", "c"], "person_id": pa.array([2, 2, 1], pa.int32())}))
        rows = engine.write("raw", NOTES, path)

    written = parquet.read_table(path)
    assert rows == 3
    assert written.schema.names == list(NOTES.column_names)
    assert [field.type for field in written.schema] == [field.type for field in NOTES.arrow_schema()]
    assert list(zip(written["person_id"].to_pylist(), written["note"].to_pylist(), strict=True)) == [
        (1, "c"), (2, "a"), (2, "b"),
    ]  # fmt: skip
    assert written["score"].null_count == 3


def test_write_gives_the_same_bytes_with_one_and_two_threads_and_in_any_order(tmp_path: Path) -> None:
    numbers = pa.array(range(300_000), pa.int64())
    words = pa.array([f"W{n * 7919 % 1009}" for n in range(300_000)])
    table = pa.table({"person_id": numbers, "note": words, "amount_idr": numbers})
    backwards = table.take(pa.array(range(299_999, -1, -1)))
    contents = set()

    for number, (threads, given) in enumerate([(1, table), (2, table), (2, backwards)]):
        with Engine(threads=threads, memory="1GB") as engine:
            engine.load("raw", given)
            engine.write("raw", NOTES, tmp_path / f"{number}.parquet")
        contents.add((tmp_path / f"{number}.parquet").read_bytes())

    assert len(contents) == 1
    assert parquet.read_table(tmp_path / "0.parquet", columns=["person_id"]).column(0).to_pylist() == list(
        range(300_000)
    )


def test_view_parquet_matches_columns_by_name(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"id": [1], "word": ["a"]}), tmp_path / "1.parquet")
    parquet.write_table(pa.table({"word": ["b"], "id": [2]}), tmp_path / "2.parquet")

    with Engine() as engine:
        engine.view_parquet("pages", [tmp_path / "1.parquet", tmp_path / "2.parquet"])

        assert engine.fetch("SELECT id, word FROM pages ORDER BY id").to_pylist() == [
            {"id": 1, "word": "a"},
            {"id": 2, "word": "b"},
        ]


def test_rename_and_drop_move_and_forget_tables() -> None:
    with Engine() as engine:
        people(engine)
        engine.rename("person", "human")
        assert (engine.has("person"), engine.has("human")) == (False, True)

        engine.drop("human", "never_was")
        assert not engine.has("human")


@pytest.mark.parametrize("name", ["person; DROP TABLE x", "Person", "1st", "a-b", "", 'p"q'])
def test_a_name_that_is_no_table_name_never_reaches_sql(name: str) -> None:
    with Engine() as engine, pytest.raises(ValueError, match="is no table name"):
        engine.load(name, pa.table({"id": [1]}))


def test_spill_folder_is_private_and_removed_at_close(tmp_path: Path) -> None:
    engine = Engine(spill_parent=tmp_path)
    (spill,) = tmp_path.iterdir()
    assert stat.S_IMODE(spill.stat().st_mode) == 0o700
    (spill / "left.tmp").write_bytes(b"x")

    engine.close()

    assert list(tmp_path.iterdir()) == []


def test_spill_folder_is_removed_when_a_step_fails(tmp_path: Path) -> None:
    with Engine(spill_parent=tmp_path) as engine, pytest.raises(Exception, match="nobody"):
        engine.fetch("SELECT 1 AS n FROM nobody")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("memory", ["much", "", "0GB", "8", "-1GB", "8GB; x"])
def test_an_engine_with_no_memory_limit_is_refused_and_leaves_no_spill(tmp_path: Path, memory: str) -> None:
    with pytest.raises(NotAMemoryLimit) as refusal:
        Engine(memory=memory, spill_parent=tmp_path)

    assert refusal.value.fields == {"memory": memory}
    assert list(tmp_path.iterdir()) == []


def test_spilling_stays_in_the_private_folder_and_gives_the_same_rows(tmp_path: Path) -> None:
    with Engine(memory="90MB", threads=1, spill_parent=tmp_path) as engine:
        engine.load("number", pa.table({"n": range(3_000_000)}))
        engine.load("again", engine.fetch("SELECT n, n % 10 AS digit FROM number ORDER BY digit, n DESC"))
        engine.drop("number")

        assert engine.count("again") == 3_000_000
    assert list(tmp_path.iterdir()) == []


def test_steps_are_named_counted_timed_and_reported_as_they_end(tmp_path: Path) -> None:
    seen: list[Step] = []

    with Engine(on_step=seen.append) as engine:
        people(engine)
        engine.run(statement_file(tmp_path, "SELECT person_id FROM person WHERE age < 18"))

        assert [(step.name, step.rows) for step in engine.steps] == [("person", 3), ("grown_up", 1)]
        assert seen == engine.steps
        assert all(0 <= step.seconds < 60 and step.peak_mb > 10 for step in seen)


def test_a_step_that_fails_is_not_reported(tmp_path: Path) -> None:
    with Engine() as engine:
        with pytest.raises(Exception, match="nobody"):
            engine.run(statement_file(tmp_path, "SELECT 1 AS n FROM nobody"))

        assert engine.steps == []


def test_keep_steps_writes_each_table_numbered_in_order(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()

    with Engine(keep_steps=kept) as engine:
        people(engine)
        engine.map_batches("SELECT * FROM person ORDER BY person_id", doubled, into="mapped_age")
        engine.write(
            "person", Dataset("p", "One.", ("person_id",), (Column("person_id", "BIGINT", "P"),)), tmp_path / "p"
        )

    assert sorted(path.name for path in kept.iterdir()) == ["001-person.parquet", "002-mapped_age.parquet"]
    assert parquet.read_table(kept / "002-mapped_age.parquet").column("twice").to_pylist() == [80, None, 24]


def test_read_statement_reads_header_name_and_parameters(tmp_path: Path) -> None:
    file = statement_file(
        tmp_path, "-- a remark about $money\nSELECT $low AS low, $high_end AS high;\n", "045_range.sql"
    )

    statement = read_statement(file)

    assert (statement.name, statement.parameters) == ("range", frozenset({"low", "high_end"}))
    assert statement.sql == "SELECT $low AS low, $high_end AS high"
    assert statement.header == {"grain": "one row", "inputs": "person", "rerun": "safe", "time": "1 s"}


def test_read_statement_without_header_lines_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "010_bare.sql"
    file.write_text("-- grain: one\n-- rerun: safe\nSELECT 1\n")

    with pytest.raises(BrokenStatement) as refusal:
        read_statement(file)

    assert refusal.value.fields == {"file": "010_bare.sql", "missing": "inputs, time"}
