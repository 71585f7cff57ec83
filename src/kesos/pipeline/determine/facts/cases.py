"""The facts of named cases: what a case gives stands, what it does not give is unknown, counts follow from its members.

The aggregates over members and families are the statements that a release is derived with.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Final

import pyarrow as pa

from kesos.foundation.errors import Refused
from kesos.pipeline.determine.facts.derivation import Derivation, sql_type, statement
from kesos.pipeline.determine.facts.levels import count_families, count_members
from kesos.pipeline.determine.facts.members import MEMBER
from kesos.pipeline.engine import Engine
from kesos.policy.programme import Case, FactValue, Unit
from kesos.policy.rules.name import Kind
from kesos.policy.vocabulary.vocabulary import (
    ALIASES,
    MEMBERSHIP,
    OBSERVED_ON,
    OPEN,
    RECEIVES,
    LevelledFact,
    Vocabulary,
)

GIVEN: Final = "__given"
ALWAYS_FRESH: Final = date(9999, 12, 31)
"""The day of what a case gives, where the case names no day: never too old."""

_VILLAGES: Final = ("registered_village", "residence_village")
_TYPES: Final[Mapping[str, pa.DataType]] = {
    "BOOLEAN": pa.bool_(),
    "SMALLINT": pa.int16(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "VARCHAR": pa.string(),
    "DECIMAL(18,6)": pa.decimal128(18, 6),
}


class UnknownCaseFact(Refused):
    """A case gives a fact that its level does not have."""

    what = "The case '{case}' gives '{fact}' of a {level}, which is no fact of a {level}; the nearest is '{near}'."
    remedy = "Take a fact of docs/reference/vocabulary.md, and put it where its level stands in the case."
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {"level": tuple(Unit)}


class BrokenCaseValue(Refused):
    """A case gives a value that its fact cannot have."""

    what = "The case '{case}' gives {fact}: {value}, which is not {expected}."
    remedy = "Correct the value in the programme's file."


@dataclass(frozen=True, slots=True)
class _Given:
    """The rows that cases give of one level: key columns, and facts by name."""

    level: Unit
    keys: tuple[Mapping[str, int | None], ...]
    facts: tuple[Mapping[str, FactValue], ...]
    days: tuple[date, ...]


def make_case_facts(
    engine: Engine, cases: Sequence[Case], *, vocabulary: Vocabulary, facts: frozenset[str], unit: Unit
) -> None:
    """Make the tables of facts of cases, one unit a case: `unit_id` 1, 2, … in their order; and table `case_member`.

    The tables and columns are those of `make_facts`; `case_member` has `unit_id`, `is_member`, `months_received` and
    `months_waiting` as the case gives them, and `member` is empty. The persons of a family programme are numbered on
    from 1; the unit of a person programme comes first and is counted only if it stands among the `members`.
    *Raises* UnknownCaseFact, BrokenCaseValue.
    """
    _check(cases, vocabulary)
    wanted = vocabulary.needed(facts)
    levels = {level: Derivation.of(vocabulary, level, wanted) for level in Unit}
    members, units = _persons(cases, unit)
    engine.load("person_facts", _given_table(levels[Unit.PERSON], members))
    aggregated = count_members(engine, levels[Unit.FAMILY])
    both = _Given(Unit.PERSON, units.keys + members.keys, units.facts + members.facts, units.days + members.days)
    engine.load("person_facts", _given_table(levels[Unit.PERSON], both))
    _make_level(engine, levels[Unit.FAMILY], _whole(cases, Unit.FAMILY), [*aggregated, "living_members"])
    aggregated = count_families(engine, levels[Unit.DWELLING])
    _make_level(engine, levels[Unit.DWELLING], _whole(cases, Unit.DWELLING), aggregated)
    _make_level(engine, levels[Unit.GROUP], _whole(cases, Unit.GROUP), [])
    engine.load("member", MEMBER.empty_table())
    engine.load("case_member", _case_members(cases, unit))


def _said_of(case: Case, level: Unit) -> Mapping[str, FactValue]:
    said: Mapping[str, FactValue] = getattr(case, str(level))
    return said


def _persons(cases: Sequence[Case], unit: Unit) -> tuple[_Given, _Given]:
    """Number the members of each case's family, and the units where they are persons."""
    first = len(cases) + 1 if unit is Unit.PERSON else 1
    placed = [(place, case, member) for place, case in enumerate(cases, start=1) for member in case.members]
    members = _Given(
        Unit.PERSON,
        tuple({"person_id": first + number, "family_id": place} for number, (place, _, _) in enumerate(placed)),
        tuple(member for _, _, member in placed),
        tuple(case.as_of or ALWAYS_FRESH for _, case, _ in placed),
    )
    own = cases if unit is Unit.PERSON else ()
    units = _Given(
        Unit.PERSON,
        tuple({"person_id": place, "family_id": place} for place, _ in enumerate(own, start=1)),
        tuple(case.person for case in own),
        tuple(case.as_of or ALWAYS_FRESH for case in own),
    )
    return members, units


