"""Measure the linker on a synthetic nation, beside Splink 5 on the same table in the same run. `make bench-link`.

The sources are made once a size and seed, and standardised once, into var/bench/link. Each linker runs in a process of
its own, reads the same Parquet and ends in clusters, which are scored pairwise against the truth. Ours runs once, with
the model of releases and no threshold chosen by hand; of Splink's thresholds the best by F1 is taken, which favours it.
A release joins beforehand what people answered and what a number makes certain; here evidence stands alone.
Figures go to benchmarks/results/link_nation.json.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq
from link_records import PERSON
from measure import RESULTS, ROOT, circumstances, keep, run_measured, show_table

from kesos.pipeline.evaluate.evaluation import evaluate
from kesos.pipeline.link.by_evidence import release_model, release_model_sha256
from kesos.pipeline.link.encode import LinkTable
from kesos.pipeline.link.run import link_table

PERSONS: Final = 250_000
"""About a million rows of sources."""

SEED: Final = 7411
"""Never used while the model was made; 2026 and 501 were."""

KEPT: Final = ROOT / "var" / "bench" / "link"
_KESOS: Final = "from kesos.cli.main import run; run()"
_HERE: Final = Path(__file__).parent
_COLUMNS: Final = ("linker", "precision", "recall", "f1", "CPU s", "wall s", "peak MB")


def main() -> None:
    """Read the options, make the table, run both linkers, score, show and keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, nargs="+", default=[PERSONS])
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--without-splink", action="store_true")
    parser.add_argument("--link", type=Path, help="only link these records with ours and write --out")
    parser.add_argument("--out", type=Path, help="clusters as Parquet")
    options = parser.parse_args()
    if options.link:
        print(json.dumps(link(options.link, options.out, options.seed)))
        return
    about = circumstances()
    sizes = []
    for persons in options.persons:
        sizes.append(_measure(persons, options.seed, without_splink=options.without_splink))
        result = {**about, "seed": options.seed, "splink": version("splink"), "model_sha256": release_model_sha256()}
        keep({**result, "sizes": sizes}, RESULTS / "link_nation.json")


def made_records(persons: int, seed: int, *more: str) -> Path:
    """Make the records of a world, unless they are there; sources are removed again."""
    name = "-".join([str(seed), str(persons), *(Path(option).stem for option in more[1:])])
    records = KEPT / f"{name}.parquet"
    if not records.exists():
        folder = KEPT / name
        size = ["--persons", str(persons), "--seed", str(seed)]
        run_measured([sys.executable, "-c", _KESOS, "synth", *size, "--out", folder, *more])
        run_measured([sys.executable, _HERE / "link_records.py", folder / "sources", folder / "truth", records])
        shutil.rmtree(folder)
    return records


def link(records: Path, out: Path, seed: int) -> list[dict[str, Any]]:
    """Link records with ours and write the clusters: what the measured child does. *Output*: its steps."""
    model = release_model()
    table = LinkTable.of(pq.read_table(records), model)
    linked = link_table(table, model, seed=seed)
    pq.write_table(linked.clusters.rename_columns(["record_id", "person_id"]), out)
    return [asdict(step) for step in linked.steps]


def score(records: Path, clusters: Path) -> dict[str, Any]:
    """Score clusters against the truth, pairwise and as whole persons."""
    truth = pq.read_table(records, columns=["record_id", PERSON]).rename_columns(["record_id", "person_key"])
    overall = evaluate(pq.read_table(clusters), truth).overall.to_dict()
    return {"records": overall["records"], "pairs": overall["pairs"], "clusters": overall["clusters"]}


def _measure(persons: int, seed: int, *, without_splink: bool) -> dict[str, Any]:
    records = made_records(persons, seed)
    with tempfile.TemporaryDirectory(prefix="kesos-bench-") as folder:
        out = Path(folder) / "ours.parquet"
        command: list[str | Path] = [sys.executable, __file__, "--link", records, "--out", out, "--seed", str(seed)]
        measured = run_measured(command)
        steps = json.loads(measured.output)
        runs = {"kesos": {**score(records, out), **measured.figures(), "steps": steps}}
        if not without_splink:
            runs["splink"] = _splink(records, Path(folder) / "splink")
    print(f"\n{pq.read_metadata(records).num_rows:,} records of {persons:,} persons, seed {seed}\n")
    show_table(_COLUMNS, [[name, *_quality(run), *_costs(run)] for name, run in runs.items()])
    print()
    columns = ("step", "made", "wall s", "CPU s", "peak MB")
    show_table(columns, [list(step.values()) for step in steps])
    return {"persons": persons, "linkers": runs}


def _splink(records: Path, out: Path) -> dict[str, Any]:
    measured = run_measured([sys.executable, _HERE / "splink_peer.py", records, out])
    scored = {path.stem: score(records, path) for path in sorted(out.glob("*.parquet"))}
    best = max(scored, key=lambda weight: scored[weight]["pairs"]["f1"])
    thresholds = {weight: one["pairs"] for weight, one in scored.items()}
    return {
        **scored[best],
        **measured.figures(),
        "threshold": best,
        "thresholds": thresholds,
        "steps": json.loads(measured.output.splitlines()[-1]),
    }


def _quality(run: dict[str, Any]) -> list[str]:
    return [f"{run['pairs'][key]:.4f}" for key in ("precision", "recall", "f1")]


def _costs(run: dict[str, Any]) -> list[object]:
    return [run["cpu_seconds"], run["wall_seconds"], run["peak_mb"]]


if __name__ == "__main__":
    main()
