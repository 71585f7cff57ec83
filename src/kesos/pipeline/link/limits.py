"""Exact limits of a count behind a random sample, and of sums of such counts over strata.

Limits of one stratum are Clopper–Pearson's for a finite population (the hypergeometric tail), so that a stratum
without a single error still has an honest upper limit. They are joined by the method of variance recovery (MOVER; Zou
and Donner 2008, Statistics in Medicine 27), which keeps their asymmetry, where a normal interval would end above 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

_TAIL: Final = 0.025
_HALVINGS: Final = 60


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its 95 % limits."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Counted:
    """A stratum of `size` things of which `drawn` were looked at and `found` have what is counted."""

    size: int
    drawn: int
    found: int

    def __post_init__(self) -> None:
        """Refuse counts that no sample can have."""
        if not 0 <= self.found <= self.drawn <= self.size or self.drawn == 0:
            raise ValueError(f"no sample finds {self.found} among {self.drawn} of {self.size}")

    @property
    def interval(self) -> Interval:
        """Estimate how many of the whole stratum have it, with exact limits.

        >>> Counted(size=10, drawn=10, found=3).interval
        Interval(estimate=3.0, low=3.0, high=3.0)
        """
        low, high = _limits(self.size, self.drawn, self.found)
        return Interval(self.size * self.found / self.drawn, float(low), float(high))


def _limits(size: int, drawn: int, found: int) -> tuple[int, int]:
    """Give the smallest and the largest count under which what was found is not too rare."""
    least, most = found, size - (drawn - found)
    low = _first(least, most, lambda count: _tail(size, drawn, count, found, drawn) > _TAIL)
    high = most + least - _first(least, most, lambda count: _tail(size, drawn, most + least - count, 0, found) > _TAIL)
    return low, high


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """Find the first whole number of a range from which on something holds; the last number, if it never does."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _tail(size: int, drawn: int, count: int, first: int, last: int) -> float:
    """Give the chance that a draw without putting back finds between `first` and `last` of `count`.

    Falling factorials are summed as logarithms term by term: differences of log-gamma lose all digits at 10^12.
    """
    places = np.arange(drawn + 1)
    of_count, of_rest = _log_falling(count, drawn), _log_falling(size - count, drawn)
    choose = np.array(
        [math.lgamma(drawn + 1) - math.lgamma(x + 1) - math.lgamma(drawn - x + 1) for x in range(drawn + 1)]
    )
    logs = choose + of_count[places] + of_rest[drawn - places] - _log_falling(size, drawn)[drawn]
    return math.fsum(np.exp(logs[first : last + 1]))


def _log_falling(top: int, terms: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Give log(top · (top - 1) · … ) for 0 to `terms` factors; minus infinity once the factors run out."""
    factors = np.maximum(top - np.arange(terms, dtype=np.float64), 0.0)
    with np.errstate(divide="ignore"):
        return np.concatenate([[0.0], np.cumsum(np.log(factors))])


def weighted_sum(terms: Sequence[tuple[float, Interval]]) -> Interval:
    """Add independent estimates, each times its factor, with limits by variance recovery.

    >>> one = Interval(10.0, 8.0, 13.0)
    >>> weighted_sum([(1.0, one), (-1.0, Interval(4.0, 0.0, 4.0))])
    Interval(estimate=6.0, low=4.0, high=11.0)
    """
    estimate = math.fsum(factor * each.estimate for factor, each in terms)
    # A negative factor turns the limits of its term.
    lower = [factor * (each.estimate - (each.low if factor > 0 else each.high)) for factor, each in terms]
    upper = [factor * ((each.high if factor > 0 else each.low) - each.estimate) for factor, each in terms]
    return Interval(estimate, estimate - math.hypot(*lower), estimate + math.hypot(*upper))


def ratio_between_0_and_1(estimate: float, difference: Callable[[float], Interval]) -> Interval:
    """Find the limits of a ratio r from those of `difference(r)`, an estimate that falls through zero at r.

    This is Fieller's way: the interval holds every ratio under which the difference may be zero.
    """
    low = _root(lambda ratio: difference(ratio).low > 0)
    high = _root(lambda ratio: difference(ratio).high > 0)
    return Interval(estimate, min(low, estimate), max(high, estimate))


def _root(is_below: Callable[[float], bool]) -> float:
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return (low + high) / 2
