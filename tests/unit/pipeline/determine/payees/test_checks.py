"""What is indicated about rows of a list, and what is only not known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kesos.pipeline.determine.payees.checks import INDICATIONS
from kesos.pipeline.engine import Engine
from unit.pipeline.determine.payees.small_registry import LENANG, MATARAM, OLAT_RAWA, PKH, SmallRegistry

SITI = {
    "person_id": 1, "family_id": 10, "name_normal": "SITI AMINAH", "birth_date": date(1980, 3, 4), "nik": "A",
    "life_status": "alive", "residence_village": OLAT_RAWA, "registered_village": OLAT_RAWA,
    "residence_as_of": date(2026, 9, 30), "source_count": 2,
}  # fmt: skip
BUDI = {
    "person_id": 2, "family_id": 10, "name_normal": "BUDI SANTOSO", "birth_date": date(1978, 1, 1), "nik": "B",
    "life_status": "alive", "residence_village": OLAT_RAWA, "registered_village": OLAT_RAWA,
    "residence_as_of": date(2026, 9, 30),
}  # fmt: skip
HOME = {
    "family_id": 10, "kk": "K", "dwelling_id": 100, "official_decile": 2, "head_person_id": 2,
    "registered_village": OLAT_RAWA, "residence_village": OLAT_RAWA,
}  # fmt: skip
NIK_A = {"nik": "A", "name_normal": "SITI AMINAH"}
NIK_B = {"nik": "B", "name_normal": "BUDI SANTOSO"}
# Outcomes of PKH in these tests: decile + 4 x component + 16 x civil servant + 64 x wage.
FITS = 1 + 4


@pytest.fixture(scope="module")
def registry() -> Iterator[SmallRegistry]:
    with Engine(memory="500MB", threads=1) as engine:
        yield SmallRegistry(engine)


def lay(registry: SmallRegistry, *persons: dict[str, Any], outcomes: int = FITS) -> None:
    registry.lay(persons or [SITI, BUDI], [HOME])
    registry.determine({"unit_id": 10, "family_id": 10, "eligibility": "eligible", "outcomes": outcomes})


def kinds(found: list[dict[str, Any]]) -> list[tuple[int, str, str]]:
    return [(row["row_number"], row["indication"], row["evidence"]) for row in found]


def test_a_row_that_fits_has_no_indication(registry: SmallRegistry) -> None:
    lay(registry)
    registry.list_rows(NIK_A)

    assert registry.check() == []
    assert registry.states("outside_decile") == [0]


@pytest.mark.parametrize(
    ("died_on", "evidence", "stake"),
    [
        (date(2026, 6, 30), "died_before_period", 600_000),
        (date(2026, 7, 1), "died_in_period", 600_000),
        (date(2026, 9, 30), "died_in_period", 600_000),
        (date(2026, 10, 1), "died_after_period", 0),
        (None, "died_day_unknown", 600_000),
    ],
)
def test_death_is_laid_beside_the_period(
    registry: SmallRegistry, died_on: date | None, evidence: str, stake: int
) -> None:
    lay(registry, {**SITI, "life_status": "dead", "died_on": died_on, "family_id": None, "was_in": 10}, BUDI)
    registry.list_rows({**NIK_A, "kk": "K"})

    (found,) = registry.check()

    assert (found["indication"], found["evidence"], found["stake_idr"]) == ("died", evidence, stake)
    assert found["stake_a_year_idr"] == 2_400_000


def test_death_after_the_day_of_the_audit_is_not_known_then(registry: SmallRegistry) -> None:
    lay(registry, {**SITI, "life_status": "dead", "died_on": date(2026, 10, 6)}, BUDI)
    registry.list_rows(NIK_A)

    assert registry.check() == []


def test_life_that_no_source_speaks_of_is_not_checked(registry: SmallRegistry) -> None:
    lay(registry, {**SITI, "life_status": None}, BUDI)
    registry.list_rows(NIK_A)

    assert registry.check() == []
    assert registry.states("died") == [2]


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (0 + 4, [(1, "outside_decile", "outside_decile")]),
        (2 + 4, []),
        (1 + 0, [(1, "no_component_left", "no_component_left")]),
        (1 + 8, []),
        (1 + 4 + 16, [(1, "civil_servant_in_family", "civil_servant_stated")]),
        (1 + 4 + 32, []),
        (1 + 4 + 64, [(1, "wage_above_minimum", "wage_stated")]),
        (1 + 4 + 128, []),
    ],
)
def test_a_clause_indicates_when_it_is_known_and_never_when_it_is_not(
    registry: SmallRegistry, outcomes: int, expected: list[tuple[int, str, str]]
) -> None:
    lay(registry, outcomes=outcomes)
    registry.list_rows(NIK_A)

    assert kinds(registry.check()) == expected


def test_clauses_that_a_programme_does_not_have_are_not_asked(registry: SmallRegistry) -> None:
    lay(registry, outcomes=0)
    registry.list_rows(NIK_A)

    found = registry.check(replace(PKH, decile_step=None, component_step=None, servant_step=None, wage_step=None))

    assert found == []
    names = ("outside_decile", "no_component_left", "civil_servant_in_family", "wage_above_minimum")
    assert [registry.states(name) for name in names] == [[3]] * 4


def test_evidence_names_the_civil_servant_and_the_highest_wage(registry: SmallRegistry) -> None:
    servant = {**BUDI, "is_civil_servant": True}
    earner = {**SITI, "wage_per_month_idr": 4_000_000}
    lay(registry, earner, servant, outcomes=FITS + 16 + 64)
    registry.list_rows(NIK_A)

    servants, wages = registry.check()

    assert (servants["evidence"], servants["other_person_id"]) == ("civil_servant", 2)
    assert (wages["evidence"], wages["other_person_id"], wages["value"]) == ("wage", 1, "4000000")


def test_a_family_without_determination_is_not_checked(registry: SmallRegistry) -> None:
    registry.lay([SITI, BUDI], [HOME])
    registry.determine()
    registry.list_rows(NIK_A)

    assert registry.check() == []
    assert registry.states("outside_decile") == [2]


def test_nik_on_rows_of_different_persons_is_shared_and_of_one_person_is_not(registry: SmallRegistry) -> None:
    lay(registry)
    stranger = {"nik": "A", "name_normal": "WAYAN SUDIRTA", "kk": None, "component": "SMP"}
    registry.list_rows(NIK_A, stranger, {**NIK_A, "component": "SMA"})

    found = [row for row in registry.check() if row["indication"] == "nik_shared"]

    assert [(row["row_number"], row["other_line"], row["confidence"]) for row in found] == [
        (1, 3, 3),
        (2, 2, 3),
        (3, 3, 3),
    ]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ({**NIK_A, "amount_idr": 700_000}, [(1, "same_person", 600_000), (2, "same_person", 0)]),
        ({**NIK_A, "component": "SMP"}, []),  # another component of the same person
        ({**NIK_A, "period": "2026-T2"}, []),  # another stage
        ({**NIK_B, "component": "SMP"}, [(1, "same_family", 0), (2, "same_family", 600_000)]),
        (
            {"nik": "Z", "name_normal": "SITI AMINAH", "kk": "K", "birth_date": date(1980, 3, 4), "component": "SMP"},
            [(1, "same_person_other_nik", 0), (2, "same_person_other_nik", 600_000)],
        ),
    ],
)
def test_paid_twice_is_the_same_person_and_component_or_another_of_the_family(
    registry: SmallRegistry, second: dict[str, Any], expected: list[tuple[int, str, int]]
) -> None:
    lay(registry)
    registry.list_rows(NIK_A, second)

    found = [row for row in registry.check() if row["indication"] == "paid_twice"]

    assert [(row["row_number"], row["evidence"], row["stake_idr"]) for row in found] == expected
    assert [row["other_line"] for row in found] == [3, 2][: len(expected)]


@pytest.mark.parametrize(
    ("first", "second", "confidence"),
    [("K", "K", 3), ("K", "L", 1), ("K", None, 1), (None, None, 1)],
)
def test_two_of_a_family_are_surely_of_one_only_where_the_list_gives_one_card(
    registry: SmallRegistry, first: str | None, second: str | None, confidence: int
) -> None:
    lay(registry)
    registry.list_rows({**NIK_A, "kk": first}, {**NIK_B, "kk": second})

    found = [(row["evidence"], row["confidence"]) for row in registry.check() if row["indication"] == "paid_twice"]

    assert found == [("same_family", confidence)] * 2


@pytest.mark.parametrize(
    ("nik_status", "home", "state", "confidence"),
    [
        ("single", 10, 2, None),  # one source exchanged two of a family, or the list did
        ("agreed", 10, 1, 3),
        ("conflicting", 10, 1, 3),
        ("single", 11, 1, 3),
        ("single", None, 1, 3),
    ],
)
def test_nik_of_another_of_the_family_counts_only_if_several_sources_say_whose_it_is(
    registry: SmallRegistry, nik_status: str, home: int | None, state: int, confidence: int | None
) -> None:
    lay(registry, {**SITI, "family_id": home, "nik_status": nik_status}, BUDI)
    registry.list_rows({"nik": "A", "name_normal": "BUDI SANTOSO", "kk": "K", "birth_date": date(1978, 1, 1)})

    found = [row["confidence"] for row in registry.check() if row["indication"] == "nik_of_another"]

    assert registry.states("nik_of_another") == [state]
    assert found == ([] if confidence is None else [confidence])


@pytest.mark.parametrize(("nik_status", "confidence"), [("agreed", 2), ("single", 1)])
def test_nik_of_another_is_less_sure_where_nobody_is_found(
    registry: SmallRegistry, nik_status: str, confidence: int
) -> None:
    lay(registry, {**SITI, "nik_status": nik_status}, BUDI)
    registry.list_rows({"nik": "A", "name_normal": "WAYAN SUDIRTA"})

    found = [row["confidence"] for row in registry.check() if row["indication"] == "nik_of_another"]

    assert found == [confidence]


def test_no_component_is_never_sure(registry: SmallRegistry) -> None:
    lay(registry, outcomes=1)
    registry.list_rows(NIK_A)

    assert [row["confidence"] for row in registry.check()] == [1]


def test_two_of_a_family_are_no_repetition_where_persons_are_paid(registry: SmallRegistry) -> None:
    lay(registry)
    registry.list_rows(NIK_A, {**NIK_B, "component": "SMP"})

    found = registry.check(replace(PKH, unit=PKH.unit.PERSON))

    assert [row for row in found if row["indication"] == "paid_twice"] == []


def test_a_person_that_nobody_knows_is_repeated_by_nik_and_name(registry: SmallRegistry) -> None:
    lay(registry)
    unknown = {"nik": "Q", "name_normal": "MADE WIRYA"}
    registry.list_rows(unknown, unknown)

    found = registry.check()

    assert kinds(found) == [
        (1, "not_found", "not_found"), (1, "paid_twice", "same_person"),
        (2, "not_found", "not_found"), (2, "paid_twice", "same_person"),
    ]  # fmt: skip


def test_not_found_is_indicated_only_where_the_release_knows_the_regency(registry: SmallRegistry) -> None:
    lay(registry)
    registry.list_rows(
        {"nik": "Q", "name_normal": "MADE WIRYA"}, {"nik": "R", "name_normal": "X Y", "village": MATARAM}
    )

    found = registry.check()

    assert kinds(found) == [(1, "not_found", "not_found")]
    assert registry.states("not_found") == [1, 2]


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ({"residence_village": MATARAM, "registered_village": MATARAM}, ("moved_regency", 3)),
        ({"residence_village": "5204080001", "registered_village": None}, ("moved_district", 2)),
        ({"residence_village": LENANG, "registered_village": LENANG}, ("moved_village", 1)),
        ({"residence_village": MATARAM, "registered_village": MATARAM, "source_count": 1}, ("moved_regency", 1)),
        ({"residence_village": MATARAM}, None),  # still registered where the list has them
        ({"residence_village": None, "registered_village": MATARAM}, None),
        ({"residence_village": MATARAM, "registered_village": MATARAM, "residence_as_of": date(2024, 10, 4)}, None),
    ],
)
def test_moved_is_somebody_who_neither_lives_nor_is_registered_there(
    registry: SmallRegistry, person: dict[str, Any], expected: tuple[str, int] | None
) -> None:
    lay(registry, {**SITI, **person}, BUDI)
    registry.list_rows({**NIK_A, "birth_date": date(1980, 3, 4)})

    found = [(row["evidence"], row["confidence"]) for row in registry.check()]

    assert found == ([expected] if expected else [])


def test_confidence_is_never_above_that_of_the_match(registry: SmallRegistry) -> None:
    lay(registry, outcomes=0 + 4)
    registry.list_rows({"kk": "K", "name_normal": "SITI AMINA"})

    (found,) = registry.check()

    assert (found["indication"], found["rule"], found["confidence"]) == ("outside_decile", "card_and_name", 2)


def unpaid(registry: SmallRegistry) -> list[tuple[int, str, str, int]]:
    rows = registry.engine.fetch("SELECT * FROM unpaid ORDER BY unit_id").to_pylist()
    return [(row["unit_id"], row["eligibility"], row["name"], row["confidence"]) for row in rows]


def test_eligible_and_not_on_the_list_leaves_out_the_paid_the_waiting_and_other_regencies(
    registry: SmallRegistry,
) -> None:
    families = [HOME, *({**HOME, "family_id": n, "kk": str(n), "head_person_id": n} for n in (11, 12, 13, 14))]
    families[4] |= {"registered_village": MATARAM, "residence_village": MATARAM}
    heads = [{**BUDI, "person_id": n, "family_id": n, "nik": str(n), "name": f"HEAD {n}"} for n in (11, 12, 13, 14)]
    registry.lay([SITI, BUDI, *heads], families)
    registry.determine(
        *(
            {"unit_id": n, "family_id": n, "eligibility": eligibility, "selection": selection, "amount_idr": 900_000}
            for n, eligibility, selection in (
                (10, "eligible", "within_quota"), (11, "eligible", "within_quota"), (12, "eligible", "waiting"),
                (13, "to_verify", None), (14, "eligible", "not_ranked"),
            )
        )
    )  # fmt: skip
    registry.list_rows(NIK_A)

    registry.check()

    assert unpaid(registry) == [(11, "eligible", "HEAD 11", 3), (13, "to_verify", "HEAD 13", 3)]


def test_eligible_beside_a_row_that_found_nobody_is_less_sure(registry: SmallRegistry) -> None:
    lay(registry)
    registry.determine(
        {"unit_id": 10, "family_id": 10, "eligibility": "eligible", "selection": "not_ranked", "outcomes": FITS}
    )
    registry.list_rows({"nik": "Q", "name_normal": "MADE WIRYA"})

    registry.check()

    assert [row[3] for row in unpaid(registry)] == [2]


def test_areas_that_are_named_stand_before_those_of_the_list(registry: SmallRegistry) -> None:
    registry.lay([BUDI], [HOME])
    registry.determine(
        {"unit_id": 10, "family_id": 10, "eligibility": "eligible", "selection": "not_ranked", "outcomes": FITS}
    )
    registry.list_rows({"nik": "Q", "name_normal": "MADE WIRYA", "village": MATARAM})

    registry.check()
    of_the_list = unpaid(registry)
    registry.check(areas=("520409",))

    assert of_the_list == []
    assert [row[0] for row in unpaid(registry)] == [10]


def test_an_empty_list_pays_nobody_and_names_no_area(registry: SmallRegistry) -> None:
    lay(registry)
    registry.list_rows()

    assert registry.check() == []
    assert unpaid(registry) == []


def test_districts_count_what_is_indicated_and_what_was_not_checked(registry: SmallRegistry) -> None:
    lay(registry, {**SITI, "life_status": None}, BUDI, outcomes=0 + 8 + 16 + 128)
    registry.list_rows(
        {**NIK_A, "village": MATARAM},
        {**NIK_A, "component": "SMP"},
        {**NIK_B, "period": "2026-T2"},
        {"name_normal": "MADE WIRYA", "village": None},
    )

    registry.check()

    districts = registry.engine.fetch("SELECT * FROM area_state").to_pylist()
    assert sorted((one["district"], one["rows_audited"]) for one in districts) == [
        ("", 1),
        ("520409", 2),
        ("527102", 1),
    ]
    for name in INDICATIONS:
        states = registry.states(name)
        assert sum(one[name] for one in districts) == states.count(1), name
        assert sum(one[f"{name}_not_checked"] for one in districts) == states.count(2), name
    assert registry.states("died") == [2, 2, 0, 2]
