"""The deterministic pass: NIK is evidence that name, birth date and sex may contradict."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from kesos.pipeline.engine import Engine
from kesos.pipeline.link.answers import Answers
from kesos.pipeline.link.clusters import connected_components
from kesos.pipeline.link.persons import MOST_RECORDS_OF_NIK, find_certain_pairs, identify_persons, keep_edges
from unit.pipeline.link.standard_records import Row, load_no_prior, load_records, record

Contradiction = tuple[int, int, int | None, int | None, bool]
_WEIGHED: Any = {
    **dict.fromkeys(("record_id", "other_record_id", "weight_millibits"), pa.int64()),
    **dict.fromkeys(("levels", "band"), pa.string()),
}
NOTHING_WEIGHED = pa.schema(_WEIGHED).empty_table()


def join_by_certain_pairs(engine: Engine) -> None:
    """Link as a build does, with no evidence but what is certain before anything is weighed."""
    find_certain_pairs(engine, Answers())
    same = engine.fetch("SELECT record_id, other_record_id FROM certain_pair WHERE answer = 'same'")
    records = engine.fetch("SELECT record_id FROM person_standard").column("record_id").to_numpy()
    ends = [np.concatenate([records, same.column(name).to_numpy()]) for name in ("record_id", "other_record_id")]
    ids, labels = connected_components(*ends)
    engine.load("record_cluster", pa.table({"record_id": ids, "cluster": labels}))
    engine.load("weighed_pair", NOTHING_WEIGHED)
    keep_edges(engine)


def linked(*records: Row) -> tuple[list[int], list[Contradiction]]:
    """Give the founding record of each record, and the pairs left apart."""
    with Engine(memory="500MB", threads=1) as engine:
        load_records(engine, *records)
        join_by_certain_pairs(engine)
        found = engine.fetch("SELECT cluster FROM record_cluster ORDER BY record_id").to_pylist()
        apart = engine.fetch("SELECT * FROM nik_contradiction ORDER BY record_id, other_record_id").to_pylist()
    return [row["cluster"] for row in found], [
        (row["record_id"], row["other_record_id"], row["name_level"], row["birth_level"], row["is_same_family_card"])
        for row in apart
    ]


def test_link_persons_same_nik_same_person_over_three_sources() -> None:
    clusters, apart = linked(
        record("BUDI SANTOSO", "A", "1987-08-17"),
        record("DEWI LESTARI", "B", "1990-04-12"),
        record("BUDI SANTOSO", "A", "1987-08-17", source="dtsen"),
        record("BUDI SANTOSO", "A", "1987-08-17", source="pkh_payees"),
    )

    assert (clusters, apart) == ([1, 2, 1, 1], [])


def test_link_persons_numbers_swapped_between_husband_and_wife_are_left_apart_and_reported() -> None:
    clusters, apart = linked(
        record("ABDUL HAMID", "A", "1970-01-02", sex="male", kk_index=b"k"),
        record("SUHARTI", "B", "1975-05-06", sex="female", kk_index=b"k"),
        record("ABDUL HAMID", "B", "1970-01-02", sex="male", kk_index=b"k", source="dtsen"),
        record("SUHARTI", "A", "1975-05-06", sex="female", kk_index=b"k", source="dtsen"),
    )

    assert clusters == [1, 2, 3, 4]
    assert apart == [(1, 4, 0, 0, True), (2, 3, 0, 0, True)]


def test_link_persons_twins_with_their_own_numbers_are_two_people() -> None:
    clusters, apart = linked(
        record("BAIQ NURUL AINI", "A", "2016-03-09"),
        record("BAIQ NURUL AINA", "B", "2016-03-09"),
        record("BAIQ NURUL AINI", "A", "2016-03-09", source="dtsen"),
        record("BAIQ NURUL AINA", "B", "2016-03-09", source="dtsen"),
    )

    assert (clusters, apart) == ([1, 2, 1, 2], [])


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("MUHAMMAD SALEH", "M SALEH"),
        ("AGUS WIJAYA", "AGUS WIDJAJA"),
        ("SITI AMINAH", "SITI AMINNAH"),
        ("NURHAYATI", "NUR HAYATI"),
    ],
)
def test_link_persons_ways_to_write_a_name_are_one_person(name: str, other: str) -> None:
    clusters, apart = linked(record(name, "A", "1960-02-03"), record(other, "A", "1960-02-03", source="dtsen"))

    assert (clusters, apart) == ([1, 1], [])


@pytest.mark.parametrize("name", ["SUPRIYADI", "BUDI SANTOSA"])
def test_link_persons_missing_birth_date_does_not_contradict_an_equal_or_well_agreeing_name(name: str) -> None:
    other = "BUDI SANTOSO" if name == "BUDI SANTOSA" else name

    assert linked(record(name, "A", "1960-02-03"), record(other, "A", source="dtsen")) == ([1, 1], [])


def test_link_persons_missing_name_is_joined_by_birth_date_only() -> None:
    nameless = record("", "A", "1960-02-03", source="dtsen", name_normal=None)
    nobody = record("", "A", None, source="pkh_payees", name_normal=None)

    clusters, apart = linked(record("BUDI", "A", "1960-02-03"), nameless, nobody)

    assert clusters == [1, 1, 3]
    assert apart == [(1, 3, None, None, False), (2, 3, None, None, False)]


@pytest.mark.parametrize(
    ("born", "other", "level"),
    [
        ("1960-02-03", "1960-03-02", 1),  # day and month exchanged
        ("1960-02-03", "1960-02-04", 1),  # one part differs
        ("1960-02-03", "1961-03-03", 0),  # two parts differ
    ],
)
def test_link_persons_birth_level_decides_where_names_only_agree_well(born: str, other: str, level: int) -> None:
    clusters, apart = linked(record("AGUS WIJAYA", "A", born), record("AGUS WIDJAJA", "A", other, source="dtsen"))

    expected = ([1, 1], []) if level else ([1, 2], [(1, 2, 2, 0, False)])
    assert (clusters, apart) == expected


def test_link_persons_equal_name_outweighs_another_birth_date_but_not_another_sex() -> None:
    man = record("SRI REJEKI", "A", "1960-02-03", sex="male")
    younger = record("SRI REJEKI", "A", "1984-07-09", sex="male", source="dtsen")
    woman = record("SRI REJEKI", "A", "1984-07-10", sex="female", source="owner_list")

    clusters, apart = linked(man, younger, woman)

    assert clusters == [1, 1, 3]
    assert apart == [(1, 3, 3, 0, False), (2, 3, 3, 1, False)]


def test_link_persons_wrong_sex_alone_does_not_part_an_equal_name_and_birth_date() -> None:
    clusters, apart = linked(
        record("SRI REJEKI", "A", "1960-02-03", sex="male"),
        record("SRI REJEKI", "A", "1960-02-03", sex="female", source="dtsen"),
    )

    assert (clusters, apart) == ([1, 1], [])


def test_link_persons_number_on_thirteen_people_is_no_evidence() -> None:
    names = ["BUDI", "AGUS", "HASAN", "JOKO", "SLAMET", "UJANG", "DADANG", "MAMAN", "YUSUF", "BAMBANG", "FADLI", "ARIF"]
    twelve = [record(name, "A", "1987-08-17") for name in names]
    again = record("BUDI", "A", "1987-08-17", source="dtsen")
    thirteenth = record("ZULKIFLI", "A", "1987-08-17")

    assert linked(*twelve, again)[0] == [*range(1, 13), 1]
    assert linked(*twelve, thirteenth, again) == ([*range(1, 15)], [])


def test_link_persons_payee_with_many_components_and_stages_is_one_person() -> None:
    payments = [record("DEWI LESTARI", "A", "1990-04-12", source="pkh_payees", row_key=f"{n:03}") for n in range(60)]

    assert linked(*payments) == ([1] * 60, [])


def test_link_persons_number_on_more_records_than_a_person_has_is_no_evidence() -> None:
    records = [record("DEWI LESTARI", "A", "1990-04-12", row_key=f"{n:03}") for n in range(MOST_RECORDS_OF_NIK + 1)]

    assert len(set(linked(*records)[0])) == 201
    assert len(set(linked(*records[1:])[0])) == 1


def test_link_persons_row_that_a_source_delivers_again_is_the_same_person_without_nik() -> None:
    june = record("SITI HAWA", None, "1950-01-01", delivery="june")
    other_source = record("SITI HAWA", None, "1950-01-01", source="dtsen")

    assert linked(june, {**june, "delivery": "september"}, other_source)[0] == [1, 1, 3]


def test_link_persons_row_of_a_name_alone_is_not_taken_for_the_one_before() -> None:
    june = record("KARTINI", delivery="june")

    assert linked(june, {**june, "delivery": "september"})[0] == [1, 2]


def test_link_persons_record_without_nik_stays_a_person() -> None:
    clusters, apart = linked(record("SITI HAWA", None, "1950-01-01"), record("SITI HAWA", None, "1950-01-02"))

    assert (clusters, apart) == ([1, 2], [])


def test_link_persons_a_contradiction_bridged_by_a_third_record_is_one_person_and_not_reported() -> None:
    clusters, apart = linked(
        record("SRI", "A", "1960-02-03", sex="female"),
        record("SRI REJEKI", "A", "1960-02-03", sex="female", source="dtsen"),
        record("REJEKI", "A", "1960-02-03", sex="female", source="owner_list"),
    )

    assert clusters == [1, 1, 1]
    assert apart == []


def test_identify_persons_gives_identifiers_in_the_order_of_founding_records_and_rules() -> None:
    with Engine(memory="500MB", threads=1) as engine:
        load_records(
            engine,
            record("BUDI SANTOSO", "A", "1987-08-17", source="dtsen"),
            record("SITI HAWA", None, "1950-01-01"),
            record("BUDI SANTOSO", "A", "1987-08-17"),
            record("SITI HAWA", None, "1950-01-01", delivery="later"),
        )
        load_no_prior(engine)
        join_by_certain_pairs(engine)
        identify_persons(engine, release="2026-T3")
        rows = engine.fetch("SELECT record_id, person_id, link_rule FROM person_record ORDER BY record_id").to_pylist()
        register = engine.fetch("SELECT * FROM person_identifier ORDER BY id").to_pylist()

    assert [(row["record_id"], row["person_id"], row["link_rule"]) for row in rows] == [
        (1, 1, "founder"),
        (2, 2, "founder"),
        (3, 1, "same_nik"),
        (4, 2, "same_row"),
    ]
    assert register == [
        {
            "kind": "person", "id": number, "status": "active", "alias_of": None, "founded_in": "2026-T3",
            "founding_source": source, "founding_row_key": key,
        }
        for number, source, key in [
            (1, "dtsen", "BUDI SANTOSO|A|1987-08-17|dtsen"),
            (2, "dukcapil", "SITI HAWA|None|1950-01-01|dukcapil"),
        ]
    ]  # fmt: skip
