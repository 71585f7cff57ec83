"""Patterns of levels, packed into one integer, and how many pairs show each: all that the estimates read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Levels: TypeAlias = "npt.NDArray[np.uint8]"
Packed: TypeAlias = "npt.NDArray[np.int64]"

_BITS: Final = 4


@dataclass(frozen=True, slots=True)
class Patterns:
    """Distinct patterns in ascending order of their packed form: `levels` a row each, and the pairs of each."""

    levels: Levels
    pairs: npt.NDArray[np.int64]


def pack(levels: Levels) -> Packed:
    """Pack the levels of each pair into one integer, four bits a comparison, the first one highest.

    >>> pack(np.array([[1, 2], [0, 15]], np.uint8)).tolist()
    [18, 15]
    """
    packed = np.zeros(len(levels), np.int64)
    for place in range(levels.shape[1]):
        packed = (packed << _BITS) | levels[:, place]
    return packed


def unpack(packed: Packed, comparisons: int) -> Levels:
    """Undo `pack`.

    >>> unpack(np.array([18]), 2).tolist()
    [[1, 2]]
    """
    shifts = np.arange(comparisons - 1, -1, -1, dtype=np.int64) * _BITS
    return ((packed[:, None] >> shifts) & 15).astype(np.uint8)


def spell(packed: Packed, comparisons: int) -> list[str]:
    """Write each packed pattern as one hexadecimal digit a comparison, in the order of the model.

    >>> spell(np.array([18]), 3)
    ['012']
    """
    return [f"{pattern:0{comparisons}x}" for pattern in packed.tolist()]


def count_patterns(levels: Levels) -> Patterns:
    """Count the pairs of each pattern."""
    packed, pairs = np.unique(pack(levels), return_counts=True)
    return Patterns(unpack(packed, levels.shape[1]), pairs.astype(np.int64))
