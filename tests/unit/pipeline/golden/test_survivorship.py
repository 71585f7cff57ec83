"""Survivorship against an oracle that decides one value at a time, row by row."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from kesos.pipeline.golden.precedence import Entity, Precedence, read_precedence
from kesos.pipeline.golden.survivorship import Survivorship

COLUMNS = ("sex", "residence_village", "street", "rt", "rw", "life_status", "died_on")
RULES = Precedence.model_validate(
    {
        "order": ["dukcapil", "dtsen", "pkh_payees"],
        "newest_first": {"person": ["residence_village"], "family": "all"},
        "first": {"life_status": ["death_reports", "dtsen"]},
        "together": [["street", "rt", "rw"], ["life_status", "died_on"]],
    }
)
KINDS: dict[str, pa.DataType] = {
    "person_id": pa.int64(), "record_id": pa.int64(), "source": pa.string(), "observed_on": pa.date32(),
    **dict.fromkeys(COLUMNS, pa.string()), "died_on": pa.date32(),
}  # fmt: skip
SCHEMA = pa.schema(KINDS)
Row = dict[str, Any]

LETTERS = st.one_of(st.none(), st.sampled_from("ab"))
DAYS = st.integers(0, 3).map(lambda days: date(2026, 9, 1) + timedelta(days=days))
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "person_id": st.integers(1, 4),
            "source": st.sampled_from(["dukcapil", "dtsen", "pkh_payees", "death_reports", "zeta", "alpha"]),
            "observed_on": DAYS,
            "sex": LETTERS, "residence_village": LETTERS, "street": LETTERS, "rt": LETTERS, "rw": LETTERS,
            "life_status": LETTERS, "died_on": st.one_of(st.none(), DAYS),
        }
    ),
    max_size=14,
)  # fmt: skip


def numbered(rows: list[Row]) -> list[Row]:
    return [{**row, "record_id": number} for number, row in enumerate(rows, start=1)]


def kernel(entity: Entity = "person") -> Survivorship:
    return Survivorship(entity, "person_id", COLUMNS, RULES)


def survive(rows: list[Row], entity: Entity = "person") -> tuple[list[Row], Counter[tuple[str, str, str]]]:
    made = kernel(entity)
    golden = made(pa.Table.from_pylist(rows, schema=SCHEMA)).to_pylist()
    return golden, made.conflicts


def trust_by_hand(source: str, column: str) -> tuple[int, str]:
    """Give a source's place: asked first for the column, then the general order, then strangers by name."""
    asked = {"life_status": ["death_reports", "dtsen"]}.get(column, [])
    listed = ["dukcapil", "dtsen", "pkh_payees"]
    for place, name in enumerate([*asked, *(name for name in listed if name not in asked)]):
        if source == name:
            return place, ""
    return 99, source


def believed_by_hand(rows: list[Row], column: str, *, newest: bool) -> list[Row]:
    def belief(row: Row) -> tuple[object, ...]:
        age = -row["observed_on"].toordinal()
        trust = trust_by_hand(row["source"], column)
        return (age, trust, row["record_id"]) if newest else (trust, age, row["record_id"])

    return sorted(rows, key=belief)


LEADERS = {"rt": "street", "rw": "street", "died_on": "life_status"}


def survive_by_hand(rows: list[Row], entity: str) -> tuple[list[Row], Counter[tuple[str, str, str]]]:
    golden, conflicts = [], Counter[tuple[str, str, str]]()
    for person in sorted({row["person_id"] for row in rows}):
        own = [row for row in rows if row["person_id"] == person]
        made: Row = {"person_id": person}
        for column in COLUMNS:
            leader = LEADERS.get(column, column)
            newest = entity == "family" or leader == "residence_village"
            group = [name for name in COLUMNS if LEADERS.get(name, name) == leader]
            telling = [row for row in own if any(row[name] is not None for name in group)]
            winner = next(iter(believed_by_hand(telling, leader, newest=newest)), None)
            made[column] = winner[column] if winner else None
            made[f"{column}_record_id"] = winner["record_id"] if winner and winner[column] is not None else None
            if winner and leader == column and winner[column] is not None:
                conflicts.update(
                    (column, winner["source"], row["source"])
                    for row in own
                    if row[column] not in (None, winner[column])
                )
        golden.append(made)
    return golden, conflicts


