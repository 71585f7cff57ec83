"""Files that nobody should send: nothing of them harms, and no identity number of any file can be read in the lake."""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from kesos.foundation.errors import Refused
from kesos.pipeline.sources.archive import FormulaCells
from kesos.pipeline.sources.delivered import CellTooLong, TooManyColumns, UnbalancedQuote
from kesos.pipeline.sources.deliveries import Delivery
from kesos.pipeline.sources.receipt import Receipt
from kesos.pipeline.sources.receive import receive
from kesos.pipeline.sources.recognise import UnknownLayout, UnknownSource
from unit.pipeline.sources.small_source import (
    CADRE,
    DAY,
    SEALER,
    files_below,
    kk,
    nik,
    opened,
    receive_all,
    receive_one,
    rows_of,
    write_text,
    write_workbook,
)

_SIXTEEN_DIGITS = re.compile(r"(?:\d[ .\-]{0,2}){15}\d")


def _texts_of(receipt: Receipt) -> Iterator[str]:
    """Give every stored value as text, blobs included as far as they are text."""
    for path in (receipt.rows_path, receipt.quarantine_path):
        for column in parquet.read_table(path).itercolumns():
            is_blob = pa.types.is_binary(column.type)
            for value in column.to_pylist():
                yield value.decode("latin-1") if is_blob and value is not None else str(value)


def _shown_numbers(lake: Path, receipts: list[Receipt]) -> list[str]:
    """List what looks like an identity number in any stored value, or in any byte of any file, or in any name."""
    shown = [text for receipt in receipts for text in _texts_of(receipt) if _SIXTEEN_DIGITS.search(text)]
    for path in files_below(lake):
        content = path.read_bytes()
        numbers = {nik(serial) for serial in range(20)} | {kk(serial) for serial in range(20)}
        shown += [number for number in numbers if number.encode() in content or number.encode("utf-16-le") in content]
        if path.suffix == ".json":
            page = re.sub(r'"sha256": "[0-9a-f]{64}"', "", content.decode())
            shown += _SIXTEEN_DIGITS.findall(page)
        shown += _SIXTEEN_DIGITS.findall(path.name)
    return shown


def test_receive_shows_no_number_wherever_it_stood(tmp_path: Path) -> None:
    spaced = " ".join((nik(3)[:4], nik(3)[4:8], nik(3)[8:12], nik(3)[12:]))
    text = (
        f"NIK;NAMA;NO_KK;LAHIR;ALAMAT;{nik(7)}\n"
        f"{nik(1)};SITI {nik(2)};{kk(1)};1990-01-15;Jl. A {spaced};{nik(6)}\n"
        f"SITI;{nik(4)};1990-01-15;{kk(2)};{nik(5)};x\n"
        f"{nik(8)};cut\n"
        f"{nik(9)};too;many;fields;{kk(3)};x;y\n"
        f"TOTAL;{nik(10)};;;;\n"
        f"NIK;NAMA;NO_KK;LAHIR;ALAMAT;{nik(11)}\n"
        f"{nik(1)};SITI {nik(2)};{kk(1)};1990-01-15;Jl. A {spaced};{nik(6)}\n"
    )
    path = write_text(tmp_path, text, name=f"list {nik(12)}.csv")

    receipt = receive_one(path, tmp_path / "lake")

    assert _shown_numbers(tmp_path / "lake", [receipt]) == []
    assert (receipt.rows_kept, receipt.rows_quarantined) == (3, 4)
    rows = rows_of(receipt)
    assert rows["nama"].to_pylist() == ["SITI ••••", "••••", "SITI ••••"]
    assert rows["alamat"].to_pylist() == ["Jl. A ••••", "••••", "Jl. A ••••"]
    assert rows["lahir"].to_pylist() == ["1990-01-15", "••••", "1990-01-15"]
    assert opened(rows["nik_sealed"], "nik") == [nik(1), "SITI", nik(1)]


