"""Candidate pairs against all pairs, slowly."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pyarrow as pa

from kesos.pipeline.link.blocking import combine, find_candidates, pairs_of
from kesos.pipeline.link.encode import LinkTable
from kesos.pipeline.link.model import Model
from unit.pipeline.link.small_table import small_table


def test_find_candidates_are_all_pairs_that_share_a_key_each_once() -> None:
    table, model = small_table()
    found = find_candidates(table, model)
    keys = [[table.key(part).tolist() for part in rule.on] for rule in model.blocking]
    expected = {
        (one, other): number
        for one, other in combinations(range(len(table)), 2)
        for number, parts in reversed(list(enumerate(keys)))
        if all(part[one] >= 0 and part[one] == part[other] for part in parts)
    }
    pairs = list(zip(found.left.tolist(), found.right.tolist(), strict=True))
    assert pairs == sorted(expected)
    assert found.rule.tolist() == [expected[pair] for pair in pairs]
    assert [one.pairs for one in found.figures] == np.bincount(found.rule, minlength=4).tolist()


def test_find_candidates_between_sources_leaves_out_pairs_of_one_source() -> None:
    table, model = small_table(pairs="between_sources")
    found = find_candidates(table, model)
    assert len(found.left) > 0
    assert (table.source[found.left] != table.source[found.right]).all()


def _blocked(rules: list[dict[str, object]], **columns: Sequence[str | None]) -> tuple[LinkTable, Model]:
    model = Model.model_validate(
        {
            "fields": {name: {"column": name, "kind": "code"} for name in columns},
            "blocking": rules,
            "comparisons": [{"name": "a", "field": "a", "levels": [{"name": "equal", "when": "exact"}]}],
        }
    )
    return LinkTable.of(
        pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()}), model
    ), model


def test_find_candidates_large_block_is_split_by_finer_parts() -> None:
    table, model = _blocked(
        [{"name": "a", "on": ["a"], "finer": ["b"], "cap": 3}],
        a=["x"] * 5 + ["y", "y"],
        b=["1", "1", "2", "2", None, None, None],
    )
    found = find_candidates(table, model)
    assert list(zip(found.left.tolist(), found.right.tolist(), strict=True)) == [(0, 1), (2, 3), (5, 6)]
    figures = found.figures[0]
    assert (figures.split_blocks, figures.capped_blocks, figures.capped_pairs) == (1, 0, 8)


def test_find_candidates_capped_block_loses_no_pair_that_another_key_holds() -> None:
    table, model = _blocked(
        [{"name": "a", "on": ["a"], "cap": 3}, {"name": "b", "on": ["b"]}],
        a=["x"] * 5,
        b=["1", "1", "2", "2", None],
    )
    found = find_candidates(table, model)
    assert list(zip(found.left.tolist(), found.right.tolist(), strict=True)) == [(0, 1), (2, 3)]
    figures = found.figures[0]
    assert (figures.capped_blocks, figures.capped_pairs, figures.held_elsewhere) == (1, 10, 2)


def test_find_candidates_of_no_records_are_none() -> None:
    table, model = _blocked([{"name": "a", "on": ["a"]}], a=[])
    assert len(find_candidates(table, model).left) == 0


def test_combine_keys_that_do_not_fit_are_numbered_anew() -> None:
    parts = [np.array([0, 2**30, 2**30, 5], np.int32) for _ in range(4)]
    key = combine(parts)
    assert key[1] == key[2]
    assert len(set(key.tolist())) == 3


def test_pairs_of_no_keys_are_none() -> None:
    left, right = pairs_of(np.array([-1, -1, 3], np.int64))
    assert left.tolist() == right.tolist() == []


def test_find_candidates_records_without_the_finer_part_leave_a_large_block() -> None:
    table, model = _blocked(
        [{"name": "a", "on": ["a"], "finer": ["b"], "cap": 2}],
        a=["x", "x", "x", "y", "y"],
        b=[None, None, "1", None, None],
    )
    found = find_candidates(table, model)
    assert list(zip(found.left.tolist(), found.right.tolist(), strict=True)) == [(3, 4)]
