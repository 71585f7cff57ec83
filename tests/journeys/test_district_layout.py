"""Journey: a DTSEN extract in the very layout that districts receive becomes a release of profile `district`.

The columns are those that public local-government code knows, in two spellings; the shared list of them is compared
where it is at hand. The rows are made up in `district_extract`; row numbers below are those that it spoils.
"""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from house.tree import ROOT
from journeys.conftest import Village, build_village
from journeys.district_extract import (
    DELIVERED_ON,
    FAMILY_LAYOUT,
    FIRST,
    PERSON_LAYOUT,
    SECOND,
    Spelling,
    headers,
    in_words,
    make_families,
    make_persons,
    spoil,
    write_workbook,
)
from kesos.datasets.lake import Lake
from kesos.foundation.sealing import Sealer, draw_key
from kesos.pipeline.release.check import check_file
from kesos.pipeline.release.explain import explain_person
from kesos.pipeline.sources.catalogue import find_sources
from kesos.pipeline.sources.deliveries import Delivery

SHARED_LIST = ROOT.parent / "shared" / "domain" / "dtsen_columns.csv"

FAMILY_ISSUES = {
    (3, "desil_nasional", "decile_outside"),
    (5, "aset_bergerak_ac", "not_yes_or_no"),
    (7, "kode_kelurahan_desa", "unknown_village"),
    (9, "jenis_atap_terluas", "code_not_in_list"),
    (13, "jumlah_anggota_keluarga", "below_minimum"),
    (15, "luas_lantai", "above_maximum"),
    (17, "nomor_kartu_keluarga", "number_excel_scientific"),
}
PERSON_ISSUES = {
    (6, "tanggal_lahir", "not_a_date"),
    (8, "tanggal_lahir", "date_incomplete"),
    (12, "nik", "number_wrong_length"),
    (14, "id_penglihatan", "code_not_in_list"),
    (16, "nik", "nik_sex_differs"),
    (122, "nik", "nik_date_differs"),
}
PERSON_QUARANTINE = {(2, "nama", "value_missing"), (4, "nama", "not_a_name"), (121, "", "repeated_row")}


@pytest.fixture(scope="module")
def sealer() -> Sealer:
    """Draw one key for all extracts, so that their seals can be compared."""
    return Sealer(draw_key())


def build(sources: Path, lake: Path, sealer: Sealer) -> Village:
    """Build the release of an extract, as a district does."""
    return Village(build_village(sources, lake, sealer, profile="district"))


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, sealer: Sealer) -> Village:
    """Build the extract in the first spelling: plain codes, 1 and 2."""
    folder = tmp_path_factory.mktemp("first")
    return build(FIRST.write(folder / "dtsen", *spoil(make_families(), make_persons())), folder / "lake", sealer)


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory, sealer: Sealer) -> Village:
    """Build the same extract in the second spelling: codes with dots, YA and TIDAK, semicolons."""
    folder = tmp_path_factory.mktemp("second")
    return build(SECOND.write(folder / "dtsen", *spoil(make_families(), make_persons())), folder / "lake", sealer)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory, sealer: Sealer) -> Village:
    """Build the same extract from a workbook of two sheets, in which persons carry their family card."""
    folder = tmp_path_factory.mktemp("workbook")
    (folder / "files").mkdir()
    write_workbook(folder / "files" / f"dtsen_{DELIVERED_ON}.xlsx", *spoil(make_families(), make_persons()))
    return build(folder / "files", folder / "lake", sealer)


def inputs(village: Village) -> dict[str, tuple[int, int, int]]:
    """Count the rows in, kept and set aside of each file of the contract."""
    return {one.file: (one.rows_in, one.rows_kept, one.rows_quarantined) for one in village.built.manifest.inputs}


def faults(village: Village, dataset: str, file: str) -> set[tuple[int, str, str]]:
    """Read the faults of one file: row, field, reason."""
    return {(row["row_number"], row["field"], row["reason"]) for row in village.rows(dataset, file=file)}


def broken(village: Village) -> set[tuple[str, int, int]]:
    """Read the expectations that are broken: name, rows checked, rows that break it."""
    rows = village.rows("expectation")
    return {(row["expectation"], row["checked"], row["failing"]) for row in rows if row["failing"]}


def test_layout_is_that_of_the_shared_list() -> None:
    if not SHARED_LIST.is_file():
        pytest.skip("the shared list of columns is not beside this repository")
    with SHARED_LIST.open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))

    for layout, level in ((FAMILY_LAYOUT, "keluarga"), (PERSON_LAYOUT, "individu")):
        assert list(headers(layout, second=False)) == [row["kolom"] for row in listed if row["tingkat"] == level]
    told = " ".join(row["arti"] for row in listed)
    seconds = [alias for column, alias in headers(FAMILY_LAYOUT, second=True).items() if alias != column]
    assert [alias for alias in seconds if not re.search(rf"\b{alias}\b", told)] == []
    assert set(re.findall(r"alias (\w+)", told)) - set(seconds) == set()


