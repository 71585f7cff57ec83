"""The amounts of a programme that no fact changes, stage by stage: what a component pays in the year of a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from kesos.pipeline.engine import Engine
from kesos.policy.programme import Benefit, Programme
from kesos.policy.published import ProgrammeOn, change_days, programme_on
from kesos.policy.rules.compile import value_sql
from kesos.policy.stages import AmountFrom, Stage, amounts_in_force, stage_payments, stages_of
from kesos.policy.vocabulary.vocabulary import Vocabulary

_WHOLE_YEAR: Final = frozenset({("year", 1), ("month", 12), ("day", 365)})


@dataclass(frozen=True, slots=True)
class FixedAmount:
    """What a component pays: a year (or once), and each stage with its days; `stages` is empty for what is paid once.

    `amount_idr` is the amount that holds on the day asked for.
    """

    amount_idr: int
    payments: tuple[int, ...]
    stages: tuple[Stage, ...]


def fixed_amounts(
    programme: Programme, day: date, vocabulary: Vocabulary, *, codes: Iterable[str]
) -> Mapping[str, FixedAmount]:
    """Give the amount of each component in force on a day that names no fact, by code of the component.

    Changes of the same year are in it, by the rule of the programme. A benefit that does not last a year (once, or
    three months) has no calendar: its stages are shares of what holds on the day.
    """
    benefit, known = programme.benefit, tuple(codes)
    days = [day]
    if spans_a_year(benefit):
        days = sorted({day, *(change for change in change_days(programme) if change.year == day.year)})
        days = sorted({*days, max(date(day.year, 1, 1), programme.valid_from)})
    amounts = _amounts([programme_on(programme, change, vocabulary, codes=known) for change in days])
    return {
        code: _fixed(programme, day, [AmountFrom(change, found.get(code, 0)) for change, found in amounts.items()])
        for code in amounts[day]
    }


def spans_a_year(benefit: Benefit) -> bool:
    """Tell whether a benefit is paid over the whole calendar year, so that its stages have days."""
    return (benefit.per, benefit.periods) in _WHOLE_YEAR


def _fixed(programme: Programme, day: date, amounts: list[AmountFrom]) -> FixedAmount:
    benefit = programme.benefit
    now = next(amount.amount_idr for amount in amounts if amount.valid_from == day)
    if not spans_a_year(benefit):
        return FixedAmount(now, stage_payments([now] * benefit.stages), ())
    stages = stages_of(date(day.year, 1, 1), date(day.year + 1, 1, 1), stages=benefit.stages)
    if programme.valid_until is not None:
        amounts = [*amounts, AmountFrom(programme.valid_until, 0)]
    counting = amounts_in_force(stages, amounts, benefit.change_takes_effect)
    return FixedAmount(now, stage_payments(counting), stages)


def _amounts(versions: Iterable[ProgrammeOn]) -> dict[date, dict[str, int]]:
    found: dict[date, dict[str, int]] = {}
    with Engine(memory="200MB", threads=1) as engine:
        for version in versions:
            periods = version.programme.benefit.periods
            texts = {
                part.component.code: f"CAST(FLOOR({value_sql(part.amount)}) AS BIGINT) * {periods}"
                for part in version.components
                if part.amount is not None and not part.amount.facts
            }
            columns = ", ".join(f"{text} AS {code}" for code, text in texts.items())
            rows = engine.fetch(f"SELECT {columns}").to_pylist() if texts else [{}]
            found[version.day] = rows[0]
    return found
