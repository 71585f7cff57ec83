"""Three values a clause, two bits each, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest

from kesos.pipeline.determine.clauses import missing_facts, word_sql
from kesos.pipeline.engine import Engine
from unit.pipeline.determine.small_programme import Desk, clause, exclusion


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(memory="500MB", threads=1) as opened:
        yield opened


def test_every_clause_in_each_of_its_three_values(engine: Engine) -> None:
    truths = ((True, 1), (False, 0), (None, 2))
    worlds = dict(enumerate(product(((3, 1), (7, 0), (None, 2)), truths, truths), start=1))
    desk = Desk(
        engine,
        eligibility=[clause("decile", "official_decile <= 4"), clause("owner", "owns_dwelling")],
        exclusions=[exclusion("servant", "civil_servant_in_family")],
    )
    desk.fill(
        families=[
            {
                "family_id": unit,
                "official_decile": decile,
                "owns_dwelling": owner,
                "civil_servant_in_family": servant,
                "civil_servant_in_family__on": date(2026, 9, 1) if servant else None,
            }
            for unit, ((decile, _), (owner, _), (servant, _)) in worlds.items()
        ]
    )

    found = desk.determine()

    assert len(found) == 27
    for unit, ((_, decile), (_, owner), (_, servant)) in worlds.items():
        assert found[unit]["outcomes"] == decile + 4 * owner + 16 * servant
        is_no = decile == 0 or owner == 0 or servant == 1
        is_open = decile == 2 or owner == 2
        assert found[unit]["eligibility"] == ("not_eligible" if is_no else "to_verify" if is_open else "eligible")


def test_an_exclusion_that_nobody_checked_leaves_the_outcome_standing(engine: Engine) -> None:
    desk = Desk(engine, exclusions=[exclusion("servant", "civil_servant_in_family")])
    desk.fill(families=[{"family_id": 1, "official_decile": 2}])

    row = desk.determine()[1]

    assert (row["eligibility"], row["outcomes"]) == ("eligible", 1 + 4 * 2)


@pytest.mark.parametrize(
    ("observed_on", "eligibility", "code"),
    [
        (date(2025, 10, 1), "not_eligible", 1),  # twelve months to the day: it still counts
        (date(2025, 9, 30), "eligible", 2),  # a day more: not checked
        (date(2026, 9, 30), "not_eligible", 1),
    ],
)
def test_an_indication_expires_to_not_checked(engine: Engine, observed_on: date, eligibility: str, code: int) -> None:
    desk = Desk(engine, exclusions=[exclusion("servant", "civil_servant_in_family", 12)])
    seen = {"civil_servant_in_family": True, "civil_servant_in_family__on": observed_on}
    desk.fill(families=[{"family_id": 1, "official_decile": 2, **seen}])

    row = desk.determine()[1]

    assert (row["eligibility"], row["outcomes"] // 4) == (eligibility, code)


def test_an_old_observation_of_a_condition_is_the_vocabularys_business(engine: Engine) -> None:
    desk = Desk(engine, eligibility=[clause("servant", "civil_servant_in_family")], ranking=[])
    seen = {"civil_servant_in_family": True, "civil_servant_in_family__on": date(2019, 1, 1)}
    desk.fill(families=[{"family_id": 1, **seen}])

    assert desk.determine()[1]["eligibility"] == "eligible"


def test_receiving_an_incompatible_programme_excludes_only_if_known(engine: Engine) -> None:
    reason = {"id": "kata", "en": "word"}
    desk = Desk(engine, incompatible=[{"programme": "OTHER", "reason": reason}])
    desk.fill(
        families=[
            {"family_id": 1, "official_decile": 2, "receives_other": True},
            {"family_id": 2, "official_decile": 2, "receives_other": False},
            {"family_id": 3, "official_decile": 2},
        ]
    )

    found = desk.determine()

    assert [found[unit]["eligibility"] for unit in (1, 2, 3)] == ["not_eligible", "eligible", "eligible"]
    assert [found[unit]["outcomes"] // 4 for unit in (1, 2, 3)] == [1, 0, 2]


def test_a_person_sees_the_facts_of_the_family_and_of_the_dwelling(engine: Engine) -> None:
    desk = Desk(
        engine,
        unit="person",
        eligibility=[clause("age", "age >= 60"), clause("decile", "official_decile <= 2"), clause("roof", "poor_roof")],
        ranking=[],
    )
    desk.fill(
        persons=[
            {"person_id": 11, "family_id": 1, "age": 60},
            {"person_id": 12, "family_id": 1, "age": 59},
            {"person_id": 13, "family_id": None, "age": 70},
        ],
        families=[{"family_id": 1, "dwelling_id": 5, "official_decile": 2}],
        dwellings=[{"dwelling_id": 5, "poor_roof": True}],
    )

    found = desk.determine()

    assert [found[unit]["eligibility"] for unit in (11, 12, 13)] == ["eligible", "not_eligible", "to_verify"]
    assert [found[unit]["family_id"] for unit in (11, 12, 13)] == [1, 1, None]


@pytest.mark.parametrize(
    ("level", "area", "expected"),
    [
        ("national", "registered", ""),
        ("province", "registered", "52"),
        ("regency", "residence", "7371"),
        ("district", "registered", "520408"),
        ("village", "residence", "7371010001"),
    ],
)
def test_the_area_that_counts_is_the_one_the_programme_says(
    engine: Engine, level: str, area: str, expected: str
) -> None:
    desk = Desk(engine, quota={"level": level, "area": area})
    desk.fill(families=[{"family_id": 1, "registered_village": "5204081006", "residence_village": "7371010001"}])

    assert desk.determine()[1]["quota_area"] == expected


@pytest.mark.parametrize("area", ["registered", "residence"])
def test_where_the_area_that_counts_is_unknown_the_other_one_counts(engine: Engine, area: str) -> None:
    desk = Desk(engine, quota={"level": "regency", "area": area})
    other = "residence" if area == "registered" else "registered"
    villages = {f"{area}_village": None, f"{other}_village": "7371010001"}
    desk.fill(families=[{"family_id": 1, **villages}, {"family_id": 2, **dict.fromkeys(villages)}])

    found = desk.determine()

    assert [row["quota_area"] for row in found.values()] == ["7371", None]


def test_missing_facts_counts_units_and_those_that_lack_nothing_else(engine: Engine) -> None:
    desk = Desk(
        engine,
        eligibility=[
            clause("decile", "official_decile <= 4"),
            clause("young", "children_0_6 >= 1 OR pregnant_members >= 1"),
        ],
    )
    counted = {"children_0_6": 0, "pregnant_members": 0}
    desk.fill(
        families=[
            {"family_id": 1, **counted, "children_0_6": 1},  # only the decile
            {"family_id": 2, **counted, "pregnant_members__open": 1},  # decile, and who is pregnant
            {"family_id": 3, **counted, "official_decile": 9, "children_0_6__open": 1},  # a no needs nothing more
            {"family_id": 4, **counted, "official_decile": 1, "children_0_6__open": 2},  # only the children
            {"family_id": 5, **counted, "official_decile": 1, "children_0_6": 1, "pregnant_members__open": 1},  # a yes
        ]
    )
    desk.determine()

    found = [(fact.name, fact.units, fact.only) for fact in missing_facts(engine, desk.applied)]

    assert found == [("official_decile", 2, 1), ("children_0_6", 1, 1), ("pregnant_members", 1, 0)]


def test_missing_facts_of_two_clauses_is_counted_once_a_unit(engine: Engine) -> None:
    desk = Desk(engine, eligibility=[clause("most", "official_decile <= 4"), clause("least", "official_decile >= 1")])
    desk.fill(families=[{"family_id": 1}, {"family_id": 2}])
    desk.determine()

    assert [(fact.name, fact.units, fact.only) for fact in missing_facts(engine, desk.applied)] == [
        ("official_decile", 2, 2)
    ]


def test_word_sql_lists_each_word_once() -> None:
    assert word_sql("x", ("quota", "quota", "a")) == "CAST(x AS ENUM('quota', 'a'))"
