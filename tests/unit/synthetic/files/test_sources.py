"""The sources of a world: layout, truth beside them, the same bytes whatever the number of processes."""

import csv
import hashlib
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml

from kesos.synthetic.files.kinds import DEATHS, DTKS_DAY, KINDS, P3KE_DAY, REGSOSEK_DAY
from kesos.synthetic.files.patterns import held_out_variants, known_variants, patterns
from kesos.synthetic.files.sources import UnknownSourceName, WrittenSources, write_sources
from kesos.synthetic.population.words import name_words
from kesos.synthetic.rates import load_rates

RATES = load_rates()
SPELLINGS = {
    patterns()[number].name
    for word in name_words().text
    for _, number in [*known_variants(word), *held_out_variants(word)]
}
WITHOUT_BROKEN_LINES = RATES.model_copy(update={"rows": RATES.rows.model_copy(update={"broken": 0.0})})


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, WrittenSources]:
    out = tmp_path_factory.mktemp("world")
    return out, write_sources(out, persons=6_000, seed=7, areas=["5204"], rates=WITHOUT_BROKEN_LINES, workers=1)


def _rows(out: Path, written: WrittenSources, source: str, file: str) -> list[dict[str, str]]:
    return _read(out, next(each.path for each in written.files if (each.source, each.file) == (source, file)))


def _rows_of(out: Path, written: WrittenSources, source: str, regency: str) -> list[dict[str, str]]:
    return _read(out, next(each.path for each in written.files if each.source == source and each.areas == (regency,)))


def _read(out: Path, path: str) -> list[dict[str, str]]:
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


@pytest.mark.parametrize(("source", "file"), [(kind.source, kind.file) for kind in KINDS if kind != DEATHS])
def test_write_sources_uses_the_columns_of_the_contract(
    world: tuple[Path, WrittenSources], source: str, file: str
) -> None:
    header = {name.lower() for name in _rows(*world, source, file)[0]}

    contract = _contract(source, file)
    required = [name for name, column in contract.items() if column.get("column") == "required"]
    aliases = {alias.replace("*", "2026") for column in contract.values() for alias in column.get("aliases", [])}
    assert [name for name in required if not header & {name, *contract[name].get("aliases", [])}] == []
    assert header - set(contract) - aliases == set()


def test_write_sources_describes_every_delivery(world: tuple[Path, WrittenSources]) -> None:
    out, written = world

    described = yaml.safe_load((out / "sources" / "deliveries.yaml").read_text(encoding="utf-8"))["files"]

    assert sorted(described) == sorted(each.path for each in written.files)
    assert {(entry["source"], entry["file"]) for entry in described.values()} == {
        (kind.source, kind.file) for kind in KINDS
    }
    assert all(entry["covers"]["areas"] == ["5204"] for entry in described.values())
    until = {entry["source"]: entry["covers"]["until"] for entry in described.values()}
    assert until["dtsen"] == date(2026, 9, 30)
    assert (until["dtks"], until["p3ke"], until["regsosek"]) == (DTKS_DAY, P3KE_DAY, REGSOSEK_DAY)


def test_write_sources_knows_the_truth_of_every_row(world: tuple[Path, WrittenSources]) -> None:
    out, written = world

    records = pq.read_table(out / "truth" / "record")
    persons = pq.read_table(out / "truth" / "person")

    assert records.num_rows == sum(each.rows for each in written.files)
    assert persons.num_rows == written.persons == 6_000
    rows = _rows(out, written, "dukcapil", "person")
    about = [row for row in records.to_pylist() if row["source"] == "dukcapil"]
    niks = {row["person_key"]: (row["nik"], row["nik_second"]) for row in persons.to_pylist()}
    assert [row["row_number"] for row in about] == list(range(1, len(rows) + 1))
    assert all(row["NIK"] in niks[truth["person_key"]] for row, truth in zip(rows, about, strict=True))


def test_write_sources_writes_only_the_sources_asked_for(tmp_path: Path) -> None:
    written = write_sources(
        tmp_path, persons=200, seed=1, areas=["5204"], rates=RATES, workers=1, only=["dtks", "wages"]
    )

    assert [each.source for each in written.files] == ["wages", "dtks"]
    assert sorted(path.name for path in (tmp_path / "sources").iterdir()) == ["deliveries.yaml", "dtks", "wages"]


def test_write_sources_refuses_a_source_it_does_not_know(tmp_path: Path) -> None:
    with pytest.raises(UnknownSourceName, match="no source dtkss"):
        write_sources(tmp_path, persons=200, seed=1, areas=["5204"], rates=RATES, only=["dtkss"])


def test_write_sources_marks_the_rows_with_patterns_that_are_held_out(world: tuple[Path, WrittenSources]) -> None:
    out, _ = world
    held_out = {pattern.name for pattern in patterns() if pattern.is_held_out}

    records = pq.read_table(out / "truth" / "record").to_pylist()

    assert all(row["is_held_out"] == bool(held_out & set(row["patterns"])) for row in records)
    varied = [name for row in records for name in row["patterns"] if name in SPELLINGS]
    assert np.mean([name in held_out for name in varied]) == pytest.approx(1 / 3, abs=0.05)


def test_write_sources_sends_records_to_the_regency_where_a_family_lived(tmp_path: Path) -> None:
    written = write_sources(
        tmp_path, persons=12_000, seed=4, areas=["5203", "5204"], rates=WITHOUT_BROKEN_LINES, workers=1
    )

    rows = [row for kind in ("5203", "5204") for row in _rows_of(tmp_path, written, "dtks", kind)]
    records = [row for row in pq.read_table(tmp_path / "truth" / "record").to_pylist() if row["source"] == "dtks"]
    persons = {row["person_key"]: row for row in pq.read_table(tmp_path / "truth" / "person").to_pylist()}
    arrived = [row for row in records if persons[row["person_key"]]["residence_village"][:4] not in row["path"]]
    assert len(rows) == len(records) == sum(each.rows for each in written.files if each.source == "dtks")
    assert 10 < len(arrived) < 0.1 * len(records)
    assert not (tmp_path / "exchange").exists()
    for regency in ("5203", "5204"):
        listed = _rows_of(tmp_path, written, "dtks", regency)
        assert {row["KODE_DESA"][:4] for row in listed} == {regency}
        about = sorted((row for row in records if f"/{regency}-" in row["path"]), key=lambda row: row["row_number"])
        assert [row["row_number"] for row in about] == list(range(1, len(listed) + 1))
        sexes = ["L" if persons[truth["person_key"]]["sex"] == 1 else "P" for truth in about]
        assert [row["JENIS_KELAMIN"] for row in listed] == sexes


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
        write_sources(tmp_path / name, persons=3_000, seed=3, areas=["5204", "7471"], rates=RATES, workers=workers)

    assert _digests(tmp_path / "one") == _digests(tmp_path / "two")
    delivered = [path for path in _digests(tmp_path / "one") if path.startswith("sources/")]
    assert len(delivered) == 2 * len(KINDS) + 1


def test_write_sources_of_another_seed_are_other_people(tmp_path: Path) -> None:
    for seed in (1, 2):
        write_sources(tmp_path / str(seed), persons=300, seed=seed, areas=["5204"], rates=RATES, workers=1)

    first, second = (pq.read_table(tmp_path / seed / "truth" / "person") for seed in ("1", "2"))
    assert not first["nik"].equals(second["nik"])
