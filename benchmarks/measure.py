"""What every bench needs: run a command as a child and measure it, say on which machine and of which code, keep it."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = ROOT / "benchmarks" / "results"
_LIBRARIES: Final = ("duckdb", "pyarrow", "numpy", "rapidfuzz", "cryptography")


@dataclass(frozen=True, slots=True)
class Measured:
    """One command as it ran: `cpu_seconds` is user and system time of the child and all that it waited for.

    `peak_mb` is the largest resident memory of a single process among them, as the kernel counts it.
    """

    wall_seconds: float
    cpu_seconds: float
    peak_mb: int
    output: str

    def figures(self) -> dict[str, float]:
        """Give the figures without the output."""
        return {
            "wall_seconds": round(self.wall_seconds, 2),
            "cpu_seconds": round(self.cpu_seconds, 2),
            "peak_mb": self.peak_mb,
        }


def run_measured(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> Measured:
    """Run a command to its end; its errors are shown, its output is kept. A failure ends the bench."""
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        child = subprocess.Popen(command, stdout=output, env={**os.environ, **(environment or {})})
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - started
        # wait4 has taken the child's end; without this Popen would look for it in vain.
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode()
    if child.returncode:
        sys.exit(f"exit {child.returncode}: {' '.join(map(str, command))}")
    peak_kb = usage.ru_maxrss // 1024 if sys.platform == "darwin" else usage.ru_maxrss
    return Measured(wall, usage.ru_utime + usage.ru_stime, peak_kb // 1024, text)


def circumstances() -> dict[str, object]:
    """Say when, of which code, with which libraries and on which machine figures were taken."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _git("rev-parse", "HEAD") or "none",
        "is_dirty": bool(_git("status", "--porcelain")),
        "machine": {
            "cores": os.cpu_count(),
            "cpu": _cpu_model(),
            "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
            "system": f"{platform.system()} {platform.release()}",
            "load_before": round(os.getloadavg()[0], 2),
        },
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in _LIBRARIES},
    }


def keep(result: Mapping[str, object], path: Path) -> None:
    """Write a result where it is looked for."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def show_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table: the first column to the left, the others to the right."""
    shown = [[_shown(cell) for cell in row] for row in rows]
    widths = [max(len(row[place]) for row in [list(columns), *shown]) for place in range(len(columns))]
    for row in [list(columns), ["-" * width for width in widths], *shown]:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        print("  ".join(cells).rstrip())


def _shown(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:,.2f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def _git(*arguments: str) -> str:
    said = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return said.stdout.strip()


def _cpu_model() -> str:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text(encoding="utf-8").splitlines() if facts.is_file() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()
