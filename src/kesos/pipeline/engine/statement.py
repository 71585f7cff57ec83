"""A step's SQL file: one SELECT below a header that says what it gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Final

from kesos.foundation.errors import Refused

HEADER_KEYS: Final = ("grain", "inputs", "rerun", "time")
_HEADER: Final = re.compile(r"^--\s*(\w+):\s*(.*)$")
_PARAMETER: Final = re.compile(r"\$([a-z_][a-z0-9_]*)")
_NUMBER: Final = re.compile(r"^\d+_")


class BrokenStatement(Refused):
    """A `.sql` file of a step does not have the shape that the engine runs."""

    what = "SQL file {file} has no header line for: {missing}."
    remedy = "Begin it with `-- grain:`, `-- inputs:`, `-- rerun:` and `-- time:` lines, then one SELECT."


@dataclass(frozen=True, slots=True)
class Statement:
    """One SELECT with its header, the parameters it names, and the table name that its file suggests."""

    name: str
    sql: str
    header: dict[str, str]
    parameters: frozenset[str]


def read_statement(file: Traversable) -> Statement:
    """Read a numbered `.sql` file: `020_nik_pair.sql` makes table `nik_pair`.

    *Raises* BrokenStatement when a header line is missing.
    """
    text = file.read_text(encoding="utf-8")
    matches = (_HEADER.match(line) for line in text.splitlines())
    header = {match[1]: match[2] for match in matches if match}
    missing = [key for key in HEADER_KEYS if key not in header]
    if missing:
        raise BrokenStatement(file=file.name, missing=", ".join(missing))
    body = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--")).strip()
    name = _NUMBER.sub("", file.name.removesuffix(".sql")).replace(".", "_")
    return Statement(name, body.rstrip(";"), header, frozenset(_PARAMETER.findall(body)))