@given(RECORDS, st.sampled_from(["person", "family"]), st.randoms(use_true_random=False))
def test_survivorship_equals_the_values_chosen_by_hand_in_any_order(
    rows: list[Row], entity: Entity, random: Random
) -> None:
    records = numbered(rows)
    shuffled = random.sample(records, len(records))

    assert survive(shuffled, entity) == survive_by_hand(records, entity)


def row(source: str, observed: str = "2026-09-01", **values: object) -> Row:
    return {"person_id": 1, "source": source, "observed_on": date.fromisoformat(observed), **values}


def test_survivorship_trusted_source_stands_over_a_newer_one() -> None:
    golden, conflicts = survive(numbered([row("dtsen", "2026-09-09", sex="b"), row("dukcapil", "2020-01-01", sex="a")]))

    assert (golden[0]["sex"], golden[0]["sex_record_id"]) == ("a", 2)
    assert conflicts == {("sex", "dukcapil", "dtsen"): 1}


def test_survivorship_newest_stands_where_the_rules_say_so() -> None:
    golden, _ = survive(
        numbered(
            [row("dukcapil", "2020-01-01", residence_village="a"), row("zeta", "2026-09-09", residence_village="b")]
        )
    )

    assert (golden[0]["residence_village"], golden[0]["residence_village_record_id"]) == ("b", 2)


def test_survivorship_columns_of_one_group_come_from_one_record_even_where_it_is_silent() -> None:
    golden, _ = survive(numbered([row("dukcapil", street="a", rt=None), row("dtsen", street="b", rt="1", rw="2")]))

    assert [golden[0][name] for name in ("street", "rt", "rw")] == ["a", None, None]
    assert [golden[0][f"{name}_record_id"] for name in ("street", "rt", "rw")] == [1, None, None]


def test_survivorship_of_a_group_takes_the_record_that_knows_any_of_it() -> None:
    golden, _ = survive(
        numbered([row("dukcapil", sex="a"), row("dtsen", street=None, rt="1"), row("zeta", street="c")])
    )

    assert [golden[0][name] for name in ("street", "rt", "rw")] == [None, "1", None]
    assert [golden[0][f"{name}_record_id"] for name in ("street", "rt", "rw")] == [None, 2, None]


def test_survivorship_tie_of_trust_and_day_goes_to_the_earlier_record() -> None:
    golden, conflicts = survive(numbered([row("zeta", sex="a"), row("zeta", sex="b"), row("zeta", sex="b")]))

    assert golden[0]["sex_record_id"] == 1
    assert conflicts == {("sex", "zeta", "zeta"): 2}


def test_survivorship_of_nobody_is_an_empty_table_with_all_columns() -> None:
    made = kernel()(SCHEMA.empty_table())

    assert made.num_rows == 0
    assert made.column_names == ["person_id", *COLUMNS, *(f"{name}_record_id" for name in COLUMNS)]


def test_conflict_table_is_sorted_and_counts_over_calls() -> None:
    made = kernel()
    for _ in range(2):
        made(pa.Table.from_pylist(numbered([row("dtsen", sex="b"), row("dukcapil", sex="a", life_status="x"), row(
            "death_reports", life_status="y")]), schema=SCHEMA))  # fmt: skip

    assert [tuple(one.values()) for one in made.conflict_table().to_pylist()] == [
        ("person", "life_status", "death_reports", "dukcapil", 2),
        ("person", "sex", "dukcapil", "dtsen", 2),
    ]


def test_precedence_that_ships_asks_the_death_report_first_and_keeps_addresses_together() -> None:
    rules = read_precedence()

    names = ["dtsen", "nobody", "dukcapil", "death_reports"]
    assert sorted(names, key=lambda name: rules.rank(name, "life_status")) == [
        "death_reports", "dukcapil", "dtsen", "nobody",
    ]  # fmt: skip
    assert (rules.leader("died_on"), rules.leader("rw"), rules.leader("sex")) == ("life_status", "street", "sex")
    assert rules.is_newest_first("family", "has_car")
    assert not rules.is_newest_first("person", "birth_date")
