"""Rows of a delivery against their contract: exact reasons, exact counts, nothing lost."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from kesos.pipeline.engine import Engine
from kesos.pipeline.validate.rows import ReceivedFile, check_rows
from unit.pipeline.validate.received_rows import DAY, SEALER, check_text, contract_of

NIK_OF_A_WOMAN_OF_1990 = "320101" + "520490" + "9001"

NAMED: dict[str, Any] = {"kind": "name", "value": "required", "if_broken": "quarantine", "column": "required"}


def test_check_rows_whole_row_is_accepted_with_typed_values(tmp_path: Path) -> None:
    contract = contract_of(
        {
            "nama": NAMED,
            "lahir": {"kind": "date"},
            "kode": {"kind": "code", "codes": [1, 2]},
            "ya": {"kind": "yes_no"},
            "banyak": {"kind": "count"},
            "skor": {"kind": "number"},
            "desil": {"kind": "decile"},
            "uang": {"kind": "amount_idr"},
            "masa": {"kind": "period"},
            "desa": {"kind": "village"},
            "wilayah": {"kind": "area"},
            "alamat": {"kind": "address"},
            "tidak_ada": {"kind": "count"},
        },
        row_key=("nama",),
    )
    text = (
        "nama,lahir,kode,ya,banyak,skor,desil,uang,masa,desa,wilayah,alamat\n"
        'SITI,1990-04-12,2,TIDAK,3,"0,5",10,Rp1.250.000,2026-t3,32.01.01.1006,3201,JL MELATI 1\n'
    )

    outcome = check_text(tmp_path, contract, text)

    assert (outcome.checked.rows_in, outcome.checked.rows_accepted, outcome.checked.rows_quarantined) == (1, 1, 0)
    assert outcome.quarantine == outcome.issue == []
    row = outcome.accepted[0]
    assert len(row.pop("row_key")) == 32
    assert len(row.pop("delivery")) == 25
    assert row == {
        "source": "uji",
        "delivered_on": DAY,
        "row_number": 1,
        "nama": "SITI",
        "lahir": date(1990, 4, 12),
        "kode": 2,
        "ya": False,
        "banyak": 3,
        "skor": Decimal("0.500000"),
        "desil": 10,
        "uang": 1_250_000,
        "masa": "2026-T3",
        "desa": "3201011006",
        "wilayah": "3201",
        "alamat": "JL MELATI 1",
        "tidak_ada": None,
    } | dict.fromkeys(("nik_date_agrees", "nik_sex_agrees"))


@pytest.mark.parametrize(
    ("written", "reason"),
    [("", "value_missing"), ("-", "value_missing"), ("TIDAK ADA", "not_a_name"), ("7", "not_a_name")],
)
def test_check_rows_row_without_name_is_set_aside(tmp_path: Path, written: str, reason: str) -> None:
    contract = contract_of({"nama": NAMED, "umur": {"kind": "count"}}, row_key=("nama", "umur"))

    outcome = check_text(tmp_path, contract, f"nama,umur\n{written},1\nSITI,2\n")

    assert outcome.set_aside == [(1, "nama", reason)]
    assert outcome.quarantine[0]["line_number"] == 2
    assert [row["nama"] for row in outcome.accepted] == ["SITI"]
    assert (outcome.checked.rows_in, outcome.checked.rows_accepted, outcome.checked.rows_quarantined) == (2, 1, 1)


def test_check_rows_broken_value_of_strict_column_sets_row_aside_with_all_reasons(tmp_path: Path) -> None:
    contract = contract_of(
        {"nama": NAMED, "uang": {"kind": "amount_idr", "if_broken": "quarantine"}, "desil": {"kind": "decile"}},
        row_key=("nama",),
    )

    outcome = check_text(tmp_path, contract, "nama,uang,desil\n123,-5,99\n")

    assert outcome.set_aside == [(1, "nama", "not_a_name"), (1, "uang", "negative_amount")]
    assert outcome.issue == []
    assert outcome.checked.rows_quarantined == 1


def test_check_rows_death_before_birth_sets_row_aside(tmp_path: Path) -> None:
    contract = contract_of(
        {
            "nama": NAMED,
            "lahir": {"kind": "date"},
            "mati": {"kind": "date", "if_broken": "quarantine", "after": "lahir"},
        },
        row_key=("nama",),
    )
    text = "nama,lahir,mati\nSITI,1990-04-12,1990-04-11\nUJANG,1990-04-12,1990-04-12\nASEP,,1990-04-11\n"

    outcome = check_text(tmp_path, contract, text)

    assert outcome.set_aside == [(1, "mati", "before_other_date")]
    assert [row["nama"] for row in outcome.accepted] == ["UJANG", "ASEP"]


def test_check_rows_row_said_twice_is_set_aside_once(tmp_path: Path) -> None:
    contract = contract_of({"nama": NAMED, "umur": {"kind": "count"}}, row_key=("nama",))
    text = "nama,umur\nSITI,30\nUJANG,40\nSITI,31\nSITI,30\nSITI,30\n"

    outcome = check_text(tmp_path, contract, text)

    assert outcome.set_aside == [(4, "", "repeated_row"), (5, "", "repeated_row")]
    assert [(row["row_number"], row["umur"]) for row in outcome.accepted] == [(1, 30), (2, 40), (3, 31)]


def test_check_rows_rows_equal_but_for_their_nik_are_both_kept(tmp_path: Path) -> None:
    contract = contract_of({"nama": NAMED, "nik": {"kind": "nik"}}, row_key=("nama",))
    other = NIK_OF_A_WOMAN_OF_1990[:-1] + "2"

    outcome = check_text(tmp_path, contract, f"nama,nik\nSITI,{NIK_OF_A_WOMAN_OF_1990}\nSITI,{other}\n")

    assert outcome.checked.rows_accepted == 2


def test_check_rows_structural_faults_of_the_receipt_are_passed_through(tmp_path: Path) -> None:
    contract = contract_of({"nama": NAMED, "umur": {"kind": "count"}}, row_key=("nama",))

    outcome = check_text(tmp_path, contract, "nama,umur\nSITI,30\nUJANG,40,99\n-,1\n")

    assert outcome.set_aside == [(2, "", "too_many_fields"), (3, "nama", "value_missing")]
    assert (outcome.checked.rows_in, outcome.checked.rows_accepted, outcome.checked.rows_quarantined) == (3, 1, 2)


@pytest.mark.parametrize(
    ("nik", "reason"),
    [
        ("3.20101E+15", "number_excel_scientific"),
        ("0000000000000000", "number_placeholder"),
        ("32010152049090", "number_wrong_length"),
        ("320101" + "529990" + "9001", "number_impossible_date"),
    ],
)
def test_check_rows_nik_trouble_never_sets_a_row_aside(tmp_path: Path, nik: str, reason: str) -> None:
    column = {"kind": "nik", "if_broken": "quarantine", "column": "required"}
    contract = contract_of({"nama": NAMED, "nik": column}, row_key=("nama",))

    outcome = check_text(tmp_path, contract, f"nama,nik\nSITI,{nik}\n")

    assert outcome.issues == [(1, "nik", reason)]
    assert outcome.issue[0]["value_shown"] is None
    assert outcome.checked.rows_accepted == 1


@pytest.mark.parametrize(("value", "issues"), [("optional", []), ("required", [(1, "nik", "number_missing")])])
def test_check_rows_missing_nik_is_an_issue_only_where_required(
    tmp_path: Path, value: str, issues: list[tuple[int, str, str]]
) -> None:
    contract = contract_of({"nama": NAMED, "nik": {"kind": "nik", "value": value}}, row_key=("nama",))

    outcome = check_text(tmp_path, contract, "nama,nik\nSITI,\n")

    assert outcome.issues == issues
    assert outcome.accepted[0]["nik_note"] == "missing"


@pytest.mark.parametrize(
    ("born", "sex", "date_agrees", "sex_agrees", "issues"),
    [
        ("1990-04-12", "2", True, True, []),
        ("1890-04-12", "2", None, True, [(1, "lahir", "too_long_ago")]),
        ("1990-04-13", "2", False, True, [(1, "nik", "nik_date_differs")]),
        ("1990-04-12", "1", True, False, [(1, "nik", "nik_sex_differs")]),
        ("", "", None, None, []),
    ],
)
def test_check_rows_nik_is_compared_with_birth_date_and_sex_and_only_warns(
    tmp_path: Path,
    born: str,
    sex: str,
    date_agrees: bool | None,
    sex_agrees: bool | None,
    issues: list[tuple[int, str, str]],
) -> None:
    contract = contract_of(
        {"nama": NAMED, "nik": {"kind": "nik"}, "lahir": {"kind": "date"}, "jk": {"kind": "code", "codes": [1, 2]}},
        row_key=("nama",),
        compare_nik={"nik": "nik", "birth_date": "lahir", "sex": "jk"},
    )

    outcome = check_text(tmp_path, contract, f"nama,nik,lahir,jk\nSITI,{NIK_OF_A_WOMAN_OF_1990},{born},{sex}\n")

    row = outcome.accepted[0]
    assert (row["nik_date_agrees"], row["nik_sex_agrees"]) == (date_agrees, sex_agrees)
    assert outcome.issues == issues


def test_check_rows_values_shown_of_names_and_addresses_are_masked(tmp_path: Path) -> None:
    contract = contract_of({"nama": NAMED, "ibu": {"kind": "name"}, "ket": {"kind": "count"}}, row_key=("nama", "ket"))

    outcome = check_text(tmp_path, contract, "nama,ibu,ket\nTIDAK ADA,,1\nSITI,xx,081234567890123\n")

    assert outcome.quarantine[0]["value_shown"] == "T••• A•••"
    assert [row["value_shown"] for row in outcome.issue] == ["x•••", "••••"]


def test_check_rows_row_set_aside_is_sealed_whole(tmp_path: Path) -> None:
    contract = contract_of({"nama": NAMED, "nik": {"kind": "nik"}, "umur": {"kind": "count"}}, row_key=("nama",))

    outcome = check_text(tmp_path, contract, f"nama,nik\nSITI,\n?,{NIK_OF_A_WOMAN_OF_1990}\n")

    sealed = outcome.quarantine[0]["row_sealed"]
    assert json.loads(SEALER.unseal(sealed, "row", 0)) == {"nama": "?", "nik": NIK_OF_A_WOMAN_OF_1990}
    assert NIK_OF_A_WOMAN_OF_1990.encode() not in sealed


def test_check_rows_batches_give_what_one_batch_gives(tmp_path: Path) -> None:
    rows = pa.table(
        {
            "row_number": pa.array(range(1, 300_001), pa.int64()),
            "line_number": pa.array(range(2, 300_002), pa.int64()),
            "row_key": pa.array([f"{number:032x}" for number in range(300_000)]),
            "nama": pa.array(["SITI", "?", "UJANG"] * 100_000),
        }
    )
    received = ReceivedFile(contract_of({"nama": NAMED}, row_key=("nama",)), "person", "d", DAY)

    with Engine(memory="500MB", threads=2, spill_parent=tmp_path) as engine:
        engine.load("rows", rows)
        checked = check_rows(engine, "rows", received, SEALER)
        numbers = engine.fetch("SELECT MIN(row_number) AS low, MAX(row_number) AS high FROM rows_quarantine")

    assert (checked.rows_in, checked.rows_accepted, checked.rows_quarantined) == (300_000, 200_000, 100_000)
    assert numbers.to_pylist() == [{"low": 2, "high": 299_999}]
