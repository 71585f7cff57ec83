"""Derive facts from a release: persons, then families from their members, dwellings from families, and groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any, Final

import pyarrow as pa

from kesos.datasets.release_files import dataset_files
from kesos.foundation.age import age_sql
from kesos.foundation.columns import Values, complete_texts, one_chunk
from kesos.foundation.columns import compute as pc
from kesos.foundation.period import NotAPeriod, read_period
from kesos.pipeline.determine.facts import areas
from kesos.pipeline.determine.facts.derivation import Derivation, fresh_since, statement
from kesos.pipeline.determine.facts.groups import living_groups
from kesos.pipeline.determine.facts.levels import count_families, count_group_families, count_members
from kesos.pipeline.determine.facts.members import MEMBERSHIP_MONTHS, make_members
from kesos.pipeline.determine.facts.named import not_found
from kesos.pipeline.determine.facts.observed import RECORDS, observe
from kesos.pipeline.determine.facts.request import FactsMade, FactsRequest, Listed
from kesos.pipeline.determine.facts.seen import (
    COVERED,
    Beside,
    Source,
    received_columns,
    registry_columns,
    select_facts,
    stated_columns,
)
from kesos.pipeline.determine.facts.stated import Stated, make_stated
from kesos.pipeline.determine.facts.units import living_units
from kesos.pipeline.engine import Engine
from kesos.policy.programme import Unit
from kesos.policy.vocabulary.vocabulary import OBSERVED_ON, RECEIVES, Vocabulary, load_vocabulary, receives

SQL: Final = resources.files("kesos.pipeline.determine.facts") / "sql"

_VILLAGES: Final = ("registered_village", "residence_village")
_DATASETS: Final = (
    *("person", "family", "dwelling", "benefit", "identifier", "person_record", "family_record"),
    *("person_lineage", "family_lineage", "dwelling_lineage"),
)
_RANKED: Final = ("official_decile", "official_score")


@dataclass(frozen=True, slots=True)
class _Work:
    """What the steps of one derivation share."""

    engine: Engine
    request: FactsRequest
    vocabulary: Vocabulary
    wanted: frozenset[str]
    stated: Stated
    members: dict[str, Listed]
    area_columns: dict[str, areas.AreaColumn]

    def derivation(self, level: Unit) -> Derivation:
        """Give what is wanted of a level."""
        return Derivation.of(self.vocabulary, level, self.wanted)

    def beside(self, level: Unit) -> Beside:
        """Give what other tables say of the units of a level."""
        return Beside(
            stated=self.stated.facts[level],
            area_stated=self.stated.area_facts,
            listed=frozenset(receives(code) for code in self.members),
            complete=frozenset(receives(code) for code, how in self.members.items() if how == "file"),
            covered=frozenset(name.removesuffix(COVERED) for name in self.area_columns if name.endswith(COVERED)),
        )

    def has(self, dataset: str) -> bool:
        """Tell whether the release holds a dataset."""
        return bool(dataset_files(self.request.folder, self.request.manifest, dataset))

    def run(self, name: str, sql: str, months: frozenset[int]) -> None:
        """Make a table of a SELECT."""
        days: dict[str, Any] = {"as_of": self.request.as_of, "released_on": self.request.manifest.as_of}
        self.engine.run(statement(name, sql), into=None, **days, **fresh_since(self.request.as_of, months))


def make_facts(engine: Engine, request: FactsRequest) -> FactsMade:
    """Make tables `person_facts`, `family_facts`, `dwelling_facts`, `group_facts` and `member`.

    *Grain*: one row a person who is not dead; a family with living members; a dwelling; a group of the groups file; a
    programme and unit that lists name. A fact that is not known is null; a count over members has a column
    `<fact>__open` beside it; a dated fact has `<fact>__on`. The rows stand in no promised order: sorting them would
    take a third of the time again. About 8 s for 10 million persons on 2 cores.
    A value counts from the day of the record that gave it, one without such a day from `facts_as_of` of its person or
    family, a dwelling's in a release without lineage from the day of the release; one without any day is too old. Table
    `stated_fact` keeps which office stated what. *Raises* the refusals of reading members, stated facts and groups.
    """
    vocabulary = load_vocabulary()
    wanted = vocabulary.needed(request.facts)
    for name in _DATASETS:
        files = dataset_files(request.folder, request.manifest, name)
        if files:
            engine.view_parquet(name, files)
    _restrict(engine, request)
    stated = make_stated(engine, request, vocabulary, wanted)
    members, named_members = make_members(engine, request)
    work = _Work(engine, request, vocabulary, wanted, stated, members, {})
    work.area_columns.update(_area_columns(work))
    if work.area_columns or stated.named:
        engine.run(statement("known_village", _KNOWN_VILLAGES))
    if work.area_columns:
        areas.make_area_facts(engine, work.area_columns, "SELECT village FROM known_village ORDER BY village")
    _make_persons(work)
    _make_families(work)
    _make_dwellings(work)
    named_groups = _make_groups(work)
    rows = {name: engine.count(name) for name in (*(f"{level}_facts" for level in Unit), "member")}
    named = [*named_members, *stated.named, named_groups]
    return FactsMade(wanted, rows, members, None if request.is_restricted else not_found(engine, named))


_KNOWN_VILLAGES: Final = """
    SELECT DISTINCT village FROM (
        SELECT COALESCE(registered_village, residence_village) AS village FROM person
        UNION ALL SELECT COALESCE(registered_village, residence_village) FROM family
        UNION ALL SELECT residence_village FROM family
        UNION ALL SELECT village FROM dwelling
    ) AS known WHERE village IS NOT NULL
