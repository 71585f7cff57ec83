"""Receiving: once, whole, sealed, with every row accounted for."""

from __future__ import annotations

import json
import stat
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from kesos.foundation.sealing import Sealer, next_generation
from kesos.pipeline.sources.delivered import NoRows, UnbalancedQuote
from kesos.pipeline.sources.deliveries import Delivery
from kesos.pipeline.sources.receipt import ReceiptUnderOtherKey, read_receipt
from kesos.pipeline.sources.receive import receive, remove_partial_receipts
from kesos.pipeline.sources.recognise import AmbiguousLayout, MissingColumns
from kesos.pipeline.sources.sniff import WrongEncoding
from kesos.pipeline.sources.tally import TooManyBrokenRows
from unit.pipeline.sources.small_source import (
    CADRE,
    CADRE_UTF8,
    DAY,
    KEY,
    SEALER,
    files_below,
    kk,
    nik,
    opened,
    quarantine_of,
    receive_all,
    receive_one,
    rows_of,
    write_text,
    write_workbook,
)


def test_receive_writes_rows_with_identity_sealed(tmp_path: Path) -> None:
    text = f"Daftar\nNIK;NAMA;NO_KK;ALAMAT;Ket\n{nik(1)};SITI;'{kk(1)};Jl. A;x\n12;BUDI;-;;\n"

    receipt = receive_one(write_text(tmp_path, text, name="list-2026-T3.csv"), tmp_path / "lake")

    rows = rows_of(receipt)
    assert rows.column_names == [
        "row_number", "line_number", "row_key", "nik_sealed", "nik_index", "nik_note", "nama", "no_kk_sealed",
        "no_kk_index", "no_kk_note", "alamat",
    ]  # fmt: skip
    assert rows["row_number"].to_pylist() == [1, 2]
    assert rows["line_number"].to_pylist() == [3, 4]
    assert rows["nama"].to_pylist() == ["SITI", "BUDI"]
    assert rows["alamat"].to_pylist() == ["Jl. A", None]
    assert opened(rows["nik_sealed"], "nik") == [nik(1), "12"]
    assert rows["nik_index"].to_pylist() == [SEALER.blind_index(nik(1), "nik"), None]
    assert rows["nik_note"].to_pylist() == ["valid", "wrong_length"]
    assert opened(rows["no_kk_sealed"], "kk") == [kk(1), "-"]
    assert rows["no_kk_note"].to_pylist()[0] == "valid"


def test_receive_tells_in_the_receipt_what_the_file_was(tmp_path: Path) -> None:
    text = f"Daftar\nNIK;NAMA;Ket;\n{nik(1)};RENÉ;x;y\n;;;\n{nik(2)};BUDI\n"
    path = write_text(tmp_path, text, name="list-2026-T3.csv", encoding="cp1252")

    receipt = receive_one(path, tmp_path / "lake")

    assert (receipt.source, receipt.file, receipt.original_name) == ("cadre", "person", "list-2026-T3.csv")
    assert (receipt.encoding, receipt.delimiter, receipt.header_row) == ("cp1252", ";", 2)
    assert (receipt.rows_in, receipt.rows_kept, receipt.rows_quarantined, receipt.empty_rows) == (2, 1, 1, 1)
    assert receipt.quarantined_by_reason == {"too_few_fields": 1}
    assert (receipt.columns, receipt.columns_left_out) == (("nik", "nama"), ("Ket", "#4"))
    assert (receipt.delivered_on, receipt.key_generation, receipt.is_new) == (DAY, 1, True)
    assert receipt.folder == tmp_path / "lake/receipts/cadre" / f"{receipt.sha256[:16]}-{CADRE.digest}" / "person"
    assert json.loads((receipt.folder / "receipt.json").read_text(encoding="utf-8"))["rows_in"] == 2
    assert read_receipt(receipt.folder) == receipt


def test_receive_seals_quarantined_rows_whole(tmp_path: Path) -> None:
    text = f"NIK;NAMA;ALAMAT\n{nik(1)};SITI;A\n{nik(2)};BUDI\nNIK;NAMA;ALAMAT\nJUMLAH;2;\n"

    receipt = receive_one(write_text(tmp_path, text), tmp_path / "lake")

    assert quarantine_of(receipt) == [(2, "too_few_fields", "2/3"), (3, "repeated_header", None)]
    assert receipt.rows_kept == 2  # two of three cells are filled: it may be a person named so


