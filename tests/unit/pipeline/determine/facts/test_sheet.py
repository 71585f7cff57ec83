"""Sheets that offices hand in: read whole or refused with line, field and what would do."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from kesos.foundation.errors import Refused
from kesos.pipeline.determine.facts.sheet import CellKind, SheetColumn, read_sheet

COLUMNS = {
    "programme": SheetColumn(aliases=("kode_program",)),
    "area": SheetColumn(CellKind.AREA),
    "quota": SheetColumn(CellKind.COUNT),
    "since": SheetColumn(CellKind.DAY, is_required=False),
    "status": SheetColumn(is_required=False, choices={"on": "yes"}),
}
HEADER = "programme,area,quota,since,status\n"
ROW = {"programme": "PKH", "area": "5204", "quota": 10, "since": date(2026, 1, 2), "status": "yes", "line": 2}


@pytest.mark.parametrize(
    "text",
    [
        HEADER + "PKH,52.04,10,2026-01-02,ON\n",
        "status;since;quota;area;Kode Program\non;2026-01-02;10;5204;PKH\n",
        HEADER + " PKH , 5204 ,10,2026-01-02,on",
    ],
)
def test_read_sheet_reads_csv_however_it_is_laid_out(tmp_path: Path, text: str) -> None:
    path = tmp_path / "quotas.csv"
    path.write_text(text, encoding="utf-8")

    assert read_sheet(path, COLUMNS, title="quotas").to_pylist() == [ROW]


def test_read_sheet_reads_a_workbook_and_counts_lines_as_it_does(tmp_path: Path) -> None:
    path = tmp_path / "quotas.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Kuota PKH 2026")
        sheet.write_row(2, 0, ["programme", "area", "quota"])
        sheet.write_row(3, 0, ["PKH", "5204", 10])
        sheet.write_row(4, 0, ["PKH", "5205", 20])

    table = read_sheet(path, COLUMNS, title="quotas")

    assert table.select(["area", "quota", "since", "line"]).to_pylist() == [
        {"area": "5204", "quota": 10, "since": None, "line": 4},
        {"area": "5205", "quota": 20, "since": None, "line": 5},
    ]


@pytest.mark.parametrize(
    ("rows", "kind", "fields"),
    [
        ("PKH,5204,1.000,,\n", "BrokenCell", {"line": 2, "field": "quota", "value": "1.000"}),
        ("PKH,5204,1,,\nPKH,999,1,,\n", "BrokenCell", {"line": 3, "field": "area"}),
        ("PKH,5204,1,2026-02-30,\n", "BrokenCell", {"line": 2, "field": "since"}),
        ("PKH,5204,1,,off\n", "BrokenCell", {"line": 2, "field": "status", "expected": "one of: on"}),
        ("PKH,,1,,\n", "EmptyCell", {"line": 2, "field": "area"}),
        ("PKH,5204,1,,,7\n", "BrokenLine", {"line": 2}),
        ("", "NoRows", {}),
    ],
)
def test_read_sheet_refuses_the_first_broken_cell(
    tmp_path: Path, rows: str, kind: str, fields: dict[str, object]
) -> None:
    path = tmp_path / "quotas.csv"
    path.write_text(HEADER + rows, encoding="utf-8")

    with pytest.raises(Refused) as refused:
        read_sheet(path, COLUMNS, title="quotas")

    assert type(refused.value).__name__ == kind
    assert refused.value.fields["file"] == "quotas.csv"
    assert fields.items() <= refused.value.fields.items()


def test_read_sheet_refuses_a_missing_column(tmp_path: Path) -> None:
    path = tmp_path / "quotas.csv"
    path.write_text("programme,area,jumlah\nPKH,5204,1\n", encoding="utf-8")

    with pytest.raises(Refused, match="quota"):
        read_sheet(path, COLUMNS, title="quotas")


def test_refusal_hides_a_number_that_could_be_a_nik(tmp_path: Path) -> None:
    path = tmp_path / "quotas.csv"
    path.write_text(HEADER + f"PKH,{'5204' * 4},1,,\n", encoding="utf-8")

    with pytest.raises(Refused) as refused:
        read_sheet(path, COLUMNS, title="quotas")

    assert refused.value.fields["value"] == "••••"
