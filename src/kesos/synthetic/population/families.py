"""Compose families: heads, spouses, children, a third generation, parents; then let some of the people die.

Members follow in the order of the family card: head, spouse, children from the eldest, in-laws, grandchildren, others.
Age tables: SUSENAS KOR March 2020, Jambi, weighted shares of household heads by sex and ten-year band.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from kesos.synthetic.draws import Columns, Flags, Reals, Rows, pick
from kesos.synthetic.rates import FamilyRates

MALE: Final = 1
FEMALE: Final = 2
HEAD, SPOUSE, CHILD, IN_LAW, GRANDCHILD, PARENT, OTHER = 1, 2, 3, 4, 5, 6, 8
NEVER_MARRIED, MARRIED, DIVORCED, WIDOWED = 1, 2, 3, 4

_BANDS: Final = np.array([20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0])
_MALE_HEADS: Final = np.array([0.0613, 0.2369, 0.2517, 0.1870, 0.1024, 0.0306, 0.0096])
_FEMALE_HEADS: Final = np.array([0.0039, 0.0068, 0.0197, 0.0385, 0.0316, 0.0137, 0.0041])
_AGES: Final = np.array([0.0, 17, 20, 25, 30, 35, 45, 60, 100])
_AT_HOME: Final = np.array([0.985, 0.95, 0.80, 0.50, 0.27, 0.15, 0.06, 0.02, 0.0])
_LAST_BIRTH_AGE: Final = 44.0
_MEAN_SIZE: Final = 3.0


def compose(rng: np.random.Generator, persons: int, rates: FamilyRates) -> Columns:
    """Compose families of exactly `persons` people, sorted by family and place on the card.

    *Output*: family (0, 1, …), relation, sex, age (years, with fraction), marital, mother (row of the mother, or -1).
    """
    families = int(persons / _MEAN_SIZE * 1.15) + 12
    heads = _heads(rng, families, rates)
    parts = [heads, _spouses(rng, heads, rates)]
    mother_age, has_children = _mothers(rng, parts[0], parts[1], rates)
    children = _children(rng, mother_age, has_children, rates)
    parts += [children, *_third_generation(rng, children, rates)]
    parts += [_parents(rng, heads, rates), _others(rng, families, rates)]
    return _in_card_order(parts, persons)


def _part(relation: int, family: Rows, sex: Rows, age: Reals, marital: Rows) -> Columns:
    count = family.size
    return {
        "family": family.astype(np.int64),
        "relation": np.full(count, relation, np.int8),
        "sex": sex.astype(np.int8),
        "age": age.astype(np.float32),
        "marital": marital.astype(np.int8),
    }


def _heads(rng: np.random.Generator, families: int, rates: FamilyRates) -> Columns:
    is_female = rng.random(families) < rates.female_head
    band = np.where(is_female, pick(rng, _FEMALE_HEADS, families), pick(rng, _MALE_HEADS, families))
    age = _BANDS[band] + 10.0 * rng.random(families) ** np.where(band == 0, 0.5, 1.0)
    has_spouse = rng.random(families) < np.where(is_female, rates.spouse_of_female_head, rates.spouse_of_male_head)
    is_single = ~has_spouse & (age < 40) & (rng.random(families) < rates.never_married_lone_head)
    is_widowed = rng.random(families) < np.interp(age, [25, 45, 60], [0.25, 0.55, 0.92])
    alone = np.where(is_single, NEVER_MARRIED, np.where(is_widowed, WIDOWED, DIVORCED))
    sex = np.where(is_female, FEMALE, MALE)
    return _part(HEAD, np.arange(families), sex, age, np.where(has_spouse, MARRIED, alone))


def _spouses(rng: np.random.Generator, heads: Columns, rates: FamilyRates) -> Columns:
    who = np.flatnonzero(heads["marital"] == MARRIED)
    sign = np.where(heads["sex"][who] == MALE, -1.0, 1.0)
    age = np.maximum(heads["age"][who] + sign * rng.normal(3.8, 3.6, who.size), 18.0 + 3.0 * rng.random(who.size))
    sex = np.where(heads["sex"][who] == MALE, FEMALE, MALE)
    return _part(SPOUSE, who, sex, np.minimum(age, 95.0), np.full(who.size, MARRIED))


def _mothers(rng: np.random.Generator, heads: Columns, spouses: Columns, rates: FamilyRates) -> tuple[Reals, Flags]:
    mother_age = heads["age"].astype(np.float64)
    wives = spouses["sex"] == FEMALE
    mother_age[spouses["family"][wives]] = spouses["age"][wives]
    lone_father = (heads["sex"] == MALE) & (heads["marital"] != MARRIED)
    mother_age[lone_father] -= 4.0
    has_children = (heads["marital"] != NEVER_MARRIED) & (rng.random(mother_age.size) >= rates.childless_couple)
    return mother_age, has_children & (~lone_father | (rng.random(mother_age.size) < 0.5))


def _children(rng: np.random.Generator, mother_age: Reals, has_children: Flags, rates: FamilyRates) -> Columns:
    mean = np.interp(mother_age, [45.0, 65.0], [rates.births_young, rates.births_old])
    births = np.where(has_children, np.clip(1 + rng.poisson(np.maximum(mean - 1.0, 0.05)), 0, 9), 0)
    family = np.repeat(np.arange(births.size), births)
    start = np.repeat(np.cumsum(births) - births, births)
    order = np.arange(family.size) - start
    first = np.clip(rng.normal(22.5, 3.6, births.size), 16.5, 38.0)
    spacing = rng.uniform(2.0, 6.0, births.size)
    at_birth = first[family] + order * spacing[family] + rng.random(family.size)
    twins = np.flatnonzero((order > 0) & (rng.random(family.size) < rates.twins))
    at_birth[twins] = at_birth[twins - 1]
    age = mother_age[family] - at_birth
    sex = np.where(rng.random(family.size) < 0.514, MALE, FEMALE)
    at_home = rng.random(family.size) < np.interp(age + np.where(sex == FEMALE, 2.0, -1.5), _AGES, _AT_HOME)
    keep = (age >= 0) & (at_birth <= _LAST_BIRTH_AGE) & at_home
    was_married = rng.random(family.size) < np.interp(age, [20.0, 45.0], [0.0, 0.25])
    marital = np.where(was_married, DIVORCED, NEVER_MARRIED)
    return {name: values[keep] for name, values in _part(CHILD, family, sex, age, marital).items()}


def _third_generation(rng: np.random.Generator, children: Columns, rates: FamilyRates) -> tuple[Columns, Columns]:
    grown = np.flatnonzero((children["age"] >= 20.0) & (children["age"] < 45.0))
    grown = grown[rng.random(grown.size) < rates.married_child_at_home]
    _, first = np.unique(children["family"][grown], return_index=True)
    grown = grown[first]
    children["marital"][grown] = MARRIED
    family = children["family"][grown]
    sex = np.where(children["sex"][grown] == MALE, FEMALE, MALE)
    older = np.where(sex == MALE, 3.0, -3.0)
    in_law_age = np.maximum(children["age"][grown] + older + rng.normal(0.0, 2.0, grown.size), 18.5)
    in_laws = _part(IN_LAW, family, sex, in_law_age, np.full(grown.size, MARRIED))
    wife_age = np.where(sex == FEMALE, in_law_age, children["age"][grown])
    births = np.minimum(rng.poisson(1.2, grown.size), 3)
    of = np.repeat(np.arange(grown.size), births)
    age = (wife_age[of] - 19.0) * rng.random(of.size)
    grand_sex = np.where(rng.random(of.size) < 0.514, MALE, FEMALE)
    single = np.full(of.size, NEVER_MARRIED)
    grandchildren = _part(GRANDCHILD, family[of], grand_sex, np.clip(age, 0.0, 24.0), single)
    return in_laws, grandchildren


def _parents(rng: np.random.Generator, heads: Columns, rates: FamilyRates) -> Columns:
    share = np.where((heads["age"] > 26) & (heads["age"] < 62), rates.parent_of_head * 1.25, 0.0)
    who = np.flatnonzero(rng.random(heads["age"].size) < share)
    age = np.minimum(heads["age"][who] + rng.uniform(19.0, 34.0, who.size), 97.0)
    sex = np.where(rng.random(who.size) < 0.22, MALE, FEMALE)
    return _part(PARENT, who, sex, age, np.full(who.size, WIDOWED))


def _others(rng: np.random.Generator, families: int, rates: FamilyRates) -> Columns:
    who = np.flatnonzero(rng.random(families) < rates.other_relative)
    age = np.abs(rng.normal(20.0, 13.0, who.size)) + 1.0
    sex = np.where(rng.random(who.size) < 0.58, MALE, FEMALE)
    return _part(OTHER, who, sex, age, np.full(who.size, NEVER_MARRIED))


def _in_card_order(parts: list[Columns], persons: int) -> Columns:
    """Put the parts in card order and cut at `persons`; the last family may lose its last members."""
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    elder_first = (120.0 - joined["age"]).astype(np.int64)
    order = np.argsort((joined["family"] * 16 + joined["relation"]) * 128 + elder_first, kind="stable")[:persons]
    return {name: values[order] for name, values in joined.items()}


def mothers_on_card(members: Columns) -> Rows:
    """Find the row of each person's mother on the same card, or -1 where she is not on it."""
    family, relation, sex = members["family"], members["relation"], members["sex"]
    families = int(family[-1]) + 1
    rows = np.arange(family.size)
    result = np.full(family.size, -1, np.int64)
    for child, mother, need in ((CHILD, SPOUSE, FEMALE), (CHILD, HEAD, FEMALE), (HEAD, PARENT, FEMALE)):
        of_family = np.full(families, -1, np.int64)
        found = (relation == mother) & (sex == need)
        of_family[family[found]] = rows[found]
        who = np.flatnonzero((relation == child) & (result < 0))
        result[who] = of_family[family[who]]
    return result


