"""What did not fit into a release, counted by source, column and reason."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from kesos.datasets.lake import Lake
from kesos.datasets.manifest import read_manifest
from kesos.datasets.release_files import dataset_files
from kesos.pipeline.engine import Engine

_SQL: Final = files("kesos.pipeline.release") / "sql"


@dataclass(frozen=True, slots=True)
class FaultOfSource:
    """One kind of fault of a source: where, why, how often, and whether the rows were set aside."""

    source: str
    file: str
    field: str
    reason: str
    is_set_aside: bool
    faults: int
    first_row: int


def count_faults(lake: Lake, release: str) -> list[FaultOfSource]:
    """Count the faults of a release, rows set aside first, then the most frequent. *Raises* NoSuchRelease."""
    folder = lake.existing_release(release)
    manifest = read_manifest(folder)
    with Engine(memory="1GB") as engine:
        for name in ("quarantine", "issue"):
            engine.view_parquet(name, dataset_files(folder, manifest, name))
        engine.run(_SQL / "020_fault_by_reason.sql")
        rows = engine.fetch(
            "SELECT source, file, field, reason, is_set_aside, faults, first_row FROM fault_by_reason "
            "ORDER BY is_set_aside DESC, faults DESC, source, file, field, reason"
        )
    return [FaultOfSource(**row) for row in rows.to_pylist()]
