"""What must hold of the linker for any table: order, plain sums, caps, answers."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos.pipeline.link.blocking import find_candidates
from kesos.pipeline.link.compare import compare
from kesos.pipeline.link.encode import LinkTable
from kesos.pipeline.link.model import BlockingModel
from kesos.pipeline.link.run import link_table
from kesos.pipeline.link.waterfall import explain_pair
from kesos.pipeline.link.weights import weigh
from unit.pipeline.link.small_table import small_model, small_records

_SOME = settings(max_examples=12, deadline=None)
_persons = st.integers(2, 40)
_seeds = st.integers(0, 10_000)


@_SOME
@given(persons=_persons, seed=_seeds, shuffle=_seeds)
def test_any_order_of_rows_gives_the_same_persons(persons: int, seed: int, shuffle: int) -> None:
    records = small_records(persons, seed)
    order = np.random.Generator(np.random.PCG64(shuffle)).permutation(records.num_rows)
    model = small_model()
    one = link_table(LinkTable.of(records, model), model, seed=3)
    other = link_table(LinkTable.of(records.take(pa.array(order, pa.int64())), model), model, seed=3)
    assert one.edges.equals(other.edges)
    assert one.clusters.equals(other.clusters)
    assert one.estimates.m.tolist() == other.estimates.m.tolist()


@_SOME
@given(persons=_persons, seed=_seeds)
def test_either_side_first_gives_the_same_levels_and_weights(persons: int, seed: int) -> None:
    model = small_model()
    table = LinkTable.of(small_records(persons, seed), model)
    found = find_candidates(table, model)
    levels = compare(table, found.left, found.right, model)
    turned = compare(table, found.right, found.left, model)
    assert levels.tolist() == turned.tolist()
    estimates = link_table(table, model, seed=3).estimates
    weights = weigh(table, found.left, levels, model, estimates)
    assert weights.tolist() == weigh(table, found.right, turned, model, estimates).tolist()
    sums = [
        sum(line.weight_millibits for line in explain_pair(table, one, other, model, estimates))
        for one, other in zip(found.left[:40].tolist(), found.right[:40].tolist(), strict=True)
    ]
    assert sums == weights[:40].tolist()


@_SOME
@given(persons=_persons, seed=_seeds, cap=st.integers(2, 12))
def test_a_capped_block_loses_no_pair_that_another_key_holds(persons: int, seed: int, cap: int) -> None:
    sex = BlockingModel(name="sex", on=("sex",), finer=("birth.month",), cap=cap)
    free = small_model()
    capped = free.model_copy(update={"blocking": (sex, *free.blocking)})
    table = LinkTable.of(small_records(persons, seed), free)
    without = find_candidates(table, free)
    found = find_candidates(table, capped)
    pairs = set(zip(found.left.tolist(), found.right.tolist(), strict=True))
    assert len(pairs) == len(found.left)
    assert pairs >= set(zip(without.left.tolist(), without.right.tolist(), strict=True))
    codes, month = table.key("sex").tolist(), table.key("birth.month").tolist()
    all_pairs = {pair for pair in combinations(range(len(table)), 2) if codes[pair[0]] == codes[pair[1]] >= 0}
    kept = {
        pair
        for pair, rule in zip(
            zip(found.left.tolist(), found.right.tolist(), strict=True), found.rule.tolist(), strict=True
        )
        if rule == 0
    }
    figures = found.figures[0]
    assert figures.capped_pairs == len(all_pairs) - len(kept)
    assert figures.held_elsewhere == len((pairs - kept) & all_pairs)
    if figures.split_blocks:
        assert all(month[one] == month[other] for one, other in kept if codes.count(codes[one]) > cap)


@_SOME
@given(persons=st.integers(5, 40), seed=_seeds, data=st.data())
def test_answers_are_obeyed_and_an_answer_taken_back_restores(persons: int, seed: int, data: st.DataObject) -> None:
    model = small_model()
    table = LinkTable.of(small_records(persons, seed), model)
    ids = st.sampled_from(table.record_ids.tolist())
    one, other = data.draw(ids), data.draw(ids)
    answer = data.draw(st.sampled_from(["same", "different"]))
    if one == other:
        return
    before = link_table(table, model, seed=3)
    decided = pa.table({"record_id": [one], "other_record_id": [other], "answer": [answer]})
    after = link_table(table, model, seed=3, decided=decided)
    cluster = dict(zip(*(after.clusters.column(name).to_pylist() for name in ("record_id", "cluster")), strict=True))
    assert (cluster[one] == cluster[other]) == (answer == "same")
    again = link_table(table, model, seed=3, decided=decided.slice(0, 0))
    assert again.clusters.equals(before.clusters)
    assert again.edges.equals(before.edges)
