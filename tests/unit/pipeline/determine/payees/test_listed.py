"""A payee list is read as any source is: by its contract, with the same refusals, every row counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kesos.foundation.errors import Refused
from kesos.foundation.sealing import Sealer, draw_key
from kesos.pipeline.determine.payees.listed import ListOfOtherProgramme, LoadedList, NotAPayeeList, load_list
from kesos.pipeline.engine import Engine
from kesos.pipeline.release.check import check_file
from kesos.pipeline.sources.catalogue import find_sources
from kesos.pipeline.sources.deliveries import Delivery

SEALER = Sealer(draw_key())
SOURCES = find_sources()
DAY = date(2026, 9, 30)
PKH_HEADER = "NIK,NO_KK,NAMA_PENERIMA,TGL_LAHIR,ALAMAT,KODE_DESA,TAHAP,KOMPONEN,NOMINAL,STATUS_SALUR"
SITI = (
    "5204094403809001,5204091201109001,SITI AMINAH,1980-03-04,DUSUN A RT 1 RW 2,5204092010,2026-T3,sd ,225000,BERHASIL"
)


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(memory="500MB", threads=1) as engine:
        yield engine


def written(folder: Path, *lines: str, name: str = "pkh_2026-T3.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def load(
    engine: Engine,
    path: Path,
    *,
    names: Mapping[str, tuple[str, ...]] | None = None,
    source: str | None = None,
) -> LoadedList:
    folder = path.parent / "private"
    folder.mkdir()
    programme_names = names or {"PKH": ("Program Keluarga Harapan",)}
    delivery = Delivery(path, DAY, source=source)
    return load_list(engine, delivery, programme_names=programme_names, sources=SOURCES, sealer=SEALER, folder=folder)


def rows(engine: Engine, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = engine.fetch(f"SELECT * FROM {table} ORDER BY row_number").to_pylist()
    return found


def test_load_list_standardises_what_the_audit_needs(engine: Engine, tmp_path: Path) -> None:
    listed = load(engine, written(tmp_path, "DAFTAR PENERIMA", PKH_HEADER, SITI))

    (row,) = rows(engine, "payee_row")
    assert (listed.rows_in, listed.rows_audited, listed.rows_set_aside) == (1, 1, 0)
    assert (row["row_number"], row["line_number"]) == (1, 3)
    assert (row["name_normal"], row["birth_date"], row["village"]) == ("SITI AMINAH", date(1980, 3, 4), "5204092010")
    assert (row["period"], row["component"]) == ("2026-T3", "SD")
    assert (row["amount_idr"], row["amount_a_year_idr"]) == (225_000, 900_000)
    assert row["nik_index"] == SEALER.blind_index("520409" + "440380" + "9001", "nik")


def test_load_list_pays_a_month_twelve_times_a_year(engine: Engine, tmp_path: Path) -> None:
    load(engine, written(tmp_path, PKH_HEADER, SITI.replace("2026-T3", "2026-07")))

    assert [row["amount_a_year_idr"] for row in rows(engine, "payee_row")] == [2_700_000]


def test_load_list_counts_rows_set_aside_with_their_reasons(engine: Engine, tmp_path: Path) -> None:
    broken = SITI.replace("225000", "belum ada")
    listed = load(engine, written(tmp_path, PKH_HEADER, SITI, broken, SITI, "nothing"))

    assert (listed.rows_in, listed.rows_audited, listed.rows_set_aside) == (4, 1, 3)
    assert [(row["row_number"], row["reason"]) for row in rows(engine, "set_aside_row")] == [
        (2, "not_an_amount"),
        (3, "repeated_row"),
        (4, "too_few_fields"),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (PKH_HEADER,),
        ("A,B,C", "1,2,3"),
        (PKH_HEADER.replace("NAMA_PENERIMA", "X"), SITI),
        ('"' + PKH_HEADER, SITI),
    ],
    ids=["empty", "header alone", "stranger", "without names", "open quote"],
)
def test_load_list_refuses_a_malformed_list_as_any_source(
    engine: Engine, tmp_path: Path, lines: tuple[str, ...]
) -> None:
    path = written(tmp_path, *lines)
    with pytest.raises(Refused) as by_source_check:
        check_file(Delivery(path, DAY), sources=SOURCES, sealer=SEALER)

    with pytest.raises(Refused) as by_audit:
        load(engine, path)

    assert type(by_audit.value) is type(by_source_check.value)
    assert str(by_audit.value) == str(by_source_check.value)


def test_load_list_refuses_a_workbook_of_bytes_that_are_none(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "pkh_2026-T3.xlsx"
    path.write_bytes(b"PK\x03\x04 this is no workbook")

    with pytest.raises(Refused):
        load(engine, path)


def test_load_list_refuses_a_table_of_families(engine: Engine, tmp_path: Path) -> None:
    sample = (SOURCES["dtsen"].folder / "family.sample.csv").read_text(encoding="utf-8")
    path = written(tmp_path, sample.rstrip("\n"), name="keluarga_2026-09-30.csv")

    with pytest.raises(NotAPayeeList) as refusal:
        load(engine, path)

    assert refusal.value.fields == {"file": "keluarga_2026-09-30.csv", "tables": 0}


OWNER_HEADER = "NAMA,NIK,TANGGAL_LAHIR,ALAMAT,KODE_DESA,PROGRAM,PERIODE,NOMINAL"


def owner_rows(*programmes: str) -> list[str]:
    return [f"SITI {n},,1980-03-0{n},DUSUN A,5204092010,{name},2026-T3,100000" for n, name in enumerate(programmes, 1)]


def test_load_list_takes_the_rows_of_the_programme_however_it_is_spelt(engine: Engine, tmp_path: Path) -> None:
    names = ("PKH", "program keluarga-harapan", "BPNT", "")
    listed = load(engine, written(tmp_path, OWNER_HEADER, *owner_rows(*names)), source="owner_list")

    assert (listed.rows_in, listed.rows_audited, listed.rows_set_aside) == (4, 2, 2)
    assert [row["row_number"] for row in rows(engine, "payee_row")] == [1, 2]
    assert [(row["row_number"], row["programme"]) for row in rows(engine, "other_programme_row")] == [
        (3, "BPNT"),
        (4, None),
    ]


def test_load_list_that_names_no_programme_is_taken_whole(engine: Engine, tmp_path: Path) -> None:
    listed = load(engine, written(tmp_path, OWNER_HEADER, *owner_rows("", "")), source="owner_list")

    assert (listed.rows_in, listed.rows_audited) == (2, 2)


def test_load_list_of_another_programme_is_refused(engine: Engine, tmp_path: Path) -> None:
    path = written(tmp_path, OWNER_HEADER, *owner_rows("BPNT"))

    with pytest.raises(ListOfOtherProgramme) as refusal:
        load(engine, path, source="owner_list")

    assert refusal.value.fields == {"file": "pkh_2026-T3.csv", "named": "BPNT", "programme": "PKH"}


def test_load_list_leaves_stopped_members_of_pbi_aside(engine: Engine, tmp_path: Path) -> None:
    header = "NOKA,NIK,NO_KK,NAMA,TGL_LAHIR,JENIS_KELAMIN,KODE_DESA,STATUS_PESERTA"
    lines = [
        f"000900000000{n},,,SITI {n},1980-03-0{n},P,5204092010,{state}" for n, state in ((1, "AKTIF"), (2, "NON AKTIF"))
    ]
    listed = load(engine, written(tmp_path, header, *lines), names={"PBI-JK": ("PBI",)})

    assert (listed.rows_in, listed.rows_audited, listed.rows_set_aside) == (2, 1, 1)
