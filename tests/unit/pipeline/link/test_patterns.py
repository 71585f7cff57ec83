"""Patterns of levels: packed, spelt and counted."""

from __future__ import annotations

from collections import Counter

import numpy as np

from kesos.pipeline.link.patterns import count_patterns, pack, spell, unpack


def _levels() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.Generator(np.random.PCG64(1)).integers(0, 16, (500, 15)).astype(np.uint8)


def test_unpack_undoes_pack_of_fifteen_comparisons() -> None:
    assert unpack(pack(_levels()), 15).tolist() == _levels().tolist()
    assert (pack(_levels()) >= 0).all()


def test_spell_one_digit_a_comparison() -> None:
    assert spell(pack(np.array([[0, 1, 10], [15, 0, 0]], np.uint8)), 3) == ["01a", "f00"]


def test_count_patterns_as_a_counter_does() -> None:
    levels = _levels()[:, :1] % 3
    counted = count_patterns(levels)
    expected = Counter(tuple(row) for row in levels.tolist())
    assert {tuple(row): n for row, n in zip(counted.levels.tolist(), counted.pairs.tolist(), strict=True)} == expected


def test_count_patterns_of_no_pairs() -> None:
    counted = count_patterns(np.zeros((0, 4), np.uint8))
    assert counted.levels.shape == (0, 4)
