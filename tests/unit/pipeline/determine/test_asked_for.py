"""Which unit is meant, on a register of five families that fits on a page."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pytest

from kesos.foundation.errors import Refused
from kesos.foundation.identifier import IdentifierKind, WrongCheckCharacter, show_identifier
from kesos.pipeline.determine.asked_for import AskForOneOf, NoSuchUnit, UnitRetired, WithoutFamily, find_unit
from kesos.pipeline.engine import Engine
from kesos.policy.programme import Unit


def shown(kind: IdentifierKind, number: int) -> str:
    return show_identifier(kind, number)


# Persons 1 and 2 are family 1, 3 is family 2, both in dwelling 7; person 4 is family 3 alone; person 5 is in none.
@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    register: list[tuple[str, int, str, int | None]] = [("person", n, "active", None) for n in (1, 2, 3, 4, 5)]
    register += [("family", n, "active", None) for n in (1, 2, 3)] + [("dwelling", 7, "active", None)]
    register += [("person", 8, "alias", 9), ("person", 9, "alias", 1), ("family", 6, "retired", None)]
    with Engine(memory="1GB", threads=1) as engine:
        names = ("kind", "id", "status", "alias_of")
        rows = [{**dict(zip(names, row, strict=True)), "founded_in": "2026-T2"} for row in register]
        engine.load("identifier", pa.Table.from_pylist(rows))
        person = {"person_id": [1, 2, 3, 4, 5], "family_id": pa.array([1, 1, 2, 3, None], pa.int64())}
        engine.load("person", pa.table(person))
        family = {
            "family_id": [1, 2, 3],
            "dwelling_id": pa.array([7, 7, None], pa.int64()),
            "active_members": [2, 1, 1],
        }
        engine.load("family", pa.table(family))
        yield engine


@pytest.mark.parametrize(
    ("kind", "number", "unit", "found"),
    [
        ("family", 1, Unit.FAMILY, 1),
        ("person", 2, Unit.FAMILY, 1),
        ("person", 2, Unit.PERSON, 2),
        ("person", 3, Unit.DWELLING, 7),
        ("family", 2, Unit.DWELLING, 7),
        ("dwelling", 7, Unit.DWELLING, 7),
        ("family", 3, Unit.PERSON, 4),
        ("person", 5, Unit.PERSON, 5),
    ],
)
def test_find_unit_leads_to_what_the_programme_is_about(
    engine: Engine, kind: IdentifierKind, number: int, unit: Unit, found: int
) -> None:
    asked = find_unit(engine, "2026-T3", shown(kind, number), programme="X", unit=unit)

    assert (asked.unit_id, asked.unit, asked.merged_from) == (found, unit, None)
    assert asked.person_id == (number if kind == "person" else None)


def test_find_unit_rests_on_all_families_of_the_dwelling(engine: Engine) -> None:
    asked = find_unit(engine, "2026-T3", shown("person", 1), programme="X", unit=Unit.FAMILY)

    assert (asked.own_families, asked.families) == ((1,), (1, 2))
    alone = find_unit(engine, "2026-T3", shown("person", 5), programme="X", unit=Unit.PERSON)
    assert (alone.own_families, alone.families) == ((), ())


def test_find_unit_follows_an_identifier_that_was_merged_twice(engine: Engine) -> None:
    asked = find_unit(engine, "2026-T3", shown("person", 8).lower(), programme="X", unit=Unit.FAMILY)

    assert (asked.unit_id, asked.asked_for, asked.merged_from) == (1, shown("person", 1), shown("person", 8))


def refusal(engine: Engine, text: str, unit: Unit) -> Refused:
    with pytest.raises(Refused) as refused:
        find_unit(engine, "2026-T3", text, programme="X", unit=unit)
    return refused.value


def test_find_unit_refuses_what_the_register_does_not_know(engine: Engine) -> None:
    assert isinstance(refusal(engine, shown("person", 77), Unit.FAMILY), NoSuchUnit)
    # Number 7 is a dwelling and no family.
    assert isinstance(refusal(engine, shown("family", 7), Unit.FAMILY), NoSuchUnit)
    retired = refusal(engine, shown("family", 6), Unit.FAMILY)
    assert isinstance(retired, UnitRetired)
    assert retired.fields["founded_in"] == "2026-T2"
    assert isinstance(refusal(engine, shown("person", 1)[:-1] + "*", Unit.FAMILY), WrongCheckCharacter)


def test_find_unit_refuses_a_person_without_family_under_a_family_programme(engine: Engine) -> None:
    assert isinstance(refusal(engine, shown("person", 5), Unit.FAMILY), WithoutFamily)
    assert isinstance(refusal(engine, shown("person", 5), Unit.DWELLING), WithoutFamily)


def test_find_unit_asks_back_where_several_are_meant(engine: Engine) -> None:
    several = refusal(engine, shown("family", 1), Unit.PERSON)

    assert isinstance(several, AskForOneOf)
    assert several.fields["units"] == f"{shown('person', 1)}, {shown('person', 2)}"
    families = refusal(engine, shown("dwelling", 7), Unit.FAMILY)
    assert families.fields["units"] == f"{shown('family', 1)}, {shown('family', 2)}"
    for without_dwelling in (shown("family", 3), shown("person", 4)):
        none = refusal(engine, without_dwelling, Unit.DWELLING)
        assert isinstance(none, AskForOneOf)
        assert none.fields["units"] == "–"
