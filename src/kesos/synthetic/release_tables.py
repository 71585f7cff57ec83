"""Arrange a chunk as release datasets: what a registry would hold after a perfect linkage of imperfect lists.

Persons, families and numbers are the true ones; facts, decile and village of residence are those that DTSEN lists, null
for families it misses. `person.name_key` stays null (the phonetic key belongs to the pipeline) and `record_id` names
the person, since there are no records.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa

from kesos.datasets import registry
from kesos.datasets.facts import DWELLING_FACTS, FAMILY_FACTS, PERSON_FACTS
from kesos.datasets.schema import Column, Dataset
from kesos.foundation.columns import Values
from kesos.foundation.columns import compute as pc
from kesos.foundation.sealing import Sealer
from kesos.synthetic import ground
from kesos.synthetic.arrow import column, dates, dictionary, number_texts
from kesos.synthetic.draws import Columns, Flags, Rows, ordinals
from kesos.synthetic.files.dtsen import Ranked
from kesos.synthetic.files.places import birth_places
from kesos.synthetic.population.chunk import Population, day_number
from kesos.synthetic.population.families import HEAD
from kesos.synthetic.population.identity import HAMLETS, NO_NUMBER
from kesos.synthetic.population.words import spell

FOUNDED_IN: Final = "synthetic"
_PERIOD: Final = "2026-T3"
_SCORE_SCALE: Final = 6
_SEXES: Final = ("", "male", "female")
_LIFE: Final = ("alive", "dead")
_NIK_STATUS: Final = ("none", "agreed")
_THREE: Final = tuple(f"{number:03d}" for number in range(1000))


@dataclass(frozen=True)
class Holding:
    """A chunk with DTSEN's view of it, and what is derived once for several tables."""

    population: Population
    ranked: Ranked
    alive: Flags

    @classmethod
    def of(cls, population: Population, ranked: Ranked) -> Holding:
        """Derive who is alive."""
        return cls(population, ranked, population.persons["died_day"] < 0)

    def day(self, days_ago: int = 0) -> pa.Scalar[Any]:
        """Give the moment of the world, or a day before it."""
        return pa.scalar(self.population.plan.regency.as_of - timedelta(days=days_ago), pa.date32())


def fill(dataset: Dataset, columns: dict[str, Any], rows: int) -> pa.Table:
    """Put columns in the order and types of a dataset; one that is not given is null, a scalar fills its column."""
    arrays = []
    for field in dataset.arrow_schema():
        given = columns.pop(field.name, None)
        if given is None:
            arrays.append(pa.nulls(rows, field.type))
        elif isinstance(given, pa.Scalar):
            arrays.append(pa.array([given.as_py()], field.type).take(pa.array(np.zeros(rows, np.int32))))
        elif pa.types.is_dictionary(given.type):
            arrays.append(given)
        else:
            arrays.append(given.cast(field.type))
    if columns:
        raise ValueError(f"{dataset.name} has no column {sorted(columns)}")
    return pa.Table.from_arrays(arrays, names=list(dataset.column_names))


def _facts(asked: tuple[Column, ...], held: Columns, unknown: Flags | None = None) -> dict[str, Any]:
    facts = {}
    for fact in asked:
        if fact.name not in held:  # only sources that the shaped release has not got would tell
            continue
        values = held[fact.name]
        absent = unknown
        if values.dtype != np.bool_:
            absent = values < 0 if unknown is None else (values < 0) | unknown
        facts[fact.name] = column(values, absent)
    return facts


def _villages(codes: Rows) -> Values:
    distinct, position = np.unique(codes, return_inverse=True)
    return dictionary(number_texts(distinct), position)


def _address(families: Columns, rows: Rows | None = None) -> dict[str, Any]:
    own = families if rows is None else {name: families[name][rows] for name in _ADDRESS_PARTS}
    streets = tuple(f"JALAN {name}" for name in ground.streets())
    return {
        "registered_village": _villages(own["registered_village"]),
        "residence_village": _villages(own["village"]),
        "street": dictionary(streets, np.maximum(own["street"], 0), own["street"] < 0),
        "hamlet": dictionary(HAMLETS, own["hamlet"]),
        "rt": dictionary(_THREE, np.clip(own["rt"], 0, 999)),
        "rw": dictionary(_THREE, np.clip(own["rw"], 0, 999)),
    }


_ADDRESS_PARTS: Final = ("registered_village", "village", "street", "hamlet", "rt", "rw")


def person_table(held: Holding) -> pa.Table:
    """Arrange the persons, the dead among them without a family."""
    persons, dead = held.population.persons, ~held.alive
    rows = persons["key"].size
    name = spell(persons["name"])
    columns: dict[str, Any] = {
        "person_id": column(persons["key"]),
        "family_id": column(persons["family_key"], dead),
        "relation_code": column(persons["relation"], dead),
        "name": name,
        "name_normal": name,
        "sex": dictionary(_SEXES, persons["sex"]),
        "birth_date": dates(persons["birth_day"]),
        "birth_place": birth_places(persons["birth_regency"]),
        "mother_name_normal": spell(persons["mother_name"]),
        "marital_status_code": column(persons["marital"]),
        "life_status": dictionary(_LIFE, dead),
        "died_on": dates(persons["died_day"], held.alive),
        "registered_as_of": held.day(),
        "residence_as_of": held.day(),
        "nik_status": dictionary(_NIK_STATUS, persons["nik"] != NO_NUMBER),
        "record_count": pa.scalar(2),
        "source_count": pa.scalar(2),
        "facts_as_of": held.day(),
    }
    columns |= _address(held.ranked.listing.families, persons["family"])
    return fill(registry.PERSON, columns | _facts(PERSON_FACTS, persons), rows)


