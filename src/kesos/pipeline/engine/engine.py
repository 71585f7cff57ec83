"""DuckDB behind one door: its own connection, a memory limit, a private spill folder that is removed."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import duckdb
import numpy as np
import pyarrow as pa

from kesos.datasets.schema import Dataset
from kesos.foundation.errors import Refused
from kesos.pipeline.engine.statement import Statement, read_statement
from kesos.pipeline.engine.step import Step, peak_memory_mb

Kernel = Callable[[pa.RecordBatch], "pa.RecordBatch | pa.Table"]
GroupKernel = Callable[[pa.Table], pa.Table]
Parameter = str | int | float | bool | bytes | object

BATCH_ROWS: Final = 122_880
GROUP_STEP: Final = 200_000
PARQUET: Final = "COMPRESSION zstd"
"""How a file of a dataset is packed: what every reader of Parquet reads."""

PARQUET_OF_CODES: Final = (
    "COMPRESSION zstd, COMPRESSION_LEVEL 1, PARQUET_VERSION V2, DICTIONARY_SIZE_LIMIT 1000, WRITE_BLOOM_FILTER false"
)
"""For numbers and a few words: half the bytes at three quarters of the time (measured on 10 million rows)."""

_NAME: Final = re.compile(r"^[a-z_][a-z0-9_]*$")
_MEMORY: Final = re.compile(r"^[1-9][0-9]*(\.[0-9]+)?\s?[KMGT]i?B$", re.IGNORECASE)


class NotAMemoryLimit(Refused):
    """A text does not say how much memory the engine may take."""

    what = "'{memory}' is no amount of memory."
    remedy = "Write a number and a unit, such as 8GB or 500MB."


class Engine:
    """Run the steps of one build. One engine is one private database; nothing outlives it but what it wrote.

    `memory` is DuckDB's limit ("4GB"); beyond it the engine spills to a folder of mode 700 below
    `spill_parent`, removed at close. No plain identity number may ever be put into a table: kernels open
    sealed values in memory only, so that neither spill nor kept steps can hold one.
    `keep_steps` names a folder that gets every table as Parquet, numbered in order, to be opened and read.
    *Raises* NotAMemoryLimit.
    """

    def __init__(
        self,
        *,
        memory: str = "4GB",
        threads: int = 2,
        spill_parent: Path | None = None,
        keep_steps: Path | None = None,
        on_step: Callable[[Step], None] | None = None,
    ) -> None:
        if not _MEMORY.match(memory):
            raise NotAMemoryLimit(memory=memory)
        self._spill = Path(tempfile.mkdtemp(prefix="kesos-spill-", dir=spill_parent))
        self._keep_steps = keep_steps
        self._on_step = on_step
        self.steps: list[Step] = []
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": memory,
                "threads": threads,
                "temp_directory": str(self._spill),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )

        _silence(self._connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database and remove its spill."""
        self._connection.close()
        shutil.rmtree(self._spill, ignore_errors=True)

    def run(self, file: Traversable | Statement, *, into: str | None = None, **parameters: Parameter) -> int:
        """Make a table of the SELECT in a `.sql` file; return its row count.

        The table is named by `into`, else by the file. Parameters that the statement does not name are ignored,
        so that a caller can hand the same set to a whole folder.
        """
        statement = file if isinstance(file, Statement) else read_statement(file)
        name = into or statement.name
        with Timer(self, name) as timer:
            used = {key: value for key, value in parameters.items() if key in statement.parameters}
            self._create(name, statement.sql, used)
            timer.rows = self.count(name)
        return timer.rows

    def run_folder(self, folder: Traversable, **parameters: Parameter) -> None:
        """Run every `.sql` file of a folder, in the order of their numbers."""
        files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda f: f.name)
        for file in files:
            self.run(file, into=None, **parameters)

    def note(self, step: Step) -> None:
        """Note a step that was timed elsewhere among those of the build."""
        self._finished(step)

    def timed(self, name: str) -> Timer:
        """Time work that makes no table here as a step of the build; set `rows` of what it gives."""
        return Timer(self, name)

    def load(self, name: str, data: pa.Table | pa.RecordBatchReader) -> int:
        """Copy Arrow data into a table; return its row count."""
        with Timer(self, name) as timer:
            self._connection.register("incoming", data)
            self._create(name, "SELECT * FROM incoming", {})
            self._connection.unregister("incoming")
            timer.rows = self.count(name)
        return timer.rows

    def view_parquet(self, name: str, paths: Sequence[Path]) -> None:
        """Name Parquet files as one view, columns matched by name; they are read when used."""
        listed = ", ".join(_literal(str(path)) for path in paths)
        self._connection.execute(
            f"CREATE OR REPLACE VIEW {_identifier(name)} AS "
            f"SELECT * FROM read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
        )

    def map_batches(
        self, select: str, kernel: Kernel, *, into: str, batch_rows: int = BATCH_ROWS, **parameters: Parameter
    ) -> int:
        """Run a kernel over the rows of a SELECT, batch by batch, into a new table; return its row count.

        The kernel is pure: one Arrow batch in, one out with the same schema every time. An empty SELECT
        calls it once with an empty batch, so that the table exists with the right columns.
        """
        with Timer(self, into) as timer:
            reader = self._connection.sql(select, params=parameters or None).to_arrow_reader(batch_rows)
            outputs = _mapped(reader, kernel)
            first = next(outputs)
            stream = pa.RecordBatchReader.from_batches(first.schema, _chain(first, outputs))
            # A second cursor: one connection cannot be read from and written to at once.
            cursor = self._connection.cursor()
            _silence(cursor)
            cursor.register("mapped", stream)
            cursor.execute(f"CREATE OR REPLACE TABLE {_identifier(into)} AS SELECT * FROM mapped")
            cursor.unregister("mapped")
            cursor.close()
            timer.rows = self.count(into)
        return timer.rows

    def map_groups(
        self, select: str, kernel: GroupKernel, *, into: str, last: int, step: int = GROUP_STEP, **parameters: Parameter
    ) -> int:
        """Run a kernel over rows grouped by a dense integer key, whole groups at a time, into a new table.

        `select` names `$low` and `$high`, a half-open range of the key, and sorts its rows; it is run for
        1 to `last` in ranges of `step` keys, so that memory is bounded by a range and no group is ever cut.
        """
        with Timer(self, into) as timer:
            for number, low in enumerate(range(1, max(last, 1) + 1, step)):
                rows = self.fetch(select, low=low, high=low + step, **parameters)
                mapped = kernel(rows)
                self._connection.register("mapped", mapped)
                if number == 0:
                    self._create(into, "SELECT * FROM mapped", {})
                else:
                    self._connection.execute(f"INSERT INTO {_identifier(into)} SELECT * FROM mapped")
                self._connection.unregister("mapped")
            timer.rows = self.count(into)
        return timer.rows

    def union(self, names: Sequence[str], columns: Mapping[str, str], *, into: str) -> int:
        """Stack tables into one with exactly these columns (name → SQL type); what a table lacks is null."""
        with Timer(self, into) as timer:
            selects = (f"SELECT {self._cast_columns(name, columns)} FROM {_identifier(name)}" for name in names)
            nothing = ", ".join(f"CAST(NULL AS {kind}) AS {column}" for column, kind in columns.items())
            self._create(into, " UNION ALL ".join(selects) or f"SELECT {nothing} WHERE false", {})
            timer.rows = self.count(into)
        return timer.rows

    def fetch(self, select: str, **parameters: Parameter) -> pa.Table:
        """Fetch a SELECT, or a whole table by its name, as one Arrow table."""
        sql = f"SELECT * FROM {select}" if _NAME.match(select) else select
        table: pa.Table = self._connection.sql(sql, params=parameters or None).to_arrow_table()
        return table

    def count(self, name: str) -> int:
        """Count the rows of a table."""
        row = self._connection.execute(f"SELECT count(*) FROM {_identifier(name)}").fetchall()[0]
        return int(row[0])

    def has(self, name: str) -> bool:
        """Tell whether a table or view of that name exists."""
        found = self._connection.execute(
            "SELECT count(*) FROM information_schema.tables WHERE table_name = $name", {"name": name}
        ).fetchall()
        return bool(found[0][0])

    def columns(self, name: str) -> dict[str, str]:
        """Give the columns of a table with their SQL types."""
        described = self._connection.execute(f"DESCRIBE {_identifier(name)}").fetchall()
        return {str(row[0]): str(row[1]) for row in described}

    def rename(self, old: str, new: str) -> None:
        """Give a table another name."""
        self._connection.execute(f"ALTER TABLE {_identifier(old)} RENAME TO {_identifier(new)}")

    def drop(self, *names: str) -> None:
        """Forget tables that are no longer needed, to free memory."""
        for name in names:
            self._connection.execute(f"DROP TABLE IF EXISTS {_identifier(name)}")

    def view(self, name: str, statement: Statement) -> None:
        """Name a SELECT without running it; it takes no parameters. For a table that is only written, and once."""
        self._connection.execute(f"CREATE OR REPLACE VIEW {_identifier(name)} AS {statement.sql}")

    def is_ascending(self, source: str, key: Sequence[str]) -> bool:
        """Tell whether the rows of a table, or of what reads as one, stand in ascending order of a key without doubles.

        *Cost*: 0.05 s for 10 million rows and a key of one column.
        """
        listed = ", ".join(f"{column}, lag({column}) OVER () AS before_{column}" for column in key)
        now, before = (", ".join(prefix + column for column in key) for prefix in ("", "before_"))
        # The first row has none before it; as a row of nulls it would count as the greatest.
        broken = f"before_{key[0]} IS NOT NULL AND ({before}) >= ({now})"
        broken = f"SELECT count(*) FROM (SELECT {listed} FROM {source}) WHERE {broken}"
        return int(self._connection.execute(broken).fetchall()[0][0]) == 0

    def side_by_side(self, names: Sequence[str], *, into: str) -> None:
        """Name a view with the columns of tables row beside row, and the place of a row in them from 0 as `place`.

        A table without rows gives nulls. Nothing is looked up and no order is lost: what costs 4 s as a join of
        10 million rows that is sorted again costs 1.5 s so. *Requires*: the other tables have the units of the first
        in the same order, as `spread` lays them out.
        """
        first, *others = names
        columns, source = [f"{_identifier(first)}.*", f"{first}.rowid AS place"], first
        for name in others:
            if self.count(name):
                columns.append(f"{name}.*")
                source += f" POSITIONAL JOIN {name}"
            else:
                columns += (f"CAST(NULL AS {kind}) AS {column}" for column, kind in self.columns(name).items())
        select = f"SELECT {', '.join(columns)} FROM {source}"
        self._connection.execute(f"CREATE OR REPLACE VIEW {_identifier(into)} AS {select}")

    def spread(self, select: str, *, over: str, into: str) -> None:
        """Lay rows out as they stand in table `over`: a row of the SELECT goes to its `place` there, the rest is null.

        A SELECT without rows gives a table without any.
        """
        with Timer(self, into) as timer:
            found = self.fetch(select)
            places, values = found["place"].to_numpy(), found.drop_columns(["place"])
            if len(values):
                taken = np.full(self.count(over), -1, np.int64)
                taken[places] = np.arange(len(values))
                indices: Any = pa.array(taken, mask=taken < 0)
                values = values.take(indices)
            self._connection.register("incoming", values)
            self._create(into, "SELECT * FROM incoming", {})
            self._connection.unregister("incoming")
            timer.rows = len(places)

    def write(
        self,
        name: str,
        dataset: Dataset,
        path: Path,
        *,
        of_one: Mapping[str, str] | None = None,
        is_sorted: bool = False,
        packing: str = PARQUET,
    ) -> int:
        """Write a table as the Parquet file of a dataset: its columns, its types, sorted by its key.

        A column that the table lacks is written as null. The same rows give the same bytes with any number
        of threads, because the order is total. `of_one` are columns of the key that have one value in the whole file:
        the table need not have them, and they need no sorting. A table that `is_sorted` is written as it stands and
        sorted only if the file then shows that it was not (10 million rows: 1.5 s instead of 2.6 s).
        """
        one = of_one or {}
        with Timer(self, f"write_{dataset.name}") as timer:
            select = self._cast_columns(name, {column.name: column.type for column in dataset.columns}, one)
            rows = f"SELECT {select} FROM {_identifier(name)}"
            key = [column for column in dataset.key if column not in one]
            order = f" ORDER BY {', '.join(key)}" if key else ""
            timer.rows = self._copy(rows if is_sorted else rows + order, path, packing)
            if is_sorted and key and not self.is_ascending(f"read_parquet({_literal(str(path))})", key):
                timer.rows = self._copy(rows + order, path, packing)
        return timer.rows

    def _copy(self, select: str, path: Path, packing: str) -> int:
        written = self._connection.execute(
            f"COPY ({select}) TO {_literal(str(path))} (FORMAT parquet, ROW_GROUP_SIZE {BATCH_ROWS}, {packing})"
        ).fetchall()
        return int(written[0][0])

    def _cast_columns(self, name: str, columns: Mapping[str, str], of_one: Mapping[str, str] | None = None) -> str:
        have = self.columns(name)
        values = {column: f"CAST({column} AS {kind})" for column, kind in columns.items() if column in have}
        # DuckDB's ENUM is written to Parquet as the same text, at half the cost (measured on 10 million rows).
        values |= {
            column: column for column in values if columns[column] == "VARCHAR" and have[column].startswith("ENUM")
        }
        values |= {column: f"CAST({_literal(one)} AS ENUM({_literal(one)}))" for column, one in (of_one or {}).items()}
        return ", ".join(
            f"{values.get(column, f'CAST(NULL AS {kind})')} AS {_identifier(column)}"
            for column, kind in columns.items()
        )

    def _create(self, name: str, select: str, parameters: dict[str, Parameter]) -> None:
        self._connection.execute(f"CREATE OR REPLACE TABLE {_identifier(name)} AS {select}", parameters or None)

    def _finished(self, step: Step) -> None:
        self.steps.append(step)
        if self._keep_steps is not None and self.has(step.name):
            path = self._keep_steps / f"{len(self.steps):03d}-{step.name}.parquet"
            self._connection.execute(f"COPY {_identifier(step.name)} TO {_literal(str(path))} (FORMAT parquet)")
        if self._on_step is not None:
            self._on_step(step)


