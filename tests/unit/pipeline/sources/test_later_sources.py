"""The eight sources of DTKS 2021 to wages, cell by cell: what each faulty value becomes, and where each item goes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kesos.datasets.facts import DWELLING_FACTS, FAMILY_FACTS, PERSON_FACTS
from kesos.datasets.schema import Column
from kesos.pipeline.sources.catalogue import find_sources
from unit.pipeline.sources.test_mapping import map_file

WITHOUT_NAME = {
    "dtks": "ID_DTKS,NIK,NAMA,NAMA_IBU_KANDUNG\nDTKS-1,,,SUPARTI\n",
    "regsosek": "no_kk,no_bangunan,no_keluarga,no_urut,nama,nik\n,001,001,1,,\n",
    "p3ke": "ID_INDIVIDU,NIK,NAMA,DESIL_KESEJAHTERAAN\nP-1,,,3\n",
    "sembako_payees": "NIK,NO_KK,NAMA_PENERIMA,TAHAP,NOMINAL,STATUS_SALUR\n,,,2026-T3,600000,BERHASIL\n",
    "pbi_members": "NOKA,NIK,NAMA,STATUS_PESERTA\n12,,,AKTIF\n",
    "pln_customers": "IDPEL,NIK,NAMA_PELANGGAN,DAYA\n530112349001,,,900\n",
    "civil_servants": "NIP,NIK,NAMA,INSTANSI\n12,,,RSUD\n",
    "wages": "NIK,NAMA,BULAN,UPAH\n,,2026-08,4877211\n",
}
BROKEN_VALUES = [
    ("dtks", "HUB_KELUARGA", "TETANGGA", "relation_code", "code_not_in_list"),
    ("dtks", "TGL_LAHIR", "31-02-1987", "birth_date", "not_a_date"),
    ("p3ke", "DESIL_KESEJAHTERAAN", "11", None, "decile_outside"),
    ("pbi_members", "STATUS_PESERTA", "MUTASI", None, "not_yes_or_no"),
    ("pln_customers", "TGL_MUTASI", "2027-01-01", None, "after_delivery"),
    ("civil_servants", "JENIS_KELAMIN", "3", "sex", "code_not_in_list"),
    ("wages", "UPAH", "banyak", "wage_per_month_idr", "not_an_amount"),
    ("wages", "UPAH", "-1", "wage_per_month_idr", "negative_amount"),
]
NAMED = {
    "dtks": {"ID_DTKS": "DTKS-1", "NIK": "", "NAMA": "SITI AMINAH"},
    "p3ke": {"ID_INDIVIDU": "P-1", "NIK": "", "NAMA": "SITI AMINAH", "DESIL_KESEJAHTERAAN": "3"},
    "pbi_members": {"NOKA": "12", "NIK": "", "NAMA": "SITI AMINAH", "STATUS_PESERTA": "AKTIF"},
    "pln_customers": {"IDPEL": "530112349001", "NIK": "", "NAMA_PELANGGAN": "SITI AMINAH", "DAYA": "900"},
    "civil_servants": {"NIP": "12", "NIK": "", "NAMA": "SITI AMINAH", "INSTANSI": "RSUD"},
    "wages": {"NIK": "", "NAMA": "SITI AMINAH", "BULAN": "2026-08", "UPAH": "4877211"},
}
FAMILY_HEADER = "no_kk,no_bangunan,no_keluarga,kode_desa"
PERSON_HEADER = "no_kk,no_bangunan,no_keluarga,no_urut,nama,nik"


def map_text(folder: Path, source: str, text: str) -> tuple[list[dict[str, Any]], list[tuple[int, str, str]]]:
    """Map a file of a source that a test wrote; give its rows, and row, field and reason of each fault."""
    path = folder / f"{source}.csv"
    path.write_text(text, encoding="utf-8")
    rows, faults = map_file(folder, find_sources()[source], path)
    return rows, [(fault["row_number"], fault["field"], fault["reason"]) for fault in faults]


@pytest.mark.parametrize("source", sorted(WITHOUT_NAME))
def test_row_without_a_name_is_set_aside_whatever_else_it_tells(tmp_path: Path, source: str) -> None:
    name = {"sembako_payees": "nama_penerima", "pln_customers": "nama_pelanggan"}.get(source, "nama")

    assert map_text(tmp_path, source, WITHOUT_NAME[source]) == ([], [(1, name, "value_missing")])


@pytest.mark.parametrize(("source", "header", "value", "column", "reason"), BROKEN_VALUES)
def test_broken_value_is_unknown_and_its_row_is_kept(
    tmp_path: Path, source: str, header: str, value: str, column: str | None, reason: str
) -> None:
    cells = NAMED[source] | {header: value}

    rows, faults = map_text(tmp_path, source, f"{','.join(cells)}\n{','.join(cells.values())}\n")

    assert faults == [(1, header.lower(), reason)]
    assert [row["name_raw"] for row in rows] == ["SITI AMINAH"]
    assert column is None or rows[0][column] is None


def test_pln_day_of_change_that_cannot_be_makes_the_row_old(tmp_path: Path) -> None:
    text = "IDPEL,NIK,NAMA_PELANGGAN,TGL_MUTASI\n530112349001,,UJANG,2027-01-01\n"

    assert [row["observed_on"] for row in map_text(tmp_path, "pln_customers", text)[0]] == [date(2000, 1, 1)]


@pytest.mark.parametrize(
    ("delivered_on", "observed_on"),
    [(date(2022, 9, 30), date(2022, 9, 30)), (date(2026, 11, 20), date(2025, 2, 5))],
)
def test_p3ke_is_never_observed_after_its_delivery(tmp_path: Path, delivered_on: date, observed_on: date) -> None:
    path = tmp_path / "p3ke.csv"
    path.write_text("ID_INDIVIDU,NIK,NAMA,DESIL_KESEJAHTERAAN\nP-1,,SITI AMINAH,3\n", encoding="utf-8")

    rows, _ = map_file(tmp_path, find_sources()["p3ke"], path, delivered_on)

    assert [row["observed_on"] for row in rows] == [observed_on]


def test_sembako_amount_beyond_any_payment_is_set_aside(tmp_path: Path) -> None:
    header = "NIK,NO_KK,NAMA_PENERIMA,TAHAP,NOMINAL,STATUS_SALUR\n"
    lines = ",,SITI AMINAH,2026-T3,6000000,BERHASIL\n,,UJANG,2026-T3,6000001,BERHASIL\n"

    rows, faults = map_text(tmp_path, "sembako_payees", header + lines)

    assert [row["benefit_amount_idr"] for row in rows] == [6_000_000]
    assert faults == [(2, "nominal", "above_maximum")]


def test_village_of_no_list_is_unknown(tmp_path: Path) -> None:
    text = "ID_DTKS,NIK,NAMA,KODE_DESA\nDTKS-1,,SITI AMINAH,3201019999\n"

    rows, faults = map_text(tmp_path, "dtks", text)

    assert [row["residence_village"] for row in rows] == [None]
    assert faults == [(1, "kode_desa", "unknown_village")]


def items_that_differ(facts: list[Column]) -> list[dict[str, int]]:
    """Give rows that tell every two items apart, with each code of each item in at least one of them.

    First a row for each item that tells that item alone, then rows that tell all of them, code after code.
    """
    lists = [list(fact.codes) or [2, 1] for fact in facts]
    alone = [{fact.item or "": values[-1]} for fact, values in zip(facts, lists, strict=True)]
    longest = max(len(values) for values in lists)
    whole = [
        {fact.item or "": values[row % len(values)] for fact, values in zip(facts, lists, strict=True)}
        for row in range(longest)
    ]
    return alone + whole


def delivered(header: str, starts: list[str], items: list[str], rows: list[dict[str, int]]) -> str:
    """Write the file: one line a row, an item that a row does not tell left empty."""
    lines = [
        ",".join([start, *(str(row[item]) if item in row else "" for item in items)])
        for start, row in zip(starts, rows, strict=True)
    ]
    return "\n".join([f"{header},{','.join(items)}", *lines, ""])


def expected(fact: Column, told: int | None) -> int | bool | None:
    """Say what the record holds of what the questionnaire said."""
    return told == 1 if fact.type == "BOOLEAN" and told is not None else told


def test_regsosek_family_items_each_fill_the_column_of_their_item(tmp_path: Path) -> None:
    facts = [fact for fact in (*FAMILY_FACTS, *DWELLING_FACTS) if fact.item]
    told = items_that_differ(facts)
    starts = [f",{number:03},001,3201011006" for number in range(len(told))]
    text = delivered(FAMILY_HEADER, starts, [fact.item or "" for fact in facts], told)

    rows, faults = map_text(tmp_path, "regsosek", text)

    assert faults == []
    for fact in facts:
        assert [row[fact.name] for row in rows] == [expected(fact, row.get(fact.item or "")) for row in told], fact


def test_regsosek_person_items_each_fill_the_column_of_their_item(tmp_path: Path) -> None:
    facts = [fact for fact in PERSON_FACTS if fact.item]
    told = items_that_differ(facts)
    starts = [f",001,001,{number},SITI," for number in range(1, len(told) + 1)]
    text = delivered(PERSON_HEADER, starts, [fact.item or "" for fact in facts], told)

    rows, faults = map_text(tmp_path, "regsosek", text)

    assert faults == []
    for fact in facts:
        assert [row[fact.name] for row in rows] == [expected(fact, row.get(fact.item or "")) for row in told], fact


@pytest.mark.parametrize(("code", "stored"), [("12", 0), ("0", 0), ("11", 11)])
def test_regsosek_family_that_does_not_cook_is_stored_as_zero(tmp_path: Path, code: str, stored: int) -> None:
    rows, faults = map_text(tmp_path, "regsosek", f"{FAMILY_HEADER},308\n,001,001,3201011006,{code}\n")

    assert (rows[0]["cooking_fuel_code"], faults) == (stored, [])


def test_regsosek_code_that_no_item_has_is_unknown(tmp_path: Path) -> None:
    rows, faults = map_text(tmp_path, "regsosek", f"{FAMILY_HEADER},303\n,001,001,3201011006,10\n")

    assert (rows[0]["floor_material_code"], faults) == (None, [(1, "r303", "code_not_in_list")])
