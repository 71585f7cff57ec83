"""Whether a tree makes sense: kinds, units, codes, and numbers that stay small enough to be exact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Final

from kesos.policy.rules import units
from kesos.policy.rules.constant import MILLION, constant_of
from kesos.policy.rules.guard import MOST_DECIMALS, MOST_NUMBER, RuleText, is_code
from kesos.policy.rules.name import Kind
from kesos.policy.rules.refusals import (
    KINDS,
    ChainedComparison,
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
from kesos.policy.rules.tree import (
    Arithmetic,
    Between,
    Comparison,
    Constant,
    In,
    Joined,
    Named,
    Node,
    Not,
    children,
    text_of,
    written,
)  # fmt: skip

_CALLED: Final = dict(zip((Kind.BOOLEAN, Kind.INTEGER, Kind.DECIMAL, Kind.CODE), KINDS, strict=True))
_NUMBERS: Final = frozenset({Kind.INTEGER, Kind.DECIMAL})
_LARGEST_FACT: Final = {Kind.INTEGER: MOST_NUMBER, Kind.DECIMAL: 10**12}
_LARGEST_RESULT: Final = {Kind.INTEGER: 10**36, Kind.DECIMAL: 10**25}


@dataclass(frozen=True, slots=True)
class Measure:
    """What is known of a number before any family is looked at: its unit (None fits every unit), and how large."""

    unit: str | None
    largest: int


def checked(tree: Node, rule: RuleText, *, wants: Kind, unit: str | None) -> str:
    """Check a whole tree and give the unit of what it gives; empty where there is none.

    A whole number does where a DECIMAL is wanted, and a number as it stands takes any unit.

    *Raises* BrokenRule.
    """
    check = _Check(rule)
    if tree.kind is Kind.BOOLEAN or wants is Kind.BOOLEAN:
        check.condition(tree)
    given = check.number(tree).unit if tree.kind in _NUMBERS else ""
    if tree.kind is not wants and (wants is not Kind.DECIMAL or tree.kind is not Kind.INTEGER):
        rule.refuse(WrongKind, tree.span, got=_CALLED[tree.kind], wanted=_CALLED[wants])
    if tree.kind is Kind.CODE:
        check.code(tree)
    if given is not None and unit is not None and units.reduced(unit) != given:
        rule.refuse(WrongUnit, tree.span, got=given or "1", wanted=unit or "1")
    return units.reduced(unit or "") if given is None else given


class _Check:
    """A walk over the tree of one rule."""

    def __init__(self, rule: RuleText) -> None:
        self._rule = rule

    def condition(self, node: Node) -> None:
        """Check what must be yes or no."""
        match node:
            case Joined() | Not():
                for part in children(node):
                    self.condition(part)
            case Comparison():
                self._comparison(node)
            case Between():
                self._between(node)
            case In():
                self._in(node)
            case _ if node.kind is not Kind.BOOLEAN:
                if node.kind in _NUMBERS:
                    self.number(node)  # what is broken inside is said first
                example = "= 'sma'" if node.kind is Kind.CODE else ">= 1"
                if isinstance(node, Named) and node.name.codes:
                    example = f"= '{node.name.codes[0]}'"
                suggestion = f"{text_of(node)} {example}"
                self._rule.refuse(ConditionNeeded, node.span, got=_CALLED[node.kind], suggestion=suggestion)

    def number(self, node: Node) -> Measure:
        """Check what must be a number, and measure it."""
        if isinstance(node, Arithmetic):
            return self._arithmetic(node)
        if node.kind not in _NUMBERS:
            self._rule.refuse(NumberNeeded, node.span, got=_CALLED[node.kind])
        if isinstance(node, Named):
            self._usable(node)
            largest = _LARGEST_FACT[node.kind]
            return Measure(units.reduced(node.name.unit), self._size(node) or largest)
        return Measure(None, self._size(node) or 1)

    def _size(self, node: Node) -> int | None:
        value = constant_of(node)
        return None if value is None else int(abs(value)) + 1

    def code(self, node: Node) -> None:
        """Check a code."""
        if isinstance(node, Named):
            self._usable(node)

    def _usable(self, node: Named) -> None:
        value = node.name.value
        if value is None:
            return
        if node.kind is Kind.CODE:
            fits = isinstance(value, str) and is_code(value)
        else:
            fits = isinstance(value, int | Decimal) and not isinstance(value, bool) and _fits(value, node.kind)
        if not fits:
            self._rule.refuse(UnusableParameter, node.span, value=str(value)[:60])

    def _arithmetic(self, node: Arithmetic) -> Measure:
        left, right = self.number(node.left), self.number(node.right)
        match node.sign:
            case "+" | "-":
                measure = Measure(self._same_unit(node, left, right), left.largest + right.largest)
            case "*":
                measure = Measure(_combined(units.product, left, right), left.largest * right.largest)
            case _:
                self._divisible(node)
                smallest = 1 if node.right.kind is Kind.INTEGER else MILLION
                largest = left.largest * smallest
                if node.left.kind is not node.right.kind:
                    largest = max(largest, right.largest)  # both are calculated with decimals
                measure = Measure(_combined(units.quotient, left, right), largest)
        if measure.largest > _LARGEST_RESULT[node.kind]:
            self._rule.refuse(ResultTooLarge, node.span)
        return measure

    def _divisible(self, node: Arithmetic) -> None:
        if constant_of(node.right) == 0:
            self._rule.refuse(DivisionByZero, node.span)
        waiting: list[Node] = [node.right]
        while waiting:
            piece = waiting.pop()
            if isinstance(piece, Arithmetic) and piece.sign == "/":
                self._rule.refuse(QuotientBelow, node.span)
            waiting += children(piece)

    def _comparable(self, node: Node, *sides: Node) -> None:
        """Refuse to compare numbers of different units, or too large to stand beside decimals."""
        left, right = (self.number(side) for side in sides)
        self._same_unit(node, left, right)
        if len({side.kind for side in sides}) > 1 and max(left.largest, right.largest) > _LARGEST_RESULT[Kind.DECIMAL]:
            self._rule.refuse(ResultTooLarge, node.span)

    def _same_unit(self, node: Node, left: Measure, right: Measure) -> str | None:
        if left.unit is None or right.unit is None:
            return right.unit if left.unit is None else left.unit
        if left.unit != right.unit:
            self._rule.refuse(DifferentUnits, node.span, left=left.unit or "1", right=right.unit or "1")
        return left.unit

    def _comparison(self, node: Comparison) -> None:
        sides = (node.left, node.right)
        for side in sides:
            if isinstance(side, Comparison | Between | In):
                self._rule.refuse(ChainedComparison, node.span)
        if any(side.kind is Kind.BOOLEAN for side in sides):
            truth = next((side for side in sides if not isinstance(side, Constant)), node.left)
            self._rule.refuse(TruthCompared, node.span, suggestion=text_of(Not(truth)))
        if all(side.kind is Kind.CODE for side in sides):
            self._codes(node)
            return
        self._comparable(node, node.left, node.right)
        if node.sign in {"=", "<>"}:
            self._may_equal(node, node.left, node.right)
            self._may_equal(node, node.right, node.left)

    def _codes(self, node: Comparison) -> None:
        if node.sign not in {"=", "<>"}:
            self._rule.refuse(CodesInOrder, node.span)
        for side, other in ((node.left, node.right), (node.right, node.left)):
            self.code(side)
            self._listed(side, other)
        if isinstance(node.left, Named) and isinstance(node.right, Named):
            left, right = node.left.name, node.right.name
            if left.value is None and right.value is None and set(left.codes) != set(right.codes):
                self._rule.refuse(OtherCodes, node.span)

    def _listed(self, side: Node, other: Node) -> None:
        """Refuse a code beside a fact that never is this code."""
        if not isinstance(other, Named) or not other.name.codes:
            return
        value = side.value if isinstance(side, Constant) else side.name.value if isinstance(side, Named) else None
        if value is not None and value not in other.name.codes:
            codes = ", ".join(f"'{code}'" for code in other.name.codes)
            self._rule.refuse(UnknownCode, side.span, name=other.name.name, suggestion=codes)

    def _may_equal(self, node: Node, side: Node, other: Node) -> None:
        value = constant_of(other)
        if side.kind is Kind.INTEGER and value is not None and value.denominator != 1:
            self._rule.refuse(NeverEqual, node.span)

    def _between(self, node: Between) -> None:
        for side in children(node):
            if isinstance(side, Comparison | Between | In):
                self._rule.refuse(ChainedComparison, node.span)
        for one, other in combinations(children(node), 2):
            self._comparable(node, one, other)
        least, most = constant_of(node.least), constant_of(node.most)
        if least is not None and most is not None and least > most:
            ends = {"least": text_of(node.least, with_values=True), "most": text_of(node.most, with_values=True)}
            self._rule.refuse(EmptyRange, node.span, **ends)

    def _in(self, node: In) -> None:
        if node.value.kind is Kind.BOOLEAN:
            self._rule.refuse(TruthCompared, node.span, suggestion=text_of(Not(node.value)))
        for choice in node.choices:
            if node.value.kind is choice.kind is Kind.CODE:
                self.code(node.value)
                self._listed(choice, node.value)
            else:
                self._comparable(node, node.value, choice)
                self._may_equal(choice, node.value, choice)


def _combined(how: Callable[[str, str], str], left: Measure, right: Measure) -> str | None:
    """Multiply or divide units; a number as it stands has none there, and two of them stay without."""
    if left.unit is None and right.unit is None:
        return None
    return how(left.unit or "", right.unit or "")


def _fits(value: int | Decimal, kind: Kind) -> bool:
    if isinstance(value, int):
        return abs(value) <= MOST_NUMBER
    if not value.is_finite() or abs(value) > MOST_NUMBER:
        return False
    decimals = len(written(value).partition(".")[2])
    return decimals <= MOST_DECIMALS and (kind is Kind.DECIMAL or value == int(value))
