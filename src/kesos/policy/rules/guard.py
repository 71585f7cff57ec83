"""What is looked at before any parser: characters, length, and which words and signs there are.

Everything that is not on the list here is refused, in one walk over the text. Whatever comes out is ASCII, and so in
NFC: the three signs × ÷ − are the only others that may stand in a rule, and become * / -.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, NoReturn

from kesos.policy.rules.name import Value
from kesos.policy.rules.refusals import (
    NOT_IN_THE_LANGUAGE,
    BrokenRule,
    EmptyRule,
    ForeignCharacter,
    MalformedCode,
    MalformedNumber,
    NotAText,
    NotInLanguage,
    NumberTooLarge,
    ReplaceCharacter,
    TooLong,
    WriteInstead,
)  # fmt: skip
from kesos.policy.rules.tree import Span

MOST_CHARACTERS: Final = 4_000
MOST_OPERANDS: Final = 100
MOST_NUMBER: Final = 10**15
MOST_DECIMALS: Final = 6
_SHOWN: Final = 40

KEYWORDS: Final = frozenset({"AND", "OR", "NOT", "BETWEEN", "IN"})
_SIGNS: Final = {"!=": "<>", "×": "*", "÷": "/", "−": "-"}
_REPLACED: Final = {
    "≤": "<=", "≥": ">=", "≠": "<>", "＝": "=", "＜": "<", "＞": ">", "（": "(", "）": ")", "，": ",",
    "∧": "AND", "∨": "OR", "¬": "NOT", "·": "*", "∗": "*", "⁄": "/", "∕": "/",
    **dict.fromkeys("–—‐‑‒﹣－", "-"),
    **dict.fromkeys("‘’‚‛`´′", "'"),
}  # fmt: skip
_OTHER_LANGUAGES: Final = {
    "==": "=", "=<": "<=", "=>": ">=", "&&": "AND", "&": "AND", "||": "OR", "|": "OR", "!": "NOT",
    "DAN": "AND", "ATAU": "OR", "TIDAK": "NOT", "BUKAN": "NOT", "ANTARA": "BETWEEN", "DALAM": "IN",
    "BENAR": "TRUE", "SALAH": "FALSE", "YES": "TRUE", "NO": "FALSE", "YA": "TRUE",
}  # fmt: skip
_SQL_WORDS: Final = {
    **dict.fromkeys(["NULL", "IS", "ISNULL", "NOTNULL", "UNKNOWN"], "a missing value"),
    **dict.fromkeys(["COALESCE", "NULLIF", "IFNULL", "IIF", "NVL"], "a function"),
    **dict.fromkeys(["SELECT", "FROM", "EXISTS", "UNION", "WITH", "WHERE", "ALL", "ANY", "SOME", "VALUES"], "a query"),
    **dict.fromkeys(["CASE", "WHEN", "THEN", "ELSE", "END", "IF"], "a choice by CASE"),
    **dict.fromkeys(["LIKE", "ILIKE", "RLIKE", "SIMILAR", "GLOB", "REGEXP", "ESCAPE"], "a search for text"),
    **dict.fromkeys(["CAST", "TRY_CAST", "COLLATE"], "a change of type"),
    **dict.fromkeys(["DATE", "TIMESTAMP", "INTERVAL", "CURRENT_DATE", "CURRENT_TIMESTAMP", "NOW"], "a date or a time"),
    **dict.fromkeys(["DROP", "INSERT", "UPDATE", "DELETE", "CREATE", "ATTACH", "COPY", "PRAGMA"], "a word of SQL"),
    **dict.fromkeys(["OVER", "PARTITION", "DISTINCT", "XOR", "DIV", "MOD", "AS", "USING", "ORDER"], "a word of SQL"),
}
_PHRASES: Final = (
    ("--", "a comment"), ("/*", "a comment"), ("#", "a comment"), (";", "a second statement"),
    ('"', "a quoted name"), ("`", "a quoted name"), ("::", "a change of type"), ("->", "a sign of another language"),
    ("?", "a value from outside"), ("$", "a value from outside"), (":", "a value from outside"),
    ("@", "a value from outside"),
)  # fmt: skip
_SPACE: Final = " \t\r\n"
_FREE: Final = re.compile(r"[ -~\t\r\n×÷−]*")
_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NUMBER: Final = re.compile(r"\.?[0-9][0-9A-Za-z_.]*")
_PLAIN_NUMBER: Final = re.compile(rf"[0-9]+(?:\.[0-9]{{1,{MOST_DECIMALS}}})?")
_CODE: Final = re.compile(r"[A-Za-z0-9_]{1,60}")
_CALLED: Final = re.compile(r"\s*\(")
_SIGN: Final = re.compile(r"==|=<|=>|<=|>=|<>|!=|&&|\|\||[-+*/()<>=,×÷−&|!]")


class Sort(StrEnum):
    """What a word of a rule is."""

    NAME = "name"
    VALUE = "value"
    KEYWORD = "keyword"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a rule: a name, a value, a keyword in capitals, or a sign."""

    sort: Sort
    text: str
    span: Span
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class RuleText:
    """A text with the place it comes from, for saying where something is wrong."""

    text: str
    place: str

    def refuse(self, refusal: type[BrokenRule], span: Span, **fields: object) -> NoReturn:
        """Refuse the rule at a place in its text; `near` is the piece there unless it is given."""
        before = self.text[: span.start].replace("\r\n", "\n")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        said = {"near": shortened(self.text[span.start : span.end]), "suggestion": "", **fields}
        raise refusal(place=self.place, line=line, column=column, **said)


