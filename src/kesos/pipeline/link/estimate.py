"""Precision and recall of a release that nobody knows the truth of, from people's answers about drawn pairs.

A stratum's pairs were drawn with equal chance, so that each answered pair stands for (pairs of the stratum ÷ answered)
of them. Precision asks the pairs that the release put together; recall sets their true ones against the true pairs
among those it left apart. A pair that blocking never proposed is in no stratum and in no figure: recall is of the pairs
that were compared, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from kesos.foundation.errors import Refused
from kesos.pipeline.link.limits import Counted, Interval, ratio_between_0_and_1, weighted_sum


class NotYetAnswered(Refused):
    """Too little of a sample is answered to say anything of a part of the release."""

    what = "No pair of the part {stratum} of the sample is answered same or different; it stands for {pairs} pairs."
    remedy = "Answer at least a few pairs of every part, then estimate again."


class NothingIsSame(Refused):
    """No drawn pair is one person: there is nothing that recall could be of."""

    what = "Not one pair of the sample was answered same."
    remedy = "Look whether the column `answer` was filled in as meant: same, different or unsure."


@dataclass(frozen=True, slots=True)
class Tally:
    """What was answered about one stratum: `pairs` it has, `drawn` of them, and how the drawn were answered."""

    stratum: str
    is_together: bool
    pairs: int
    drawn: int
    same: int
    different: int
    unsure: int

    @property
    def answered(self) -> int:
        """Count the pairs that got an answer, unsure ones included."""
        return self.same + self.different + self.unsure

    def counted(self, *, unsure_same: bool | None) -> Interval:
        """Estimate the true pairs of the stratum; unsure answers count as same, as different, or (null) not at all."""
        same = self.same + (self.unsure if unsure_same else 0)
        decided = self.same + self.different if unsure_same is None else self.answered
        return Counted(self.pairs, decided, same).interval


@dataclass(frozen=True, slots=True)
class Estimate:
    """Precision, recall and F1 of a release with 95 % limits, and what they rest on."""

    precision: Interval
    recall: Interval
    f1: Interval
    tallies: tuple[Tally, ...]

    def to_dict(self) -> dict[str, object]:
        """Give the estimate as plain data, for programs."""
        return asdict(self)


def estimate_quality(tallies: Sequence[Tally]) -> Estimate:
    """Estimate precision, recall and F1 of a release from the answers about its sample.

    Estimates leave out unsure answers; the limits span both ways of taking them, so that doubt widens an interval and
    never narrows it. Pairs that nobody answered yet are taken as drawn by lot from those that were: answer them all.
    *Raises* NotYetAnswered, NothingIsSame.
    """
    used = [tally for tally in tallies if tally.pairs > 0]
    for tally in used:
        if tally.same + tally.different == 0:
            raise NotYetAnswered(stratum=tally.stratum, pairs=tally.pairs)
    if not any(tally.same for tally in used):
        raise NothingIsSame
    # Which way of taking unsure answers is the worse one for a figure differs between the two sides.
    at_best, at_worst = _Sides.of(used, True, False), _Sides.of(used, False, True)
    plain = _Sides.of(used, None, None)
    return Estimate(
        _spanning(plain, at_worst, at_best, lambda sides: sides.precision),
        _spanning(plain, at_worst, at_best, lambda sides: sides.recall),
        _spanning(plain, at_worst, at_best, lambda sides: sides.f1),
        tuple(tallies),
    )


@dataclass(frozen=True, slots=True)
class _Sides:
    """True pairs of each stratum, put together and left apart, and how many pairs were put together."""

    together: tuple[Interval, ...]
    apart: tuple[Interval, ...]
    claimed: int

    @classmethod
    def of(cls, tallies: Sequence[Tally], together_same: bool | None, apart_same: bool | None) -> _Sides:  # noqa: FBT001 a third value, null, stands beside the two
        return cls(
            tuple(tally.counted(unsure_same=together_same) for tally in tallies if tally.is_together),
            tuple(tally.counted(unsure_same=apart_same) for tally in tallies if not tally.is_together),
            sum(tally.pairs for tally in tallies if tally.is_together),
        )

    @property
    def precision(self) -> Interval:
        share = 1.0 / self.claimed if self.claimed else 0.0
        summed = weighted_sum([(share, each) for each in self.together])
        return Interval(summed.estimate, max(summed.low, 0.0), min(summed.high, 1.0))

    @property
    def recall(self) -> Interval:
        found, missed = _sum(self.together), _sum(self.apart)
        estimate = found / (found + missed) if found + missed else 0.0
        return ratio_between_0_and_1(estimate, lambda r: self._difference(1.0 - r, -r, 0.0))

    @property
    def f1(self) -> Interval:
        """F1 is twice the true pairs found over (pairs put together + all true pairs)."""
        found, missed = _sum(self.together), _sum(self.apart)
        whole = self.claimed + found + missed
        estimate = 2 * found / whole if whole else 0.0
        return ratio_between_0_and_1(estimate, lambda f: self._difference(2.0 - f, -f, -f * self.claimed))

    def _difference(self, of_found: float, of_missed: float, constant: float) -> Interval:
        fixed = Interval(constant, constant, constant)
        terms = [(of_found, each) for each in self.together] + [(of_missed, each) for each in self.apart]
        return weighted_sum([*terms, (1.0, fixed)])


def _sum(intervals: Sequence[Interval]) -> float:
    return weighted_sum([(1.0, each) for each in intervals]).estimate


def _spanning(plain: _Sides, worst: _Sides, best: _Sides, figure: Callable[[_Sides], Interval]) -> Interval:
    middle, low, high = figure(plain), figure(worst), figure(best)
    return Interval(middle.estimate, min(middle.low, low.low), max(middle.high, high.high))