def _whole(cases: Sequence[Case], level: Unit) -> _Given:
    keys: list[Mapping[str, int | None]] = []
    for place, _ in enumerate(cases, start=1):
        key: dict[str, int | None] = {f"{level}_id": place}
        if level is Unit.FAMILY:
            key |= {"dwelling_id": place, "head_person_id": None}
        keys.append(key)
    facts = tuple(_said_of(case, level) for case in cases)
    return _Given(level, tuple(keys), facts, tuple(case.as_of or ALWAYS_FRESH for case in cases))


def _given_table(derivation: Derivation, given: _Given) -> pa.Table:
    """Arrange what is given of a level as its table of facts: what is not given is null."""
    columns: dict[str, Any] = _key_columns(given)
    columns |= {name: pa.nulls(len(given.keys), pa.string()) for name in _villages_of(given.level)}
    for name, type_ in _columns_of(derivation):
        columns[name] = pa.array([said.get(name) for said in given.facts], type_)
    for item in derivation.facts:
        if derivation.vocabulary.is_dated(item.name):
            columns[item.name + OBSERVED_ON] = _days(item.name, given)
    return pa.table(columns)


def _key_columns(given: _Given) -> dict[str, Any]:
    names = {
        Unit.PERSON: ("person_id", "family_id"),
        Unit.FAMILY: ("family_id", "dwelling_id", "head_person_id"),
        Unit.DWELLING: ("dwelling_id",),
        Unit.GROUP: ("group_id",),
    }[given.level]
    return {name: pa.array([key[name] for key in given.keys], pa.int64()) for name in names}


def _villages_of(level: Unit) -> tuple[str, ...]:
    extra = {Unit.DWELLING: ("village",), Unit.GROUP: ("group_code", "group_name", *_VILLAGES)}
    return extra.get(level, _VILLAGES)


def _columns_of(derivation: Derivation) -> Iterator[tuple[str, pa.DataType]]:
    for item in derivation.facts:
        yield item.name, _TYPES[sql_type(item)]
    for name in derivation.receives:
        yield name, pa.bool_()


def _days(name: str, given: _Given) -> pa.Array[Any]:
    days = zip(given.days, given.facts, strict=True)
    return pa.array([day if said.get(name) is not None else None for day, said in days], pa.date32())


def _make_level(engine: Engine, derivation: Derivation, given: _Given, aggregated: Sequence[str]) -> None:
    """Make the facts of a level: what is given stands, else what follows from the parts, else from other facts."""
    level = str(derivation.level)
    engine.load("given", _with_marks(derivation, given))
    keys = [*_key_columns(given), *_villages_of(given.level)]
    rules = dict(derivation.rule_values())
    counted = set(aggregated)
    columns = [f"given.{name}" for name in keys]
    for item in derivation.facts:
        if item.name not in rules:
            columns += _stands(derivation, item, counted)
    for name in derivation.receives:
        other = f"counted.{name}" if name in counted else "CAST(NULL AS BOOLEAN)"
        columns.append(f"CASE WHEN given.{name}{GIVEN} THEN given.{name} ELSE {other} END AS {name}")
    joins = f" LEFT JOIN {level}_count AS counted ON given.{level}_id = counted.{level}_id" if counted else ""
    alias = ALIASES[derivation.level]
    made = [column.rsplit(" AS ", 1)[-1].removeprefix("given.") for column in columns]
    final = [f"{alias}.{name}" for name in made]
    final += [f"CASE WHEN own.{name}{GIVEN} THEN own.{name} ELSE {sql} END AS {name}" for name, sql in rules.items()]
    engine.run(
        statement(
            f"{level}_facts",
            f"WITH known AS (SELECT {', '.join(columns)} FROM given{joins})\n"
            f"SELECT {', '.join(final)} FROM known AS {alias}"
            f" INNER JOIN given AS own ON {alias}.{level}_id = own.{level}_id ORDER BY {alias}.{level}_id",
        )
    )
    engine.drop("given", f"{level}_count")


