"""Every pair inside a group that edges hang together: also those that no blocking key found speak before it is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from kesos.pipeline.link.blocking import NO_KEY, pairs_of
from kesos.pipeline.link.clusters import connected_components
from kesos.pipeline.link.compare import compare
from kesos.pipeline.link.encode import LinkTable
from kesos.pipeline.link.model import Model
from kesos.pipeline.link.patterns import Levels
from kesos.pipeline.link.weights import Estimates, Weights, weigh

Rows: TypeAlias = "npt.NDArray[np.int32]"
Truth: TypeAlias = "npt.NDArray[np.bool_]"

# Pairs grow with the square; a group above this is an accident of chaining, which its candidate pairs part well enough.
_MOST_RECORDS: Final = 100
IN_GROUP: Final = 255
"""Rule of a pair that no blocking key found."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of rows with their levels and weights; `rule` is the blocking rule of each, or `IN_GROUP`."""

    left: Rows
    right: Rows
    levels: Levels
    weights: Weights
    rule: npt.NDArray[np.uint8]

    def of(self, chosen: Truth) -> Pairs:
        """Keep some of the pairs."""
        return Pairs(
            self.left[chosen], self.right[chosen], self.levels[chosen], self.weights[chosen], self.rule[chosen]
        )


def complete(table: LinkTable, model: Model, estimates: Estimates, pairs: Pairs, cut: int) -> tuple[Pairs, Truth]:
    """Add all pairs within groups that edges of at least `cut` hang together, and weigh those that were not there.

    *Output*: the pairs given, then those added; and for each whether it stands within a group.
    """
    group = _groups(len(table), pairs, pairs.weights >= cut)
    is_inner = (group[pairs.left] == group[pairs.right]) & (group[pairs.left] != NO_KEY)
    left, right = pairs_of(_small(group))
    key = left.astype(np.int64) * len(table) + right
    known = pairs.left[is_inner].astype(np.int64) * len(table) + pairs.right[is_inner]
    missing = ~np.isin(key, known)
    left, right = left[missing], right[missing]
    levels = compare(table, left, right, model)
    weights = weigh(table, left, levels, model, estimates)
    every = Pairs(
        np.concatenate([pairs.left, left]),
        np.concatenate([pairs.right, right]),
        np.concatenate([pairs.levels, levels]),
        np.concatenate([pairs.weights, weights]),
        np.concatenate([pairs.rule, np.full(len(left), IN_GROUP, np.uint8)]),
    )
    return every, np.concatenate([is_inner, np.ones(len(left), np.bool_)])


def _groups(rows: int, pairs: Pairs, heavy: Truth) -> npt.NDArray[np.int64]:
    group = np.full(rows, NO_KEY, np.int64)
    ids, labels = connected_components(pairs.left[heavy].astype(np.int64), pairs.right[heavy].astype(np.int64))
    group[ids] = labels
    return group


def _small(group: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    _, inverse, sizes = np.unique(group, return_inverse=True, return_counts=True)
    return np.where(sizes[inverse] <= _MOST_RECORDS, group, NO_KEY) if len(group) else group
