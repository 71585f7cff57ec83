"""Workbooks: sheets, numbers, days, formulas, and archives that are none."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from kesos.foundation.errors import Refused
from kesos.pipeline.sources.archive import FormulaCells, refuse_formulas
from kesos.pipeline.sources.delivered import ArchiveCut, NoRows
from kesos.pipeline.sources.sniff import NotASpreadsheet, PasswordProtected, ZipBomb
from kesos.pipeline.sources.workbook import open_workbook
from unit.pipeline.sources.small_source import LAYOUTS, kk, nik, read_rows, write_workbook


def _numbered(count: int) -> list[list[object]]:
    return [[nik(0), f"NAMA {number}"] for number in range(count)]


def test_open_workbook_reads_every_sheet_with_cells(tmp_path: Path) -> None:
    path = write_workbook(
        tmp_path,
        {
            "Orang": [["DAFTAR ORANG"], [], ["NIK", "NAMA"], [nik(1), "SITI"]],
            "Kosong": [],
            "Keluarga": [["NO_KK", "JUMLAH_JIWA"], [kk(1), 3]],
        },
    )

    tables = open_workbook(path, LAYOUTS)

    assert [(table.place, table.header, table.header_row) for table in tables] == [
        ("Orang", ("NIK", "NAMA"), 3),
        ("Keluarga", ("NO_KK", "JUMLAH_JIWA"), 1),
    ]
    assert read_rows(tables[0]) == [(1, [nik(1), "SITI"])]
    assert read_rows(tables[1]) == [(1, [kk(1), "3"])]


def test_read_renders_numbers_days_and_truth_without_loss(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["NIK", "NAMA", "LAHIR", "X"],
        [1.0, 12, date(1990, 1, 15), 1.5],
        ["2", "  ", datetime(1990, 1, 15, 8, 30), True],  # noqa: DTZ001 - spreadsheets know no zones
        [3, "", "", 12345678901],
    ]

    (table,) = open_workbook(write_workbook(tmp_path, {"A": rows}), LAYOUTS)

    assert read_rows(table) == [
        (1, ["1", "12", "1990-01-15", "1.5"]),
        (2, ["2", "  ", "1990-01-15 08:30:00", "TRUE"]),
        (3, ["3", None, None, "12345678901"]),
    ]


def test_read_marks_identity_numbers_that_were_stored_as_numbers(tmp_path: Path) -> None:
    rows: list[list[object]] = [["NIK", "NAMA"], [int(nik(0)), "SITI"], [nik(1), "BUDI"]]

    (table,) = open_workbook(write_workbook(tmp_path, {"A": rows}), LAYOUTS)

    assert read_rows(table, frozenset({0})) == [(1, [nik(0) + ".0", "SITI"]), (2, [nik(1), "BUDI"])]
    assert read_rows(table)[0] == (1, [nik(0), "SITI"])


def test_read_counts_rows_as_the_sheet_does(tmp_path: Path) -> None:
    rows: list[list[object]] = [[], ["NIK", "NAMA"], ["1", "SITI"], [], ["2", "BUDI"]]

    (table,) = open_workbook(write_workbook(tmp_path, {"A": rows}), LAYOUTS)

    assert table.header_row == 2
    assert read_rows(table) == [(1, ["1", "SITI"]), (2, [None, None]), (3, ["2", "BUDI"])]


def test_open_workbook_refuses_a_workbook_without_cells(tmp_path: Path) -> None:
    with pytest.raises(NoRows):
        open_workbook(write_workbook(tmp_path, {"A": [], "B": []}), LAYOUTS)


def test_refuse_formulas_names_the_first_cell(tmp_path: Path) -> None:
    rows: list[list[object]] = [["NIK", "NAMA"], [nik(1), "SITI"], [nik(2), "=A1&A2"], ["=1+1", "BUDI"]]

    path = write_workbook(tmp_path, {"Tanpa": [["NIK", "NAMA"], ["1", "<f>"]], "A & 'B' C": rows})

    refuse_formulas(path, "Tanpa")
    with pytest.raises(FormulaCells) as refusal:
        refuse_formulas(path, "A & 'B' C")
    assert (refusal.value.fields["sheet"], refusal.value.fields["cell"]) == ("A & 'B' C", "B3")


def test_refuse_formulas_finds_one_far_below(tmp_path: Path) -> None:
    rows: list[list[object]] = [["NIK", "NAMA"], *_numbered(30_000), ["=1", "X"]]

    with pytest.raises(FormulaCells) as refusal:
        refuse_formulas(write_workbook(tmp_path, {"A": rows}), "A")

    assert refusal.value.fields["cell"] == "A30002"


def test_open_workbook_refuses_one_that_ends_early(tmp_path: Path) -> None:
    path = write_workbook(tmp_path, {"A": [["NIK", "NAMA"], ["1", "SITI"]]})
    path.write_bytes(path.read_bytes()[:-200])

    with pytest.raises(ArchiveCut):
        open_workbook(path, LAYOUTS)


def test_refuse_formulas_refuses_a_sheet_whose_bytes_were_changed(tmp_path: Path) -> None:
    path = write_workbook(tmp_path, {"A": [["NIK", "NAMA"], *_numbered(500)]})
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
        middle = entry.header_offset + 60 + entry.compress_size // 2
    content = bytearray(path.read_bytes())
    content[middle] ^= 0xFF
    path.write_bytes(content)

    with pytest.raises(ArchiveCut):
        refuse_formulas(path, "A")


def test_refuse_formulas_finds_one_that_two_pieces_share(tmp_path: Path) -> None:
    path = write_workbook(tmp_path, {"A": [["NIK", "NAMA"]]})
    start = b'<worksheet><sheetData><row r="1"><c r="C7">'
    sheet = start + b" " * ((1 << 20) - len(start) - 1) + b"<f>1</f></c></row></sheetData></worksheet>"
    shared = tmp_path / "shared.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(shared, "w") as new:
        for name in old.namelist():
            new.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else old.read(name))

    with pytest.raises(FormulaCells):
        refuse_formulas(shared, "A")


def _archive(path: Path, **parts: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_open_workbook_refuses_a_bomb_before_unpacking_it(tmp_path: Path) -> None:
    path = _archive(tmp_path / "b.xlsx", **{"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": b"0" * (40 << 20)})

    with pytest.raises(ZipBomb) as refusal:
        open_workbook(path, LAYOUTS)

    assert path.stat().st_size < 100_000
    assert refusal.value.fields["limit"] == "10 MB"


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("xl/workbook.bin", "a binary workbook (.xlsb)"),
        ("content.xml", "an OpenDocument file"),
        ("../../etc/passwd", "an archive"),
    ],
)
def test_open_workbook_refuses_other_archives(tmp_path: Path, part: str, kind: str) -> None:
    with pytest.raises(NotASpreadsheet) as refusal:
        open_workbook(_archive(tmp_path / "b.xlsx", **{part: b"x"}), LAYOUTS)

    assert refusal.value.fields["kind"] == kind


def test_open_workbook_refuses_an_encrypted_archive(tmp_path: Path) -> None:
    path = _archive(tmp_path / "b.xlsx", **{"xl/workbook.xml": b"<workbook/>"})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the flag of the entry in the table of contents
    path.write_bytes(content)

    with pytest.raises(PasswordProtected):
        open_workbook(path, LAYOUTS)


def test_open_workbook_refuses_an_archive_with_entities(tmp_path: Path) -> None:
    path = write_workbook(tmp_path, {"A": [["NIK", "NAMA"], ["1", "SITI"]]})
    bad = tmp_path / "bad.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bad, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/workbook.xml":
                content = content.replace(b"<workbook", b'<!DOCTYPE a [<!ENTITY b "c">]><workbook', 1)
            new.writestr(name, content)

    with pytest.raises(Refused):
        refuse_formulas(bad, "A")