def test_receive_recognises_totals(tmp_path: Path) -> None:
    text = f"NIK;NAMA;ALAMAT;NO_KK\n{nik(1)};SITI;A;\nJUMLAH;;;\n;Total : 1 orang;;\n;JUMLAHWATI;;\nGRAND TOTAL;1;;\n"

    receipt = receive_one(write_text(tmp_path, text), tmp_path / "lake")

    assert quarantine_of(receipt) == [(2, "total_row", None), (3, "total_row", None), (5, "total_row", None)]
    assert rows_of(receipt)["nama"].to_pylist() == ["SITI", "JUMLAHWATI"]
    first = parquet.read_table(receipt.quarantine_path)["row_sealed"][0].as_py()
    assert json.loads(SEALER.unseal(first, "row", 0)) == {"cells": ["JUMLAH", None, None, None]}


def test_receive_is_done_once(tmp_path: Path) -> None:
    path = write_text(tmp_path, f"NIK;NAMA\n{nik(1)};SITI\n")
    copy = write_text(tmp_path, f"NIK;NAMA\n{nik(1)};SITI\n", name="copy.csv")
    lake = tmp_path / "lake"
    first = receive_one(path, lake)
    before = [(file, file.stat().st_mtime_ns) for file in files_below(lake)]

    second = receive(
        copy, contracts=[CADRE], lake=lake, sealer=SEALER, delivery=Delivery(copy, date(2027, 1, 1), "cadre")
    )

    assert second == [first]
    assert (first.is_new, second[0].is_new, second[0].delivered_on) == (True, False, DAY)
    assert [(file, file.stat().st_mtime_ns) for file in files_below(lake)] == before


def test_receive_makes_the_same_bytes_in_another_lake(tmp_path: Path) -> None:
    path = write_text(tmp_path, f"NIK;NAMA\n{nik(1)};SITI\n{nik(1)};SITI\n{nik(2)}\n")

    first, second = receive_one(path, tmp_path / "one"), receive_one(path, tmp_path / "two")

    for name in ("rows.parquet", "quarantine.parquet", "receipt.json"):
        assert (first.folder / name).read_bytes() == (second.folder / name).read_bytes()


def test_receive_refuses_a_receipt_of_another_key(tmp_path: Path) -> None:
    path = write_text(tmp_path, f"NIK;NAMA\n{nik(1)};SITI\n")
    receive_one(path, tmp_path / "lake")

    with pytest.raises(ReceiptUnderOtherKey) as refusal:
        receive(
            path,
            contracts=[CADRE],
            lake=tmp_path / "lake",
            sealer=Sealer(next_generation(KEY)),
            delivery=Delivery(path, DAY),
        )

    assert (refusal.value.fields["sealed"], refusal.value.fields["at_hand"]) == (1, 2)


def test_receive_takes_both_sheets_of_a_workbook_and_names_strangers(tmp_path: Path) -> None:
    path = write_workbook(
        tmp_path,
        {
            "Petunjuk": [["Isi lembar berikut"]],
            "Keluarga": [["NO_KK", "JUMLAH_JIWA", "IDPEL"], [kk(1), 3, 530112345678], [int(kk(2)), 1, "x"]],
            "Orang": [["NIK", "NAMA", "LAHIR"], [int(nik(0)), "SITI", date(1990, 1, 15)], [nik(1), "BUDI", ""]],
        },
    )

    family, person = receive_all(path, tmp_path / "lake")

    assert [(r.file, r.sheet, r.rows_kept, r.sheets_left_out) for r in (family, person)] == [
        ("family", "Keluarga", 2, ("Petunjuk",)),
        ("person", "Orang", 2, ("Petunjuk",)),
    ]
    assert family.folder.parent == person.folder.parent
    assert rows_of(family)["jumlah_jiwa"].to_pylist() == ["3", "1"]
    assert rows_of(family)["idpel_note"].to_pylist() == ["valid", "not_digits"]
    assert opened(rows_of(family)["idpel_sealed"], "pln") == ["530112345678", "x"]
    assert rows_of(person)["nik_note"].to_pylist() == ["excel_rounded", "valid"]
    assert rows_of(person)["lahir"].to_pylist() == ["1990-01-15", None]


