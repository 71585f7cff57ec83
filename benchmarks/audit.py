"""Measure the audit of a payee list as a user runs it: a million payees of the nation against ten million persons.

The release and the list are of one made-up nation; the list is written by the generator a regency a file, and joined
here into one. The determination of PKH is made before, as `kesos determine` makes it, and is no part of the time. There
is no peer: no free program audits such a list. Figures go to benchmarks/results/audit.json. What was made is kept in
var/bench for the next run.
"""

from __future__ import annotations

import argparse
import codecs
import csv
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import python_calamine
import yaml
from measure import RESULTS, ROOT, Measured, circumstances, keep, run_measured, show_table

SEED: Final = 2026
_GOAL_SECONDS: Final = 60
# Rates of a larger programme, so that ten million persons give a million payees.
_LARGER: Final = {"reach": 0.97, "inclusion_error": 0.36}
_RATES: Final = ROOT / "src" / "kesos" / "synthetic" / "rates.yaml"
_SLOWEST: Final = 12


def main() -> None:
    """Read the options, make what is missing, measure, show and keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=10_000_000, help="persons of the release")
    parser.add_argument("--payees", type=int, default=1_000_000, help="rows of the list, at most")
    options = parser.parse_args()
    folder = ROOT / "var" / "bench" / f"audit-{options.persons}"
    folder.mkdir(parents=True, exist_ok=True)
    rows = _prepare(folder, options.persons, options.payees)
    about = circumstances()
    measured, said = _audit(folder)
    steps = sorted(said["steps"], key=lambda step: -step["seconds"])
    show_table(
        ["step", "rows", "seconds", "peak MB"],
        [[step["name"], step["rows"], step["seconds"], step["peak_mb"]] for step in steps[:_SLOWEST]],
    )
    figures = {name: figure["indicated"] for name, figure in said["indications"].items()}
    show_table(["what", "count"], [["rows", rows], *figures.items(), ["files", len(said["files"])]])
    show_table(
        ["run", "wall s", "goal s", "CPU s", "peak MB"],
        [["audit", measured.wall_seconds, _GOAL_SECONDS, measured.cpu_seconds, measured.peak_mb]],
    )
    result = {
        **about,
        "persons": options.persons,
        "seed": SEED,
        "rows": rows,
        "goal_seconds": _GOAL_SECONDS,
        **measured.figures(),
        "found": said["found"],
        "indicated": figures,
        "files": len(said["files"]),
        "steps": steps,
    }
    keep(result, RESULTS / "audit.json")


def _prepare(folder: Path, persons: int, payees: int) -> int:
    """Make release, determination and list where they are missing; count the rows of the list."""
    lake, payee_list = folder / "lake", folder / "pkh_2026-T3.csv"
    size = ("--persons", str(persons), "--seed", str(SEED))
    if not (lake / "releases").is_dir():
        _kesos(folder, "synth", *size, "--as-release", "--out", str(lake))
    if not (lake / "determinations").is_dir():
        _kesos(folder, "determine", "--programme", "PKH", "--lake", str(lake), "--quiet")
    if not payee_list.is_file():
        with tempfile.TemporaryDirectory(dir=folder) as made:
            rates = yaml.safe_load(_RATES.read_text(encoding="utf-8"))
            rates["pkh"] |= _LARGER
            (Path(made) / "rates.yaml").write_text(yaml.safe_dump(rates), encoding="utf-8")
            more = ("--only", "pkh_payees", "--rates", f"{made}/rates.yaml", "--out", f"{made}/world")
            _kesos(folder, "synth", *size, *more)
            _join(Path(made) / "world" / "sources" / "pkh_payees", payee_list, payees)
    with payee_list.open(encoding="utf-8") as lines:
        return sum(1 for _ in lines) - 1


def _join(folder: Path, payee_list: Path, payees: int) -> None:
    """Write the files of all regencies as one list, each read in its own dialect."""
    written = 0
    with payee_list.with_suffix(".partial").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        for number, path in enumerate(sorted(folder.iterdir())):
            rows = _rows(path)
            header = next(rows)
            if number == 0:
                writer.writerow(header)
            for row in rows:
                if written < payees and len(row) == len(header):
                    writer.writerow(row)
                    written += 1
    payee_list.with_suffix(".partial").rename(payee_list)


def _rows(path: Path) -> Iterator[list[str]]:
    """Read a delivered CSV or spreadsheet from its header on."""
    if path.suffix == ".xlsx":
        sheet = python_calamine.load_workbook(path).get_sheet_by_index(0).to_python()
        start = next(place for place, row in enumerate(sheet) if row[0] == "NIK")
        yield from ([f"{cell:.0f}" if isinstance(cell, float) else str(cell) for cell in row] for row in sheet[start:])
        return
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # A line broken within a letter is no reason to take the rest for another encoding.
        has_mark = data.startswith(codecs.BOM_UTF8)
        text = data.decode("utf-8-sig", "replace") if has_mark else data.decode("cp1252", "replace")
    lines = text.splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith("NIK"))
    yield from csv.reader(lines[first:], delimiter=";" if ";" in lines[first] else ",")


def _audit(folder: Path) -> tuple[Measured, dict[str, Any]]:
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    command = ["audit", "payees", "--list", str(folder / "pkh_2026-T3.csv"), "--programme", "PKH", "--out", str(out)]
    measured = _kesos(folder, *command, "--lake", str(folder / "lake"), "--quiet", "--json")
    return measured, json.loads(measured.output)


def _kesos(folder: Path, *arguments: str) -> Measured:
    program = Path(sys.executable).with_name("kesos")
    return run_measured([program, *arguments], {"KESOS_IDENTITY_KEY_FILE": str(folder / "identity.key")})


if __name__ == "__main__":
    main()
