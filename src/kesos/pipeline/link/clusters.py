"""Connected components of a set of pairs: records that hang together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]


def connected_components(left: Ids, right: Ids) -> tuple[Ids, Ids]:
    """Label every id that occurs in a pair with the smallest id that it hangs together with.

    *Input*: two arrays of equal length, one pair a position. *Output*: the distinct ids in ascending order,
    and the label of each. Labels are pulled down along the pairs and paths are halved until nothing moves:
    a handful of rounds over whole arrays, because identity groups are small and shallow.

    >>> ids, labels = connected_components(np.array([5, 2, 9]), np.array([2, 1, 8]))
    >>> dict(zip(ids.tolist(), labels.tolist()))
    {1: 1, 2: 1, 5: 1, 8: 8, 9: 8}
    """
    ids, positions = np.unique(np.concatenate([left, right]), return_inverse=True)
    first, second = positions[: len(left)], positions[len(left) :]
    label = np.arange(len(ids), dtype=np.int64)
    while True:
        before = label.copy()
        lowest = np.minimum(label[first], label[second])
        # Pull down the roots of both ends, not only the ends: this joins whole trees in one round.
        np.minimum.at(label, label[first], lowest)
        np.minimum.at(label, label[second], lowest)
        np.minimum.at(label, first, lowest)
        np.minimum.at(label, second, lowest)
        label = label[label]
        if np.array_equal(before, label):
            return ids, ids[label]
