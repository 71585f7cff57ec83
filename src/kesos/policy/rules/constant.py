"""What a calculation without facts gives: known when the rule is read."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from kesos.policy.rules.name import Kind
from kesos.policy.rules.tree import Arithmetic, Constant, Named, Node

MILLION: Final = 10**6


def constant_of(node: Node) -> Fraction | None:
    """Give the number that a tree of numbers and parameters stands for, as SQL calculates it; None with facts.

    >>> constant_of(Arithmetic("/", Constant(Kind.INTEGER, 2), Constant(Kind.INTEGER, 3), Kind.DECIMAL))
    Fraction(333333, 500000)
    """
    if isinstance(node, Named | Constant):
        value = node.value if isinstance(node, Constant) else node.name.value
        return None if value is None or isinstance(value, bool | str) else Fraction(value)
    if not isinstance(node, Arithmetic):
        return None
    left, right = constant_of(node.left), constant_of(node.right)
    return None if left is None or right is None else _calculated(node, left, right)


def _calculated(node: Arithmetic, left: Fraction, right: Fraction) -> Fraction | None:
    match node.sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right if node.kind is Kind.INTEGER else _rounded(left * right)
    return None if right == 0 else _cut(left / right)


def _rounded(value: Fraction) -> Fraction:
    """Round to six decimals, halves away from zero, as DECIMALs are."""
    nearest = Fraction(int(abs(value) * MILLION + Fraction(1, 2)), MILLION)
    return nearest if value >= 0 else -nearest


def _cut(value: Fraction) -> Fraction:
    """Cut off what is beyond six decimals."""
    return Fraction(int(value * MILLION), MILLION)
