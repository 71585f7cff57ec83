"""Write all source files of a world: one process a regency, the same bytes whatever the number of processes."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import yaml

from kesos.foundation.errors import Refused
from kesos.synthetic.draws import Flags
from kesos.synthetic.files import aid, deaths, dtsen, dukcapil, kinds, past, payees, power, regsosek, work
from kesos.synthetic.files.delivery import DIALECTS
from kesos.synthetic.files.desk import EXCHANGE, SOURCES, TRUTH, Delivered, Desk, Office, bucket_of, fill_up
from kesos.synthetic.files.kinds import KINDS, SENT_ON, Kind
from kesos.synthetic.files.listing import Listing, list_families
from kesos.synthetic.nation import official_ranking
from kesos.synthetic.population.chunk import Population
from kesos.synthetic.ranking import Ranking
from kesos.synthetic.rates import Rates
from kesos.synthetic.workers import Progress, work_through
from kesos.synthetic.world import RegencyPopulation, generate

__all__ = ["SOURCES", "TRUTH", "Delivered", "UnknownSourceName", "WrittenSources", "rank", "write_sources"]


class UnknownSourceName(Refused):
    """Refuse a source that the synthetic world does not write."""

    what = "The synthetic world has no source {source}."
    remedy = "Choose among: {known}."


@dataclass(frozen=True)
class WrittenSources:
    """What `write_sources` wrote: the files, and how many persons and families are behind them."""

    files: tuple[Delivered, ...]
    persons: int
    families: int


def write_sources(  # noqa: PLR0913 what a user asks for, and who is told how far it is
    out: Path,
    *,
    persons: int,
    seed: int,
    areas: list[str] | None,
    rates: Rates,
    workers: int = 2,
    only: Collection[str] | None = None,
    progress: Progress | None = None,
) -> WrittenSources:
    """Write the files of sources (all, or `only` those named) and the truth about them below `out`.

    `out/sources/<source>/…`, `out/sources/deliveries.yaml`, and `out/truth/…`, which no pipeline reads. `progress`
    hears how many regencies are written, and of how many.
    *Raises* UnknownArea, TooFewPersons, UnknownSourceName. *Cost*: about a minute a million persons with two workers.
    """
    wanted = _wanted(only)
    ranking = official_ranking(seed, rates)
    worlds = list(generate(persons, seed, areas, rates))
    write = partial(_write_regency, out=out, ranking=ranking, wanted=wanted)
    written = work_through(write, worlds, workers, progress)
    files = {file.path: file for part in written for file in part.files}
    buckets = _buckets(worlds, files, wanted)
    for filled in work_through(partial(_fill_bucket, out=out, seed=seed), buckets, workers):
        files |= {file.path: file for file in filled}
    shutil.rmtree(out / EXCHANGE, ignore_errors=True)
    _write_deliveries(out, files.values())
    ordered = tuple(files[file.path] for part in written for file in part.files)
    return WrittenSources(ordered, sum(part.persons for part in written), sum(part.families for part in written))


def _wanted(only: Collection[str] | None) -> tuple[Kind, ...]:
    unknown = sorted(set(only or ()) - set(kinds.ALL_SOURCES))
    if unknown:
        raise UnknownSourceName(source=unknown[0], known=", ".join(kinds.ALL_SOURCES))
    return tuple(kind for kind in KINDS if not only or kind.source in only)


_Bucket = tuple[int, list[tuple[Office, int]]]


def _buckets(worlds: list[RegencyPopulation], files: dict[str, Delivered], wanted: tuple[Kind, ...]) -> list[_Bucket]:
    offices: dict[int, list[tuple[Office, int]]] = {}
    for world in worlds:
        plan = world.plan
        for kind in wanted:
            if kind in SENT_ON:
                office = Office(kind, plan.code, plan.persons, world.rates)
                place = bucket_of(plan.code, plan.world)
                offices.setdefault(place, []).append((office, files[office.path].rows))
    return sorted(offices.items()) if len(worlds) > 1 else []


def _fill_bucket(bucket: _Bucket, *, out: Path, seed: int) -> list[Delivered]:
    return fill_up(bucket[1], bucket[0], out, seed)


def _write_regency(
    regency: RegencyPopulation, *, out: Path, ranking: Ranking, wanted: tuple[Kind, ...]
) -> WrittenSources:
    people = households = 0
    with ExitStack() as stack:
        desk = Desk(stack, regency.plan, regency.rates, out, wanted)
        for population in regency.parts():
            _write_lists_of_today(desk, population, ranking)
            _write_lists_of_before(desk, population)
            desk.truth.population(population)
            people += population.persons["key"].size
            households += population.families["key"].size
        files = desk.finish()
    return WrittenSources(files, people, households)


def _write_lists_of_today(desk: Desk, population: Population, ranking: Ranking) -> None:
    rates = desk.rates
    listing = list_families(population, rates)
    ranked = rank(population, listing, ranking, rates)
    paid = payees.choose(population, ranked.decile, rates)
    _write_dtsen(desk, population, ranked, payees.knows_of_payment(population, paid))
    _write_registry(desk, population)
    if desk.wants(kinds.PAYEES):
        sheet = payees.payee_sheet(population, paid, desk.dialect(kinds.PAYEES), rates)
        desk.put(kinds.PAYEES, population, sheet)
    if desk.wants(kinds.DEATHS):
        rows = deaths.reported_rows(population, rates)
        desk.put(kinds.DEATHS, population, deaths.report_sheet(population, rows, desk.dialect(kinds.DEATHS), rates))
    if desk.wants(kinds.SEMBAKO):
        desk.put(kinds.SEMBAKO, population, aid.sembako_sheet(population, ranked.decile, rates))
    for kind, sheet_of in _SHEETS_OF_TODAY:
        if desk.wants(kind):
            desk.put(kind, population, sheet_of(population, rates))


_SHEETS_OF_TODAY: Final = (
    (kinds.PBI, aid.pbi_sheet),
    (kinds.PLN, power.customer_sheet),
    (kinds.SERVANTS, work.servant_sheet),
    (kinds.WAGES, work.wage_sheet),
)


def _write_dtsen(desk: Desk, population: Population, ranked: dtsen.Ranked, paid: Flags) -> None:
    if desk.wants(kinds.FAMILY):
        extract = dtsen.extract(population, ranked, paid, desk.dialect(kinds.FAMILY), desk.rates)
        desk.put(kinds.FAMILY, population, extract.families)
        desk.put(kinds.PERSON, population, extract.persons)


def _write_registry(desk: Desk, population: Population) -> None:
    """Write the records of each regency in the way of its own office."""
    if not desk.wants(kinds.REGISTRY):
        return
    records = dukcapil.registered(population, desk.rates)
    codes, position = np.unique(records.regency, return_inverse=True)
    in_world = {int(code) for code in desk.regency.world}
    ways = [kinds.dialect_of(kinds.REGISTRY, str(code), 0) if int(code) in in_world else None for code in codes]
    for place, way in enumerate(DIALECTS):
        of_way = np.array([each == way for each in ways])
        rows = np.flatnonzero(of_way[position])
        if rows.size:
            rng = population.plan.generator(f"dukcapil writing {place}")
            sheet = dukcapil.registry_sheet(rng, records.some(rows), way, desk.rates)
            desk.put(kinds.REGISTRY, population, sheet)


def _write_lists_of_before(desk: Desk, population: Population) -> None:
    if desk.wants(kinds.DTKS):
        desk.put(kinds.DTKS, population, past.dtks_sheet(population, desk.rates))
    if desk.wants(kinds.P3KE):
        desk.put(kinds.P3KE, population, past.p3ke_sheet(population, desk.rates))
    if desk.wants(kinds.REGSOSEK_FAMILY):
        families, persons = regsosek.enumeration(population, desk.rates)
        desk.put(kinds.REGSOSEK_FAMILY, population, families)
        desk.put(kinds.REGSOSEK_PERSON, population, persons)


def rank(population: Population, listing: Listing, ranking: Ranking, rates: Rates) -> dtsen.Ranked:
    """Rank the families of a chunk on the facts as listed; 0 where no decile is given, as for families not listed."""
    score = ranking.score(listing.items(population))
    decile = ranking.decile(score)
    unranked = population.plan.generator("ranking").random(decile.size) < rates.dtsen.decile_missing
    return dtsen.Ranked(listing, np.where(unranked | ~listing.family_listed, 0, decile), score)


def _write_deliveries(out: Path, files: Iterable[Delivered]) -> None:
    entries = {
        delivered.path: {
            "delivered_on": _another(delivered.delivered_on),
            "source": delivered.source,
            "file": delivered.file,
            "covers": {
                "areas": list(delivered.areas),
                "from": _another(delivered.first_day),
                "until": _another(delivered.last_day),
            },
        }
        for delivered in sorted(files, key=lambda one: one.path)
    }
    text = yaml.safe_dump({"files": entries}, sort_keys=True)
    (out / SOURCES / "deliveries.yaml").write_text(text, encoding="utf-8")


def _another(day: date) -> date:
    """Copy a day: YAML would write the same object once, and its anchors would tell which process made it."""
    return date.fromordinal(day.toordinal())
