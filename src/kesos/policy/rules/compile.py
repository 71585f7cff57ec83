"""From a tree to SQL: portable, without functions, three-valued, with a count of which a part is open as a range.

Only this module writes SQL, from our own tree: columns come from the vocabulary, values are numbers or checked codes.
A number is carried as its two ends (`_Range`); where both are one, the SQL is the plain comparison. Whole numbers are
calculated as DECIMAL(38, 0), others as DECIMAL(38, 6); a quotient is cut after six decimals. Nothing is a float that
was none before.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final

from kesos.policy.rules.constant import MILLION, constant_of
from kesos.policy.rules.guard import is_code
from kesos.policy.rules.name import Kind, Name, Value
from kesos.policy.rules.rule import Rule
from kesos.policy.rules.tree import Arithmetic, Between, Comparison, Constant, In, Joined, Named, Node, Not

_TYPES: Final = {Kind.INTEGER: "DECIMAL(38, 0)", Kind.DECIMAL: "DECIMAL(38, 6)"}
_SCALE: Final = MILLION
_MIRRORED: Final = {">": "<", ">=": "<="}


def truth_sql(rule: Rule) -> str:
    """Write a condition as SQL that gives TRUE, FALSE or, where facts are unknown, NULL."""
    return _truth(rule.tree)


def value_sql(rule: Rule) -> str:
    """Write what a rule gives as SQL: a number or a code, NULL unless it is exactly known; a condition as its truth."""
    if rule.kind is Kind.BOOLEAN:
        return _truth(rule.tree)
    return _code(rule.tree) if rule.kind is Kind.CODE else _exactly(_number(rule.tree))


def unknown_sql(name: Name) -> str:
    """Write whether a fact is not exactly known, as SQL that is never NULL.

    >>> unknown_sql(Name("children", Kind.INTEGER, column="f.children", open_column="f.children__open"))
    '(f.children IS NULL OR f.children__open IS NULL OR f.children__open <> 0)'
    """
    if name.column is None:
        return "FALSE"
    if name.open_column is None:
        return f"({name.column} IS NULL)"
    return f"({name.column} IS NULL OR {name.open_column} IS NULL OR {name.open_column} <> 0)"


@dataclass(frozen=True, slots=True)
class _Range:
    """A number as SQL: its least and its most; the `opens` that are all 0 if both are one (none: they are the same).

    `is_typed` tells whether it is already of the type of its kind, `kind` which this is.
    """

    least: str
    most: str
    opens: tuple[str, ...]
    kind: Kind
    is_typed: bool = False


def _truth(node: Node) -> str:
    match node:
        case Joined():
            return "(" + f" {node.word} ".join(_truth(part) for part in node.parts) + ")"
        case Not():
            return f"(NOT {_truth(node.part)})"
        case Comparison():
            if node.left.kind is Kind.CODE:
                return f"({_code(node.left)} {node.sign} {_code(node.right)})"
            return _compared(node.sign, _number(node.left), _number(node.right))
        case Between():
            return _between(_number(node.value), _number(node.least), _number(node.most))
        case In():
            return _in(node)
    return _code(node)


def _code(node: Node) -> str:
    """Write a code, or a fact that is yes or no."""
    if isinstance(node, Named):
        return node.name.column or _value(node.name.value)
    if isinstance(node, Constant):
        return _value(node.value)
    raise AssertionError(node)


def _value(value: Value | Fraction | None) -> str:
    """Write a value; what is no number, truth value or code cannot get this far, and would be an error of ours."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str) and is_code(value):
        return f"'{value}'"
    if isinstance(value, int | Decimal):
        digits = str(value) if isinstance(value, int) else f"{value:f}"
        return f"({digits})" if value < 0 else digits
    raise AssertionError(value)


def _number(node: Node) -> _Range:
    if isinstance(node, Arithmetic):
        return _calculated(node)
    if isinstance(node, Named) and node.name.open_column is not None:
        name = node.name
        return _Range(f"{name.column}", f"({name.column} + {name.open_column})", (f"{name.open_column}",), node.kind)
    text = _code(node)
    return _Range(text, text, (), node.kind)


def _calculated(node: Arithmetic) -> _Range:
    """Write a calculation end by end, where that is possible; else from what is exactly known."""
    left, right = _number(node.left), _number(node.right)
    if node.sign == "/":
        return _quotient(left, right, may_be_zero=constant_of(node.right) is None)
    left, right = _typed(left, node.kind), _typed(right, node.kind)
    if node.sign in {"+", "-"}:
        low, high = (right.least, right.most) if node.sign == "+" else (right.most, right.least)
        opens = tuple(dict.fromkeys((*left.opens, *right.opens)))
        return _Range(
            f"({left.least} {node.sign} {low})", f"({left.most} {node.sign} {high})", opens, node.kind, is_typed=True
        )
    if not left.opens and not right.opens:
        return _product(left.least, right.least, left.most, right.most, (), node.kind)
    for ranged, factor, size in ((left, right, constant_of(node.right)), (right, left, constant_of(node.left))):
        if size is not None:
            return _multiplied(ranged, factor.least, size, node.kind)
    left_exactly, right_exactly = _exactly(left), _exactly(right)
    return _product(left_exactly, right_exactly, left_exactly, right_exactly, (), node.kind)