def test_receive_refuses_a_workbook_of_which_one_sheet_lacks_a_column(tmp_path: Path) -> None:
    sheets: dict[str, list[list[object]]] = {
        "Keluarga": [["NO_KK", "JUMLAH_JIWA"], [kk(1), 3]],
        "Orang": [["NIK", "ALAMAT"], [nik(1), "A"]],
    }

    with pytest.raises(MissingColumns) as refusal:
        receive_all(write_workbook(tmp_path, sheets), tmp_path / "lake")

    assert refusal.value.fields["file"] == "list.xlsx, sheet 'Orang'"
    assert not (tmp_path / "lake").exists()


def test_receive_refuses_two_sheets_of_the_same_file(tmp_path: Path) -> None:
    rows: list[list[object]] = [["NIK", "NAMA"], [nik(1), "SITI"]]

    with pytest.raises(AmbiguousLayout) as refusal:
        receive_all(write_workbook(tmp_path, {"Desa A": rows, "Desa B": rows}), tmp_path / "lake")

    assert refusal.value.fields["candidates"] == "cadre/person (Desa A, Desa B)"


def test_receive_refuses_an_encoding_that_the_contract_does_not_list(tmp_path: Path) -> None:
    path = write_text(tmp_path, "NIK;NAMA\n1;RENÉ\n", encoding="cp1252")

    with pytest.raises(WrongEncoding) as refusal:
        receive_one(path, tmp_path / "lake", contracts=[CADRE_UTF8])

    assert (refusal.value.fields["byte"], refusal.value.fields["allowed"]) == (14, "UTF-8")


@pytest.mark.parametrize("text", ["NIK;NAMA\n", "NIK;NAMA", "NIK;NAMA\n;\n\n;\n"])
def test_receive_refuses_a_file_without_rows(tmp_path: Path, text: str) -> None:
    with pytest.raises(NoRows):
        receive_one(write_text(tmp_path, text), tmp_path / "lake")

    assert list(files_below(tmp_path / "lake")) == []


def test_receive_refuses_a_file_of_which_most_rows_do_not_fit(tmp_path: Path) -> None:
    fits, not_fits = f"{nik(1)},SITI,A\n", f"{nik(2)},BUDI,Jl. A, RT 3\n"

    with pytest.raises(TooManyBrokenRows) as refusal:
        receive_one(write_text(tmp_path, "NIK,NAMA,ALAMAT\n" + fits * 9 + not_fits * 10), tmp_path / "lake")
    kept = receive_one(write_text(tmp_path, "NIK,NAMA,ALAMAT\n" + fits * 10 + not_fits * 10), tmp_path / "lake")

    assert (refusal.value.fields["broken"], refusal.value.fields["rows"]) == (10, 19)
    assert (kept.rows_kept, kept.rows_quarantined) == (10, 10)


def test_receive_leaves_nothing_half_when_a_late_row_refuses_the_file(tmp_path: Path) -> None:
    rows = "".join(f"{nik(number % 900)};NAMA {number}\n" for number in range(150_000))
    text = f"NIK;NAMA;ALAMAT\n{rows.replace(chr(10), ';A' + chr(10))}" + '1;"SITI;A\n2;BUDI;B\n'

    with pytest.raises(UnbalancedQuote):
        receive_one(write_text(tmp_path, text), tmp_path / "lake")

    assert list(files_below(tmp_path / "lake")) == []


def test_receive_starts_clean_after_it_was_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_text(tmp_path, f"NIK;NAMA\n{nik(1)};SITI\n")
    lake = tmp_path / "lake"

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            receive_one(path, lake)
    assert list(files_below(lake)) == []
    (lake / "receipts/.partial-of-a-dead-process").mkdir()

    assert remove_partial_receipts(lake) == 1
    assert receive_one(path, lake).is_new
    assert remove_partial_receipts(lake) == 0


def test_receive_keeps_files_private(tmp_path: Path) -> None:
    receipt = receive_one(write_text(tmp_path, f"NIK;NAMA\n{nik(1)};SITI\n{nik(1)};SITI\n"), tmp_path / "lake")

    folders = [
        receipt.folder,
        *(parent for parent in receipt.folder.parents if parent.is_relative_to(tmp_path / "lake")),
    ]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files_below(receipt.folder)} == {0o600}
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders[:-1]} == {0o700}


