"""One total order of the eligible of an area, the same for any order of rows; and where the places end."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from kesos.pipeline.engine import Engine
from unit.pipeline.determine.small_programme import Desk, clause, key


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(memory="500MB", threads=1) as opened:
        yield opened


def family(unit: int, decile: int | None = 1, **more: Any) -> dict[str, Any]:
    """Give a family with a decile."""
    return {"family_id": unit, "official_decile": decile, **more}


def drawn(unit: int) -> str:
    """Draw as anybody can who knows the published seed."""
    return hashlib.sha256(f"seed-of-2026|AID|{unit}".encode()).hexdigest()


def test_a_full_quota_gives_the_waiting_list_and_never_a_no(engine: Engine) -> None:
    desk = Desk(engine)
    desk.fill(families=[family(1, 3), family(2, 1), family(3, 2), family(4, 9), family(5, None)])

    found = desk.determine({"5204": 2})

    assert {unit: (row["eligibility"], row["selection"], row["rank"]) for unit, row in found.items()} == {
        1: ("eligible", "waiting", 3),
        2: ("eligible", "within_quota", 1),
        3: ("eligible", "within_quota", 2),
        4: ("not_eligible", None, None),
        5: ("to_verify", None, None),
    }
    assert desk.cutoffs() == [
        {
            "quota_area": "5204", "quota": 2, "eligible": 3, "within_quota": 2, "waiting": 1, "settled_by_lottery": 0,
            "last_rank": 2, "last_keys": '{"official_decile": 2}',
        }
    ]  # fmt: skip


def test_without_quotas_or_in_an_area_without_one_nobody_is_ranked(engine: Engine) -> None:
    desk = Desk(engine)
    rows = [
        family(1),
        family(2, registered_village="7371010001"),
        family(3, registered_village=None, residence_village=None),
    ]
    desk.fill(families=rows)

    assert {row["selection"] for row in desk.determine(None).values()} == {"not_ranked"}

    found = desk.determine({"5204": 1, "1101": 7})

    assert [found[unit]["selection"] for unit in (1, 2, 3)] == ["within_quota", "not_ranked", "not_ranked"]
    assert [found[unit]["quota_area"] for unit in (1, 2, 3)] == ["5204", "7371", None]
    # An area with places and nobody in it is told, too.
    assert [(c["quota_area"], c["eligible"], c["last_rank"], c["last_keys"]) for c in desk.cutoffs()] == [
        ("1101", 0, None, None),
        ("5204", 1, 1, '{"official_decile": 1}'),
    ]


def test_a_quota_of_none_lets_everybody_wait(engine: Engine) -> None:
    desk = Desk(engine)
    desk.fill(families=[family(1), family(2)])

    found = desk.determine({"5204": 0})

    assert [row["selection"] for row in found.values()] == ["waiting", "waiting"]
    assert (desk.cutoffs()[0]["settled_by_lottery"], desk.cutoffs()[0]["last_rank"]) == (0, None)


def test_an_unknown_key_comes_last_in_either_order(engine: Engine) -> None:
    rows = [family(1, official_score=None), family(2, official_score=Decimal(5)), family(3, official_score=Decimal(7))]
    for order, expected in (("ascending", [2, 3, 1]), ("descending", [3, 2, 1])):
        desk = Desk(engine, ranking=[key("official_score", order)])
        desk.fill(families=rows)

        found = desk.determine({"5204": 9})

        assert sorted(found, key=lambda unit: found[unit]["rank"]) == expected


def test_a_truth_and_an_open_count_as_keys(engine: Engine) -> None:
    desk = Desk(engine, ranking=[key("lone_elder", "descending"), key("children_0_6", "descending")])
    desk.fill(
        families=[
            family(1, lone_elder=False, children_0_6=4, children_0_6__open=1),  # four or five: not exactly known
            family(2, lone_elder=False, children_0_6=1),
            family(3, lone_elder=None, children_0_6=9),
            family(4, lone_elder=True, children_0_6=0),
        ]
    )

    found = desk.determine({"5204": 9})

    assert sorted(found, key=lambda unit: found[unit]["rank"]) == [4, 2, 1, 3]


def test_alike_units_are_drawn_as_anybody_can_draw_again(engine: Engine) -> None:
    desk = Desk(engine)
    desk.fill(families=[family(unit) for unit in range(1, 41)] + [family(99, 2)])

    found = desk.determine({"5204": 10})

    assert sorted(found, key=lambda unit: found[unit]["rank"]) == [*sorted(range(1, 41), key=drawn), 99]


@pytest.mark.parametrize(
    ("quota", "settled"),
    [
        (1, 0),  # the place went to the only one of decile 1
        (2, 3),  # three of decile 2 stood for one place
        (3, 3),
        (4, 0),  # all of decile 2 are in
        (5, 0),
        (9, 0),  # enough for all
    ],
)
def test_settled_by_lottery_counts_those_among_whom_the_last_place_fell(
    engine: Engine, quota: int, settled: int
) -> None:
    desk = Desk(engine)
    desk.fill(families=[family(1, 1), family(2, 2), family(3, 2), family(4, 2), family(5, 3)])

    desk.determine({"5204": quota})

    assert desk.cutoffs()[0]["settled_by_lottery"] == settled


def test_without_keys_the_lottery_settles_all(engine: Engine) -> None:
    desk = Desk(engine, ranking=[])
    desk.fill(families=[family(unit) for unit in range(1, 9)])

    found = desk.determine({"5204": 3})

    assert sorted(found, key=lambda unit: found[unit]["rank"]) == sorted(range(1, 9), key=drawn)
    assert desk.cutoffs()[0]["settled_by_lottery"] == 8
    assert json.loads(desk.cutoffs()[0]["last_keys"]) == {}


def test_the_order_of_rows_and_the_threads_change_nothing(engine: Engine) -> None:
    rows = [
        family(unit, unit % 4 + 1, official_score=Decimal(unit % 7) if unit % 3 else None, children_0_6=unit % 2)
        for unit in range(1, 2001)
    ]
    more: dict[str, Any] = {
        "ranking": [key("official_decile"), key("official_score"), key("children_0_6", "descending")]
    }
    desk = Desk(engine, **more)
    desk.fill(families=rows)
    expected = desk.determine({"5204": 700})

    with Engine(memory="500MB", threads=2) as other:
        shuffled = Desk(other, **more)
        shuffled.fill(families=random.Random(5).sample(rows, len(rows)))

        assert shuffled.determine({"5204": 700}) == expected
        assert shuffled.cutoffs() == desk.cutoffs()
    assert sorted(row["rank"] for row in expected.values()) == list(range(1, 2001))


def test_areas_are_ranked_apart_and_the_ineligible_take_no_place(engine: Engine) -> None:
    desk = Desk(engine, eligibility=[clause("decile", "official_decile <= 4"), clause("owner", "owns_dwelling")])
    desk.fill(
        families=[
            family(1, 1, owns_dwelling=False),
            family(2, 2, owns_dwelling=True),
            family(3, 1, owns_dwelling=True, registered_village="7371010001"),
            family(4, 4, owns_dwelling=True, registered_village="7371010001"),
        ]
    )

    found = desk.determine({"5204": 1, "7371": 1})

    assert {unit: (row["rank"], row["selection"]) for unit, row in found.items()} == {
        1: (None, None), 2: (1, "within_quota"), 3: (1, "within_quota"), 4: (2, "waiting"),
    }  # fmt: skip
