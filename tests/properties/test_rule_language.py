"""The rule language against a slow and independent reading, and against everything that people may type.

The slow reading does not see our tree: rules are made here as nested tuples, written as text, and weighed on the same
tuples by trying every number that an open count may be. DuckDB weighs the compiled SQL on the same rows.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import duckdb
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from kesos.policy.rules.compile import truth_sql, unknown_sql, value_sql
from kesos.policy.rules.explain import leaves
from kesos.policy.rules.name import Kind, Name
from kesos.policy.rules.parse import read_rule
from kesos.policy.rules.refusals import (
    BrokenRule,
    DivisionByZero,
    EmptyRange,
    NeverEqual,
    QuotientBelow,
    ResultTooLarge,
)
from kesos.policy.rules.rule import Rule

LEVELS: Final = ("none", "sd", "smp")
FACTS: Final = {
    "whole": Name("whole", Kind.INTEGER, column="f.whole"),
    "score": Name("score", Kind.DECIMAL, column="f.score"),
    "children": Name("children", Kind.INTEGER, column="f.children", open_column="f.children__open"),
    "elders": Name("elders", Kind.INTEGER, column="f.elders", open_column="f.elders__open"),
    "alone": Name("alone", Kind.BOOLEAN, column="f.alone"),
    "remote": Name("remote", Kind.BOOLEAN, column="f.remote"),
    "level": Name("level", Kind.CODE, codes=LEVELS, column="f.level"),
    "head_level": Name("head_level", Kind.CODE, codes=LEVELS, column="f.head_level"),
}
FIXED: Final[dict[str, int | Decimal | str]] = {
    "limit_of_3": 3, "below_nothing": -2, "nothing": 0, "share": Decimal("0.75"), "wanted": "sd",
}  # fmt: skip
_KINDS: Final = {int: Kind.INTEGER, Decimal: Kind.DECIMAL, str: Kind.CODE}
SCOPE: Final = FACTS | {name: Name(name, _KINDS[type(value)], value=value) for name, value in FIXED.items()}
Tree = tuple[Any, ...]
Row = dict[str, Any]
MILLION: Final = 10**6


def _rows() -> list[Row]:
    """Make rows of small numbers, unknowns and open counts; the same each time."""
    chance = random.Random(7)
    rows = []
    for _ in range(150):
        row: Row = {
            "whole": chance.choice([None, *range(-2, 7)]),
            "score": chance.choice([None, Decimal("-1.5"), Decimal("0.25"), Decimal("2"), Decimal("2.333")]),
            **{name: chance.choice([None, True, False]) for name in ("alone", "remote")},
            **{name: chance.choice([None, *LEVELS]) for name in ("level", "head_level")},
        }
        for name in ("children", "elders"):
            known = chance.choice([None, 0, 0, 1, 2, 3, 5])
            row |= {name: known, f"{name}__open": None if known is None else chance.choice([0, 0, 1, 2, 3])}
        rows.append(row)
    return rows


ROWS: Final = _rows()


@pytest.fixture(scope="module")
def ask() -> Iterator[Callable[[str], list[Any]]]:
    """Give a function that answers one SQL expression for every row, in order."""
    with duckdb.connect() as database:
        database.execute(
            "CREATE TABLE facts (id INTEGER, whole BIGINT, score DECIMAL(9, 3), alone BOOLEAN, remote BOOLEAN,"
            " level VARCHAR, head_level VARCHAR, children INTEGER, children__open INTEGER, elders BIGINT,"
            " elders__open BIGINT)"
        )
        database.executemany(
            "INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [[place, *row.values()] for place, row in enumerate(ROWS)],
        )
        yield lambda sql: [row[0] for row in database.execute(f"SELECT {sql} FROM facts AS f ORDER BY f.id").fetchall()]


def _number(deep: int) -> st.SearchStrategy[Tree]:
    names = ["whole", "score", "children", "elders", "children", "limit_of_3", "below_nothing", "nothing", "share"]
    flat = st.one_of(
        st.sampled_from(names).map(lambda name: ("name", name)),
        st.sampled_from(["0", "1", "2", "3", "-1", "1.5", "0.333333", "4"]).map(lambda text: ("value", text)),
    )
    if deep == 0:
        return flat
    inside = _number(deep - 1)
    calculated = st.tuples(st.sampled_from("++---**/"), inside, inside)
    return st.one_of(calculated, calculated.map(lambda tree: ("wrapped", tree)), inside)


_SIGN: Final = st.sampled_from("= <> != < <= > >=".split())
NUMBER: Final = _number(2)


def _leaf() -> st.SearchStrategy[Tree]:
    level = st.sampled_from([("name", "level"), ("name", "head_level"), ("name", "wanted"), ("value", "'smp'")])
    wholes = st.lists(st.integers(-1, 6).map(str), min_size=1, max_size=5)
    levels = st.lists(st.sampled_from([f"'{level}'" for level in LEVELS]), min_size=1, max_size=2)
    counts = st.sampled_from(["children", "elders", "whole"])
    return st.one_of(
        st.sampled_from([("name", "alone"), ("name", "remote"), ("value", "TRUE"), ("value", "FALSE")]),
        st.tuples(_SIGN, _number(2), _number(1)),
        st.tuples(_SIGN, counts.map(lambda name: ("name", name)), _number(0)),
        st.tuples(st.sampled_from(["=", "<>"]), level, level),
        st.tuples(st.sampled_from(["between", "not between"]), _number(1), _number(1), _number(0)),
        st.tuples(st.sampled_from(["in", "not in"]), counts.map(lambda name: ("name", name)), wholes),
        st.tuples(st.sampled_from(["in", "not in"]), st.just(("name", "level")), levels),
    )


CONDITION: Final = st.recursive(
    _leaf(),
    lambda inside: st.one_of(
        st.tuples(st.sampled_from(["and", "or"]), inside, inside),
        inside.map(lambda tree: ("not", tree)),
        inside.map(lambda tree: ("wrapped", tree)),
    ),
    max_leaves=6,
)
_BINDS: Final = {"or": 0, "and": 0, "not": 1, "+": 3, "-": 3, "*": 4, "/": 4, "name": 5, "value": 5, "wrapped": 5}


def written(tree: Tree, least: int = 0) -> str:
    """Write a rule, with parentheses around what binds less than `least`."""
    how, *parts = tree
    binds = _BINDS.get(how, 2)
    match how:
        case "name" | "value":
            text = str(parts[0])
        case "wrapped":
            text = f"( {written(parts[0])})"
        case "not":
            text = f"not {written(parts[0], 1)}"
        case "and" | "or":
            text = f"{written(parts[0], 1)} {how} {written(parts[1], 1)}"
        case "between" | "not between":
            value, low, high = (written(part, 3) for part in parts)
            text = f"{value} {how} {low} AND {high}"
        case "in" | "not in":
            text = f"{written(parts[0])} {how.upper()}({','.join(parts[1])})"
        case _:
            after = binds + 1 if binds > 2 else 3
            text = f"{written(parts[0], max(binds, 3))}\n{how} {written(parts[1], after)}"
    return f"({text})" if binds < least else text


Numbers = frozenset[Fraction] | None


def numbers(tree: Tree, row: Row) -> Numbers:
    """List what a calculation may give, trying every number that an open count may be; None if anything may come."""
    how, *parts = tree
    if how == "wrapped":
        return numbers(parts[0], row)
    if how in {"name", "value"}:
        value = parts[0] if how == "value" else FIXED.get(parts[0], row.get(parts[0]))
        if value is None:
            return None
        return frozenset(Fraction(value) + more for more in range((row.get(f"{parts[0]}__open") or 0) + 1))
    left, right = numbers(parts[0], row), numbers(parts[1], row)
    if left is None or right is None or (how == "/" and 0 in right):
        return None
    wants_one = how == "/" or (how == "*" and not (_is_fixed(parts[0]) or _is_fixed(parts[1])))
    if wants_one and (len(left) > 1 or len(right) > 1):
        return None
    return frozenset(_calculated(how, tree, one, other) for one, other in itertools.product(left, right))


def _is_fixed(tree: Tree) -> bool:
    if tree[0] == "name":
        return tree[1] in FIXED
    return all(_is_fixed(part) for part in tree[1:] if isinstance(part, tuple))


def _is_whole(tree: Tree) -> bool:
    if tree[0] == "name":
        return SCOPE[tree[1]].kind is Kind.INTEGER
    if tree[0] == "value":
        return "." not in tree[1]
    return tree[0] != "/" and all(_is_whole(part) for part in tree[1:])


def _calculated(how: str, tree: Tree, one: Fraction, other: Fraction) -> Fraction:
    if how == "+":
        return one + other
    if how == "-":
        return one - other
    if how == "/":
        exact = one / other
        cut = Fraction(abs(exact.numerator) * MILLION // exact.denominator, MILLION)
        return cut if exact >= 0 else -cut
    exact = one * other
    if _is_whole(tree):
        return exact
    nearest = Fraction((abs(exact.numerator) * MILLION * 2 + exact.denominator) // (2 * exact.denominator), MILLION)
    return nearest if exact >= 0 else -nearest


def opposite(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


def both(one: bool | None, other: bool | None) -> bool | None:
    return False if one is False or other is False else None if one is None or other is None else True


def compared(sign: str, left: Numbers, right: Numbers) -> bool | None:
    """Compare: sure if it holds for all pairs of possible numbers, or for none between least and most."""
    if left is None or right is None:
        return None
    if sign in {"<>", "!="}:
        return opposite(compared("=", left, right))
    if sign == "=":
        if max(left) < min(right) or min(left) > max(right):
            return False
        return True if len(left | right) == 1 else None
    holds = {
        {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[sign]
        for one, other in itertools.product(left, right)
    }
    return holds.pop() if len(holds) == 1 else None


def truth(tree: Tree, row: Row) -> bool | None:  # noqa: PLR0911 one answer a kind of condition
    """Weigh a condition for one row."""
    how, *parts = tree
    match how:
        case "wrapped":
            return truth(parts[0], row)
        case "name":
            return bool(row[parts[0]]) if row[parts[0]] is not None else None
        case "value":
            return bool(parts[0] == "TRUE")
        case "not":
            return opposite(truth(parts[0], row))
        case "and":
            return both(truth(parts[0], row), truth(parts[1], row))
        case "or":
            return opposite(both(opposite(truth(parts[0], row)), opposite(truth(parts[1], row))))
        case "between" | "not between":
            value, low, high = (numbers(part, row) for part in parts)
            inside = both(compared(">=", value, low), compared("<=", value, high))
            return inside if how == "between" else opposite(inside)
        case "in" | "not in":
            is_in = _is_in(parts[0][1], parts[1], row)
            return is_in if how == "in" else opposite(is_in)
    if _is_code(parts[0]):
        left, right = (_code(part, row) for part in parts)
        return None if left is None or right is None else (left == right) is (how == "=")
    return compared(how, numbers(parts[0], row), numbers(parts[1], row))


def _is_in(name: str, choices: list[str], row: Row) -> bool | None:
    if row[name] is None:
        return None
    if isinstance(row[name], str):
        return f"'{row[name]}'" in choices
    possible = {str(row[name] + more) in choices for more in range((row.get(f"{name}__open") or 0) + 1)}
    return possible.pop() if len(possible) == 1 else None


def _is_code(tree: Tree) -> bool:
    return SCOPE[tree[1]].kind is Kind.CODE if tree[0] == "name" else str(tree[1]).startswith("'")


def _code(tree: Tree, row: Row) -> str | None:
    value = tree[1].strip("'") if tree[0] == "value" else FIXED.get(tree[1], row.get(tree[1]))
    return None if value is None else str(value)


def _read(text: str, wants: Kind = Kind.BOOLEAN) -> Rule | None:
    """Read a rule that was made by chance; None where it says something that is refused with reason."""
    try:
        return read_rule(text, SCOPE, wants=wants, place="by chance")
    except (DivisionByZero, EmptyRange, NeverEqual, QuotientBelow, ResultTooLarge):
        return None


@settings(max_examples=300)
@given(tree=CONDITION)
def test_truth_is_what_trying_every_possible_number_gives(tree: Tree, ask: Callable[[str], list[Any]]) -> None:
    rule = _read(written(tree))

    if rule is not None:
        assert ask(truth_sql(rule)) == [truth(tree, row) for row in ROWS], rule.canonical


@settings(max_examples=300)
@given(tree=st.tuples(_SIGN, NUMBER, _number(1)))
def test_comparison_is_what_trying_every_possible_number_gives(tree: Tree, ask: Callable[[str], list[Any]]) -> None:
    rule = _read(written(tree))

    if rule is not None:
        assert ask(truth_sql(rule)) == [truth(tree, row) for row in ROWS], rule.canonical


@settings(max_examples=300)
@given(tree=NUMBER)
def test_value_is_known_only_where_one_number_is_possible(tree: Tree, ask: Callable[[str], list[Any]]) -> None:
    rule = _read(written(tree), Kind.DECIMAL)

    if rule is not None:
        possible = [numbers(tree, row) for row in ROWS]
        expected = [next(iter(found)) if found and len(found) == 1 else None for found in possible]
        assert [None if value is None else Fraction(value) for value in ask(value_sql(rule))] == expected
        assert read_rule(rule.canonical, SCOPE, wants=Kind.DECIMAL, place="again").tree == rule.tree


@settings(max_examples=150)
@given(tree=CONDITION)
def test_canonical_text_reads_back_to_the_same_tree(tree: Tree) -> None:
    rule = _read(written(tree))

    if rule is not None:
        again = read_rule(rule.canonical, SCOPE, place="again")
        assert again.tree == rule.tree
        assert again.canonical == rule.canonical
        assert set(rule.facts) == {fact for leaf in leaves(rule) for fact in leaf.facts}


@pytest.mark.parametrize("name", sorted(SCOPE))
def test_unknown_is_true_where_not_one_value_is_possible(name: str, ask: Callable[[str], list[Any]]) -> None:
    expected = [
        name in FACTS and (row[name] is None or bool(row.get(f"{name}__open"))) for row in ROWS
    ]  # a parameter is always known

    assert ask(unknown_sql(SCOPE[name])) == expected


_NODES: Final = {
    exp.And, exp.Or, exp.Not, exp.Paren, exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.EQ, exp.NEQ,
    exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between, exp.In, exp.Add, exp.Sub, exp.Mul, exp.IntDiv, exp.Neg, exp.Case,
    exp.If, exp.Cast, exp.DataType, exp.DataTypeParam,
}  # fmt: skip
_COLUMNS: Final = {column for name in FACTS.values() for column in (name.column, name.open_column)}
_SOUP: Final = st.sampled_from(
    "AND OR NOT BETWEEN IN ( ( ) ) , + - * / = <> != < <= > >= TRUE FALSE 0 1 2.5 'sd' 'none' alone remote children"
    " whole score level limit_of_3 wanted × ÷ − NULL IS SELECT FROM facts ; -- /* */ ' \" . :: % || | & ! ? $1 @x # [ ]"
    " { } CASE WHEN THEN ELSE END CAST AS INTEGER COALESCE sum count * LIKE 'a%' 0x1F 1e9 X'41' DATE ROW OVER f.whole"
    " f.whole EXISTS ALL ANY INTERVAL -> ->> := => DAN ATAU \\ \x00 \u202e \u200b ａlone ＝ ≤ é".split(" ")
)


def _holds(text: str, ask: Callable[[str], list[Any]]) -> None:
    """Read a text: it is a rule whose SQL is made of allowed parts and runs, or it is refused in a sentence."""
    try:
        rule = read_rule(text, SCOPE, place="typed")
    except BrokenRule as refusal:
        said, line = str(refusal), refusal.fields["line"]
    else:
        sql = truth_sql(rule)
        parsed = sqlglot.parse_one(sql, dialect="duckdb")
        assert {type(node) for node in parsed.walk()} <= _NODES
        assert {column.sql() for column in parsed.find_all(exp.Column)} <= _COLUMNS
        assert set(ask(sql)) <= {True, False, None}
        return
    assert said.startswith("typed")
    assert said.isprintable()
    assert isinstance(line, int)


@settings(max_examples=200)
@given(text=st.text(max_size=120))
def test_any_text_is_a_rule_or_is_refused(text: str, ask: Callable[[str], list[Any]]) -> None:
    _holds(text, ask)


@settings(max_examples=500)
@given(words=st.lists(_SOUP, max_size=14))
def test_any_words_of_sql_are_a_rule_or_are_refused(words: list[str], ask: Callable[[str], list[Any]]) -> None:
    _holds(" ".join(words), ask)


@settings(max_examples=300)
@given(tree=CONDITION, at=st.integers(0, 200), gone=st.integers(0, 6), put=st.one_of(_SOUP, st.text(max_size=3)))
def test_any_change_to_a_rule_gives_a_rule_or_a_refusal(
    tree: Tree, at: int, gone: int, put: str, ask: Callable[[str], list[Any]]
) -> None:
    text = written(tree)
    at %= len(text) + 1

    _holds(text[:at] + put + text[at + gone :], ask)
