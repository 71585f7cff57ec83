"""Evidence that says less together: groups within groups, doubts, rare levels; and the conditions that go with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from kesos.pipeline.link.blocking import find_candidates
from kesos.pipeline.link.compare import compare
from kesos.pipeline.link.encode import LinkTable
from kesos.pipeline.link.model import Model
from kesos.pipeline.link.patterns import Patterns, count_patterns
from kesos.pipeline.link.run import link_table
from kesos.pipeline.link.waterfall import DOUBT, explain_pair
from kesos.pipeline.link.weights import Observed, learn, weigh
from unit.pipeline.link.small_table import small_model, small_table

_DOUBT = {"name": "order_of_a_stranger", "when": {"name": ["order", "part"], "birth": ["equal"]}, "bits": 4.5}
_GROUPS = {
    "home": {"most_odds_bits": -2.0, "floor_bits": -2.0, "within": "register"},
    "register": {"most_odds_bits": 1.0},
}


def _nested(*, doubts: Sequence[object] = ()) -> tuple[LinkTable, Model]:
    parts = [one.model_dump(exclude_none=True) for one in small_model().comparisons]
    in_register = [{**one, "group": "register"} if one["name"] == "number" else one for one in parts]
    return small_table(comparisons=in_register, groups=_GROUPS, doubts=doubts)


def test_weigh_groups_within_groups_and_doubts_equal_a_plain_sum() -> None:
    table, model = _nested(doubts=[_DOUBT])
    estimates = link_table(table, model, seed=1).estimates
    found = find_candidates(table, model)
    levels = compare(table, found.left, found.right, model)
    weights = weigh(table, found.left, levels, model, estimates)
    seen = {"home": 0, "register": 0, "doubt": 0}
    for row, weight in enumerate(weights.tolist()):
        lines = explain_pair(table, int(found.left[row]), int(found.right[row]), model, estimates)
        said = {line.comparison: line.weight_millibits for line in lines if line.comparison in model.place}
        prior = estimates.prior_millibits
        home = min(max(said["card"], -2_000), max(0, -2_000 - prior))
        register = min(said["number"] + home, max(0, 1_000 - prior))
        is_doubted = (
            model.comparison("name").level_name(int(levels[row, 0])) in ("order", "part") and levels[row, 1] == 1
        )
        others = said["name"] + said["birth"] + said["sex"]
        assert weight == prior + others + register - 4_500 * is_doubted
        assert weight == sum(line.weight_millibits for line in lines)
        assert is_doubted == (lines[-1].comparison == DOUBT)
        seen["home"] += home != said["card"]
        seen["register"] += register != said["number"] + home
        seen["doubt"] += is_doubted
    assert min(seen.values()) > 0


def test_household_never_decides_alone_however_large_the_table() -> None:
    table, model = _nested()
    estimates = link_table(table, model, seed=1).estimates
    home = model.groups["home"].cap(estimates.prior_millibits / 1000)
    assert estimates.prior_millibits / 1000 + home == -2.0


def test_learn_no_level_is_held_for_impossible() -> None:
    table, model = small_table()
    found = find_candidates(table, model)
    levels = compare(table, found.left, found.right, model)
    everything_equal = Patterns(np.ones((1, len(model.comparisons)), np.uint8), np.array([10**9]))
    observed = Observed(
        anchored=everything_equal,
        others=count_patterns(levels[:0]),
        drawn=count_patterns(levels),
        all_pairs=10**12,
        records=10**6,
        chance={},
    )

    m = learn(table, model, observed).m

    # The start says .05 and is worth a thousandth of the pairs: .00005, which is lifted to the least.
    assert m[model.place["sex"], :3].round(6).tolist() == [0.0, 0.9995, 0.0005]


@pytest.mark.parametrize(
    ("groups", "fault"),
    [
        ({"home": {"floor_bits": -1.0}}, "either `cap_bits` or `most_odds_bits`"),
        ({"home": {"cap_bits": 3.0, "most_odds_bits": 1.0}}, "either `cap_bits` or `most_odds_bits`"),
        ({"home": {"cap_bits": 3.0, "within": "house"}}, "names what is not there: house"),
        ({"home": {"cap_bits": 3.0, "within": "a"}, "a": {"cap_bits": 3.0, "within": "home"}}, "in a ring"),
    ],
)
def test_groups_that_cannot_be_are_refused(groups: dict[str, object], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        small_model(groups=groups)


def test_doubt_about_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="names what is not there: twice"):
        small_model(doubts=[{**_DOUBT, "when": {"name": ["twice"], "sex": ["equal"]}}])


@pytest.mark.parametrize(
    ("kind", "when", "one", "other", "holds"),
    [
        ("date", "one_digit_differs", date(1980, 3, 12), date(1980, 3, 18), True),
        ("date", "one_digit_differs", date(1980, 3, 12), date(1988, 3, 12), True),
        ("date", "one_digit_differs", date(1980, 3, 12), date(1980, 3, 12), False),
        ("date", "one_digit_differs", date(1979, 3, 12), date(1980, 3, 12), False),
        ("date", "heaped_year", date(1980, 1, 1), date(1980, 3, 12), True),
        ("date", "heaped_year", date(1980, 1, 1), date(1981, 3, 12), False),
        ("date", "heaped_year", date(1980, 1, 2), date(1980, 3, 12), False),
        ("code", "both=dukcapil", "dukcapil", "dukcapil", True),
        ("code", "both=dukcapil", "dtsen", "dtsen", False),
        ("code", "both=dukcapil", "dukcapil", "dtsen", False),
        ("name", "words_alike", "budi santoso", "santosa budi", True),
        ("name", "words_alike", "siti aminah", "s amina", True),
        ("name", "words_alike", "s a", "siti aminah", False),
        ("name", "words_alike", "budi budi", "budi santoso", False),
        ("name", "words_alike", "ani", "adi", False),
    ],
)
def test_compare_one_condition(kind: str, when: str, one: Any, other: Any, *, holds: bool) -> None:
    heaped = {"heaped": ["01-01"]} if kind == "date" else {}
    model = Model.model_validate(
        {
            "fields": {"it": {"column": "it", "kind": kind, **heaped}},
            "blocking": [{"name": "it", "on": ["it"]}],
            "comparisons": [{"name": "it", "field": "it", "levels": [{"name": "holds", "when": when}]}],
        }
    )
    table = LinkTable.of(pa.table({"it": pa.array([one, other])}), model)
    rows = np.array([0], np.int32), np.array([1], np.int32)
    assert compare(table, *rows, model).tolist() == [[1 if holds else 2]]
    assert compare(table, rows[1], rows[0], model).tolist() == [[1 if holds else 2]]


@pytest.mark.parametrize("when", ["both", "both>=2", "edit<=few", "exact=dukcapil"])
def test_a_word_stands_only_with_both(when: str) -> None:
    levels = [{"name": "it", "when": when}]
    with pytest.raises(ValueError, match=r"compares with|cannot read"):
        small_model(comparisons=[{"name": "sex", "field": "sex", "levels": levels}])
