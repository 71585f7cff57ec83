"""Records of one person: strong edges first, soft on two anchors, deaf to nobody's answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Rows: TypeAlias = "npt.NDArray[np.int32]"
Weights: TypeAlias = "npt.NDArray[np.int64]"
Truth: TypeAlias = "npt.NDArray[np.bool_]"
Pairs: TypeAlias = "tuple[Rows, Rows]"


@dataclass(frozen=True, slots=True)
class Constraints:
    """What clustering obeys beside weights.

    `same` and `different` are answered pairs of rows; `apart` are pairs that the model holds for two persons
    (twins, same-name siblings). `is_anchor` marks records of the source that should hold each person once:
    a second one costs `penalty` millibits.
    """

    is_anchor: Truth
    penalty: int = 0
    same: tuple[tuple[int, int], ...] = ()
    different: tuple[tuple[int, int], ...] = ()
    apart: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class _Forest:
    """Union-find; of every root its anchors, the rows it must not meet, and what all pairs with other roots weigh."""

    parent: list[int]
    anchors: list[int]
    foes: dict[int, set[int]] = field(default_factory=dict)
    ties: dict[int, dict[int, int]] = field(default_factory=dict)

    def root(self, row: int) -> int:
        parent = self.parent
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    def tie(self, one: int, other: int, weight: int) -> None:
        """Note what a pair of rows weighs."""
        first, second = self.root(one), self.root(other)
        if first != second:
            for here, there in ((first, second), (second, first)):
                of_root = self.ties.setdefault(here, {})
                of_root[there] = of_root.get(there, 0) + weight

    def part(self, one: int, other: int) -> None:
        """Keep two rows apart, unless they are together already."""
        first, second = self.root(one), self.root(other)
        if first != second:
            self.foes.setdefault(first, set()).add(other)
            self.foes.setdefault(second, set()).add(one)

    def may_meet(self, first: int, second: int) -> bool:
        """Tell whether no row below one root is to be kept apart from one below the other."""
        foes, others = self.foes.get(first), self.foes.get(second)
        if not foes or not others:
            return True
        # A foe is noted on both sides, so the side with fewer foes is enough.
        few, there = (foes, second) if len(foes) <= len(others) else (others, first)
        return all(self.root(foe) != there for foe in few)

    def join(self, first: int, second: int) -> None:
        """Join two roots; the lower row stays the root, so that clusters are named alike in any order."""
        low, high = (first, second) if first < second else (second, first)
        self.parent[high] = low
        self.anchors[low] += self.anchors[high]
        foes = self.foes.pop(high, None)
        if foes:
            self.foes.setdefault(low, set()).update(foes)
        moved = self.ties.pop(high, {})
        stays = self.ties.setdefault(low, {})
        stays.pop(high, None)
        for there, weight in moved.items():
            if there != low:
                stays[there] = stays.get(there, 0) + weight
                of_there = self.ties[there]
                of_there[low] = of_there.get(low, 0) + of_there.pop(high)


def cluster(left: Rows, right: Rows, weights: Weights, cut: int, constraints: Constraints) -> tuple[Rows, Truth]:
    """Join records along edges of at least `cut`, the heaviest first, ties by rows.

    Two clusters meet only if all known pairs between them, light ones included, together speak for one person: one
    chance agreement does not chain two families of records. *Output*: the lowest row of each row's cluster, and for
    every edge whether it was refused: heavy enough, but its two records ended in two persons. Answers come before
    everything: `different`, then `same`, then `apart`.
    """
    forest = _Forest(list(range(len(constraints.is_anchor))), constraints.is_anchor.astype(np.int64).tolist())
    _obey(forest, constraints)
    for one, other, weight in zip(left.tolist(), right.tolist(), weights.tolist(), strict=True):
        forest.tie(one, other, weight)
    heavy = np.flatnonzero(weights >= cut)
    order = heavy[np.lexsort((right[heavy], left[heavy], -weights[heavy]))]
    for one, other, weight in zip(left[order].tolist(), right[order].tolist(), weights[order].tolist(), strict=True):
        first, second = forest.root(one), forest.root(other)
        if first == second:
            continue
        is_second_anchor = forest.anchors[first] and forest.anchors[second]
        if is_second_anchor and weight - constraints.penalty < cut:
            continue
        if forest.ties[first][second] >= 0 and forest.may_meet(first, second):
            forest.join(first, second)
    label = np.array([forest.root(row) for row in range(len(forest.parent))], np.int32)
    return label, (weights >= cut) & (label[left] != label[right])


def _obey(forest: _Forest, constraints: Constraints) -> None:
    for one, other in sorted(constraints.different):
        forest.part(one, other)
    for one, other in sorted(constraints.same):
        first, second = forest.root(one), forest.root(other)
        if first != second and forest.may_meet(first, second):
            forest.join(first, second)
    for one, other in sorted(constraints.apart):
        forest.part(one, other)