@pytest.mark.parametrize("spelling", ["first", "second"])
def test_extract_counts(spelling: str, request: pytest.FixtureRequest) -> None:
    village: Village = request.getfixturevalue(spelling)

    assert inputs(village) == {"family": (42, 40, 2), "person": (122, 119, 3)}
    assert village.built.manifest.counts == {
        "rows_in": 164,
        "rows_quarantined": 5,
        "person_records": 119,
        "family_records": 40,
        "linked_records": 0,
        "nik_contradictions": 1,  # the stranger, who is not made one with the first person
        "persons": 119,
        "families": 39,  # one card number was ruined by a spreadsheet
        "families_with_members": 0,  # the list of the person file has no family card
        "dwellings": 39,
        "issues": 13,
    }


@pytest.mark.parametrize("spelling", ["first", "second"])
def test_extract_quarantine_and_issues(spelling: str, request: pytest.FixtureRequest) -> None:
    village: Village = request.getfixturevalue(spelling)

    assert faults(village, "quarantine", "family") == {(41, "", "repeated_row"), (42, "", "too_few_fields")}
    assert faults(village, "quarantine", "person") == PERSON_QUARANTINE
    assert faults(village, "issue", "family") == FAMILY_ISSUES
    assert faults(village, "issue", "person") == PERSON_ISSUES


def test_extract_every_row_is_a_record_or_in_quarantine(first: Village) -> None:
    for dataset, file, rows in (("family_record", "family", 42), ("person_record", "person", 122)):
        kept = [row["row_number"] for row in first.rows(dataset)]
        set_aside = [row["row_number"] for row in first.rows("quarantine", file=file)]

        assert sorted(kept + set_aside) == list(range(1, rows + 1))


def test_extract_in_both_spellings_is_the_same_registry(first: Village, second: Village) -> None:
    for dataset in (
        "person",
        "family",
        "dwelling",
        "membership",
        "kk_history",
        "identity",
        "identifier",
        "expectation",
    ):
        assert second.rows(dataset) == first.rows(dataset)


def test_extract_facts_of_a_family_are_those_that_were_written(second: Village) -> None:
    columns = (
        "residence_village", "pbi_national", "pbi_local", "floor_area_m2", "member_count", "official_decile",
        "official_period", "cattle_count", "buffalo_count", "horses_count", "pigs_count", "goats_sheep_count",
        "tenure_code", "floor_material_code", "wall_material_code", "roof_material_code", "drinking_water_code",
        "lighting_code", "installed_power_code", "cooking_fuel_code", "toilet_facility_code", "toilet_type_code",
        "sewage_code",
    )  # fmt: skip
    houses = [2, 5, 3, 8, 9, 1]

    odd, even = (second.row("family_record", row_number=number) for number in (1, 2))

    assert [odd[column] for column in columns] == [
        "5204092005", True, False, 21, 2, 2, "2026-T3", 1, 2, 3, 4, 5, *houses, 2, 10, 6, 4, 2,
    ]  # fmt: skip
    assert [even[column] for column in columns] == [
        "5204092009", False, True, 22, 3, 3, "2026-T3", 2, 3, 4, 5, 6, *houses, 3, 10, 6, 4, 2,
    ]  # fmt: skip


def test_extract_answers_stand_in_the_columns_of_their_questions(second: Village) -> None:
    assets = (
        "has_gas_cylinder", "has_refrigerator", "has_air_conditioner", "has_water_heater", "has_landline",
        "has_flat_tv", "has_gold", "has_computer", "has_motorcycle", "has_bicycle", "has_car", "has_boat",
        "has_motorboat", "has_smartphone", "has_other_land", "has_other_house",
    )  # fmt: skip
    difficulties = ("sadness_code", *(f"difficulty_{what}_code" for what in (
        "seeing", "hearing", "walking", "using_hands", "learning", "behaviour", "speaking", "self_care", "remembering",
    )))  # fmt: skip

    families = {number % 4: second.row("family_record", row_number=number) for number in (1, 2, 3, 4)}
    low, high = (second.row("person_record", row_number=number) for number in (1, 10))

    # The n-th asset is answered with the bits of n in four families, the n-th difficulty in base 4 by two persons.
    assert [sum((not row[asset]) << bit for bit, row in families.items()) for asset in assets] == list(range(16))
    assert [low[column] - 1 + 4 * (high[column] - 1) for column in difficulties] == list(range(10))


