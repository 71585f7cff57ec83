"""Hidden welfare: the poverty line cuts where the poverty rate says."""

import numpy as np
import pytest

from kesos.synthetic.draws import generator
from kesos.synthetic.population.welfare import Structure, drifted, poverty_quantile, wealth_shown
from kesos.synthetic.rates import load_rates

RATES = load_rates().welfare
LEVEL = Structure(np.zeros(64))


def test_poverty_quantile_of_one_plain_village_is_that_of_the_normal() -> None:
    found = poverty_quantile(0.10, np.zeros(1), np.ones(1), LEVEL, 1.0)

    assert found == pytest.approx(-1.2815516, abs=1e-4)


def test_poverty_quantile_of_two_villages_weighs_their_people() -> None:
    means, people = np.array([-1.0, 1.0]), np.array([3.0, 1.0])

    found = poverty_quantile(0.5, means, people, LEVEL, 1.0)

    draws = np.repeat(means, [300_000, 100_000]) + generator(1, "two").normal(size=400_000)
    assert (draws < found).mean() == pytest.approx(0.5, abs=0.003)


def test_wealth_shown_has_the_given_correlation_and_spread() -> None:
    u = generator(1, "u").normal(size=100_000)

    wealth = wealth_shown(generator(2, "w"), u, RATES)

    assert np.corrcoef(u, wealth)[0, 1] == pytest.approx(RATES.wealth_correlation, abs=0.01)
    assert wealth.std() == pytest.approx(1.0, abs=0.01)


def test_drifted_after_no_time_is_unchanged_and_after_long_keeps_its_spread() -> None:
    wealth = generator(1, "u").normal(size=100_000)

    same = drifted(generator(2, "d"), wealth, np.zeros(wealth.size), RATES)
    old = drifted(generator(2, "d"), wealth, np.full(wealth.size, 4.0), RATES)

    assert np.array_equal(same, wealth)
    assert old.std() == pytest.approx(1.0, abs=0.01)
    assert np.corrcoef(wealth, old)[0, 1] == pytest.approx(np.exp(-2 * RATES.yearly_drift**2), abs=0.01)
