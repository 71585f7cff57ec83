"""Estimates by hand, what doubt does to them, and whether the limits hold the truth as often as they say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kesos.pipeline.link.estimate import NothingIsSame, NotYetAnswered, Tally, estimate_quality
from kesos.pipeline.link.limits import Interval


def part(name: str, pairs: int, same: int, different: int, *, together: bool = True, unsure: int = 0) -> Tally:
    return Tally(name, together, pairs, same + different + unsure, same, different, unsure)


def _limits(interval: Interval) -> tuple[float, float, float]:
    return interval.estimate, interval.low, interval.high


def test_estimate_of_a_fully_answered_release_is_exact() -> None:
    found = estimate_quality([part("strong", 6, 6, 0), part("weak", 4, 3, 1), part("likely", 5, 3, 2, together=False)])

    assert _limits(found.precision) == pytest.approx((0.9, 0.9, 0.9))
    assert _limits(found.recall) == pytest.approx((0.75, 0.75, 0.75))
    assert found.f1.estimate == pytest.approx(18 / 22)


def test_estimate_weighs_a_stratum_by_its_pairs() -> None:
    # 900 of 1,000 strong and 50 of 100 weak pairs are true; 20 of 200 left apart are.
    tallies = [part("strong", 1000, 9, 1), part("weak", 100, 5, 5), part("near", 200, 1, 9, together=False)]

    found = estimate_quality(tallies)

    assert found.precision.estimate == pytest.approx(950 / 1100)
    assert found.recall.estimate == pytest.approx(950 / 970)
    assert found.precision.low < 0.6 < found.precision.estimate < found.precision.high < 1
    assert 0 < found.recall.low < found.recall.estimate < found.recall.high < 1


def test_stratum_without_an_error_still_has_a_lower_limit() -> None:
    found = estimate_quality([part("strong", 10_000, 100, 0)])

    assert found.precision.estimate == 1
    assert found.precision.high == 1
    # Clopper–Pearson for 100 of 100: 0.025^(1/100) = .9638; that the population has an end brings it up a little.
    assert 0.9638 < found.precision.low < 0.9645
    assert _limits(found.recall) == pytest.approx((1, 1, 1))


def test_unsure_answers_leave_the_estimate_and_widen_the_limits_on_both_sides() -> None:
    sure = [part("weak", 1000, 80, 20), part("near", 1000, 20, 80, together=False)]
    doubted = [replace(one, unsure=10, drawn=one.drawn + 10) for one in sure]

    plain, wide = estimate_quality(sure), estimate_quality(doubted)

    assert wide.precision.estimate == plain.precision.estimate
    for figure, wider in ((plain.precision, wide.precision), (plain.recall, wide.recall), (plain.f1, wide.f1)):
        assert wider.low < figure.low
        assert wider.high > figure.high


def test_stratum_without_pairs_needs_no_answer() -> None:
    assert estimate_quality([part("strong", 3, 3, 0), part("near", 0, 0, 0, together=False)]).recall.estimate == 1


def test_stratum_that_nobody_answered_is_refused_by_name() -> None:
    with pytest.raises(NotYetAnswered) as refused:
        estimate_quality([part("strong", 3, 3, 0), part("near", 9, 0, 0, together=False, unsure=4)])

    assert refused.value.fields == {"stratum": "near", "pairs": 9}


def test_sample_without_one_same_is_refused() -> None:
    with pytest.raises(NothingIsSame):
        estimate_quality([part("strong", 3, 0, 3)])


# A release in strata: pairs, how many are truly one person, how many are drawn.
RELEASE = (
    ("by_number", True, 20_000, 19_990, 60),
    ("strong", True, 3_000, 2_960, 60),
    ("weak", True, 500, 430, 60),
    ("refused", False, 40, 15, 25),
    ("likely", False, 300, 120, 60),
    ("near", False, 5_000, 30, 60),
    ("far", False, 100_000, 20, 120),
)


def test_limits_hold_the_truth_in_at_least_93_of_100_samples() -> None:
    claimed = sum(pairs for _, together, pairs, _, _ in RELEASE if together)
    found = sum(true for _, together, _, true, _ in RELEASE if together)
    missed = sum(true for _, together, _, true, _ in RELEASE if not together)
    truth = (found / claimed, found / (found + missed), 2 * found / (claimed + found + missed))
    rng = np.random.default_rng(20_261_124)
    held = np.zeros(3, np.int64)

    for _ in range(100):
        tallies = []
        for name, together, pairs, true, drawn in RELEASE:
            same = int(rng.hypergeometric(true, pairs - true, drawn))
            tallies.append(part(name, pairs, same, drawn - same, together=together))
        estimate = estimate_quality(tallies)
        figures = (estimate.precision, estimate.recall, estimate.f1)
        held += [figure.low <= value <= figure.high for figure, value in zip(figures, truth, strict=True)]

    assert held.min() >= 93, dict(zip(("precision", "recall", "f1"), held.tolist(), strict=True))