def test_extract_broken_expectations(first: Village) -> None:
    assert broken(first) == {
        ("family_has_residence", 39, 1),
        ("member_count_equals_active_members", 38, 38),
        ("nik_belongs_to_one_person", 116, 1),
        ("official_decile_is_known", 39, 2),
    }


def test_extract_person_is_explained(first: Village) -> None:
    stranger = first.person("ZAENUDDIN ORANG LAIN")
    lake = Lake(first.built.folder.parents[1])

    explanation = explain_person(lake, "2026-T3", stranger["person_id"])

    said = {one.column: one.standing.value for one in explanation.values}
    assert (said["birth_date"], said["birth_place"], said["sex"]) == (date(2001, 11, 30), "SUMBAWA", "female")
    assert {one.standing.row_number for one in explanation.values} == {122}
    assert (explanation.family, explanation.nik_status, explanation.contradictions) == (None, "single", 1)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_every_other_spelling_of_the_contract_is_read_alike(place: int, tmp_path: Path, sealer: Sealer) -> None:
    sources = find_sources()
    contract = sources["dtsen"].contract

    def respelt(layout: str, file: str) -> dict[str, str]:
        known = {column: contract.file(file).column_of(column) or "" for column in layout.split()}
        aliases = {column: contract.file(file).columns[name].aliases or (column,) for column, name in known.items()}
        return {column: names[min(place, len(names) - 1)].replace("*", "2024") for column, names in aliases.items()}

    family, person = (" ".join(headers(layout, second=False)) for layout in (FAMILY_LAYOUT, PERSON_LAYOUT))
    spelling = Spelling(respelt(family, "family"), respelt(person, "person"), in_words)
    folder = spelling.write(tmp_path / "dtsen", *spoil(make_families(), make_persons()))

    for file, kept, issues, absent in (
        ("keluarga", (40, 2), FAMILY_ISSUES, set()),
        ("anggota", (119, 3), PERSON_ISSUES, {
            "nomor_kartu_keluarga", "id_hubungan_keluarga", "id_kehamilan", "desil_nasional_anggota",
            "kode_kelurahan_desa",
        }),
    ):  # fmt: skip
        delivery = Delivery(folder / f"{file}_{DELIVERED_ON}.csv", DELIVERED_ON)
        [table] = check_file(delivery, sources=sources, sealer=sealer, scratch=tmp_path)

        assert (table.rows_kept, table.rows_set_aside) == kept
        assert (set(table.columns_absent), table.receipt.columns_left_out) == (absent, ())
        found = {(one.first.row, one.first.field, one.reason) for one in table.faults if not one.is_set_aside}
        assert found == issues


def test_workbook_of_two_sheets_counts(workbook: Village) -> None:
    counts = workbook.built.manifest.counts

    assert inputs(workbook) == {"family": (41, 40, 1), "person": (122, 119, 3)}
    assert (counts["persons"], counts["families"], counts["families_with_members"]) == (119, 40, 40)
    assert (counts["dwellings"], counts["nik_contradictions"], counts["issues"]) == (40, 1, 13)
    assert faults(workbook, "issue", "family") == FAMILY_ISSUES
    assert faults(workbook, "issue", "person") == PERSON_ISSUES
    assert faults(workbook, "quarantine", "family") == {(41, "", "repeated_row")}
    assert faults(workbook, "quarantine", "person") == PERSON_QUARANTINE


def test_workbook_with_cards_puts_every_person_into_one_family(workbook: Village) -> None:
    active = [row["person_id"] for row in workbook.rows("membership", is_active=True)]

    assert len(active) == len(set(active)) == 119
    assert broken(workbook) == {
        ("family_has_no_second_head", 40, 1),  # the stranger came as head
        ("family_has_residence", 40, 2),
        ("member_count_equals_active_members", 38, 1),
        ("nik_belongs_to_one_person", 116, 1),
        ("official_decile_is_known", 40, 3),
    }


def test_workbook_holds_the_persons_of_the_other_files(first: Village, workbook: Village) -> None:
    bound = {"person_id", "family_id", "relation_code"}

    def people(village: Village) -> dict[str, dict[str, object]]:
        rows = village.rows("person")
        return {row["name"]: {column: row[column] for column in row.keys() - bound} for row in rows}

    assert people(workbook) == people(first)


def test_workbook_person_is_explained_with_the_decile_of_the_family(workbook: Village) -> None:
    head = workbook.person("AMINAH BACUSAN")
    lake = Lake(workbook.built.folder.parents[1])

    explanation = explain_person(lake, "2026-T3", head["person_id"])

    assert (explanation.official_decile, explanation.official_period) == (2, "2026-T3")
    assert (explanation.family is None, explanation.contradictions) == (False, 1)
