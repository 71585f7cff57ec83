"""From the words of a rule to its tree: operands and operators take turns, and each parenthesis closes one group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NoReturn

from rapidfuzz import fuzz, process

from kesos.policy.rules.check import checked
from kesos.policy.rules.group import Choices, Group, tree_of
from kesos.policy.rules.guard import RuleText, Sort, Word, words_of
from kesos.policy.rules.name import Kind, Scope
from kesos.policy.rules.refusals import (
    ChainedComparison,
    ListAfterCalculation,
    ListOfNames,
    MinusBeforeName,
    MisspelledName,
    TooDeep,
    UnbalancedParenthesis,
    Unexpected,
    Unfinished,
    UnknownName,
)  # fmt: skip
from kesos.policy.rules.rule import Rule
from kesos.policy.rules.tree import Constant, Named, Node, Span

MOST_NESTED: Final = 30
_RESEMBLING: Final = 60
_COMPARING: Final = frozenset({"=", "<>", "<", "<=", ">", ">="})


def read_rule(text: str, scope: Scope, *, wants: Kind = Kind.BOOLEAN, unit: str | None = None, place: str) -> Rule:
    """Read a rule that may name what is in `scope`; `place` says where it stands, for refusals.

    A rule that `wants` a DECIMAL may give an INTEGER. With `unit`, what it gives must have this unit.

    >>> from kesos.policy.rules.name import Name
    >>> scope = {"age": Name("age", Kind.INTEGER, "years", column="p.age")}
    >>> read_rule("((age)>=60)", scope, place="example").canonical
    'age >= 60'

    *Raises* BrokenRule.
    """
    rule, words = words_of(text, scope, place=place)
    tree = _Reading(rule, words, scope).tree()
    return Rule(text, tree, tree.kind, checked(tree, rule, wants=wants, unit=unit))


class _Reading:
    """One walk over the words, in which operands and operators must take turns."""

    def __init__(self, rule: RuleText, words: Sequence[Word], scope: Scope) -> None:
        self._rule, self._words, self._scope = rule, words, scope
        self._at = 0
        self._groups = [Group(opened=None, depth=0)]

    def tree(self) -> Node:
        """Read all words."""
        wants_operand = True
        while self._at < len(self._words):
            word = self._words[self._at]
            self._at += 1
            if wants_operand:
                wants_operand = self._operand(word)
            elif word.text == ")" and word.sort is Sort.SIGN:
                self._close(word)
            else:
                wants_operand = self._operator(word)
        group = self._groups[-1]
        if wants_operand or group.unfinished is not None:
            self._unfinished()
        if group.opened is not None:
            self._rule.refuse(UnbalancedParenthesis, group.opened.span)
        return self._built(group)

    def _operand(self, word: Word) -> bool:
        """Take what may stand where an operand is expected; tell whether one is still expected afterwards."""
        group = self._groups[-1]
        if word.sort is Sort.NAME:
            group.add(self._named(word))
        elif word.sort is Sort.VALUE:
            group.add(_constant(word))
        elif word.text == "-" and word.sort is Sort.SIGN:
            group.add(self._negative(word))
        elif word.text == "(":
            self._open(word)
            return True
        elif word.text == "NOT" and group.may_say_not:
            group.waiting_nots += 1
            self._must_be_shallow(group.depth + group.waiting_nots, word)
            return True
        else:
            self._expected("a name or a value", word)
        return False

    def _named(self, word: Word) -> Named:
        name = self._scope.get(word.text)
        if name is not None:
            return Named(name, word.span)
        if word.text.lower() in self._scope:
            self._rule.refuse(MisspelledName, word.span, suggestion=word.text.lower())
        asked = word.text.lower()[:60]
        near = process.extract(asked, sorted(self._scope), scorer=fuzz.ratio, limit=3, score_cutoff=_RESEMBLING)
        refusal = MisspelledName if near else UnknownName
        return self._rule.refuse(refusal, word.span, suggestion=", ".join(found for found, _, _ in near))

    def _negative(self, minus: Word) -> Constant:
        if self._at == len(self._words):
            self._unfinished()
        word = self._words[self._at]
        if word.sort is not Sort.VALUE or isinstance(word.value, bool | str) or word.value is None:
            self._rule.refuse(MinusBeforeName, word.span, suggestion=f"0 - {word.text}")
        self._at += 1
        kind = Kind.INTEGER if isinstance(word.value, int) else Kind.DECIMAL
        return Constant(kind, -word.value, Span(minus.span.start, word.span.end))

    def _open(self, word: Word) -> None:
        group = self._groups[-1]
        depth = group.depth + group.waiting_nots + 1
        self._must_be_shallow(depth, word)
        self._groups.append(Group(opened=word, depth=depth))

    def _close(self, word: Word) -> None:
        group = self._groups[-1]
        if group.opened is None:
            self._rule.refuse(UnbalancedParenthesis, word.span)
        if group.unfinished is not None:
            self._expected("AND and the upper end of BETWEEN", word)
        node = self._built(group)
        self._groups.pop()
        self._groups[-1].add(replace(node, span=Span(group.opened.span.start, word.span.end)))

    def _operator(self, word: Word) -> bool:
        """Take what may stand after an operand; tell whether an operand is expected afterwards."""
        group = self._groups[-1]
        if word.sort is Sort.SIGN and word.text not in {"(", ","}:
            if word.text in _COMPARING:
                self._compare(word)
            group.pieces.append(word.text)
            return True
        if word.sort is not Sort.KEYWORD:
            self._expected("AND, OR or a sign such as <=", word)
        if word.text == "NOT":
            if self._at == len(self._words):
                self._unfinished()
            word = self._words[self._at]
            self._at += 1
            if word.text not in {"BETWEEN", "IN"}:
                self._expected("BETWEEN or IN", word)
            group.negated.add(len(group.operands))
        if word.text in {"AND", "OR"}:
            self._join(word)
            return True
        self._compare(word)
        group.pieces.append(word.text)
        if word.text == "BETWEEN":
            group.unfinished = word
            return True
        choices = self._choices(word)
        group.ends[len(group.operands)] = self._words[self._at - 1].span.end
        group.add(choices)
        return False

    def _join(self, word: Word) -> None:
        group = self._groups[-1]
        if group.unfinished is None:
            group.may_say_not, group.compared = True, None
        elif word.text == "OR":
            self._expected("AND and the upper end of BETWEEN", word)
        group.unfinished = None
        group.pieces.append(word.text)

    def _compare(self, word: Word) -> None:
        group = self._groups[-1]
        if group.unfinished is not None:
            self._expected("AND and the upper end of BETWEEN", word)
        if group.compared is not None:
            self._rule.refuse(ChainedComparison, Span(group.compared.span.start, word.span.end))
        group.compared = word

    def _choices(self, word: Word) -> Choices:
        """Read the list after IN."""
        before = self._groups[-1].operands[-1]
        alone = self._groups[-1].pieces[-3:-2] in ([], ["AND"], ["OR"], ["NOT"])
        if not isinstance(before, Named) or not alone:
            self._rule.refuse(ListAfterCalculation, word.span)
        self._list_word("(", "a parenthesis and a list")
        choices: list[Constant] = []
        while True:
            value = self._list_word(None, "a name or a value")
            if value.text == "-" and value.sort is Sort.SIGN:
                choices.append(self._negative(value))
            elif value.sort is Sort.VALUE:
                choices.append(_constant(value))
            elif value.sort is Sort.NAME:
                self._rule.refuse(ListOfNames, value.span)
            else:
                self._expected("a name or a value", value)
            if self._next_is(")"):
                self._at += 1
                return tuple(choices)
            self._list_word(",", "a comma or the end of the list")

    def _list_word(self, wanted: str | None, expected: str) -> Word:
        if self._at == len(self._words):
            self._unfinished()
        word = self._words[self._at]
        if wanted is not None and word.text != wanted:
            self._expected(expected, word)
        self._at += 1
        return word

    def _next_is(self, text: str) -> bool:
        return self._at < len(self._words) and self._words[self._at].text == text

    def _built(self, group: Group) -> Node:
        if len(group.operands) == 1 and isinstance(only := group.operands[0], Node) and not group.nots:
            return only
        return tree_of(group, self._rule)

    def _must_be_shallow(self, depth: int, word: Word) -> None:
        if depth > MOST_NESTED:
            self._rule.refuse(TooDeep, word.span, most=MOST_NESTED)

    def _expected(self, expected: str, word: Word) -> NoReturn:
        self._rule.refuse(Unexpected, word.span, expected=expected)

    def _unfinished(self) -> NoReturn:
        self._rule.refuse(Unfinished, self._words[-1].span)


def _constant(word: Word) -> Constant:
    value = word.value
    match value:
        case bool():
            return Constant(Kind.BOOLEAN, value, word.span)
        case int():
            return Constant(Kind.INTEGER, value, word.span)
        case str():
            return Constant(Kind.CODE, value, word.span)
        case None:
            raise AssertionError(word)
    return Constant(Kind.DECIMAL, value, word.span)
