"""A small release, written by hand: the rows a test names, and for every other column null or the plainest value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kesos.datasets import record, registry
from kesos.datasets.manifest import Input, Manifest, StoredDataset, stored_file
from kesos.pipeline.determine.facts.build import make_facts
from kesos.pipeline.determine.facts.request import FactsMade, FactsRequest
from kesos.pipeline.engine import Engine

AS_OF = date(2026, 9, 30)
VILLAGE = "5204082001"
_DATASETS = {
    dataset.name: dataset
    for dataset in (
        *(registry.PERSON, registry.FAMILY, registry.DWELLING, registry.BENEFIT, registry.IDENTIFIER),
        *(registry.PERSON_LINEAGE, registry.FAMILY_LINEAGE, registry.DWELLING_LINEAGE),
        *(record.PERSON_RECORD, record.FAMILY_RECORD),
    )
}
_PLAIN: dict[str, Any] = {
    "BIGINT": 0,
    "INTEGER": 1,
    "SMALLINT": 1,
    "BOOLEAN": False,
    "VARCHAR": "single",
    "DATE": AS_OF,
    "BLOB": b"",
}
_ASSUMED: dict[str, dict[str, Any]] = {
    "person": {"facts_as_of": AS_OF, "registered_village": VILLAGE, "residence_village": VILLAGE},
    "family": {"facts_as_of": AS_OF, "registered_village": VILLAGE, "residence_village": VILLAGE},
    "dwelling": {"village": VILLAGE, "family_count": 1},
}


class SmallRelease:
    """Rows of a release, and the tables of facts made of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: dict[str, list[dict[str, Any]]] = {"person": [], "family": [], "dwelling": []}
        self.inputs: list[Input] = []

    def add(self, dataset: str, *rows: Mapping[str, Any]) -> None:
        """Add rows to a dataset."""
        self.rows.setdefault(dataset, []).extend({**_ASSUMED.get(dataset, {}), **row} for row in rows)

    def family(self, family_id: int, *members: Mapping[str, Any], **columns: Any) -> None:
        """Add a family in a dwelling of the same number, and its members, numbered from ten times its own number."""
        self.add("family", {"family_id": family_id, "dwelling_id": family_id, **columns})
        self.add("dwelling", {"dwelling_id": family_id})
        for place, member in enumerate(members):
            self.add("person", {"person_id": 10 * family_id + place, "family_id": family_id, **member})

    def covered(self, source: str, *areas: str, until: str | None = None, since: str = "2026-01-01") -> None:
        """Let a source declare that it lists everybody of some areas."""
        covers: dict[str, object] = {"areas": list(areas), "from": since, "until": until}
        self.inputs.append(
            Input(
                source=source, file="person", original_name="list.csv", sha256="0", delivery="0", delivered_on=AS_OF,
                contract="0", covers=covers, rows_in=0, rows_kept=0, rows_quarantined=0,
            )
        )  # fmt: skip

    def made(self, *facts: str, threads: int = 1, **asked: Any) -> Made:
        """Derive facts and fetch the tables."""
        with Engine(memory="500MB", threads=threads) as engine:
            made = make_facts(engine, self.request(*facts, **asked))
            names = ("person_facts", "family_facts", "dwelling_facts", "group_facts", "member")
            return Made(made, {name: _sorted(engine.fetch(name)) for name in names})

    def request(self, *facts: str, **asked: Any) -> FactsRequest:
        """Write the datasets and ask for facts of them."""
        stored: dict[str, StoredDataset] = {}
        for name, rows in self.rows.items():
            path = self.folder / f"{name}.parquet"
            pq.write_table(_table(name, rows), path)
            file = stored_file(path, within=self.folder, rows=len(rows))
            stored[name] = StoredDataset(version=1, rows=len(rows), files=(file,))
        manifest = Manifest(
            name="2026-T3", as_of=AS_OF, profile=None, since=None, kesos_version="0", code_sha256="0",
            precedence_sha256="0", key_generation=1, seed=1, inputs=tuple(self.inputs), counts={}, datasets=stored,
        )  # fmt: skip
        asked = {"as_of": AS_OF, **asked}
        return FactsRequest(folder=self.folder, manifest=manifest, facts=frozenset(facts), **asked)


class Made:
    """The tables of facts, to be asked for single values."""

    def __init__(self, made: FactsMade, tables: dict[str, pa.Table]) -> None:
        self.made, self.tables = made, tables

    def of(self, level: str, *names: str) -> list[Any]:
        """Give a fact of every unit in order of id, or several as tuples."""
        rows: list[dict[str, Any]] = self.tables[f"{level}_facts"].to_pylist()
        if len(names) == 1:
            return [row[names[0]] for row in rows]
        return [tuple(row[name] for name in names) for row in rows]

    def range(self, name: str) -> list[Any]:
        """Give a count of every family as (known, open)."""
        return self.of("family", name, f"{name}__open")


def _sorted(table: pa.Table) -> pa.Table:
    """Sort a table by its key: the tables of facts stand in no promised order."""
    keys = ("programme", "unit", "unit_id") if "unit_id" in table.column_names else table.column_names[:1]
    return table.sort_by([(key, "ascending") for key in keys]).combine_chunks()


def _table(name: str, rows: Iterable[dict[str, Any]]) -> pa.Table:
    dataset = _DATASETS[name]
    plain = {column.name: _PLAIN[column.type] if column.required else None for column in dataset.columns}
    return pa.Table.from_pylist([{**plain, **row} for row in rows], schema=dataset.arrow_schema())


@pytest.fixture
def release(tmp_path: Path) -> SmallRelease:
    """Give a release without any rows."""
    return SmallRelease(tmp_path)
