"""One component a person, the highest; the maxima; what is unknown is not paid and leaves the amount open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest

from kesos.pipeline.engine import Engine
from unit.pipeline.determine.small_programme import Desk, benefit, component, number

AMOUNTS: Final = {"pregnant": 3_000_000, "young": 3_000_000, "elder": 2_400_000, "sma": 2_000_000, "sd": 900_000}
COMPONENTS: Final = (
    component("pregnant", rule="pregnant", amount="amount_pregnant", at_most="most_pregnant"),
    component("young", rule="age <= 6", amount="amount_young", at_most="most_young"),
    component("elder", rule="age >= 60", amount="amount_elder"),
    component("sma", rule="school_level = 'sma'", amount="amount_sma"),
    component("sd", rule="school_level = 'sd'", amount="amount_sd"),
)
NOT: Final = {"pregnant": False, "school_level": "none"}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(memory="500MB", threads=1) as opened:
        yield opened


def hope(engine: Engine, **more: Any) -> Desk:
    """Open a programme like PKH: persons of a family, at most four, at most two young and two pregnant."""
    numbers = {f"amount_{name}": number(amount, unit="IDR/year") for name, amount in AMOUNTS.items()}
    limits = {"most_persons": number(4), "most_pregnant": number(2), "most_young": number(2)}
    parts: dict[str, Any] = {"benefit": benefit(*COMPONENTS, most_persons="most_persons"), **more}
    return Desk(engine, parameters={**numbers, **limits}, **parts)


def person(person_id: int, age: int | None, **more: Any) -> dict[str, Any]:
    """Give a person of family 1 who is neither pregnant nor at school."""
    return {"person_id": person_id, "family_id": 1, "age": age, **NOT, **more}


def test_of_five_eligible_persons_the_four_with_the_highest_amounts_are_paid(engine: Engine) -> None:
    desk = hope(engine)
    desk.fill(
        families=[{"family_id": 1, "official_decile": 1}],
        persons=[
            person(1, 9, school_level="sd"),
            person(2, 3),
            person(3, 70),
            person(4, 28, pregnant=True),
            person(5, 17, school_level="sma"),
            person(6, 40),
        ],
    )

    row = desk.determine()[1]

    assert desk.components() == [
        (1, 2, "young", 3_000_000),
        (1, 3, "elder", 2_400_000),
        (1, 4, "pregnant", 3_000_000),
        (1, 5, "sma", 2_000_000),
    ]
    assert (row["amount_idr"], row["amount_open"]) == (10_400_000, False)


def test_a_person_has_one_component_the_highest_and_of_equal_ones_the_first(engine: Engine) -> None:
    desk = hope(engine)
    desk.fill(
        families=[{"family_id": 1, "official_decile": 1}],
        persons=[person(1, 17, school_level="sma", pregnant=True), person(2, 6, school_level="sd", pregnant=True)],
    )

    desk.determine()

    # Both pregnant and young give 3,000,000; pregnant stands first in the file.
    assert desk.components() == [(1, 1, "pregnant", 3_000_000), (1, 2, "pregnant", 3_000_000)]


def test_the_most_of_a_component_goes_before_the_most_of_the_family(engine: Engine) -> None:
    desk = hope(engine)
    desk.fill(
        families=[{"family_id": 1, "official_decile": 1}],
        persons=[person(9, 1), person(8, 2), person(7, 3), person(6, 9, school_level="sd")],
    )

    row = desk.determine()[1]

    # Three young, at most two: those with the lower ids. The place of the third is the pupil's.
    assert desk.components() == [(1, 6, "sd", 900_000), (1, 7, "young", 3_000_000), (1, 8, "young", 3_000_000)]
    assert row["amount_idr"] == 6_900_000


def test_what_is_unknown_is_not_paid_and_leaves_the_amount_open(engine: Engine) -> None:
    desk = hope(engine)
    desk.fill(
        families=[{"family_id": 1, "official_decile": 1}, {"family_id": 2, "official_decile": 1}],
        persons=[
            person(1, 9, school_level="sd"),
            person(2, 30, pregnant=None),
            {**person(3, None, pregnant=None, school_level=None), "family_id": 2},
        ],
    )

    found = desk.determine()

    assert desk.components() == [(1, 1, "sd", 900_000)]
    assert [(row["amount_idr"], row["amount_open"]) for row in found.values()] == [(900_000, True), (0, True)]


def test_only_eligible_units_have_components_and_those_to_verify_an_amount(engine: Engine) -> None:
    desk = hope(engine)
    desk.fill(
        families=[{"family_id": unit, "official_decile": decile} for unit, decile in ((1, 1), (2, 9), (3, None))],
        persons=[{**person(unit, 3), "family_id": unit} for unit in (1, 2, 3)],
    )

    found = desk.determine()

    assert desk.components() == [(1, 1, "young", 3_000_000)]
    assert [row["amount_idr"] for row in found.values()] == [3_000_000, None, 3_000_000]
    assert [row["amount_open"] for row in found.values()] == [False, False, False]


def test_the_components_of_a_unit_add_up_and_are_rounded_down_a_period(engine: Engine) -> None:
    parts = benefit(
        component("base", of="unit", amount="1000"),
        component("child", of="unit", rule="children_0_6 >= 1", amount="children_0_6 * share / 3"),
        component("rice", of="unit"),
        periods=12,
    )
    desk = Desk(engine, benefit=parts | {"per": "month"}, parameters={"share": number(500, unit="IDR/month/persons")})
    desk.fill(
        families=[
            {"family_id": 1, "official_decile": 1, "children_0_6": 2},
            {"family_id": 2, "official_decile": 1, "children_0_6": 0},
            {"family_id": 3, "official_decile": 1, "children_0_6": 1, "children_0_6__open": 1},
        ]
    )

    found = desk.determine()

    # 2 x 500 / 3 = 333.33 a month: 333, twelve times 3,996.
    assert [row["amount_idr"] for row in found.values()] == [12_000 + 3_996, 12_000, 12_000]
    assert [row["amount_open"] for row in found.values()] == [False, False, True]
    assert desk.components() == [
        (1, 0, "base", 12_000), (1, 0, "child", 3_996), (1, 0, "rice", 0),
        (2, 0, "base", 12_000), (2, 0, "rice", 0),
        (3, 0, "base", 12_000), (3, 0, "rice", 0),
    ]  # fmt: skip


def test_a_person_programme_pays_its_unit(engine: Engine) -> None:
    desk = hope(engine, unit="person", eligibility=[{"id": "all", "rule": "TRUE", "reason": {"id": "a", "en": "b"}}])
    desk.fill(persons=[person(1, 3), person(2, 40), person(3, 9, school_level="sd")])

    found = desk.determine()

    assert desk.components() == [(1, 1, "young", 3_000_000), (3, 3, "sd", 900_000)]
    assert [row["amount_idr"] for row in found.values()] == [3_000_000, 0, 900_000]


def test_the_sum_of_the_components_is_the_amount(engine: Engine) -> None:
    desk = hope(engine)
    persons = [
        {**person(10 * unit + place, (unit * 7 + place * 2) % 80), "family_id": unit, "pregnant": place == unit % 5}
        for unit in range(1, 301)
        for place in range(unit % 8)
    ]
    desk.fill(families=[{"family_id": unit, "official_decile": 1} for unit in range(1, 301)], persons=persons)

    found = desk.determine()

    sums = dict.fromkeys(found, 0)
    paid: dict[int, list[str]] = {unit: [] for unit in found}
    for unit, _, code, amount in desk.components():
        sums[unit] += amount
        paid[unit].append(code)
    assert sums == {unit: row["amount_idr"] for unit, row in found.items()}
    assert max(len(codes) for codes in paid.values()) == 4
    assert max(codes.count("young") for codes in paid.values()) == 2
