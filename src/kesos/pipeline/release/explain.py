"""One person of a release, explained: each value, which record gave it and when, and what others said."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from kesos.datasets.lake import Lake
from kesos.datasets.manifest import read_manifest
from kesos.datasets.registry import PERSON_GOLDEN
from kesos.datasets.release_files import dataset_files
from kesos.foundation.age import age_in_years
from kesos.foundation.errors import Refused
from kesos.foundation.identifier import show_identifier
from kesos.pipeline.engine import Engine

_READ: Final = ("person", "person_lineage", "person_record", "identifier", "family", "nik_contradiction")


class NoSuchPerson(Refused):
    """The release has no such person."""

    what = "Release {release} has no person {person}."
    remedy = "Check the identifier; one that was given later stands only in later releases."


class PersonRetired(NoSuchPerson):
    """The person was known once, and no record speaks of them now."""

    what = "No record of release {release} speaks of person {person} any more."
    remedy = "Ask an earlier release; the identifier was given in {founded_in}."


@dataclass(frozen=True, slots=True)
class Saying:
    """What one record says of one column."""

    value: object
    source: str
    row_number: int
    observed_on: date


@dataclass(frozen=True, slots=True)
class ExplainedValue:
    """One golden value: the saying that stands, and those that were overruled."""

    column: str
    standing: Saying
    overruled: tuple[Saying, ...]

    @property
    def others(self) -> str | None:
        """Say in a line what the overruled records said; null if nobody differed."""
        return "; ".join(f"{saying.source}: {saying.value}" for saying in self.overruled) or None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A person of a release: what is held, where it is from, and how the records were brought together."""

    release: str
    as_of: date
    person: str
    asked_for: str
    age: int | None
    family: str | None
    official_decile: int | None
    official_period: str | None
    nik_status: str
    values: tuple[ExplainedValue, ...]
    records: tuple[dict[str, object], ...]
    contradictions: int

    def to_dict(self) -> dict[str, object]:
        """Give the explanation as plain data, for programs."""
        return asdict(self)


def explain_person(lake: Lake, release: str, person_id: int) -> Explanation:
    """Explain one person. An identifier that was merged away leads to the one that lives on.

    No identity number is opened or shown. *Raises* NoSuchRelease, NoSuchPerson.
    """
    folder = lake.existing_release(release)
    manifest = read_manifest(folder)
    with Engine(memory="1GB") as engine:
        for name in _READ:
            engine.view_parquet(name, dataset_files(folder, manifest, name))
        living = _follow_alias(engine, release, person_id)
        person = _one(engine, "SELECT * FROM person WHERE person_id = $id", living)
        lineage = _one(engine, "SELECT * FROM person_lineage WHERE person_id = $id", living)
        records = engine.fetch("SELECT * FROM person_record WHERE person_id = $id ORDER BY record_id", id=living)
        rows: list[dict[str, Any]] = records.to_pylist()
        family = _one(engine, "SELECT * FROM family WHERE family_id = $id", person["family_id"] or 0)
        apart = engine.fetch(_CONTRADICTIONS, id=living).column("pairs")[0].as_py()
    return Explanation(
        release=release,
        as_of=manifest.as_of,
        person=show_identifier("person", living),
        asked_for=show_identifier("person", person_id),
        age=_age(person, manifest.as_of),
        family=show_identifier("family", person["family_id"]) if person["family_id"] else None,
        official_decile=family.get("official_decile"),
        official_period=family.get("official_period"),
        nik_status=person["nik_status"],
        values=_explain_values(person, lineage, rows),
        records=tuple(_provenance(row) for row in rows),
        contradictions=int(apart),
    )


def _age(person: dict[str, Any], as_of: date) -> int | None:
    """Give the age of somebody who lives; the dead have none."""
    if person["birth_date"] is None or person["life_status"] == "dead":
        return None
    return age_in_years(person["birth_date"], as_of)


_CONTRADICTIONS: Final = """
    SELECT count(*) AS pairs
    FROM nik_contradiction
    INNER JOIN person_record
        ON person_record.record_id IN (nik_contradiction.record_id, nik_contradiction.other_record_id)
    WHERE person_record.person_id = $id
"""


def _follow_alias(engine: Engine, release: str, person_id: int) -> int:
    found = engine.fetch(
        "SELECT status, alias_of, founded_in FROM identifier WHERE kind = 'person' AND id = $id", id=person_id
    )
    if found.num_rows == 0:
        raise NoSuchPerson(release=release, person=show_identifier("person", person_id))
    row = found.to_pylist()[0]
    if row["status"] == "active":
        return person_id
    if row["alias_of"] is None:
        raise PersonRetired(release=release, person=show_identifier("person", person_id), founded_in=row["founded_in"])
    return _follow_alias(engine, release, int(row["alias_of"]))


def _one(engine: Engine, select: str, identifier: int) -> dict[str, Any]:
    rows = engine.fetch(select, id=identifier).to_pylist()
    return dict(rows[0]) if rows else {}


def _explain_values(
    person: dict[str, Any], lineage: dict[str, Any], rows: list[dict[str, Any]]
) -> tuple[ExplainedValue, ...]:
    explained = []
    for column in (column.name for column in PERSON_GOLDEN):
        winner = lineage.get(f"{column}_record_id")
        if winner is None:
            continue
        standing = next(_saying(row, column) for row in rows if row["record_id"] == winner)
        others = (_saying(row, column) for row in rows if row["record_id"] != winner and row[column] is not None)
        overruled = tuple(saying for saying in others if saying.value != person[column])
        explained.append(ExplainedValue(column, standing, overruled))
    return tuple(explained)


def _saying(row: dict[str, Any], column: str) -> Saying:
    return Saying(row[column], row["source"], row["row_number"], row["observed_on"])


def _provenance(row: dict[str, Any]) -> dict[str, object]:
    names = ("source", "delivery", "row_number", "observed_on", "link_rule", "nik_note", "kk_note")
    return {name: row[name] for name in names}
