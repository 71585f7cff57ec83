"""Measure ten programmes over a nation: 10 million persons, 3 million families, facts included.

The release is made once a size and seed, into var/bench. Each run of `make bench-determine` is a process of its own, as
a user would run it. Three programmes are of persons; places are short for those in PLACES, so that ranking and the
draw are in the time. Beside it, in the same run, the peer: the plain oracle of the tests evaluates the same clauses of
the family programmes row by row in Python over a sample of families. It ranks nobody, pays nobody and derives no fact.
Figures go to benchmarks/results/determine.json.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq
from measure import RESULTS, ROOT, Measured, circumstances, keep, run_measured, show_table

from kesos.datasets.lake import Lake
from kesos.datasets.manifest import read_manifest
from kesos.datasets.release_files import dataset_files
from kesos.pipeline.determine.facts.build import make_facts
from kesos.pipeline.determine.facts.request import FactsRequest
from kesos.pipeline.determine.programme_folder import find_programmes
from kesos.pipeline.engine import Engine
from kesos.policy.programme import Unit
from kesos.policy.published import programme_on
from kesos.policy.vocabulary.vocabulary import OPEN, load_vocabulary, receives

sys.path.insert(0, str(ROOT / "tests"))
from oracle.determination import Unit as OracleUnit
from oracle.determination import clause_outcome, eligibility_of
from oracle.published import on_day, read_programme
from oracle.spans import Span

PERSONS: Final = 10_000_000
SEED: Final = 2026
BENCH: Final = ROOT / "var" / "bench"
KESOS: Final = Path(sys.executable).with_name("kesos")
MEMORY: Final = "5GB"
THREADS: Final = 2
PROGRAMMES: Final = (
    *("PBI-JK", "PIP", "SEKOLAH-RAKYAT"),  # of persons
    *("PKH", "SEMBAKO", "BLT-DANA-DESA", "BENCANA-ISI", "BENCANA-JADUP", "BENCANA-EKONOMI"),  # of families
    "RST",  # of dwellings
)
PLACES: Final = {"PBI-JK": 0.5, "SEKOLAH-RAKYAT": 0.02, "PKH": 0.08, "SEMBAKO": 0.15, "RST": 0.03}
"""Places in a regency, by programme, as a share of its families: fewer than are eligible."""

SAMPLE: Final = 20_000
LEAST_SECONDS: Final = 0.3


def main() -> None:
    """Measure, show, and keep the result: in benchmarks/results for the full size, else in var/bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=PERSONS, help="size of the population")
    parser.add_argument("--repeat", type=int, default=2, help="runs; the fastest one is shown")
    chosen = parser.parse_args()
    folder = BENCH / f"determine-{chosen.persons}"
    result: dict[str, Any] = {**circumstances(), "persons": chosen.persons, "seed": SEED}
    result |= {"memory_limit": MEMORY, "threads": THREADS, "programmes": PROGRAMMES, "with_places": PLACES}
    lake = release(folder, chosen.persons)
    quotas = write_quotas(folder, lake)
    shutil.rmtree(lake.root / "determinations", ignore_errors=True)
    runs = [determine(folder, lake, quotas) for _ in range(chosen.repeat)]
    fastest = min(runs, key=lambda measured: measured.wall_seconds)
    told = json.loads(fastest.output)
    result["runs"] = [measured.figures() for measured in runs]
    result["is_the_same_again"] = not json.loads(runs[-1].output)["is_new"] if chosen.repeat > 1 else None
    result["steps"] = told["steps"]
    result["summary"] = told["programmes"]
    result["disk_mb"] = {name: _megabytes(one) for name, one in told["manifest"]["datasets"].items()}
    result["peer"] = row_by_row(lake)
    keep(result, RESULTS / "determine.json" if chosen.persons == PERSONS else folder / "determine.json")
    show(result, fastest)


def release(folder: Path, persons: int) -> Lake:
    """Make the release, once; later runs find it."""
    lake = Lake(folder / "lake")
    if not lake.release_names():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        world: list[str | Path] = ["--persons", str(persons), "--seed", str(SEED), "--out", lake.root]
        run_measured([KESOS, "synth", *world, "--as-release", "--json"], _environment(folder))
    return lake


def write_quotas(folder: Path, lake: Lake) -> Path:
    """Write places for each regency, by its families."""
    families: dict[str, int] = {}
    for path in dataset_files(*_release(lake), "family"):
        for village in pq.read_table(path, columns=["registered_village"])["registered_village"].to_pylist():
            if village:
                families[village[:4]] = families.get(village[:4], 0) + 1
    path = folder / "quotas.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("programme", "area", "quota"))
        for code, share in PLACES.items():
            writer.writerows((code, regency, int(count * share)) for regency, count in sorted(families.items()))
    return path