def _multiplied(ranged: _Range, factor: str, size: Fraction, kind: Kind) -> _Range:
    """Multiply both ends by a number that is known when the rule is read; a negative one turns them round."""
    if size == 0:
        return _product(ranged.least, factor, ranged.least, factor, (), kind)
    low, high = (ranged.least, ranged.most) if size > 0 else (ranged.most, ranged.least)
    return _product(low, factor, high, factor, ranged.opens, kind)


def _product(low: str, low_factor: str, high: str, high_factor: str, opens: tuple[str, ...], kind: Kind) -> _Range:
    least, most = f"({low} * {low_factor})", f"({high} * {high_factor})"
    if kind is Kind.DECIMAL:
        least, most = (f"CAST({text} AS {_TYPES[kind]})" for text in (least, most))
    return _Range(least, most, opens, kind, is_typed=True)


def _quotient(left: _Range, right: _Range, *, may_be_zero: bool) -> _Range:
    """Divide whole numbers, because DuckDB divides DECIMALs as floats; nothing divided by 0 is known."""
    above, below = _exactly(left), _exactly(right)
    if left.kind is right.kind is Kind.INTEGER:
        above = f"CAST({above} AS HUGEINT)"
    else:
        above, below = (_millionths(_exactly(_typed(side, Kind.DECIMAL))) for side in (left, right))
    cut = f"CAST(({above} * {_SCALE}) // CAST({below} AS HUGEINT) AS DECIMAL(38, 0)) * 0.000001"
    text = f"CAST({cut} AS {_TYPES[Kind.DECIMAL]})"
    if may_be_zero:
        text = f"CASE WHEN {below} <> 0 THEN {text} END"
    return _Range(text, text, (), Kind.DECIMAL, is_typed=True)


def _millionths(text: str) -> str:
    return f"CAST({text} * {_SCALE} AS HUGEINT)"


def _typed(number: _Range, kind: Kind) -> _Range:
    """Cast a number to the type that a calculation of this kind has."""
    if number.is_typed and number.kind is kind:
        return number
    least, most = (f"CAST({text} AS {_TYPES[kind]})" for text in (number.least, number.most))
    return _Range(least, most, number.opens, kind, is_typed=True)


def _exactly(number: _Range) -> str:
    """Write a number that is NULL unless all its open parts are 0."""
    if not number.opens:
        return number.least
    closed = " AND ".join(f"{column} = 0" for column in number.opens)
    return f"CASE WHEN {closed} THEN {number.least} END"


def _compared(sign: str, left: _Range, right: _Range) -> str:
    if not left.opens and not right.opens:
        return f"({left.least} {sign} {right.least})"
    if sign in _MIRRORED:
        return _compared(_MIRRORED[sign], right, left)
    match sign:
        case "<":
            return _case(f"{left.most} < {right.least}", f"{left.least} >= {right.most}")
        case "<=":
            return _case(f"{left.most} <= {right.least}", f"{left.least} > {right.most}")
    same = f"{left.least} = {right.most} AND {left.most} = {right.least}"
    apart = f"{left.most} < {right.least} OR {left.least} > {right.most}"
    return _case(same, apart) if sign == "=" else _case(apart, same)


def _case(is_true: str, is_false: str) -> str:
    return f"(CASE WHEN {is_true} THEN TRUE WHEN {is_false} THEN FALSE END)"


def _between(value: _Range, least: _Range, most: _Range) -> str:
    if not (value.opens or least.opens or most.opens):
        return f"({value.least} BETWEEN {least.least} AND {most.least})"
    return _case(
        f"{value.least} >= {least.most} AND {value.most} <= {most.least}",
        f"{value.most} < {least.least} OR {value.least} > {most.most}",
    )


def _in(node: In) -> str:
    if node.value.kind is Kind.CODE:
        return f"({_code(node.value)} IN ({', '.join(_code(choice) for choice in node.choices)}))"
    value = _number(node.value)
    if not value.opens:
        return f"({value.least} IN ({', '.join(_code(choice) for choice in node.choices)}))"
    return _in_range(value, sorted({number for choice in node.choices if (number := constant_of(choice)) is not None}))


def _in_range(value: _Range, choices: list[Fraction]) -> str:
    """Write whether a count is one of some whole numbers: surely, if all from its least to its most are."""
    runs = [[choice, choice] for choice in choices[:1]]
    for before, choice in pairwise(choices):
        if choice == before + 1:
            runs[-1][1] = choice
        else:
            runs.append([choice, choice])
    ends = [(_value(int(first)), _value(int(last))) for first, last in runs]
    inside = " OR ".join(f"({value.least} >= {first} AND {value.most} <= {last})" for first, last in ends)
    gaps = "".join(
        f" OR ({value.least} > {last} AND {value.most} < {first})" for (_, last), (first, _) in pairwise(ends)
    )
    return _case(inside, f"{value.most} < {ends[0][0]} OR {value.least} > {ends[-1][1]}{gaps}")
