"""Measure the synthetic population: persons a second and memory, of people alone, of all sources, of a release shape.

Run: `python benchmarks/synth.py --persons 1000000 --workers 2`. Prints one line a measurement.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from kesos.foundation.sealing import draw_key
from kesos.synthetic.files.sources import write_sources
from kesos.synthetic.rates import load_rates
from kesos.synthetic.release_shaped import write_release_shaped
from kesos.synthetic.world import generate

_KB_IN_MB = 1024


def _cpu_seconds() -> float:
    own, children = os.times(), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.user + own.system + children.ru_utime + children.ru_stime


def _peak_mb() -> int:
    """Give the largest memory of any one process so far."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(kind).ru_maxrss for kind in kinds) // _KB_IN_MB


def _measure(what: str, persons: int, work: Callable[[], object]) -> None:
    start, cpu = time.perf_counter(), _cpu_seconds()
    work()
    seconds, used = time.perf_counter() - start, _cpu_seconds() - cpu
    print(
        f"{what:<10} {persons:>10,} persons {seconds:8.1f} s {persons / seconds:>10,.0f} persons/s"
        f" {used / persons * 1e6:6.1f} CPU-us a person, peak {_peak_mb():,} MB a process"
    )


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--areas", nargs="*", default=None)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", choices=("people", "sources", "release"))
    options = parser.parse_args()
    rates, persons = load_rates(), options.persons
    out = Path(tempfile.mkdtemp(prefix="kesos-bench-"))
    works: dict[str, Callable[[], object]] = {
        "people": lambda: [
            part.persons["key"].size
            for regency in generate(persons, 1, options.areas, rates)
            for part in regency.parts()
        ],
        "sources": lambda: write_sources(
            out / "sources", persons=persons, seed=1, areas=options.areas, rates=rates, workers=options.workers
        ),
        "release": lambda: write_release_shaped(
            persons, 1, out / "release", options.areas, draw_key(), rates=rates, workers=options.workers
        ),
    }
    try:
        for what, work in works.items():
            if options.only in (None, what):
                _measure(what, persons, work)
    finally:
        shutil.rmtree(out, ignore_errors=True)


if __name__ == "__main__":
    main()
