"""Kinds, units, codes and sizes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kesos.policy.rules.name import Kind, Name, Value
from kesos.policy.rules.parse import read_rule
from kesos.policy.rules.refusals import (
    BrokenRule,
    CodesInOrder,
    ConditionNeeded,
    DifferentUnits,
    DivisionByZero,
    EmptyRange,
    NeverEqual,
    NumberNeeded,
    OtherCodes,
    QuotientBelow,
    ResultTooLarge,
    TruthCompared,
    UnknownCode,
    UnusableParameter,
    WrongKind,
    WrongUnit,
)  # fmt: skip

SCOPE = {
    "age": Name("age", Kind.INTEGER, "years", column="p.age"),
    "members": Name("members", Kind.INTEGER, "persons", column="f.members"),
    "children": Name("children", Kind.INTEGER, "persons", column="f.children", open_column="f.children__open"),
    "score": Name("score", Kind.INTEGER, column="f.score"),
    "floor_area": Name("floor_area", Kind.DECIMAL, "m2", column="d.floor_area"),
    "months_received": Name("months_received", Kind.INTEGER, "months", column="m.months_received"),
    "wage": Name("wage", Kind.INTEGER, "IDR/month", column="p.wage"),
    "orphan": Name("orphan", Kind.BOOLEAN, column="p.orphan"),
    "level": Name("level", Kind.CODE, codes=("none", "sd"), column="p.level"),
    "damage": Name("damage", Kind.CODE, codes=("none", "heavy"), column="f.damage"),
    "amount": Name("amount", Kind.INTEGER, "IDR/month", value=200_000),
    "most": Name("most", Kind.INTEGER, "persons", value=4),
    "wanted": Name("wanted", Kind.CODE, value="sd"),
}


def _refused(text: str, **wants: object) -> BrokenRule:
    with pytest.raises(BrokenRule) as refused:
        read_rule(text, SCOPE, place="x", **wants)  # type: ignore[arg-type]  # keywords of read_rule
    return refused.value


@pytest.mark.parametrize(
    ("text", "refusal", "near"),
    [
        ("age", ConditionNeeded, "age"),
        ("orphan AND age", ConditionNeeded, "age"),
        ("NOT level", ConditionNeeded, "level"),
        ("orphan OR 'sd'", ConditionNeeded, "'sd'"),
        ("orphan > 1", TruthCompared, "orphan > 1"),
        ("orphan = TRUE", TruthCompared, "orphan = TRUE"),
        ("orphan IN (TRUE)", TruthCompared, "orphan IN (TRUE)"),
        ("orphan + 1 > 1", NumberNeeded, "orphan"),
        ("level * 2 = 1", NumberNeeded, "level"),
        ("age = 'sd'", NumberNeeded, "'sd'"),
        ("age IN (1, 'sd')", NumberNeeded, "'sd'"),
        ("level BETWEEN 1 AND 2", NumberNeeded, "level"),
        ("level > 'sd'", CodesInOrder, "level > 'sd'"),
        ("level = 'sma'", UnknownCode, "'sma'"),
        ("'sma' <> level", UnknownCode, "'sma'"),
        ("level IN ('sd', 'sma')", UnknownCode, "'sma'"),
        ("level IN ('sd', 3)", NumberNeeded, "level"),
        ("wanted IN (0)", NumberNeeded, "wanted"),
        ("damage = wanted", UnknownCode, "wanted"),
        ("level = damage", OtherCodes, "level = damage"),
        ("age > members", DifferentUnits, "age > members"),
        ("age + members > 3", DifferentUnits, "age + members"),
        ("age BETWEEN 1 AND most", DifferentUnits, "age BETWEEN 1 AND most"),
        ("3 BETWEEN age AND most", DifferentUnits, "3 BETWEEN age AND most"),
        ("score > members", DifferentUnits, "score > members"),
        ("members / 0 > 1", DivisionByZero, "members / 0"),
        ("members / (most - 4) > 1", DivisionByZero, "members / (most - 4)"),
        ("members / (members / 2) > 1", QuotientBelow, "members / (members / 2)"),
        ("members BETWEEN 5 AND most", EmptyRange, "members BETWEEN 5 AND most"),
        ("members = 1.5", NeverEqual, "members = 1.5"),
        ("3 / 2 <> members", NeverEqual, "3 / 2 <> members"),
        ("members IN (1, 1.5)", NeverEqual, "1.5"),
        ("members * children * age > 0", ResultTooLarge, "members * children * age"),
        ("floor_area * floor_area * floor_area > 0", ResultTooLarge, "floor_area * floor_area * floor_area"),
        ("score * score > 0.5", ResultTooLarge, "score * score > 0.5"),
        ("floor_area / (score * score) > 0.5", ResultTooLarge, "floor_area / (score * score)"),
    ],
)  # fmt: skip
def test_checked_refuses_what_makes_no_sense(text: str, refusal: type[BrokenRule], near: str) -> None:
    refused = _refused(text)

    assert type(refused) is refusal
    assert refused.fields["near"] == near


def test_checked_lists_the_codes_of_a_fact() -> None:
    assert str(_refused("level = 'sma'")) == ("x, line 1, column 9: level is never 'sma'. Its codes are: 'none', 'sd'.")


def test_checked_tells_what_to_compare_with() -> None:
    assert _refused("level AND orphan").fields["suggestion"] == "level = 'none'"
    assert _refused("orphan AND members").fields["suggestion"] == "members >= 1"
    assert _refused("orphan = FALSE").fields["suggestion"] == "NOT orphan"


@pytest.mark.parametrize(
    "text",
    [
        "level = wanted",
        "age >= 60",
        "2 * members > most + 1",
        "members BETWEEN 1 AND 1",
        "members = 2.0",
        "floor_area / members < 8",
        "wage / members <= 500000",
        "amount * months_received > 3 * wage * months_received",
        "score * score > 1000000000000",
        "1000000000000000 * score < 5",
    ],
)
def test_checked_accepts_what_makes_sense(text: str) -> None:
    assert read_rule(text, SCOPE, place="x").canonical == text


@pytest.mark.parametrize(
    ("text", "wants", "kind", "unit"),
    [
        ("amount * months_received", Kind.DECIMAL, Kind.INTEGER, "IDR"),
        ("amount / members", Kind.DECIMAL, Kind.DECIMAL, "IDR/month/person"),
        ("members / most", Kind.DECIMAL, Kind.DECIMAL, ""),
        ("amount * 2 + 5", Kind.INTEGER, Kind.INTEGER, "IDR/month"),
        ("12 / months_received", Kind.DECIMAL, Kind.DECIMAL, "1/month"),
        ("5", Kind.DECIMAL, Kind.INTEGER, ""),
        ("level", Kind.CODE, Kind.CODE, ""),
    ],
)
def test_read_rule_gives_kind_and_unit(text: str, wants: Kind, kind: Kind, unit: str) -> None:
    rule = read_rule(text, SCOPE, wants=wants, place="x")

    assert (rule.kind, rule.unit) == (kind, unit)


def test_read_rule_wants_a_kind_and_a_unit() -> None:
    assert read_rule("500000", SCOPE, wants=Kind.DECIMAL, unit="IDR/month", place="x").unit == "IDR/month"
    assert read_rule("wage", SCOPE, wants=Kind.DECIMAL, unit="IDR/months", place="x").unit == "IDR/month"

    assert type(_refused("wage", wants=Kind.DECIMAL, unit="IDR")) is WrongUnit
    assert type(_refused("score", wants=Kind.DECIMAL, unit="IDR")) is WrongUnit
    assert type(_refused("members / 2", wants=Kind.INTEGER)) is WrongKind
    assert type(_refused("orphan", wants=Kind.INTEGER)) is WrongKind
    assert type(_refused("level", wants=Kind.DECIMAL)) is WrongKind


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.INTEGER, 10**15 + 1),
        (Kind.INTEGER, Decimal("1.5")),
        (Kind.INTEGER, True),
        (Kind.INTEGER, "4"),
        (Kind.DECIMAL, Decimal("0.1234567")),
        (Kind.DECIMAL, Decimal("NaN")),
        (Kind.DECIMAL, Decimal("1E+30")),
        (Kind.CODE, "a'; DROP TABLE family; --"),
        (Kind.CODE, 5),
    ],
)
def test_read_rule_refuses_a_parameter_that_no_rule_can_hold(kind: Kind, value: Value) -> None:
    scope = SCOPE | {"limit": Name("limit", kind, value=value)}
    text = "level = limit" if kind is Kind.CODE else "score < limit"

    with pytest.raises(UnusableParameter):
        read_rule(text, scope, place="x")


def test_read_rule_takes_a_parameter_with_a_large_exponent_as_the_number_it_is() -> None:
    scope = SCOPE | {"limit": Name("limit", Kind.DECIMAL, value=Decimal("1E+3"))}

    assert read_rule("score < limit", scope, place="x").parameters == ("limit",)
