"""Periods have an inclusive first day and an exclusive end, and names that sort and are safe folder names."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos.foundation.period import NotAPeriod, NotAReleaseName, quarter_of, read_period, read_release_name


@pytest.mark.parametrize(
    ("text", "valid_from", "last_day", "valid_until"),
    [
        ("2026-T1", date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1)),
        ("2026-T3", date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 1)),
        ("2026-T4", date(2026, 10, 1), date(2026, 12, 31), date(2027, 1, 1)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 1)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_read_period_of_quarter_and_month(text: str, valid_from: date, last_day: date, valid_until: date) -> None:
    period = read_period(text)

    assert (period.name, period.valid_from, period.last_day, period.valid_until) == (
        text,
        valid_from,
        last_day,
        valid_until,
    )
    assert valid_from in period
    assert last_day in period
    assert valid_until not in period


def test_read_period_forgives_space_and_small_t() -> None:
    assert read_period(" 2026-t3 ").name == "2026-T3"


@pytest.mark.parametrize("text", ["", "2026", "2026-T0", "2026-T5", "2026-13", "2026-7", "26-T1", "0000-T1", "9999-T4"])
def test_read_period_refuses_the_rest(text: str) -> None:
    with pytest.raises(NotAPeriod):
        read_period(text)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_quarter_of_holds_its_day(day: date) -> None:
    assert day in quarter_of(day)


@pytest.mark.parametrize(("text", "suffix"), [("2026-T3", None), ("2026-T3-trial", "trial"), ("2026-T3-b-2", "b-2")])
def test_read_release_name_keeps_quarter_and_suffix(text: str, suffix: str | None) -> None:
    name = read_release_name(text)

    assert (str(name), name.quarter.name, name.suffix) == (text, "2026-T3", suffix)


@pytest.mark.parametrize(
    "text",
    ["2026-T5", "2026-T3-", "2026-T3-A", "2026-T3/x", "2026-T3-..", "2026-07", " 2026-T3", "2026-T3-" + "a" * 60],
)
def test_read_release_name_refuses_what_is_no_safe_name(text: str) -> None:
    with pytest.raises(NotAReleaseName):
        read_release_name(text)
