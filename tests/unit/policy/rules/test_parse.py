"""Rules that are read, and what is said of those that are not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kesos.policy.rules.name import Kind, Name
from kesos.policy.rules.parse import read_rule
from kesos.policy.rules.refusals import (
    BrokenRule,
    ChainedComparison,
    EmptyRule,
    ForeignCharacter,
    ListAfterCalculation,
    ListOfNames,
    MalformedCode,
    MalformedNumber,
    MinusBeforeName,
    MisspelledName,
    MixedAndOr,
    NotAText,
    NotInLanguage,
    NumberTooLarge,
    ReplaceCharacter,
    TooDeep,
    TooLong,
    UnbalancedParenthesis,
    Unexpected,
    Unfinished,
    UnknownName,
    WriteInstead,
)  # fmt: skip

SCOPE = {
    "age": Name("age", Kind.INTEGER, "years", column="p.age"),
    "official_decile": Name("official_decile", Kind.INTEGER, "decile", column="f.official_decile"),
    "lives_alone": Name("lives_alone", Kind.BOOLEAN, column="f.lives_alone"),
    "orphan": Name("orphan", Kind.BOOLEAN, column="p.orphan"),
    "school_level": Name("school_level", Kind.CODE, codes=("none", "sd", "smp"), column="p.school_level"),
    "highest": Name("highest", Kind.INTEGER, "decile", value=4),
}


def _canonical(text: str) -> str:
    return read_rule(text, SCOPE, place="x.yaml, rule").canonical


def _refused(text: object) -> BrokenRule:
    with pytest.raises(BrokenRule) as refused:
        read_rule(text, SCOPE, place="x.yaml, rule")  # type: ignore[arg-type]  # a file may hold anything
    return refused.value


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("age>=60", "age >= 60"),
        ("((age)) >= (60)", "age >= 60"),
        ("age != 5", "age <> 5"),
        ("official_decile<=highest and\n not lives_alone", "official_decile <= highest AND NOT lives_alone"),
        ("orphan AND (lives_alone AND age<18)", "orphan AND lives_alone AND age < 18"),
        ("(orphan AND lives_alone) OR age < 18", "(orphan AND lives_alone) OR age < 18"),
        ("orphan AND (lives_alone OR age < 18)", "orphan AND (lives_alone OR age < 18)"),
        ("NOT (orphan OR lives_alone)", "NOT (orphan OR lives_alone)"),
        ("NOT (age = 5)", "NOT age = 5"),
        ("NOT NOT orphan", "NOT NOT orphan"),
        ("NOT age BETWEEN 5 AND 21", "age NOT BETWEEN 5 AND 21"),
        ("NOT school_level not in ('sd' , 'smp')", "NOT school_level NOT IN ('sd', 'smp')"),
        ("age BETWEEN 5 AND 21 AND school_level = 'sd'", "age BETWEEN 5 AND 21 AND school_level = 'sd'"),
        ("age × 2 ÷ 3 − 1 > -1.50", "age * 2 / 3 - 1 > -1.5"),
        ("(age + 1) * 2 - (3 - age) >= 007", "(age + 1) * 2 - (3 - age) >= 7"),
        ("age - -5 > 2.0", "age - -5 > 2.0"),
        ("true", "TRUE"),
    ],
)
def test_read_rule_gives_one_canonical_text(text: str, canonical: str) -> None:
    assert _canonical(text) == canonical
    assert _canonical(canonical) == canonical


def test_read_rule_names_facts_and_parameters_once_in_order() -> None:
    rule = read_rule("official_decile <= highest AND (age < 6 OR age > 60) AND highest > 1", SCOPE, place="x")

    assert rule.facts == ("official_decile", "age")
    assert rule.parameters == ("highest",)
    assert (rule.kind, rule.unit) == (Kind.BOOLEAN, "")


def test_read_rule_binds_as_sql_does() -> None:
    assert _canonical("age + 2 * 3 - 4 / 2 > 1 AND NOT orphan") == "age + 2 * 3 - 4 / 2 > 1 AND NOT orphan"
    assert _canonical("((age + (2 * 3)) - (4 / 2)) > 1") == "age + 2 * 3 - 4 / 2 > 1"
    assert _canonical("age - (3 - 2) > 1") == "age - (3 - 2) > 1"


@pytest.mark.parametrize(
    ("text", "refusal", "line", "column", "near", "suggestion"),
    [
        ("", EmptyRule, 1, 1, "", ""),
        (" \t\n", EmptyRule, 1, 1, "", ""),
        (5, NotAText, 1, 1, "int", ""),
        ("oficial_decile <= 4", MisspelledName, 1, 1, "oficial_decile", "official_decile"),
        ("orphan AND\n  Age < 5", MisspelledName, 2, 3, "Age", "age"),
        ("zzz", UnknownName, 1, 1, "zzz", ""),
        ("orphan AND lives_alone OR age < 5", MixedAndOr, 1, 1, "orphan AND lives_alone OR age < 5",
         "(orphan AND lives_alone) OR age < 5"),
        ("orphan OR lives_alone AND orphan", MixedAndOr, 1, 1, "orphan OR lives_alone AND orphan",
         "orphan OR (lives_alone AND orphan)"),
        ("1 < age < 5", ChainedComparison, 1, 3, "< age <", ""),
        ("(1 < age) < 5", ChainedComparison, 1, 1, "(1 < age) < 5", ""),
        ("age BETWEEN 1 AND 2 BETWEEN 1 AND 2", ChainedComparison, 1, 5, "BETWEEN 1 AND 2 BETWEEN", ""),
        ("orphan dan lives_alone", WriteInstead, 1, 8, "dan", "AND"),
        ("age == 4", WriteInstead, 1, 5, "==", "="),
        ("age ≤ 4", ReplaceCharacter, 1, 5, "U+2264 LESS-THAN OR EQUAL TO", "<="),
        ("age <=\xa04", ReplaceCharacter, 1, 7, "U+00A0 NO-BREAK SPACE", "SPACE"),
        ("age <= 1.000.000", MalformedNumber, 1, 8, "1.000.000", ""),
        ("age <= 1e5", MalformedNumber, 1, 8, "1e5", ""),
        ("age <= 0x1F", MalformedNumber, 1, 8, "0x1F", ""),
        ("age <= .5", MalformedNumber, 1, 8, ".5", ""),
        ("age <= 0.1234567", MalformedNumber, 1, 8, "0.1234567", ""),
        ("age <= 1000000000000001", NumberTooLarge, 1, 8, "1000000000000001", ""),
        ("0 - 3 < -age", MinusBeforeName, 1, 10, "age", "0 - age"),
        ("- - 3 < age", MinusBeforeName, 1, 3, "-", "0 - -"),
        ("school_level = 'a''b'", MalformedCode, 1, 16, "'a'", ""),
        ("school_level = 'sd", MalformedCode, 1, 16, "'sd", ""),
        ("school_level = 'a\\n'", MalformedCode, 1, 16, "'a\\n'", ""),
        ("school_level = ''", MalformedCode, 1, 16, "''", ""),
        ("age IN (highest)", ListOfNames, 1, 9, "highest", ""),
        ("age + 1 IN (2)", ListAfterCalculation, 1, 9, "IN", ""),
        ("(age + 1) IN (2)", ListAfterCalculation, 1, 11, "IN", ""),
        ("1 + age IN (2)", ListAfterCalculation, 1, 9, "IN", ""),
        ("age IN ()", Unexpected, 1, 9, ")", ""),
        ("age IN 5", Unexpected, 1, 8, "5", ""),
        ("age IN (1 2)", Unexpected, 1, 11, "2", ""),
        ("age 5", Unexpected, 1, 5, "5", ""),
        ("AND orphan", Unexpected, 1, 1, "AND", ""),
        ("orphan NOT lives_alone", Unexpected, 1, 12, "lives_alone", ""),
        ("age = NOT orphan", Unexpected, 1, 7, "NOT", ""),
        ("age BETWEEN 1 OR 2", Unexpected, 1, 15, "OR", ""),
        ("(age BETWEEN 1)", Unexpected, 1, 15, ")", ""),
        ("age BETWEEN 1 AND NOT 2", Unexpected, 1, 19, "NOT", ""),
        ("age, orphan", Unexpected, 1, 4, ",", ""),
        ("age BETWEEN 1", Unfinished, 1, 13, "1", ""),
        ("orphan AND", Unfinished, 1, 8, "AND", ""),
        ("age IN (1,", Unfinished, 1, 10, ",", ""),
        ("orphan NOT", Unfinished, 1, 8, "NOT", ""),
        ("age > -", Unfinished, 1, 7, "-", ""),
        ("(orphan", UnbalancedParenthesis, 1, 1, "(", ""),
        ("orphan)", UnbalancedParenthesis, 1, 7, ")", ""),
    ],
)  # fmt: skip
def test_read_rule_points_at_what_is_wrong(
    text: object, refusal: type[BrokenRule], line: int, column: int, near: str, suggestion: str
) -> None:
    refused = _refused(text)

    assert type(refused) is refusal
    found = [refused.fields[name] for name in ("place", "line", "column", "near", "suggestion")]
    assert found == ["x.yaml, rule", line, column, near, suggestion]


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("orphan -- yes", "a comment"),
        ("orphan /* yes */", "a comment"),
        ("orphan; DROP TABLE family", "a second statement"),
        ('"age" > 5', "a quoted name"),
        ("abs(age) > 5", "a function"),
        ("age(5) > 5", "a function"),
        ("COALESCE(age, 5) > 5", "a function"),
        ("age IS NULL", "a missing value"),
        ("age IN (1, NULL)", "a missing value"),
        ("age = NULL", "a missing value"),
        ("age IN (SELECT 1)", "a query"),
        ("EXISTS (SELECT 1)", "a query"),
        ("CASE WHEN orphan THEN TRUE END", "a choice by CASE"),
        ("school_level LIKE 's%'", "a search for text"),
        ("CAST(age AS TEXT) = 'x'", "a change of type"),
        ("age::text = 'x'", "a change of type"),
        ("DATE '2026-01-01' > age", "a date or a time"),
        ("f.age > 5", "a name with a table before it"),
        ("age > $1", "a value from outside"),
        ("age > :limit", "a value from outside"),
        ("age % 2 = 1", "a sign of another language"),
        ("x'41' = 'a'", "a sign of another language"),
        ("age[1] = 1", "a sign of another language"),
        ("age -> 1", "a sign of another language"),
        ("age OVER (PARTITION)", "a word of SQL"),
    ],
)
def test_read_rule_leaves_out_the_rest_of_sql(text: str, thing: str) -> None:
    refused = _refused(text)

    assert type(refused) is NotInLanguage
    assert refused.fields["thing"] == thing


@pytest.mark.parametrize(
    "sign", ["\u0430", "\u200b", "\u202e", "\x00", "\ud800", "\uff41", "e\u0301", "\x7f", "٣", "\u2028"]
)
def test_read_rule_refuses_what_looks_like_something_else(sign: str) -> None:
    refused = _refused(f"age{sign} > 5")

    assert type(refused) is ForeignCharacter
    assert str(refused.fields["near"]).isascii()


def test_read_rule_bears_thirty_deep_and_no_deeper() -> None:
    assert _canonical("(" * 30 + "orphan" + ")" * 30) == "orphan"
    assert _canonical("NOT " * 30 + "orphan") == "NOT " * 30 + "orphan"
    assert _canonical("NOT (" * 15 + "orphan" + ")" * 15) == "NOT " * 15 + "orphan"
    for text in ("(" * 31 + "orphan" + ")" * 31, "NOT " * 31 + "orphan", "NOT (" * 16 + "orphan" + ")" * 16):
        assert type(_refused(text)) is TooDeep


def test_read_rule_bears_four_thousand_characters_and_a_hundred_operands() -> None:
    assert _canonical("orphan" + " " * 3_994) == "orphan"
    assert len(read_rule(" OR ".join(["orphan"] * 100), SCOPE, place="x").canonical) == 996
    assert read_rule(" + ".join(["age"] * 99) + " > 1", SCOPE, place="x").facts == ("age",)

    for text, counted in (
        ("orphan" + " " * 3_995, "characters"),
        ("(" * 1_000_000, "characters"),
        (" OR ".join(["orphan"] * 101), "names and values"),
        ("age IN (" + ",".join(["1"] * 100) + ")", "names and values"),
    ):
        refused = _refused(text)
        assert type(refused) is TooLong
        assert refused.fields["counted"] == counted


def test_read_rule_lets_a_fact_be_called_like_a_word_of_sql() -> None:
    scope = {
        "date": Name("date", Kind.INTEGER, column="f.date"),
        "interval": Name("interval", Kind.BOOLEAN, column="f.i"),
    }

    assert read_rule("interval AND date > 5", scope, place="x").canonical == "interval AND date > 5"


def test_read_rule_shows_a_long_piece_shortened_and_in_plain_signs() -> None:
    refused = _refused("z" * 300)

    assert refused.fields["near"] == f"{'z' * 20} … {'z' * 20}"


def test_read_rule_takes_decimals_exactly() -> None:
    rule = read_rule("0.1", SCOPE, wants=Kind.DECIMAL, place="x")

    assert rule.kind is Kind.DECIMAL
    assert getattr(rule.tree, "value", None) == Decimal("0.1")
