"""A rule as a tree of our own: the only thing that SQL is made from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from kesos.policy.rules.name import Kind, Name, Value


class Span(NamedTuple):
    """Where a piece stands in the text: from the first character, up to and without the last."""

    start: int
    end: int


NOWHERE: Final = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Named:
    """A fact or a parameter."""

    name: Name
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def kind(self) -> Kind:
        """Give the kind of what is named."""
        return self.name.kind


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a code, TRUE or FALSE as it stands in the text; `kind` keeps 1, 1.0 and TRUE apart."""

    kind: Kind
    value: Value
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two numbers added, subtracted, multiplied or divided; a quotient is a DECIMAL."""

    sign: Literal["+", "-", "*", "/"]
    left: Node
    right: Node
    kind: Kind
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides compared."""

    sign: Literal["=", "<>", "<", "<=", ">", ">="]
    left: Node
    right: Node
    span: Span = field(default=NOWHERE, compare=False)
    kind: Literal[Kind.BOOLEAN] = Kind.BOOLEAN


@dataclass(frozen=True, slots=True)
class Between:
    """A number that lies between two others, both ends included: `value >= least AND value <= most`."""

    value: Node
    least: Node
    most: Node
    span: Span = field(default=NOWHERE, compare=False)
    kind: Literal[Kind.BOOLEAN] = Kind.BOOLEAN


@dataclass(frozen=True, slots=True)
class In:
    """A name that is one of a list."""

    value: Node
    choices: tuple[Node, ...]
    span: Span = field(default=NOWHERE, compare=False)
    kind: Literal[Kind.BOOLEAN] = Kind.BOOLEAN


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    part: Node
    span: Span = field(default=NOWHERE, compare=False)
    kind: Literal[Kind.BOOLEAN] = Kind.BOOLEAN


@dataclass(frozen=True, slots=True)
class Joined:
    """Two or more conditions joined by AND or by OR; none of them is joined by the same word."""

    word: Literal["AND", "OR"]
    parts: tuple[Node, ...]
    span: Span = field(default=NOWHERE, compare=False)
    kind: Literal[Kind.BOOLEAN] = Kind.BOOLEAN


Node = Named | Constant | Arithmetic | Comparison | Between | In | Not | Joined

_PRODUCT: Final = frozenset("*/")


def children(node: Node) -> tuple[Node, ...]:
    """List what a node is made of, from left to right."""
    match node:
        case Arithmetic() | Comparison():
            return node.left, node.right
        case Between():
            return node.value, node.least, node.most
        case In():
            return node.value, *node.choices
        case Not():
            return (node.part,)
        case Joined():
            return node.parts
    return ()


def names_in(node: Node) -> Iterator[Name]:
    """List the names of a tree from left to right, each as often as it stands there."""
    waiting: list[Node] = [node]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, Named):
            yield piece.name
        waiting += reversed(children(piece))


def text_of(node: Node, *, with_values: bool = False) -> str:
    """Write a tree in the one canonical way, with the parentheses that it needs; or parameters as their values.

    >>> age = Named(Name("age", Kind.INTEGER, "years", column="p.age"))
    >>> text_of(Not(Between(age, Constant(Kind.INTEGER, 5), Constant(Kind.INTEGER, 21))))
    'age NOT BETWEEN 5 AND 21'
    """
    if isinstance(node, Named):
        value = node.name.value
        return written(value) if with_values and value is not None else node.name.name
    if isinstance(node, Constant):
        return written(node.value)
    if isinstance(node, Not) and isinstance(node.part, Between | In):
        return _asked(node.part, "NOT ", with_values=with_values)
    if isinstance(node, Between | In):
        return _asked(node, "", with_values=with_values)
    parts = [_inside(node, child, place, with_values=with_values) for place, child in enumerate(children(node))]
    match node:
        case Not():
            return f"NOT {parts[0]}"
        case Joined():
            return f" {node.word} ".join(parts)
    return f"{parts[0]} {node.sign} {parts[1]}"


def _asked(node: Between | In, negation: str, *, with_values: bool) -> str:
    value, *others = (text_of(child, with_values=with_values) for child in children(node))
    if isinstance(node, Between):
        return f"{value} {negation}BETWEEN {others[0]} AND {others[1]}"
    return f"{value} {negation}IN ({', '.join(others)})"


def _inside(node: Node, child: Node, place: int, *, with_values: bool) -> str:
    """Write a part of a node, between parentheses where they are needed to read it back."""
    text = text_of(child, with_values=with_values)
    match node, child:
        case ((Joined() | Not()), Joined()):
            return f"({text})"
        case Arithmetic(), Arithmetic():
            outer, inner = node.sign in _PRODUCT, child.sign in _PRODUCT
            return f"({text})" if (outer and not inner) or (place == 1 and outer == inner) else text
    return text


def written(value: Value) -> str:
    """Write a value as a rule holds it.

    >>> [written(value) for value in (True, 4, -1, "sma")]
    ['TRUE', '4', '-1', "'sma'"]
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        return f"'{value}'"
    if isinstance(value, int):
        return str(value)
    digits = format(value, "f")
    whole, _, decimals = digits.partition(".")
    return f"{whole}.{decimals.rstrip('0') or '0'}"