def shortened(piece: str) -> str:
    """Write a piece of a text on one line, in plain characters, with its middle left out if it is long.

    >>> shortened("age\\u202e  >=\\n4")
    'age\\\\u202e >= 4'
    """
    plain = " ".join(piece[: _SHOWN * 200].split()).encode("ascii", "backslashreplace").decode()
    printed = "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in plain)
    return printed if len(printed) <= _SHOWN else f"{printed[: _SHOWN // 2]} … {printed[-_SHOWN // 2 :]}"


def words_of(text: object, names: Container[str], *, place: str) -> tuple[RuleText, tuple[Word, ...]]:
    """Split a rule into words, or refuse it; `names` are the facts and parameters that it may name.

    >>> [word.text for word in words_of("age>=5 and sex = 'male'", ["age", "sex"], place="here")[1]]
    ['age', '>=', '5', 'AND', 'sex', '=', "'male'"]

    *Raises* BrokenRule.
    """
    if not isinstance(text, str):
        raise NotAText(place=place, line=1, column=1, near=type(text).__name__, suggestion="")
    rule = RuleText(text, place)
    if len(text) > MOST_CHARACTERS:
        rule.refuse(TooLong, Span(0, 0), length=len(text), counted="characters", most=MOST_CHARACTERS)
    _must_be_plain(rule)
    words = tuple(_words(rule, names))
    if not words:
        rule.refuse(EmptyRule, Span(0, 0))
    operands = sum(word.sort in {Sort.NAME, Sort.VALUE} for word in words)
    if operands > MOST_OPERANDS:
        rule.refuse(TooLong, Span(0, 0), length=operands, counted="names and values", most=MOST_OPERANDS)
    return rule, words


def _must_be_plain(rule: RuleText) -> None:
    """Refuse characters outside of ASCII, and those that cannot be seen."""
    plain = _FREE.match(rule.text)
    at = plain.end() if plain else 0
    if at == len(rule.text):
        return
    character = rule.text[at]
    name = unicodedata.name(character, "")
    near = f"U+{ord(character):04X} {name}".strip()
    instead = _REPLACED.get(character)
    if instead is None and unicodedata.category(character) == "Zs":
        rule.refuse(ReplaceCharacter, Span(at, at + 1), near=near, suggestion="SPACE")
    if instead is None:
        rule.refuse(ForeignCharacter, Span(at, at + 1), near=near)
    rule.refuse(ReplaceCharacter, Span(at, at + 1), near=near, suggestion=instead)


