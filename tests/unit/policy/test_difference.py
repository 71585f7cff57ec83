"""What changes in a programme from one day or one version to another, and whom it touches."""

from __future__ import annotations

from datetime import date

import pytest

from kesos.policy.difference import Change, Difference, Effect, Part, Touched, programme_difference
from kesos.policy.published import ProgrammeOn, programme_on
from kesos.policy.vocabulary.vocabulary import load_vocabulary
from unit.policy.rice_aid import CODES, rice_aid

BEFORE, AFTER = date(2026, 6, 30), date(2026, 7, 1)


def on(day: date, *changes: tuple[str, str]) -> ProgrammeOn:
    return programme_on(rice_aid(*changes), day, load_vocabulary(), codes=CODES)


def test_a_programme_does_not_differ_from_itself() -> None:
    assert programme_difference(on(AFTER), on(AFTER)) == Difference((), ())
    assert programme_difference(None, None) == Difference((), ())


def test_difference_of_two_days_names_numbers_and_clauses_with_their_ground() -> None:
    found = programme_difference(on(BEFORE), on(AFTER))

    assert found.changes == (
        Change(Part.NUMBER, "decile_limit", "4 decile", "3 decile", None, "Announced and not read"),
        Change(Part.ELIGIBILITY, "remote", "remote_area", None, None, None),
        Change(Part.REASON, "remote", "Tidak terpencil / Not remote", None, None, None),
    )
    assert found.touched == (
        Touched(Effect.WHO_MAY_RECEIVE, Part.ELIGIBILITY, "decile", ("official_decile",),
                "official_decile <= 4", "official_decile <= 3"),
        Touched(Effect.WHO_MAY_RECEIVE, Part.ELIGIBILITY, "remote", ("remote_area",), "remote_area", None),
    )  # fmt: skip


def test_difference_turned_round_names_what_is_new() -> None:
    found = programme_difference(on(AFTER), on(BEFORE))

    assert [(change.name, change.before, change.after) for change in found.changes] == [
        ("decile_limit", "3 decile", "4 decile"),
        ("remote", None, "remote_area"),
        ("remote", None, "Tidak terpencil / Not remote"),
    ]


def test_a_changed_amount_touches_its_component_only() -> None:
    found = programme_difference(on(date(2026, 5, 14)), on(date(2026, 5, 15)))

    assert [(change.name, change.law) for change in found.changes] == [("amount_elder", "Decree 2")]
    assert found.touched == (Touched(Effect.HOW_MUCH, Part.COMPONENT, "elder", ("age",),
                                     "age >= 60; 100000; 2", "age >= 60; 150001; 2"),)  # fmt: skip


def test_before_and_after_its_time_a_programme_is_all_new_and_all_gone() -> None:
    begun, ended = programme_difference(None, on(AFTER)), programme_difference(on(AFTER), None)

    assert {change.before for change in begun.changes} == {None}
    assert {change.after for change in ended.changes} == {None}
    assert len(begun.changes) == len(ended.changes) == 28
    assert {touched.effect for touched in begun.touched} == set(Effect)


@pytest.mark.parametrize(
    ("change", "part", "name", "effect"),
    [
        (("rule: civil_servant_in_family", "rule: owns_car"), Part.EXCLUSION, "civil_servant", Effect.WHO_IS_HELD_BACK),
        (("expires_after_months: 12", "expires_after_months: 6"), Part.EXCLUSION, "civil_servant",
         Effect.WHO_IS_HELD_BACK),
        (("en: Decile too high", "en: Too high"), Part.REASON, "decile", None),
        (("stages: 4", "stages: 12"), Part.BENEFIT, "stages", Effect.HOW_MUCH),
        ((", at_most: most_elders}", "}"), Part.COMPONENT, "elder", Effect.HOW_MUCH),
        (("area: registered", "area: residence"), Part.QUOTA, "area", Effect.ORDER),
        (("key: lives_alone", "key: lone_elder"), Part.RANKING, "2", Effect.ORDER),
        (("seed: rice-2026", "seed: rice-2027"), Part.LOTTERY, "seed", Effect.ORDER),
        (("elderly_70 >= 1", "elderly_75 >= 1"), Part.DURATION, "exempt", Effect.WHO_SHOULD_LEAVE),
        (("rule: receives_pena", "rule: receives_pip"), Part.EXIT, "capital", Effect.WHO_SHOULD_LEAVE),
        (("{rule: lone_elder", "{rule: lives_alone"), Part.PROTECTION, "rule", Effect.WHO_SHOULD_LEAVE),
    ],
    ids=lambda value: value[1][:24] if isinstance(value, tuple) else "",
)  # fmt: skip
def test_each_part_has_its_effect(change: tuple[str, str], part: Part, name: str, effect: Effect | None) -> None:
    found = programme_difference(on(AFTER), on(AFTER, change))

    assert [(one.part, one.name) for one in found.changes] == [(part, name)]
    assert [(one.effect, one.part, one.name) for one in found.touched] == ([(effect, part, name)] if effect else [])


@pytest.mark.parametrize(
    ("number", "names"),
    [
        ("value: 2,", [("benefit", "most_persons"), ("component", "elder")]),
        ("value: 60, law: Decree 1}]\neligibility", [("longest_time", "longest_months")]),
    ],
)
def test_numbers_that_stand_in_no_rule_touch_where_they_are_named(number: str, names: list[tuple[str, str]]) -> None:
    more = number.replace("2", "3").replace("60", "48")

    found = programme_difference(on(AFTER), on(AFTER, (number, more)))

    assert sorted((touched.part.value, touched.name) for touched in found.touched) == names


def test_a_rule_written_otherwise_is_shown_but_spaces_are_not() -> None:
    spaces = ("rule: official_decile <= decile_limit", "rule: official_decile   <=   decile_limit")

    assert programme_difference(on(AFTER), on(AFTER, spaces)) == Difference((), ())
