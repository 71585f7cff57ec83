"""Write all source files of a world: one process a regency, the same bytes whatever the number of processes."""

from __future__ import annotations

import multiprocessing
import zlib
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import yaml

from kesos.synthetic.draws import Rows, generator
from kesos.synthetic.files import deaths, dtsen, dukcapil, payees
from kesos.synthetic.files.delivery import DIALECTS, PLAIN, SPREADSHEET, CsvDelivery, Dialect, write_spreadsheet
from kesos.synthetic.files.listing import Listing, list_families
from kesos.synthetic.nation import official_ranking
from kesos.synthetic.plan import AS_OF, RegencyPlan
from kesos.synthetic.population.chunk import Population
from kesos.synthetic.ranking import Ranking
from kesos.synthetic.rates import Rates
from kesos.synthetic.truth import TruthWriter
from kesos.synthetic.world import RegencyPopulation, generate

SOURCES: Final = "sources"
TRUTH: Final = "truth"
_SMALL_REGENCY: Final = 300_000
_FIRST_DAY: Final = date(2026, 7, 1)


@dataclass(frozen=True)
class _Kind:
    """One file a regency: its source, what a row is about, its name, and how long after the moment it comes."""

    source: str
    file: str
    name: str
    days_later: int

    def path(self, regency: str, suffix: str, delivered_on: date) -> str:
        """Name the file below the directory of sources."""
        return f"{self.source}/{self.name.format(regency=regency, day=delivered_on.isoformat())}.{suffix}"


FAMILY: Final = _Kind("dtsen", "family", "{regency}-keluarga-{day}", 10)
PERSON: Final = _Kind("dtsen", "person", "{regency}-anggota-{day}", 10)
REGISTRY: Final = _Kind("dukcapil", "person", "{regency}-penduduk-{day}", 14)
PAYEES: Final = _Kind("pkh_payees", "person", "{regency}-penerima-pkh-{day}", 20)
DEATHS: Final = _Kind("death_reports", "person", "{regency}-kematian-{day}", 25)


@dataclass(frozen=True)
class Delivered:
    """A file that was written; `path` is below the folder of sources."""

    path: str
    source: str
    file: str
    delivered_on: date
    areas: tuple[str, ...]
    rows: int


@dataclass(frozen=True)
class WrittenSources:
    """What `write_sources` wrote: the files, and how many persons and families are behind them."""

    files: tuple[Delivered, ...]
    persons: int
    families: int


def write_sources(
    out: Path, *, persons: int, seed: int, areas: list[str] | None, rates: Rates, workers: int = 2
) -> WrittenSources:
    """Write the sources of a world and `deliveries.yaml` below `out/sources`, and its truth below `out/truth`.

    A regency is one process's work, and each of its files is a function of seed, regency and rates: the bytes are the
    same with any number of workers. *Raises* UnknownArea, TooFewPersons. *Cost*: see benchmarks/synth.py.
    """
    ranking = official_ranking(seed, rates)
    regencies = list(generate(persons, seed, areas, rates))
    if workers > 1 and len(regencies) > 1:
        # spawn: threads of Arrow do not survive a fork
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(max_workers=workers, mp_context=context) as pool:
            futures = [pool.submit(_write_regency, regency, out, ranking) for regency in regencies]
            parts = [future.result() for future in futures]
    else:
        parts = [_write_regency(regency, out, ranking) for regency in regencies]
    files = tuple(delivered for part in parts for delivered in part.files)
    _write_deliveries(out, files)
    return WrittenSources(files, sum(part.persons for part in parts), sum(part.families for part in parts))


def dialects_of(regency: RegencyPlan) -> dict[_Kind, Dialect]:
    """Give the way each office of a regency writes: all ways occur in every regency, turned by its code."""
    turn = zlib.crc32(regency.code.encode())
    ways = [DIALECTS[(turn + place) % len(DIALECTS)] for place in range(len(DIALECTS))]
    reports = SPREADSHEET if regency.persons <= _SMALL_REGENCY else PLAIN
    return {FAMILY: ways[0], PERSON: ways[0], REGISTRY: ways[1], PAYEES: ways[2], DEATHS: reports}


