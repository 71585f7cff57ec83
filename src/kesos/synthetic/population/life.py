"""Tell the last five years of each family: when it was founded, out of which families, and where it lived before.

Only what old lists can show is told: couples who married and left their parents' cards, families that took a card of
their own under one roof, and moves, with or without telling the registry. Births and deaths stand with the people.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from kesos.synthetic import ground
from kesos.synthetic.draws import Columns, Flags, Reals, Rows, some_rows
from kesos.synthetic.plan import RegencyPlan
from kesos.synthetic.population.families import CHILD, FEMALE, GRANDCHILD, HEAD, IN_LAW, MARRIED, PARENT, SPOUSE
from kesos.synthetic.population.identity import HAMLETS, villages_elsewhere
from kesos.synthetic.rates import LifeRates

LONG_AGO: Final = -1_000_000
"""The day of what happened before anybody looked."""

NO_FAMILY: Final = -1
_DAYS_A_YEAR: Final = 365.25
_SETTLED: Final = 40.0


def founded(rng: np.random.Generator, persons: Columns, host: Rows, as_of_day: int, rates: LifeRates) -> Columns:
    """Say for each family when it was founded (`formed_day`, LONG_AGO if before the window) and whether by a split.

    `host` is the first family of each family's dwelling. *Output* also has `is_split` and `is_split_for_aid`.
    """
    families = host.size
    years = _years_together(rng, persons, families)
    has_parent = np.bincount(persons["family"][persons["relation_card"] == PARENT], minlength=families) > 0
    years[has_parent] = _SETTLED
    is_split = (host != np.arange(families)) & (years >= rates.years) & (rng.random(families) < rates.split_of_shared)
    is_split &= years[host] >= rates.years
    since = rates.years * rng.random(families)
    years = np.where(is_split, since, years)
    day = as_of_day - (years * _DAYS_A_YEAR).astype(np.int64)
    formed = np.where(years < rates.years, np.minimum(day, as_of_day - 1), LONG_AGO)
    for_aid = is_split & (rng.random(families) < rates.split_for_aid)
    return {"formed_day": formed.astype(np.int32), "is_split": is_split, "is_split_for_aid": for_aid}


def _row_of(persons: Columns, families: int, found: Flags) -> Rows:
    rows = np.full(families, -1, np.int64)
    where = np.flatnonzero(found)
    rows[persons["family"][where]] = where
    return rows


def _eldest(persons: Columns, families: int, relation: int) -> Reals:
    eldest = np.full(families, -1.0)
    found = persons["relation_card"] == relation
    np.maximum.at(eldest, persons["family"][found], persons["age"][found].astype(np.float64))
    return eldest


def _years_together(rng: np.random.Generator, persons: Columns, families: int) -> Reals:
    """Guess how long each family has had its card: its eldest child and the ages of the couple bound it."""
    relation, age = persons["relation_card"], persons["age"].astype(np.float64)
    head = _row_of(persons, families, relation == HEAD)
    couple = np.isin(relation, (HEAD, SPOUSE))
    wife = _row_of(persons, families, couple & (persons["sex"] == FEMALE) & (persons["marital_card"] == MARRIED))
    youngest = np.full(families, 120.0)
    np.minimum.at(youngest, persons["family"][couple], age[couple])
    eldest = _eldest(persons, families, CHILD)
    u, lag = rng.random(families), 0.8 + 1.4 * rng.random(families)
    newly_wed = np.where(age[wife] < 36.0, u * np.clip(age[wife] - 18.0, 0.2, 9.0), _SETTLED)
    together = np.where(eldest >= 0.0, eldest + lag, newly_wed)
    alone = np.where((age[head] < 32.0) & (eldest < 0.0), 8.0 * u, _SETTLED)
    years = np.where(wife >= 0, together, alone)
    return np.asarray(np.maximum(np.minimum(years, np.maximum(youngest - 15.5, 0.05)), 0.02))


def homes(rng: np.random.Generator, persons: Columns, families: Columns, host: Rows, as_of_day: int) -> Columns:
    """Say for each person since when they belong to their family, and to which one before (-1: to none known here)."""
    family, relation = persons["family"], persons["relation_card"]
    formed = families["formed_day"]
    mother = persons["mother"]
    mother_family = np.where(mother >= 0, family[mother], NO_FAMILY)
    mother_family[mother_family == family] = NO_FAMILY
    head_home = np.full(formed.size, NO_FAMILY, np.int64)
    heads = relation == HEAD
    head_home[family[heads]] = mother_family[heads]
    home = np.where(np.isin(relation, (HEAD, SPOUSE)), mother_family, head_home[family])
    home = np.where(families["is_split"][family], host[family], home)
    joined = formed[family].astype(np.int64)
    home[joined == LONG_AGO] = NO_FAMILY
    eldest = _eldest(persons, formed.size, GRANDCHILD)[family]
    u = rng.random(family.size)
    years = np.where(eldest >= 0.0, eldest + 0.8 + 1.4 * u, 6.0 * u)
    married = np.flatnonzero((relation == IN_LAW) & (joined == LONG_AGO))
    joined[married] = as_of_day - (years[married] * _DAYS_A_YEAR).astype(np.int64)
    home[married] = mother_family[married]
    return {"home": home, "joined_day": joined.astype(np.int32)}


def moves(
    rng: np.random.Generator, regency: RegencyPlan, families: Columns, as_of_day: int, rates: LifeRates
) -> Columns:
    """Say which families lived elsewhere before: `moved_day` (LONG_AGO if none), the village and address before.

    Those whose card is of another village than the one they live in moved without registering.
    """
    village, registered = families["village"], families["registered_village"]
    count = village.size
    unregistered = registered != village
    moved = np.full(count, LONG_AGO, np.int64)
    moved[unregistered] = (
        as_of_day - rng.integers(30, int(rates.unregistered_years * _DAYS_A_YEAR), count)[unregistered]
    )
    movers = some_rows(rng, count, rates.moved_registered)
    movers = movers[~unregistered[movers]]
    moved[movers] = as_of_day - rng.integers(30, int(rates.years * _DAYS_A_YEAR), movers.size)
    before = np.where(unregistered, registered, village)
    is_far = rng.random(movers.size) < rates.moved_far
    here = regency.village[rng.integers(0, regency.village.size, movers.size)]
    before[movers] = np.where(is_far, villages_elsewhere(rng, regency.world, movers.size, rates), here)
    in_town = rng.random(count) < 0.4
    return {
        "moved_day": moved.astype(np.int32),
        "is_move_registered": ~unregistered,
        "village_before": before,
        "street_before": np.where(in_town, rng.integers(0, len(ground.streets()), count), -1).astype(np.int32),
        "house_number_before": rng.integers(1, 180, count).astype(np.int32),
        "hamlet_before": rng.integers(0, len(HAMLETS), count).astype(np.int32),
        "rt_before": rng.integers(1, 5, count).astype(np.int32),
        "rw_before": rng.integers(1, 6, count).astype(np.int32),
    }
