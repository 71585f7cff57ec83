"""Families: exact counts, order of the card, heads who live."""

import numpy as np
import pytest

from kesos.synthetic.draws import Columns, generator
from kesos.synthetic.population.families import (
    CHILD,
    FEMALE,
    HEAD,
    MALE,
    MARRIED,
    SPOUSE,
    WIDOWED,
    compose,
    let_die,
    mothers_on_card,
)
from kesos.synthetic.rates import load_rates

RATES = load_rates().families


@pytest.fixture(scope="module")
def members() -> Columns:
    return compose(generator(5, "families"), 60_000, RATES)


@pytest.mark.parametrize("persons", [1, 2, 7, 1_000])
def test_compose_makes_exactly_so_many_people(persons: int) -> None:
    made = compose(generator(1, "few"), persons, RATES)

    assert made["family"].size == persons
    assert np.unique(made["family"]).tolist() == list(range(int(made["family"][-1]) + 1))


def test_compose_puts_the_head_first_and_only_once(members: Columns) -> None:
    first = np.flatnonzero(np.r_[True, np.diff(members["family"]) > 0])

    assert set(members["relation"][first].tolist()) == {HEAD}
    assert int((members["relation"] == HEAD).sum()) == first.size


def test_compose_has_the_size_and_sexes_of_the_country(members: Columns) -> None:
    size = np.bincount(members["family"])

    assert size.mean() == pytest.approx(3.25, abs=0.12)
    assert (size == 1).mean() == pytest.approx(0.09, abs=0.03)
    assert (members["sex"] == MALE).sum() / (members["sex"] == FEMALE).sum() == pytest.approx(1.015, abs=0.03)
    assert (members["age"] < 15).mean() == pytest.approx(0.235, abs=0.03)
    assert (members["age"] >= 60).mean() == pytest.approx(0.115, abs=0.025)


def test_compose_children_are_younger_than_their_mother(members: Columns) -> None:
    mother = mothers_on_card(members)
    known = np.flatnonzero((mother >= 0) & (members["relation"] == CHILD))

    gap = members["age"][mother[known]] - members["age"][known]

    assert known.size > 15_000
    assert float(gap.min()) >= 16.4
    assert set(members["sex"][mother[known]].tolist()) == {FEMALE}


def test_let_die_leaves_each_living_family_one_living_head(members: Columns) -> None:
    after = let_die(generator(5, "deaths"), members, RATES)

    alive = after["died_days_ago"] < 0
    families = int(members["family"][-1]) + 1
    living = np.bincount(members["family"][alive], minlength=families)
    heads = np.bincount(members["family"][alive & (after["relation"] == HEAD)], minlength=families)
    assert (~alive).sum() > 500
    assert heads[living > 0].tolist() == [1] * int((living > 0).sum())


def test_let_die_makes_the_wife_of_a_dead_head_a_widow_and_head() -> None:
    couple: Columns = {
        "family": np.array([0, 0]),
        "relation": np.array([HEAD, SPOUSE], np.int8),
        "sex": np.array([MALE, FEMALE], np.int8),
        "age": np.array([99.0, 60.0], np.float32),
        "marital": np.array([MARRIED, MARRIED], np.int8),
    }
    results = [let_die(generator(seed, "couple"), couple, RATES) for seed in range(60)]

    widows = [after for after in results if after["died_days_ago"][0] >= 0 and after["died_days_ago"][1] < 0]

    assert len(widows) > 20
    assert {(int(after["relation"][1]), int(after["marital"][1])) for after in widows} == {(HEAD, WIDOWED)}
    assert {int(after["relation_card"][1]) for after in widows} == {SPOUSE}
