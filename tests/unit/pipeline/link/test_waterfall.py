"""The evidence of a pair adds up to its weight, to the millibit."""

from __future__ import annotations

import numpy as np

from kesos.pipeline.link.blocking import find_candidates
from kesos.pipeline.link.compare import compare
from kesos.pipeline.link.run import link_table
from kesos.pipeline.link.waterfall import LIMIT, PRIOR, explain_pair
from kesos.pipeline.link.weights import weigh
from unit.pipeline.link.small_table import small_table


def test_explain_pair_adds_up_to_the_weight_of_every_candidate() -> None:
    table, model = small_table()
    estimates = link_table(table, model, seed=1).estimates
    found = find_candidates(table, model)
    weights = weigh(table, found.left, compare(table, found.left, found.right, model), model, estimates)
    limited = 0
    for left, right, weight in zip(found.left.tolist(), found.right.tolist(), weights.tolist(), strict=True):
        lines = explain_pair(table, left, right, model, estimates)
        assert sum(line.weight_millibits for line in lines) == weight
        assert [line.comparison for line in lines[: 1 + len(model.comparisons)]] == [PRIOR, *model.place]
        limited += lines[-1].comparison == LIMIT
    assert limited > 0


def test_explain_pair_names_the_levels() -> None:
    table, model = small_table()
    estimates = link_table(table, model, seed=1).estimates
    found = find_candidates(table, model)
    levels = compare(table, found.left[:1], found.right[:1], model)
    lines = explain_pair(table, int(found.left[0]), int(found.right[0]), model, estimates)
    named = [one.level_name(int(level)) for one, level in zip(model.comparisons, levels[0], strict=True)]
    assert [line.level for line in lines[1 : 1 + len(named)]] == named
    assert np.isin(
        named, ["null", "else", "equal", "order", "close", "part", "swapped", "one_part", "year", "one_digit"]
    ).all()
