"""The manifest of a release that was not built but made up: it says so, and lists no inputs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

import kesos
from kesos.datasets.catalogue import dataset
from kesos.datasets.code import code_sha256
from kesos.datasets.lake import PRIVATE_FOLDER, Lake
from kesos.datasets.manifest import Manifest, StoredDataset, stored_file
from kesos.foundation.period import quarter_of
from kesos.foundation.sealing import IdentityKey
from kesos.synthetic.plan import AS_OF
from kesos.synthetic.rates import Rates
from kesos.synthetic.release_shaped import ReleaseShape, write_release_shaped
from kesos.synthetic.workers import Progress

_NO_PRECEDENCE: Final = ""


@dataclass(frozen=True)
class World:
    """What is to be made up: how many persons, where, at which rates, and with how many processes."""

    persons: int
    seed: int
    areas: list[str] | None
    rates: Rates
    workers: int


def write_synthetic_release(
    lake: Lake, world: World, *, key: IdentityKey, progress: Progress | None = None
) -> Manifest:
    """Write a release of a synthetic world into a lake, named `<quarter>-synthetic-<seed>`; it must not be there yet.

    The datasets that trace values to records are absent: see `release_shaped.OMITTED`.
    *Raises* UnknownArea, TooFewPersons, FileExistsError.
    """
    lake.prepare()
    name = f"{quarter_of(AS_OF).name}-synthetic-{world.seed}"
    folder, building = lake.release(name), lake.building(name)
    building.mkdir(mode=PRIVATE_FOLDER)
    shape = write_release_shaped(
        world.persons,
        world.seed,
        building,
        world.areas,
        key,
        rates=world.rates,
        workers=world.workers,
        progress=progress,
    )
    manifest = Manifest(
        name=name,
        as_of=AS_OF,
        profile=None,
        since=None,
        kesos_version=kesos.__version__,
        code_sha256=code_sha256(),
        precedence_sha256=_NO_PRECEDENCE,
        key_generation=key.generation,
        seed=world.seed,
        inputs=(),
        counts={
            "persons": shape.rows["person"],
            "families": shape.rows["family"],
            "dwellings": shape.rows["dwelling"],
        },
        datasets={dataset_name: _stored(building, dataset_name, shape) for dataset_name in shape.files},
        is_synthetic=True,
    )
    manifest.write(building)
    building.rename(folder)
    return manifest


def _stored(folder: Path, name: str, shape: ReleaseShape) -> StoredDataset:
    paths = [folder / name / part for part in shape.files[name]]
    files = tuple(stored_file(path, within=folder, rows=pq.read_metadata(path).num_rows) for path in paths)
    return StoredDataset(version=dataset(name).version, rows=shape.rows[name], files=files)
