"""The SQL of a rule: exact texts, exact numbers, and text that grows no faster than the rule."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from kesos.policy.rules.compile import truth_sql, unknown_sql, value_sql
from kesos.policy.rules.name import Kind, Name
from kesos.policy.rules.parse import read_rule

SCOPE = {
    "decile": Name("decile", Kind.INTEGER, column="f.decile"),
    "wage": Name("wage", Kind.INTEGER, column="f.wage"),
    "area": Name("area", Kind.DECIMAL, column="f.area"),
    "children": Name("children", Kind.INTEGER, column="f.children", open_column="f.children__open"),
    "pupils": Name("pupils", Kind.INTEGER, column="f.pupils", open_column="f.pupils__open"),
    "alone": Name("alone", Kind.BOOLEAN, column="f.alone"),
    "level": Name("level", Kind.CODE, codes=("sd", "smp"), column="f.level"),
    "limit_of_4": Name("limit_of_4", Kind.INTEGER, value=4),
    "below": Name("below", Kind.INTEGER, value=-1),
    "share": Name("share", Kind.DECIMAL, value=Decimal("0.50")),
    "wanted": Name("wanted", Kind.CODE, value="sd"),
}


def _truth(text: str) -> str:
    return truth_sql(read_rule(text, SCOPE, place="x"))


def _value(text: str, wants: Kind = Kind.DECIMAL) -> str:
    return value_sql(read_rule(text, SCOPE, wants=wants, place="x"))


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("decile <= limit_of_4", "(f.decile <= 4)"),
        ("decile > below", "(f.decile > (-1))"),
        ("area >= share", "(f.area >= 0.50)"),
        ("decile BETWEEN 1 AND 4", "(f.decile BETWEEN 1 AND 4)"),
        ("decile NOT IN (1, -2)", "(NOT (f.decile IN (1, (-2))))"),
        ("level = wanted", "(f.level = 'sd')"),
        ("level IN ('sd', 'smp')", "(f.level IN ('sd', 'smp'))"),
        ("alone AND NOT decile = 1 AND TRUE", "(f.alone AND (NOT (f.decile = 1)) AND TRUE)"),
        (
            "children >= 1",
            "(CASE WHEN 1 <= f.children THEN TRUE WHEN 1 > (f.children + f.children__open) THEN FALSE END)",
        ),
    ],
)
def test_truth_sql_is_plain_where_facts_are_exact(text: str, sql: str) -> None:
    assert _truth(text) == sql


def test_value_sql_is_null_unless_it_is_exactly_known() -> None:
    assert _value("wage") == "f.wage"
    assert _value("limit_of_4") == "4"
    assert _value("children") == "CASE WHEN f.children__open = 0 THEN f.children END"
    assert _value("level", Kind.CODE) == "f.level"
    assert _value("decile = 1", Kind.BOOLEAN) == "(f.decile = 1)"


def test_unknown_sql_is_never_null() -> None:
    assert unknown_sql(SCOPE["decile"]) == "(f.decile IS NULL)"
    assert unknown_sql(SCOPE["limit_of_4"]) == "FALSE"
    assert unknown_sql(SCOPE["children"]) == (
        "(f.children IS NULL OR f.children__open IS NULL OR f.children__open <> 0)"
    )


@pytest.mark.parametrize(
    ("known", "unsure", "text", "truth"),
    [
        (0, 2, "children >= 1", None),
        (1, 2, "children >= 1", True),
        (0, 0, "children >= 1", False),
        (1, 1, "children < 3", True),
        (1, 1, "children < 2", None),
        (1, 1, "children = 2", None),
        (1, 1, "children = 3", False),
        (2, 0, "children = 2", True),
        (1, 1, "children <> 3", True),
        (1, 1, "children IN (1, 2)", True),
        (1, 2, "children IN (1, 3)", None),
        (3, 1, "children IN (1, 2, 5)", False),
        (1, 2, "children BETWEEN 1 AND 3", True),
        (1, 3, "children BETWEEN 1 AND 3", None),
        (4, 3, "children NOT BETWEEN 1 AND 3", True),
        (1, 1, "children - children = 0", None),
        (1, 1, "5 - children >= 3", True),
        (1, 1, "children * -2 <= -2", True),
        (1, 1, "children * 0 = 0", True),
        (1, 1, "children * children >= 1", None),
        (2, 0, "children * children = 4", True),
        (2, 0, "children / 0.5 = 4", True),
        (None, None, "children >= 0", None),
        (None, 2, "children >= 0", None),
    ],
)
def test_truth_sql_weighs_a_count_as_a_range(
    known: int | None, unsure: int | None, text: str, truth: bool | None
) -> None:
    row = "(SELECT CAST(? AS INTEGER) AS children, CAST(? AS INTEGER) AS children__open) AS f"

    found = duckdb.execute(f"SELECT {_truth(text)} FROM {row}", [known, unsure]).fetchall()

    assert found == [(truth,)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("wage / 3", Decimal("333333333333.666666")),
        ("0 - wage / 3", Decimal("-333333333333.666666")),
        ("wage * 1000000 / 7", Decimal("142857142857285714.285714")),
        ("wage / decile", None),
        ("area / 0.3", Decimal("8.333333")),
        ("area * share", Decimal("1.25")),
        ("0.000001 * share", Decimal("0.000001")),
        ("0 - 0.000001 * share", Decimal("-0.000001")),
        ("wage * wage", Decimal("1000000000002000000000001")),
        ("wage * 2147483647", Decimal("2147483647002147483647")),
        ("area + 1", Decimal("3.5")),
    ],
)
def test_value_sql_calculates_exactly(text: str, value: Decimal | None) -> None:
    row = "(SELECT CAST(1000000000001 AS BIGINT) AS wage, 0 AS decile, CAST(2.5 AS DECIMAL(9, 2)) AS area) AS f"

    found = duckdb.execute(f"SELECT {_value(text)} FROM {row}").fetchall()

    assert found == [(value,)]


def test_value_sql_of_small_integers_does_not_overflow() -> None:
    row = "(SELECT CAST(2000000000 AS INTEGER) AS wage) AS f"

    assert duckdb.execute(f"SELECT {_value('wage * 2000000000 + wage')} FROM {row}").fetchone() == (
        Decimal(4_000_000_002_000_000_000),
    )


@pytest.mark.parametrize(
    "text",
    [
        "children * pupils = 5",
        "/ ".join(["children", *["pupils"] * 40]) + " = 5",
        "(" * 28 + "children + 1" + " / pupils + children)" * 28 + " = pupils",
        " - ".join(["children", *["pupils * 3"] * 40]) + " <> children",
        "children IN (" + ", ".join(str(number) for number in range(0, 190, 2)) + ")",
    ],
)
def test_truth_sql_grows_no_faster_than_the_rule(text: str) -> None:
    row = "(SELECT 1 AS children, 1 AS children__open, 2 AS pupils, 0 AS pupils__open) AS f"

    sql = _truth(text)

    assert len(sql) < 100 * len(text)
    assert len(duckdb.execute(f"SELECT {sql} FROM {row}").fetchall()) == 1
