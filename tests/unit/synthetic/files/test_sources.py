"""The four sources of a world: layout, truth beside them, the same bytes whatever the number of processes."""

import csv
import hashlib
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from kesos.synthetic.files.sources import WrittenSources, write_sources
from kesos.synthetic.rates import load_rates

RATES = load_rates()
WITHOUT_BROKEN_LINES = RATES.model_copy(update={"rows": RATES.rows.model_copy(update={"broken": 0.0})})


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, WrittenSources]:
    out = tmp_path_factory.mktemp("world")
    return out, write_sources(out, persons=6_000, seed=7, areas=["5204"], rates=WITHOUT_BROKEN_LINES, workers=1)


def _rows(out: Path, written: WrittenSources, source: str, file: str) -> list[dict[str, str]]:
    path = next(each.path for each in written.files if (each.source, each.file) == (source, file))
    content = (out / "sources" / path).read_bytes()
    text = content.decode("utf-8-sig") if b"\x92" not in content else content.decode("cp1252")
    lines = text.splitlines()
    lines = lines[1:] if lines[0].startswith("DAFTAR") else lines
    return list(csv.DictReader(lines, delimiter=";" if lines[0].count(";") > 3 else ","))


def _contract(source: str, file: str) -> dict[str, Any]:
    text = (resources.files("kesos.pipeline.sources") / source / "contract.yaml").read_text(encoding="utf-8")
    columns: dict[str, Any] = yaml.safe_load(text)["files"][file]["columns"]
    return columns


def _digests(out: Path) -> dict[str, str]:
    found = sorted(path for path in out.rglob("*") if path.is_file())
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


@pytest.mark.parametrize(
    ("source", "file"), [("dtsen", "family"), ("dtsen", "person"), ("dukcapil", "person"), ("pkh_payees", "person")]
)
def test_write_sources_uses_the_columns_of_the_contract(
    world: tuple[Path, WrittenSources], source: str, file: str
) -> None:
    header = {name.lower() for name in _rows(*world, source, file)[0]}

    contract = _contract(source, file)
    required = {name for name, column in contract.items() if column.get("column") == "required"}
    aliases = {alias.replace("*", "2026") for column in contract.values() for alias in column.get("aliases", [])}
    assert required <= header
    assert header - set(contract) - aliases == set()


def test_write_sources_describes_every_delivery(world: tuple[Path, WrittenSources]) -> None:
    out, written = world

    described = yaml.safe_load((out / "sources" / "deliveries.yaml").read_text(encoding="utf-8"))["files"]

    assert sorted(described) == sorted(each.path for each in written.files)
    assert {(entry["source"], entry["file"]) for entry in described.values()} == {
        ("dtsen", "family"),
        ("dtsen", "person"),
        ("dukcapil", "person"),
        ("pkh_payees", "person"),
        ("death_reports", "person"),
    }
    assert all(entry["covers"]["areas"] == ["5204"] for entry in described.values())
    assert {entry["covers"]["until"] for entry in described.values()} == {date(2026, 9, 30)}


def test_write_sources_knows_the_truth_of_every_row(world: tuple[Path, WrittenSources]) -> None:
    out, written = world

    records = pq.read_table(out / "truth" / "record")
    persons = pq.read_table(out / "truth" / "person")

    assert records.num_rows == sum(each.rows for each in written.files)
    assert persons.num_rows == written.persons == 6_000
    rows = _rows(out, written, "dukcapil", "person")
    about = [row for row in records.to_pylist() if row["source"] == "dukcapil"]
    niks = {row["person_key"]: row["nik"] for row in persons.to_pylist()}
    assert [row["row_number"] for row in about] == list(range(1, len(rows) + 1))
    assert [row["NIK"] for row in rows] == [niks[row["person_key"]] for row in about]


def test_write_sources_lists_nobody_in_a_family_that_is_not_listed(world: tuple[Path, WrittenSources]) -> None:
    families = _rows(*world, "dtsen", "family")
    members = _rows(*world, "dtsen", "person")

    cards = {row["nomor_kartu_keluarga"] for row in families}

    assert {row["nomor_kartu_keluarga"] for row in members} <= cards
    assert sum(int(row["jumlah_anggota_keluarga"]) for row in families) == len(members)


def test_write_sources_pays_mostly_low_deciles(world: tuple[Path, WrittenSources]) -> None:
    members = _rows(*world, "dtsen", "person")

    paid = [row for row in members if row["bansos"]]

    beyond = sum(int(row["desil_nasional_anggota"] or 0) > 4 for row in paid) / len(paid)
    assert len(paid) > 150
    assert beyond == pytest.approx(RATES.pkh.inclusion_error, abs=0.05)


def test_write_sources_gives_the_same_bytes_with_one_process_and_two(tmp_path: Path) -> None:
    for name, workers in (("one", 1), ("two", 2)):
        write_sources(tmp_path / name, persons=1_500, seed=3, areas=["5204", "7471"], rates=RATES, workers=workers)

    assert _digests(tmp_path / "one") == _digests(tmp_path / "two")
    assert len(_digests(tmp_path / "one")) == 2 * (5 + 4) + 1


def test_write_sources_of_another_seed_are_other_people(tmp_path: Path) -> None:
    for seed in (1, 2):
        write_sources(tmp_path / str(seed), persons=300, seed=seed, areas=["5204"], rates=RATES, workers=1)

    first, second = (pq.read_table(tmp_path / seed / "truth" / "person") for seed in ("1", "2"))
    assert not first["nik"].equals(second["nik"])
