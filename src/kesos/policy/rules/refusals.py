"""How a rule is refused: where in the text, what is wrong there, and what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from kesos.foundation.errors import Refused

_YES_OR_NO: Final = "yes or no"
_WHOLE_NUMBER: Final = "a whole number"
_NUMBER: Final = "a number"
_CODE: Final = "a code"
KINDS: Final = (_YES_OR_NO, _WHOLE_NUMBER, _NUMBER, _CODE)
"""What a person calls BOOLEAN, INTEGER, DECIMAL and CODE."""

_VOCABULARY: Final = "A fact that is missing is unknown, and leads to verification; a rule need not ask for it."
_PLAIN: Final = "Use only facts, parameters, numbers, codes, comparisons, AND, OR, NOT and + - * /."
_ONE: Final = "Write one condition; join several by AND or OR."
NOT_IN_THE_LANGUAGE: Final[Mapping[str, str]] = {
    "a comment": "Put the explanation beside the rule, in a comment of the file.",
    "a second statement": _ONE,
    "a quoted name": "Write the name without quotation marks, and a code between single ones: 'sma'.",
    "a function": _PLAIN,
    "a missing value": _VOCABULARY,
    "a query": _PLAIN,
    "a choice by CASE": "Write one clause a case, or join the cases by AND and OR.",
    "a search for text": "Compare a code by =, or by IN and a list.",
    "a change of type": "Leave it out: facts have their types.",
    "a date or a time": "Use a fact that counts years or months, such as age.",
    "a name with a table before it": "Write the name of the fact alone.",
    "a value from outside": "Name it as a parameter of the programme.",
    "a sign of another language": "Write AND, OR, NOT, = <> < <= > >= or + - * /.",
    "a word of SQL": _PLAIN,
}
"""What people who know SQL try, and what to do instead."""


class BrokenRule(Refused):
    """A rule text cannot be used; `line` and `column` count from 1, `near` is the piece of text."""

    what = "{place}, line {line}, column {column}: the rule cannot be read at '{near}'."
    remedy = "Correct the text there; docs/reference/rule-language.md says what a rule may hold."


class NotAText(BrokenRule):
    """A rule is a number, a truth value or nothing."""

    what = "{place}: a rule must be a text."
    remedy = "Put it between quotation marks."


class EmptyRule(BrokenRule):
    """A rule holds nothing but spaces."""

    what = "{place}: the rule is empty."
    remedy = "Write a condition such as official_decile <= 4, or TRUE if it holds for everybody."


class TooLong(BrokenRule):
    """A rule has more characters, or more names and values, than a person can hold."""

    what = "{place}: the rule has {length:,} {counted}, at most {most:,}."
    remedy = "Split it into several clauses, or have one fact added to the vocabulary that says the same."
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {"counted": ("characters", "names and values")}


class TooDeep(BrokenRule):
    """Parentheses and NOT stand in one another too often."""

    what = "{place}, line {line}, column {column}: parentheses and NOT are more than {most} deep at '{near}'."
    remedy = "Remove parentheses that are not needed, or split the rule into several clauses."


class ForeignCharacter(BrokenRule):
    """A character that a rule may not hold; it may look like another, or like nothing."""

    what = "{place}, line {line}, column {column}: a rule may not hold the character {near}."
    remedy = "Remove it, or type the word again with plain letters, digits and signs of the keyboard."


class ReplaceCharacter(BrokenRule):
    """A character for which there is a plain one."""

    what = "{place}, line {line}, column {column}: a rule may not hold the character {near}."
    remedy = "Write {suggestion} instead."


class NotInLanguage(BrokenRule):
    """SQL that the rule language leaves out."""

    what = "{place}, line {line}, column {column}: '{near}' is {thing}, which the rule language does not have."
    remedy = "{instead}"
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "thing": tuple(NOT_IN_THE_LANGUAGE),
        "instead": tuple(dict.fromkeys(NOT_IN_THE_LANGUAGE.values())),
    }


class WriteInstead(BrokenRule):
    """A word or sign that other languages have, with a known counterpart here."""

    what = "{place}, line {line}, column {column}: the rule language does not know '{near}'."
    remedy = "Write {suggestion} instead."


class UnknownName(BrokenRule):
    """No fact and no parameter has this name, and nothing resembles it."""

    what = "{place}, line {line}, column {column}: there is no fact or parameter '{near}' here."
    remedy = "Look the name up in the vocabulary; what a rule may name depends on the unit of the programme."


class MisspelledName(BrokenRule):
    """No fact and no parameter has this name, but others resemble it."""

    what = "{place}, line {line}, column {column}: there is no fact or parameter '{near}' here."
    remedy = "Did you mean {suggestion}?"


class MalformedNumber(BrokenRule):
    """A number is written in a way that can be misread."""

    what = "{place}, line {line}, column {column}: the number '{near}' cannot be read."
    remedy = "Write digits, and a point before at most 6 decimals: 1500000 or 0.25; no separators, no exponent."


class NumberTooLarge(BrokenRule):
    """A number is beyond what is calculated with."""

    what = "{place}, line {line}, column {column}: the number '{near}' is beyond {most:,}."
    remedy = "Check the number of zeros."


class MalformedCode(BrokenRule):
    """What stands between single quotation marks is no code, or the second mark is missing."""

    what = "{place}, line {line}, column {column}: {near} is not a code between two single quotation marks."
    remedy = "Write a code of letters, digits and underscores, such as 'sma'."


class Unexpected(BrokenRule):
    """Words do not follow one another as they must."""

    what = "{place}, line {line}, column {column}: {expected} is expected before '{near}'."
    remedy = "Look there for a word or sign that is missing, or that stands twice."
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "expected": (
            "a name or a value",
            "AND, OR or a sign such as <=",
            "BETWEEN or IN",
            "a parenthesis and a list",
            "a comma or the end of the list",
            "AND and the upper end of BETWEEN",
        )
    }


class Unfinished(BrokenRule):
    """The text ends where something must follow."""

    what = "{place}, line {line}, column {column}: the rule ends after '{near}', where something must follow."
    remedy = "Write the rest of the rule."


class UnbalancedParenthesis(BrokenRule):
    """A parenthesis has no partner."""

    what = "{place}, line {line}, column {column}: the parenthesis at '{near}' has no partner."
    remedy = "Count the parentheses: each that opens is closed once."


class MinusBeforeName(BrokenRule):
    """A minus stands before something that is no number."""

    what = "{place}, line {line}, column {column}: only a number may have a minus before it, not '{near}'."
    remedy = "Write {suggestion} instead."


class MixedAndOr(BrokenRule):
    """AND and OR stand side by side, so that two readers may understand two things."""

    what = "{place}, line {line}, column {column}: AND and OR stand side by side without parentheses at '{near}'."
    remedy = "Put parentheses around what belongs together: {suggestion}"


class ChainedComparison(BrokenRule):
    """Two comparisons share a side."""

    what = "{place}, line {line}, column {column}: '{near}' compares a comparison."
    remedy = "Write two comparisons joined by AND, or BETWEEN: age >= 5 AND age <= 21."


class ConditionNeeded(BrokenRule):
    """A number or a code stands where something must be yes or no."""

    what = "{place}, line {line}, column {column}: '{near}' is {got}, where something must be yes or no."
    remedy = "Compare it: {suggestion}"
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {"got": KINDS}


class NumberNeeded(BrokenRule):
    """Something that is no number is calculated with, or compared with a number."""

    what = "{place}, line {line}, column {column}: '{near}' is {got}, where a number must stand."
    remedy = "Name a fact or a parameter that is a number; a code is compared with a code, by = or IN."
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {"got": KINDS}


class WrongKind(BrokenRule):
    """The whole rule gives another kind of value than its place asks for."""

    what = "{place}: the rule gives {got}, but {wanted} is needed."
    remedy = "Look in the vocabulary for the fact that says what is needed here."
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {"got": KINDS, "wanted": KINDS}


class TruthCompared(BrokenRule):
    """A fact that is yes or no is compared with something."""

    what = "{place}, line {line}, column {column}: '{near}' compares what is already yes or no."
    remedy = "Let it stand alone; for its opposite write {suggestion}."


class CodesInOrder(BrokenRule):
    """A code is asked whether it is larger or smaller."""

    what = "{place}, line {line}, column {column}: '{near}' asks for an order of codes, which have none."
    remedy = "Compare a code by =, by <>, or by IN and a list."


class UnknownCode(BrokenRule):
    """A code is compared with one that it never is."""

    what = "{place}, line {line}, column {column}: {name} is never {near}."
    remedy = "Its codes are: {suggestion}."


class OtherCodes(BrokenRule):
    """Two codes of different lists are compared."""

    what = "{place}, line {line}, column {column}: '{near}' compares codes of two different lists."
    remedy = "Compare each with codes of its own list."


class DifferentUnits(BrokenRule):
    """Two numbers with different units are compared, added or subtracted."""

    what = "{place}, line {line}, column {column}: '{near}' puts '{left}' beside '{right}'."
    remedy = "Bring both to one unit, by * or / with a fact or parameter; a parameter has its unit in the file."


class WrongUnit(BrokenRule):
    """The whole rule gives another unit than its place asks for."""

    what = "{place}: the rule gives '{got}', but '{wanted}' is needed."
    remedy = "Multiply or divide by a fact or parameter so that the units cancel out."


class DivisionByZero(BrokenRule):
    """A number is divided by nothing."""

    what = "{place}, line {line}, column {column}: '{near}' divides by 0."
    remedy = "Divide by another number, or correct the value of the parameter."


class QuotientBelow(BrokenRule):
    """A quotient stands below another fraction bar."""

    what = "{place}, line {line}, column {column}: '{near}' divides by a quotient."
    remedy = "Multiply instead: a / (b / c) is a * c / b."


class EmptyRange(BrokenRule):
    """BETWEEN has its ends the wrong way round, so that nothing lies between them."""

    what = "{place}, line {line}, column {column}: nothing is '{near}': {least} is more than {most}."
    remedy = "Write the smaller number first, or correct the parameter."


class NeverEqual(BrokenRule):
    """A whole number is asked whether it equals a broken one."""

    what = "{place}, line {line}, column {column}: '{near}' is never true of a whole number."
    remedy = "Compare by < <= > or >=, or write a whole number."


class ListAfterCalculation(BrokenRule):
    """IN stands after a calculation."""

    what = "{place}, line {line}, column {column}: what stands before '{near}' is no name of a fact."
    remedy = "Let the name of one fact stand there, or write comparisons joined by OR."


class ListOfNames(BrokenRule):
    """The list of IN holds a name."""

    what = "{place}, line {line}, column {column}: '{near}' cannot stand in a list."
    remedy = "Write only numbers, or only codes, between the parentheses; compare names by = and OR."


class ResultTooLarge(BrokenRule):
    """A calculation may give more digits than are kept."""

    what = "{place}, line {line}, column {column}: '{near}' may become larger than can be calculated exactly."
    remedy = "Multiply fewer facts, or smaller numbers."


class UnusableParameter(BrokenRule):
    """The value of a parameter is none that a rule can hold."""

    what = (
        "{place}, line {line}, column {column}: the value {value} of the parameter '{near}' cannot be used in a rule."
    )
    remedy = "Give a number of at most 6 decimals, not beyond 10^15, or a code of letters, digits and underscores."
