"""Pay a benefit in stages: while nothing changes they add up to it, and a change counts from the stage the rule says.

The year of a benefit is cut into stages of equal length. Each stage has one day on which we look which amount (of the
whole year) holds: with `at_once` its last day, with `next_stage` its first day, with `next_year` the first day of the
year. A stage pays its share of that amount. What is paid up to a stage never depends on what changes later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, Literal

ChangeRule = Literal["at_once", "next_stage", "next_year"]

_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the year of a benefit, from inclusive, until exclusive."""

    valid_from: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class AmountFrom:
    """The amount of a whole year, in rupiah, that holds from a day on."""

    valid_from: date
    amount_idr: int


def stages_of(valid_from: date, valid_until: date, *, stages: int) -> tuple[Stage, ...]:
    """Cut a time into stages: by whole months if it begins and ends on the first of a month, else by days.

    >>> [stage.valid_from.isoformat() for stage in stages_of(date(2026, 1, 1), date(2027, 1, 1), stages=4)]
    ['2026-01-01', '2026-04-01', '2026-07-01', '2026-10-01']
    """
    months = _month(valid_until) - _month(valid_from)
    if valid_from.day == valid_until.day == 1 and months >= stages:
        ordinals = [_month(valid_from) + months * number // stages for number in range(stages + 1)]
        days = [date(ordinal // _MONTHS, ordinal % _MONTHS + 1, 1) for ordinal in ordinals]
    else:
        length = (valid_until - valid_from).days
        days = [valid_from + timedelta(days=length * number // stages) for number in range(stages + 1)]
    return tuple(Stage(first, last) for first, last in pairwise(days))


def _month(day: date) -> int:
    return day.year * _MONTHS + day.month - 1


def amounts_in_force(stages: Sequence[Stage], amounts: Sequence[AmountFrom], rule: ChangeRule) -> tuple[int, ...]:
    """Give for each stage the amount of a whole year that counts for it; 0 before the first amount holds.

    `amounts` in ascending order of their first day.
    """
    looked_at: dict[ChangeRule, list[date]] = {
        "at_once": [stage.valid_until - timedelta(days=1) for stage in stages],
        "next_stage": [stage.valid_from for stage in stages],
        "next_year": [stages[0].valid_from] * len(stages),
    }
    return tuple(_on(day, amounts) for day in looked_at[rule])


def _on(day: date, amounts: Sequence[AmountFrom]) -> int:
    holding = [amount.amount_idr for amount in amounts if amount.valid_from <= day]
    return holding[-1] if holding else 0


def stage_payments(amounts: Sequence[int]) -> tuple[int, ...]:
    """Give what each stage pays, from the amounts of a whole year that count for them.

    Equal amounts give what `money.split_exactly` gives: they add up to the amount. After a change the stages to come
    make up to the rupiah for what rounding gave before, so that the sum is that of the shares, rounded up; no
    stage is below 0, so nobody pays back the rupiah that an earlier stage was ahead.

    >>> stage_payments([1_000_001] * 4), stage_payments([900_000, 900_000, 1_500_000, 1_500_000])
    ((250001, 250000, 250000, 250000), (225000, 225000, 375000, 375000))
    """
    stages, before = len(amounts), 0
    paid: list[int] = []
    for number, amount in enumerate(amounts):
        to_come = stages - number
        due = _rounded_up(before + to_come * amount, stages)
        paid.append(max(0, _rounded_up(due - sum(paid), to_come)))
        before += amount
    return tuple(paid)


def _rounded_up(amount: int, parts: int) -> int:
    return -(-amount // parts)
