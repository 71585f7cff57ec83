"""Expectations of a release: each broken once, on purpose, and counted."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from kesos.datasets.catalogue import dataset
from kesos.pipeline.engine import Engine
from kesos.pipeline.validate.expectations import run_expectations

VILLAGE = "3201011006"
TWICE_IN_A_FAMILY = {"person_in_one_active_family", "active_members_are_counted", "family_has_no_second_head"}


def release() -> dict[str, list[dict[str, Any]]]:
    """A release of one family of two in one dwelling in which every expectation holds."""
    return {
        "person": [
            {"person_id": 1, "family_id": 1, "birth_date": date(1960, 1, 2), "residence_village": VILLAGE},
            {"person_id": 2, "family_id": 1, "birth_date": date(2026, 11, 20), "died_on": date(2026, 11, 20)},
        ],
        "family": [
            {
                "family_id": 1,
                "dwelling_id": 1,
                "head_person_id": 1,
                "active_members": 2,
                "member_count": 2,
                "official_decile": 3,
                "residence_village": VILLAGE,
            }
        ],
        "dwelling": [{"dwelling_id": 1, "family_count": 1}],
        "membership": [
            {"person_id": 1, "family_id": 1, "relation_code": 1, "is_active": True},
            {"person_id": 2, "family_id": 1, "relation_code": 3, "is_active": True},
            {"person_id": 2, "family_id": 9, "relation_code": 1, "is_active": False},
        ],
        "identity": [
            {"field": "nik", "subject_id": 1, "ordinal": 0, "blind_index": b"a"},
            {"field": "nik", "subject_id": 2, "ordinal": 1, "blind_index": b"a"},
            {"field": "kk", "subject_id": 1, "ordinal": 0, "blind_index": b"a"},
        ],
        "person_record": [{"record_id": 10, "person_id": 1}, {"record_id": 11, "person_id": 2}],
        "person_lineage": [{"person_id": 1, "name_record_id": 10}, {"person_id": 2, "birth_date_record_id": 11}],
        "family_record": [{"record_id": 20, "family_id": 1}],
        "family_lineage": [{"family_id": 1, "official_decile_record_id": 20}],
    }


def expect(folder: Path, tables: dict[str, list[dict[str, Any]]]) -> tuple[int, dict[str, tuple[int, int]]]:
    with Engine(memory="500MB", threads=1, spill_parent=folder) as engine:
        for name, rows in tables.items():
            schema = pa.schema([field.with_nullable(True) for field in dataset(name).arrow_schema()])
            engine.load(name, pa.Table.from_pylist(rows, schema=schema))
        engine.load("known_village", pa.table({"village": [VILLAGE]}))
        broken = run_expectations(engine, as_of="2026-11-20")
        found = engine.fetch("expectation").to_pylist()
    return broken, {row["expectation"]: (row["checked"], row["failing"]) for row in found}


def test_run_expectations_whole_release_breaks_none(tmp_path: Path) -> None:
    broken, counts = expect(tmp_path, release())

    assert broken == 0
    assert counts == {
        "person_in_one_active_family": (2, 0),
        "family_of_person_is_active_membership": (2, 0),
        "active_members_are_counted": (1, 0),
        "family_has_head": (1, 0),
        "family_has_no_second_head": (1, 0),
        "member_count_equals_active_members": (1, 0),
        "official_decile_is_known": (1, 0),
        "birth_not_after_as_of": (2, 0),
        "death_not_before_birth": (1, 0),
        "nik_belongs_to_one_person": (1, 0),
        "village_is_known": (2, 0),
        "family_has_residence": (1, 0),
        "person_lineage_exists": (2, 0),
        "family_lineage_exists": (1, 0),
        "record_has_person": (2, 0),
        "dwelling_counts_its_families": (1, 0),
    }


@pytest.mark.parametrize(
    ("table", "row", "change", "failing", "musts"),
    [
        ("membership", 2, {"is_active": True, "family_id": 1}, TWICE_IN_A_FAMILY, 2),
        ("person", 1, {"family_id": None}, {"family_of_person_is_active_membership"}, 1),
        ("family", 0, {"active_members": 3}, {"active_members_are_counted", "member_count_equals_active_members"}, 1),
        ("family", 0, {"head_person_id": None}, {"family_has_head"}, 0),
        ("membership", 1, {"relation_code": 1}, {"family_has_no_second_head"}, 0),
        ("family", 0, {"member_count": 3}, {"member_count_equals_active_members"}, 0),
        ("family", 0, {"official_decile": None}, {"official_decile_is_known"}, 0),
        ("person", 0, {"birth_date": date(2026, 11, 21)}, {"birth_not_after_as_of"}, 1),
        ("person", 1, {"died_on": date(2026, 11, 19)}, {"death_not_before_birth"}, 0),
        ("identity", 1, {"ordinal": 0}, {"nik_belongs_to_one_person"}, 0),
        ("person", 0, {"residence_village": "3201011999"}, {"village_is_known"}, 1),
        ("family", 0, {"residence_village": None}, {"family_has_residence"}, 0),
        ("person_lineage", 0, {"name_record_id": 11}, {"person_lineage_exists"}, 1),
        ("person_lineage", 0, {"name_record_id": 99}, {"person_lineage_exists"}, 1),
        ("family_lineage", 0, {"official_decile_record_id": 99}, {"family_lineage_exists"}, 1),
        ("person_record", 0, {"person_id": 99}, {"person_lineage_exists", "record_has_person"}, 2),
        ("dwelling", 0, {"family_count": 2}, {"dwelling_counts_its_families"}, 1),
        ("dwelling", 0, {"dwelling_id": 2}, {"dwelling_counts_its_families"}, 1),
    ],
)  # fmt: skip
def test_run_expectations_each_is_broken_by_what_breaks_it(
    tmp_path: Path, table: str, row: int, change: dict[str, Any], failing: set[str], musts: int
) -> None:
    tables = release()
    tables[table][row] |= change

    broken, counts = expect(tmp_path, tables)

    assert {name for name, (_, count) in counts.items() if count} == failing
    assert max(count for _, count in counts.values()) == 1
    assert broken == musts


def test_run_expectations_empty_release_breaks_none(tmp_path: Path) -> None:
    broken, counts = expect(tmp_path, {name: [] for name in release()})

    assert broken == 0
    assert set(counts.values()) == {(0, 0)}
