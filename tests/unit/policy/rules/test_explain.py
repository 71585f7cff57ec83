"""The parts of a rule that can be shown one by one."""

from __future__ import annotations

from kesos.policy.rules.compile import truth_sql
from kesos.policy.rules.explain import leaves
from kesos.policy.rules.name import Kind, Name
from kesos.policy.rules.parse import read_rule
from kesos.policy.rules.units import product, quotient, reduced

SCOPE = {
    "decile": Name("decile", Kind.INTEGER, column="f.decile"),
    "age": Name("age", Kind.INTEGER, column="p.age"),
    "alone": Name("alone", Kind.BOOLEAN, column="f.alone"),
    "level": Name("level", Kind.CODE, codes=("sd", "smp"), column="p.level"),
    "highest": Name("highest", Kind.INTEGER, value=4),
}


def _shown(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(leaf.text, leaf.limit, leaf.facts) for leaf in leaves(read_rule(text, SCOPE, place="x"))]


def test_leaves_are_comparisons_and_single_facts_in_order() -> None:
    text = "decile<=highest AND (NOT alone OR age NOT BETWEEN highest AND 21) AND (level IN ('sd','smp') OR NOT alone)"

    assert _shown(text) == [
        ("decile <= highest", "4", ("decile",)),
        ("alone", "", ("alone",)),
        ("age BETWEEN highest AND 21", "4 AND 21", ("age",)),
        ("level IN ('sd', 'smp')", "'sd', 'smp'", ("level",)),
    ]


def test_leaves_have_the_side_without_facts_as_limit() -> None:
    assert _shown("highest + 1 >= decile") == [("highest + 1 >= decile", "4 + 1", ("decile",))]
    assert _shown("age > decile * 2") == [("age > decile * 2", "decile * 2", ("age", "decile"))]
    assert _shown("highest > 3") == [("highest > 3", "4", ())]


def test_leaves_of_a_constant_are_none() -> None:
    assert _shown("TRUE") == []


def test_leaves_can_be_asked_alone() -> None:
    rule = read_rule("NOT (alone AND decile <= highest)", SCOPE, place="x")

    assert [truth_sql(leaf.rule) for leaf in leaves(rule)] == ["f.alone", "(f.decile <= 4)"]


def test_units_cancel_out() -> None:
    assert reduced("IDR / months") == "IDR/month"
    assert product("IDR/month", "months") == "IDR"
    assert quotient(product("persons", "IDR/month/person"), "") == "IDR/month"
    assert quotient("families", "family") == ""
