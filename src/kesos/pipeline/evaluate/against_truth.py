"""A release against the truth that a synthetic world keeps beside its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from kesos.datasets.lake import Lake
from kesos.datasets.manifest import Manifest, read_manifest
from kesos.datasets.release_files import dataset_files
from kesos.foundation.age import ages_in_years
from kesos.foundation.errors import Refused
from kesos.foundation.masking import hide_numbers
from kesos.pipeline.engine import Engine
from kesos.pipeline.evaluate.evaluation import Evaluation, evaluate

_SQL: Final = files("kesos.pipeline.evaluate") / "sql"
_RECORD: Final = {
    "source": "VARCHAR",
    "file": "VARCHAR",
    "path": "VARCHAR",
    "row_number": "BIGINT",
    "person_key": "VARCHAR",
    "is_held_out": "BOOLEAN",
}
# Who errs differently: children without a card, the grown, and the old, who seldom know the day of their birth.
_BAND_FROM: Final = (0, 5, 17, 40, 60)
_BAND: Final = ("0-4", "5-16", "17-39", "40-59", "60+")
_PERSON: Final = {
    "person_key": "VARCHAR",
    "name": "VARCHAR",
    "sex": "VARCHAR",
    "birth_date": "DATE",
    "residence_village": "VARCHAR",
}


class NoTruth(Refused):
    """A folder holds no truth about records."""

    what = "The folder {folder} holds no truth about records: no record/*.parquet."
    remedy = "Give the folder `truth` that `kesos synth` wrote beside the sources."


class TruthOfOtherFiles(Refused):
    """The truth speaks of files that the release was not made of."""

    what = "The truth in {folder} speaks of no record of release {release}."
    remedy = "Give the truth that was written together with the files of this release."


class AmbiguousTruth(Refused):
    """Two delivered files of one source have the same name, so that a row of the truth may be either's."""

    what = "The truth in {folder} cannot tell the files of release {release} apart: {rows} rows are of two persons."
    remedy = "Deliver files of one source under names of their own, and build and evaluate again."


@dataclass(frozen=True, slots=True)
class ReleaseEvaluation:
    """A release judged; `rows_not_released` are rows of the truth that were set aside and are in no figure."""

    release: str
    evaluation: Evaluation
    rows_not_released: int

    def to_dict(self) -> dict[str, object]:
        """Give the evaluation as plain data, for programs."""
        return {
            "release": self.release,
            "rows_not_released": self.rows_not_released,
            **self.evaluation.to_dict(),
        }


def evaluate_release(lake: Lake, release: str, truth: Path, *, memory: str = "2GB") -> ReleaseEvaluation:
    """Judge the persons of a release: overall, and by source, age, sex, island, single name, NIK and held-out patterns.

    `truth` is the folder of a synthetic world's truth: `record/*.parquet` (source, file, path, row_number, person_key;
    perhaps is_held_out) and, where there, `person/*.parquet`, whose birth date, sex, name and village stand before what
    a record says of itself. A row is found again by source, file, name of the delivered file and row number. Rows that
    were set aside are counted and judged by nothing. *Raises* NoSuchRelease, NoTruth,
    TruthOfOtherFiles, AmbiguousTruth.
    """
    folder = lake.existing_release(release)
    manifest = read_manifest(folder)
    with Engine(memory=memory) as engine:
        engine.view_parquet("person_record", dataset_files(folder, manifest, "person_record"))
        find_rows_again(engine, manifest, truth)
        engine.run(_SQL / "030_record_group.sql")
        judged = engine.fetch("SELECT record_id, person_id, person_key FROM judged_record ORDER BY record_id")
        groups = _with_age_band(engine.fetch("SELECT * FROM record_group ORDER BY record_id"), manifest.as_of)
        known = engine.count("known_row")
        untold = engine.count("person_record") - judged.num_rows
    if judged.num_rows == 0:
        raise TruthOfOtherFiles(folder=truth, release=release)
    if twice := judged.num_rows - len(judged.column("record_id").unique()):
        raise AmbiguousTruth(folder=truth, release=release, rows=twice)
    evaluation = evaluate(judged.select(["record_id", "person_id"]), judged.select(["record_id", "person_key"]), groups)
    return ReleaseEvaluation(release, replace(evaluation, untold=untold), known - judged.num_rows)


def find_rows_again(engine: Engine, manifest: Manifest, truth: Path) -> None:
    """Make `judged_record`: the records of a release whose person the truth knows, by `person_key`.

    The engine holds `person_record` of the release. *Raises* NoTruth.
    """
    records = sorted((truth / "record").glob("*.parquet"))
    if not records:
        raise NoTruth(folder=truth)
    engine.load("delivered_file", _delivered_files(manifest))
    _load_truth(engine, truth, records)
    engine.run(_SQL / "010_known_row.sql")
    engine.run(_SQL / "020_judged_record.sql")


def _with_age_band(groups: pa.Table, as_of: date) -> pa.Table:
    ages = np.asarray(ages_in_years(groups.column("birth_date"), as_of).fill_null(-1), dtype=np.int64)
    bands = np.searchsorted(_BAND_FROM, ages, side="right") - 1
    names = pa.array([*_BAND, None]).take(pa.array(np.where(ages < 0, len(_BAND), bands), pa.int64()))
    return groups.drop_columns(["birth_date"]).append_column("age_band", names)


def _load_truth(engine: Engine, truth: Path, records: Sequence[Path]) -> None:
    engine.view_parquet("record_file", records)
    engine.union(["record_file"], _RECORD, into="truth_record")
    persons = sorted((truth / "person").glob("*.parquet"))
    if persons:
        engine.view_parquet("person_file", persons)
    engine.union(["person_file"] if persons else [], _PERSON, into="truth_person")
    paths = engine.fetch("SELECT DISTINCT path FROM truth_record ORDER BY path").column("path").to_pylist()
    # The manifest keeps names of files with long numbers hidden; so are these, to find them again.
    names = [hide_numbers(Path(str(path)).name) for path in paths]
    engine.load("truth_file", pa.table({"path": pa.array(paths, pa.string()), "original_name": pa.array(names)}))


def _delivered_files(manifest: Manifest) -> pa.Table:
    names = ("source", "file", "original_name", "delivery")
    rows = [{name: getattr(one, name) for name in names} for one in manifest.inputs]
    return pa.Table.from_pylist(rows, pa.schema([(name, pa.string()) for name in names]))
