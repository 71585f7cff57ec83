"""Look at a chunk as it was on an earlier day: who lived, in which family, as what, where, on which card."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kesos.synthetic.draws import Columns, Flags, Rows
from kesos.synthetic.population.cards import district_at, number_on
from kesos.synthetic.population.chunk import Population
from kesos.synthetic.population.families import CHILD, HEAD, IN_LAW, MARRIED, NEVER_MARRIED, OTHER, SPOUSE, after_deaths
from kesos.synthetic.population.life import LONG_AGO

_HOPS = 2  # a family of before may itself have been founded later than the day
_ADDRESS = ("street", "house_number", "hamlet", "rt", "rw")


@dataclass(frozen=True)
class Moment:
    """The state on a day. Rows are those of the population; `family` is meaningful where `present`."""

    day: int
    present: Flags
    family: Rows
    relation: Rows
    marital: Rows
    families: Columns

    def family_size(self) -> Rows:
        """Count the members of each family."""
        return np.bincount(self.family[self.present], minlength=self.families["village"].size)


def moment(population: Population, day: int) -> Moment:
    """Look at a chunk as it was on a day of the last five years."""
    persons, families = population.persons, population.families
    own = persons["family"]
    family = _family_on(persons, families, day)
    born = persons["birth_day"] <= day
    died = (persons["died_day"] >= 0) & (persons["died_day"] <= day)
    known = np.flatnonzero(born & (family >= 0))
    was_away = family != own
    not_yet = persons["joined_day"] > day
    relation = persons["relation_card"].copy()
    relation[was_away] = _relation_at_home(persons, families)[was_away]
    marital = persons["marital_card"].copy()
    was_single = not_yet & np.isin(persons["relation_card"], (HEAD, SPOUSE, IN_LAW)) & ~families["is_split"][own]
    marital[was_single] = NEVER_MARRIED
    waiting = (persons["relation_card"] == CHILD) & (marital == MARRIED)
    marital[waiting & _partner_comes_later(persons, day)[own]] = NEVER_MARRIED
    changed = after_deaths(family[known], relation[known], marital[known], persons["age"][known], died[known])
    relation[known], marital[known] = changed
    present = np.zeros(own.size, bool)
    present[known] = ~died[known]
    return Moment(day, present, family, relation, marital, _families_on(families, day))


def _family_on(persons: Columns, families: Columns, day: int) -> Rows:
    own = persons["family"]
    family = np.where(persons["joined_day"] <= day, own, persons["home"])
    head_home = np.full(families["formed_day"].size, -1, np.int64)
    heads = persons["relation_card"] == HEAD
    head_home[own[heads]] = persons["home"][heads]
    for _ in range(_HOPS):
        too_early = (family >= 0) & (families["formed_day"][family] > day)
        family[too_early] = head_home[family[too_early]]
    family[(family >= 0) & (families["formed_day"][family] > day)] = -1
    return family


def _relation_at_home(persons: Columns, families: Columns) -> Rows:
    """Give the relation in the family of before: child of a couple, or what the age of a split family's head says."""
    relation = persons["relation_card"]
    is_partner = np.isin(relation, (HEAD, SPOUSE, IN_LAW))
    own = persons["family"]
    split = families["is_split"][own]
    age, count = persons["age"], families["formed_day"].size
    head_age = np.zeros(count, np.float32)
    heads = relation == HEAD
    head_age[own[heads]] = age[heads]
    home = np.maximum(persons["home"], 0)
    younger = head_age[home] - head_age[own] >= 16.0
    in_split = np.select(
        [~younger, relation == HEAD, relation == SPOUSE, relation == CHILD], [OTHER, CHILD, IN_LAW, 5], OTHER
    )
    return np.where(split, in_split, np.where(is_partner, CHILD, OTHER)).astype(relation.dtype)


def _partner_comes_later(persons: Columns, day: int) -> Flags:
    count = int(persons["family"][-1]) + 1
    later = (persons["relation_card"] == IN_LAW) & (persons["joined_day"] > day)
    return np.bincount(persons["family"][later], minlength=count) > 0


def _families_on(families: Columns, day: int) -> Columns:
    """Give village, address, village of registration and card of each family on a day."""
    earlier = families["moved_day"] > day
    state: Columns = {
        "key": families["key"],
        "village": np.where(earlier, families["village_before"], families["village"]),
        "registered_village": district_at(families, np.full((earlier.size, 1), day))[:, 0],
        "kk": number_on(families, day, np.arange(earlier.size)),
        "moved_day": np.where(earlier, LONG_AGO, families["moved_day"]),
    }
    for part in _ADDRESS:
        state[part] = np.where(earlier, families[f"{part}_before"], families[part])
    return state
