"""Explain one stored determination: derive the facts of that one unit again, and weigh every clause in sight.

What decided is kept beside the determination: the text of the programme, and what was stated or listed of members. The
outcomes that come out must be the stored ones; otherwise nothing is shown, because it would explain something else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from kesos.datasets.lake import Lake
from kesos.datasets.manifest import read_manifest
from kesos.datasets.release_files import dataset_files
from kesos.foundation.errors import Refused
from kesos.foundation.identifier import show_identifier
from kesos.foundation.money import split_exactly
from kesos.pipeline.determine.asked_for import Asked, find_group, find_unit
from kesos.pipeline.determine.clauses import Applied
from kesos.pipeline.determine.explained import ComponentShown, Explained, Movement, ParameterShown, Place
from kesos.pipeline.determine.fact_sources import Behind, Evidences, FactSources, read_records, read_statements
from kesos.pipeline.determine.facts.build import make_facts
from kesos.pipeline.determine.facts.request import FactsRequest
from kesos.pipeline.determine.movements import seat_units
from kesos.pipeline.determine.next_steps import FamilyStep, Standing, best_of, next_steps
from kesos.pipeline.determine.programme_folder import find_programmes
from kesos.pipeline.determine.store import StoredDetermination, open_determination
from kesos.pipeline.determine.weighing import UnitRow, Weighed, as_text, facts_named, weigh_unit
from kesos.pipeline.engine import Engine
from kesos.pipeline.link.find import mask_words
from kesos.policy.programme import Programme, Unit
from kesos.policy.programme_file import incompatible_id
from kesos.policy.published import ProgrammeOn, programme_on
from kesos.policy.vocabulary.vocabulary import load_vocabulary, receives

_READ: Final = (
    *("identifier", "person", "family", "person_lineage", "family_lineage", "dwelling_lineage"),
    *("person_record", "family_record"),
)
_STORED: Final = ("determination", "determination_component", "determination_cutoff")


class NotDetermined(Refused):
    """The determination holds nothing about the unit and programme."""

    what = "Determination {name} of release {release} holds nothing about {unit} under {programme}."
    remedy = "It holds living persons, families with members and their dwellings. Check the identifier."


class ExplainsOtherwise(Refused):
    """The facts as derived now give other outcomes than those that are stored."""

    what = (
        "Determination {name} says otherwise of {unit} under {programme} than its facts do when they are derived "
        "again: clauses {clauses}."
    )
    remedy = "Nothing is explained. Run `kesos determine` again with the same files; if it still differs, report it."


def explain_determination(
    lake: Lake, release: str, asked: str, programme: str, *, name: str | None = None
) -> Explained:
    """Explain what was determined for a person, family, dwelling or group under one programme.

    No identity number is opened; names are masked. *Raises* NoSuchRelease, what `open_determination`, `find_unit` and
    `StoredDetermination.programme` refuse, NotDetermined, ExplainsOtherwise.
    """
    folder = lake.existing_release(release)
    stored = open_determination(lake, release, name)
    rules = stored.programme(programme)
    manifest = read_manifest(folder)
    with Engine(memory="1GB") as engine:
        for dataset in _READ:
            engine.view_parquet(dataset, dataset_files(folder, manifest, dataset))
        for dataset in _STORED:
            engine.view_parquet(dataset, stored.files(dataset))
        if rules.unit is Unit.GROUP:
            unit = find_group(stored.kept_input("groups"), asked, programme=programme)
        else:
            unit = find_unit(engine, release, asked, programme=programme, unit=rules.unit)
        row = _stored_row(engine, stored, unit, programme)
        # Rules and lists may name any programme that was known, not only those that were determined.
        programmes = stored.programmes()
        known = {code: one.also_called for code, one in {**_packaged(), **programmes}.items()}
        applied = _apply(stored, rules, tuple(known))
        names = facts_named(applied.on)
        behind = _behind(engine, unit)
        found, statements = _weigh_again(folder, stored, applied, _Again(unit, known, names, behind))
        records = read_records(engine, applied.vocabulary, names, behind)
        sources = FactSources(applied.vocabulary, behind, records, statements)
        weighed = found.read({name: sources.of(name) for name in names})
        _compare(stored, unit, programme, row, weighed)
        return _told(_Telling(engine, stored, programmes, rules, applied.on, unit, row), weighed)


@cache
def _packaged() -> dict[str, Programme]:
    return find_programmes(None)


def _apply(stored: StoredDetermination, rules: Programme, codes: Sequence[str]) -> Applied:
    vocabulary = load_vocabulary()
    on = programme_on(rules, stored.manifest.as_of, vocabulary, codes=codes)
    return Applied(on, vocabulary, vocabulary.scope(rules.unit, programme_codes=codes))


@dataclass(frozen=True, slots=True)
class _Again:
    """What is derived again: a unit, the names of known programmes, the facts to tell, and what they rest on."""

    unit: Asked
    known: Mapping[str, tuple[str, ...]]
    names: Sequence[str]
    behind: Behind


def _weigh_again(
    folder: Path, stored: StoredDetermination, applied: Applied, again: _Again
) -> tuple[UnitRow, Evidences]:
    """Derive the facts that a unit rests on, as they were derived then; weigh the unit, and read who stated them."""
    as_of, unit = stored.manifest.as_of, again.unit
    is_person = unit.unit is Unit.PERSON
    request = FactsRequest(
        folder=folder,
        manifest=read_manifest(folder),
        as_of=as_of,
        facts=applied.on.facts | {receives(applied.programme.code)},
        programmes=again.known,
        members=stored.kept_input("members"),
        stated=stored.kept_input("facts"),
        groups=stored.kept_input("groups"),
        # A dwelling without families can be found among all dwellings only.
        only_families=unit.families or (() if is_person else None),
        only_persons=(unit.unit_id,) if is_person else None,
    )
    with Engine(memory="4GB") as engine:
        make_facts(engine, request)
        seat_units(engine, applied, as_of)
        found = weigh_unit(engine, applied, unit.unit_id, as_of)
        statements = read_statements(engine, applied.vocabulary, again.names, again.behind)
    if found is None:
        raise NotDetermined(
            name=stored.manifest.name,
            release=stored.manifest.release,
            unit=unit.shown,
            programme=applied.programme.code,
        )
    return found, statements


def _stored_row(engine: Engine, stored: StoredDetermination, unit: Asked, programme: str) -> dict[str, Any]:
    rows = engine.fetch(
        "SELECT * FROM determination WHERE programme = $programme AND unit_id = $id",
        programme=programme,
        id=unit.unit_id,
    ).to_pylist()
    if not rows:
        raise NotDetermined(
            name=stored.manifest.name, release=stored.manifest.release, unit=unit.shown, programme=programme
        )
    return dict(rows[0])


def _behind(engine: Engine, unit: Asked) -> Behind:
    """List the persons, families and dwellings that facts of each level rest on: of neighbours only for a dwelling."""
    person = [unit.unit_id] if unit.unit is Unit.PERSON else []
    return {
        Unit.PERSON: {Unit.PERSON: person},
        Unit.FAMILY: _units(engine, unit.own_families),
        Unit.DWELLING: _units(engine, unit.families),
        Unit.GROUP: _units(engine, unit.families),
    }


def _units(engine: Engine, own: Sequence[int]) -> dict[Unit, Sequence[int]]:
    """List the persons of families, the families, and their dwellings."""
    families = list(own)
    persons = engine.fetch(
        "SELECT person_id FROM person WHERE list_contains($families, family_id) ORDER BY person_id", families=families
    )
    dwellings = engine.fetch(
        "SELECT DISTINCT dwelling_id FROM family WHERE list_contains($families, family_id) AND dwelling_id IS NOT NULL",
        families=families,
    )
    of_persons: list[Any] = persons["person_id"].to_pylist()
    of_dwellings: list[Any] = dwellings["dwelling_id"].to_pylist()
    return {
        Unit.PERSON: of_persons,
        Unit.FAMILY: families,
        Unit.DWELLING: of_dwellings,
    }


def _compare(
    stored: StoredDetermination, unit: Asked, programme: str, row: Mapping[str, Any], weighed: Weighed
) -> None:
    if row["outcomes"] == weighed.outcomes:
        return
    differing = [
        clause.id
        for place, (clause, code) in enumerate(zip(weighed.clauses, weighed.codes, strict=True))
        if row["outcomes"] >> 2 * place & 3 != code
    ]
    raise ExplainsOtherwise(
        name=stored.manifest.name, unit=unit.shown, programme=programme, clauses=", ".join(differing)
    )


@dataclass(frozen=True)
class _Telling:
    """What a telling is made from: the stored tables, the rules that decided, the unit and its row."""

    engine: Engine
    stored: StoredDetermination
    programmes: Mapping[str, Programme]
    rules: Programme
    on: ProgrammeOn
    unit: Asked
    row: Mapping[str, Any]

    def rows(self, select: str, **more: object) -> list[dict[str, Any]]:
        """Fetch rows of the stored tables, with the programme and the unit as parameters if they are named."""
        known: dict[str, object] = {"programme": self.rules.code, "unit": self.unit.unit_id, **more}
        used = {name: value for name, value in known.items() if f"${name}" in select}
        found: list[dict[str, Any]] = self.engine.fetch(select, **used).to_pylist()
        return found


def _told(telling: _Telling, weighed: Weighed) -> Explained:  # over budget: one field after the other
    rules, unit, row, manifest = telling.rules, telling.unit, telling.row, telling.stored.manifest
    amount = row["amount_idr"]
    return Explained(
        release=manifest.release,
        determination=manifest.name,
        as_of=manifest.as_of,
        programme=rules.code,
        programme_name=rules.name,
        rule_hash=telling.on.rule_hash,
        authority=rules.authority.determines,
        signs=rules.authority.signs,
        proposed_by=rules.proposed_by,
        unit_kind=unit.unit.value,
        unit=unit.shown,
        asked_for=unit.asked_for,
        merged_from=unit.merged_from,
        eligibility=row["eligibility"],
        selection=row["selection"],
        clauses=weighed.clauses,
        facts=weighed.facts,
        parameters=_parameters(telling),
        amount_idr=amount,
        amount_open=bool(row["amount_open"]),
        stages_idr=tuple(split_exactly(amount, rules.benefit.stages)) if amount else (),
        components=_components(telling),
        place=_place(telling, weighed.keys),
        movement=_movement(rules, row),
        next_steps=_next_steps(telling),
    )


def _parameters(telling: _Telling) -> tuple[ParameterShown, ...]:
    described = telling.rules.parameters
    given = {row["component"] for row in telling.rows(_GIVEN)}
    amounts = [one.amount for one in telling.on.components if one.component.code in given and one.amount is not None]
    used = {name for rule in (*(clause.rule for clause in telling.on.clauses), *amounts) for name in rule.parameters}
    return tuple(
        ParameterShown(
            name=name,
            meaning=described[name].meaning,
            value=value.value,
            unit=described[name].unit,
            valid_from=value.valid_from,
            valid_until=value.valid_until,
            law=value.law,
            uncertain=value.uncertain,
            is_used=name in used,
        )
        for name, value in telling.on.parameters.items()
    )


_GIVEN: Final = "SELECT component FROM determination_component WHERE programme = $programme AND unit_id = $unit"


def _components(telling: _Telling) -> tuple[ComponentShown, ...]:
    names = {component.code: component.name for component in telling.rules.benefit.components}
    rows = telling.rows(
        """
        SELECT said.person_id, said.component, said.amount_idr, person.name_normal
        FROM determination_component AS said
        LEFT JOIN person ON said.person_id = person.person_id
        WHERE said.programme = $programme AND said.unit_id = $unit
        ORDER BY said.amount_idr DESC, said.person_id
        """
    )
    return tuple(
        ComponentShown(
            component=row["component"],
            name=names[row["component"]],
            person=show_identifier("person", row["person_id"]) if row["person_id"] else None,
            name_masked=mask_words(row["name_normal"]) if row["name_normal"] else None,
            amount_idr=row["amount_idr"],
            is_asked_for=telling.unit.person_id is not None and row["person_id"] == telling.unit.person_id,
        )
        for row in rows
    )


def _place(telling: _Telling, keys: Sequence[str | None]) -> Place:
    area = telling.row["quota_area"]
    found = telling.rows(
        "SELECT * FROM determination_cutoff WHERE programme = $programme AND quota_area = $area", area=area
    )
    ending: dict[str, Any] = found[0] if found else {}
    last: dict[str, object] = json.loads(ending["last_keys"]) if ending.get("last_keys") else {}
    return Place(
        area=area,
        rank=telling.row["rank"],
        quota=ending.get("quota"),
        eligible=ending.get("eligible"),
        within_quota=ending.get("within_quota"),
        waiting=ending.get("waiting"),
        last_rank=ending.get("last_rank"),
        keys=tuple(
            (key.meaning, own, as_text(last.get(key.key))) for key, own in zip(telling.rules.ranking, keys, strict=True)
        ),
        settled_by_lottery=ending.get("settled_by_lottery"),
    )


def _movement(rules: Programme, row: Mapping[str, Any]) -> Movement:
    code, protection = row["leave_reason"], rules.protection
    said = {one.id: one.reason for one in rules.eligibility}
    said |= {one.id: one.reason for one in rules.exclusions} | {one.id: one.reason for one in rules.exits}
    said |= {incompatible_id(one.programme): one.reason for one in rules.incompatible}
    if rules.duration is not None:
        said["duration"] = rules.duration.reason
    return Movement(
        movement=row["movement"],
        leave_reason=code,
        reason=said.get(code) if code else None,
        is_protected=row["is_protected"],
        protection=protection.reason if protection is not None else None,
        way_back=protection.way_back if protection is not None else None,
    )


def _next_steps(telling: _Telling) -> tuple[FamilyStep, ...]:
    """Lay the programmes over the unit's own family; a dwelling of several families has none."""
    if len(telling.unit.own_families) != 1:
        return ()
    programmes = telling.programmes
    (family,) = telling.unit.own_families
    (dwelling,) = telling.rows("SELECT dwelling_id FROM family WHERE family_id = $family", family=family)
    rows = telling.rows(
        """
        SELECT programme, unit_id, family_id, eligibility, selection, movement
        FROM determination
        WHERE family_id = $family OR unit_id = $family OR unit_id = $dwelling
        ORDER BY programme, unit_id
        """,
        family=family,
        dwelling=dwelling["dwelling_id"],
    )
    standings: dict[str, list[Standing]] = {}
    for row in rows:
        unit = programmes[row["programme"]].unit
        is_own = {
            Unit.PERSON: row["family_id"] == family,
            Unit.FAMILY: row["unit_id"] == family,
            Unit.DWELLING: row["unit_id"] == dwelling["dwelling_id"],
        }.get(unit, False)
        if is_own:
            received = None if row["movement"] is None else row["movement"] in {"stay", "leave"}
            standings.setdefault(row["programme"], []).append(Standing(row["eligibility"], row["selection"], received))
    return next_steps(programmes, {code: best_of(some) for code, some in standings.items()})
