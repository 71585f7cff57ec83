"""Find the parents of each person: on the same card, or in another family of the chunk for those who have left home.

A grown person's mother is a woman of the right age, of the same village for most; a couple never shares a mother. For
the others she is dead or lives elsewhere, and only her name is known.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from kesos.synthetic.draws import Columns, Flags, Reals, Rows
from kesos.synthetic.population.families import (
    CHILD,
    FEMALE,
    GRANDCHILD,
    HEAD,
    IN_LAW,
    MALE,
    MARRIED,
    SPOUSE,
    mothers_on_card,
)
from kesos.synthetic.rates import LifeRates

NOBODY: Final = -1
_YOUNGEST, _OLDEST = 16.5, 43.0
_AGE_STEP: Final = 256.0
_AGES: Final = np.array([17.0, 30, 45, 60, 70])
_HAS_MOTHER: Final = np.array([0.97, 0.92, 0.72, 0.36, 0.12])


def parents(rng: np.random.Generator, members: Columns, village_row: Rows, rates: LifeRates) -> tuple[Rows, Rows]:
    """Give the rows of each person's mother and father, -1 where they are not in the chunk."""
    # as the card was before anybody died: a sister who has become head is not the mother
    mother = mothers_on_card(members | {"relation": members["relation_card"]})
    _mothers_of_grandchildren(members, mother)
    seekers = np.flatnonzero((mother < 0) & np.isin(members["relation_card"], (HEAD, SPOUSE, IN_LAW)))
    mother[seekers] = _mothers_elsewhere(rng, members, seekers, village_row[members["family"]], rates)
    _part_couples(members, mother)
    return mother, _fathers(members, mother)


def _mothers_of_grandchildren(members: Columns, mother: Rows) -> None:
    family, relation, women = members["family"], members["relation_card"], members["sex"] == FEMALE
    of_family = np.full(int(family[-1]) + 1, NOBODY, np.int64)
    found = np.flatnonzero(
        women & ((relation == IN_LAW) | ((relation == CHILD) & (members["marital_card"] == MARRIED)))
    )
    of_family[family[found]] = found
    young = np.flatnonzero((relation == GRANDCHILD) & (mother < 0))
    mother[young] = of_family[family[young]]


def _mothers_elsewhere(
    rng: np.random.Generator, members: Columns, seekers: Rows, village: Rows, rates: LifeRates
) -> Rows:
    age, relation = members["age"].astype(np.float64), members["relation_card"]
    women = np.flatnonzero((members["sex"] == FEMALE) & np.isin(relation, (HEAD, SPOUSE)) & (age > 33.0))
    wanted = age[seekers] + np.clip(rng.normal(25.5, 5.0, seekers.size), _YOUNGEST + 0.5, _OLDEST - 2.0)
    has = rng.random(seekers.size) < np.interp(age[seekers], _AGES, _HAS_MOTHER) * rates.mother_in_reach
    nearby = rng.random(seekers.size) < rates.mother_in_village
    result = np.full(seekers.size, NOBODY, np.int64)
    near = _nearest(village[women] * _AGE_STEP + age[women], women, village[seekers] * _AGE_STEP + wanted)
    far = _nearest(age[women], women, wanted)
    for candidate, tried in ((near, has & nearby), (far, has)):
        rows = np.flatnonzero(tried & (result < 0) & (candidate >= 0))
        gap = age[candidate[rows]] - age[seekers[rows]]
        fits = (gap > _YOUNGEST) & (gap < _OLDEST)
        fits &= members["family"][candidate[rows]] != members["family"][seekers[rows]]
        if candidate is near:
            fits &= village[candidate[rows]] == village[seekers[rows]]
        result[rows[fits]] = candidate[rows[fits]]
    return result


def _nearest(keys: Reals, rows: Rows, wanted: Reals) -> Rows:
    """Give the row whose key follows the wanted one, or -1 past the end."""
    order = np.argsort(keys, kind="stable")
    place = np.searchsorted(keys[order], wanted)
    ordered = np.r_[rows[order], NOBODY]
    return np.asarray(ordered[place], np.int64)


def _part_couples(members: Columns, mother: Rows) -> None:
    """Take away the mother of a spouse, or of an in-law, who comes from the same family as their partner."""
    family, relation = members["family"], members["relation_card"]
    head_home = np.full(int(family[-1]) + 1, NOBODY - 1, np.int64)
    heads = np.flatnonzero((relation == HEAD) & (mother >= 0))
    head_home[family[heads]] = family[mother[heads]]
    spouses = np.flatnonzero((relation == SPOUSE) & (mother >= 0))
    mother[spouses[family[mother[spouses]] == head_home[family[spouses]]]] = NOBODY


def _fathers(members: Columns, mother: Rows) -> Rows:
    """Give the husband of each mother; a child without a mother on the card is that of a male head."""
    family, relation = members["family"], members["relation_card"]
    families = int(family[-1]) + 1
    is_man = members["sex"] == MALE
    couple, young = np.full(families, NOBODY, np.int64), np.full(families, NOBODY, np.int64)
    for of_family, found in (
        (couple, is_man & _in_couple(relation, members["marital_card"])),
        (young, is_man & ((relation == IN_LAW) | ((relation == CHILD) & (members["marital_card"] == MARRIED)))),
    ):
        of_family[family[found]] = np.flatnonzero(found)
    father = np.full(family.size, NOBODY, np.int64)
    known = np.flatnonzero(mother >= 0)
    by_couple = np.isin(relation[mother[known]], (HEAD, SPOUSE))
    father[known] = np.where(by_couple, couple[family[mother[known]]], young[family[mother[known]]])
    alone = np.flatnonzero((relation == CHILD) & (mother < 0))
    father[alone] = couple[family[alone]]
    return father


def _in_couple(relation: Rows, marital: Rows) -> Flags:
    return np.asarray(np.isin(relation, (HEAD, SPOUSE)) & (marital > 1))
