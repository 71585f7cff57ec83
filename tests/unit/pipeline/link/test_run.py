"""The whole linker on a small table with known truth."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from kesos.pipeline.evaluate.evaluation import evaluate
from kesos.pipeline.link.encode import LinkTable
from kesos.pipeline.link.person_table import truth_of
from kesos.pipeline.link.run import Linked, link_table
from unit.pipeline.link.small_table import small_model, small_records, small_table


def _linked(records: pa.Table, **changes: object) -> Linked:
    model = small_model(**changes)
    return link_table(LinkTable.of(records, model), model, seed=1)


def _pairs(table: pa.Table) -> list[tuple[int, int]]:
    return [(row["record_id"], row["other_record_id"]) for row in table.to_pylist()]


def _decided(one: int, other: int, answer: str) -> pa.Table:
    return pa.table({"record_id": [one], "other_record_id": [other], "answer": [answer]})


def _cluster_of(linked: Linked) -> dict[int, int]:
    return {row["record_id"]: row["cluster"] for row in linked.clusters.to_pylist()}


def test_link_table_finds_the_persons() -> None:
    records = small_records(400)
    linked = _linked(records)
    person = linked.clusters.rename_columns(["record_id", "person_id"])
    truth = truth_of(records, "truth").set_column(0, "record_id", records.column("record_id"))
    score = evaluate(person, truth).overall.pairs.score
    assert score.precision is not None
    assert score.recall is not None
    assert score.precision >= 0.97
    assert score.recall >= 0.93


def test_link_table_bands_and_refusals() -> None:
    linked = _linked(small_records(200))
    cluster = _cluster_of(linked)
    for row in linked.edges.to_pylist():
        together = cluster[row["record_id"]] == cluster[row["other_record_id"]]
        is_heavy = row["weight_millibits"] >= linked.cuts.linked
        assert row["weight_millibits"] >= linked.cuts.review
        assert (row["band"] == "linked") == (is_heavy and together)
        assert row["is_refused"] == (is_heavy and not together)
        assert len(row["levels"]) == 5
    assert _pairs(linked.edges) == sorted(_pairs(linked.edges))


def test_link_table_linked_edges_hold_the_clusters_together() -> None:
    linked = _linked(small_records(200))
    label = {record: record for record in _cluster_of(linked)}
    kept = [row for row in linked.edges.to_pylist() if row["band"] == "linked"]
    for _ in range(5):
        for row in kept:
            low = min(label[row["record_id"]], label[row["other_record_id"]])
            label[row["record_id"]] = label[row["other_record_id"]] = low
    assert label == _cluster_of(linked)


def test_link_table_answers_are_obeyed() -> None:
    table, model = small_table()
    before = link_table(table, model, seed=1)
    one, other = _pairs(before.edges.filter(pa.array([b == "linked" for b in before.edges["band"].to_pylist()])))[0]
    parted = _cluster_of(link_table(table, model, seed=1, decided=_decided(other, one, "different")))
    assert parted[one] != parted[other]
    ids = table.record_ids.tolist()
    first = ids[0]
    stranger = next(record for record in reversed(ids) if _cluster_of(before)[record] != _cluster_of(before)[first])
    joined = _cluster_of(link_table(table, model, seed=1, decided=_decided(first, stranger, "same")))
    assert joined[first] == joined[stranger]
    unsure = link_table(table, model, seed=1, decided=_decided(one, other, "unsure"))
    assert unsure.clusters.equals(before.clusters)


def test_link_table_veto_keeps_apart_what_weighs_enough() -> None:
    veto = {"name": "v", "when": {"number": ["equal"], "name": ["order", "close"]}}
    free, kept = _linked(small_records(200)), _linked(small_records(200), vetoes=[veto])
    cluster = _cluster_of(kept)
    vetoed = [row for row in kept.edges.to_pylist() if row["levels"][3] == "1" and row["levels"][0] in "23"]
    assert len(vetoed) > 10
    assert all(cluster[row["record_id"]] != cluster[row["other_record_id"]] for row in vetoed)
    assert any(row["band"] == "linked" for row in kept.edges.to_pylist())
    assert len(set(_cluster_of(free).values())) < len(set(cluster.values()))


def test_link_table_second_record_of_the_anchor_source_needs_more() -> None:
    free = _linked(small_records(200))
    kept = _linked(small_records(200), anchor_source="a", anchor_penalty_bits=60.0)
    table, _ = small_table(200)
    source = dict(zip(table.record_ids.tolist(), table.source.tolist(), strict=True))
    for linked, most in ((free, 2), (kept, 1)):
        anchors: dict[int, int] = {}
        for record, cluster in _cluster_of(linked).items():
            anchors[cluster] = anchors.get(cluster, 0) + (table.sources[source[record]] == "a")
        assert max(anchors.values()) == most


def test_link_table_anchored_pairs_may_be_given_or_named_by_the_model() -> None:
    table, model = small_table(300)
    anchors = {"number": "number", "agree": ["name", "birth"]}
    by_model = link_table(table, small_model(anchors=anchors), seed=1)
    candidates = by_model.candidates()
    levels = by_model.weighed.levels
    chosen = (levels[:, 3] == 1) & (levels[:, 0] != 5) & (levels[:, 1] != 5)
    given = candidates.filter(pa.array(chosen)).select(["record_id", "other_record_id"])
    by_hand = link_table(table, model, seed=1, anchored=given)
    assert np.array_equal(by_model.estimates.m, by_hand.estimates.m)
    assert by_model.edges.equals(by_hand.edges)
    assert not np.array_equal(by_model.estimates.m, link_table(table, model, seed=1).estimates.m)


def test_link_table_steps_are_told() -> None:
    linked = _linked(small_records(50))
    assert [one.name for one in linked.steps] == "block compare count learn weigh cut complete cluster".split()
    assert all(one.peak_mb > 0 for one in linked.steps)


def test_link_table_of_few_records_or_none() -> None:
    for rows in (0, 1, 2):
        linked = _linked(small_records(20).slice(0, rows))
        assert linked.clusters.num_rows == rows
