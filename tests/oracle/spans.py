"""Three truth values, and numbers of which only two bounds may be known: the arithmetic of the oracle."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

Exact = int | Fraction
_MILLION: Final = 1_000_000


class Span(NamedTuple):
    """A number that lies between two bounds, both possible."""

    least: Exact
    most: Exact


Value = bool | int | Fraction | Decimal | str | Span | None


def both(left: bool | None, right: bool | None) -> bool | None:
    """Join two truth values by AND, as Kleene has it."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def either(left: bool | None, right: bool | None) -> bool | None:
    """Join two truth values by OR, as Kleene has it."""
    if left is True or right is True:
        return True
    return None if left is None or right is None else False


def opposite(value: bool | None) -> bool | None:
    """Turn a truth value round; unknown stays unknown."""
    return None if value is None else not value


def span_of(value: Value) -> Span | None:
    """Give a number as a span; what is known exactly is a span without width."""
    if value is None or isinstance(value, Span):
        return value
    if isinstance(value, Decimal):
        value = Fraction(value)
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        raise TypeError(f"{value!r} is no number")
    return Span(value, value)


def _below(left: Span, right: Span) -> bool | None:
    if left.most < right.least:
        return True
    return False if left.least >= right.most else None


def _equal(left: Span, right: Span) -> bool | None:
    if left.least == left.most == right.least == right.most:
        return True
    return False if left.most < right.least or right.most < left.least else None


def compare(sign: str, left: Span | None, right: Span | None) -> bool | None:
    """Compare two numbers: known only when it holds for all values that are possible, or for none."""
    if left is None or right is None:
        return None
    match sign:
        case "<":
            return _below(left, right)
        case ">":
            return _below(right, left)
        case ">=":
            return opposite(_below(left, right))
        case "<=":
            return opposite(_below(right, left))
        case "=":
            return _equal(left, right)
        case _:
            return opposite(_equal(left, right))


def calculate(sign: str, left: Span | None, right: Span | None) -> Span | None:
    """Add and subtract spans bound by bound; a product wants one factor without width, a quotient both.

    A quotient is cut after six decimals.
    """
    if left is None or right is None:
        return None
    if sign == "+":
        return Span(left.least + right.least, left.most + right.most)
    if sign == "-":
        return Span(left.least - right.most, left.most - right.least)
    if sign == "*" and right.least == right.most:
        ends = sorted((left.least * right.least, left.most * right.least))
        return Span(ends[0], ends[1])
    if sign == "*" and left.least == left.most:
        return calculate("*", right, left)
    if sign == "/" and left.least == left.most and right.least == right.most != 0:
        quotient = Fraction(int(Fraction(left.least) * _MILLION / right.least), _MILLION)
        return Span(quotient, quotient)
    return None


def is_one_of(value: Span | None, choices: Collection[Exact]) -> bool | None:
    """Tell whether a number is one of some: surely, if each whole number that it may be is."""
    if value is None:
        return None
    if value.least == value.most:
        return value.least in choices
    possible = [number in choices for number in range(int(value.least), int(value.most) + 1)]
    return True if all(possible) else None if any(possible) else False
