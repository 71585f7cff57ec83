"""What DTSEN lists of a chunk: which families and members, with facts as they were when somebody last looked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from kesos.synthetic.draws import Columns, Flags, Reals, Rows, some_rows
from kesos.synthetic.population import items, welfare
from kesos.synthetic.population.chunk import Population, day_number, housing
from kesos.synthetic.ranking import items_of
from kesos.synthetic.rates import Rates

_DAYS_A_YEAR: Final = 365.25


@dataclass(frozen=True)
class Listing:
    """DTSEN's view: per family whether listed and its old facts; per person whether listed and with which family."""

    family_listed: Flags
    person_listed: Flags
    listed_with: Rows
    families: Columns
    housing: Columns

    def items(self, population: Population) -> Reals:
        """Arrange the 39 items as DTSEN knows them, one row a family."""
        return items_of(population.persons, self.person_listed, self.families, self.housing)


def list_families(population: Population, rates: Rates) -> Listing:
    """Look at the chunk as DTSEN did, one to four years ago for a share of the families."""
    plan, families = population.plan, population.families
    rng = plan.generator("dtsen listing")
    count = families["key"].size
    is_stale = rng.random(count) < rates.dtsen.stale
    years = np.where(is_stale, 1.0 + 3.0 * rng.random(count), 0.25 * rng.random(count))
    founded = (day_number(plan.regency.as_of) - families["formed_day"]) / _DAYS_A_YEAR
    years = np.minimum(years, founded)  # nobody looks at a family before there is one
    wealth = welfare.drifted(rng, families["wealth"], np.where(is_stale, years, 0.0), rates.welfare)
    stale_families = families | items.family_facts(
        plan.generator("assets"), wealth, families["urban"], plan.regency.code
    )
    rented = some_rows(rng, count, rates.dtsen.moved_family)
    still_there = day_number(plan.regency.as_of) - (years * _DAYS_A_YEAR) < families["moved_day"]
    still_there &= families["village_before"] // 1_000_000 == int(plan.regency.code)
    for part in ("village", "street", "house_number", "hamlet", "rt", "rw"):
        stale_families[part] = np.where(still_there, families[f"{part}_before"], families[part])
    stale_families["village"][rented] = stale_families["village"][rng.integers(0, count, rented.size)]
    stale_housing = _old_housing(rng, population, wealth, rates)
    harder = 1.0 + 0.6 * (families["wealth"] < -0.8) + 0.4 * families["urban"]
    missing = rng.random(count) < rates.dtsen.family_missing * harder / harder.mean()
    person_listed, listed_with = _members(rng, population, ~missing, years, rates)
    # a family of which nobody was there when somebody looked, or all were left out, is not in the list
    family_listed = np.bincount(population.persons["family"][person_listed], minlength=count) > 0
    return Listing(family_listed, person_listed, listed_with, stale_families, stale_housing)


def _old_housing(rng: np.random.Generator, population: Population, wealth: Reals, rates: Rates) -> Columns:
    dwelling, families = population.families["dwelling"], population.families
    first = np.flatnonzero(np.r_[True, dwelling[1:] != dwelling[:-1]])
    size = np.bincount(dwelling, weights=families["size"]).astype(np.float64)
    old = housing(population.plan, wealth[first], families["urban"][first], size)
    listed = {name: values[dwelling] for name, values in old.items()}
    recalled = np.exp(rng.normal(0.0, rates.dtsen.recalled_floor_area_sd, dwelling.size))
    listed["floor_area_m2"] = np.maximum(np.round(listed["floor_area_m2"] * recalled), 4).astype(np.int32)
    return listed


def _members(
    rng: np.random.Generator, population: Population, family_listed: Flags, years: Reals, rates: Rates
) -> tuple[Flags, Rows]:
    persons = population.persons
    family = persons["family"]
    seen_on = day_number(population.plan.regency.as_of) - (years * _DAYS_A_YEAR).astype(np.int64)
    seen = seen_on[family]
    existed = (persons["birth_day"] <= seen) & ((persons["died_day"] < 0) | (persons["died_day"] > seen))
    listed = existed & family_listed[family] & (rng.random(family.size) >= rates.dtsen.member_missing)
    listed_with = family.copy()
    strayed = some_rows(rng, family.size, rates.dtsen.wrong_family)
    strayed = strayed[persons["relation_card"][strayed] > 1]
    neighbour = np.minimum(family[strayed] + 1, family_listed.size - 1)
    listed_with[strayed] = np.where(family_listed[neighbour], neighbour, family[strayed])
    return listed, listed_with
