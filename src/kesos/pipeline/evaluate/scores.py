"""Precision, recall and F1 as exact fractions of counts: a figure that two machines must agree on is no float sum."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Score:
    """How far what was claimed covers what is true; null where nothing was claimed or nothing is true.

    >>> score = Score(Fraction(9, 10), Fraction(3, 5))
    >>> score.f1
    Fraction(18, 25)
    >>> Score(None, Fraction(0)).f1 is None
    True
    """

    precision: Fraction | None
    recall: Fraction | None

    @property
    def f1(self) -> Fraction | None:
        """Give the harmonic mean; 0 if both are 0, null if either is unknown."""
        if self.precision is None or self.recall is None:
            return None
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else Fraction(0)

    def to_dict(self) -> dict[str, float | None]:
        """Give the three figures as numbers, for programs."""
        figures = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        return {name: None if figure is None else float(figure) for name, figure in figures.items()}


@dataclass(frozen=True, slots=True)
class Counted:
    """Things claimed, things true, and those that are both: pairs, or clusters."""

    claimed: int
    true: int
    both: int

    @property
    def score(self) -> Score:
        """Give precision and recall of the counts."""
        return Score(_share(self.both, self.claimed), _share(self.both, self.true))

    def to_dict(self) -> dict[str, int | float | None]:
        """Give counts and figures as plain data."""
        return {"claimed": self.claimed, "true": self.true, "both": self.both, **self.score.to_dict()}


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of one set of records.

    `pairs`: pairs of records. `clusters`: groups of records that are exactly a person's, those of one record included.
    `b_cubed`: mean over records of the share of its cluster that is of its person, and of its person that is there.
    """

    records: int
    pairs: Counted
    clusters: Counted
    b_cubed: Score

    def to_dict(self) -> dict[str, object]:
        """Give everything as plain data."""
        return {
            "records": self.records,
            "pairs": self.pairs.to_dict(),
            "clusters": self.clusters.to_dict(),
            "b_cubed": self.b_cubed.to_dict(),
        }
