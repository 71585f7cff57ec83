"""Make the table that linkers are measured on: standardised records of persons, numbers in plain, with the truth.

It takes the steps of a release build up to the records that are linked, so that what is measured is what a release
links. The numbers are of a synthetic world; the table is kept below var/bench and nowhere else. Run by link_nation.py
and link_sensitivity.py as a child: SOURCES TRUTH OUT.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from kesos.foundation.columns import map_distinct
from kesos.foundation.masking import hide_numbers
from kesos.foundation.sealing import Sealer, create_key
from kesos.pipeline.engine import Engine
from kesos.pipeline.link.by_evidence import release_model
from kesos.pipeline.release.records import Received, Receiving, load_records
from kesos.pipeline.sources.sealed_rows import AT_RECEIPT
from kesos.pipeline.standardise.records import standardise_records

PERSON: Final = "truth"
"""The column that names the person; no linker reads it."""

_NUMBERS: Final = ("nik", "kk")
_KNOWN_ROW: Final = files("kesos.pipeline.evaluate") / "sql" / "010_known_row.sql"
_TRUTH: Final = {
    "source": "VARCHAR",
    "file": "VARCHAR",
    "path": "VARCHAR",
    "row_number": "BIGINT",
    "person_key": "VARCHAR",
    "is_held_out": "BOOLEAN",
}


def make_records(sources: Path, truth: Path, out: Path) -> int:
    """Receive, check and standardise delivered files; write the records whose person the truth knows; count them."""
    with tempfile.TemporaryDirectory(prefix="kesos-bench-") as folder, Engine(memory="6GB") as engine:
        sealer = Sealer(create_key(Path(folder) / "identity.key"))
        receiving = Receiving.of(sources, ())
        received = receiving.receive_all(Path(folder), sealer, None)
        loaded = load_records(engine, receiving.sources, received, sealer)
        tables = (loaded.person_tables, loaded.family_tables)
        standardise_records(engine, person_tables=tables[0], family_tables=tables[1])
        engine.drop(*tables[0], *tables[1])
        _load_truth(engine, truth, received)
        records = engine.fetch(_select())
    records = _opened(records, sealer)
    out.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(records, out)
    return records.num_rows


def _select() -> str:
    model = release_model()
    columns = {column for field in model.fields.values() for column in field.from_columns}
    columns -= {"source", *_NUMBERS}
    numbers = [f"CASE WHEN {name}_index IS NOT NULL THEN {name}_sealed END AS {name}" for name in _NUMBERS]
    chosen = ["record_id", *(f"person_standard.{name}" for name in ["source", *sorted(columns)]), *numbers]
    return (
        f"SELECT {', '.join(chosen)}, known_row.person_key AS {PERSON}, known_row.is_held_out FROM person_standard "
        "INNER JOIN known_row USING (source, delivery, row_number) ORDER BY record_id"
    )


def _opened(records: pa.Table, sealer: Sealer) -> pa.Table:
    for name in _NUMBERS:
        sealed: Any = records.column(name).combine_chunks()
        plain = map_distinct(sealed, partial(_unsealed, sealer, name), pa.string())
        records = records.set_column(records.schema.get_field_index(name), name, plain)
    return records


def _unsealed(sealer: Sealer, field: str, value: bytes) -> str:
    return sealer.unseal(value, field, AT_RECEIPT)


def _load_truth(engine: Engine, truth: Path, received: Sequence[Received]) -> None:
    """Lay the truth beside the delivered files, as `kesos release evaluate` does."""
    engine.view_parquet("record_file", sorted((truth / "record").glob("*.parquet")))
    engine.union(["record_file"], _TRUTH, into="truth_record")
    paths = engine.fetch("SELECT DISTINCT path FROM truth_record ORDER BY path").column("path").to_pylist()
    names = [hide_numbers(Path(str(path)).name) for path in paths]
    engine.load("truth_file", pa.table({"path": pa.array(paths, pa.string()), "original_name": pa.array(names)}))
    columns = ("source", "file", "original_name", "delivery")
    rows = [{name: getattr(one.receipt, name) for name in columns} for one in received]
    engine.load("delivered_file", pa.Table.from_pylist(rows))
    engine.run(_KNOWN_ROW)


if __name__ == "__main__":
    print(make_records(*map(Path, sys.argv[1:4])))
