"""The command `kesos` in a process of its own, as an operator runs it, so that it can be watched and killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

_RUN: Final = "from kesos.cli.main import run; run()"


def start(*arguments: str | Path, home: Path) -> subprocess.Popen[str]:
    """Start `kesos` with its key, configuration and language below `home`."""
    surroundings = {
        **os.environ,
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "KESOS_LANG": "en",
        "PYTHONUNBUFFERED": "1",
    }
    return subprocess.Popen(
        [sys.executable, "-c", _RUN, *map(str, arguments)],
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def key_of(home: Path) -> Path:
    """Name the key file that a command run with this home draws and uses."""
    return home / ".config" / "kesos" / "identity.key"
