"""Make the population of one chunk: people, families and dwellings, with their hidden welfare and every fact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from kesos.synthetic.draws import Columns, Flags, Reals, Rows
from kesos.synthetic.plan import ChunkPlan
from kesos.synthetic.population import cards, identity, items, kin, life, people, welfare, words
from kesos.synthetic.population import families as family_cards
from kesos.synthetic.rates import Rates

_KEYS_PER_REGENCY: Final = 100_000_000
_EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True)
class Population:
    """The truth about one chunk. Rows of `persons` are sorted by family; `family` and `dwelling` are row numbers.

    Dates are days since 1970 (died_day -1: alive); codes are Regsosek's, -1 where a question is not asked; numbers
    (nik, kk, pln) are integers, 0 for none. Names are word numbers: see `population.words`.
    """

    plan: ChunkPlan
    persons: Columns
    families: Columns
    dwellings: Columns

    @property
    def of_family(self) -> Rows:
        """Give each person's family as a row number of `families`."""
        return self.persons["family"]


def day_number(day: date) -> int:
    """Count the days since 1 January 1970."""
    return (day - _EPOCH).days


def populate(plan: ChunkPlan, rates: Rates) -> Population:
    """Make one chunk; the same plan and rates give the same population, whatever was made before."""
    rng = plan.generator("families")
    members = family_cards.let_die(rng, family_cards.compose(rng, plan.persons, rates.families), rates.families)
    village_row = _village_of_families(plan, members)
    families = _families(plan, members, village_row, rates)
    dwellings, families = _dwellings(plan, families, rates)
    persons = _persons(plan, members, families, village_row, rates)
    persons, families = _live(plan, persons, families, rates)
    return Population(plan, persons, families, dwellings)


def _live(plan: ChunkPlan, persons: Columns, families: Columns, rates: Rates) -> tuple[Columns, Columns]:
    """Add the last five years: foundations, homes of before, moves, and the cards that followed."""
    rng = plan.generator("life")
    as_of_day = day_number(plan.regency.as_of)
    dwelling = families["dwelling"]
    first = np.flatnonzero(np.r_[True, dwelling[1:] != dwelling[:-1]])
    host = first[dwelling]
    families = families | life.founded(rng, persons, host, as_of_day, rates.life)
    persons = persons | life.homes(rng, persons, families, host, as_of_day)
    families = families | life.moves(rng, plan.regency, families, as_of_day, rates.life)
    both = (rates.life, rates.documents)
    return persons, families | cards.cards(plan.generator("cards"), plan, persons, families, as_of_day, both)


def _village_of_families(plan: ChunkPlan, members: Columns) -> Rows:
    """Fill the villages with families in turn, so that each has its planned number of people within one family."""
    size = np.bincount(members["family"])
    starts = np.cumsum(size) - size
    ends = np.cumsum(plan.regency.village_persons[plan.first_village : plan.last_village])
    return np.asarray(plan.first_village + np.searchsorted(ends, starts, side="right"))


def _families(plan: ChunkPlan, members: Columns, village_row: Rows, rates: Rates) -> Columns:
    regency = plan.regency
    village = regency.village[village_row]
    urban = regency.village_urban[village_row]
    rng = plan.generator("welfare")
    u = welfare.welfare(rng, members, regency.village_mean[village_row], rates.welfare)
    above_line = u - regency.quantile
    per_person = regency.area.poverty_line_idr * np.exp(rates.welfare.sigma_log_consumption * above_line)
    national = above_line - welfare.USUAL_DISTANCE
    away = plan.generator("registered villages")
    registered = identity.registered_villages(away, village, regency.world, rates.documents, rates.life)
    families: Columns = {
        "key": _keys(plan, village.size),
        "size": np.bincount(members["family"]),
        "village": village,
        "registered_village": registered,
        "urban": urban,
        "wealth": welfare.wealth_shown(rng, national, rates.welfare),
        "consumption_idr": np.round(per_person).astype(np.int64),
    }
    families |= identity.addresses(plan.generator("addresses"), village, urban)
    return families | items.family_facts(plan.generator("assets"), families["wealth"], urban, regency.code)


