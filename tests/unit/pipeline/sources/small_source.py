"""A small source with two files, and ways to write a delivery of it, for the tests of receiving."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import xlsxwriter
from pyarrow import parquet

from kesos.foundation.columns import Column
from kesos.foundation.sealing import IdentityKey, Sealer
from kesos.pipeline.sources.contract import Contract, parse_contract
from kesos.pipeline.sources.delivered import DeliveredTable
from kesos.pipeline.sources.deliveries import Delivery
from kesos.pipeline.sources.receipt import Receipt
from kesos.pipeline.sources.receive import receive
from kesos.pipeline.sources.recognise import Layout, layouts_of

_CONTRACT = """
source: cadre
version: 1
title: {id: "Daftar kader", en: "List of a health cadre"}
owner: "Village office"
legal_basis: "Village regulation"
purpose: "Test"
retention: "One day"
encodings: [utf-8, cp1252, utf-16]
files:
  person:
    about: person
    title: {id: "Orang", en: "Persons"}
    row_key: [nik, nama]
    columns:
      nik: {kind: nik, column: required, meaning: {id: "NIK", en: "NIK"}}
      nama: {kind: name, aliases: [nama_lengkap], column: required, meaning: {id: "Nama", en: "Name"}}
      no_kk: {kind: kk, meaning: {id: "KK", en: "KK"}}
      lahir: {kind: date, aliases: [tanggal_lahir], meaning: {id: "Lahir", en: "Born"}}
      alamat: {kind: address, meaning: {id: "Alamat", en: "Address"}}
  family:
    about: family
    title: {id: "Keluarga", en: "Families"}
    row_key: [no_kk]
    columns:
      no_kk: {kind: kk, column: required, meaning: {id: "KK", en: "KK"}}
      jumlah_jiwa: {kind: count, column: required, meaning: {id: "Jumlah", en: "Count"}}
      idpel: {kind: customer_number, meaning: {id: "Pelanggan", en: "Customer"}}
"""

CADRE = parse_contract(_CONTRACT, file="cadre")
CADRE_UTF8 = parse_contract(_CONTRACT.replace("[utf-8, cp1252, utf-16]", "[utf-8]"), file="cadre")
LAYOUTS: tuple[Layout, ...] = layouts_of([CADRE], delivered="test")
KEY = IdentityKey(1, bytes(range(64)), b"i" * 32, b"r" * 32)
SEALER = Sealer(KEY)
DAY = date(2026, 9, 30)


def nik(serial: int) -> str:
    """Give a made-up NIK."""
    return "320101" + "150190" + str(9000 + serial)


def kk(serial: int) -> str:
    """Give a made-up KK number."""
    return "320101" + "020320" + str(9000 + serial)


def write_text(folder: Path, text: str, *, name: str = "list.csv", encoding: str = "utf-8") -> Path:
    """Write text as it stands, line ends included."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def write_workbook(folder: Path, sheets: dict[str, list[list[object]]], *, name: str = "list.xlsx") -> Path:
    """Write a workbook; text starting with `=` becomes a formula, numbers stay numbers."""
    path = folder / name
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    for sheet_name, rows in sheets.items():
        sheet = book.add_worksheet(sheet_name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return path


def receive_one(path: Path, lake: Path, *, contracts: Sequence[Contract] = (CADRE,)) -> Receipt:
    """Receive a file that holds one table."""
    (receipt,) = receive_all(path, lake, contracts=contracts)
    return receipt


def receive_all(path: Path, lake: Path, *, contracts: Sequence[Contract] = (CADRE,)) -> list[Receipt]:
    """Receive a file."""
    return receive(path, contracts=contracts, lake=lake, sealer=SEALER, delivery=Delivery(path, DAY))


def rows_of(receipt: Receipt) -> pa.Table:
    """Read the rows that were kept."""
    return parquet.read_table(receipt.rows_path)


def quarantine_of(receipt: Receipt) -> list[tuple[int, str, str | None]]:
    """Read row number, reason and count of the rows set aside."""
    rows = parquet.read_table(receipt.quarantine_path).to_pylist()
    return [(row["row_number"], row["reason"], row["value_shown"]) for row in rows]


def opened(sealed: Column, field: str) -> list[str | None]:
    """Open a sealed column of a receipt."""
    return [None if value is None else SEALER.unseal(value, field, 0) for value in sealed.to_pylist()]


def read_rows(table: DeliveredTable, identity: frozenset[int] = frozenset()) -> list[tuple[int, list[str | None]]]:
    """Read the rows of a table with their numbers."""
    rows: list[tuple[int, list[str | None]]] = []
    for stretch in table.read(identity):
        cells = [column.to_pylist() for column in stretch.cells]
        rows += [
            (number, [column[position] for column in cells])
            for position, number in enumerate(stretch.numbers.to_numpy().tolist())
        ]
    return rows


def read_broken(table: DeliveredTable) -> list[tuple[int, str, tuple[str | None, ...]]]:
    """Read the rows that a reader sets aside."""
    return [(row.row_number, row.reason, row.cells) for stretch in table.read(frozenset()) for row in stretch.broken]


def files_below(folder: Path) -> Iterator[Path]:
    """List every file below a folder."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
