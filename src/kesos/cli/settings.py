"""The edge: environment and clock are read here and nowhere below."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kesos.datasets.lake import Lake
from kesos.foundation.sealing import IdentityKey, Sealer, create_key, load_key

LANGUAGE_VARIABLE: Final = "KESOS_LANG"
LAKE_VARIABLE: Final = "KESOS_LAKE"
KEY_VARIABLE: Final = "KESOS_IDENTITY_KEY_FILE"


def language() -> str:
    """Read the language of screens: `KESOS_LANG`, else Indonesian."""
    return os.environ.get(LANGUAGE_VARIABLE, "id")


def lake(folder: Path | None) -> Lake:
    """Find the lake: the option, else `KESOS_LAKE`, else var/lake below the current folder."""
    return Lake((folder or Path(os.environ.get(LAKE_VARIABLE, "var/lake"))).absolute())


def key_file() -> Path:
    """Find the identity key: `KESOS_IDENTITY_KEY_FILE`, else kesos/identity.key in the user's config folder."""
    named = os.environ.get(KEY_VARIABLE)
    if named:
        return Path(named)
    config = os.environ.get("XDG_CONFIG_HOME")
    if config:
        return Path(config) / "kesos" / "identity.key"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "kesos" / "identity.key"
    return Path.home() / ".config" / "kesos" / "identity.key"


def identity_key() -> IdentityKey:
    """Open the identity key; at first use draw one, readable by its owner only."""
    path = key_file()
    return load_key(path) if path.exists() else create_key(path)


def sealer() -> Sealer:
    """Open the identity key to seal and to open numbers with it."""
    return Sealer(identity_key())


def now() -> datetime:
    """Read the clock."""
    return datetime.now(UTC)
