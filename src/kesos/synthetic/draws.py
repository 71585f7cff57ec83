"""Ways to draw and to share out, on whole arrays; every generator is seeded by name, never by order of work."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

Columns = dict[str, NDArray[Any]]
Rows = NDArray[np.int64]
Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]


def generator(seed: int, *names: str | int) -> np.random.Generator:
    """Make the generator that belongs to a seed and a name such as ("3201", 4, "housing").

    >>> int(generator(7, "3201", 0).integers(1000)) == int(generator(7, "3201", 0).integers(1000))
    True
    """
    keys = [name if isinstance(name, int) else zlib.crc32(name.encode()) for name in names]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *keys])))


def pick(rng: np.random.Generator, weights: Reals, size: int) -> Rows:
    """Draw `size` positions of `weights`, each with a chance in proportion to its weight."""
    cumulated = np.cumsum(weights)
    return np.asarray(np.searchsorted(cumulated, rng.random(size) * cumulated[-1], side="right"), np.int64)


def some_rows(rng: np.random.Generator, rows: int, share: float) -> Rows:
    """Draw about `share` of the row numbers 0 … rows - 1, sorted and without repetition."""
    if rows == 0 or share <= 0.0:
        return np.empty(0, np.int64)
    return np.flatnonzero(rng.random(rows, dtype=np.float32) < share)


def apportion(total: int, weights: Reals) -> Rows:
    """Share out `total` whole units in proportion to weights, by largest remainder.

    >>> apportion(10, np.array([1.0, 1.0, 1.0])).tolist()
    [4, 3, 3]
    """
    exact = weights / weights.sum() * total
    whole = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return np.asarray(whole)


def ordinals(groups: Rows) -> Rows:
    """Number the members of each group 0, 1, 2 … in the order in which they stand.

    >>> ordinals(np.array([5, 3, 5, 5, 3])).tolist()
    [0, 0, 1, 2, 1]
    """
    if groups.size == 0:
        return np.empty(0, np.int64)
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    is_first = np.r_[True, ordered[1:] != ordered[:-1]]
    place = np.arange(groups.size)
    start = np.maximum.accumulate(np.where(is_first, place, 0))
    result = np.empty(groups.size, np.int64)
    result[order] = place - start
    return result


def normal_cdf(x: Reals) -> Reals:
    """Give the standard normal distribution function, to 2e-7 (Abramowitz and Stegun 7.1.26).

    >>> round(float(normal_cdf(np.array([1.6448536]))[0]), 5)
    0.95
    """
    z = np.abs(x) / np.sqrt(2.0)
    t = 1.0 / (1.0 + 0.3275911 * z)
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    half = 0.5 * poly * np.exp(-z * z)
    return np.asarray(np.where(x >= 0, 1.0 - half, half))