def determine(folder: Path, lake: Lake, quotas: Path) -> Measured:
    """Determine as a user would."""
    asked = [word for code in PROGRAMMES for word in ("--programme", code)]
    means = ["--memory", MEMORY, "--threads", str(THREADS), "--json", "--quiet"]
    return run_measured(
        [KESOS, "determine", "--lake", lake.root, "--quotas", quotas, *asked, *means], _environment(folder)
    )


def row_by_row(lake: Lake) -> dict[str, Any]:
    """Evaluate the clauses of the family programmes for a sample of families in plain Python, and time only that."""
    folder, manifest = _release(lake)
    known, vocabulary = find_programmes(None), load_vocabulary()
    families = [code for code in PROGRAMMES if known[code].unit is Unit.FAMILY]
    facts = frozenset(
        name
        for code in families
        for clause in programme_on(known[code], manifest.as_of, vocabulary, codes=known).clauses
        for name in clause.rule.facts
    )
    sampled = pq.read_table(dataset_files(folder, manifest, "family")[0], columns=["family_id"])
    chosen = tuple(int(unit) for unit in sampled["family_id"].to_pylist()[:SAMPLE] if unit is not None)
    with Engine(memory="2GB", threads=THREADS) as engine:
        request = FactsRequest(folder, manifest, manifest.as_of, facts, dict.fromkeys(known, ()), only_families=chosen)
        make_facts(engine, request)
        rows = engine.fetch("SELECT * FROM family_facts").to_pylist()
    kinds = {str(level): {n: one.fact.kind.value for n, one in vocabulary.facts.items()} for level in Unit}
    kinds["family"] |= {receives(code): "boolean" for code in known}
    source = ROOT / "src" / "kesos" / "policy" / "programmes"
    days = (on_day(read_programme(source / f"{code.lower()}.yaml"), manifest.as_of, kinds) for code in families)
    published = [programme for programme in days if programme is not None]
    units = [OracleUnit(row["family_id"], row["family_id"], None, None, _spans(row)) for row in rows]
    started = time.perf_counter()
    for programme in published:
        for unit in units:
            eligibility_of([(one, clause_outcome(one, unit, manifest.as_of)) for one in programme.clauses])
    seconds = time.perf_counter() - started
    each = seconds / len(units) / len(published)
    return {
        "what": "plain Python, row by row: clauses and eligibility only; no facts, no benefits, no ranking, one core",
        "families": len(units),
        "programmes": families,
        "seconds": round(seconds, 2),
        "seconds_a_million_outcomes": round(each * 1e6, 1),
    }


def _spans(row: dict[str, Any]) -> dict[str, Any]:
    """Give a row's facts as the oracle has them: a count with an open part is a span."""
    found = {}
    for name, value in row.items():
        left = row.get(name + OPEN)
        is_open = left is not None and value is not None
        found[name] = Span(value, value + left) if is_open else value
    return found


def _release(lake: Lake) -> tuple[Path, Any]:
    folder = lake.existing_release(lake.newest_or(None))
    return folder, read_manifest(folder)


def _environment(folder: Path) -> dict[str, str]:
    return {"KESOS_IDENTITY_KEY_FILE": str(folder / "identity.key")}


def _megabytes(stored: dict[str, Any]) -> float:
    written: int = sum(file["bytes"] for file in stored["files"])
    return round(written / 2**20, 1)


def show(result: dict[str, Any], fastest: Measured) -> None:
    """Print the tables."""
    by_step: dict[str, Any] = {}
    for step in result["steps"]:
        runs, made, seconds, peak = by_step.get(step["step"], (0, 0, 0.0, 0))
        by_step[step["step"]] = (
            runs + 1,
            made + step["rows"],
            seconds + step["seconds"],
            max(peak, step["peak_mb"]),
        )
    rows = sorted(([name, *figures] for name, figures in by_step.items()), key=lambda row: float(row[3]), reverse=True)
    show_table(["step", "runs", "rows", "seconds", "peak MB"], [row for row in rows if row[3] >= LEAST_SECONDS])
    outside = fastest.wall_seconds - sum(row[3] for row in rows)
    print(f"\nOutside steps (start, reading rules, checksums, texts): {outside:.1f} s.\n")
    units = sum(row["units"] for row in result["summary"])
    peer = result["peer"]
    ours = (fastest.wall_seconds, fastest.cpu_seconds, fastest.peak_mb, fastest.wall_seconds / units * 1e6)
    show_table(
        ["what", "outcomes", "wall s", "CPU s", "peak MB", "s a million"],
        [
            ["kesos determine, all included", units, *ours],
            ["row by row in Python, clauses only", peer["families"] * len(peer["programmes"]), peer["seconds"],
             peer["seconds"], "", peer["seconds_a_million_outcomes"]],
        ],
    )  # fmt: skip
    print(f"\nOn disk: {result['disk_mb']}. Goal: 20 s and 6 GB on 2 cores.")


if __name__ == "__main__":
    main()
