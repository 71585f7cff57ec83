"""A small release with pairs of a linker, written by hand beside what a build makes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from pyarrow import parquet

from kesos.datasets.lake import Lake
from kesos.datasets.linkage import LINK_APART, LINK_EDGE, LINK_MODEL
from kesos.datasets.manifest import StoredDataset, read_manifest, stored_file
from kesos.datasets.schema import Dataset

NAME: Final = "2026-T3"
MODEL: Final = (
    (-1, 0, "prior", "", -6_000),
    (0, 0, "name", "different", -4_000),
    (0, 1, "name", "equal", 9_000),
    (1, 0, "birth", "different", -3_000),
    (1, 1, "birth", "equal", 8_000),
)


def with_pairs(lake: Lake, edges: list[dict[str, Any]], apart: list[dict[str, Any]] | None = None) -> Lake:
    """Add linker datasets to the release of a lake; edges say what differs from a pair in review."""
    usual = {"weight_millibits": 0, "band": "review", "rule": "evidence", "levels": "11", "is_refused": False}
    names = ("comparison_order", "level_order", "comparison", "level", "weight_millibits")
    model = [{**dict(zip(names, row, strict=True)), "pairs": 1} for row in MODEL]
    folder = lake.release(NAME)
    manifest = read_manifest(folder)
    stored = {
        dataset.name: _write(folder, dataset, rows)
        for dataset, rows in (
            (LINK_EDGE, [{**usual, **edge} for edge in edges]),
            (LINK_APART, apart or []),
            (LINK_MODEL, model),
        )
    }
    manifest.model_copy(update={"datasets": {**manifest.datasets, **stored}}).write(folder)
    return lake


def without_pairs(lake: Lake) -> None:
    """Make the release one of an earlier version, which did not keep pairs."""
    folder = lake.release(NAME)
    manifest = read_manifest(folder)
    kept = {name: stored for name, stored in manifest.datasets.items() if not name.startswith("link_")}
    manifest.model_copy(update={"datasets": kept}).write(folder)


def _write(folder: Path, dataset: Dataset, rows: list[dict[str, Any]]) -> StoredDataset:
    path = folder / dataset.name / "part-00000.parquet"
    path.parent.mkdir(exist_ok=True)
    parquet.write_table(pa.Table.from_pylist(rows, dataset.arrow_schema()), path)
    return StoredDataset(version=1, rows=len(rows), files=(stored_file(path, within=folder, rows=len(rows)),))


def records_of(lake: Lake) -> Mapping[tuple[str, int], dict[str, Any]]:
    """Give every person record of the release by source and row number."""
    table = parquet.read_table(lake.release(NAME) / "person_record" / "part-00000.parquet")
    return {(row["source"], row["row_number"]): row for row in table.to_pylist()}
