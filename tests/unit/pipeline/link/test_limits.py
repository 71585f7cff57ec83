"""Exact limits against tails added up in fractions, and sums of estimates worked by hand."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos.pipeline.link.limits import Counted, Interval, ratio_between_0_and_1, weighted_sum

TAIL = Fraction(25, 1000)


def chance(size: int, drawn: int, count: int, found: range) -> Fraction:
    ways = sum(comb(count, x) * comb(size - count, drawn - x) for x in found)
    return Fraction(ways, comb(size, drawn))


def slow_limits(size: int, drawn: int, found: int) -> tuple[int, int]:
    """Try every count: keep those under which neither so many nor so few are too rare."""
    likely = [
        count
        for count in range(found, size - (drawn - found) + 1)
        if chance(size, drawn, count, range(found, drawn + 1)) > TAIL
        and chance(size, drawn, count, range(found + 1)) > TAIL
    ]
    return min(likely), max(likely)


@given(st.integers(1, 40).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n))), st.data())
def test_limits_of_a_stratum_equal_those_of_trying_every_count(sizes: tuple[int, int], data: st.DataObject) -> None:
    size, drawn = sizes
    found = data.draw(st.integers(0, drawn))

    interval = Counted(size, drawn, found).interval

    assert (interval.low, interval.high) == slow_limits(size, drawn, found)
    assert interval.estimate == pytest.approx(size * found / drawn)


def test_limits_of_a_whole_stratum_are_what_was_counted() -> None:
    assert Counted(7, 7, 5).interval == Interval(5.0, 5.0, 5.0)


def test_limits_of_a_huge_stratum_without_a_find_keep_their_digits() -> None:
    # Of a population without end: 1 - 0.025^(1/200) = 1.8275 %.
    interval = Counted(10**12, 200, 0).interval

    assert interval.low == 0
    assert interval.high / 10**12 == pytest.approx(0.018275, abs=1e-6)


@pytest.mark.parametrize(("size", "drawn", "found"), [(5, 0, 0), (5, 6, 1), (5, 3, 4), (5, 3, -1)])
def test_counts_that_no_sample_has_are_refused(size: int, drawn: int, found: int) -> None:
    with pytest.raises(ValueError, match="no sample finds"):
        Counted(size, drawn, found)


def test_weighted_sum_with_a_negative_factor_turns_the_limits() -> None:
    one, other = Interval(10.0, 8.0, 13.0), Interval(4.0, 0.0, 4.0)

    assert weighted_sum([(1.0, one), (-1.0, other)]) == Interval(6.0, 4.0, 11.0)
    assert weighted_sum([(2.0, one)]) == Interval(20.0, 16.0, 26.0)


def test_ratio_of_known_counts_has_no_width() -> None:
    three_of_four = ratio_between_0_and_1(0.75, lambda ratio: Interval(*[3 - 4 * ratio] * 3))

    assert three_of_four.low == pytest.approx(0.75)
    assert three_of_four.high == pytest.approx(0.75)