class Timer:
    """Time one step of an engine and report it when it ended well."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._name = name
        self.rows = 0

    def __enter__(self) -> Self:
        self._started = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            seconds = time.perf_counter() - self._started
            self._engine._finished(Step(self._name, self.rows, seconds, peak_memory_mb()))


def _silence(connection: duckdb.DuckDBPyConnection) -> None:
    """Switch off DuckDB's own progress bar, which would write over what a command says; steps show progress."""
    connection.execute("SET enable_progress_bar = false")


def _mapped(reader: pa.RecordBatchReader, kernel: Kernel) -> Iterator[pa.RecordBatch]:
    is_empty = True
    for batch in reader:
        is_empty = False
        yield _one_batch(kernel(batch))
    if is_empty:
        yield _one_batch(kernel(pa.RecordBatch.from_pylist([], schema=reader.schema)))


def _one_batch(data: pa.RecordBatch | pa.Table) -> pa.RecordBatch:
    if isinstance(data, pa.RecordBatch):
        return data
    batches = data.combine_chunks().to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=data.schema)


def _chain(first: pa.RecordBatch, rest: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield first
    yield from rest


def _identifier(name: str) -> str:
    if not _NAME.match(name):
        raise ValueError(f"{name!r} is no table name: lower-case letters, digits and underscores only")
    return name


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
