"""Journey: the files of the demo village become a release, and each family comes out as its README promises."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from journeys.conftest import VILLAGE_FILES, Village, build_village
from kesos.foundation.sealing import Sealer

OLAT_RAWA = "5204092010"
MATARAM_TIMUR = "5271021002"


def test_village_counts(village: Village) -> None:
    counts = village.built.manifest.counts

    assert village.built.manifest.as_of == date(2026, 10, 5)
    assert counts == {
        "rows_in": 93,
        "rows_quarantined": 3,
        "person_records": 79,
        "family_records": 11,
        "linked_records": 39,
        "nik_contradictions": 2,
        "persons": 40,
        "families": 12,
        "families_with_members": 12,
        "dwellings": 11,
        "issues": 4,
    }


def test_village_rows_of_each_file(village: Village) -> None:
    rows = {
        one.original_name: (one.rows_in, one.rows_kept, one.rows_quarantined) for one in village.built.manifest.inputs
    }

    assert rows == {
        "keluarga_2026-09-30.csv": (11, 11, 0),
        "anggota_2026-09-30.csv": (33, 33, 0),
        "penduduk_2026-09-15.csv": (38, 37, 1),
        "pkh_2026-T3.csv": (9, 8, 1),
        "kematian_2026-10-05.csv": (2, 1, 1),
    }


def test_village_quarantine_holds_three_rows_with_their_reasons(village: Village) -> None:
    rows = {
        (row["source"], row["row_number"], row["line_number"], row["field"], row["reason"], row["value_shown"])
        for row in village.rows("quarantine")
    }

    assert rows == {
        ("dukcapil", 38, 39, "", "repeated_row", None),
        ("pkh_payees", 3, 5, "nominal", "not_an_amount", "belum ada"),
        ("death_reports", 2, 3, "tanggal_meninggal", "before_other_date", "1926-09-21"),
    }


def test_village_issues_name_the_values_that_were_doubted(village: Village) -> None:
    issues = {(row["source"], row["row_number"], row["field"], row["reason"]) for row in village.rows("issue")}

    assert issues == {
        ("dtsen", 14, "nik", "nik_date_differs"),
        ("dtsen", 16, "nik", "nik_date_differs"),
        ("dtsen", 19, "tanggal_lahir", "not_a_date"),
        ("pkh_payees", 6, "nik", "number_excel_scientific"),
    }


def test_village_conflicts_count_who_was_overruled(village: Village) -> None:
    conflicts = {
        (row["entity"], row["golden_column"], row["winning_source"], row["losing_source"], row["conflicts"])
        for row in village.rows("conflict")
    }

    assert conflicts == {
        ("person", "name_normal", "dukcapil", "dtsen", 1),
        ("person", "life_status", "death_reports", "dukcapil", 1),
        ("person", "marital_status_code", "dtsen", "dukcapil", 1),
    }


def test_village_expectations_count_what_should_hold_and_does_not(village: Village) -> None:
    broken = {
        (row["expectation"], row["severity"], row["checked"], row["failing"])
        for row in village.rows("expectation")
        if row["failing"]
    }

    assert broken == {
        ("family_has_head", "should", 12, 1),
        ("family_has_no_second_head", "should", 12, 1),
        ("member_count_equals_active_members", "should", 11, 2),
        ("nik_belongs_to_one_person", "should", 37, 2),
        ("official_decile_is_known", "should", 12, 1),
    }


def test_village_lake_shows_no_number_of_identity(village: Village) -> None:
    lake = village.built.folder.parent.parent
    files = sorted(lake.rglob("*.parquet"))
    texts = [
        value
        for file in files
        for column in parquet.ParquetFile(file).read().columns
        if pa.types.is_string(column.type)
        for value in column.to_pylist()
        if value is not None
    ]
    texts += [file.read_text(encoding="utf-8") for file in lake.rglob("*.json")]

    assert len(files) > 18 + 5
    assert [text for text in texts if re.search(r"(?<![0-9a-f])[0-9]{16}(?![0-9a-f])", text)] == []


def test_village_of_one_dtsen_extract_fits_the_district_profile(tmp_path: Path, village_sealer: Sealer) -> None:
    built = build_village(VILLAGE_FILES / "dtsen", tmp_path, village_sealer, profile="district")

    counts = built.manifest.counts
    assert (counts["rows_in"], counts["rows_quarantined"], counts["nik_contradictions"]) == (44, 0, 0)
    assert (counts["persons"], counts["families"], counts["dwellings"]) == (33, 11, 10)


def test_village_nik_status_of_all_persons(village: Village) -> None:
    statuses = Counter(row["nik_status"] for row in village.rows("person"))

    assert statuses == {"agreed": 31, "single": 8, "none": 1}


def test_village_keeps_the_hamlet_of_an_address_without_a_street(village: Village) -> None:
    person, family = village.person("AMIRUDDIN"), village.family_of("JAMALUDDIN")

    assert [person[part] for part in ("street", "hamlet", "rt", "rw")] == [None, "DUSUN KEBUN BERU", "001", "001"]
    assert [family[part] for part in ("street", "hamlet", "rt", "rw")] == [None, "DUSUN LENANG REA", "001", "001"]


def test_village_family_1_widow_without_nik_is_present(village: Village) -> None:
    widow, family = village.person("SITI HAWA"), village.family_of("SITI HAWA")

    assert widow["nik_status"] == "none"
    assert village.row("person_record", person_id=widow["person_id"])["nik_note"] == "missing"
    assert family["head_person_id"] == widow["person_id"]
    assert (family["active_members"], family["official_decile"]) == (1, 1)


def test_village_family_2_twins_are_two_persons(village: Village) -> None:
    aini, aina = village.person("BAIQ NURUL AINI"), village.person("BAIQ NURUL AINA")

    assert aini["person_id"] != aina["person_id"]
    assert aini["family_id"] == aina["family_id"]
    assert aini["birth_date"] == aina["birth_date"] == date(2016, 3, 9)
    assert village.sources_of("BAIQ NURUL AINI") == village.sources_of("BAIQ NURUL AINA") == ["dtsen", "dukcapil"]
    assert village.family_of("BAIQ NURUL AINI")["active_members"] == 4


def test_village_families_3_and_4_share_one_dwelling(village: Village) -> None:
    parents, young = village.family_of("SYAMSUDDIN"), village.family_of("HERMANSYAH")
    shared = village.rows("dwelling", family_count=2)

    assert parents["family_id"] != young["family_id"]
    assert (parents["official_decile"], young["official_decile"]) == (4, 3)
    assert (parents["active_members"], young["active_members"]) == (2, 3)
    assert village.sources_of("HERMANSYAH") == ["dtsen", "dukcapil"]
    assert [dwelling["dwelling_id"] for dwelling in shared] == [parents["dwelling_id"]]
    assert parents["dwelling_id"] == young["dwelling_id"]
    assert shared[0]["floor_area_m2"] == 72
    assert village.person("HADIJAH")["life_status"] == "alive"


def test_village_family_5_lives_elsewhere_than_it_is_registered(village: Village) -> None:
    father, family = village.person("SUTRISNO"), village.family_of("SUTRISNO")
    dwelling = village.row("dwelling", dwelling_id=family["dwelling_id"])

    assert (father["registered_village"], father["residence_village"]) == (OLAT_RAWA, MATARAM_TIMUR)
    assert (father["registered_as_of"], father["residence_as_of"]) == (date(2026, 9, 15), date(2026, 9, 30))
    assert (family["registered_village"], family["residence_village"]) == (OLAT_RAWA, MATARAM_TIMUR)
    assert dwelling["village"] == MATARAM_TIMUR
    assert (father["nik_status"], family["active_members"]) == ("agreed", 3)


def test_village_family_6_swapped_niks_are_reported_and_not_joined(village: Village) -> None:
    records = {row["record_id"]: row for row in village.rows("person_record")}
    reported = village.rows("nik_contradiction")
    pairs = {
        frozenset(
            (records[row[end]]["source"], records[row[end]]["name_normal"]) for end in ("record_id", "other_record_id")
        )
        for row in reported
    }

    assert pairs == {
        frozenset({("dukcapil", "ABDUL HAMID"), ("dtsen", "FADLI RAMDANI")}),
        frozenset({("dukcapil", "FADLI RAMDANI"), ("dtsen", "ABDUL HAMID")}),
    }
    assert [(row["name_level"], row["birth_level"], row["is_same_family_card"]) for row in reported] == [
        (0, 0, True),
        (0, 0, True),
    ]
    for name in ("ABDUL HAMID", "FADLI RAMDANI"):
        assert [row["record_count"] for row in village.rows("person", name=name)] == [1, 1]
    family = village.family_of("SUHARTI")
    assert (family["member_count"], family["active_members"]) == (3, 5)
    assert village.row("person", person_id=family["head_person_id"])["name_normal"] == "ABDUL HAMID"


def test_village_family_7_keeps_its_history_over_a_new_card(village: Village) -> None:
    family = village.family_of("MUSTAMIN")
    cards = village.rows("kk_history", family_id=family["family_id"])

    assert [(card["ordinal"], card["first_seen_on"], card["last_seen_on"]) for card in cards] == [
        (0, date(2026, 9, 15), date(2026, 9, 15)),
        (1, date(2026, 9, 30), date(2026, 9, 30)),
    ]
    assert len(village.rows("kk_history")) == 13
    assert (family["active_members"], family["official_decile"]) == (4, 2)
    assert village.person("AHMAD FAUZAN")["birth_date"] == date(2011, 2, 28)


def test_village_family_8_dead_head_is_no_active_member_and_was_paid(village: Village) -> None:
    dead, family = village.person("MUHAMMAD SALEH"), village.family_of("FATIMAH")
    membership = village.row("membership", person_id=dead["person_id"])
    benefit = village.row("benefit", person_id=dead["person_id"])

    assert village.sources_of("MUHAMMAD SALEH") == ["death_reports", "dtsen", "dukcapil", "pkh_payees"]
    assert (dead["life_status"], dead["died_on"], dead["family_id"]) == ("dead", date(2026, 8, 20), None)
    assert (membership["family_id"], membership["is_active"]) == (family["family_id"], False)
    assert (family["member_count"], family["active_members"], family["head_person_id"]) == (3, 2, None)
    assert (benefit["programme"], benefit["benefit_period"], benefit["benefit_amount_idr"]) == (
        "PKH", "2026-T3", 500_000,
    )  # fmt: skip


def test_village_family_9_elder_is_one_person_under_three_spellings(village: Village) -> None:
    elder = village.person("JAMALUDDIN")
    spellings = {row["source"]: row["name"] for row in village.rows("person_record", person_id=elder["person_id"])}

    assert spellings == {"dukcapil": "JAMALUDDIN", "dtsen": "H JAMALUDIN", "pkh_payees": "JAMALUDDIN"}
    assert (elder["name"], elder["birth_date"]) == ("JAMALUDDIN", date(1946, 1, 1))
    assert elder["person_id"] != village.person("MARIAM")["person_id"]


def test_village_family_10_disability_and_a_payee_whose_nik_excel_ruined(village: Village) -> None:
    son, family = village.person("ARIFIN"), village.family_of("ARIFIN")
    mothers = village.rows("person", name="SALMAH")

    assert (son["difficulty_walking_code"], son["difficulty_self_care_code"]) == (1, 1)
    assert (family["official_decile"], family["active_members"]) == (1, 3)
    assert sorted((mother["nik_status"], mother["record_count"]) for mother in mothers) == [("agreed", 3)]
    assert {mother["family_id"] for mother in mothers} == {family["family_id"]}
    assert village.row("person", person_id=family["head_person_id"])["marital_status_code"] == 4
    assert village.row("person_record", name_normal="SALMAH", source="pkh_payees")["nik_note"] == "excel_scientific"


def test_village_family_11_without_dtsen_has_no_decile_and_is_there(village: Village) -> None:
    family = village.family_of("AMIRUDDIN")
    payee = village.person("NURHAYATI")
    amounts = sorted(row["benefit_amount_idr"] for row in village.rows("benefit", person_id=payee["person_id"]))

    assert (family["active_members"], family["record_count"]) == (4, 0)
    assert (family["official_decile"], family["member_count"], family["has_motorcycle"]) == (None, None, None)
    assert amounts == [225_000, 750_000]
    assert village.sources_of("NURHAYATI") == ["dukcapil", "pkh_payees", "pkh_payees"]


def test_village_family_12_better_off_is_on_the_list(village: Village) -> None:
    head, family = village.person("ZULKARNAIN"), village.family_of("ZULKARNAIN")
    benefit = village.row("benefit", person_id=head["person_id"])

    assert (family["official_decile"], family["has_car"], family["active_members"]) == (9, True, 5)
    assert (head["work_status_code"], benefit["benefit_amount_idr"]) == (5, 500_000)
    assert (head["name"], head["relation_code"]) == ("ZULKARNAIN", 1)


def test_village_orphan_outside_any_card_is_a_person_without_family(village: Village) -> None:
    orphan = village.person("RAHMAT HIDAYAT")

    assert orphan["family_id"] is None
    assert village.rows("membership", person_id=orphan["person_id"]) == []
    assert (orphan["nik_status"], orphan["registered_village"]) == ("single", OLAT_RAWA)


def test_village_no_person_is_active_in_two_families(village: Village) -> None:
    active = Counter(row["person_id"] for row in village.rows("membership", is_active=True))

    assert len(active) == 38
    assert set(active.values()) == {1}


def test_village_every_rupiah_of_the_kept_rows_is_a_benefit(village: Village) -> None:
    assert sum(row["benefit_amount_idr"] for row in village.rows("benefit")) == 3_625_000
    assert len(village.rows("benefit")) == 8


def test_village_in_another_order_of_rows_holds_the_same_people(
    village: Village, village_sealer: Sealer, tmp_path: Path
) -> None:
    files = tmp_path / "village"
    shutil.copytree(VILLAGE_FILES, files)
    for path in ("dukcapil/penduduk_2026-09-15.csv", "dtsen/anggota_2026-09-30.csv"):
        header, *rows = (files / path).read_text(encoding="utf-8").splitlines()
        (files / path).write_text("\n".join([header, *reversed(rows)]) + "\n", encoding="utf-8")

    other = Village(build_village(files, tmp_path / "lake", village_sealer))

    for dataset in ("person", "family", "dwelling", "membership", "kk_history", "identity", "identifier", "benefit"):
        assert other.rows(dataset) == village.rows(dataset)