def _with_marks(derivation: Derivation, given: _Given) -> pa.Table:
    """Add to what is given, for each fact, whether it is: a null that is given is unknown, too."""
    table = _given_table(derivation, given)
    for name, _ in _columns_of(derivation):
        table = table.append_column(name + GIVEN, pa.array([name in said for said in given.facts], pa.bool_()))
    return table


def _stands(derivation: Derivation, item: LevelledFact, counted: set[str]) -> Iterator[str]:
    """Write a fact as given, else as it follows from the parts; an exact count that is given leaves none open."""
    name, is_given = item.name, f"given.{item.name}{GIVEN}"
    other = f"counted.{name}" if name in counted else None
    if name == "active_members" and "living_members" in counted:
        other = "counted.living_members"
    yield f"CASE WHEN {is_given} THEN given.{name} ELSE {other} END AS {name}" if other else f"given.{name} AS {name}"
    if item.is_count:
        open_ = f"counted.{name}{OPEN}" if other else "CAST(NULL AS INTEGER)"
        yield f"CASE WHEN given.{name} IS NOT NULL THEN 0 WHEN {is_given} THEN NULL ELSE {open_} END AS {name}{OPEN}"
    if derivation.vocabulary.is_dated(name):
        day = name + OBSERVED_ON
        other_day = f"counted.{day}" if day in counted else "CAST(NULL AS DATE)"
        yield f"CASE WHEN {is_given} THEN given.{day} ELSE {other_day} END AS {day}"


def _case_members(cases: Sequence[Case], unit: Unit) -> pa.Table:
    columns: dict[str, Any] = {"unit_id": pa.array(range(1, len(cases) + 1), pa.int64())}
    for name in MEMBERSHIP:
        type_ = pa.bool_() if name.kind is Kind.BOOLEAN else pa.int32()
        columns[name.name] = pa.array([_said_of(case, unit).get(name.name) for case in cases], type_)
    return pa.table(columns)


def _check(cases: Sequence[Case], vocabulary: Vocabulary) -> None:
    """Refuse what no level has, and values that a fact cannot have."""
    own = {name.name: name.kind for name in MEMBERSHIP}
    for case in cases:
        for level in Unit:
            known = vocabulary.at(level)
            said = [_said_of(case, level), *(case.members if level is Unit.PERSON else ())]
            for name, value in ((name, value) for some in said for name, value in some.items()):
                if name in known:
                    _check_value(case, known[name], value)
                elif not name.startswith(RECEIVES) and name not in own:
                    near = difflib.get_close_matches(name, known, n=1, cutoff=0)[0]
                    raise UnknownCaseFact(case=case.name.en, fact=name, level=level, near=near)
                elif value is not None and isinstance(value, bool) != (own.get(name, Kind.BOOLEAN) is Kind.BOOLEAN):
                    expected = own.get(name, Kind.BOOLEAN)
                    raise BrokenCaseValue(case=case.name.en, fact=name, value=value, expected=expected)


def _check_value(case: Case, item: LevelledFact, value: FactValue) -> None:
    kind, codes = item.fact.kind, item.fact.codes
    fits = {
        Kind.BOOLEAN: isinstance(value, bool),
        Kind.INTEGER: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
        Kind.DECIMAL: isinstance(value, int | Decimal) and not isinstance(value, bool),
        Kind.CODE: isinstance(value, str) and value in codes,
    }[kind]
    if value is not None and not fits:
        expected = " | ".join(codes) if codes else str(kind)
        raise BrokenCaseValue(case=case.name.en, fact=item.name, value=value, expected=expected)
