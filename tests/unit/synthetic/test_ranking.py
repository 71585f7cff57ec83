"""The official ranking: 39 items, weights by persons, deciles of equal people."""

import numpy as np
import pytest

from kesos.synthetic.draws import generator
from kesos.synthetic.files.listing import list_families
from kesos.synthetic.nation import family_structure, official_ranking
from kesos.synthetic.plan import chunks, plan_regencies
from kesos.synthetic.population.chunk import populate
from kesos.synthetic.ranking import Ranking, cut_offs, fit
from kesos.synthetic.rates import load_rates

RATES = load_rates()


def test_items_are_thirteen_of_the_persons_and_twenty_six_of_the_family() -> None:
    (plan,) = plan_regencies(500, 1, ["5204"], RATES, family_structure(RATES))
    population = populate(chunks(plan)[0], RATES)

    items = list_families(population, RATES).items(population)

    assert items.shape == (population.families["key"].size, 39)
    assert np.isfinite(items).all()


def test_fit_finds_the_coefficients_of_an_exact_relation() -> None:
    items = generator(1, "items").normal(size=(50, 2))

    coefficients = fit(items, 3.0 + 2.0 * items[:, 0] - items[:, 1], np.arange(1, 51))

    assert coefficients == pytest.approx([3.0, 2.0, -1.0])


def test_cut_offs_count_persons_not_families() -> None:
    score = np.arange(10, dtype=np.float64)
    persons = np.array([91, 1, 1, 1, 1, 1, 1, 1, 1, 1])

    assert cut_offs(score, persons).tolist() == [0.0] * 9


def test_decile_runs_from_one_below_to_ten_above_all_cut_offs() -> None:
    ranking = Ranking(np.zeros(3), np.arange(1.0, 10.0))

    assert ranking.decile(np.array([0.5, 1.0, 5.5, 9.0, 99.0])).tolist() == [1, 2, 6, 10, 10]


def test_official_ranking_is_the_same_each_time_and_another_for_another_seed() -> None:
    first, again, other = (official_ranking(seed, RATES) for seed in (1, 1, 2))

    assert first.coefficients.tolist() == again.coefficients.tolist()
    assert first.cutoffs.tolist() == again.cutoffs.tolist()
    assert first.cutoffs.tolist() != other.cutoffs.tolist()
    assert np.all(np.diff(first.cutoffs) > 0)
