"""What each component pays in the year of a day, stage by stage, where no fact changes it."""

from __future__ import annotations

from datetime import date

from kesos.pipeline.determine.fixed_amounts import FixedAmount, fixed_amounts
from kesos.policy.vocabulary.vocabulary import load_vocabulary
from unit.policy.rice_aid import CODES, rice_aid


def amounts(day: date, *changes: tuple[str, str]) -> dict[str, FixedAmount]:
    return dict(fixed_amounts(rice_aid(*changes), day, load_vocabulary(), codes=CODES))


def test_amounts_of_a_year_change_by_the_rule_of_the_programme() -> None:
    # 12 x 100,000 until 14 May 2026, then 12 x 150,001; `next_stage`: the third stage is the first to feel it.
    # Shares: 300,000 + 300,000 + 450,003 + 450,003.
    found = amounts(date(2026, 8, 1))

    assert (found["elder"].amount_idr, found["elder"].payments) == (1_800_012, (300_000, 300_000, 450_003, 450_003))
    assert (found["family"].amount_idr, found["family"].payments) == (600_000, (150_000,) * 4)
    assert [stage.valid_from.month for stage in found["elder"].stages] == [1, 4, 7, 10]


def test_amounts_before_the_change_of_the_same_year_differ_in_what_holds_only() -> None:
    before, after = amounts(date(2026, 2, 1))["elder"], amounts(date(2026, 8, 1))["elder"]

    assert before.amount_idr == 1_200_000
    assert before.payments == after.payments


def test_amounts_at_once_and_next_year() -> None:
    at_once = amounts(date(2026, 8, 1), ("change_takes_effect: next_stage", "change_takes_effect: at_once"))
    next_year = amounts(date(2026, 8, 1), ("change_takes_effect: next_stage", "change_takes_effect: next_year"))

    assert at_once["elder"].payments == (300_000, 450_003, 450_003, 450_003)
    assert next_year["elder"].payments == (300_000,) * 4


def test_a_programme_that_begins_or_ends_within_the_year_pays_the_stages_it_has() -> None:
    begins = amounts(date(2026, 8, 1), ("valid_from: 2024-01-01", "valid_from: 2026-06-30"))
    ends = amounts(date(2026, 8, 1), ("valid_until: 2028-01-01", "valid_until: 2026-10-01"))

    assert begins["family"].payments == (0, 0, 150_000, 150_000)
    assert ends["family"].payments == (150_000, 150_000, 150_000, 0)


def test_what_is_given_once_has_no_calendar() -> None:
    once = amounts(date(2026, 8, 1), ("periods: 12", "periods: 3"), ("stages: 4", "stages: 2"))

    assert once["elder"] == FixedAmount(450_003, (225_002, 225_001), ())


def test_an_amount_over_facts_and_one_that_is_no_money_are_left_out() -> None:
    facts = ("amount: amount_family}", "amount: amount_family * lost}")
    lost = (
        "  elderly_age:\n",
        "  lost: {meaning: {id: a, en: a}, unit: '', values: [{value: 2, law: a}]}\n  elderly_age:\n",
    )

    assert amounts(date(2026, 8, 1), facts, lost)["family"].amount_idr == 1_200_000
    over_facts = ("amount: amount_family}", "amount: amount_family * head_age / head_age}")
    assert list(amounts(date(2026, 8, 1), over_facts)) == ["elder"]
    no_money = ("of: unit, amount: amount_family}", "of: unit}")
    assert list(amounts(date(2026, 8, 1), no_money)) == ["elder"]


def test_a_fraction_of_a_rupiah_is_not_paid() -> None:
    half = ("amount: amount_family}", "amount: amount_family * half}")
    number = (
        "  elderly_age:\n",
        "  half: {meaning: {id: a, en: a}, values: [{value: 0.00003, law: a}]}\n  elderly_age:\n",
    )

    # 50,000 x 0.00003 = 1.5 rupiah a month: 1 is paid, 12 a year.
    assert amounts(date(2026, 8, 1), half, number)["family"].amount_idr == 12
