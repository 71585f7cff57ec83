"""Levels against a plain comparison of every pair, one by one."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from rapidfuzz.distance import OSA, JaroWinkler

from kesos.pipeline.link.compare import compare, words_agree
from kesos.pipeline.link.encode import LinkTable
from kesos.pipeline.link.model import Model
from unit.pipeline.link.small_table import small_records, small_table


def _plain_name(one: str | None, other: str | None) -> int:
    if one is None or other is None:
        return 0
    if one == other:
        return 1
    if sorted(one.split()) == sorted(other.split()) and len(one.split()) > 1:
        return 2
    if JaroWinkler.similarity(one, other) >= 0.9:
        return 3
    return 4 if words_agree(one, other) else 5


def _plain_birth(one: str | None, other: str | None) -> int:
    if one is None or other is None:
        return 0
    (y, m, d), (oy, om, od) = one.split("-"), other.split("-")
    if one == other:
        return 1
    if (y, m, d) == (oy, od, om):
        return 2
    if (y == oy) + (m == om) + (d == od) == 2:
        return 3
    return 4 if y == oy else 5


def _plain_number(one: str | None, other: str | None) -> int:
    if one is None or other is None:
        return 0
    return 1 if one == other else 2 if OSA.distance(one, other) <= 1 else 3


def test_compare_gives_the_levels_of_a_plain_comparison_of_every_pair() -> None:
    table, model = small_table(persons=60)
    rows = small_records(persons=60).to_pylist()
    pairs = list(combinations(range(len(rows)), 2))
    left, right = (np.array(side, np.int32) for side in zip(*pairs, strict=True))
    levels = compare(table, left, right, model)
    plain = {"name": _plain_name, "birth": _plain_birth, "number": _plain_number}
    for name, function in plain.items():
        expected = [function(rows[one][name], rows[other][name]) for one, other in pairs]
        assert levels[:, model.place[name]].tolist() == expected
    assert set(levels[:, 0].tolist()) >= {1, 2, 3, 5}


def _levels(kind: str, when: str | list[str], one: object, other: object, *, columns: tuple[str, ...] = ("a",)) -> int:
    values = {"a": [one, other], "b": ["same", "same"], "c": ["x", None]}
    model = Model.model_validate(
        {
            "fields": {"a": {"column": "a", "kind": kind}, **{n: {"column": n, "kind": "code"} for n in ("b", "c")}},
            "blocking": [{"name": "a", "on": ["a"]}],
            "comparisons": [{"name": "a", "field": "a", "levels": [{"name": "holds", "when": when}]}],
        }
    )
    table = LinkTable.of(pa.table(values), model)
    return int(compare(table, np.array([0], np.int32), np.array([1], np.int32), model)[0, 0])


HOLDS, ELSE, NULL = 1, 2, 0


@pytest.mark.parametrize(
    ("kind", "when", "one", "other", "level"),
    [
        ("name", "exact", "ani", "ANI", HOLDS),
        ("name", "exact", "ani", None, NULL),
        ("name", "same_words", "siti nur", "nur siti", HOLDS),
        ("name", "same_words", "siti", "siti", ELSE),
        ("name", "compatible", "m yusuf", "muhammad yusuf", HOLDS),
        ("name", "compatible", "yusuf", "ani yusuf wati", HOLDS),
        ("name", "compatible", "yusuf", "yusup", ELSE),
        ("name", "jaro_winkler>=.96", "martha", "marhta", HOLDS),
        ("name", "jaro_winkler>=.97", "martha", "marhta", ELSE),
        ("code", "edit<=1", "1234", "1243", HOLDS),
        ("code", "edit<=1", "1234", "2143", ELSE),
        ("code", "edit<=1", b"\x01", b"\x02", ELSE),
        ("code", "head=4", "320101", "320199", HOLDS),
        ("code", "head=6", "320101", "320199", ELSE),
        ("number", "within<=2", 5, 7, HOLDS),
        ("number", "within<=2", 5, 8, ELSE),
        ("date", "day_month_swapped", date(2001, 2, 9), date(2001, 9, 2), HOLDS),
        ("date", "day_month_swapped", date(2001, 2, 9), date(2002, 9, 2), ELSE),
        ("date", "one_part_differs", date(2001, 2, 9), date(2003, 2, 9), HOLDS),
        ("date", "one_part_differs", date(2001, 2, 9), date(2001, 2, 9), ELSE),
        ("date", "same_year", date(2001, 2, 9), date(2001, 12, 31), HOLDS),
        ("date", "within<=3", date(2001, 12, 30), date(2001, 12, 30) + timedelta(days=3), HOLDS),
    ],
)
def test_compare_one_condition(kind: str, when: str, one: object, other: object, level: int) -> None:
    assert _levels(kind, when, one, other) == level


def test_compare_all_conditions_of_a_level_must_hold() -> None:
    assert _levels("name", ["jaro_winkler>=.9", "b exact"], "martha", "marhta") == HOLDS
    assert _levels("name", ["jaro_winkler>=.9", "c exact"], "martha", "marhta") == ELSE


def test_compare_another_field_may_speak_where_the_field_itself_is_unknown() -> None:
    assert _levels("name", "b exact", "ani", None) == HOLDS
    assert _levels("name", "c exact", "ani", None) == NULL


def test_compare_no_pairs() -> None:
    table, model = small_table(persons=3)
    none = np.zeros(0, np.int32)
    assert compare(table, none, none, model).shape == (0, len(model.comparisons))


def test_compare_two_levels_of_one_distance_measure_it_once_and_keep_pairs_in_step() -> None:
    model = Model.model_validate(
        {
            "fields": {"a": {"column": "a", "kind": "code"}},
            "blocking": [{"name": "a", "on": ["a"]}],
            "comparisons": [
                {
                    "name": "a",
                    "field": "a",
                    "levels": [{"name": "one", "when": "edit<=1"}, {"name": "two", "when": "edit<=2"}],
                }
            ],
        }
    )
    table = LinkTable.of(pa.table({"a": ["1111", "1112", "1122", "1222", "2222"]}), model)
    left, right = (side.astype(np.int32) for side in np.triu_indices(5, 1))
    assert compare(table, left, right, model)[:, 0].tolist() == [1, 2, 3, 3, 1, 2, 3, 1, 2, 1]
