"""Against today's members: the first reason stands, a protection holds it back, an unknown seat says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import pytest

from kesos.pipeline.engine import Engine
from unit.pipeline.determine.small_programme import SAID, Desk, clause, exclusion, number

MEMBER: Final = {"receives_aid": True}
OUTSIDE: Final = {"receives_aid": False}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(memory="500MB", threads=1) as opened:
        yield opened


def moves(found: dict[int, dict[str, Any]]) -> dict[int, tuple[Any, ...]]:
    """Give movement, reason and protection of each unit."""
    return {unit: (row["movement"], row["leave_reason"], row["is_protected"]) for unit, row in found.items()}


def test_enter_stay_leave_and_none(engine: Engine) -> None:
    desk = Desk(engine)
    desk.fill(
        families=[
            {"family_id": 1, "official_decile": 1, **OUTSIDE},
            {"family_id": 2, "official_decile": 1, **MEMBER},
            {"family_id": 3, "official_decile": 9, **MEMBER},
            {"family_id": 4, "official_decile": 9, **OUTSIDE},
            {"family_id": 5, **MEMBER},  # to verify: a member stays
            {"family_id": 6, **OUTSIDE},  # to verify: nobody comes in
            {"family_id": 7, "official_decile": 1},  # nobody told who is a member
            {"family_id": 8, "official_decile": 9},
        ]
    )

    assert moves(desk.determine()) == {
        1: ("enter", None, False),
        2: ("stay", None, False),
        3: ("leave", "decile", False),
        4: ("none", None, False),
        5: ("stay", None, False),
        6: ("none", None, False),
        7: (None, None, False),
        8: (None, None, False),
    }


def test_a_full_quota_proposes_leaving_and_keeps_others_out(engine: Engine) -> None:
    desk = Desk(engine)
    desk.fill(
        families=[
            {"family_id": 1, "official_decile": 1, **OUTSIDE},
            {"family_id": 2, "official_decile": 2, **MEMBER},
            {"family_id": 3, "official_decile": 3, **OUTSIDE},
        ]
    )

    assert moves(desk.determine({"5204": 1})) == {
        1: ("enter", None, False),
        2: ("leave", "quota", False),
        3: ("none", None, False),
    }


def test_the_first_reason_stands_clauses_in_order_then_exits_then_duration_then_quota(engine: Engine) -> None:
    desk = Desk(
        engine,
        eligibility=[clause("decile", "official_decile <= 4"), clause("owner", "owns_dwelling")],
        exclusions=[exclusion("servant", "civil_servant_in_family")],
        exits=[{"id": "car", "rule": "owns_car", "reason": SAID}],
        parameters={"longest": number(60, unit="months")},
        duration={"at_most_months": "longest", "reason": SAID},
        ranking=[],
    )
    servant = {"civil_servant_in_family": True, "civil_servant_in_family__on": date(2026, 9, 1)}
    plain = {"official_decile": 1, "owns_dwelling": True, **MEMBER}
    desk.fill(
        families=[
            {"family_id": 1, **plain, "official_decile": 9, "owns_dwelling": False, **servant},
            {"family_id": 2, **plain, "owns_dwelling": False, **servant},
            {"family_id": 3, **plain, **servant, "owns_car": True},
            {"family_id": 4, **plain, "owns_car": True},
            {"family_id": 5, **plain},
            {"family_id": 6, **plain},
        ],
        members=[{"unit_id": unit, "since": date(2020, 1, 1)} for unit in (1, 2, 3, 4, 5)],
    )

    found = desk.determine({"5204": 0})

    assert [row["leave_reason"] for row in found.values()] == [
        "decile", "owner", "servant", "car", "duration", "quota",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("since", "movement"),
    [
        (date(2021, 10, 1), "stay"),  # sixty months to the day
        (date(2021, 9, 2), "stay"),  # sixty whole months and most of another
        (date(2021, 9, 1), "leave"),
        (None, "stay"),  # nobody says since when
        (date(2026, 10, 2), "stay"),  # a day to come
    ],
)
def test_the_longest_time_counts_whole_months(engine: Engine, since: date | None, movement: str) -> None:
    desk = Desk(
        engine,
        parameters={"longest": number(60, unit="months")},
        duration={"at_most_months": "longest", "reason": SAID},
    )
    desk.fill(families=[{"family_id": 1, "official_decile": 1, **MEMBER}], members=[{"unit_id": 1, "since": since}])

    assert desk.determine()[1]["movement"] == movement


@pytest.mark.parametrize(("elder", "movement"), [(True, "stay"), (None, "stay"), (False, "leave")])
def test_the_longest_time_does_not_hold_for_whom_is_or_may_be_exempt(
    engine: Engine, elder: bool | None, movement: str
) -> None:
    desk = Desk(
        engine,
        parameters={"longest": number(60, unit="months")},
        duration={"at_most_months": "longest", "exempt": "lone_elder", "reason": SAID},
    )
    desk.fill(
        families=[{"family_id": 1, "official_decile": 1, "lone_elder": elder, **MEMBER}],
        members=[{"unit_id": 1, "since": date(2019, 1, 1)}],
    )

    assert desk.determine()[1]["movement"] == movement


def test_a_protection_that_is_known_holds_back_what_would_be_proposed(engine: Engine) -> None:
    desk = Desk(engine, protection={"rule": "lone_elder", "reason": SAID, "way_back": SAID})
    desk.fill(
        families=[
            {"family_id": 1, "official_decile": 9, "lone_elder": True, **MEMBER},
            {"family_id": 2, "official_decile": 9, "lone_elder": None, **MEMBER},
            {"family_id": 3, "official_decile": 1, "lone_elder": True, **MEMBER},
            {"family_id": 4, "official_decile": 9, "lone_elder": True, **OUTSIDE},
        ]
    )

    assert moves(desk.determine()) == {
        1: ("stay", None, True),
        2: ("leave", "decile", False),
        3: ("stay", None, False),
        4: ("none", None, False),
    }


def test_rules_may_ask_who_is_a_member_and_how_long_they_wait(engine: Engine) -> None:
    desk = Desk(
        engine,
        eligibility=[clause("new", "NOT is_member")],
        ranking=[{"key": "months_waiting", "order": "descending", "meaning": SAID}],
    )
    desk.fill(
        families=[
            {"family_id": 1, **OUTSIDE},
            {"family_id": 2, **MEMBER},
            {"family_id": 3},
            {"family_id": 4, **OUTSIDE},
            {"family_id": 5, **OUTSIDE},
        ],
        members=[
            {"unit_id": 2, "since": date(2025, 1, 1)},
            {"unit_id": 4, "since": date(2026, 2, 15), "status": "waiting"},
            {"unit_id": 5, "since": date(2025, 2, 15), "status": "waiting"},
            {"unit_id": 1, "since": date(2010, 1, 1), "status": "waiting", "programme": "OTHER"},
            {"unit_id": 1, "since": date(2010, 1, 1), "status": "waiting", "unit": "person"},
        ],
    )

    found = desk.determine({"5204": 9})

    assert [row["eligibility"] for row in found.values()] == [
        "eligible", "not_eligible", "to_verify", "eligible", "eligible",
    ]  # fmt: skip
    # Nineteen months go before seven; who waits nowhere comes last.
    assert [found[unit]["rank"] for unit in (5, 4, 1)] == [1, 2, 3]