def let_die(rng: np.random.Generator, members: Columns, rates: FamilyRates) -> Columns:
    """Let people die over the window: adds died_days_ago (-1: alive) and, on today's card, relation and marital.

    `relation_card` and `marital_card` keep the card as it was before; a wife or husband of a dead head becomes head.
    """
    age = members["age"].astype(np.float64)
    yearly = 0.0004 + np.exp(-10.3 + 0.093 * age) + np.where(age < 1.0, 0.015, 0.0)
    yearly *= np.where(members["sex"] == MALE, 1.2, 0.85)
    dies = rng.random(age.size) < np.minimum(yearly * rates.deaths_window_years, 0.7)
    days = (rng.random(age.size) * rates.deaths_window_years * 365.25).astype(np.int32) + 1
    days = np.minimum(days, (age * 365.0).astype(np.int32))  # nobody dies before birth
    relation, marital = after_deaths(members["family"], members["relation"], members["marital"], members["age"], dies)
    return members | {
        "died_days_ago": np.where(dies, days, -1).astype(np.int32),
        "relation_card": members["relation"],
        "marital_card": members["marital"],
        "relation": relation,
        "marital": marital,
    }


def after_deaths(family: Rows, relation: Rows, marital: Rows, age: Reals, died: Flags) -> tuple[Rows, Rows]:
    """Give relation and marital status once some have died: a widow becomes head, else the eldest of the living."""
    relation, marital = relation.copy(), marital.copy()
    families = int(family.max(initial=0)) + 1
    head_dies, spouse_dies = np.zeros(families, bool), np.zeros(families, bool)
    head_dies[family[died & (relation == HEAD)]] = True
    spouse_dies[family[died & (relation == SPOUSE)]] = True
    widowed = (relation == SPOUSE) & head_dies[family]
    relation[widowed & ~died] = HEAD
    marital[widowed | ((relation == HEAD) & spouse_dies[family])] = WIDOWED
    _crown_eldest(family, age, relation, died)
    return relation, marital


def _crown_eldest(family: Rows, age: Reals, relation: Rows, died: Flags) -> None:
    """Make the eldest living member head where head and spouse are dead; edits `relation`."""
    has_head = np.zeros(int(family.max(initial=0)) + 1, bool)
    has_head[family[(relation == HEAD) & ~died]] = True
    orphaned = np.flatnonzero(~has_head[family] & ~died)
    by_age = orphaned[np.lexsort((-age[orphaned], family[orphaned]))]
    _, first = np.unique(family[by_age], return_index=True)
    relation[by_age[first]] = HEAD
