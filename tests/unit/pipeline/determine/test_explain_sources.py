"""Who stated a fact: an office of the unit itself, else of the smallest area around it."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from kesos.pipeline.determine.explained import Evidence
from kesos.pipeline.determine.fact_sources import FactSources, read_statements
from kesos.pipeline.determine.facts.stated import STATED_FACT
from kesos.pipeline.engine import Engine
from kesos.policy.programme import Unit
from kesos.policy.vocabulary.vocabulary import load_vocabulary

DAY = date(2026, 3, 1)
BEHIND = {
    Unit.FAMILY: {Unit.FAMILY: [1], Unit.PERSON: [10, 11]},
    Unit.DWELLING: {Unit.FAMILY: [1, 2, 3], Unit.PERSON: [10, 11, 20]},
}


def _sources(*statements: tuple[str, int | None, str | None, str, str]) -> FactSources:
    columns = ("unit", "unit_id", "code", "fact", "stated_by")
    rows = [{**dict(zip(columns, said, strict=True)), "observed_on": DAY} for said in statements]
    families = pa.table(
        {
            "family_id": [1, 2, 3],
            "registered_village": ["5204082001", None, None],
            "residence_village": ["5301012001", "5205012001", None],
        }
    )
    persons = pa.table(
        {"person_id": [10, 11, 20], "registered_village": ["5204082001"] * 3, "residence_village": [""] * 3}
    )
    vocabulary = load_vocabulary()
    with Engine(memory="200MB", threads=1) as engine:
        engine.load("stated_fact", pa.Table.from_pylist(rows, STATED_FACT))
        engine.load("family_facts", families)
        engine.load("person_facts", persons)
        statements_of = read_statements(engine, vocabulary, ["disaster_affected", "orphans"], BEHIND)
    return FactSources(vocabulary, BEHIND, {}, statements_of)


def _offices(sources: FactSources, fact: str) -> list[str]:
    assert all(one == Evidence(one.source, DAY, None) for one in sources.of(fact))
    return [one.source for one in sources.of(fact)]


def test_statement_of_the_family_itself_goes_before_that_of_its_area() -> None:
    of_area = ("area", None, "52", "disaster_affected", "Gubernur")

    assert _offices(_sources(of_area), "disaster_affected") == ["Gubernur"]
    assert _offices(_sources(of_area, ("family", 1, None, "disaster_affected", "Camat")), "disaster_affected") == [
        "Camat"
    ]
    # Family 2 is a neighbour, and nothing is said of it here.
    assert _offices(_sources(("family", 2, None, "disaster_affected", "Camat")), "disaster_affected") == []


def test_statement_of_the_smallest_area_of_registration_counts() -> None:
    sources = _sources(
        ("area", None, "52", "disaster_affected", "Gubernur"),
        ("area", None, "5204", "disaster_affected", "Bupati"),
        ("area", None, "5301", "disaster_affected", "Bupati lain"),
    )

    assert _offices(sources, "disaster_affected") == ["Bupati"]
    assert [one.source for one in sources.statements[Unit.FAMILY, "disaster_affected"][1]] == ["Bupati"]


def test_fact_of_a_family_shows_who_stated_it_of_its_members() -> None:
    sources = _sources(
        ("person", 11, None, "orphan", "Dinas Sosial"),
        ("person", 11, None, "orphan", "Panti"),
        ("person", 20, None, "orphan", "Dinas lain"),
        ("person", 10, None, "in_treatment", "Puskesmas"),
    )

    assert _offices(sources, "orphans") == ["Panti", "Dinas Sosial"]
    assert sources.of("receives_pkh") == ()
    assert sources.of("disaster_affected") == ()