def _words(rule: RuleText, names: Container[str]) -> Iterator[Word]:
    text, at = rule.text, 0
    while at < len(text):
        if text[at] in _SPACE:
            at += 1
            continue
        for phrase, thing in _PHRASES:
            if text.startswith(phrase, at):
                _leave_out(rule, Span(at, at + len(phrase)), thing)
        word = _word_at(rule, at, names)
        yield word
        at = word.span.end


def _word_at(rule: RuleText, at: int, names: Container[str]) -> Word:
    text = rule.text
    if match := _WORD.match(text, at):
        return _named(rule, Span(*match.span()), names)
    if match := _NUMBER.match(text, at):
        return _number(rule, Span(*match.span()))
    if text[at] == "'":
        return _code(rule, at)
    if (match := _SIGN.match(text, at)) is None:
        is_dot = text[at] == "."
        _leave_out(rule, Span(at, at + 1), "a name with a table before it" if is_dot else "a sign of another language")
    sign, span = match[0], Span(*match.span())
    if sign in _OTHER_LANGUAGES:
        rule.refuse(WriteInstead, span, suggestion=_OTHER_LANGUAGES[sign])
    return Word(Sort.SIGN, _SIGNS.get(sign, sign), span)


def _named(rule: RuleText, span: Span, names: Container[str]) -> Word:
    word = rule.text[span.start : span.end]
    capitals = word.upper()
    if capitals in KEYWORDS:
        return Word(Sort.KEYWORD, capitals, span)
    if capitals in {"TRUE", "FALSE"}:
        return Word(Sort.VALUE, capitals, span, value=capitals == "TRUE")
    _must_be_of_the_language(rule, span, names)
    return Word(Sort.NAME, word, span)


def _must_be_of_the_language(rule: RuleText, span: Span, names: Container[str]) -> None:
    """Refuse a word that means something in SQL or another language, and any that is called like a function.

    Names come first: a fact may be called `date`.
    """
    word = rule.text[span.start : span.end]
    capitals = word.upper()
    if word.lower() not in names:
        if capitals in _OTHER_LANGUAGES:
            rule.refuse(WriteInstead, span, suggestion=_OTHER_LANGUAGES[capitals])
        if capitals in _SQL_WORDS:
            _leave_out(rule, span, _SQL_WORDS[capitals])
    if _CALLED.match(rule.text, span.end):
        _leave_out(rule, span, "a function")
    if rule.text.startswith("'", span.end):
        _leave_out(rule, span, "a sign of another language")  # x'41', e'\n'


def _number(rule: RuleText, span: Span) -> Word:
    digits = rule.text[span.start : span.end]
    if not _PLAIN_NUMBER.fullmatch(digits):
        rule.refuse(MalformedNumber, span)
    # Text first: Python refuses to read thousands of digits, and so do we.
    if len(digits.partition(".")[0].lstrip("0")) > 16 or Decimal(digits) > MOST_NUMBER:
        rule.refuse(NumberTooLarge, span, most=MOST_NUMBER)
    value: Value = Decimal(digits) if "." in digits else int(digits)
    return Word(Sort.VALUE, digits, span, value=value)


def _code(rule: RuleText, at: int) -> Word:
    end = rule.text.find("'", at + 1)
    span = Span(at, len(rule.text) if end < 0 else end + 1)
    code = rule.text[at + 1 : end]
    if end < 0 or not is_code(code) or rule.text.startswith("'", end + 1):
        rule.refuse(MalformedCode, span)
    return Word(Sort.VALUE, f"'{code}'", span, value=code)


def is_code(text: str) -> bool:
    """Tell whether a text may be a code: letters, digits and underscores, at most 60."""
    return _CODE.fullmatch(text) is not None


def _leave_out(rule: RuleText, span: Span, thing: str) -> NoReturn:
    rule.refuse(NotInLanguage, span, thing=thing, instead=NOT_IN_THE_LANGUAGE[thing])
