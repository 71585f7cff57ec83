"""From accepted rows to canonical columns: the five sources on their samples, and mappings that are broken."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kesos.pipeline.engine import Engine
from kesos.pipeline.sources.catalogue import SourceFolder, find_sources, read_source_folder
from kesos.pipeline.sources.deliveries import Delivery
from kesos.pipeline.sources.mapping import BrokenMapping, MappingLosesRows, map_accepted
from kesos.pipeline.sources.receive import receive
from kesos.pipeline.validate.rows import ReceivedFile, check_rows
from unit.pipeline.validate.received_rows import DAY, SEALER

FILES = [
    ("death_reports", "person", 5),
    ("dtsen", "family", 5),
    ("dtsen", "person", 6),
    ("dukcapil", "person", 6),
    ("owner_list", "person", 5),
    ("pkh_payees", "person", 5),
]


def map_file(
    folder: Path, source: SourceFolder, path: Path, delivered_on: date = DAY
) -> tuple[list[dict[str, Any]], list[Any]]:
    """Receive, check and map a file; give the mapped rows, and what was set aside or set to unknown."""
    contracts = [known.contract for known in find_sources().values() if known.contract.source != source.contract.source]
    every = [*contracts, source.contract]
    delivery = Delivery(path, delivered_on)
    receipt = receive(path, contracts=every, lake=folder / "lake", sealer=SEALER, delivery=delivery)[0]
    assert receipt.source == source.contract.source
    with Engine(memory="500MB", threads=1, spill_parent=folder) as engine:
        engine.view_parquet("rows", [receipt.rows_path])
        received = ReceivedFile(source.contract, receipt.file, receipt.delivery, receipt.delivered_on)
        checked = check_rows(engine, "rows", received, SEALER)
        map_accepted(engine, source, receipt.file, into="mapped")
        faults = engine.fetch(
            f"SELECT row_number, field, reason FROM {checked.quarantine} "
            f"UNION ALL SELECT row_number, field, reason FROM {checked.issue} ORDER BY 1, 2, 3"
        )
        return engine.fetch("SELECT * FROM mapped ORDER BY row_number").to_pylist(), faults.to_pylist()


def map_sample(folder: Path, source: str, file: str) -> list[dict[str, Any]]:
    found = find_sources()[source]
    path = folder / f"{source}.csv"
    path.write_bytes(found.sample(file).read_bytes())
    rows, faults = map_file(folder, found, path)
    assert faults == []
    return rows


@pytest.mark.parametrize(("source", "file", "count"), FILES)
def test_map_accepted_sample_is_whole_and_without_fault(tmp_path: Path, source: str, file: str, count: int) -> None:
    rows = map_sample(tmp_path, source, file)

    assert [row["row_number"] for row in rows] == list(range(1, count + 1))
    assert {row["source"] for row in rows} == {source}


def test_map_accepted_dtsen_family_gives_codes_and_assets(tmp_path: Path) -> None:
    rows = map_sample(tmp_path, "dtsen", "family")

    first = rows[0]
    assert first["address_raw"] == "KP SUKAMAJU RT 003 RW 007"
    assert first["head_name_raw"] == "BUDI SANTOSO"
    assert (first["residence_village"], first["member_count"], first["official_decile"]) == ("3201011006", 4, 3)
    assert (first["official_period"], first["official_score"]) == ("2026-T3", None)
    assert (first["has_motorcycle"], first["has_gas_cylinder"], first["has_car"]) == (True, False, None)
    assert (first["pbi_national"], first["pbi_local"]) == (True, False)
    assert (first["floor_area_m2"], first["roof_material_code"], first["goats_sheep_count"]) == (48, 2, 0)
    assert len(first["pln_index"]) == 32
    assert [row["pln_index"] is None for row in rows] == [False, False, True, False, False]
    assert [row["official_decile"] for row in rows] == [3, 5, 1, None, 2]
    assert rows[3]["residence_village"] == "3201011001"


def test_map_accepted_dtsen_person_gives_person_facts(tmp_path: Path) -> None:
    rows = map_sample(tmp_path, "dtsen", "person")

    kartini = rows[4]
    assert (kartini["name_raw"], kartini["sex"], kartini["birth_date"]) == ("KARTINI", "female", date(1951, 7, 12))
    assert (kartini["nik_index"], kartini["nik_note"], kartini["nik_date_agrees"]) == (None, "missing", None)
    assert (kartini["marital_status_code"], kartini["chronic_illness_code"]) == (4, 2)
    assert [row["relation_code"] for row in rows] == [1, 2, 3, 3, 1, 1]
    assert [row["nik_date_agrees"] for row in rows] == [True, True, True, True, None, True]


def test_map_accepted_dukcapil_recodes_relation_and_life_status(tmp_path: Path) -> None:
    rows = map_sample(tmp_path, "dukcapil", "person")

    assert [row["relation_code"] for row in rows] == [1, 2, 3, 1, 6, 1]
    assert [row["life_status"] for row in rows] == ["alive", "alive", "alive", "dead", "alive", "moved"]
    assert [row["marital_status_code"] for row in rows] == [2, 2, 1, 2, 4, 2]
    assert rows[4]["observed_on"] == date(2025, 11, 30)
    assert (rows[0]["registered_village"], rows[0]["rt_raw"], rows[0]["rw_raw"]) == ("3201011006", "003", "007")
    assert rows[0]["mother_name_raw"] == "SUPARTI"


SHDK_TO_409 = {1: 1, 2: 2, 3: 2, 4: 3, 5: 4, 6: 5, 7: 6, 8: 6, 9: 8, 10: 7, 11: 8}
STATUS = {1: "alive", 2: "dead", 3: "moved", 4: None, 6: None, 9: None}


def test_map_accepted_dukcapil_every_code_of_both_lists(tmp_path: Path) -> None:
    header = "NIK;NO_KK;NAMA_LGKP;TGL_LHR;JENIS_KLMIN;STAT_HBKEL;KODE_DESA;STATUS_DASAR\n"
    lines = [f";;ORANG KE {code};;1;{code};;1\n" for code in SHDK_TO_409]
    lines += [f";;STATUS KE {code};;1;1;;{code}\n" for code in STATUS]
    path = tmp_path / "dukcapil.csv"
    path.write_text(header + "".join(lines), encoding="utf-8")

    rows, faults = map_file(tmp_path, find_sources()["dukcapil"], path)

    assert faults == []
    assert [row["relation_code"] for row in rows[:11]] == list(SHDK_TO_409.values())
    assert [row["life_status"] for row in rows[11:]] == list(STATUS.values())


def test_map_accepted_pkh_gives_programme_period_and_amount(tmp_path: Path) -> None:
    rows = map_sample(tmp_path, "pkh_payees", "person")

    assert {(row["programme"], row["benefit_period"]) for row in rows} == {("PKH", "2026-T3")}
    assert [row["benefit_amount_idr"] for row in rows] == [225_000, 750_000, 375_000, 600_000, 600_000]


def test_map_accepted_death_reports_give_day_of_death(tmp_path: Path) -> None:
    rows = map_sample(tmp_path, "death_reports", "person")

    assert {row["life_status"] for row in rows} == {"dead"}
    assert (rows[0]["died_on"], rows[0]["observed_on"]) == (date(2026, 3, 11), date(2026, 3, 15))
    assert rows[2]["birth_date"] is None


def test_map_accepted_owner_list_with_nothing_but_names(tmp_path: Path) -> None:
    path = tmp_path / "daftar.csv"
    path.write_text("Nama\nSiti Aminah\nUjang\n", encoding="utf-8")

    rows, faults = map_file(tmp_path, find_sources()["owner_list"], path)

    assert faults == []
    assert [row["name_raw"] for row in rows] == ["Siti Aminah", "Ujang"]
    assert {row["nik_note"] for row in rows} == {None}
    assert {row["programme"] for row in rows} == {None}


HEADER = "-- grain: g\n-- inputs: accepted\n-- rerun: safe\n-- time: 1 s\n"
GOOD = "SELECT source, delivery, delivered_on, row_number, row_key, nama AS name_raw{more} FROM accepted{rest}"


def own_source(parent: Path, sql: str) -> SourceFolder:
    folder = parent / "owner_list"
    folder.mkdir()
    packaged = find_sources()["owner_list"]
    (folder / "contract.yaml").write_bytes((packaged.folder / "contract.yaml").read_bytes())
    (folder / "person.mapping.sql").write_text(HEADER + sql, encoding="utf-8")
    return read_source_folder(folder)


@pytest.mark.parametrize(
    ("sql", "fields"),
    [
        (GOOD.format(more=", 1 AS tinggi", rest=""), {"unknown": "tinggi", "missing": "none"}),
        ("SELECT source, delivery, delivered_on, nama AS name_raw FROM accepted", {"missing": "row_key, row_number"}),
    ],
)
def test_map_accepted_mapping_with_wrong_columns_is_refused(tmp_path: Path, sql: str, fields: dict[str, str]) -> None:
    source = own_source(tmp_path, sql)
    path = tmp_path / "daftar.csv"
    path.write_text("Nama\nSiti Aminah\nUjang\n", encoding="utf-8")

    with pytest.raises(BrokenMapping) as refusal:
        map_file(tmp_path, source, path)

    assert fields.items() <= refusal.value.fields.items()


def test_map_accepted_mapping_that_loses_rows_is_refused(tmp_path: Path) -> None:
    source = own_source(tmp_path, GOOD.format(more="", rest=" WHERE row_number > 1"))
    path = tmp_path / "daftar.csv"
    path.write_text("Nama\nSiti Aminah\nUjang\n", encoding="utf-8")

    with pytest.raises(MappingLosesRows) as refusal:
        map_file(tmp_path, source, path)

    assert (refusal.value.fields["rows_in"], refusal.value.fields["rows_out"]) == (2, 1)
