"""Weights: estimates against the truth of a made-up table, and sums against a plain computation pair by pair."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from kesos.pipeline.link.blocking import find_candidates
from kesos.pipeline.link.compare import compare
from kesos.pipeline.link.encode import LinkTable
from kesos.pipeline.link.model import Model
from kesos.pipeline.link.patterns import Patterns, count_patterns
from kesos.pipeline.link.run import link_table
from kesos.pipeline.link.weights import Chance, Estimates, Observed, learn, probability, weigh
from unit.pipeline.link.small_table import small_records, small_table


def _learnt(persons: int = 300) -> tuple[LinkTable, Model, Estimates]:
    table, model = small_table(persons=persons)
    return table, model, link_table(table, model, seed=1).estimates


def test_weigh_equals_a_plain_sum_pair_by_pair() -> None:
    table, model, estimates = _learnt()
    found = find_candidates(table, model)
    levels = compare(table, found.left, found.right, model)
    weights = weigh(table, found.left, levels, model, estimates)
    names, counts = table.columns["name"].codes, table.columns["name"].counts()
    limits = model.groups["home"]
    for pair, row in enumerate(found.left.tolist()):
        expected, home = estimates.prior_millibits, 0
        for place, comparison in enumerate(model.comparisons):
            level = int(levels[pair, place])
            m, u = float(estimates.m[place, level]), float(estimates.u[place, level])
            bits = math.log2(m / u) if level else 0.0
            added = round(min(bits, comparison.cap_bits or math.inf) * 1000)
            if comparison.name == "name" and level == 1:
                share = int(counts[names[row]]) / int(counts.sum())
                added += round(math.log2(float(estimates.u[place, 1]) / share) * 1000)
            if comparison.group:
                home += added
            else:
                expected += added
        assert limits.cap_bits is not None
        expected += min(max(home, round(limits.floor_bits * 1000)), round(limits.cap_bits * 1000))
        assert int(weights[pair]) == expected


def test_learn_shares_add_up_to_one() -> None:
    _, model, estimates = _learnt()
    for shares in (estimates.m, estimates.u):
        assert shares.sum(axis=1) == pytest.approx(np.ones(len(model.comparisons)))
        assert (shares[:, 0] == 0).all()


def test_learn_every_round_makes_the_candidates_likelier() -> None:
    # u from drawn pairs is no part of this likelihood, and caps and groups are not of the model that it is of: both
    # are taken out, and all pairs are candidates.
    table, model = small_table(persons=80, comparisons=_plain_comparisons(), groups={})
    left, right = (side.astype(np.int32) for side in np.triu_indices(len(table), 1))
    every = count_patterns(compare(table, left, right, model))
    none = Patterns(np.zeros((0, len(model.comparisons)), np.uint8), np.zeros(0, np.int64))
    observed = Observed(none, every, every, len(left), len(table), {})
    history = learn(table, model, observed).log_likelihood
    assert len(history) > 3
    # Starting values are worth a few pairs, which pulls by that much and no more.
    assert all(after >= before - 1e-3 * abs(before) for before, after in pairwise(history))
    assert history[-1] > history[0]


def _plain_comparisons() -> list[dict[str, object]]:
    return [
        {"name": name, "field": name, "levels": [{"name": "equal", "when": "exact"}]}
        for name in ("name", "birth", "sex", "number")
    ]


def test_learn_m_is_near_the_truth() -> None:
    table, model, estimates = _learnt(persons=600)
    truth = dict(zip(*(small_records(600).column(name).to_pylist() for name in ("record_id", "truth")), strict=True))
    person = np.array([truth[record] for record in table.record_ids.tolist()])
    left, right = (side.astype(np.int32) for side in np.triu_indices(len(table), 1))
    same = person[left] == person[right]
    levels = compare(table, left[same], right[same], model)
    for name in ("name", "birth", "number"):
        place = model.place[name]
        known = levels[:, place] > 0
        assert estimates.m[place, 1] == pytest.approx(float((levels[known, place] == 1).mean()), abs=0.06)


def test_learn_prior_is_near_the_truth() -> None:
    table, _, estimates = _learnt(persons=600)
    people = small_records(600).column("truth").to_numpy()
    pairs = sum(n * (n - 1) // 2 for n in np.bincount(people).tolist())
    share = pairs / (len(table) * (len(table) - 1) / 2)
    assert 2.0 ** (estimates.prior_millibits / 1000) == pytest.approx(share, rel=0.15)


def test_learn_chance_agreement_of_a_number_leaves_out_pairs_of_one_person() -> None:
    _, model, estimates = _learnt(persons=600)
    # A number shared by two persons by chance is far rarer than one shared by two records.
    assert estimates.u[model.place["number"], 1] < 1e-4


def test_learn_anchored_pairs_are_certain() -> None:
    table, model = small_table(persons=50, comparisons=_plain_comparisons(), groups={})
    levels = np.array([[1, 2, 1, 1]] * 40, np.uint8)
    none = count_patterns(np.zeros((0, 4), np.uint8))
    drawn = count_patterns(np.array([[2, 2, 1, 2], [2, 2, 2, 2]] * 500, np.uint8))
    observed = Observed(count_patterns(levels), none, drawn, 10_000, len(table), {})
    estimates = learn(table, model, observed)
    assert estimates.m[1, 2] > 0.8
    assert estimates.prior_millibits == round(math.log2(40 / 9_960) * 1000)
    more = learn(table, model, replace(observed, chance={3: Chance(equal=90.0, known=9_000.0)}))
    assert more.u[3, 1] == pytest.approx((90 - 40 + 0.5) / (9_000 - 40 + 1))


def test_learn_level_that_does_not_count_weighs_nothing() -> None:
    comparisons = _plain_comparisons()
    comparisons[0]["levels"] = [{"name": "equal", "when": "exact", "counts": False}]
    table, model = small_table(comparisons=comparisons, groups={})
    assert link_table(table, model, seed=1).estimates.weights[0, 1] == 0


def test_probability_of_even_odds_is_a_half() -> None:
    assert probability(np.array([0, -(10**9), 10**9])).tolist() == pytest.approx([0.5, 0.0, 1.0])


def test_learn_drawn_pairs_of_one_person_do_not_teach_chance() -> None:
    table, model = small_table(persons=50, comparisons=_plain_comparisons(), groups={})
    one_person = count_patterns(np.array([[1, 1, 1, 1]] * 90, np.uint8))
    drawn = count_patterns(np.array([[1, 1, 1, 1]] * 90 + [[2, 2, 2, 2]] * 910, np.uint8))
    none = count_patterns(np.zeros((0, 4), np.uint8))
    estimates = learn(table, model, Observed(none, one_person, drawn, 1_000, len(table), {}))
    assert estimates.u[:, 1].max() < 0.01