def _keys(plan: ChunkPlan, count: int) -> Rows:
    """Number things through the nation; a chunk has fewer families than people, so the offset of people serves all."""
    return int(plan.regency.code) * _KEYS_PER_REGENCY + plan.first_person + 1 + np.arange(count, dtype=np.int64)


def _dwellings(plan: ChunkPlan, families: Columns, rates: Rates) -> tuple[Columns, Columns]:
    village = families["village"]
    shares = plan.generator("dwellings").random(village.size) < rates.families.shares_a_dwelling
    shares &= np.r_[False, village[1:] == village[:-1]]
    dwelling = np.cumsum(~shares) - 1
    first = np.flatnonzero(~shares)
    size = np.bincount(dwelling, weights=families["size"]).astype(np.float64)
    for part in ("street", "house_number", "hamlet", "rt", "rw"):
        families[part] = families[part][first][dwelling]
    key = _keys(plan, first.size)
    dwellings = {"key": key, "village": village[first], "family_count": np.bincount(dwelling)}
    dwellings |= housing(plan, families["wealth"][first], families["urban"][first], size)
    dwellings["pln"] = np.where(dwellings["lighting_code"] == 1, key, identity.NO_NUMBER)
    return dwellings, families | {"dwelling": dwelling, "dwelling_key": key[dwelling]}


def housing(plan: ChunkPlan, wealth: Reals, urban: Flags, size: Reals) -> Columns:
    """Draw the housing items of the chunk's dwellings; other wealth with the same chances is the same house, aged."""
    return items.dwelling_facts(plan.generator("housing"), wealth, urban, size, plan.regency.code)


def _persons(plan: ChunkPlan, members: Columns, families: Columns, village_row: Rows, rates: Rates) -> Columns:
    family = members["family"]
    as_of_day = day_number(plan.regency.as_of)
    rng = plan.generator("documents")
    persons = dict(members)
    persons["key"] = _keys(plan, family.size)
    persons["family_key"] = families["key"][family]
    persons["birth_day"] = identity.birth_days(rng, members["age"].astype(np.float64), as_of_day, rates.documents)
    twins = 1 + np.flatnonzero(_is_twin(members))
    persons["birth_day"][twins] = persons["birth_day"][twins - 1]
    ago = members["died_days_ago"]
    persons["died_day"] = np.where(ago >= 0, np.maximum(as_of_day - ago, persons["birth_day"]), -1).astype(np.int32)
    district, is_migrant = identity.issue_districts(rng, families["village"][family] // 10_000, rates.documents)
    persons["nik"] = identity.niks(rng, persons, district, is_migrant, plan.ordinal, rates.documents)
    persons |= identity.second_niks(plan.generator("second records"), persons, rates.dukcapil)
    persons["birth_regency"] = (district // 100).astype(np.int32)
    mother, father = kin.parents(plan.generator("kin"), members, village_row, rates.life)
    persons["mother"], persons["father"] = mother, father
    for parent in ("mother", "father"):
        persons[f"{parent}_key"] = np.where(persons[parent] >= 0, persons["key"][persons[parent]], 0)
    persons["name"], persons["mother_name"] = _names(plan, members, mother)
    wealth, urban = families["wealth"][family], families["urban"][family]
    return persons | people.describe(plan.generator("people"), members, wealth, urban)


def _is_twin(members: Columns) -> Flags:
    """Say of each person but the first whether they are the twin of the one before."""
    child = members["relation_card"] == family_cards.CHILD
    same = (np.diff(members["family"]) == 0) & (np.diff(members["age"]) == 0)
    return np.asarray(same & child[1:] & child[:-1])


def _names(plan: ChunkPlan, members: Columns, mother: Rows) -> tuple[words.Words, words.Words]:
    rng = plan.generator("names")
    own = words.draw_names(rng, members, plan.regency.code)
    twins = 1 + np.flatnonzero(_is_twin(members))
    own[twins, 2:] = own[twins - 1, 2:]
    mothers = own[mother]
    unknown = np.flatnonzero(mother < 0)
    mothers[unknown] = words.strangers(rng, unknown.size, plan.regency.code, family_cards.FEMALE)
    return own, mothers
