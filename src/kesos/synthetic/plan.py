"""Share out people over regencies, villages and chunks; nothing here depends on the order of work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from kesos.foundation.errors import Refused
from kesos.synthetic import ground
from kesos.synthetic.draws import Flags, Reals, Rows, apportion, generator
from kesos.synthetic.population.welfare import Structure, chance_sd, poverty_quantile
from kesos.synthetic.rates import Rates

AS_OF: Final = date(2026, 9, 30)
CHUNK_PERSONS: Final = 150_000
DEMO_REGENCY: Final = "5204"
PERSONS_IN_ONE_REGENCY: Final = 100_000
WHOLE_NATION_FROM: Final = 2_000_000
_PERSONS_PER_VILLAGE: Final = 150


class UnknownArea(Refused):
    """Refuse an area that is no province and no regency."""

    what = "There is no province or regency with the code {area}."
    remedy = "Give Kemendagri codes of two or four digits, such as 52 or 5204."


class TooFewPersons(Refused):
    """Refuse a world without people."""

    what = "A population of {persons} persons cannot be made."
    remedy = "Ask for at least one person a regency."


@dataclass(frozen=True)
class RegencyPlan:
    """A regency with its villages: how many people, how urban, how well off, and where the poverty line cuts."""

    area: ground.Regency
    persons: int
    village: Rows
    village_persons: Rows
    village_urban: Flags
    village_mean: Reals
    quantile: float
    seed: int
    as_of: date
    world: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """Give the regency code of four digits."""
        return self.area.code


@dataclass(frozen=True)
class ChunkPlan:
    """Whole districts of one regency, few enough people to hold in memory at once."""

    regency: RegencyPlan
    ordinal: int
    first_village: int
    last_village: int
    first_person: int
    persons: int

    def generator(self, purpose: str) -> np.random.Generator:
        """Make the generator of this chunk for one purpose."""
        return generator(self.regency.seed, self.regency.code, self.ordinal, purpose)


def choose_areas(persons: int, areas: list[str] | None) -> list[str]:
    """List the regencies that share `persons`.

    Given areas win: regency codes, or province codes for all their regencies; dots are allowed. Without them a small
    world is one regency (5204, Sumbawa), a larger one a regency for each 100,000 persons, evenly through the country,
    and from 2,000,000 on the whole nation.

    >>> choose_areas(30_000, None)
    ['5204']
    """
    if persons < 1:
        raise TooFewPersons(persons=persons)
    known = list(ground.regencies())
    if areas:
        return _listed(areas, known)
    if persons >= WHOLE_NATION_FROM:
        return known
    wanted = max(1, persons // PERSONS_IN_ONE_REGENCY)
    start = known.index(DEMO_REGENCY)
    return sorted(known[(start + place * len(known) // wanted) % len(known)] for place in range(wanted))


def _listed(areas: list[str], known: list[str]) -> list[str]:
    chosen: set[str] = set()
    for area in areas:
        code = area.replace(".", "").strip()
        found = [regency for regency in known if len(code) in (2, 4) and regency.startswith(code)]
        if not found:
            raise UnknownArea(area=area)
        chosen.update(found)
    return sorted(chosen)


def plan_regencies(
    persons: int, seed: int, areas: list[str] | None, rates: Rates, structure: Structure, *, as_of: date = AS_OF
) -> list[RegencyPlan]:
    """Share `persons` over the chosen regencies by their real population, and plan each one's villages."""
    codes = choose_areas(persons, areas)
    regencies = [ground.regencies()[code] for code in codes]
    counts = apportion(persons, np.array([float(regency.population) for regency in regencies]))
    world = tuple(regency.code for regency, count in zip(regencies, counts, strict=True) if count > 0)
    return [
        replace(plan_regency(regency, int(count), seed, rates, structure, as_of), world=world)
        for regency, count in zip(regencies, counts, strict=True)
        if count > 0
    ]


def plan_regency(
    area: ground.Regency, persons: int, seed: int, rates: Rates, structure: Structure, as_of: date
) -> RegencyPlan:
    """Plan one regency: the population of its villages, their towns, and the place of the poverty line."""
    rng = generator(seed, area.code, "villages")
    every = ground.villages(area.code)
    wanted = min(every.size, max(1, persons // _PERSONS_PER_VILLAGE))
    village = every[(np.arange(wanted) * every.size) // wanted]
    is_kelurahan = village // 1000 % 10 == 1
    is_city = int(area.code[2:]) >= 71
    town_share = 0.95 if is_city else 0.45 if area.code[:1] == "3" else 0.20
    urban = rng.random(wanted) < np.where(is_kelurahan, 0.92, town_share)
    weights = np.exp(rng.normal(0.0, 0.55, wanted)) * np.where(is_kelurahan, 2.2, 1.0)
    mean = rng.normal(0.0, rates.welfare.village_sd, wanted) + rates.welfare.urban * urban
    counts = apportion(persons, weights)
    q = poverty_quantile(area.p0, mean, counts.astype(np.float64), structure, chance_sd(rates.welfare))
    return RegencyPlan(area, persons, village, counts, urban, mean, q, seed, as_of)


def chunks(regency: RegencyPlan, most_persons: int = CHUNK_PERSONS) -> list[ChunkPlan]:
    """Cut a regency into chunks of whole districts, at most `most_persons` each unless one district is larger.

    Whole districts, because a serial number of a NIK or KK is counted within a district and a day.
    """
    district = regency.village // 10_000
    starts = np.flatnonzero(np.r_[True, district[1:] != district[:-1]])
    edges = np.r_[starts, district.size]
    result: list[ChunkPlan] = []
    begin, done = 0, 0
    for position in range(starts.size):
        end = int(edges[position + 1])
        following = int(edges[min(position + 2, starts.size)])
        held = int(regency.village_persons[begin:end].sum())
        ahead = int(regency.village_persons[begin:following].sum())
        if (position == starts.size - 1 or ahead > most_persons) and held > 0:
            result.append(ChunkPlan(regency, len(result), begin, end, done, held))
            begin, done = end, done + held
    return result