def family_table(held: Holding) -> pa.Table:
    """Arrange the families with their decile and the facts that DTSEN lists."""
    population, ranked = held.population, held.ranked
    persons, families = population.persons, ranked.listing.families
    rows = families["key"].size
    living = np.bincount(persons["family"][held.alive], minlength=rows)
    head = np.zeros(rows, np.int64)
    heads = np.flatnonzero((persons["relation"] == HEAD) & held.alive)
    head[persons["family"][heads]] = persons["key"][heads]
    unlisted, unranked = ~ranked.listing.family_listed, ranked.decile == 0
    score = column(np.round(ranked.score, _SCORE_SCALE), unranked)
    columns: dict[str, Any] = {
        "family_id": column(families["key"]),
        "dwelling_id": column(families["dwelling_key"]),
        "head_person_id": column(head, head == 0),
        "member_count": column(living),
        "official_decile": column(ranked.decile, unranked),
        "official_score": score,
        "official_period": dictionary((_PERIOD,), np.zeros(rows, np.int32), unranked),
        "registered_as_of": held.day(),
        "residence_as_of": held.day(),
        "active_members": column(living),
        "record_count": column(ranked.listing.family_listed.astype(np.int32)),
        "facts_as_of": held.day(),
    }
    columns |= _address(families) | _facts(FAMILY_FACTS, families, unlisted)
    return fill(registry.FAMILY, columns, rows)


def dwelling_table(held: Holding) -> pa.Table:
    """Arrange the dwellings, with the housing facts of the first family in each."""
    dwellings, listing = held.population.dwellings, held.ranked.listing
    dwelling = held.population.families["dwelling"]
    first = np.flatnonzero(np.r_[True, dwelling[1:] != dwelling[:-1]])
    housing = {name: values[first] for name, values in listing.housing.items()}
    columns: dict[str, Any] = {
        "dwelling_id": column(dwellings["key"]),
        "village": _villages(dwellings["village"]),
        "family_count": column(dwellings["family_count"]),
    }
    columns |= _facts(DWELLING_FACTS, housing, ~listing.family_listed[first])
    return fill(registry.DWELLING, columns, first.size)


def membership_table(held: Holding) -> pa.Table:
    """Arrange the memberships: one a person, active for the living."""
    persons = held.population.persons
    columns: dict[str, Any] = {
        "person_id": column(persons["key"]),
        "family_id": column(persons["family_key"]),
        "relation_code": column(persons["relation"]),
        "is_active": column(held.alive),
        "first_seen_on": held.day(365),
        "last_seen_on": held.day(),
        "record_id": column(persons["key"]),
    }
    return fill(registry.MEMBERSHIP, columns, persons["key"].size)


def kk_history_table(held: Holding) -> pa.Table:
    """Arrange the family cards: the current one, and the one before."""
    families = held.population.families
    cards = (families["kk"] != NO_NUMBER).astype(np.int64) + (families["kk_old"] != NO_NUMBER)
    family = np.repeat(families["key"], cards)
    ordinal = ordinals(family)
    as_of = day_number(held.population.plan.regency.as_of)
    columns: dict[str, Any] = {
        "family_id": column(family),
        "ordinal": column(ordinal),
        "first_seen_on": dates(as_of - 365 * (ordinal + 1)),
        "last_seen_on": dates(as_of - 365 * ordinal),
    }
    return fill(registry.KK_HISTORY, columns, family.size)


def identity_table(held: Holding, field: str, sealer: Sealer) -> pa.Table:
    """Seal the numbers of one field: "kk" and "pln" of families, "nik" of persons."""
    population = held.population
    families = population.families
    if field == "nik":
        subject, number = population.persons["key"], population.persons["nik"]
    elif field == "pln":
        subject, number = families["key"], population.dwellings["pln"][families["dwelling"]]
    else:
        subject = np.repeat(families["key"], 2)
        number = np.column_stack([families["kk"], families["kk_old"]]).ravel()
    present = number != NO_NUMBER
    subject, number = subject[present], number[present]
    texts, ids = number_texts(number), column(subject)
    columns: dict[str, Any] = {
        "field": dictionary((field,), np.zeros(subject.size, np.int32)),
        "subject_id": ids,
        "ordinal": column(ordinals(subject)),
        "ciphertext": sealer.seal_many(texts, field, ids),
        "blind_index": sealer.index_many(texts, field),
    }
    return fill(registry.IDENTITY, columns, subject.size)


def identifier_table(held: Holding, kind: str) -> pa.Table:
    """Arrange the register of identifiers of one kind; the row key is the identifier, since there are no rows."""
    keys = {
        "dwelling": held.population.dwellings["key"],
        "family": held.population.families["key"],
        "person": held.population.persons["key"],
    }[kind]
    ids = column(keys)
    columns: dict[str, Any] = {
        "kind": pa.scalar(kind),
        "id": ids,
        "status": pa.scalar("active"),
        "founded_in": pa.scalar(FOUNDED_IN),
        "founding_source": pa.scalar(FOUNDED_IN),
        "founding_row_key": pc.utf8_lpad(ids.cast(pa.string()), 32, "0"),
    }
    return fill(registry.IDENTIFIER, columns, keys.size)