class _Desk:
    """Writes the files of one regency as its chunks come."""

    def __init__(self, stack: ExitStack, regency: RegencyPopulation, out: Path) -> None:
        plan, self.rates, self.out = regency.plan, regency.rates, out / SOURCES
        self.regency = plan
        self.dialects = dialects_of(plan)
        self.days = {kind: plan.as_of + timedelta(days=kind.days_later) for kind in self.dialects}
        self.paths = {kind: kind.path(plan.code, way.suffix, self.days[kind]) for kind, way in self.dialects.items()}
        self.title = f"DAFTAR {plan.area.name.upper()} {plan.as_of.year}"
        self.csv = {
            kind: stack.enter_context(CsvDelivery(self.out / self.paths[kind], way, self.title, self.rates.rows.broken))
            for kind, way in self.dialects.items()
            if way.suffix == "csv"
        }
        self.truth = stack.enter_context(TruthWriter(out / TRUTH, plan.code))
        self.spreadsheet: list[pa.Table] = []
        self.rows = dict.fromkeys(self.dialects, 0)

    def put(self, kind: _Kind, population: Population, table: pa.Table, keys: Rows) -> None:
        """Add a table to a file and note whom its rows are about."""
        if kind in self.csv:
            self.csv[kind].append(table, population.plan.generator(f"lines {kind.source} {kind.file}"))
        else:
            self.spreadsheet.append(table)
        self.truth.records(kind.source, kind.file, self.paths[kind], self.rows[kind] + 1, keys)
        self.rows[kind] += table.num_rows

    def finish(self) -> tuple[Delivered, ...]:
        """Write the spreadsheet, and list what was written."""
        if self.spreadsheet:
            rng = generator(self.regency.seed, self.regency.code, "spreadsheet")
            table, rounded = pa.concat_tables(self.spreadsheet), self.rates.rows.excel_rounded_share
            write_spreadsheet(self.out / self.paths[DEATHS], table, self.title, rng, rounded)
        return tuple(
            Delivered(self.paths[kind], kind.source, kind.file, self.days[kind], (self.regency.code,), self.rows[kind])
            for kind in self.dialects
        )


def _write_regency(regency: RegencyPopulation, out: Path, ranking: Ranking) -> WrittenSources:
    people = households = 0
    with ExitStack() as stack:
        desk = _Desk(stack, regency, out)
        for population in regency.parts():
            _write_chunk(desk, population, ranking)
            people += population.persons["key"].size
            households += population.families["key"].size
    return WrittenSources(desk.finish(), people, households)


def _write_chunk(desk: _Desk, population: Population, ranking: Ranking) -> None:
    rates = desk.rates
    listing = list_families(population, rates)
    ranked = rank(population, listing, ranking, rates)
    paid = payees.choose(population, ranked.decile, rates)
    extract = dtsen.extract(population, ranked, payees.knows_of_payment(population, paid), desk.dialects[FAMILY], rates)
    desk.put(FAMILY, population, extract.families, extract.family_keys)
    desk.put(PERSON, population, extract.persons, extract.person_keys)
    key = population.persons["key"]
    rows = dukcapil.registered_rows(population, rates)
    desk.put(REGISTRY, population, dukcapil.registry_table(population, rows, desk.dialects[REGISTRY], rates), key[rows])
    table = payees.payee_table(population, paid, desk.dialects[PAYEES], rates)
    desk.put(PAYEES, population, table, key[paid.rows])
    rows = deaths.reported_rows(population, rates)
    desk.put(DEATHS, population, deaths.report_table(population, rows, desk.dialects[DEATHS], rates), key[rows])
    desk.truth.population(population)


def rank(population: Population, listing: Listing, ranking: Ranking, rates: Rates) -> dtsen.Ranked:
    """Rank the families of a chunk on the facts as listed; 0 where no decile is given, as for families not listed."""
    score = ranking.score(listing.items(population))
    decile = ranking.decile(score)
    unranked = population.plan.generator("ranking").random(decile.size) < rates.dtsen.decile_missing
    return dtsen.Ranked(listing, np.where(unranked | ~listing.family_listed, 0, decile), score)


def _write_deliveries(out: Path, files: Iterable[Delivered]) -> None:
    entries = {
        delivered.path: {
            "delivered_on": delivered.delivered_on,
            "source": delivered.source,
            "file": delivered.file,
            "covers": {"areas": list(delivered.areas), "from": _FIRST_DAY, "until": AS_OF},
        }
        for delivered in sorted(files, key=lambda one: one.path)
    }
    text = yaml.safe_dump({"files": entries}, sort_keys=True)
    (out / SOURCES / "deliveries.yaml").write_text(text, encoding="utf-8")
