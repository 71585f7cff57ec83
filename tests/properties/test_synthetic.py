"""Properties of the synthetic world: exact counts, no orphan, the same people whatever is made before them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos.synthetic.draws import apportion, ordinals
from kesos.synthetic.population.chunk import Population, populate
from kesos.synthetic.rates import load_rates
from kesos.synthetic.world import generate

RATES = load_rates()
REGENCIES = st.sampled_from(["1101", "3171", "5103", "5204", "6371", "9171"])


def _parts(persons: int, seed: int, areas: list[str]) -> list[Population]:
    return [part for regency in generate(persons, seed, areas, RATES) for part in regency.parts()]


@given(persons=st.integers(1, 900), seed=st.integers(0, 2**32), areas=st.lists(REGENCIES, min_size=1, max_size=3))
@settings(max_examples=25)
def test_a_world_has_exactly_so_many_people_each_in_a_family_and_a_dwelling(
    persons: int, seed: int, areas: list[str]
) -> None:
    parts = _parts(persons, seed, areas)

    assert sum(part.persons["key"].size for part in parts) == persons
    keys = np.concatenate([part.persons["key"] for part in parts])
    assert np.unique(keys).size == persons
    for part in parts:
        assert np.array_equal(np.bincount(part.of_family), part.families["size"])
        assert np.array_equal(np.bincount(part.families["dwelling"]), part.dwellings["family_count"])


@given(seed=st.integers(0, 2**32), area=REGENCIES)
@settings(max_examples=10)
def test_people_are_the_same_whatever_was_made_before(seed: int, area: str) -> None:
    (plan,) = next(generate(200, seed, [area], RATES)).chunks
    alone = populate(plan, RATES)
    _parts(50, seed + 1, [area])

    again = populate(plan, RATES)

    for mine, other in ((alone.persons, again.persons), (alone.families, again.families)):
        assert all(np.array_equal(mine[name], other[name]) for name in mine)


@given(total=st.integers(0, 10_000), weights=st.lists(st.floats(0.01, 1e6), min_size=1, max_size=50))
def test_apportion_shares_out_everything_within_one_unit(total: int, weights: list[float]) -> None:
    given_weights = np.array(weights)

    shares = apportion(total, given_weights)

    assert int(shares.sum()) == total
    assert np.all(np.abs(shares - total * given_weights / given_weights.sum()) <= 1.0)


@given(st.lists(st.integers(-5, 5), max_size=200))
def test_ordinals_count_what_came_before(groups: list[int]) -> None:
    assert ordinals(np.array(groups, np.int64)).tolist() == [groups[:i].count(g) for i, g in enumerate(groups)]
