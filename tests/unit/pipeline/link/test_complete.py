"""Pairs inside a group: those that no key found are weighed as well, and no pair stands twice."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from kesos.pipeline.link.blocking import find_candidates
from kesos.pipeline.link.compare import compare
from kesos.pipeline.link.complete import IN_GROUP, Pairs, complete
from kesos.pipeline.link.run import link_table
from kesos.pipeline.link.weights import weigh
from unit.pipeline.link.small_table import small_table


def test_complete_lists_every_pair_of_a_group_once() -> None:
    table, model = small_table(200, blocking=[{"name": "number", "on": ["number"]}, {"name": "name", "on": ["name"]}])
    linked = link_table(table, model, seed=1)
    found = find_candidates(table, model)
    levels = compare(table, found.left, found.right, model)
    weights = weigh(table, found.left, levels, model, linked.estimates)
    given = Pairs(found.left, found.right, levels, weights, found.rule)
    every, is_inner = complete(table, model, linked.estimates, given, linked.cuts.linked)
    label = list(range(len(table)))
    heavy = np.flatnonzero(weights >= linked.cuts.linked)
    for _ in range(10):
        for one, other in zip(found.left[heavy].tolist(), found.right[heavy].tolist(), strict=True):
            label[one] = label[other] = min(label[one], label[other])
    expected = {(a, b) for a, b in combinations(range(len(table)), 2) if label[a] == label[b]}
    inner = list(zip(every.left[is_inner].tolist(), every.right[is_inner].tolist(), strict=True))
    assert sorted(inner) == sorted(expected)
    added = every.rule == IN_GROUP
    assert added.sum() > 0
    assert every.weights.tolist() == weigh(table, every.left, every.levels, model, linked.estimates).tolist()
