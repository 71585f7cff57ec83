"""Where a fact of one unit comes from: the records behind its columns, and the offices that stated it, with days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from kesos.datasets.registry import DWELLING, FAMILY_GOLDEN, PERSON_GOLDEN
from kesos.pipeline.determine.explained import Evidence
from kesos.pipeline.determine.facts.areas import AreaColumn
from kesos.pipeline.determine.facts.derivation import columns_of as sql_columns
from kesos.pipeline.engine import Engine
from kesos.policy.programme import Unit
from kesos.policy.vocabulary.vocabulary import RECEIVES, LevelledFact, Vocabulary

# Names that `sql` of a fact may use and that are no golden column, with the columns that they are made of.
_MADE_OF: Final = {"completed_years": "birth_date", "remote_regency": "residence_village"}
_COLUMNS: Final = {
    Unit.PERSON: frozenset(column.name for column in PERSON_GOLDEN),
    Unit.FAMILY: frozenset(column.name for column in FAMILY_GOLDEN),
    Unit.DWELLING: frozenset(column.name for column in DWELLING.columns) - {"dwelling_id", "village", "family_count"},
}
_LINEAGE: Final = {
    Unit.PERSON: ("person_lineage", "person_id", "person_record"),
    Unit.FAMILY: ("family_lineage", "family_id", "family_record"),
    Unit.DWELLING: ("dwelling_lineage", "dwelling_id", "family_record"),
}


Behind = Mapping[Unit, Mapping[Unit, Sequence[int]]]
"""For the level of a fact, the persons, families and dwellings that such a fact of the unit at hand rests on."""

Evidences = Mapping[tuple[Unit, str], Mapping[int, Sequence[Evidence]]]
"""For a level and a golden column, or a stated fact, the evidence of each unit."""


@dataclass(frozen=True, slots=True)
class FactSources:
    """What stands behind the facts of the unit at hand, read once: records of the release, statements of offices."""

    vocabulary: Vocabulary
    behind: Behind
    records: Evidences
    statements: Evidences

    def of(self, name: str) -> tuple[Evidence, ...]:
        """List the evidence of a fact, the newest first; none where nobody said anything."""
        item = self.vocabulary.facts.get(name)
        behind = self.behind.get(item.level, {}) if item is not None else {}
        keys = [(self.records, key) for key in columns_of(self.vocabulary, name)]
        keys += [(self.statements, key) for key in stated_of(self.vocabulary, name)]
        found = {
            one for said, key in keys for unit in behind.get(key[0], ()) for one in said.get(key, {}).get(unit, ())
        }
        return tuple(sorted(found, key=lambda one: (_day(one), one.source), reverse=True))


def _day(evidence: Evidence) -> str:
    return str(evidence.observed_on or "")


def columns_of(vocabulary: Vocabulary, name: str) -> frozenset[tuple[Unit, str]]:
    """Name the golden columns, by level, that a fact is made of, through all that it is made of."""
    if name.startswith(RECEIVES) or name not in vocabulary.facts:
        return frozenset()
    return frozenset(
        (item.level, column)
        for item in (vocabulary.facts[part] for part in vocabulary.needed([name]))
        for column in _own_columns(item)
    )


def _own_columns(item: LevelledFact) -> Iterable[str]:
    named = {_MADE_OF.get(column, column) for column in sql_columns(item.fact.sql)} if item.fact.sql else set()
    return sorted(named & _COLUMNS.get(item.level, frozenset()))


def stated_of(vocabulary: Vocabulary, name: str) -> frozenset[tuple[Unit, str]]:
    """Name the stated facts, by level, that a fact is made of; one that is stated is made of itself."""
    if name.startswith(RECEIVES) or name not in vocabulary.facts:
        return frozenset()
    parts = (vocabulary.facts[part] for part in vocabulary.needed([name]))
    return frozenset((item.level, item.name) for item in parts if item.fact.stated)


def read_records(engine: Engine, vocabulary: Vocabulary, names: Sequence[str], behind: Behind) -> Evidences:
    """Read which records stand behind some facts.

    The engine holds the lineage and record tables of the release.
    """
    wanted: dict[Unit, set[str]] = {}
    for level, column in (key for name in names for key in columns_of(vocabulary, name)):
        wanted.setdefault(level, set()).add(column)
    evidence: dict[tuple[Unit, str], Mapping[int, Sequence[Evidence]]] = {}
    for level, columns in wanted.items():
        records = _records(engine, level, sorted(columns), _units_of(behind, level))
        evidence |= {(level, column): records[column] for column in columns}
    return evidence


def read_statements(engine: Engine, vocabulary: Vocabulary, names: Sequence[str], behind: Behind) -> Evidences:
    """Read which offices stated what some facts are made of: of the unit itself, else of the smallest area around it.

    The engine holds the tables that `make_facts` makes.
    """
    wanted = {key for name in names for key in stated_of(vocabulary, name)}
    evidence: dict[tuple[Unit, str], Mapping[int, Sequence[Evidence]]] = {}
    for level, fact in wanted:
        units = _units_of(behind, level)
        said: dict[int | str, list[Evidence]] = {}
        for row in engine.fetch(_STATED, fact=fact, units=units).to_pylist():
            one = Evidence(row["stated_by"], row["observed_on"], None)
            said.setdefault(row["code"] or row["unit_id"], []).append(one)
        areas = AreaColumn({code: code for code in said if isinstance(code, str)}, pa.string())
        villages = engine.fetch(_VILLAGES[level], units=units).to_pylist()
        around = {row["unit_id"]: str(areas.of(row["village"] or "")) for row in villages}
        evidence[level, fact] = {unit: said.get(unit) or said.get(around.get(unit, ""), []) for unit in units}
    return evidence


_STATED: Final = """
    SELECT unit_id, code, stated_by, observed_on
    FROM stated_fact
    WHERE fact = $fact AND (unit_id IS NULL OR list_contains($units, unit_id))
"""
_VILLAGES: Final = {
    level: f"SELECT {level}_id AS unit_id, {area} AS village FROM {level}_facts WHERE list_contains($units, {level}_id)"
    for level, area in (
        *((level, "COALESCE(registered_village, residence_village)") for level in (Unit.PERSON, Unit.FAMILY)),
        (Unit.DWELLING, "village"),
    )
}


def _units_of(behind: Behind, level: Unit) -> list[int]:
    return sorted({unit for units in behind.values() for unit in units.get(level, ())})


def _records(
    engine: Engine, level: Unit, columns: Sequence[str], units: Sequence[int]
) -> dict[str, dict[int, list[Evidence]]]:
    lineage, key, record = _LINEAGE[level]
    selected = ", ".join(f"{column}_record_id" for column in columns)
    rows: list[dict[str, Any]] = engine.fetch(
        f"SELECT {key}, {selected} FROM {lineage} WHERE list_contains($units, {key})", units=list(units)
    ).to_pylist()
    winners = sorted({value for row in rows for name, value in row.items() if name != key and value is not None})
    found = engine.fetch(
        f"SELECT record_id, source, observed_on, delivered_on FROM {record} WHERE list_contains($winners, record_id)",
        winners=winners,
    ).to_pylist()
    said = {row["record_id"]: Evidence(row["source"], row["observed_on"], row["delivered_on"]) for row in found}
    return {
        column: {row[key]: [said[row[f"{column}_record_id"]]] for row in rows if row[f"{column}_record_id"] in said}
        for column in columns
    }
