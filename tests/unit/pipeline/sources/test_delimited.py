"""Delimited text in every shape that offices send."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos.foundation.errors import Refused
from kesos.pipeline.sources.delimited import open_delimited
from kesos.pipeline.sources.delivered import (
    CellTooLong,
    DeliveredTable,
    LastQuoteCut,
    LastRowCut,
    TooManyColumns,
    UnbalancedQuote,
)
from kesos.pipeline.sources.sniff import probe
from unit.pipeline.sources.small_source import LAYOUTS, nik, read_broken, read_rows, write_text


def _open(path: Path) -> DeliveredTable:
    return open_delimited(probe(path), LAYOUTS)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_open_delimited_finds_delimiter_and_line_ends(tmp_path: Path, delimiter: str, line_end: str) -> None:
    text = line_end.join(delimiter.join(row) for row in (("NIK", "NAMA"), ("1", "SITI"), ("2", "BUDI"))) + line_end

    table = _open(write_text(tmp_path, text))

    assert (table.delimiter, table.header, table.header_row) == (delimiter, ("NIK", "NAMA"), 1)
    assert read_rows(table) == [(1, ["1", "SITI"]), (2, ["2", "BUDI"])]
    assert read_broken(table) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_open_delimited_reads_accents_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    table = _open(write_text(tmp_path, "DAFTAR É\nNIK;NAMA\n1;RENÉ\n", encoding=encoding))

    assert (table.header, table.header_row) == (("NIK", "NAMA"), 2)
    assert read_rows(table) == [(1, ["1", "RENÉ"])]


def test_open_delimited_skips_title_lines(tmp_path: Path) -> None:
    text = 'DAFTAR PENERIMA, "DESA" MAJU; TAHUN 2026\n\n;;\nNo;NIK;Nama Lengkap\n1;2;SITI, SH\n'

    table = _open(write_text(tmp_path, text))

    assert (table.delimiter, table.header_row) == (";", 4)
    assert read_rows(table) == [(1, ["1", "2", "SITI, SH"])]


def test_open_delimited_does_not_look_for_a_header_below_row_20(tmp_path: Path) -> None:
    table = _open(write_text(tmp_path, "JUDUL\n" * 20 + "NIK;NAMA\n1;SITI\n"))

    assert "NIK" not in table.header


def test_open_delimited_keeps_quoted_line_ends_and_delimiters_in_the_cell(tmp_path: Path) -> None:
    text = 'NIK;NAMA;ALAMAT\n1;"SITI ""IIN""; SH";"Jl. Mawar\nRT 3"\n2;BUDI;\n'

    table = _open(write_text(tmp_path, text))

    assert read_rows(table) == [(1, ["1", 'SITI "IIN"; SH', "Jl. Mawar\nRT 3"]), (2, ["2", "BUDI", None])]


def test_open_delimited_sets_rows_of_another_width_aside_with_their_number(tmp_path: Path) -> None:
    text = "NIK;NAMA;ALAMAT\n1;SITI;A\n2;BUDI\n3;ALI;B;C\n\n4;TONO;D\n"

    table = _open(write_text(tmp_path, text))

    assert [row for row in read_rows(table) if any(row[1])] == [(1, ["1", "SITI", "A"]), (5, ["4", "TONO", "D"])]
    assert read_broken(table) == [
        (2, "too_few_fields", ("2", "BUDI")),
        (3, "too_many_fields", ("3", "ALI", "B", "C")),
    ]


def test_open_delimited_takes_empty_fields_at_the_end_for_nothing(tmp_path: Path) -> None:
    table = _open(write_text(tmp_path, "NIK;NAMA\n1;SITI\n2;BUDI;;\n3;ALI\n"))

    assert read_rows(table) == [(1, ["1", "SITI"]), (2, ["2", "BUDI"]), (3, ["3", "ALI"])]
    assert read_broken(table) == []


def test_open_delimited_widens_the_header_where_all_rows_end_with_a_delimiter(tmp_path: Path) -> None:
    table = _open(write_text(tmp_path, "NIK;NAMA\n1;SITI;\n2;BUDI;\n"))

    assert table.header == ("NIK", "NAMA", "")
    assert read_rows(table) == [(1, ["1", "SITI", None]), (2, ["2", "BUDI", None])]


def test_open_delimited_reads_a_single_column_without_splitting_it(tmp_path: Path) -> None:
    table = _open(write_text(tmp_path, "NAMA\nSITI, SH\nBUDI; M.Pd\n"))

    assert read_rows(table) == [(1, ["SITI, SH"]), (2, ["BUDI; M.Pd"])]


def test_open_delimited_reads_a_last_row_without_line_end(tmp_path: Path) -> None:
    assert read_rows(_open(write_text(tmp_path, "NIK;NAMA\n1;SITI\n2;BUDI"))) == [
        (1, ["1", "SITI"]),
        (2, ["2", "BUDI"]),
    ]


def test_open_delimited_gives_no_rows_below_a_lone_header(tmp_path: Path) -> None:
    assert read_rows(_open(write_text(tmp_path, "NIK;NAMA"))) == []


@pytest.mark.parametrize(
    ("text", "refusal", "row"),
    [
        ("NIK;NAMA;ALAMAT\n1;SITI;A\n2;BU", LastRowCut, 3),
        ('NIK;NAMA;ALAMAT\n1;SITI;A\n2;"BU', LastQuoteCut, 3),
        ('NIK;NAMA;ALAMAT\n1;SITI;A\n2;BUDI;"Jl', LastQuoteCut, 3),
        ('NIK;NAMA;ALAMAT\n1;"SITI;A\n2;BUDI;B\n3;ALI;C\n', UnbalancedQuote, 2),
        ('NIK;NAMA;ALAMAT\n1;"SITI;A\n2;"BUDI";B\n3;ALI;C\n', UnbalancedQuote, 2),
        ('NIK;NAMA;ALAMAT\n0;X;Y\n1;"SITI;A\n' + "2;BUDI;B\n" * 900_000, UnbalancedQuote, 3),
    ],
)
def test_read_refuses_a_cut_or_unbalanced_file_whole(
    tmp_path: Path, text: str, refusal: type[Refused], row: int
) -> None:
    table = _open(write_text(tmp_path, text))

    with pytest.raises(refusal) as caught:
        read_rows(table)

    assert caught.value.fields["row"] == row


def test_read_refuses_a_cell_longer_than_a_spreadsheet_holds(tmp_path: Path) -> None:
    table = _open(write_text(tmp_path, f"NIK;NAMA\n1;SITI\n2;{'x' * 32_768}\n"))

    with pytest.raises(CellTooLong) as caught:
        read_rows(table)

    assert caught.value.fields["row"] == 3


def test_read_keeps_a_cell_as_long_as_a_spreadsheet_holds(tmp_path: Path) -> None:
    assert read_rows(_open(write_text(tmp_path, f"NIK;NAMA\n2;{'É' * 32_767}\n"))) == [(1, ["2", "É" * 32_767])]


def test_open_delimited_refuses_a_header_of_100_000_columns(tmp_path: Path) -> None:
    with pytest.raises(TooManyColumns) as caught:
        _open(write_text(tmp_path, ";".join(f"k{number}" for number in range(100_000)) + "\n1\n"))

    assert caught.value.fields["columns"] == 100_000


def test_read_sets_a_row_of_100_000_fields_aside(tmp_path: Path) -> None:
    table = _open(write_text(tmp_path, "NIK;NAMA\n1;SITI\n" + ";" * 99_999 + "x\n2;BUDI\n"))

    ((number, reason, cells),) = read_broken(table)
    assert (number, reason, len(cells)) == (2, "too_many_fields", 100_000)


def test_read_numbers_rows_right_over_many_blocks(tmp_path: Path) -> None:
    rows = [f"{nik(0)};NAMA {number};{'alamat ' * 10}" for number in range(1, 120_001)]
    rows[59_999] = "rusak"
    rows[119_998] = "rusak;juga"

    table = _open(write_text(tmp_path, "NIK;NAMA;ALAMAT\n" + "\n".join(rows) + "\n"))

    found = read_rows(table)
    assert len(found) == 119_998
    assert all(cells[1] == f"NAMA {number}" for number, cells in found)
    assert [number for number, _, _ in read_broken(table)] == [60_000, 119_999]


_CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\x1e\ufeff"), max_size=8)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(_CELL, min_size=1, max_size=5), max_size=12), last=st.sampled_from(["", "\n"]))
def test_read_gives_every_quoted_row_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], last: str
) -> None:
    # Delimiters, quotes and line ends may stand in any cell; the row that could hide another has three columns.
    cells = [["NIK", "NAMA", "ALAMAT"], *([cell.replace(";", ",") for cell in row] for row in rows), ["1", "2", "3"]]
    text = "\n".join(";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in cells) + last

    table = _open(write_text(tmp_path_factory.mktemp("csv"), text))

    kept = {number: [cell or "" for cell in row] for number, row in read_rows(table)}
    broken = {number: list(row) for number, _, row in read_broken(table)}
    expected = dict(enumerate(cells[1:], start=1))
    assert kept.keys() | broken.keys() == expected.keys()
    assert not kept.keys() & broken.keys()
    assert all(row == expected[number][:3] and not any(expected[number][3:]) for number, row in kept.items())
    assert all(row == expected[number] for number, row in broken.items())
