"""Measure a release build: time and memory of each step, of the whole, and of the generator. `make bench-release`.

The sources are made once a size and seed, into var/bench. Beside the build runs a floor: plain DuckDB over the same
files (see release_floor.py for all that it does not do). It is no test: nothing here fails for being slow.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any, Final, NamedTuple

from measure import RESULTS, ROOT, Measured, circumstances, keep, run_measured, show_table

PERSONS: Final = 1_000_000
FOUR_SOURCES: Final = ("dtsen", "dukcapil", "pkh_payees", "death_reports")
SEED: Final = 2026
BENCH: Final = ROOT / "var" / "bench"
KESOS: Final = Path(sys.executable).with_name("kesos")
FLOOR: Final = Path(__file__).with_name("release_floor.py")
MEMORY: Final = "8GB"
THREADS: Final = 2
LEAST_SHARE: Final = 0.005
LEAST_MB: Final = 50


class StepRow(NamedTuple):
    """All runs of one step: what they made and took, the peak after the last, and by how much they raised it."""

    name: str
    runs: int
    rows: int
    seconds: float
    peak_mb: int
    grew_mb: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where one size is measured; all of it may be removed."""

    folder: Path

    @property
    def sources(self) -> Path:
        """Name the folder of the files to build from."""
        return self.folder / "world" / "sources"

    @property
    def lake(self) -> Path:
        """Name the lake, which is new for every build."""
        return self.folder / "lake"

    @property
    def environment(self) -> dict[str, str]:
        """Give the bench a key of its own."""
        return {"KESOS_IDENTITY_KEY_FILE": str(self.folder / "identity.key")}


def main() -> None:
    """Measure, show, and keep the result: in benchmarks/results for the full size, else in var/bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=PERSONS, help="size of the population")
    parser.add_argument("--repeat", type=int, default=1, help="builds; the fastest one is shown")
    chosen = parser.parse_args()
    place = Place(BENCH / f"release-{chosen.persons}")
    result: dict[str, Any] = {**circumstances(), "persons": chosen.persons, "seed": SEED}
    result |= {"memory_limit": MEMORY, "threads": THREADS}
    result["generator"] = generate(place, chosen.persons)
    builds = [build(place) for _ in range(chosen.repeat)]
    result["floor"] = floor(place)
    fastest = min(builds, key=lambda measured: measured.wall_seconds)
    told = json.loads(fastest.output)
    result["builds"] = [measured.figures() for measured in builds]
    result["counts"] = told["manifest"]["counts"]
    result["inputs"] = [
        {key: one[key] for key in ("source", "file", "original_name", "rows_in")} for one in told["manifest"]["inputs"]
    ]
    result["steps"] = told["steps"]
    result["disk_mb"] = {name: disk_mb(place.lake / name) for name in ("receipts", "releases")}
    path = RESULTS / "release.json" if chosen.persons == PERSONS else place.folder / "release.json"
    keep(result, path)
    show(result, fastest)
    print(f"\nKept in {path.relative_to(ROOT)}")


def generate(place: Place, persons: int) -> dict[str, Any]:
    """Make the sources, once; later runs show what it took then."""
    kept = place.folder / "generator.json"
    if not kept.is_file():
        shutil.rmtree(place.folder, ignore_errors=True)
        place.folder.mkdir(parents=True)
        world = ["--persons", str(persons), "--seed", str(SEED), "--out", str(place.folder / "world"), "--json"]
        # The four sources that a kabupaten holds at the least, so that figures compare over versions.
        four = [word for source in FOUR_SOURCES for word in ("--only", source)]
        measured = run_measured([KESOS, "synth", *world, *four], place.environment)
        figures = measured.figures() | {"persons_a_second": round(persons / measured.wall_seconds)}
        keep({**circumstances(), **figures}, kept)
    figures = json.loads(kept.read_text(encoding="utf-8"))
    return {key: figures[key] for key in ("date", "wall_seconds", "cpu_seconds", "peak_mb", "persons_a_second")}


def build(place: Place) -> Measured:
    """Build the release into a new lake, as a user would."""
    shutil.rmtree(place.lake, ignore_errors=True)
    options: list[str | Path] = [
        "--sources",
        place.sources,
        "--lake",
        place.lake,
        "--release",
        "2026-T4",
        "--since",
        "none",
    ]
    means = ["--memory", MEMORY, "--threads", str(THREADS), "--json", "--quiet"]
    return run_measured([KESOS, "release", "build", *options, *means], place.environment)


def floor(place: Place) -> dict[str, Any]:
    """Run the floor over the same files."""
    options: list[str | Path] = ["--sources", place.sources, "--lake", place.lake, "--out", place.folder / "floor"]
    measured = run_measured([sys.executable, FLOOR, *options])
    return {**json.loads(measured.output), **measured.figures()}


def disk_mb(folder: Path) -> int:
    """Add up the files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) // 2**20


