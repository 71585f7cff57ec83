"""The age of a person is the same in Python, in Arrow and in SQL, on every day of the calendar."""

from __future__ import annotations

from datetime import date

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos.foundation.age import AGE_SQL, BornLater, age_in_years, age_sql, ages_in_years

LEAP = date(2000, 2, 29)
EDGES = [
    (LEAP, date(2026, 2, 28), 25),
    (LEAP, date(2026, 3, 1), 26),
    (LEAP, date(2024, 2, 28), 23),
    (LEAP, date(2024, 2, 29), 24),
    (date(1966, 11, 25), date(2026, 11, 24), 59),
    (date(1966, 11, 25), date(2026, 11, 25), 60),
    (date(1966, 12, 1), date(2026, 11, 30), 59),
    (date(2025, 12, 31), date(2026, 1, 1), 0),
    (date(2026, 1, 1), date(2026, 1, 1), 0),
]


def _in_duckdb(birth: date, as_of: date) -> int | None:
    row = duckdb.execute(f"SELECT {AGE_SQL} FROM (SELECT $birth::DATE AS birth_date)", {"birth": birth, "as_of": as_of})
    ages: list[tuple[int | None]] = row.fetchall()
    return ages[0][0]


@pytest.mark.parametrize(("birth", "as_of", "age"), EDGES)
def test_age_at_the_edges(birth: date, as_of: date, age: int) -> None:
    assert age_in_years(birth, as_of) == age
    assert ages_in_years(pa.array([birth, None]), as_of).to_pylist() == [age, None]
    assert _in_duckdb(birth, as_of) == age


@given(st.dates(date(1900, 1, 1), date(2030, 12, 31)), st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_ages_in_years_agrees_with_age_in_years(birth: date, as_of: date) -> None:
    expected = None if birth > as_of else age_in_years(birth, as_of)

    assert ages_in_years(pa.array([birth]), as_of).to_pylist() == [expected]


def test_age_before_birth_is_refused_or_unknown() -> None:
    birth, as_of = date(2026, 1, 2), date(2026, 1, 1)

    with pytest.raises(BornLater) as refusal:
        age_in_years(birth, as_of)
    assert refusal.value.fields == {"birth": birth, "as_of": as_of}
    assert ages_in_years(pa.array([birth]), as_of).to_pylist() == [None]
    assert _in_duckdb(birth, as_of) is None


def test_age_sql_of_all_days_of_four_years_in_duckdb() -> None:
    as_of = date(2024, 2, 29)
    days = "range(DATE '1999-12-31', DATE '2004-01-01', INTERVAL 1 DAY) t(d)"
    query = f"SELECT d::DATE, {age_sql('d::DATE', '$as_of')} FROM {days}"

    rows = duckdb.execute(query, {"as_of": as_of}).fetchall()

    assert len(rows) == 1462
    assert [age for _, age in rows] == [age_in_years(birth, as_of) for birth, _ in rows]


def test_age_sql_does_not_count_boundaries() -> None:
    assert "date_diff" not in AGE_SQL.lower()
