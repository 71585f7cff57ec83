"""A programme judged against a truth of ten families in one regency, whose deciles can be counted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest

from kesos.pipeline.determine.against_truth import (
    FAMILY_OF_TRUTH,
    PERSON_OF_TRUTH,
    Count,
    DecileOfTruth,
    Entitlement,
    ErrorByCut,
    NotInTruth,
    entitlement,
    judge,
)
from kesos.pipeline.engine import Engine
from unit.pipeline.determine.laid_over import SAID, determined, load, programme

AS_OF = date(2026, 9, 30)
ASKED = Entitlement(4, True, True, young_to=6, elder_from=60)
LINE_IDR = 500_000


def person(family: int, born: str, **more: Any) -> dict[str, Any]:
    return {"family_key": family, "birth_date": date.fromisoformat(born), **more}


# Family k of the truth consumes k x 100,000 a person: family 1 is the poorest. One person a family unless said.
PERSONS = [
    person(1, "2020-09-30"),  # 6 years old to the day: a component
    person(2, "1966-09-30"),  # 60 to the day: a component
    person(3, "2010-01-01", school_participation_code=2, education_level_code=13),
    person(4, "1990-01-01", work_status_code=5, pregnant_code=1),  # a component, but a civil servant
    person(5, "1990-01-01", difficulty_self_care_code=2),
    person(6, "1966-10-01", difficulty_seeing_code=2),  # 59 years old, and not severely disabled: no component
    person(7, "2019-09-29"),  # 7 years old, at no school
    person(8, "1990-01-01", pregnant_code=1),
    person(9, "1950-01-01"),
    person(9, "2025-01-01", died_on=date(2026, 1, 1)),
    person(10, "1950-01-01"),
]
for _number, _row in enumerate(PERSONS, start=1):
    _row["person_key"] = str(_number)
KEY_OF_FAMILY = {int(row["family_key"]): str(row["person_key"]) for row in PERSONS if "died_on" not in row}


def load_truth(
    engine: Engine, families: dict[int, int | None], persons_of_truth: list[dict[str, Any]] = PERSONS
) -> None:
    """Load the truth, and a release of families with one person each: identifier to true family."""
    columns: dict[str, pa.DataType] = {
        "BIGINT": pa.int64(),
        "VARCHAR": pa.string(),
        "DATE": pa.date32(),
        "SMALLINT": pa.int16(),
    }
    schema = pa.schema({name: columns[kind] for name, kind in PERSON_OF_TRUTH.items()})
    engine.load("true_person_row", pa.Table.from_pylist(persons_of_truth, schema))
    rows = [{"family_key": k, "village": 5_204_011_001, "consumption_idr": k * 100_000} for k in range(1, 11)]
    schema = pa.schema({name: columns[kind] for name, kind in FAMILY_OF_TRUTH.items()})
    engine.load("true_family_row", pa.Table.from_pylist(rows, schema))
    engine.load("poverty_line", pa.table({"regency": ["5204"], "poverty_line_idr": pa.array([LINE_IDR], pa.int64())}))
    persons = [{"person_id": 100 + unit, "family_id": unit, "relation_code": 1} for unit in families]
    engine.load("person", pa.Table.from_pylist(persons))
    records = [
        {"record_id": unit, "person_id": 100 + unit, "person_key": KEY_OF_FAMILY[key]}
        for unit, key in families.items()
        if key is not None
    ]
    engine.load("judged_record", pa.Table.from_pylist(records))


ROWS = [
    determined("PKH", 1, "within_quota"),
    determined("PKH", 2, "not_eligible", outcomes=0 + 1 * 4),  # the first clause, the decile, is not met; the second is
    determined("PKH", 3, "to_verify"),
    determined("PKH", 4, "not_ranked"),  # the civil servant was not known
    determined("PKH", 5, "waiting"),  # truly decile 5
    determined("PKH", 6, "within_quota"),  # truly decile 6, and without a component
    determined("PKH", 7, "not_eligible", outcomes=1 + 0 * 4),  # the second is not met
    determined("PKH", 8, "not_ranked"),  # nobody knows who that is
    determined("RICE", 2, "within_quota"),
]
FAMILIES = [
    (1, None, 1, 1), (2, None, 7, 1), (3, None, None, 1), (4, None, 4, 1), (5, None, 3, 1), (6, None, 2, 1),
    (7, None, 9, 1), (8, None, 4, 1),
]  # fmt: skip
TRUE_FAMILY = {**{unit: unit for unit in range(1, 8)}, 8: None}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(memory="1GB", threads=1) as engine:
        load(engine, ROWS, FAMILIES)
        load_truth(engine, TRUE_FAMILY)
        engine.load("decile_clause", pa.table({"weight": pa.array([1], pa.int64())}))
        yield engine


def test_judge_counts_both_errors_by_reason(engine: Engine) -> None:
    by_world, _ = judge(engine, "PKH", ASKED, AS_OF)[0]

    # Truly entitled are families 1, 2 and 3: decile 4 has a civil servant, 5 and above are not poor enough.
    assert by_world == ErrorByCut(
        "deciles_of_world",
        determined={
            "truly_entitled": Count(1, 1), "truly_excluded": Count(1, 1), "truly_not_poor_enough": Count(1, 1),
            "truly_without_component": Count(1, 1), "untold": Count(1, 1),
        },
        entitled={"eligible": Count(1, 1), "not_eligible_by_decile": Count(1, 1), "to_verify": Count(1, 1)},
    )  # fmt: skip
    # Family 8 is in neither share: the truth does not know it.
    assert (by_world.inclusion_error, by_world.exclusion_error) == (Fraction(3, 4), Fraction(2, 3))


def test_judge_draws_the_line_where_the_official_deciles_put_as_many_persons(engine: Engine) -> None:
    _, as_listed = judge(engine, "PKH", ASKED, AS_OF)[0]

    # Five listed persons are in decile 1 to 4 (families 1, 4, 5, 6, 8): the five poorest of the truth.
    assert as_listed.line == "as_many_as_listed"
    assert as_listed.determined["truly_entitled"] == Count(2, 2)
    assert (as_listed.inclusion_error, as_listed.exclusion_error) == (Fraction(2, 4), Fraction(2, 4))


def test_judge_shows_every_true_decile(engine: Engine) -> None:
    deciles = judge(engine, "PKH", ASKED, AS_OF)[1]

    assert [row.decile for row in deciles] == list(range(1, 11))
    assert [row.may_receive for row in deciles] == [1, 1, 1, 0, 1, 0, 0, 1, 1, 1]
    assert [row.eligible for row in deciles] == [1, 0, 0, 1, 1, 1, 0, 0, 0, 0]
    assert deciles[2] == DecileOfTruth(
        3, families=1, persons=1, may_receive=1, eligible=0, to_verify=1, not_in_registry=0
    )
    # The dead are no persons of their family, and nobody holds families 8 to 10 in the registry.
    assert deciles[8] == DecileOfTruth(
        9, families=1, persons=1, may_receive=1, eligible=0, to_verify=0, not_in_registry=1
    )


def test_judge_cuts_deciles_by_persons_not_families(engine: Engine) -> None:
    # Ten more persons in the poorest family: twenty in all, two a decile; it fills the first five and a half.
    more = [person(1, "1990-01-01", person_key=str(number)) for number in range(50, 60)]
    try:
        load_truth(engine, TRUE_FAMILY, [*PERSONS, *more])
        deciles = judge(engine, "PKH", ASKED, AS_OF)[1]
    finally:
        load_truth(engine, TRUE_FAMILY)

    assert {row.decile: row.families for row in deciles} == {1: 1, 6: 1, 7: 2, 8: 2, 9: 2, 10: 2}


def test_judge_takes_the_best_of_two_families_that_are_one_in_truth(engine: Engine) -> None:
    load_truth(engine, {**TRUE_FAMILY, 2: 3})
    try:
        by_world = judge(engine, "PKH", ASKED, AS_OF)[0][0]
    finally:
        load_truth(engine, TRUE_FAMILY)

    # True family 3 is families 2 (not eligible) and 3 (to verify); true family 2 is nowhere.
    assert by_world.entitled == {"eligible": Count(1, 1), "not_in_registry": Count(1, 1), "to_verify": Count(1, 1)}


def test_judge_prefers_eligible_to_what_is_to_be_verified(engine: Engine) -> None:
    load_truth(engine, {**TRUE_FAMILY, 3: 1})
    try:
        by_world = judge(engine, "PKH", ASKED, AS_OF)[0][0]
    finally:
        load_truth(engine, TRUE_FAMILY)

    assert by_world.entitled["eligible"] == Count(1, 1)
    assert by_world.entitled["not_in_registry"] == Count(1, 1)


def family_truth(engine: Engine, records: list[tuple[int, str]], persons: list[tuple[int, int, int]]) -> dict[int, int]:
    """Find the true families: records are (person, true person), persons (identifier, family, relation)."""
    load_truth(engine, TRUE_FAMILY)
    numbered = [{"record_id": n, "person_id": p, "person_key": k} for n, (p, k) in enumerate(records)]
    engine.load("judged_record", pa.Table.from_pylist(numbered))
    names = ("person_id", "family_id", "relation_code")
    engine.load("person", pa.Table.from_pylist([dict(zip(names, one, strict=True)) for one in persons]))
    try:
        judge(engine, "PKH", ASKED, AS_OF)
        rows = engine.fetch("SELECT * FROM family_truth").to_pylist()
    finally:
        load_truth(engine, TRUE_FAMILY)
    return {row["family_id"]: row["family_key"] for row in rows}


def test_family_truth_is_that_of_most_records_then_of_most_members_then_of_the_head(engine: Engine) -> None:
    # Most of person 1's records are of true person 5, although 3 is the lower key.
    assert family_truth(engine, [(1, "5"), (1, "5"), (1, "3")], [(1, 70, 1)]) == {70: 5}
    # Two members of three are truly in family 8, and the head is not.
    three = [(1, "5"), (2, "8"), (3, "8")]
    assert family_truth(engine, three, [(1, 70, 1), (2, 70, 2), (3, 70, 4)]) == {70: 8}
    # One to one: the head, although the other key is lower.
    assert family_truth(engine, [(1, "5"), (2, "8")], [(1, 70, 2), (2, 70, 1)]) == {70: 8}
    # Without a head: the lower key. Who is in no family says nothing.
    assert family_truth(engine, [(1, "5"), (2, "8"), (3, "1")], [(1, 70, 2), (2, 70, 4), (3, 71, 1)]) == {70: 5, 71: 1}


def test_judge_of_a_programme_without_components_asks_only_for_the_decile(engine: Engine) -> None:
    asked = Entitlement(4, False, False, young_to=0, elder_from=0)

    by_world = judge(engine, "RICE", asked, AS_OF)[0][0]

    assert by_world.determined == {"truly_entitled": Count(1, 1)}
    assert by_world.entitled == {"eligible": Count(1, 1), "not_in_registry": Count(3, 3)}


@pytest.mark.parametrize(
    "unknown",
    [
        programme("HEALTH", "person"),
        programme("RICE"),
        programme(
            "YARN", parameters={"last": {"meaning": SAID, "unit": "decile", "values": [{"value": 4, "until": AS_OF}]}}
        ),
    ],
)
def test_entitlement_that_the_truth_does_not_know_is_refused(unknown: Any) -> None:
    with pytest.raises(NotInTruth):
        entitlement(unknown, AS_OF)


def test_entitlement_reads_limit_and_ages_of_the_day() -> None:
    def since(day: str, value: int, unit: str = "years") -> dict[str, Any]:
        return {
            "meaning": SAID,
            "unit": unit,
            "values": [{"from": "2021-01-01", "value": 70}, {"from": day, "value": value}],
        }

    pkh = programme(
        "PKH",
        parameters={
            "decile_limit": since("2025-01-01", 4, "decile"),
            "elderly_age": since("2026-09-30", 60),
            "early_childhood_last_age": since("2026-10-01", 6),
        },
        benefit={
            "kind": "cash", "per": "year", "change_takes_effect": "at_once",
            "components": [{"code": "elderly", "name": SAID}],
        },
    )  # fmt: skip

    assert entitlement(pkh, AS_OF) == Entitlement(4, True, False, young_to=70, elder_from=60)