def show(result: dict[str, Any], fastest: Measured) -> None:
    """Print the tables."""
    counts, floor_figures, generator = result["counts"], result["floor"], result["generator"]
    steps = step_rows(result["steps"])
    shown = [step for step in steps if step.seconds >= LEAST_SHARE * fastest.wall_seconds or step.grew_mb >= LEAST_MB]
    rest = sum(step.seconds for step in steps if step not in shown)
    print("\nSteps, slowest first. Peak: largest memory of the process so far; grew: by how much the step raised it.\n")
    show_table(["step", "runs", "rows", "seconds", "peak MB", "grew MB"], shown)
    outside = fastest.wall_seconds - sum(step.seconds for step in steps)
    print(f"\n{len(steps) - len(shown)} smaller steps took {rest:.1f} s together.")
    print(f"Outside steps (start, receiving: reading, sealing, storing; checksums): {outside:.1f} s.\n")
    made = (generator["wall_seconds"], generator["cpu_seconds"], generator["peak_mb"])
    built = (fastest.wall_seconds, fastest.cpu_seconds, fastest.peak_mb)
    read = (floor_figures["wall_seconds"], floor_figures["cpu_seconds"], floor_figures["peak_mb"])
    rows = [
        ["kesos synth", result["persons"], *made, round(result["persons"] / made[0])],
        ["kesos release build", counts["rows_in"], *built, round(counts["rows_in"] / built[0])],
        ["floor: DuckDB, read and GROUP BY nik", floor_figures["rows_read"], *read,
         round(floor_figures["rows_read"] / read[0])],
    ]  # fmt: skip
    show_table(["command", "rows", "wall s", "CPU s", "peak MB", "rows a second"], rows)
    disk = result["disk_mb"]
    print(
        f"\n{counts['persons']:,} persons, {counts['families']:,} families; {counts['rows_quarantined']:,} rows aside."
    )
    print(f"On disk: receipts {disk['receipts']:,} MB, release {disk['releases']:,} MB.")
    left_out = len(floor_figures["files_left_out"])
    print(f"The floor left {left_out} XLSX files unread, and did none of the checking, sealing, linking, lineage:")
    print("it is the cost of reading alone.")


def step_rows(steps: list[dict[str, Any]]) -> list[StepRow]:
    """Give a row a step, those of one name together: a build checks and maps once a delivered file."""
    rows: dict[str, StepRow] = {}
    before = 0
    for step in steps:
        name, peak = step["step"], step["peak_mb"]
        earlier = rows.get(name, StepRow(name, 0, 0, 0.0, 0, 0))
        rows[name] = StepRow(
            name,
            earlier.runs + 1,
            earlier.rows + step["rows"],
            earlier.seconds + step["seconds"],
            peak,
            earlier.grew_mb + peak - before,
        )
        before = peak
    return sorted(rows.values(), key=attrgetter("seconds"), reverse=True)


if __name__ == "__main__":
    main()
