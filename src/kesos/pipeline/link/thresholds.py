"""Where to cut: the bands follow from the estimated precision of what is linked, never from a fixed weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from kesos.pipeline.link.model import ThresholdModel
from kesos.pipeline.link.weights import probability

Weights: TypeAlias = "npt.NDArray[np.int64]"

_NEVER: Final = 1 << 40


@dataclass(frozen=True, slots=True)
class Cuts:
    """Weights in millibits from which a pair is linked, and from which it is reviewed.

    `precision` is estimated for the linked pairs, `recall` for them among all pairs of one person that are candidates.
    """

    linked: int
    review: int
    precision: float
    recall: float
    linked_pairs: int
    review_pairs: int


def choose_cuts(weights: Weights, thresholds: ThresholdModel) -> Cuts:
    """Choose the lowest cut whose linked pairs are right often enough, none of them less likely than `linked_above`.

    >>> cuts = choose_cuts(np.array([20_000, 9_000, -1_000, -9_000]), ThresholdModel(target_precision=0.99))
    >>> cuts.linked, cuts.linked_pairs, cuts.review_pairs
    (9000, 2, 1)
    """
    distinct, pairs = np.unique(weights, return_counts=True)
    distinct, pairs = distinct[::-1], pairs[::-1]
    chance = probability(distinct)
    right, total = np.cumsum(pairs * chance), np.cumsum(pairs)
    good = (right >= thresholds.target_precision * total) & (chance >= thresholds.linked_above)
    last = int(np.flatnonzero(good)[-1]) if good.any() else -1
    linked = int(distinct[last]) if last >= 0 else _NEVER
    review = min(linked, _lowest(distinct, chance >= thresholds.review_above))
    linked_pairs = int(total[last]) if last >= 0 else 0
    expected = float(right[last]) if last >= 0 else 0.0
    return Cuts(
        linked=linked,
        review=review,
        precision=expected / linked_pairs if linked_pairs else 1.0,
        recall=expected / float(right[-1]) if len(right) and right[-1] > 0 else 1.0,
        linked_pairs=linked_pairs,
        review_pairs=int((weights >= review).sum()) - linked_pairs,
    )


def _lowest(falling: Weights, chosen: npt.NDArray[np.bool_]) -> int:
    places = np.flatnonzero(chosen)
    return int(falling[places[-1]]) if len(places) else _NEVER
