"""Measure the generator as a user runs it: source files of a nation, and a release-shaped one; memory and rate.

The peer is the generator itself without sealing or dirt: `people` makes the same persons and writes nothing, so that
what files, seals and checksums cost can be read off. Figures go to benchmarks/results/synth.json.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from measure import RESULTS, Measured, circumstances, keep, run_measured, show_table

SEED: Final = 2026
_PEOPLE: Final = """
import sys
from kesos.synthetic.rates import load_rates
from kesos.synthetic.world import generate
persons, seed = int(sys.argv[1]), int(sys.argv[2])
for regency in generate(persons, seed, None, load_rates()):
    for part in regency.parts():
        pass
"""


def main() -> None:
    """Read the options, measure, show and keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=1_000_000, help="persons of the source files")
    parser.add_argument("--release-persons", type=int, default=10_000_000, help="persons of the release shape")
    options = parser.parse_args()
    about = circumstances()
    out = Path(tempfile.mkdtemp(prefix="kesos-bench-"))
    try:
        runs = {
            "people": (options.persons, _people(options.persons)),
            "sources": (options.persons, _kesos(out / "sources", options.persons)),
            "release": (options.release_persons, _kesos(out / "release", options.release_persons, "--as-release")),
        }
    finally:
        shutil.rmtree(out, ignore_errors=True)
    rows = [
        [name, persons, run.wall_seconds, persons / run.wall_seconds, run.cpu_seconds / persons * 1e6, run.peak_mb]
        for name, (persons, run) in runs.items()
    ]
    show_table(["what", "persons", "wall s", "persons a s", "CPU us a person", "peak MB"], rows)
    figures = {name: {"persons": persons, **run.figures()} for name, (persons, run) in runs.items()}
    keep({**about, "seed": SEED, "workers": 2, "runs": figures}, RESULTS / "synth.json")


def _people(persons: int) -> Measured:
    return run_measured([sys.executable, "-c", _PEOPLE, str(persons), str(SEED)])


def _kesos(out: Path, persons: int, *more: str) -> Measured:
    program = Path(sys.executable).with_name("kesos")
    command = [program, "synth", "--persons", str(persons), "--seed", str(SEED), "--out", out, *more]
    return run_measured(command, {"KESOS_IDENTITY_KEY_FILE": str(out.with_suffix(".key"))})


if __name__ == "__main__":
    main()