def test_receive_shows_no_number_of_a_workbook(tmp_path: Path) -> None:
    sheets: dict[str, list[list[object]]] = {
        nik(9): [["NIK", "NAMA", "ALAMAT"], [int(nik(1)), int(nik(2)), nik(3)], [nik(4), "SITI", int(nik(5))]],
        nik(8): [[nik(6), nik(7)]],
    }

    receipts = receive_all(write_workbook(tmp_path, sheets), tmp_path / "lake")

    assert _shown_numbers(tmp_path / "lake", receipts) == []
    assert (receipts[0].sheet, receipts[0].sheets_left_out) == ("••••", ("••••",))


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.lists(st.sampled_from([nik(1), f"a{nik(2)}b", kk(1), f" {kk(2)}.0", "SITI", "", "TOTAL", f"'{nik(3)}"]),
                 min_size=1, max_size=6),
        min_size=1, max_size=9,
    )
)  # fmt: skip
def test_receive_shows_no_number_of_any_row(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    folder = tmp_path_factory.mktemp("rows")
    text = "NIK;NAMA;NO_KK;ALAMAT\n" + "\n".join(map(";".join, rows)) + "\n"

    said = ""
    receipts: list[Receipt] = []
    try:
        receipts = [receive_one(write_text(folder, text), folder / "lake")]
    except Refused as refusal:
        said = str(refusal)

    assert not _SIXTEEN_DIGITS.search(said)
    assert _shown_numbers(folder / "lake", receipts) == []


def test_receive_refuses_a_first_row_taken_for_a_header_without_showing_it(tmp_path: Path) -> None:
    with pytest.raises(UnknownLayout) as refusal:
        receive_one(write_text(tmp_path, f"{nik(1)};SITI;{kk(1)}\n{nik(2)};BUDI;{kk(1)}\n"), tmp_path / "lake")

    assert not _SIXTEEN_DIGITS.search(str(refusal.value))


def test_receive_survives_one_row_and_nothing_else(tmp_path: Path) -> None:
    assert receive_one(write_text(tmp_path, f"NIK;NAMA\n{nik(1)};SITI"), tmp_path / "lake").rows_kept == 1


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("NIK;NAMA\n1;" + "x" * (10 << 20) + "\n", CellTooLong),
        ('NIK;NAMA\n1;"' + ("x" * 1_000 + "\n") * 10_000 + '"\n', UnbalancedQuote),
        ("NIK;NAMA\n1;" + "x " * 50_000 + "\n2;BUDI\n", CellTooLong),
        ("x;" * 100_000 + "\n", TooManyColumns),
        ("JUDUL\nLAGI\n\n", UnknownLayout),
        ("NIK NAMA\n1 SITI\n", UnknownLayout),
    ],
)
def test_receive_refuses_monsters_with_a_clear_word(tmp_path: Path, text: str, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        receive_one(write_text(tmp_path, text), tmp_path / "lake")

    assert list(files_below(tmp_path / "lake")) == []


def test_receive_refuses_a_formula_and_writes_nothing(tmp_path: Path) -> None:
    path = write_workbook(tmp_path, {"A": [["NIK", "NAMA"], [nik(1), '=HYPERLINK("http://example.org")']]})

    with pytest.raises(FormulaCells):
        receive_all(path, tmp_path / "lake")

    assert list(files_below(tmp_path / "lake")) == []


@pytest.mark.parametrize(("source", "file"), [("../../outside", None), (None, "../../outside"), ("/etc", "passwd")])
def test_receive_refuses_names_that_would_lead_out_of_the_lake(
    tmp_path: Path, source: str | None, file: str | None
) -> None:
    path = write_text(tmp_path, f"NIK;NAMA\n{nik(1)};SITI\n")

    with pytest.raises(UnknownSource):
        receive(
            path, contracts=[CADRE], lake=tmp_path / "lake", sealer=SEALER, delivery=Delivery(path, DAY, source, file)
        )

    assert [entry.name for entry in tmp_path.iterdir()] == ["list.csv"]


def test_receive_names_folders_by_contract_whatever_the_file_is_called(tmp_path: Path) -> None:
    path = write_text(tmp_path, f"NIK;NAMA\n{nik(1)};SITI\n", name="..\\..\\{0}%s$(id).csv")

    receipt = receive_one(path, tmp_path / "lake")

    assert receipt.original_name == "..\\..\\{0}%s$(id).csv"
    assert [file.relative_to(tmp_path / "lake").parts[:2] for file in files_below(tmp_path / "lake")] == [
        ("receipts", "cadre")
    ] * 3


@pytest.mark.parametrize("seed", range(20))
def test_receive_refuses_noise_of_every_kind(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    noise = dice.randbytes(dice.randrange(1, 3_000))
    heads = (
        b"",
        b"PK\x03\x04",
        b"PAR1",
        b"\x1f\x8b",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"NIK;NAMA\n",
        gzip.compress(b"NIK"),
    )
    path = tmp_path / "noise.csv"
    path.write_bytes(heads[seed % len(heads)] + noise)

    with pytest.raises(Refused) as refusal:
        receive_one(path, tmp_path / "lake")

    assert "noise.csv" in str(refusal.value)
    assert list(files_below(tmp_path / "lake")) == []


def test_receive_refuses_every_cut_of_a_workbook(tmp_path: Path) -> None:
    whole = write_workbook(tmp_path, {"A": [["NIK", "NAMA"], [nik(1), "SITI"]]}).read_bytes()

    for length in range(4, len(whole), 97):
        path = tmp_path / "cut.xlsx"
        path.write_bytes(whole[:length])
        with pytest.raises(Refused):
            receive_one(path, tmp_path / "lake")
