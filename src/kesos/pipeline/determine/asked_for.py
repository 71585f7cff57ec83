"""Which unit of a programme is meant when somebody asks about a person, family, dwelling or group."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

from kesos.foundation.columns import compute as pc
from kesos.foundation.errors import Refused
from kesos.foundation.identifier import IdentifierKind, read_identifier, show_identifier
from kesos.foundation.masking import hide_numbers
from kesos.pipeline.determine.facts.groups import group_ids, read_groups
from kesos.pipeline.engine import Engine
from kesos.policy.programme import Unit

_MOST_NEAR: Final = 5
_UNITS: Final = tuple(unit.value for unit in Unit)


class NoSuchUnit(Refused):
    """The register of the release does not know the identifier."""

    what = "Release {release} has no {kind} {asked}."
    remedy = "Check the identifier; one that was given later stands only in later releases."
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {"kind": _UNITS}


class UnitRetired(NoSuchUnit):
    """The identifier was given once, and no record speaks of it now."""

    what = "No record of release {release} speaks of {kind} {asked} any more."
    remedy = "Ask an earlier release; the identifier was given in {founded_in}."


class WithoutFamily(Refused):
    """A person belongs to no family, and the programme is about families or their dwellings."""

    what = "Person {asked} belongs to no family in release {release}, and {programme} is for families."
    remedy = "Have the family card corrected at the civil registry; the next release will know the family."


class AskForOneOf(Refused):
    """The programme is about another kind of unit, of which several are meant."""

    what = "{programme} is determined for each {kind}; {asked} has several or none: {units}."
    remedy = "Give one of these identifiers."
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {"kind": _UNITS}


class GroupNotListed(Refused):
    """The file of groups that was handed in has no such group."""

    what = "There is no group '{asked}' among those that {programme} was determined for."
    remedy = "Write the code of the group as in the file of groups; there are: {groups}."


@dataclass(frozen=True, slots=True)
class Asked:
    """The unit that is meant: `own_families` belong to it, `families` are all whose facts it rests on.

    `person_id` is set if a person was asked for.
    """

    unit: Unit
    unit_id: int
    shown: str
    asked_for: str
    merged_from: str | None
    families: tuple[int, ...]
    own_families: tuple[int, ...]
    person_id: int | None


@dataclass(frozen=True, slots=True)
class _Living:
    kind: IdentifierKind
    number: int
    shown: str
    merged_from: str | None


def find_unit(engine: Engine, release: str, text: str, *, programme: str, unit: Unit) -> Asked:
    """Find the person, family or dwelling that a programme is about, from an identifier that someone gives.

    An identifier that was merged leads to the living one; a person leads to the family, a family to its dwelling and,
    if it is one alone, to its member. The engine holds `identifier`, `person` and `family` of the release.
    *Raises* NotAnIdentifier, WrongCheckCharacter, NoSuchUnit, UnitRetired, WithoutFamily, AskForOneOf.
    """
    living = _follow_alias(engine, release, text)
    if living.kind == "person" and unit is not Unit.PERSON and not _family_of_person(engine, living.number):
        raise WithoutFamily(asked=living.shown, release=release, programme=programme)
    units = _UNITS_OF[living.kind, unit](engine, living.number)
    kind = _KIND_OF[unit]
    if len(units) != 1:
        shown = ", ".join(show_identifier(kind, number) for number in units) or "–"
        raise AskForOneOf(programme=programme, kind=unit.value, asked=living.shown, units=shown)
    own = _own_families(engine, unit, units[0])
    return Asked(
        unit=unit,
        unit_id=units[0],
        shown=show_identifier(kind, units[0]),
        asked_for=living.shown,
        merged_from=living.merged_from,
        families=_with_neighbours(engine, own),
        own_families=own,
        person_id=living.number if living.kind == "person" else None,
    )


def find_group(groups: Path | None, text: str, *, programme: str) -> Asked:
    """Find a group (KUBE) by its code in the file of groups that was handed in.

    *Raises* GroupNotListed, and what `read_groups` refuses.
    """
    table = read_groups(groups)
    ids = group_ids(table)
    if text not in ids:
        near = difflib.get_close_matches(text, sorted(ids), n=_MOST_NEAR, cutoff=0)
        raise GroupNotListed(asked=hide_numbers(text), programme=programme, groups=", ".join(near) or "–")
    rows = table.filter(pc.equal(table["group_id"], ids[text]))
    families: list[Any] = rows["family_id"].to_pylist()
    return Asked(
        unit=Unit.GROUP,
        unit_id=ids[text],
        shown=text,
        asked_for=text,
        merged_from=None,
        families=tuple(sorted(families)),
        own_families=(),
        person_id=None,
    )


def _follow_alias(engine: Engine, release: str, text: str) -> _Living:
    kind, asked = read_identifier(text)
    shown, number = show_identifier(kind, asked), asked
    while True:
        found: list[dict[str, Any]] = engine.fetch(
            "SELECT status, alias_of, founded_in FROM identifier WHERE kind = $kind AND id = $id", kind=kind, id=number
        ).to_pylist()
        if not found:
            raise NoSuchUnit(release=release, kind=kind, asked=shown)
        (row,) = found
        if row["status"] == "active":
            return _Living(kind, number, show_identifier(kind, number), shown if number != asked else None)
        if row["alias_of"] is None:
            raise UnitRetired(release=release, kind=kind, asked=shown, founded_in=row["founded_in"])
        number = int(row["alias_of"])


def _numbers(engine: Engine, select: str, number: int) -> tuple[int, ...]:
    found: list[Any] = engine.fetch(select, id=number).column(0).to_pylist()
    return tuple(found)


def _itself(engine: Engine, number: int) -> tuple[int, ...]:
    return (number,)


def _family_of_person(engine: Engine, number: int) -> tuple[int, ...]:
    return _numbers(engine, "SELECT family_id FROM person WHERE person_id = $id AND family_id IS NOT NULL", number)


def _dwelling_of_family(engine: Engine, number: int) -> tuple[int, ...]:
    return _numbers(engine, "SELECT dwelling_id FROM family WHERE family_id = $id AND dwelling_id IS NOT NULL", number)


def _dwelling_of_person(engine: Engine, number: int) -> tuple[int, ...]:
    return tuple(d for family in _family_of_person(engine, number) for d in _dwelling_of_family(engine, family))


def _members_of_family(engine: Engine, number: int) -> tuple[int, ...]:
    return _numbers(engine, "SELECT person_id FROM person WHERE family_id = $id ORDER BY person_id", number)


def _families_of_dwelling(engine: Engine, number: int) -> tuple[int, ...]:
    select = "SELECT family_id FROM family WHERE dwelling_id = $id AND active_members > 0 ORDER BY family_id"
    return _numbers(engine, select, number)


def _members_of_dwelling(engine: Engine, number: int) -> tuple[int, ...]:
    return tuple(p for family in _families_of_dwelling(engine, number) for p in _members_of_family(engine, family))


_UNITS_OF: Final = {
    ("person", Unit.PERSON): _itself,
    ("person", Unit.FAMILY): _family_of_person,
    ("person", Unit.DWELLING): _dwelling_of_person,
    ("family", Unit.PERSON): _members_of_family,
    ("family", Unit.FAMILY): _itself,
    ("family", Unit.DWELLING): _dwelling_of_family,
    ("dwelling", Unit.PERSON): _members_of_dwelling,
    ("dwelling", Unit.FAMILY): _families_of_dwelling,
    ("dwelling", Unit.DWELLING): _itself,
}
_KIND_OF: Final[dict[Unit, IdentifierKind]] = {
    Unit.PERSON: "person",
    Unit.FAMILY: "family",
    Unit.DWELLING: "dwelling",
}


def _own_families(engine: Engine, unit: Unit, number: int) -> tuple[int, ...]:
    return {
        Unit.PERSON: _family_of_person,
        Unit.FAMILY: _itself,
        Unit.DWELLING: _families_of_dwelling,
    }[unit](engine, number)


def _with_neighbours(engine: Engine, families: Sequence[int]) -> tuple[int, ...]:
    """Add the families of the same dwelling: its facts are summed up from all of them."""
    beside = {
        family
        for one in families
        for dwelling in _dwelling_of_family(engine, one)
        for family in _families_of_dwelling(engine, dwelling)
    }
    return tuple(sorted({*families, *beside}))
