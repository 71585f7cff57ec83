"""The sources that linking brings together: each on its sample, its codes, its day, and told from the others."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kesos.pipeline.golden.precedence import read_precedence
from kesos.pipeline.release.profiles import UnfittingProfile, read_profiles, require_profile
from kesos.pipeline.sources.catalogue import find_sources
from kesos.pipeline.sources.recognise import UnknownLayout, layouts_of, recognise
from unit.pipeline.sources.test_mapping import map_file, map_sample
from unit.pipeline.validate.received_rows import DAY

FILES = [
    ("civil_servants", "person", 4),
    ("dtks", "person", 5),
    ("p3ke", "person", 5),
    ("pbi_members", "person", 5),
    ("pln_customers", "person", 5),
    ("regsosek", "family", 4),
    ("regsosek", "person", 6),
    ("sembako_payees", "person", 5),
    ("wages", "person", 5),
]
LAYOUTS = layouts_of((folder.contract for folder in find_sources().values()), delivered="test")
LIST_DAYS = {"dtks": date(2021, 12, 31), "regsosek": date(2022, 11, 14), "p3ke": date(2025, 2, 5)}


def map_text(folder: Path, source: str, text: str) -> tuple[list[dict[str, Any]], list[Any]]:
    """Map a file of a source that a test wrote."""
    path = folder / f"{source}.csv"
    path.write_text(text, encoding="utf-8")
    return map_file(folder, find_sources()[source], path)


@pytest.mark.parametrize(("source", "file", "count"), FILES)
def test_sample_is_mapped_whole_and_without_fault(tmp_path: Path, source: str, file: str, count: int) -> None:
    rows = map_sample(tmp_path, source, file)

    assert [row["row_number"] for row in rows] == list(range(1, count + 1))
    assert {row["source"] for row in rows} == {source}
    assert len({row["row_key"] for row in rows}) == count


@pytest.mark.parametrize(("source", "file"), [(source, file) for source, file, _ in FILES if source in LIST_DAYS])
def test_old_list_is_of_its_own_day_and_not_of_its_delivery(tmp_path: Path, source: str, file: str) -> None:
    rows = map_sample(tmp_path, source, file)

    assert {row["observed_on"] for row in rows} == {LIST_DAYS[source]}
    assert LIST_DAYS[source] < DAY


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_every_sample_is_told_from_every_other_source_by_its_header(layout: Any) -> None:
    first = find_sources()[layout.contract.source].sample(layout.file).read_text(encoding="utf-8").splitlines()[0]

    recognised = recognise(first.replace(";", ",").split(","), LAYOUTS, file="x.csv")

    assert recognised.layout.name == layout.name
    assert recognised.match.unknown == ()


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("IDART,NIK,NO_KK,NAMA_ART,TGL_LHR,JK,NAMA_IBU,HUB_KRT,KD_DESA,KET", "dtks/person"),
        ("r114,r109,r110,kode_desa,r301a,r502a,504a", "regsosek/family"),
        ("114_no_kk,109_no_bangunan,110_no_keluarga,kode_desa,301a_status_penguasaan_bangunan", "regsosek/family"),
        ("114,109,110,401,402,403,404,405,406,409", "regsosek/person"),
        ("id_individu_p3ke,nik,nama_lengkap,desil", "p3ke/person"),
        ("nik,nomor_kartu_keluarga,nama_kpm,periode,nilai_bantuan,status_penyaluran", "sembako_payees/person"),
        ("No Kartu,NIK,Nama Peserta,Status Kepesertaan", "pbi_members/person"),
        ("ID Pelanggan,NIK,Nama,Alamat,Daya VA", "pln_customers/person"),
        ("NIP Baru,NIK,Nama Pegawai,Unit Kerja,Kode Kab", "civil_servants/person"),
        ("NIK,Nama Pekerja,Nama Perusahaan,BLTH,Gaji", "wages/person"),
    ],
)
def test_second_spellings_of_a_header_are_known(header: str, name: str) -> None:
    recognised = recognise(header.split(","), LAYOUTS, file="x.csv")

    assert recognised.layout.name == name
    assert recognised.match.unknown == ()


def test_pkh_list_that_lost_its_component_is_refused_in_its_own_folder() -> None:
    header = ["NIK", "NO_KK", "NAMA_PENERIMA", "ALAMAT", "KODE_DESA", "TAHAP", "NOMINAL", "STATUS_SALUR"]
    own = tuple(layout for layout in LAYOUTS if layout.contract.source == "pkh_payees")

    with pytest.raises(UnknownLayout) as refusal:
        recognise(header, own, file="x.csv")

    assert refusal.value.fields["missing"] == "komponen"


def test_dtks_gives_mother_relation_and_old_spelling_as_written(tmp_path: Path) -> None:
    rows = map_sample(tmp_path, "dtks", "person")

    assert [row["relation_code"] for row in rows] == [1, 2, 1, 1, 3]
    assert rows[0]["mother_name_raw"] == "SUPARTI"
    assert (rows[3]["name_raw"], rows[3]["birth_place_raw"]) == ("OEDJANG", "SOEKABOEMI")
    assert [row["sex"] for row in rows] == ["male", "female", "male", "male", "female"]
    assert [row["nik_note"] for row in rows] == ["valid", "valid", "missing", "valid", "valid"]


def test_regsosek_family_gives_housing_assets_and_livestock(tmp_path: Path) -> None:
    rows = map_sample(tmp_path, "regsosek", "family")

    first = rows[0]
    assert (first["residence_village"], first["member_count"], first["tenure_code"]) == ("3201011006", 4, 1)
    assert (first["floor_area_m2"], first["floor_material_code"], first["goats_sheep_count"]) == (48, 2, 0)
    assert (first["has_motorcycle"], first["has_gas_cylinder"], first["has_car"]) == (True, False, None)
    assert [row["cooking_fuel_code"] for row in rows] == [4, 10, 0, 4]
    assert [row["installed_power_code"] for row in rows] == [1, None, 4, 1]
    assert all(len(row["kk_index"]) == 32 for row in rows)


PRESENCE = {1: (True, None), 2: (False, "dead"), 3: (False, None), 4: (False, None), 5: (True, None), 6: (False, None)}


def test_regsosek_presence_gives_residence_and_death_only(tmp_path: Path) -> None:
    header = "no_kk,no_bangunan,no_keluarga,no_urut,nama,nik,keberadaan,kode_desa\n"
    lines = [f",001,001,{code},ORANG KE {code},,{code},3201011006\n" for code in PRESENCE]
    lines.append(",001,001,7,ORANG TANPA,,,3201011006\n")

    rows, faults = map_text(tmp_path, "regsosek", header + "".join(lines))

    assert faults == []
    given = [(row["residence_village"] is not None, row["life_status"]) for row in rows]
    assert given == [*PRESENCE.values(), (True, None)]


def test_regsosek_person_gives_facts(tmp_path: Path) -> None:
    rows = map_sample(tmp_path, "regsosek", "person")

    dewi = rows[1]
    assert (dewi["pregnant_code"], dewi["education_level_code"], dewi["diploma_code"]) == (1, 13, 12)
    assert (dewi["is_working_code"], dewi["work_sector_code"], dewi["chronic_illness_code"]) == (2, None, 1)
    assert rows[4]["birth_date"] == date(1951, 7, 12)
    assert [row["relation_code"] for row in rows] == [1, 2, 3, 1, 2, 3]


def test_p3ke_keeps_its_decile_and_its_families_out_of_the_records(tmp_path: Path) -> None:
    rows = map_sample(tmp_path, "p3ke", "person")

    assert [row["relation_code"] for row in rows] == [1, 2, 1, 1, 2]
    assert {"official_decile", "kk_index"} & set(rows[0]) == set()


def test_sembako_gives_programme_period_and_amount(tmp_path: Path) -> None:
    rows = map_sample(tmp_path, "sembako_payees", "person")

    assert {row["programme"] for row in rows} == {"SEMBAKO"}
    assert [row["benefit_period"] for row in rows] == ["2026-T3"] * 4 + ["2026-07"]
    assert [row["benefit_amount_idr"] for row in rows] == [600_000] * 4 + [200_000]


def test_sembako_payment_that_cannot_be_counted_is_set_aside(tmp_path: Path) -> None:
    header = "NIK,NO_KK,NAMA_PENERIMA,TAHAP,NOMINAL,STATUS_SALUR\n"
    lines = ",,SITI AMINAH,2026-T3,600000,BERHASIL\n,,UJANG,2026-T3,,GAGAL\n,,EUIS,triwulan 3,600000,BERHASIL\n"

    rows, faults = map_text(tmp_path, "sembako_payees", header + lines)

    assert [row["name_raw"] for row in rows] == ["SITI AMINAH"]
    assert [(fault["row_number"], fault["field"]) for fault in faults] == [(2, "nominal"), (3, "tahap")]


def test_pbi_membership_that_was_stopped_is_no_benefit(tmp_path: Path) -> None:
    rows = map_sample(tmp_path, "pbi_members", "person")

    assert [row["programme"] for row in rows] == ["PBIJK", "PBIJK", None, None, "PBIJK"]
    assert "life_status" not in rows[0]


def test_pln_customer_counts_as_old_unless_the_row_tells_its_day(tmp_path: Path) -> None:
    text = "IDPEL,NIK,NAMA_PELANGGAN,KODE_DESA,TGL_MUTASI\n"
    text += "530112349001,,UJANG,3201011004,2026-02-01\n530112349002,,UJANG,3201011004,\n"

    rows, faults = map_text(tmp_path, "pln_customers", text)

    assert faults == []
    assert [row["observed_on"] for row in rows] == [date(2026, 2, 1), date(2000, 1, 1)]


def test_civil_servants_say_yes_and_nothing_of_where_anybody_lives(tmp_path: Path) -> None:
    rows = map_sample(tmp_path, "civil_servants", "person")

    assert {row["is_civil_servant"] for row in rows} == {True}
    assert "residence_village" not in rows[0]
    assert rows[1]["name_raw"] == "Dra. SRI WAHYUNI, M.Si."
    assert [row["nik_date_agrees"] for row in rows] == [True, True, None, True]


def test_wages_are_true_in_their_month_and_never_after_the_delivery(tmp_path: Path) -> None:
    text = "NIK,NAMA,BULAN,UPAH\n,SITI,2024-02,100\n,SITI,2026-T2,200\n,SITI,entah,300\n"
    text += f",SITI,{DAY.year}-{DAY.month:02},400\n"

    rows, faults = map_text(tmp_path, "wages", text)

    assert [row["observed_on"] for row in rows] == [date(2024, 2, 29), DAY, DAY, DAY]
    assert [row["wage_per_month_idr"] for row in rows] == [100, 200, 300, 400]
    assert [(fault["row_number"], fault["reason"]) for fault in faults] == [(3, "not_a_period")]


def test_wages_of_the_sample_are_rupiah(tmp_path: Path) -> None:
    rows = map_sample(tmp_path, "wages", "person")

    assert [row["wage_per_month_idr"] for row in rows] == [4_877_211, 2_100_000, 5_100_000, 4_950_000, 1_850_000]


def test_precedence_asks_the_register_before_any_older_list() -> None:
    order = read_precedence().order

    assert order.index("dtsen") < order.index("regsosek") < order.index("p3ke") < order.index("dtks")
    assert order.index("dtks") < order.index("pln_customers")
    assert read_precedence().is_newest_first("person", "wage_per_month_idr")
    assert read_precedence().is_newest_first("person", "is_civil_servant")


PERSON_LIST = frozenset({"person"})


def test_profile_integrator_takes_every_source_that_is_known() -> None:
    require_profile("integrator", dict.fromkeys(find_sources(), PERSON_LIST) | {"baznas_zakat": PERSON_LIST})


def test_profile_ministry_takes_the_register_payees_and_proposals_and_no_civil_registry() -> None:
    taken = read_profiles()["ministry"].sources
    require_profile("ministry", dict.fromkeys(taken, PERSON_LIST))

    with pytest.raises(UnfittingProfile) as refusal:
        require_profile("ministry", dict.fromkeys(("dtsen", "dukcapil", "wages"), PERSON_LIST))

    assert set(taken) <= set(find_sources())
    assert refusal.value.fields["strangers"] == "dukcapil, wages"
