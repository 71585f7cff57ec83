"""What must and what should hold in a finished release, each with how many rows it speaks of and how many break it."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import pyarrow as pa

from kesos.datasets.quality import EXPECTATION
from kesos.pipeline.engine import Engine, read_statement

_FOLDER: Final = files("kesos.pipeline.validate") / "sql_expectation"
_SEVERITIES: Final = ("must", "should")
_SCHEMA: Final = EXPECTATION.arrow_schema()


def run_expectations(engine: Engine, *, as_of: str) -> int:
    """Make the table `expectation` of every statement in `sql_expectation`; return how many `must` are broken.

    *Input*: the tables of a release under the names of their datasets, and a table `known_village` (`village`).
    `as_of` is the day of the release, as 2026-11-20. A statement gives one row: `checked`, `failing`; its
    header says `severity`: a broken *must* stops a release, a broken *should* is only reported.
    """
    rows = []
    for file in sorted(_FOLDER.iterdir(), key=lambda entry: entry.name):
        statement = read_statement(file)
        severity = statement.header["severity"]
        if severity not in _SEVERITIES:
            raise ValueError(f"{file.name}: severity must be one of {_SEVERITIES}")
        engine.run(statement, as_of=as_of)
        counts = engine.fetch(statement.name).to_pylist()[0]
        engine.drop(statement.name)
        rows.append({"expectation": statement.name, "severity": severity, **counts})
    engine.load("expectation", pa.Table.from_pylist(rows, schema=_SCHEMA))
    return sum(row["severity"] == "must" and row["failing"] > 0 for row in rows)
