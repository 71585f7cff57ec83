"""Where the people of a world live: areas chosen, villages filled, districts kept whole."""

import numpy as np
import pytest

from kesos.synthetic import ground
from kesos.synthetic.nation import family_structure
from kesos.synthetic.plan import (
    DEMO_REGENCY,
    ChunkPlan,
    RegencyPlan,
    TooFewPersons,
    UnknownArea,
    choose_areas,
    chunks,
    plan_regencies,
)
from kesos.synthetic.rates import load_rates

RATES = load_rates()


def _plans(persons: int, areas: list[str]) -> list[RegencyPlan]:
    return plan_regencies(persons, 1, areas, RATES, family_structure(RATES))


def test_choose_areas_of_a_small_world_is_one_regency() -> None:
    assert choose_areas(30_000, None) == [DEMO_REGENCY]


def test_choose_areas_of_a_million_is_ten_regencies_with_the_first() -> None:
    chosen = choose_areas(1_000_000, None)

    assert len(set(chosen)) == 10
    assert DEMO_REGENCY in chosen


def test_choose_areas_of_a_large_world_is_the_nation() -> None:
    assert len(choose_areas(2_000_000, None)) == 514


def test_choose_areas_takes_regencies_and_provinces_with_dots() -> None:
    assert choose_areas(100, ["52.04", "34"]) == ["3401", "3402", "3403", "3404", "3471", "5204"]


@pytest.mark.parametrize("area", ["99", "520", "5204012001", ""])
def test_choose_areas_refuses_what_is_no_regency(area: str) -> None:
    with pytest.raises(UnknownArea):
        choose_areas(100, [area])


def test_choose_areas_refuses_a_world_without_people() -> None:
    with pytest.raises(TooFewPersons):
        choose_areas(0, None)


def test_plan_regencies_shares_persons_by_population() -> None:
    plans = _plans(10_000, ["34"])

    population = {plan.code: plan.area.population for plan in plans}
    expected = population["3404"] / sum(population.values()) * 10_000
    assert sum(plan.persons for plan in plans) == 10_000
    assert {plan.code: plan.persons for plan in plans}["3404"] == pytest.approx(expected, abs=1)


def test_plan_regencies_fills_villages_of_the_regency() -> None:
    plan = _plans(30_000, ["5204"])[0]

    assert int(plan.village_persons.sum()) == 30_000
    assert set(plan.village.tolist()) <= set(ground.villages("5204").tolist())
    assert plan.village_persons.min() >= 1


def test_chunks_keep_districts_whole_and_lose_nobody() -> None:
    plan = _plans(30_000, ["5204"])[0]

    found = chunks(plan, most_persons=5_000)

    districts = [set((plan.village[c.first_village : c.last_village] // 10_000).tolist()) for c in found]
    assert len(found) > 3
    assert all(c.persons <= 5_000 for c, held in zip(found, districts, strict=True) if len(held) > 1)
    assert sum(chunk.persons for chunk in found) == 30_000
    assert [chunk.first_person for chunk in found] == np.cumsum([0, *(c.persons for c in found[:-1])]).tolist()
    assert sum(len(each) for each in districts) == len(set().union(*districts))


def test_chunks_of_one_person() -> None:
    found = chunks(_plans(1, ["5204"])[0])

    assert [(chunk.ordinal, chunk.persons) for chunk in found] == [(0, 1)]
    assert isinstance(found[0], ChunkPlan)
