"""One group of a rule, between two parentheses: sqlglot says what binds to what, and the tree becomes ours.

sqlglot never sees a name, a value or a parenthesis of the text, only operators and a placeholder for every operand: so
nesting cannot exhaust it, and no word can mean something to it. From its answer an exact list of node types is taken
over; anything else is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from kesos.policy.rules.guard import RuleText, Word
from kesos.policy.rules.name import Kind
from kesos.policy.rules.refusals import BrokenRule, MixedAndOr
from kesos.policy.rules.tree import (
    Arithmetic,
    Between,
    Comparison,
    Constant,
    In,
    Joined,
    Node,
    Not,
    Span,
    text_of,
)  # fmt: skip

_DIALECT: Final = "duckdb"
_COMPARED: Final[dict[type[object], Literal["=", "<>", "<", "<=", ">", ">="]]] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=",
}  # fmt: skip
_CALCULATED: Final[dict[type[object], Literal["+", "-", "*", "/"]]] = {
    exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/",
}  # fmt: skip
_JOINED: Final[dict[type[object], Literal["AND", "OR"]]] = {exp.And: "AND", exp.Or: "OR"}
Choices = tuple[Constant, ...]


@dataclass(slots=True)
class Group:
    """What stands between two parentheses, while it is read.

    `pieces` is what sqlglot will read, `operands` what its placeholders stand for. `nots` says how many NOT stand
    before an operand, `negated` which operands follow NOT BETWEEN or NOT IN, `ends` where a list ends. `compared` is
    the comparison since the last AND or OR; `unfinished` the BETWEEN whose AND has not come.
    """

    opened: Word | None
    depth: int
    pieces: list[str] = field(default_factory=list)
    operands: list[Node | Choices] = field(default_factory=list)
    nots: dict[int, int] = field(default_factory=dict)
    negated: set[int] = field(default_factory=set)
    ends: dict[int, int] = field(default_factory=dict)
    waiting_nots: int = 0
    compared: Word | None = None
    unfinished: Word | None = None
    may_say_not: bool = True

    def add(self, operand: Node | Choices) -> None:
        """Put an operand after what was read."""
        if self.waiting_nots:
            self.nots[len(self.operands)] = self.waiting_nots
            self.pieces.append("NOT")
        self.pieces.append(f"n{len(self.operands)}" if not isinstance(operand, tuple) else f"(n{len(self.operands)})")
        self.operands.append(operand)
        self.waiting_nots, self.may_say_not = 0, False


def tree_of(group: Group, rule: RuleText) -> Node:
    """Build the tree of a group.

    *Raises* BrokenRule.
    """
    whole = Span(_span_of(group.operands[0]).start, _span_of(group.operands[-1]).end)
    try:
        parsed = sqlglot.parse_one(" ".join(group.pieces), dialect=_DIALECT)
        return _Building(group, rule).node(parsed)
    except (SqlglotError, RecursionError, _NotOurs):
        rule.refuse(BrokenRule, whole)


class _NotOurs(Exception):
    """sqlglot gave a node that the rule language does not have."""


class _Building:
    """The walk over the answer of sqlglot."""

    def __init__(self, group: Group, rule: RuleText) -> None:
        self._group, self._rule = group, rule

    def node(self, parsed: object) -> Node:
        """Turn one node of sqlglot into one of ours, by its exact type."""
        if type(parsed) in _JOINED:
            return self._joined(parsed)
        builder = _BUILDERS.get(type(parsed))
        if builder is None:
            raise _NotOurs
        return builder(self, parsed)

    def operand(self, column: exp.Column) -> Node:
        """Give what a placeholder stands for."""
        operand = self._group.operands[_placed(column)]
        if isinstance(operand, tuple):
            raise _NotOurs
        return operand

    def calculation(self, parsed: exp.Binary) -> Node:
        """Build an addition, subtraction, multiplication or division."""
        left, right = self.node(parsed.this), self.node(parsed.expression)
        sign = _CALCULATED[type(parsed)]
        is_whole = sign != "/" and left.kind is not Kind.DECIMAL and right.kind is not Kind.DECIMAL
        return Arithmetic(sign, left, right, Kind.INTEGER if is_whole else Kind.DECIMAL, _over(left, right))

    def comparison(self, parsed: exp.Binary) -> Node:
        """Build a comparison."""
        left, right = self.node(parsed.this), self.node(parsed.expression)
        return Comparison(_COMPARED[type(parsed)], left, right, _over(left, right))

    def between(self, parsed: exp.Between) -> Node:
        """Build a BETWEEN, or its opposite."""
        if set(parsed.args) - {"this", "low", "high"} and parsed.args.get("symmetric"):
            raise _NotOurs
        value, least, most = (self.node(parsed.args[name]) for name in ("this", "low", "high"))
        node = Between(value, least, most, _over(value, most))
        return Not(node, node.span) if _placed(parsed.args["low"]) in self._group.negated else node

    def member(self, parsed: exp.In) -> Node:
        """Build an IN, or its opposite."""
        place = _placed(parsed.expressions[0])
        choices = self._group.operands[place]
        if not isinstance(choices, tuple) or len(parsed.expressions) != 1:
            raise _NotOurs
        value = self.node(parsed.this)
        node = In(value, choices, Span(value.span.start, self._group.ends[place]))
        return Not(node, node.span) if place in self._group.negated else node

    def opposite(self, parsed: exp.Not) -> Node:
        """Build as many NOT as stand there: sqlglot was shown one."""
        node = self.node(parsed.this)
        for _ in range(self._group.nots[_placed(parsed.this)]):
            node = Not(node, node.span)
        return node

    def _joined(self, parsed: object) -> Node:
        """Build one AND or OR of a whole chain, also over groups in parentheses that join by the same word."""
        word, how = _JOINED[type(parsed)], type(parsed)
        chain: list[object] = []
        while type(parsed) is how and isinstance(parsed, exp.Binary):
            chain.append(parsed.expression)
            parsed = parsed.this
        nodes = [self.node(part) for part in reversed([*chain, parsed])]
        parts = [part for node in nodes for part in _parts(node, word)]
        node = Joined(word, tuple(parts), _over(parts[0], parts[-1]))
        if any(type(part) in _JOINED for part in (*chain, parsed)):
            self._rule.refuse(MixedAndOr, node.span, suggestion=text_of(node))
        return node


_BUILDERS: Final[dict[type[object], Callable[..., Node]]] = {
    exp.Column: _Building.operand,
    exp.Between: _Building.between,
    exp.In: _Building.member,
    exp.Not: _Building.opposite,
    **dict.fromkeys(_COMPARED, _Building.comparison),
    **dict.fromkeys(_CALCULATED, _Building.calculation),
}


def _parts(node: Node, word: str) -> tuple[Node, ...]:
    return node.parts if isinstance(node, Joined) and node.word == word else (node,)


def _placed(parsed: object) -> int:
    """Give the place of the first placeholder of a node."""
    while type(parsed) is not exp.Column:
        if not isinstance(parsed, exp.Expression) or parsed.this is None:
            raise _NotOurs
        parsed = parsed.this
    return int(parsed.name.removeprefix("n"))


def _span_of(operand: Node | Choices) -> Span:
    return Span(operand[0].span.start, operand[-1].span.end) if isinstance(operand, tuple) else operand.span


def _over(left: Node, right: Node) -> Span:
    return Span(left.span.start, right.span.end)
