"""Ten thousand families with a registry's troubles: facts missing, moved, old; the wealthy among them; files beside."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import pyarrow as pa
from pyarrow import parquet

from kesos.datasets.catalogue import dataset
from kesos.datasets.lake import Lake
from kesos.datasets.manifest import Input, Manifest, StoredDataset, read_manifest, stored_file
from kesos.foundation.sealing import IdentityKey
from kesos.synthetic.rates import load_rates
from kesos.synthetic.shaped_manifest import World as Nation
from kesos.synthetic.shaped_manifest import write_synthetic_release
from oracle.determination import months_before

Row = dict[str, Any]
KEY: Final = IdentityKey(1, bytes(range(64)), b"i" * 32, b"r" * 32)
PERSONS: Final = 33_000
AREAS: Final = ("5204", "9202", "9211")
SEED: Final = 20260930
UNLISTED: Final = {
    "school_list": ("PIP", "Kartu Indonesia Pintar", "KUSUKA"),
    "relief_list": ("BENCANA-JADUP", "jadup", "Sembako", "BLTS 2025"),
}
"""Programmes as sources name them that report payments; the file of members must leave most of them out."""

DIFFICULTIES: Final = (
    "seeing", "hearing", "walking", "using_hands", "learning", "behaviour", "speaking", "self_care", "remembering",
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """A lake with one release, its rows as written, and the folder for files that offices hand in."""

    lake: Lake
    release: str
    folder: Path
    manifest: Manifest
    persons: tuple[Row, ...]
    families: tuple[Row, ...]
    dwellings: tuple[Row, ...]
    person_records: tuple[Row, ...]
    benefits: tuple[Row, ...]


def make_world(root: Path, persons: int = PERSONS) -> World:
    """Write the release of a synthetic world, and damage it with a fixed seed."""
    lake = Lake(root / "lake")
    nation = Nation(persons, 7, list(AREAS), load_rates(), 1)
    manifest = write_synthetic_release(lake, nation, key=KEY)
    folder = lake.release(manifest.name)
    rng = Random(SEED)
    tables = {name: _rows(folder, manifest, name) for name in ("person", "family", "dwelling")}
    for row in tables["dwelling"]:
        _damage_dwelling(rng, row)
    for row in tables["family"]:
        _damage_family(rng, row, manifest.as_of)
    for row in tables["person"]:
        _damage_person(rng, row, manifest.as_of)
    _send_away(rng, tables["person"], tables["family"])
    tables["person_record"], tables["benefit"] = _payments(rng, tables["person"])
    stored = {name: _rewrite(folder, name, rows) for name, rows in tables.items()}
    manifest = manifest.model_copy(update={"datasets": {**manifest.datasets, **stored}, "inputs": _complete_lists()})
    manifest.write(folder)
    offices = root / "offices"
    offices.mkdir()
    held = {f"{name}s" if name != "family" else "families": tuple(rows) for name, rows in tables.items()}
    return World(lake, manifest.name, offices, read_manifest(folder), **held)


def _complete_lists() -> tuple[Input, ...]:
    """Say where and when some sources were complete: now, until lately, long ago, and only from next year on."""
    return tuple(
        Input(
            source=source, file="person", original_name=f"{source}.csv", sha256="0" * 64, delivery=f"{source}-{place}",
            delivered_on=date(2026, 9, 1), contract="1", rows_in=0, rows_kept=0, rows_quarantined=0,
            covers={"areas": areas, "from": first, "until": until},
        )
        for place, (source, areas, first, until) in enumerate(
            (
                ("civil_servants", ["5204"], "2024-01-01", None),
                ("civil_servants", ["9202"], "2020-01-01", "2023-01-01"),
                ("wages", ["92"], "2025-06-01", "2026-01-15"),
                ("wages", ["520408"], "2027-01-01", None),
                ("school_list", ["5204", "9211"], "2025-01-01", "2026-07-01"),
            )
        )
    )  # fmt: skip


def _payments(rng: Random, persons: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Let two sources report payments of programmes that the file of members does not name; some old, some ahead."""
    living = [row["person_id"] for row in persons if row["life_status"] != "dead"]
    records, payments = [], []
    for number, person in enumerate(sorted(rng.choices(living, k=len(living) // 8)), start=1):
        source = rng.choice(("school_list", "relief_list"))
        day = date(2026, 9, 30) - timedelta(days=rng.randint(0, 900))
        records.append(
            {
                "record_id": number, "source": source, "delivery": source, "row_number": number,
                "row_key": f"{number:032d}", "delivered_on": day, "observed_on": day,
                "person_id": person, "link_rule": "made up",
            }
        )  # fmt: skip
        name = rng.choice(UNLISTED[source])
        period = rng.choice((None, "2026-T3", "2026-T4", "2025-T3", "2025-09", "2025-10", "2024-T1", "2026-09"))
        payments.append({"record_id": number, "person_id": person, "programme": name, "benefit_period": period})
    return records, payments


def _rows(folder: Path, manifest: Manifest, name: str) -> list[Row]:
    files = [folder / file.path for file in manifest.datasets[name].files]
    return [row for file in files for row in parquet.read_table(file).to_pylist()]


def _rewrite(folder: Path, name: str, rows: Sequence[Row]) -> StoredDataset:
    (folder / name).mkdir(exist_ok=True)
    for old in (folder / name).iterdir():
        old.unlink()
    path = folder / name / "part-00000.parquet"
    parquet.write_table(
        pa.Table.from_pylist(list(rows), schema=dataset(name).arrow_schema()), path, row_group_size=2048
    )
    return StoredDataset(
        version=dataset(name).version, rows=len(rows), files=(stored_file(path, within=folder, rows=len(rows)),)
    )


def _lose(rng: Random, row: Row, chance: float, *names: str) -> None:
    for name in names:
        if rng.random() < chance:
            row[name] = None


def _age_facts(rng: Random, row: Row, as_of: date) -> None:
    if rng.random() < 0.25:
        edge = months_before(as_of, rng.choice((9, 12, 24, 60)))  # the last day that counts, and the day before it
        row["facts_as_of"] = rng.choice((as_of - timedelta(days=rng.randint(1, 2200)), edge, edge - timedelta(days=1)))
    _lose(rng, row, 0.02, "facts_as_of")


def _move(rng: Random, row: Row) -> None:
    """Set the registered village and the village of residence apart, or lose one."""
    if rng.random() < 0.06:
        row["residence_village"] = rng.choice(("5204081006", "5204081003", "9202121003", "5204132005"))
    _lose(rng, row, 0.02, "registered_village", "residence_village")


def _damage_person(rng: Random, row: Row, as_of: date) -> None:
    _lose(rng, row, 0.04, "birth_date", "school_participation_code", "education_level_code", "pregnant_code")
    _lose(rng, row, 0.03, "is_working_code", "chronic_illness_code", "business_sector_code", "relation_code")
    _lose(rng, row, 0.01, "sex", "life_status")
    for name in DIFFICULTIES:
        _lose(rng, row, 0.006, f"difficulty_{name}_code")
    if rng.random() < 0.03:
        for name in rng.sample(DIFFICULTIES, rng.randint(1, 3)):
            row[f"difficulty_{name}_code"] = rng.choice((1, 1, 2))
    if rng.random() < 0.05:
        row["is_civil_servant"] = rng.random() < 0.4
    if rng.random() < 0.15:
        row["wage_per_month_idr"] = rng.choice((rng.randrange(500_000, 9_000_000), 0, 2_673_861, 2_673_862, 3_841_000))
    if row["birth_date"] and rng.random() < 0.03:  # a birthday on the day itself, or the day after it
        row["birth_date"] = date(as_of.year - rng.randint(1, 80), as_of.month, as_of.day) + timedelta(rng.randint(0, 1))
    _age_facts(rng, row, as_of)
    _move(rng, row)


def _damage_family(rng: Random, row: Row, as_of: date) -> None:
    if rng.random() < 0.05:
        row["official_decile"] = None
    if row["official_score"] is not None and rng.random() < 0.5:  # equal scores, which a lottery must settle
        row["official_score"] = round(row["official_score"], 1)
    if rng.random() < 0.06 and row["official_period"]:
        row["official_period"] = rng.choice(("2026-T2", "2025-T4", "2025-T3", None))
    _lose(rng, row, 0.04, "official_score", "tenure_code", "has_car", "pbi_national", "pbi_local", "dwelling_id")
    _age_facts(rng, row, as_of)
    _move(rng, row)


def _damage_dwelling(rng: Random, row: Row) -> None:
    names = [name for name in row if name.endswith("_code") or name == "floor_area_m2"]
    _lose(rng, row, 0.03, "village", *names)


def _send_away(rng: Random, persons: Sequence[Row], families: Sequence[Row]) -> None:
    """Let one living person in a hundred be in no family; where it was the head, the family has none."""
    of_id = {row["family_id"]: row for row in families}
    for row in persons:
        family = of_id.get(row["family_id"])
        if family is not None and rng.random() < 0.01:
            family["active_members"] -= 1
            if family["head_person_id"] == row["person_id"]:
                family["head_person_id"] = None
            row |= {"family_id": None, "relation_code": None}


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """Write a file as an office hands it in: a header, and rows of text."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def shuffle_release(world: World, root: Path) -> Lake:
    """Copy a world's lake, with the rows of its release in another order."""
    lake, rng = Lake(root / "lake"), Random(1)
    shutil.copytree(world.lake.root, lake.root)
    for name in ("person", "family", "dwelling", "person_record", "benefit"):
        path = lake.release(world.release) / name / "part-00000.parquet"
        table = parquet.read_table(path)
        parquet.write_table(table.take(rng.sample(range(table.num_rows), table.num_rows)), path, row_group_size=1500)
    return lake


def shuffle_rows(path: Path, root: Path) -> Path:
    """Copy a file that was handed in, with its rows in another order."""
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    Random(2).shuffle(lines)
    copy = root / path.name
    copy.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return copy
