"""Rows of a list find their persons: by NIK, by card and name, by name, birth date and area; or nobody is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from kesos.pipeline.engine import Engine
from unit.pipeline.determine.payees.small_registry import LENANG, MATARAM, OLAT_RAWA, SmallRegistry

SITI = {
    "person_id": 1, "family_id": 10, "name_normal": "SITI AMINAH", "birth_date": date(1980, 3, 4), "nik": "A",
    "residence_village": OLAT_RAWA, "registered_village": OLAT_RAWA,
}  # fmt: skip
BUDI = {
    "person_id": 2, "family_id": 10, "name_normal": "BUDI SANTOSO", "birth_date": date(1978, 1, 1), "nik": "B",
    "residence_village": OLAT_RAWA, "registered_village": OLAT_RAWA,
}  # fmt: skip
HOME = {"family_id": 10, "kk": "K", "dwelling_id": 100}


@pytest.fixture(scope="module")
def registry() -> Iterator[SmallRegistry]:
    with Engine(memory="500MB", threads=1) as engine:
        yield SmallRegistry(engine)


def found(registry: SmallRegistry, **row: Any) -> tuple[str, int | None, int | None]:
    registry.list_rows(row)
    (link,) = registry.links()
    return link["rule"], link["confidence"], link["person_id"]


@pytest.mark.parametrize(
    ("row", "confidence"),
    [
        ({"name_normal": "SITI AMINAH", "birth_date": date(1980, 3, 4), "kk": "K"}, 3),
        ({"name_normal": "SITI AMINAH"}, 3),
        ({"name_normal": "SITI AMINA", "kk": "K", "birth_date": date(1981, 1, 1)}, 3),
        ({"name_normal": "SITI AMINAH", "birth_date": date(1981, 1, 1)}, 2),  # a birth date that is not hers
        ({"name_normal": "SITI AMINTA ROSE", "kk": "K"}, 2),  # a resembling name, on her card
        ({"name_normal": "SITI AMINTA ROSE"}, 1),
        ({"name_normal": "BU GURU", "birth_date": date(1980, 3, 4), "kk": "K"}, 2),  # called otherwise by everybody
        ({"name_normal": None, "kk": "K"}, 2),
    ],
)
def test_nik_finds_its_person_as_surely_as_name_birth_and_card_confirm(
    registry: SmallRegistry, row: dict[str, Any], confidence: int
) -> None:
    registry.lay([SITI, BUDI], [HOME])

    assert found(registry, nik="A", **row) == ("nik", confidence, 1)


def test_nik_of_somebody_with_another_name_is_an_indication_and_no_match(registry: SmallRegistry) -> None:
    registry.lay([SITI, BUDI], [HOME])
    registry.list_rows({"nik": "A", "name_normal": "WAYAN SUDIRTA", "birth_date": date(1980, 3, 4)})

    (link,) = registry.links()

    assert (link["rule"], link["person_id"], link["nik_person_id"]) == ("not_found", None, 1)


def test_nik_of_another_leaves_the_card_to_find_who_is_meant(registry: SmallRegistry) -> None:
    registry.lay([SITI, BUDI], [HOME])
    registry.list_rows({"nik": "A", "name_normal": "BUDI SANTOSO", "kk": "K", "birth_date": date(1978, 1, 1)})

    (link,) = registry.links()

    assert (link["rule"], link["person_id"], link["nik_person_id"]) == ("card_and_name", 2, 1)


def test_accepted_nik_stands_before_one_that_was_only_seen(registry: SmallRegistry) -> None:
    seen = {"person_id": 3, "name_normal": "SITI AMINAH", "birth_date": date(1980, 3, 4), "old_nik": "A"}
    registry.lay([SITI, seen], [HOME])

    assert found(registry, nik="A", name_normal="SITI AMINAH") == ("nik", 3, 1)


def test_two_persons_that_fit_alike_are_several_candidates_and_nobody_is_chosen(registry: SmallRegistry) -> None:
    twice = {**SITI, "person_id": 3, "family_id": None}
    registry.lay([SITI, twice], [HOME])

    assert found(registry, nik="A", name_normal="SITI AMINAH") == ("several_candidates", 1, None)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"name_normal": "SITI AMINAH", "birth_date": date(1980, 3, 4)}, ("card_and_name", 3, 1)),
        ({"name_normal": "SITI AMINA"}, ("card_and_name", 2, 1)),
        ({"name_normal": "SITI AMINAH", "birth_date": date(1999, 9, 9)}, ("card_and_name", 1, 1)),
        ({"name_normal": "SITI AMINA", "birth_date": date(1999, 9, 9)}, ("not_found", None, None)),
        ({"name_normal": "WAYAN SUDIRTA", "birth_date": date(1978, 1, 1)}, ("card_and_name", 1, 2)),  # his nickname?
        ({"name_normal": "WAYAN SUDIRTA", "birth_date": date(1978, 1, 2)}, ("not_found", None, None)),
        ({"name_normal": "SITI AMINTA ROSE"}, ("card_and_name", 1, 1)),
        ({"name_normal": "SITI AMINTA ROSE", "birth_date": date(1999, 9, 9)}, ("not_found", None, None)),
    ],
)
def test_card_finds_the_member_of_that_name(
    registry: SmallRegistry, row: dict[str, Any], expected: tuple[str, int | None, int | None]
) -> None:
    registry.lay([SITI, BUDI], [HOME])

    assert found(registry, kk="K", **row) == expected


def test_father_and_son_of_one_name_are_told_apart_by_birth(registry: SmallRegistry) -> None:
    son = {**BUDI, "person_id": 3, "birth_date": date(2005, 5, 5), "nik": "C"}
    registry.lay([BUDI, son], [HOME])

    assert found(registry, kk="K", name_normal="BUDI SANTOSO", birth_date=date(2005, 5, 5)) == ("card_and_name", 3, 3)
    assert found(registry, kk="K", name_normal="BUDI SANTOSO") == ("several_candidates", 1, None)


@pytest.mark.parametrize(
    ("name", "village", "expected"),
    [
        ("SITI AMINA", OLAT_RAWA, ("name_birth_and_area", 2, 1)),
        ("SITI AMINAH", LENANG, ("name_birth_and_area", 2, 1)),  # the whole name, elsewhere in the regency
        ("SITI AMINTA ROSE", OLAT_RAWA, ("name_birth_and_area", 1, 1)),  # it resembles
        ("SITI AMINTA ROSE", LENANG, ("not_found", None, None)),
        ("SITI AMINA", LENANG, ("not_found", None, None)),  # only alike, and not in the village
        ("SITI AMINAH", MATARAM, ("not_found", None, None)),
        ("BUDI SANTOSO", OLAT_RAWA, ("not_found", None, None)),
    ],
)
def test_name_and_birth_find_in_the_village_and_the_same_name_in_the_regency(
    registry: SmallRegistry, name: str, village: str, expected: tuple[str, int | None, int | None]
) -> None:
    registry.lay([SITI, BUDI], [HOME])

    assert found(registry, name_normal=name, birth_date=date(1980, 3, 4), village=village) == expected


def test_whoever_stands_in_the_village_goes_before_a_namesake_in_the_regency(registry: SmallRegistry) -> None:
    namesake = {**SITI, "person_id": 3, "residence_village": LENANG, "registered_village": LENANG}
    registry.lay([SITI, namesake], [HOME])

    assert found(registry, name_normal="SITI AMINAH", birth_date=date(1980, 3, 4)) == ("name_birth_and_area", 2, 1)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"name_normal": "SITI AMINAH"}, ("name_and_village", 1, 1)),
        ({"name_normal": "SITI AMINAH", "village": LENANG}, ("name_and_village", 1, 1)),  # where she is registered
        ({"name_normal": "SITI AMINA"}, ("not_found", None, None)),
        ({"name_normal": "SITI AMINAH", "village": MATARAM}, ("not_found", None, None)),
        ({"name_normal": "SITI AMINAH", "birth_date": date(1999, 9, 9)}, ("not_found", None, None)),
        ({"name_normal": "RATNA"}, ("not_found", None, None)),  # one word names many
    ],
)
def test_without_birth_date_the_whole_name_finds_in_the_village_and_is_not_sure(
    registry: SmallRegistry, row: dict[str, Any], expected: tuple[str, int | None, int | None]
) -> None:
    ratna = {**BUDI, "name_normal": "RATNA"}
    registry.lay([{**SITI, "registered_village": LENANG}, ratna], [HOME])

    assert found(registry, **row) == expected


def test_namesakes_of_a_village_are_several_and_nobody_is_chosen(registry: SmallRegistry) -> None:
    registry.lay([SITI, {**SITI, "person_id": 3, "birth_date": date(1990, 1, 1)}], [HOME])

    assert found(registry, name_normal="SITI AMINAH") == ("several_candidates", 1, None)


def test_family_of_the_dead_is_that_of_the_card_and_less_sure(registry: SmallRegistry) -> None:
    dead = {**SITI, "family_id": None, "was_in": 10, "life_status": "dead"}
    registry.lay([dead, BUDI], [HOME])
    registry.list_rows({"nik": "A", "name_normal": "SITI AMINAH", "kk": "K"})

    (link,) = registry.links()

    assert (link["person_id"], link["confidence"]) == (1, 3)
    assert (link["family_id"], link["dwelling_id"], link["family_confidence"]) == (10, 100, 2)


def test_every_row_has_one_link_whatever_the_order(registry: SmallRegistry) -> None:
    registry.lay([SITI, BUDI], [HOME])
    rows = [
        {"nik": "A", "name_normal": "SITI AMINAH"}, {"kk": "K", "name_normal": "BUDI SANTOSO"}, {"name_normal": "X Y"},
    ]  # fmt: skip
    registry.list_rows(*rows)
    forwards = [(link["rule"], link["person_id"]) for link in registry.links()]
    registry.list_rows(*reversed(rows))
    backwards = [(link["rule"], link["person_id"]) for link in registry.links()]

    assert forwards == [("nik", 1), ("card_and_name", 2), ("not_found", None)]
    assert backwards == forwards[::-1]


def test_an_empty_list_gives_no_link(registry: SmallRegistry) -> None:
    registry.lay([SITI], [HOME])
    registry.list_rows()

    assert registry.links() == []


def test_nik_that_a_stranger_has_and_the_person_was_only_seen_with_is_of_another(registry: SmallRegistry) -> None:
    mixed_up = {**BUDI, "old_nik": "A"}
    registry.lay([SITI, mixed_up], [HOME])
    registry.list_rows({"nik": "A", "name_normal": "BUDI SANTOSO", "birth_date": date(1978, 1, 1)})

    (link,) = registry.links()

    assert (link["rule"], link["person_id"], link["nik_person_id"]) == ("nik", 2, 1)


def test_nik_of_the_person_is_not_of_another_though_a_stranger_was_seen_with_it(registry: SmallRegistry) -> None:
    mixed_up = {**BUDI, "old_nik": "A"}
    registry.lay([SITI, mixed_up], [HOME])
    registry.list_rows({"nik": "A", "name_normal": "SITI AMINAH"})

    (link,) = registry.links()

    assert (link["rule"], link["person_id"], link["nik_person_id"]) == ("nik", 1, None)


def test_nik_that_two_persons_have_accepted_is_not_of_another_for_either(registry: SmallRegistry) -> None:
    registry.lay([SITI, {**BUDI, "nik": "A"}], [HOME])
    registry.list_rows({"nik": "A", "name_normal": "SITI AMINAH"}, {"nik": "A", "name_normal": "BUDI SANTOSO"})

    links = registry.links()

    assert [(link["person_id"], link["nik_person_id"]) for link in links] == [(1, None), (2, None)]
