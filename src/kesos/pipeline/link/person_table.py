"""Tables of persons from any files, and the edges that were found among them, kept beside them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

from kesos.foundation.columns import compute, one_chunk
from kesos.foundation.errors import Refused
from kesos.pipeline.link.clusters import connected_components
from kesos.pipeline.link.encode import LinkTable, NoSuchColumn, RepeatedId, sorted_codes
from kesos.pipeline.link.run import LINKED

SOURCE: Final = "source"
_ID_NAME: Final = b"kesos_id_column"


class NotAPersonTable(Refused):
    """A file of records or edges cannot be read."""

    what = "File {file} cannot be read as a table: {fault}."
    remedy = "Give CSV (UTF-8, with a header) or Parquet; all files of records with the same columns."


class NoSuchRecord(Refused):
    """A record was asked for that is not there."""

    what = "There is no record {id}."
    remedy = "Name it as the id column of the model spells it."


def row_of(table: LinkTable, name: str) -> int:
    """Find the row of a record by its id. *Raises* NoSuchRecord."""
    row = compute.index(table.names.cast(pa.string()), name).as_py()
    if row < 0:
        raise NoSuchRecord(id=name)
    return int(row)


def read_records(paths: Sequence[Path]) -> pa.Table:
    """Read records of one or several files, CSV as text. A column `source` holds the file's name if there is none.

    *Raises* NotAPersonTable.
    """
    tables = [_with_source(_read(path), path.stem) for path in paths]
    try:
        return pa.concat_tables(tables)
    except pa.ArrowInvalid as error:
        raise NotAPersonTable(file=", ".join(map(str, paths)), fault=str(error).splitlines()[0]) from error


def _with_source(table: pa.Table, name: str) -> pa.Table:
    if SOURCE in table.column_names:
        return table
    return table.append_column(SOURCE, pa.array([name] * table.num_rows, pa.string()))


def _read(path: Path) -> pa.Table:
    try:
        if path.suffix.lower() == ".parquet":
            return pq.read_table(path)
        with path.open("rb") as file:
            header = file.readline().decode("utf-8-sig").strip().split(",")
        names = [name.strip().strip('"') for name in header]
        as_text = arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
        )
        return arrow_csv.read_csv(path, convert_options=as_text)
    except (pa.ArrowInvalid, pa.ArrowKeyError, OSError, UnicodeDecodeError) as error:
        raise NotAPersonTable(file=path, fault=str(error).splitlines()[0]) from error


def write_edges(edges: pa.Table, table: LinkTable, id_column: str | None, path: Path) -> None:
    """Write edges as Parquet, or as CSV by the file's name; records are named as their own column spells them."""
    for name in ("record_id", "other_record_id"):
        place = np.searchsorted(table.record_ids, edges.column(name).to_numpy())
        names = table.names.take(pa.array(place, pa.int64()))
        edges = edges.set_column(edges.schema.get_field_index(name), name, names)
    if path.suffix.lower() == ".csv":
        arrow_csv.write_csv(edges, path)
        return
    pq.write_table(edges.replace_schema_metadata({_ID_NAME: (id_column or "").encode()}), path)


def clusters_of_edges(records: pa.Table, edges_path: Path, id_column: str | None) -> tuple[pa.Table, str | None]:
    """Join records along the linked edges of a file.

    *Input*: `id_column` names the records; without it the column that the edges were made with. *Output*:
    (record_id, person_id) by row number of `records`, and the column used. *Raises* NotAPersonTable, NoSuchColumn,
    RepeatedId.
    """
    edges = _read(edges_path)
    kept = (edges.schema.metadata or {}).get(_ID_NAME, b"").decode()
    column = id_column or kept or None
    row_of = _rows_by_id(records, column)
    linked = edges.filter(pa.array([band == LINKED for band in edges.column("band").to_pylist()], pa.bool_()))
    ends = [[str(one) for one in linked.column(name).to_pylist()] for name in ("record_id", "other_record_id")]
    left, right = (np.array([row_of[name] for name in names], np.int64) for names in ends)
    person = np.arange(records.num_rows, dtype=np.int64)
    ids, labels = connected_components(left, right)
    person[ids] = labels
    rows = pa.array(np.arange(records.num_rows, dtype=np.int64))
    return pa.table({"record_id": rows, "person_id": pa.array(person)}), column


def _rows_by_id(records: pa.Table, column: str | None) -> dict[str, int]:
    if column is None:
        return {str(row): row for row in range(records.num_rows)}
    if column not in records.column_names:
        raise NoSuchColumn(column=column, columns=", ".join(records.column_names))
    rows = {str(name): row for row, name in enumerate(records.column(column).to_pylist())}
    if len(rows) < records.num_rows:
        raise RepeatedId(column=column, records=records.num_rows, ids=len(rows))
    return rows


def truth_of(records: pa.Table, column: str) -> pa.Table:
    """Give (record_id, person_key) by row number from a column that names the person. *Raises* NoSuchColumn."""
    if column not in records.column_names:
        raise NoSuchColumn(column=column, columns=", ".join(records.column_names))
    codes, _ = sorted_codes(one_chunk(records.column(column)).cast(pa.string()))
    known = np.flatnonzero(codes >= 0)
    return pa.table({"record_id": pa.array(known), "person_key": pa.array(codes[known].astype(np.int64))})
