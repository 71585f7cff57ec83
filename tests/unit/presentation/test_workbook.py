"""Workbooks, read back by another library: what was written stands there, as text, number or day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from kesos.presentation import workbook
from kesos.presentation.workbook import Sheet, SheetColumn, write_workbook

COLUMNS = (
    SheetColumn("Name", 20),
    SheetColumn("Rupiah", 12),
    SheetColumn("Day", 12),
    SheetColumn("Found", 20, is_open=True),
)
DAY = date(2026, 10, 5)


def written(path: Path, *sheets: Sheet) -> CalamineWorkbook:
    write_workbook(path, sheets, title="Audit", made_on=DAY, footer="A & B")
    return CalamineWorkbook.from_path(str(path))


def rows(book: CalamineWorkbook, name: str) -> list[list[Any]]:
    found: list[list[Any]] = book.get_sheet_by_name(name).to_python()
    return found


def test_write_workbook_keeps_texts_numbers_and_days_apart(tmp_path: Path) -> None:
    sheet = Sheet(
        "Indikasi", ("Audit", "of 2026-T3"), COLUMNS, [["SITI", 600_000, DAY], [None, 0, None], ["0012", None, None]]
    )
    book = written(tmp_path / "a.xlsx", sheet)

    assert rows(book, "Indikasi") == [
        ["Audit", "", "", ""],
        ["of 2026-T3", "", "", ""],
        ["Name", "Rupiah", "Day", "Found"],
        ["SITI", 600_000.0, DAY, ""],
        ["", 0.0, "", ""],
        ["0012", "", "", ""],
    ]


@pytest.mark.parametrize("text", ["=1+1", "+62812", "@SUM(A1)", "http://example.invalid", '=HYPERLINK("x")'])
def test_write_workbook_never_makes_a_formula_or_link_of_a_text(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.xlsx"
    book = written(path, Sheet("S", (text,), (SheetColumn(text, 9),), [[text]]))

    assert rows(book, "S") == [[text], [text], [text]]
    with ZipFile(path) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet
        assert b"hyperlink" not in sheet


def test_write_workbook_freezes_the_header_filters_and_prints_on_a4_across(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    written(path, Sheet("S", ("Audit",), COLUMNS, [["SITI", 1, DAY]]))

    with ZipFile(path) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in sheet
    assert 'ySplit="2"' in sheet
    assert '<autoFilter ref="A2:D3"/>' in sheet
    assert 'paperSize="9"' in sheet
    assert 'orientation="landscape"' in sheet
    assert 'fitToHeight="0"' in sheet


def test_write_workbook_goes_on_with_another_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    book = written(tmp_path / "a.xlsx", Sheet("S", (), (SheetColumn("N", 9),), [[n] for n in range(5)]))

    assert book.sheet_names == ["S", "S 2", "S 3"]
    assert [row for name in book.sheet_names for row in rows(book, name)[1:]] == [[0.0], [1.0], [2.0], [3.0], [4.0]]


def test_write_workbook_of_no_rows_has_a_header(tmp_path: Path) -> None:
    assert rows(written(tmp_path / "a.xlsx", Sheet("S", (), COLUMNS, [])), "S") == [["Name", "Rupiah", "Day", "Found"]]


def test_write_workbook_again_gives_the_same_bytes(tmp_path: Path) -> None:
    sheet = Sheet("S", ("Audit",), COLUMNS, [["SITI", 1, DAY]])
    written(tmp_path / "a.xlsx", sheet)
    written(tmp_path / "b.xlsx", sheet)

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
