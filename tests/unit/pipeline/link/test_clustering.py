"""Clusters: plain components where nothing speaks against them; answers, vetoes and anchors where something does."""

from __future__ import annotations

import numpy as np

from kesos.pipeline.link.clustering import Constraints, cluster

Edge = tuple[int, int, int]
Pairs = tuple[tuple[int, int], ...]


def _clusters(
    rows: int,
    edges: list[Edge],
    cut: int = 0,
    *,
    anchors: tuple[int, ...] = (),
    penalty: int = 0,
    **pairs: Pairs,
) -> tuple[list[int], list[bool]]:
    """Cluster edges; `pairs` are same, different and apart of the constraints."""
    is_anchor = np.isin(np.arange(rows), anchors)
    left, right, weights = (np.array(side, np.int64) for side in zip(*edges, strict=True))
    constraints = Constraints(is_anchor, penalty, **pairs)
    label, refused = cluster(left.astype(np.int32), right.astype(np.int32), weights, cut, constraints)
    return label.tolist(), refused.tolist()


def _plain_union(rows: int, edges: list[Edge], cut: int) -> list[int]:
    label = list(range(rows))
    for _ in range(rows):
        for one, other, weight in edges:
            if weight >= cut:
                label[one] = label[other] = min(label[one], label[other])
    return label


def test_cluster_positive_edges_only_are_plain_components() -> None:
    rng = np.random.Generator(np.random.PCG64(5))
    for _ in range(20):
        pairs = {tuple(sorted(rng.choice(30, 2, replace=False).tolist())) for _ in range(25)}
        edges = [(one, other, int(rng.integers(0, 9_000))) for one, other in sorted(pairs)]
        label, refused = _clusters(30, edges, cut=0)
        assert label == _plain_union(30, edges, 0)
        assert not any(refused)


def test_cluster_edges_below_the_cut_join_nothing() -> None:
    assert _clusters(3, [(0, 1, 999), (1, 2, 1_000)], cut=1_000)[0] == [0, 1, 1]


def test_cluster_one_chance_edge_does_not_chain_two_groups() -> None:
    edges = [(0, 1, 20_000), (2, 3, 20_000), (1, 2, 4_000), (0, 2, -9_000), (0, 3, -9_000), (1, 3, -9_000)]
    label, refused = _clusters(4, edges)
    assert label == [0, 0, 2, 2]
    assert refused == [False, False, True, False, False, False]


def test_cluster_heavier_edge_first_ties_by_rows() -> None:
    apart = ((0, 2),)
    assert _clusters(3, [(0, 1, 5_000), (1, 2, 6_000)], apart=apart)[0] == [0, 1, 1]
    assert _clusters(3, [(0, 1, 5_000), (1, 2, 5_000)], apart=apart)[0] == [0, 0, 2]


def test_cluster_different_is_obeyed_through_others() -> None:
    edges = [(0, 1, 30_000), (1, 2, 20_000), (2, 3, 10_000), (0, 3, 9_000)]
    assert _clusters(4, edges, different=((0, 3),))[0] == [0, 0, 0, 3]


def test_cluster_same_is_obeyed_without_any_edge_and_against_vetoes() -> None:
    assert _clusters(4, [(0, 1, -50_000)], same=((0, 1), (2, 3)), apart=((0, 1),))[0] == [0, 0, 2, 2]


def test_cluster_same_does_not_break_different() -> None:
    label, _ = _clusters(3, [(0, 1, 9_000)], same=((0, 1), (1, 2)), different=((0, 2),))
    assert label == [0, 0, 2]


def test_cluster_second_anchor_needs_more_evidence() -> None:
    edges = [(0, 1, 9_000), (1, 2, 8_000), (3, 4, 15_000)]
    label, refused = _clusters(5, edges, anchors=(0, 2, 3, 4), penalty=10_000)
    assert label == [0, 0, 2, 3, 3]
    assert refused == [False, True, False]


def test_cluster_any_order_of_edges_gives_the_same_clusters() -> None:
    rng = np.random.Generator(np.random.PCG64(8))
    edges = [(one, other, int(rng.integers(-5, 9)) * 1_000) for one in range(12) for other in range(one + 1, 12)]
    expected = _clusters(12, edges, anchors=(0, 3, 5), penalty=3_000, apart=((1, 2), (4, 7)))[0]
    for _ in range(10):
        shuffled = [edges[place] for place in rng.permutation(len(edges)).tolist()]
        assert _clusters(12, shuffled, anchors=(0, 3, 5), penalty=3_000, apart=((1, 2), (4, 7)))[0] == expected


def test_cluster_all_pairs_between_two_groups_count_together() -> None:
    # After 0 and 1 have met, what speaks against 2 is the sum of both pairs, in whichever order they were joined.
    light = [(0, 2, -4_000), (1, 2, 3_000)]
    assert _clusters(3, [(0, 1, 9_000), *light])[0] == [0, 0, 2]
    assert _clusters(3, [(0, 1, 9_000), (0, 2, 4_000), (1, 2, -3_000)])[0] == [0, 0, 0]
    assert _clusters(4, [(2, 3, 9_000), (0, 2, -4_000), (0, 3, 3_000)])[0] == [0, 1, 2, 2]
