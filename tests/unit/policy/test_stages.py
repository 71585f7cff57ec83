"""Stages add up to the rupiah while nothing changes, and a change counts from the stage that the rule says."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos.foundation.money import split_exactly
from kesos.policy.stages import AmountFrom, ChangeRule, Stage, amounts_in_force, stage_payments, stages_of

YEAR = stages_of(date(2026, 1, 1), date(2027, 1, 1), stages=4)
RUPIAH = st.integers(min_value=0, max_value=10**9)


def first_days(valid_from: date, valid_until: date, stages: int) -> list[date]:
    return [stage.valid_from for stage in stages_of(valid_from, valid_until, stages=stages)]


def test_stages_of_a_year_begin_with_months() -> None:
    assert YEAR[0] == Stage(date(2026, 1, 1), date(2026, 4, 1))
    assert YEAR[3] == Stage(date(2026, 10, 1), date(2027, 1, 1))
    months = [day.month for day in first_days(date(2026, 1, 1), date(2027, 1, 1), 5)]
    assert months == [1, 3, 5, 8, 10]


def test_stages_of_another_time_are_cut_by_days() -> None:
    assert first_days(date(2026, 1, 15), date(2026, 1, 25), 3) == [
        date(2026, 1, 15), date(2026, 1, 18), date(2026, 1, 21),
    ]  # fmt: skip
    assert first_days(date(2026, 2, 1), date(2026, 3, 1), 2) == [date(2026, 2, 1), date(2026, 2, 15)]


@given(st.integers(1, 12), st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(12, 800))
def test_stages_follow_one_another_without_a_gap(stages: int, first: date, days: int) -> None:
    last = date.fromordinal(first.toordinal() + days)

    found = stages_of(first, last, stages=stages)

    assert [stage.valid_until for stage in found] == [*(stage.valid_from for stage in found[1:]), last]
    assert found[0].valid_from == first
    assert all(stage.valid_from < stage.valid_until for stage in found)


@pytest.mark.parametrize(
    ("changed_on", "rule", "expected"),
    [
        (date(2026, 5, 15), "at_once", (100, 200, 200, 200)),
        (date(2026, 5, 15), "next_stage", (100, 100, 200, 200)),
        (date(2026, 5, 15), "next_year", (100, 100, 100, 100)),
        (date(2026, 4, 1), "next_stage", (100, 200, 200, 200)),
        (date(2026, 6, 30), "at_once", (100, 200, 200, 200)),
        (date(2026, 7, 1), "at_once", (100, 100, 200, 200)),
        (date(2026, 1, 1), "next_year", (200, 200, 200, 200)),
    ],
)
def test_amounts_in_force_obey_the_rule(changed_on: date, rule: ChangeRule, expected: tuple[int, ...]) -> None:
    amounts = [AmountFrom(date(2025, 1, 1), 100), AmountFrom(changed_on, 200)]

    assert amounts_in_force(YEAR, amounts, rule) == expected


def test_amounts_in_force_are_nothing_before_the_first() -> None:
    assert amounts_in_force(YEAR, [AmountFrom(date(2026, 4, 2), 100)], "next_stage") == (0, 0, 100, 100)
    assert amounts_in_force(YEAR, [], "at_once") == (0, 0, 0, 0)


@given(RUPIAH, st.integers(1, 12))
def test_stage_payments_without_a_change_are_the_exact_split(amount: int, stages: int) -> None:
    assert list(stage_payments([amount] * stages)) == split_exactly(amount, stages)


def test_stage_payments_after_a_change_make_up_to_the_rupiah() -> None:
    # By hand: shares 2.5, 2.5, 5, 5 add up to 15. The first two stages round up (3 and 3), so that 9 are left for two.
    assert stage_payments([10, 10, 20, 20]) == (3, 3, 5, 4)
    # Shares 2.5 and then nothing: 2.5 rounded up is 3, all of it paid by the first stage.
    assert stage_payments([10, 0, 0, 0]) == (3, 0, 0, 0)
    # The first two stages gave 6 where 5 were due: nobody pays it back.
    assert stage_payments([10, 10, 0, 0]) == (3, 3, 0, 0)


@given(st.lists(RUPIAH, min_size=1, max_size=12))
def test_stage_payments_lose_no_rupiah_and_give_none_away(amounts: list[int]) -> None:
    paid = stage_payments(amounts)
    shares = -(-sum(amounts) // len(amounts))

    assert all(payment >= 0 for payment in paid)
    # Only where amounts fall to nearly nothing the rupiah that earlier stages were ahead stay with the family.
    assert shares <= sum(paid) < shares + len(amounts)


@given(st.lists(RUPIAH, min_size=1, max_size=12), st.data())
def test_stage_payments_of_the_past_do_not_depend_on_the_future(amounts: list[int], data: st.DataObject) -> None:
    stage = data.draw(st.integers(0, len(amounts) - 1))
    later = data.draw(st.lists(RUPIAH, min_size=len(amounts) - stage - 1, max_size=len(amounts) - stage - 1))

    assert stage_payments([*amounts[: stage + 1], *later])[: stage + 1] == stage_payments(amounts)[: stage + 1]


@given(st.lists(st.integers(1000, 10**9), min_size=1, max_size=12))
def test_stage_payments_stay_near_their_share(amounts: list[int]) -> None:
    stages = len(amounts)

    for payment, amount in zip(stage_payments(amounts), amounts, strict=True):
        assert abs(payment * stages - amount) <= stages * stages
