"""The files of this repository, as the house tests walk them."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
SOURCE: Final = ROOT / "src"

_NOT_OURS: Final = frozenset({".git", ".venv", "var", "build", "dist", "__pycache__", "node_modules"})
_BINARY: Final = frozenset({".mo", ".parquet", ".xlsx", ".png", ".gz"})


@cache
def tracked_files() -> tuple[Path, ...]:
    """List what git would carry: tracked files, and new ones that it does not ignore.

    Outside a git checkout (an unpacked archive) every file counts that is not plainly made here.
    """
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode == 0:
        names = (ROOT / name for name in listing.stdout.split("\0") if name)
        return tuple(sorted(path for path in names if path.is_file()))
    return tuple(sorted(path for path in ROOT.rglob("*") if path.is_file() and _is_ours(path)))


def _is_ours(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return not any(
        part in _NOT_OURS or part.endswith((".egg-info", "_cache")) or part == ".hypothesis" for part in parts
    )


def text_files() -> tuple[Path, ...]:
    """List tracked files that hold text."""
    return tuple(path for path in tracked_files() if path.suffix not in _BINARY)


def files_below(folder: Path, suffix: str) -> tuple[Path, ...]:
    """List tracked files with this suffix anywhere below a folder."""
    return tuple(path for path in tracked_files() if path.suffix == suffix and path.is_relative_to(folder))


def shown(path: Path) -> str:
    """Write a path as the repository's reader knows it."""
    return path.relative_to(ROOT).as_posix()
