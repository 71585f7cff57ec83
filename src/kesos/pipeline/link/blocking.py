"""Candidate pairs: records that agree in a key of integers, each pair once, no block larger than its cap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from kesos.pipeline.link.encode import LinkTable
from kesos.pipeline.link.model import BlockingModel, Model

Keys: TypeAlias = "npt.NDArray[np.int64]"
Rows: TypeAlias = "npt.NDArray[np.int32]"

NO_KEY: Final = -1
_ROOM: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class BlockingFigures:
    """What one rule found.

    `pairs` are new ones that no rule before held; `capped_blocks` are blocks above the cap after the last finer
    part, `capped_pairs` the pairs of all blocks above the cap that this rule does not hold, and `held_elsewhere`
    how many of those another rule holds.
    """

    name: str
    pairs: int
    split_blocks: int
    capped_blocks: int
    capped_pairs: int
    held_elsewhere: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of row numbers, `left` < `right`, in ascending order, and the rule that found each first."""

    left: Rows
    right: Rows
    rule: npt.NDArray[np.uint8]
    figures: tuple[BlockingFigures, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """Keys of one rule: `raw` before, `live` after blocks above the cap were split or dropped."""

    name: str
    raw: Keys
    live: Keys
    split_blocks: int
    capped_blocks: int
    raw_pairs: int


def find_candidates(table: LinkTable, model: Model) -> Candidates:
    """List the pairs that agree in a key of any rule of the model, each once."""
    rules = [_rule(table, rule) for rule in model.blocking]
    source = table.source if model.pairs == "between_sources" else None
    found: list[tuple[Rows, Rows]] = []
    for place, rule in enumerate(rules):
        left, right = pairs_of(rule.live)
        keep = np.ones(len(left), np.bool_) if source is None else source[left] != source[right]
        for earlier in rules[:place]:
            keep &= ~_agree(earlier.live, left, right)
        found.append((left[keep], right[keep]))
    lefts, rights = np.concatenate([one for one, _ in found]), np.concatenate([one for _, one in found])
    which = np.repeat(np.arange(len(found), dtype=np.uint8), [len(one) for one, _ in found])
    order = np.argsort(lefts.astype(np.int64) * len(table) + rights, kind="stable")
    lefts, rights, which = lefts[order], rights[order], which[order]
    figures = tuple(_figures(rule, len(found[n][0]), lefts, rights) for n, rule in enumerate(rules))
    return Candidates(lefts, rights, which, figures)


def _rule(table: LinkTable, rule: BlockingModel) -> _Rule:
    raw = combine([table.key(part) for part in rule.on])
    live = raw
    split = 0
    for depth in range(len(rule.finer) + 1):
        large = _in_large_block(live, rule.cap)
        if not large.any():
            break
        if depth == len(rule.finer):
            capped = len(np.unique(live[large]))
            return _Rule(rule.name, raw, np.where(large, NO_KEY, live), split, capped, _pair_count(raw))
        split += len(np.unique(live[large]))
        live = _split(live, table.key(rule.finer[depth]), large)
    return _Rule(rule.name, raw, live, split, 0, _pair_count(raw))


def _split(live: Keys, finer: npt.NDArray[np.int32], large: npt.NDArray[np.bool_]) -> Keys:
    """Give the records of large blocks a finer key; keys of the others stay apart from these."""
    part = np.where(large, finer.astype(np.int64) + 1, 0)
    part[large & (finer < 0)] = NO_KEY
    return combine([live, part])


def combine(parts: Sequence[npt.NDArray[np.int32] | Keys]) -> Keys:
    """Combine codes into one integer key without loss; unknown in any part is no key.

    >>> combine([np.array([0, 1, 1, -1]), np.array([2, 0, 0, 1])]).tolist()
    [2, 3, 3, -1]
    """
    known = np.ones(len(parts[0]), np.bool_)
    for part in parts:
        known &= part >= 0
    key = np.zeros(len(parts[0]), np.int64)
    size = 1
    for part in parts:
        width = int(part.max(initial=0)) + 1
        if size * width >= _ROOM:
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
            size = len(key)
        key = key * width + np.where(known, part, 0)
        size *= width
    return np.where(known, key, NO_KEY)


def _in_large_block(key: Keys, cap: int) -> npt.NDArray[np.bool_]:
    _, inverse, counts = np.unique(key, return_inverse=True, return_counts=True)
    return np.asarray((counts[inverse] > cap) & (key != NO_KEY), np.bool_)


def _pair_count(key: Keys) -> int:
    counts = np.unique(key[key != NO_KEY], return_counts=True)[1].astype(object)
    return int((counts * (counts - 1) // 2).sum()) if len(counts) else 0


def pairs_of(key: Keys) -> tuple[Rows, Rows]:
    """List the pairs of rows that share a key, the lower row first.

    >>> [rows.tolist() for rows in pairs_of(np.array([7, 3, 7, -1, 7]))]
    [[0, 0, 2], [2, 4, 4]]
    """
    rows = np.flatnonzero(key != NO_KEY)
    order = rows[np.argsort(key[rows], kind="stable")].astype(np.int32)
    held = key[order]
    starts = np.flatnonzero(np.append(True, held[1:] != held[:-1])) if len(held) else np.zeros(0, np.int64)
    sizes = np.diff(np.append(starts, len(held)))
    position = np.arange(len(held), dtype=np.int64)
    after = np.repeat(starts + sizes, sizes) - position - 1
    first = np.repeat(position, after)
    offset = np.arange(len(first), dtype=np.int64) - np.repeat(np.cumsum(after) - after, after)
    return order[first], order[first + 1 + offset]


def _agree(key: Keys, left: Rows, right: Rows) -> npt.NDArray[np.bool_]:
    mine = key[left]
    return np.asarray((mine == key[right]) & (mine != NO_KEY), np.bool_)


def _figures(rule: _Rule, new: int, left: Rows, right: Rows) -> BlockingFigures:
    if not rule.split_blocks and not rule.capped_blocks:
        return BlockingFigures(rule.name, new, 0, 0, 0, 0)
    elsewhere = _agree(rule.raw, left, right) & ~_agree(rule.live, left, right)
    capped = rule.raw_pairs - _pair_count(rule.live)
    return BlockingFigures(rule.name, new, rule.split_blocks, rule.capped_blocks, capped, int(elsewhere.sum()))