"""


def _restrict(engine: Engine, request: FactsRequest) -> None:
    """Make tables `asked_person`, and `asked_family`: those asked for, and without whom their facts would be others."""
    if not request.is_restricted:
        return
    engine.load("asked_person", pa.table({"person_id": pa.array(sorted(request.only_persons or ()), pa.int64())}))
    own = one_chunk(engine.fetch(_OWN_FAMILIES)["family_id"])
    named = pc.unique(pa.concat_arrays([own, pa.array(request.only_families or (), pa.int64())]))
    asked = living_units(engine, Unit.FAMILY, named)
    groups, _ = living_groups(engine, request.groups)
    beside = groups.filter(pc.is_in(groups["group_id"], _groups_of(groups, asked)))["family_id"]
    table = pa.table({"family_id": pa.concat_arrays([asked, *beside.chunks])})
    engine.load("named_family", table)
    engine.run(SQL / "005_asked_family.sql")


_OWN_FAMILIES: Final = """
    SELECT family_id FROM person
    WHERE family_id IS NOT NULL AND person_id IN (SELECT person_id FROM asked_person) ORDER BY family_id
"""


def _groups_of(groups: pa.Table, families: Values) -> Values:
    found: Values = pc.unique(groups.filter(pc.is_in(groups["family_id"], families))["group_id"])
    return found


def _only(request: FactsRequest, table: str) -> str:
    """Write the condition that keeps to those who were asked for."""
    if not request.is_restricted:
        return "TRUE"
    if table == "dwelling":
        return "dwelling.dwelling_id IN (SELECT dwelling_id FROM family_facts)"
    return f"(person.{_OF_FAMILY} OR person.person_id IN (SELECT person_id FROM asked_person))"


_OF_FAMILY: Final = "family_id IN (SELECT family_id FROM asked_family)"


def _area_columns(work: _Work) -> dict[str, areas.AreaColumn]:
    """List what must be looked up for villages."""
    request = work.request
    found: dict[str, areas.AreaColumn] = dict(work.stated.area_columns)
    for level in Unit:
        for fact in work.derivation(level).from_registry:
            read = fact.fact.covered_by
            if read is not None and fact.fact.fresh_months is not None:
                column = areas.coverage_column(
                    request.manifest, frozenset({read}), request.as_of, fact.fact.fresh_months
                )
                found |= {areas.COVERED_BY + read: column} if column.values else {}
    read_columns = {column for level in Unit for column in work.derivation(level).read_columns}
    if areas.MINIMUM_WAGE in read_columns:
        found[areas.MINIMUM_WAGE] = areas.wage_column(request.as_of)
    if areas.REMOTE in read_columns:
        found[areas.REMOTE] = areas.remote_column()
    for code, how in work.members.items():
        if how == "benefit" and receives(code) in work.wanted:
            sources = frozenset(complete_texts(work.engine.fetch(_SOURCES, programme=code)["source"]))
            column = areas.coverage_column(request.manifest, sources, request.as_of, MEMBERSHIP_MONTHS)
            found |= {receives(code) + COVERED: column} if column.values else {}
    return found


_SOURCES: Final = "SELECT DISTINCT source FROM listed_source WHERE programme = $programme ORDER BY source"


def _make_persons(work: _Work) -> None:
    derivation, request = work.derivation(Unit.PERSON), work.request
    observed, join = _observation(work, derivation, "person", "person.facts_as_of")
    special = {"completed_years": f"CAST({age_sql('person.birth_date', '$as_of')} AS SMALLINT)"}
    special |= {name: "FALSE" for name in derivation.read_columns if name.startswith(areas.COVERED_BY)}
    special |= {name: f"area.{name}" for name in work.area_columns}
    columns = [
        *(f"person.{name}" for name in ("person_id", "family_id", *_VILLAGES)),
        *registry_columns(derivation, Source("person", observed, special)),
        *stated_columns(derivation, work.beside(Unit.PERSON)),
        *received_columns(derivation, work.beside(Unit.PERSON)),
    ]
    area = "COALESCE(person.registered_village, person.residence_village)"
    seen = _select(
        columns,
        ["person", *join, *_beside_joins(work, Unit.PERSON, "person.person_id", area)],
        f"(person.life_status IS NULL OR person.life_status <> 'dead') AND {_only(request, 'person')}",
    )
    sql = select_facts(derivation, seen, keys=("person_id", "family_id", *_VILLAGES))
    work.run("person_facts", sql, derivation.months)


def _make_families(work: _Work) -> None:
    derivation = work.derivation(Unit.FAMILY)
    persons = work.beside(Unit.PERSON)
    unsaid = {item.name for item in work.derivation(Unit.PERSON).stated} - persons.stated - persons.area_stated
    aggregated = count_members(work.engine, derivation, frozenset(unsaid))
    fallback, join = _observation(work, derivation, "family", "family.facts_as_of")
    if set(_RANKED) & set(derivation.read_columns):
        _load_periods(work.engine)
        join = [*join, "LEFT JOIN ranking_period ON family.official_period = ranking_period.official_period"]

    def observed(column: str) -> str:
        if column not in _RANKED:
            return fallback(column)
        ended = "ranking_period.last_day"
        return f"CASE WHEN {ended} IS NULL THEN {fallback(column)} WHEN {ended} > $as_of THEN $as_of ELSE {ended} END"

    special = {"living_members": "counted.living_members", areas.REMOTE: f"lived.{areas.REMOTE}"}
    columns = [
        *(f"family.{name}" for name in ("family_id", "dwelling_id", "head_person_id", *_VILLAGES)),
        *registry_columns(derivation, Source("family", observed, special)),
        *stated_columns(derivation, work.beside(Unit.FAMILY)),
        *received_columns(derivation, work.beside(Unit.FAMILY)),
        *(f"counted.{name}" for name in aggregated),
    ]
    area = "COALESCE(family.registered_village, family.residence_village)"
    joins = ["family", "INNER JOIN family_count AS counted ON family.family_id = counted.family_id", *join]
    joins += _beside_joins(work, Unit.FAMILY, "family.family_id", area)
    if areas.REMOTE in work.area_columns:
        joins.append("LEFT JOIN area_fact AS lived ON family.residence_village = lived.village")
    keys = ("family_id", "dwelling_id", "head_person_id", *_VILLAGES)
    sql = select_facts(derivation, _select(columns, joins), keys=keys, aggregated=aggregated)
    work.run("family_facts", sql, derivation.months)
    work.engine.drop("family_count")


def _load_periods(engine: Engine) -> None:
    """Make table `ranking_period`: the last day of each ranking period that a family has."""
    names = engine.fetch(_PERIODS)["official_period"]
    days: list[date | None] = []
    for name in complete_texts(names):
        try:
            days.append(read_period(name).last_day)
        except NotAPeriod:
            days.append(None)
    table = pa.table({"official_period": names, "last_day": pa.array(days, pa.date32())})
    engine.load("ranking_period", table)


_PERIODS: Final = (
    "SELECT DISTINCT official_period FROM family WHERE official_period IS NOT NULL ORDER BY official_period"
)


def _make_dwellings(work: _Work) -> None:
    derivation = work.derivation(Unit.DWELLING)
    aggregated = count_families(work.engine, derivation)
    observed, join = _observation(work, derivation, "dwelling", "$released_on")
    columns = [
        "dwelling.dwelling_id",
        "dwelling.village",
        *registry_columns(derivation, Source("dwelling", observed)),
        *stated_columns(derivation, work.beside(Unit.DWELLING)),
        *(f"counted.{name}" for name in aggregated if not name.startswith(RECEIVES)),
        *_received_together(derivation, work.beside(Unit.DWELLING)),
    ]
    joins = ["dwelling", "LEFT JOIN dwelling_count AS counted ON dwelling.dwelling_id = counted.dwelling_id", *join]
    joins += _beside_joins(work, Unit.DWELLING, "dwelling.dwelling_id", "dwelling.village")
    seen = _select(columns, joins, _only(work.request, "dwelling"))
    plain = [name for name in aggregated if not name.startswith(RECEIVES)]
    sql = select_facts(derivation, seen, keys=("dwelling_id", "village"), aggregated=plain)
    work.run("dwelling_facts", sql, derivation.months)
    work.engine.drop("dwelling_count")


def _received_together(derivation: Derivation, beside: Beside) -> Iterator[str]:
    """Write whether the dwelling or group is listed itself, or else one of its families is.

    Only where no family of it is known here is neither known of a complete list: then it is not listed.
    """
    for name in derivation.receives:
        own = f"WHEN listed.{name} THEN TRUE " if name in beside.listed else ""
        other = "ELSE FALSE" if name in beside.complete else f"WHEN NOT counted.{name} THEN FALSE"
        yield f"CASE {own}WHEN counted.{name} THEN TRUE {other} END AS {name}"


def _make_groups(work: _Work) -> pa.Table:
    """Make the facts of groups; *output*: the lines of their file."""
    groups, named = living_groups(work.engine, work.request.groups)
    work.engine.load("group_family", groups)
    derivation = work.derivation(Unit.GROUP)
    work.engine.run(SQL / "040_group_village.sql")
    aggregated = count_group_families(work.engine, derivation)
    plain = [name for name in aggregated if not name.startswith(RECEIVES)]
    keys = ("group_id", "group_code", "group_name", *_VILLAGES)
    columns = [
        *(f"group_village.{name}" for name in keys),
        *registry_columns(derivation, Source("group_village", lambda _: "$as_of")),
        *(f"counted.{name}" for name in plain),
        *_received_together(derivation, work.beside(Unit.GROUP)),
    ]
    joins = ["group_village", "LEFT JOIN group_count AS counted ON group_village.group_id = counted.group_id"]
    joins += _listed_join(work, Unit.GROUP, "group_village.group_id")
    sql = select_facts(derivation, _select(columns, joins), keys=keys, aggregated=plain)
    work.run("group_facts", sql, derivation.months)
    return named


def _observation(
    work: _Work, derivation: Derivation, table: str, otherwise: str
) -> tuple[Callable[[str], str], list[str]]:
    """Say how SQL finds the day on which a column was observed: by the lineage where the release has one."""
    level, columns = derivation.level, list(derivation.aged_columns)
    if not columns or not work.has(f"{level}_lineage") or not work.has(RECORDS[level]):
        return (lambda _: otherwise), []
    observed = observe(work.engine, level, columns, only=_lineage_only(work.request, level))
    join = f"LEFT JOIN {observed} AS observed ON {table}.{level}_id = observed.{level}_id"
    if level is Unit.DWELLING:
        return (lambda column: f"observed.{column}{OBSERVED_ON}"), [join]
    return (lambda column: f"COALESCE(observed.{column}{OBSERVED_ON}, {otherwise})"), [join]


def _lineage_only(request: FactsRequest, level: Unit) -> str:
    return (
        {
            Unit.PERSON: f"person_id IN (SELECT person_id FROM person WHERE {_only(request, 'person')})",
            Unit.FAMILY: _OF_FAMILY,
            Unit.DWELLING: f"dwelling_id IN (SELECT dwelling_id FROM family WHERE {_OF_FAMILY})",
        }[level]
        if request.is_restricted
        else "TRUE"
    )


def _beside_joins(work: _Work, level: Unit, key: str, village: str) -> list[str]:
    joins = []
    if work.area_columns:
        joins.append(f"LEFT JOIN area_fact AS area ON {village} = area.village")
    if work.stated.facts[level]:
        joins.append(f"LEFT JOIN {level}_stated AS stated ON {key} = stated.unit_id")
    return joins + _listed_join(work, level, key)


def _listed_join(work: _Work, level: Unit, key: str) -> list[str]:
    names = sorted(work.beside(level).listed & work.wanted)
    if not names:
        return []
    codes = {receives(code): code for code in work.members}
    columns = [f"MAX(CASE WHEN programme = '{codes[name]}' THEN 1 END) = 1 AS {name}" for name in names]
    member = f"FROM member WHERE unit = '{level}' AND status = 'member'"
    sql = f"SELECT unit_id, {', '.join(columns)} {member} GROUP BY unit_id"
    work.engine.run(statement(f"{level}_listed", sql))
    return [f"LEFT JOIN {level}_listed AS listed ON {key} = listed.unit_id"]


def _select(columns: Sequence[str], joins: Sequence[str], where: str = "TRUE") -> str:
    listed = ",\n        ".join(columns)
    return f"    SELECT\n        {listed}\n    FROM " + "\n    ".join(joins) + f"\n    WHERE {where}"
