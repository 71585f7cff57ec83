"""How far the linker holds when the world is another: error rates, duplicates, seeds. `make bench-link-sensitivity`.

Every error rate of the generator halved, as it is, and half as much again; 0, 2 and 5 % of persons twice in Dukcapil;
two seeds that were never used while the model was made. One table of F1 a seed; no figure is tuned for a cell.
Figures go to benchmarks/results/link_sensitivity.json.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq
import yaml
from link_nation import KEPT, made_records, score
from measure import RESULTS, circumstances, keep, run_measured, show_table

from kesos.pipeline.link.by_evidence import release_model_sha256
from kesos.synthetic.rates import Rates, load_rates

PERSONS: Final = 25_000
"""About 100,000 records a cell."""

SEEDS: Final = (60601, 70707)
FACTORS: Final = (0.5, 1.0, 1.5)
DUPLICATES: Final = (0.0, 0.02, 0.05)
GOAL: Final = 0.98
_NATION: Final = Path(__file__).with_name("link_nation.py")


def main() -> None:
    """Read the options, measure every cell, show and keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=PERSONS)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    options = parser.parse_args()
    about = {**circumstances(), "model_sha256": release_model_sha256()}
    cells: list[dict[str, Any]] = []
    for seed in options.seeds:
        for factor in FACTORS:
            for duplicates in DUPLICATES:
                cells.append(_cell(options.persons, seed, factor, duplicates))
                # Kept after each cell: a long run that is cut short has said something.
                keep({**about, "persons": options.persons, "goal": GOAL, "cells": cells},
                     RESULTS / "link_sensitivity.json")  # fmt: skip
    columns = ("seed, errors x", *(f"duplicates {share:.0%}" for share in DUPLICATES))
    width = len(DUPLICATES)
    rows = [cells[start : start + width] for start in range(0, len(cells), width)]
    show_table(columns, [[f"{row[0]['seed']}, {row[0]['errors']}", *map(_shown, row)] for row in rows])
    print(f"\nF1 (precision / recall). Below {GOAL}: {sum(cell['f1'] < GOAL for cell in cells)} of {len(cells)} cells.")


def _shown(cell: dict[str, Any]) -> str:
    return f"{cell['f1']:.4f} ({cell['precision']:.4f} / {cell['recall']:.4f})"


def rates_of(factor: float, duplicates: float) -> Rates:
    """Multiply every error rate, and set the share of persons who stand twice in Dukcapil."""
    rates = load_rates().scaled(factor)
    return rates.model_copy(update={"dukcapil": rates.dukcapil.model_copy(update={"duplicates": duplicates})})


def _cell(persons: int, seed: int, factor: float, duplicates: float) -> dict[str, Any]:
    KEPT.mkdir(parents=True, exist_ok=True)
    rates = KEPT / f"errors-{factor}-duplicates-{duplicates}.yaml"
    rates.write_text(yaml.safe_dump(rates_of(factor, duplicates).model_dump()), encoding="utf-8")
    records = made_records(persons, seed, "--rates", str(rates))
    with tempfile.TemporaryDirectory(prefix="kesos-bench-") as folder:
        out = Path(folder) / "clusters.parquet"
        measured = run_measured([sys.executable, _NATION, "--link", records, "--out", out, "--seed", str(seed)])
        pairs = score(records, out)["pairs"]
    print(json.dumps({"seed": seed, "errors": factor, "duplicates": duplicates, "f1": round(pairs["f1"], 4)}))
    count = pq.read_metadata(records).num_rows
    return {
        "seed": seed,
        "errors": factor,
        "duplicates": duplicates,
        "records": count,
        **pairs,
        **measured.figures(),
    }


if __name__ == "__main__":
    main()
