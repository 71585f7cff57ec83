"""Clusters judged: by hand, and against an oracle that lists every pair and asks every record."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from random import Random

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos.pipeline.evaluate.evaluation import Evaluation, evaluate
from kesos.pipeline.evaluate.scores import Counted, Score, Scores

# record → (cluster, person, group or none)
Judged = dict[int, tuple[int, int, str | None]]

RECORDS = st.dictionaries(
    st.integers(1, 60),
    st.tuples(st.integers(1, 6), st.integers(1, 6), st.sampled_from(["a", "b", None])),
    max_size=30,
)


def judge(records: Judged, *, order: list[int] | None = None) -> Evaluation:
    ids = order if order is not None else list(records)
    clusters = pa.table({"record_id": pa.array(ids, pa.int64()), "person_id": [records[i][0] for i in ids]})
    truth = pa.table({"record_id": pa.array(ids, pa.int64()), "person_key": [f"k{records[i][1]}" for i in ids]})
    kind = pa.array([records[i][2] for i in ids], pa.string())
    return evaluate(clusters, truth, pa.table({"record_id": pa.array(ids, pa.int64()), "kind": kind}))


def slow_scores(records: Judged, group: str | None) -> Scores:
    """List all pairs, all clusters and all records: nothing clever."""
    inside = {i for i, (_, _, kind) in records.items() if group is None or kind == group}
    pairs = [(a, b) for a, b in combinations(records, 2) if a in inside or b in inside]
    claimed = {(a, b) for a, b in pairs if records[a][0] == records[b][0]}
    true = {(a, b) for a, b in pairs if records[a][1] == records[b][1]}
    sets = [{frozenset(i for i in records if records[i][side] == records[j][side]) for j in inside} for side in (0, 1)]
    shares: list[list[Fraction]] = [[], []]
    for i in inside:
        both = [j for j in records if records[j][:2] == records[i][:2]]
        for side in (0, 1):
            whole = [j for j in records if records[j][side] == records[i][side]]
            shares[side].append(Fraction(len(both), len(whole)))
    means = [sum(part, Fraction(0)) / len(part) if part else None for part in shares]
    return Scores(
        len(inside),
        Counted(len(claimed), len(true), len(claimed & true)),
        Counted(len(sets[0]), len(sets[1]), len(sets[0] & sets[1])),
        Score(means[0], means[1]),
    )


@given(RECORDS)
def test_evaluate_equals_the_slow_oracle(records: Judged) -> None:
    found = judge(records)

    kinds = sorted({kind for _, _, kind in records.values() if kind is not None})
    assert found.overall == slow_scores(records, None)
    assert [(g.group, g.value) for g in found.groups] == [("kind", kind) for kind in kinds]
    assert [g.scores for g in found.groups] == [slow_scores(records, kind) for kind in kinds]


@given(RECORDS, st.randoms(use_true_random=False))
def test_evaluate_does_not_depend_on_the_order_of_rows(records: Judged, random: Random) -> None:
    order = list(records)
    random.shuffle(order)

    assert judge(records, order=order) == judge(records)


def test_evaluate_worked_by_hand() -> None:
    # Clusters {1, 2, 3}, {4}; persons {1, 2}, {3, 4}.
    found = judge({1: (7, 1, "a"), 2: (7, 1, None), 3: (7, 2, None), 4: (8, 2, "b")})

    assert found.overall == Scores(4, Counted(3, 2, 1), Counted(2, 2, 0), Score(Fraction(2, 3), Fraction(3, 4)))
    by_value = {group.value: group.scores for group in found.groups}
    assert by_value["a"].pairs == Counted(2, 1, 1)
    assert by_value["b"].pairs == Counted(0, 1, 0)
    assert by_value["b"].b_cubed == Score(Fraction(1), Fraction(1, 2))


def test_evaluate_leaves_out_records_without_truth_and_counts_them() -> None:
    clusters = pa.table({"record_id": [1, 2, 3], "person_id": [9, 9, 9]})
    truth = pa.table({"record_id": [2, 3, 4], "person_key": [5, 5, 5]})

    found = evaluate(clusters, truth)

    assert (found.overall.records, found.overall.pairs, found.untold) == (2, Counted(1, 1, 1), 1)
    assert found.groups == ()


def test_evaluate_nothing_gives_no_figures() -> None:
    nothing = pa.table({"record_id": pa.array([], pa.int64())})
    clusters = nothing.append_column("person_id", pa.array([], pa.int64()))
    truth = nothing.append_column("person_key", pa.array([], pa.int64()))

    found = evaluate(clusters, truth)

    assert found.overall == Scores(0, Counted(0, 0, 0), Counted(0, 0, 0), Score(None, None))


def test_evaluate_never_lists_pairs_of_a_cluster_of_many() -> None:
    many = 200_000
    ids = pa.array(range(many), pa.int64())
    same = pa.array([1] * many, pa.int64())

    found = evaluate(pa.table({"record_id": ids, "person_id": same}), pa.table({"record_id": ids, "person_key": same}))

    assert found.overall.pairs.both == 19_999_900_000
    assert found.overall.pairs.score == Score(Fraction(1), Fraction(1))


@pytest.mark.parametrize("twice", ["clusters", "truth", "groups"])
def test_evaluate_refuses_a_record_that_stands_twice(twice: str) -> None:
    tables = {
        name: pa.table({"record_id": [1, 1] if name == twice else [1, 2], column: ["x", "y"]})
        for name, column in (("clusters", "person_id"), ("truth", "person_key"), ("groups", "kind"))
    }

    with pytest.raises(ValueError, match="stands twice"):
        evaluate(tables["clusters"], tables["truth"], tables["groups"])


def test_to_dict_is_plain_data() -> None:
    plain = judge({1: (1, 1, "a"), 2: (1, 1, None)}).to_dict()

    assert plain["untold"] == 0
    assert plain["groups"] == [
        {
            "group": "kind",
            "value": "a",
            "records": 1,
            "pairs": {"claimed": 1, "true": 1, "both": 1, "precision": 1.0, "recall": 1.0, "f1": 1.0},
            "clusters": {"claimed": 1, "true": 1, "both": 1, "precision": 1.0, "recall": 1.0, "f1": 1.0},
            "b_cubed": {"precision": 1.0, "recall": 1.0, "f1": 1.0},
        }
    ]
