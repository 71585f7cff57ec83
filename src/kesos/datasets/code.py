"""Which code made a release: one hash over every file of the package that can change a value."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import kesos

_SUFFIXES: Final = (".py", ".sql", ".yaml", ".csv")


def code_sha256() -> str:
    """Hash the package: path and content of each source file, in the order of their paths."""
    root = Path(kesos.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.suffix in _SUFFIXES):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(b"\0")
        digest.update(path.read_bytes())
        digest.update(b"\0")
    return digest.hexdigest()
