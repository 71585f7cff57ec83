"""Cuts: estimated precision of what is linked, and the three bands."""

from __future__ import annotations

import numpy as np
import pytest

from kesos.pipeline.link.model import ThresholdModel
from kesos.pipeline.link.thresholds import choose_cuts


def _weights() -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.random.Generator(np.random.PCG64(3)).integers(-20_000, 20_000, 600)


def _chance(weight: int) -> float:
    return float(1 / (1 + 2.0 ** (-weight / 1000)))


@pytest.mark.parametrize("target", [0.9, 0.99, 0.999])
def test_choose_cuts_lowest_cut_that_keeps_the_precision(target: float) -> None:
    thresholds = ThresholdModel(target_precision=target, linked_above=0.001, review_above=0.001)
    weights = _weights()
    cuts = choose_cuts(weights, thresholds)
    falling = sorted(set(weights.tolist()), reverse=True)
    held = [
        cut
        for cut in falling
        if np.mean([_chance(w) for w in weights[weights >= cut].tolist()]) >= target and _chance(cut) >= 0.001
    ]
    assert cuts.linked == held[-1]
    assert cuts.linked_pairs == int((weights >= cuts.linked).sum())
    assert cuts.precision == pytest.approx(np.mean([_chance(w) for w in weights[weights >= cuts.linked].tolist()]))


def test_choose_cuts_no_linked_pair_is_less_likely_than_allowed() -> None:
    cuts = choose_cuts(np.array([30_000] * 1_000 + [-500]), ThresholdModel(target_precision=0.9, linked_above=0.5))
    assert cuts.linked == 30_000
    assert cuts.review_pairs == 1


def test_choose_cuts_review_from_its_probability() -> None:
    weights = np.array([30_000, -1_000, -5_000])
    assert choose_cuts(weights, ThresholdModel(review_above=0.3)).review_pairs == 1
    assert choose_cuts(weights, ThresholdModel(review_above=0.01)).review_pairs == 2


def test_choose_cuts_nothing_likely_links_nothing() -> None:
    cuts = choose_cuts(np.array([-9_000, -20_000]), ThresholdModel())
    assert (cuts.linked_pairs, cuts.review_pairs, cuts.precision) == (0, 0, 1.0)


def test_choose_cuts_of_no_pairs() -> None:
    cuts = choose_cuts(np.zeros(0, np.int64), ThresholdModel())
    assert (cuts.linked_pairs, cuts.recall) == (0, 1.0)
