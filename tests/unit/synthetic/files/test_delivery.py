"""Delivered files: the bytes of each way of writing, and lines that are broken on purpose."""

from pathlib import Path

import pyarrow as pa
import python_calamine

from kesos.synthetic.draws import generator
from kesos.synthetic.files.delivery import DIALECTS, CsvDelivery, Dialect, write_spreadsheet

TABLE = pa.table({"NIK": ["5204010704909001", None], "NAMA": ["BUDI, S.PD", "TO’ BUNGIN"], "RT": [1, 2]})


def _delivered(tmp_path: Path, dialect: Dialect, broken: float = 0.0) -> bytes:
    path = tmp_path / "some.csv"
    with CsvDelivery(path, dialect, "DAFTAR", broken) as delivery:
        delivery.append(TABLE, generator(1, "first"))
        delivery.append(TABLE, generator(1, "second"))
        assert delivery.rows == 4
    return path.read_bytes()


def test_csv_delivery_with_semicolons_in_windows_1252(tmp_path: Path) -> None:
    lines = _delivered(tmp_path, DIALECTS[0]).split(b"\n")

    assert lines[0] == b"NIK;NAMA;RT"
    assert lines[1:3] == [b'"5204010704909001";"BUDI, S.PD";1', b';"TO\x92 BUNGIN";2']
    assert len(lines) == 6


def test_csv_delivery_with_a_byte_order_mark_only_at_the_start(tmp_path: Path) -> None:
    content = _delivered(tmp_path, DIALECTS[1])

    assert content.startswith(b"\xef\xbb\xbfNIK,NAMA,RT\n")
    assert content.count(b"\xef\xbb\xbf") == 1


def test_csv_delivery_with_a_title_line(tmp_path: Path) -> None:
    assert _delivered(tmp_path, DIALECTS[2]).decode().splitlines()[:2] == ["DAFTAR", "NIK,NAMA,RT"]


def test_csv_delivery_breaks_every_line_when_asked(tmp_path: Path) -> None:
    lines = _delivered(tmp_path, DIALECTS[2], broken=1.0).decode().splitlines()[2:]

    assert len(lines) == 4
    assert all(line.endswith(",,,") or line.count(",") < 3 for line in lines)


def test_write_spreadsheet_loses_the_last_digit_of_numbers_typed_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "deaths.xlsx"

    write_spreadsheet(path, TABLE, "LAPORAN", generator(1, "sheet"), 1.0)

    rows = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "LAPORAN"
    assert rows[1] == ["NIK", "NAMA", "RT"]
    assert rows[2][0] == 5204010704909000
    assert rows[3][1] == "TO’ BUNGIN"


def test_write_spreadsheet_keeps_numbers_typed_as_text(tmp_path: Path) -> None:
    path = tmp_path / "deaths.xlsx"

    write_spreadsheet(path, TABLE, "LAPORAN", generator(1, "sheet"), 0.0)

    rows = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert rows[2][0] == "5204010704909001"
