"""Values by their kind: what is read, what is set to unknown and why, and the code lists that decide."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kesos.pipeline.sources.contract import Contract
from unit.pipeline.validate.received_rows import check_text, contract_of

NAMED: dict[str, Any] = {"kind": "name", "value": "required", "if_broken": "quarantine", "column": "required"}


def one_column(kind: str, **more: Any) -> Contract:
    return contract_of({"kolom": {"kind": kind, **more}, "nama": NAMED}, row_key=("nama",))


@pytest.mark.parametrize(
    ("kind", "more", "written", "reason"),
    [
        ("date", {}, "31/02/1990", "not_a_date"),
        ("date", {}, "kemarin", "not_a_date"),
        ("date", {}, "1990", "date_incomplete"),
        ("date", {}, "00/00/0000", "date_placeholder"),
        ("date", {}, "2026-11-21", "after_delivery"),
        ("date", {}, "1896-11-19", "too_long_ago"),
        ("decile", {}, "0", "decile_outside"),
        ("decile", {}, "11", "decile_outside"),
        ("amount_idr", {}, "-1", "negative_amount"),
        ("amount_idr", {}, "banyak", "not_an_amount"),
        ("amount_idr", {"max": 10}, "11", "above_maximum"),
        ("count", {"min": 1}, "0", "below_minimum"),
        ("count", {"max": 997}, "998", "above_maximum"),
        ("count", {}, "-1", "below_minimum"),
        ("count", {}, "tiga", "not_a_number"),
        ("number", {}, "x", "not_a_number"),
        ("code", {"codes": [1, 2]}, "3", "code_not_in_list"),
        ("code", {"codes": [1, 2]}, "ABC", "code_not_in_list"),
        ("yes_no", {}, "mungkin", "not_yes_or_no"),
        ("yes_no", {}, "0", "not_yes_or_no"),
        ("period", {}, "2026", "not_a_period"),
        ("village", {}, "3201019999", "unknown_village"),
        ("village", {}, "320101", "village_unnamed"),
        ("area", {}, "32O1", "not_an_area"),
    ],
)
def test_check_rows_broken_value_is_set_to_unknown_and_named(
    tmp_path: Path, kind: str, more: dict[str, Any], written: str, reason: str
) -> None:
    contract = one_column(kind, **more)

    outcome = check_text(tmp_path, contract, f"kolom,nama\n{written},SITI\n")

    assert outcome.issues == [(1, "kolom", reason)]
    assert outcome.issue[0]["value_shown"] == written
    assert outcome.accepted[0]["kolom"] is None
    assert outcome.checked.rows_quarantined == 0


@pytest.mark.parametrize(
    ("kind", "more", "written", "value"),
    [
        ("date", {}, "2026-11-20", date(2026, 11, 20)),
        ("date", {}, "1896-11-20", date(1896, 11, 20)),
        ("date", {"date_order": "mdy"}, "04/12/1990", date(1990, 4, 12)),
        ("decile", {}, "1", 1),
        ("amount_idr", {"min": 0}, "0", 0),
        ("count", {"min": 1}, "1", 1),
        ("count", {"max": 997}, "997", 997),
        ("code", {"codes": ["1..3"], "words": {"TIGA": 3}}, "tiga", 3),
        ("yes_no", {}, "2", False),
        ("yes_no", {}, "1.0", True),
    ],
)
def test_check_rows_value_on_the_edge_is_kept(
    tmp_path: Path, kind: str, more: dict[str, Any], written: str, value: object
) -> None:
    outcome = check_text(tmp_path, one_column(kind, **more), f"kolom,nama\n{written},SITI\n")

    assert outcome.accepted[0]["kolom"] == value
    assert outcome.issue == []


@pytest.mark.parametrize("written", ["", " ", "-", "NULL", "n/a"])
def test_check_rows_blank_optional_value_is_unknown_without_issue(tmp_path: Path, written: str) -> None:
    outcome = check_text(tmp_path, one_column("count"), f"kolom,nama\n{written},SITI\n")

    assert outcome.accepted[0]["kolom"] is None
    assert outcome.issue == []


@pytest.mark.parametrize(
    ("written", "value", "reason"),
    [
        ("04/25/1990", date(1990, 4, 25), "date_other_order"),
        ("12/04/90", date(1990, 4, 12), "date_two_digit_year"),
    ],
)
def test_check_rows_doubtful_date_is_kept_with_issue(tmp_path: Path, written: str, value: date, reason: str) -> None:
    contract = one_column("date", if_broken="quarantine")

    outcome = check_text(tmp_path, contract, f"kolom,nama\n{written},SITI\n")

    assert outcome.accepted[0]["kolom"] == value
    assert outcome.issues == [(1, "kolom", reason)]


def test_check_rows_single_name_of_two_letters_is_a_name(tmp_path: Path) -> None:
    contract = contract_of({"nama": NAMED}, row_key=("nama",))

    outcome = check_text(tmp_path, contract, "nama\nSu\nÉd\n")

    assert [row["nama"] for row in outcome.accepted] == ["Su", "Éd"]


@pytest.mark.parametrize(
    ("choice", "expected"), [("one_two", [True, False, None, None]), ("count", [True, True, False, True])]
)
def test_check_rows_code_list_decides_what_two_means(tmp_path: Path, choice: str, expected: list[bool | None]) -> None:
    contract = contract_of(
        {"nama": NAMED, "punya": {"kind": "yes_no", "recode": "answers"}},
        row_key=("nama",),
        code_lists={"answers": choice},
        recodes={"answers": {"one_two": {1: 1, 2: 2}, "count": {0: 2, "1..999": 1}}},
    )

    outcome = check_text(tmp_path, contract, "nama,punya\nSITI,1\nUJANG,2.0\nASEP,0\nEUIS,17\n")

    assert [row["punya"] for row in outcome.accepted] == expected


def test_check_rows_recoded_list_swaps_and_refuses_what_is_stored_only(tmp_path: Path) -> None:
    contract = contract_of(
        {"nama": NAMED, "atap": {"kind": "code", "codes": [0, 5, 6], "recode": "atap"}},
        row_key=("nama",),
        code_lists={"atap": "lain"},
        recodes={"atap": {"lain": {5: 6, 6: 5, 12: 0, 0: 99}}},
    )

    outcome = check_text(tmp_path, contract, "nama,atap\nSITI,5\nUJANG,6\nASEP,12\nEUIS,0\n")

    assert [row["atap"] for row in outcome.accepted] == [6, 5, 0, None]
    assert outcome.issues == [(4, "atap", "code_not_in_list")]


def test_check_rows_village_is_found_by_name_where_its_code_does_not_tell(tmp_path: Path) -> None:
    named = {"village": "desa", "district": "kec", "regency": "kab"}
    contract = contract_of(
        {
            "nama": NAMED,
            "kode": {"kind": "village", "named_by": named},
            "desa": {"kind": "text"},
            "kec": {"kind": "text"},
            "kab": {"kind": "area"},
        },
        row_key=("nama",),
    )
    text = "nama,kode,desa,kec,kab\nSITI,320101,CIBINONG,CIBINONG,3201\nUJANG,,,,\nASEP,,PONDOK RAJEG,CIBINONG,3201\n"

    outcome = check_text(tmp_path, contract, text)

    assert [row["kode"] for row in outcome.accepted] == ["3201011006", None, "3201011001"]
    assert outcome.issues == [(1, "kode", "village_by_name"), (3, "kode", "village_by_name")]


def test_check_rows_bps_code_needs_the_name_of_the_village(tmp_path: Path) -> None:
    contract = contract_of(
        {"nama": NAMED, "kode": {"kind": "village", "named_by": {"village": "desa"}}, "desa": {"kind": "text"}},
        row_key=("nama",),
        area_system="BPS",
    )

    outcome = check_text(tmp_path, contract, "nama,kode,desa\nSITI,3201210003,CIBINONG\nUJANG,3201210003,\n")

    assert [row["kode"] for row in outcome.accepted] == ["3201011006", None]
    assert outcome.issues == [(1, "kode", "village_by_name"), (2, "kode", "village_unnamed")]
