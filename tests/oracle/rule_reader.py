"""Read a rule text and weigh it for one unit: an own recursive-descent reader, an own three-valued arithmetic.

Written from the description of the language; it shares nothing with `kesos.policy.rules`, so that both can be compared.
A fact is a truth value, a number, a code (text), a `Span` (a count of which a part is open), or None: unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeVar

from oracle.spans import Exact, Span, Value, both, calculate, compare, either, is_one_of, opposite, span_of

Facts = Mapping[str, Value]
_Truth = Callable[[Facts], bool | None]
_Number = Callable[[Facts], Span | None]
_Code = Callable[[Facts], str | None]

_TOKEN: Final = re.compile(
    r"\s*(?:(\d+(?:\.\d+)?)|'((?:[^']|'')*)'|([A-Za-z_][A-Za-z0-9_]*)|(<=|>=|<>|!=|[-+*/()<>=,]))"
)
_COMPARISONS: Final = ("<=", ">=", "<>", "!=", "<", ">", "=")


@dataclass(frozen=True)
class Rule:
    """A rule that was read: what it gives for one unit, and the facts that it asks for.

    What was weighed once for the same facts is remembered.
    """

    text: str
    facts: tuple[str, ...]
    kind: str
    _weigh: Callable[[Facts], Value]
    _known: dict[tuple[Value, ...], Value] = field(default_factory=dict, repr=False, compare=False)

    def on(self, facts: Facts) -> Value:
        """Give truth, number or code for one unit; None is unknown."""
        asked = tuple([facts[name] for name in self.facts])
        try:
            return self._known[asked]
        except KeyError:
            return self._known.setdefault(asked, self._weigh(facts))

    def truth(self, facts: Facts) -> bool | None:
        """Tell whether it holds for one unit."""
        value = self.on(facts)
        if value is not None and not isinstance(value, bool):
            raise TypeError(f"{self.text} is no condition")
        return value

    def exactly(self, facts: Facts) -> Exact | str | bool | None:
        """Give its value where it is exactly known."""
        value = self.on(facts)
        if isinstance(value, Span):
            return value.least if value.least == value.most else None
        if isinstance(value, Decimal):
            return Fraction(value)
        return value


@dataclass
class _Part:
    """A piece of a rule while it is read: exactly one of the three says what it gives."""

    truth: _Truth | None = None
    number: _Number | None = None
    code: _Code | None = None
    is_fixed: bool = False


class _Reader:
    """Read from left to right, one word ahead. OR binds least, then AND, NOT, comparison, + −, × ÷."""

    def __init__(self, text: str, kinds: Mapping[str, str], fixed: Mapping[str, Value]) -> None:
        self._words = _words(text)
        self._kinds, self._fixed, self._at = kinds, fixed, 0
        self.names: list[str] = []

    def whole(self) -> _Part:
        part = self._or()
        if self._at != len(self._words):
            raise ValueError(f"something follows: {self._words[self._at]}")
        return part

    def _next(self) -> tuple[str, str]:
        return self._words[self._at] if self._at < len(self._words) else ("end", "")

    def _takes(self, *wanted: str) -> str | None:
        sort, word = self._next()
        spoken = word.upper() if sort == "word" else word
        if sort in {"word", "sign"} and spoken in wanted:
            self._at += 1
            return spoken
        return None

    def _must(self, wanted: str) -> None:
        if self._takes(wanted) is None:
            raise ValueError(f"{wanted} expected, not {self._next()}")

    def _or(self) -> _Part:
        part = self._and()
        while self._takes("OR"):
            part = _join(either, part, self._and())
        return part

    def _and(self) -> _Part:
        part = self._not()
        while self._takes("AND"):
            part = _join(both, part, self._not())
        return part

    def _not(self) -> _Part:
        if self._takes("NOT"):
            inner = _truth(self._not())
            return _Part(truth=lambda facts: opposite(inner(facts)))
        return self._comparison()

    def _comparison(self) -> _Part:
        left = self._sum()
        if sign := self._takes(*_COMPARISONS):
            return _compared(sign, left, self._sum())
        turned = self._takes("NOT") is not None
        if self._takes("BETWEEN"):
            least = self._sum()
            self._must("AND")
            part = _join(both, _compared(">=", left, least), _compared("<=", left, self._sum()))
        elif self._takes("IN"):
            part = self._listed(left)
        elif turned:
            raise ValueError("NOT wants IN or BETWEEN here")
        else:
            return left
        inner = _truth(part)
        return _Part(truth=lambda facts: opposite(inner(facts))) if turned else part

    def _listed(self, left: _Part) -> _Part:
        self._must("(")
        choices = [self._sum()]
        while self._takes(","):
            choices.append(self._sum())
        self._must(")")
        if left.number is None:
            part = _compared("=", left, choices[0])
            for choice in choices[1:]:
                part = _join(either, part, _compared("=", left, choice))
            return part
        number, wanted = left.number, {_wanted(_wanted(choice.number)({})).least for choice in choices}
        return _Part(truth=lambda facts: is_one_of(number(facts), wanted))

    def _sum(self) -> _Part:
        part = self._product()
        while sign := self._takes("+", "-"):
            part = _calculated(sign, part, self._product())
        return part

    def _product(self) -> _Part:
        part = self._signed()
        while sign := self._takes("*", "/"):
            part = _calculated(sign, part, self._signed())
        return part

    def _signed(self) -> _Part:
        if self._takes("-"):
            return _calculated("-", _constant(0), self._signed())
        return self._atom()

    def _atom(self) -> _Part:
        if self._takes("("):
            part = self._or()
            self._must(")")
            return part
        sort, word = self._next()
        self._at += 1
        if sort == "number":
            return _constant(Fraction(word) if "." in word else int(word))
        if sort == "text":
            return _Part(code=lambda _: word)
        if sort != "word":
            raise ValueError(f"a value expected, not {word!r}")
        if word.upper() in {"TRUE", "FALSE"}:
            fixed = word.upper() == "TRUE"
            return _Part(truth=lambda _: fixed)
        return self._named(word)

    def _named(self, name: str) -> _Part:
        if name in self._fixed:
            value = self._fixed[name]
            return _Part(code=lambda _: value) if isinstance(value, str) else _constant(value)
        if name not in self.names:
            self.names.append(name)
        match self._kinds[name]:
            case "boolean":
                return _Part(truth=lambda facts: _as_truth(facts[name]))
            case "code":
                return _Part(code=lambda facts: _as_code(facts[name]))
            case _:
                return _Part(number=lambda facts: span_of(facts[name]))


def _words(text: str) -> list[tuple[str, str]]:
    words, at = [], 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ValueError(f"not understood: {text[at:]!r}")
        number, quoted, word, sign = found.groups()
        if number is not None:
            words.append(("number", number))
        elif quoted is not None:
            words.append(("text", quoted.replace("''", "'")))
        else:
            words.append(("word", word) if word is not None else ("sign", sign))
        at = found.end()
    return words


def _as_truth(value: Value) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise TypeError(f"{value!r} is no truth value")
    return value


def _as_code(value: Value) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{value!r} is no code")
    return value


_Piece = TypeVar("_Piece")


def _wanted(piece: _Piece | None) -> _Piece:
    if piece is None:
        raise TypeError("kinds do not fit")
    return piece


def _truth(part: _Part) -> _Truth:
    return _wanted(part.truth)


def _constant(value: Value) -> _Part:
    span = span_of(value)
    return _Part(number=lambda _: span, is_fixed=True)


def _join(how: Callable[[bool | None, bool | None], bool | None], left: _Part, right: _Part) -> _Part:
    first, second = _truth(left), _truth(right)
    return _Part(truth=lambda facts: how(first(facts), second(facts)))


def _calculated(sign: str, left: _Part, right: _Part) -> _Part:
    """Calculate; a count that is open in part can be multiplied by a number of the text only, never by a fact."""
    first, second = _wanted(left.number), _wanted(right.number)
    if sign == "*" and not (left.is_fixed or right.is_fixed):
        return _Part(number=lambda facts: calculate(sign, _if_exact(first(facts)), _if_exact(second(facts))))
    is_fixed = left.is_fixed and right.is_fixed
    return _Part(number=lambda facts: calculate(sign, first(facts), second(facts)), is_fixed=is_fixed)


def _if_exact(value: Span | None) -> Span | None:
    return value if value is not None and value.least == value.most else None


def _compared(sign: str, left: _Part, right: _Part) -> _Part:
    if left.number is not None:
        first, second = left.number, _wanted(right.number)
        return _Part(truth=lambda facts: compare(sign, first(facts), second(facts)))
    if sign not in {"=", "<>", "!="}:
        raise TypeError(f"{sign} wants numbers")
    one: Callable[[Facts], bool | str | None] = left.code or _truth(left)
    other: Callable[[Facts], bool | str | None] = right.code or _truth(right)

    def same(facts: Facts) -> bool | None:
        a, b = one(facts), other(facts)
        return None if a is None or b is None else (a == b) is (sign == "=")

    return _Part(truth=same)


def read(text: str, kinds: Mapping[str, str], fixed: Mapping[str, Value] | None = None) -> Rule:
    """Read a rule; `kinds` gives for each fact `boolean`, `integer`, `decimal` or `code`, `fixed` are the parameters.

    >>> kinds = {"children": "integer", "official_decile": "integer"}
    >>> rule = read("children >= 1 AND official_decile <= highest", kinds, {"highest": 4})
    >>> rule.truth({"children": Span(0, 2), "official_decile": 4})
    >>> rule.truth({"children": Span(1, 2), "official_decile": 4}), rule.truth({"children": 0, "official_decile": None})
    (True, False)
    """
    reader = _Reader(text, kinds, fixed or {})
    part = reader.whole()
    for kind, piece in (("boolean", part.truth), ("number", part.number), ("code", part.code)):
        if piece is not None:
            return Rule(text, tuple(reader.names), kind, piece)
    raise TypeError(text)