def test_receive_names_rows_by_key_columns_however_they_are_written(tmp_path: Path) -> None:
    plain = receive_one(write_text(tmp_path, f"NIK;NAMA\n{nik(1)};SITI\n"), tmp_path / "lake")
    other = receive_one(write_text(tmp_path, f"NIK;NAMA;ALAMAT\n'{nik(1)}; siti ;B\n", name="b.csv"), tmp_path / "lake")

    assert rows_of(plain)["row_key"].to_pylist() == rows_of(other)["row_key"].to_pylist()


def test_receive_gives_repeated_keys_ordinals_by_content(tmp_path: Path) -> None:
    rows = [f"{nik(1)};SITI;A", f"{nik(1)};SITI;B", f"{nik(1)};SITI;B", f"{nik(2)};BUDI;A", f"{nik(1)};SITI;C"]

    def keys(order: list[int], name: str) -> dict[str, list[str]]:
        text = "NIK;NAMA;ALAMAT\n" + "\n".join(rows[index] for index in order) + "\n"
        table = rows_of(receive_one(write_text(tmp_path, text, name=name), tmp_path / "lake"))
        found: dict[str, list[str]] = {}
        for row in table.to_pylist():
            found.setdefault(f"{row['nama']} {row['alamat']}", []).append(str(row["row_key"]))
        return {what: sorted(those) for what, those in found.items()}

    first, second = keys([0, 1, 2, 3, 4], "a.csv"), keys([4, 2, 3, 0, 1], "b.csv")

    assert first == second
    base = min((key for those in first.values() for key in those if "BUDI" not in key), key=len)
    endings = sorted(key.removeprefix(key[:32]) for what, those in first.items() if "SITI" in what for key in those)
    assert (len(base), endings) == (32, ["", "-1", "-2", "-3"])
    assert first["BUDI A"][0][32:] == ""


def test_receive_orders_repeats_alike_under_the_next_key(tmp_path: Path) -> None:
    lines = "".join(f"{nik(1)};SITI;{kk(number)};{number}\n" for number in range(8))
    path = write_text(tmp_path, f"NIK;NAMA;NO_KK;ALAMAT\n{lines}")

    old = receive_one(path, tmp_path / "old")
    (new,) = receive(
        path,
        contracts=[CADRE],
        lake=tmp_path / "new",
        sealer=Sealer(next_generation(KEY)),
        delivery=Delivery(path, DAY),
    )

    assert rows_of(old)["row_key"].to_pylist() == rows_of(new)["row_key"].to_pylist()
    assert rows_of(old)["nik_index"].to_pylist() != rows_of(new)["nik_index"].to_pylist()


_FIELD = st.sampled_from(["", "SITI", "JUMLAH", "TOTAL", "NIK", "NAMA", "0", "a b", nik(1), '"x"', '"y\nz"'])


@settings(max_examples=80, deadline=None)
@given(rows=st.lists(st.lists(_FIELD, min_size=1, max_size=5), min_size=1, max_size=15))
def test_receive_accounts_for_every_row(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    folder = tmp_path_factory.mktemp("rows")
    lines = [["NIK", "NAMA", "ALAMAT"], [nik(2), "BUDI", "A"], *rows, [nik(3), "ALI", "B"]]

    try:
        receipt = receive_one(write_text(folder, "\n".join(map(";".join, lines)) + "\n"), folder / "lake")
    except TooManyBrokenRows:
        assert list(files_below(folder / "lake")) == []
        return

    kept: list[int] = rows_of(receipt)["row_number"].to_numpy().tolist()
    broken = [number for number, _, _ in quarantine_of(receipt)]
    empty = [number for number, row in enumerate(lines[1:], start=1) if not any(row)]
    assert len(kept) + len(broken) == receipt.rows_in
    assert receipt.empty_rows + receipt.rows_in == len(lines) - 1
    assert not set(kept) & set(broken)
    assert set(range(1, len(lines))) - set(kept) - set(broken) <= set(empty)
    assert kept == sorted(kept)
    assert broken == sorted(broken)
