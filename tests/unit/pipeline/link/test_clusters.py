"""Connected components against a slow union-find."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kesos.pipeline.link.clusters import connected_components

PAIRS = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), max_size=60)


def components_by_hand(pairs: list[tuple[int, int]]) -> dict[int, int]:
    """Join one pair at a time: every member of both groups gets the lower label."""
    label = {end: end for pair in pairs for end in pair}
    for left, right in pairs:
        low, high = sorted((label[left], label[right]))
        label = {end: low if at == high else at for end, at in label.items()}
    return label


def components(pairs: list[tuple[int, int]]) -> dict[int, int]:
    left = np.array([pair[0] for pair in pairs], np.int64)
    right = np.array([pair[1] for pair in pairs], np.int64)
    ids, labels = connected_components(left, right)
    assert ids.tolist() == sorted(ids.tolist())
    return dict(zip(ids.tolist(), labels.tolist(), strict=True))


@given(PAIRS)
def test_connected_components_equal_those_joined_by_hand(pairs: list[tuple[int, int]]) -> None:
    assert components(pairs) == components_by_hand(pairs)


@given(PAIRS, st.randoms(use_true_random=False))
def test_connected_components_do_not_depend_on_the_order_of_pairs(pairs: list[tuple[int, int]], random: Random) -> None:
    shuffled = [pair[::-1] if random.random() < 0.5 else pair for pair in pairs]
    random.shuffle(shuffled)

    assert components(shuffled) == components(pairs)


def test_connected_components_of_nothing_are_none() -> None:
    assert components([]) == {}


def test_connected_components_of_a_long_chain_hang_on_its_lowest_end() -> None:
    chain = [(n, n + 1) for n in range(1, 5_000)]

    assert set(components(chain[::-1]).values()) == {1}
