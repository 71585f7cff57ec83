"""Drawing and sharing out: whole units, fair remainders, generators that know their name."""

import numpy as np
import pytest

from kesos.synthetic.draws import apportion, generator, normal_cdf, ordinals, pick, some_rows


def test_apportion_gives_the_remainder_to_the_largest_fractions() -> None:
    shares = apportion(10, np.array([2.6, 2.5, 4.9]))

    assert shares.tolist() == [3, 2, 5]


def test_apportion_of_nothing_is_nothing() -> None:
    assert apportion(0, np.array([1.0, 2.0])).tolist() == [0, 0]


def test_ordinals_of_no_groups() -> None:
    assert ordinals(np.empty(0, np.int64)).tolist() == []


def test_pick_never_draws_a_weight_of_zero() -> None:
    drawn = pick(generator(1, "pick"), np.array([0.0, 1.0, 0.0, 3.0]), 4_000)

    assert set(drawn.tolist()) == {1, 3}
    assert np.mean(drawn == 3) == pytest.approx(0.75, abs=0.03)


def test_some_rows_of_all_and_of_none() -> None:
    assert some_rows(generator(1, "rows"), 4, 1.0).tolist() == [0, 1, 2, 3]
    assert some_rows(generator(1, "rows"), 4, 0.0).tolist() == []
    assert some_rows(generator(1, "rows"), 0, 0.5).tolist() == []


def test_generator_differs_by_seed_and_by_name() -> None:
    first = {int(generator(seed, name).integers(1 << 40)) for seed in (1, 2) for name in ("5204", "5205")}

    assert len(first) == 4


def test_normal_cdf_at_known_points() -> None:
    found = normal_cdf(np.array([-1.959964, 0.0, 1.0]))

    assert found == pytest.approx([0.025, 0.5, 0.8413447], abs=1e-6)
