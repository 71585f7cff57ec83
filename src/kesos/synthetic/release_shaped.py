"""Write a world directly in the shape of a release, for benches that need a registry and not the road to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from kesos.datasets import registry
from kesos.datasets.schema import Dataset
from kesos.foundation.sealing import IdentityKey, Sealer
from kesos.synthetic import release_tables as tables
from kesos.synthetic.files.listing import list_families
from kesos.synthetic.files.sources import rank
from kesos.synthetic.nation import family_structure, official_ranking
from kesos.synthetic.plan import ChunkPlan, chunks, plan_regencies
from kesos.synthetic.population.chunk import populate
from kesos.synthetic.ranking import Ranking
from kesos.synthetic.rates import Rates, load_rates
from kesos.synthetic.workers import Progress, work_through

OMITTED: Final = (
    "person_lineage", "family_lineage", "dwelling_lineage", "benefit", "person_record", "family_record", "quarantine",
    "issue", "expectation", "nik_contradiction", "conflict", "link_edge", "link_apart", "link_model",
)  # fmt: skip
"""Datasets of a release that are not written: there are no records to trace values to."""

_PERSONS_IN_A_PART: Final = 250_000
_KINDS: Final = ("dwelling", "family", "person")
_FIELDS: Final = ("kk", "nik", "pln")


@dataclass(frozen=True)
class ReleaseShape:
    """What was written: files of each dataset in the order of its key, rows of each, and what a release has besides."""

    files: dict[str, tuple[str, ...]]
    rows: dict[str, int]
    omitted: tuple[str, ...] = OMITTED


@dataclass(frozen=True)
class _Job:
    """One part of the world: the chunks of neighbouring regencies, and where its files stand among all."""

    ordinal: int
    parts: int
    chunks: tuple[ChunkPlan, ...]

    def number(self, section: int = 0) -> int:
        """Number a file so that the order of names is the order of keys; sections are the values of a leading key."""
        return section * self.parts + self.ordinal


def write_release_shaped(  # noqa: PLR0913 what a user asks for, and who is told how far it is
    persons: int,
    seed: int,
    out: Path,
    areas: list[str] | None,
    key: IdentityKey,
    *,
    rates: Rates | None = None,
    workers: int = 2,
    progress: Progress | None = None,
) -> ReleaseShape:
    """Write datasets as `out/<dataset>/part-00000.parquet` …, each sorted by its key within and across files.

    Person, family and dwelling identifiers grow with the code of the regency. The bytes depend on persons, seed, areas,
    rates and key, never on `workers`. `progress` hears how many parts are written, and of how many.
    *Raises* UnknownArea, TooFewPersons.
    """
    used = rates or load_rates()
    ranking = official_ranking(seed, used)
    jobs = _jobs(persons, seed, areas, used)
    work = partial(_write_part, out=out, key=key, rates=used, ranking=ranking)
    written = [each for part in work_through(work, jobs, workers, progress) for each in part]
    files: dict[str, list[str]] = {}
    rows: dict[str, int] = {}
    for dataset, name, count in sorted(written):
        files.setdefault(dataset, []).append(name)
        rows[dataset] = rows.get(dataset, 0) + count
    return ReleaseShape({name: tuple(found) for name, found in files.items()}, rows)


_Written = list[tuple[str, str, int]]


def _jobs(persons: int, seed: int, areas: list[str] | None, rates: Rates) -> list[_Job]:
    groups: list[list[ChunkPlan]] = [[]]
    held = 0
    for regency in plan_regencies(persons, seed, areas, rates, family_structure(rates)):
        for chunk in chunks(regency):
            if held + chunk.persons > _PERSONS_IN_A_PART and groups[-1]:
                groups.append([])
                held = 0
            groups[-1].append(chunk)
            held += chunk.persons
    return [_Job(ordinal, len(groups), tuple(group)) for ordinal, group in enumerate(groups)]


class _Files:
    """The files of one part, opened when their first table comes; each chunk is a row group."""

    def __init__(self, out: Path, stack: ExitStack) -> None:
        self._out, self._stack = out, stack
        self._writers: dict[tuple[str, int], pq.ParquetWriter] = {}
        self._rows: dict[tuple[str, int], int] = {}

    def put(self, dataset: Dataset, number: int, table: pa.Table) -> None:
        """Add rows to a file of a dataset."""
        place = (dataset.name, number)
        if place not in self._writers:
            path = self._out / dataset.name / _file_name(number)
            path.parent.mkdir(parents=True, exist_ok=True)
            writer = pq.ParquetWriter(path, table.schema, compression="zstd", compression_level=1, store_schema=False)
            self._writers[place] = self._stack.enter_context(writer)
            self._rows[place] = 0
        self._writers[place].write_table(table)
        self._rows[place] += table.num_rows

    def written(self) -> _Written:
        """List what was written: dataset, file, rows."""
        return [(dataset, _file_name(number), rows) for (dataset, number), rows in self._rows.items()]


def _file_name(number: int) -> str:
    return f"part-{number:05d}.parquet"


def _write_part(job: _Job, *, out: Path, key: IdentityKey, rates: Rates, ranking: Ranking) -> _Written:
    sealer = Sealer(key)
    with ExitStack() as stack:
        files = _Files(out, stack)
        for chunk in job.chunks:
            population = populate(chunk, rates)
            ranked = rank(population, list_families(population, rates), ranking, rates)
            for dataset, section, table in _tables(tables.Holding.of(population, ranked), sealer):
                files.put(dataset, job.number(section), table)
        return files.written()


def _tables(held: tables.Holding, sealer: Sealer) -> Iterator[tuple[Dataset, int, pa.Table]]:
    yield registry.PERSON, 0, tables.person_table(held)
    yield registry.FAMILY, 0, tables.family_table(held)
    yield registry.DWELLING, 0, tables.dwelling_table(held)
    yield registry.MEMBERSHIP, 0, tables.membership_table(held)
    yield registry.KK_HISTORY, 0, tables.kk_history_table(held)
    for section, field in enumerate(_FIELDS):
        yield registry.IDENTITY, section, tables.identity_table(held, field, sealer)
    for section, kind in enumerate(_KINDS):
        yield registry.IDENTIFIER, section, tables.identifier_table(held, kind)
