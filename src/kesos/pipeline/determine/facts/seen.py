"""Write how the columns of a level are seen on a day: what is too old is null; the stated and listed stand beside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kesos.pipeline.determine.facts.derivation import Derivation, sql_type
from kesos.policy.vocabulary.fact import Fact
from kesos.policy.vocabulary.vocabulary import ALIASES, OBSERVED_ON, LevelledFact

COVERED: Final = "__covered"
"""Ends the name of an area's column that tells whether the list of a programme is complete there."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Tables beside the release that say something of the units of a level.

    `stated` and `area_stated` name the facts that the file of facts says of units and of areas; `listed` the programmes
    (as facts) with a list of members, `complete` those whose list is complete, `covered` those complete in areas.
    """

    stated: frozenset[str] = frozenset()
    area_stated: frozenset[str] = frozenset()
    listed: frozenset[str] = frozenset()
    complete: frozenset[str] = frozenset()
    covered: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Source:
    """Where the columns of a level stand: table, expressions for those not plainly in it, day of observation."""

    table: str
    observed: Callable[[str], str]
    special: Mapping[str, str] = field(default_factory=dict)


def registry_columns(derivation: Derivation, source: Source) -> Iterator[str]:
    """Write each column that a fact reads, null where it is too old, and the day of those that age."""
    aged = derivation.aged_columns
    for column in derivation.read_columns:
        held = source.special.get(column, f"{source.table}.{column}")
        if column not in aged:
            yield f"{held} AS {column}"
            continue
        day = source.observed(column)
        yield f"CASE WHEN {day} >= $fresh_{aged[column]} THEN {held} END AS {column}"
        yield f"CASE WHEN {held} IS NOT NULL THEN {day} END AS {column}{OBSERVED_ON}"


def stated_columns(derivation: Derivation, beside: Beside) -> Iterator[str]:
    """Write each stated fact with its day: what is said of the unit itself, else what is said of its area."""
    for item in derivation.stated:
        name, day = item.name, item.name + OBSERVED_ON
        own = [f"stated.{day}"] if name in beside.stated else []
        area = [f"area.{day}"] if name in beside.area_stated else []
        if not own and not area:
            yield f"CAST(NULL AS {sql_type(item)}) AS {name}"
            yield f"CAST(NULL AS DATE) AS {day}"
            continue
        said = " ".join(
            f"WHEN {table}.{day} IS NOT NULL THEN {_if_fresh(item.fact, table, name)}"
            for table, has in (("stated", own), ("area", area))
            if has
        )
        yield f"CAST(CASE {said} END AS {sql_type(item)}) AS {name}"
        yield f"COALESCE({', '.join([*own, *area, 'NULL'])}) AS {day}"


def _if_fresh(fact: Fact, table: str, name: str) -> str:
    if fact.fresh_months is None:
        return f"{table}.{name}"
    return f"CASE WHEN {table}.{name}{OBSERVED_ON} >= $fresh_{fact.fresh_months} THEN {table}.{name} END"


def received_columns(derivation: Derivation, beside: Beside) -> Iterator[str]:
    """Write whether the unit is listed as a member: who is not listed is none only where the list is complete."""
    for name in derivation.receives:
        cases = [f"WHEN listed.{name} THEN TRUE"] if name in beside.listed else []
        if name in beside.complete:
            cases.append("ELSE FALSE")
        elif name in beside.covered:
            cases.append(f"WHEN area.{name}{COVERED} THEN FALSE")
        if cases == ["ELSE FALSE"]:
            yield f"FALSE AS {name}"
        else:
            yield f"CASE {' '.join(cases)} END AS {name}" if cases else f"CAST(NULL AS BOOLEAN) AS {name}"


def select_facts(derivation: Derivation, seen: str, *, keys: Sequence[str], aggregated: Sequence[str] = ()) -> str:
    """Write the SELECT that makes the facts of a level from the columns that were seen."""
    alias = ALIASES[derivation.level]
    handed_on = [*keys, *_stated_names(derivation.stated), *derivation.receives, *aggregated]
    # `receives_…` of a dwelling or group comes from its families and is already among the aggregated.
    handed_on = list(dict.fromkeys(handed_on))
    known = ",\n        ".join([*handed_on, *derivation.registry_values()])
    made = list(map(_alias_of, derivation.registry_values()))
    rules = [f"{sql} AS {name}" for name, sql in derivation.rule_values()]
    final = ",\n    ".join([*(f"{alias}.{name}" for name in (*handed_on, *made)), *rules])
    return (
        f"WITH seen AS (\n{seen}\n), known AS (\n    SELECT\n        {known}\n    FROM seen\n)\n"
        f"SELECT\n    {final}\nFROM known AS {alias}"
    )


def _stated_names(stated: Sequence[LevelledFact]) -> list[str]:
    return [name for item in stated for name in (item.name, item.name + OBSERVED_ON)]


def _alias_of(expression: str) -> str:
    return expression.rsplit(" AS ", 1)[1]
