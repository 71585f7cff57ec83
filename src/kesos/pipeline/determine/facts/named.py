"""Which lines of the files beside a release name somebody whom the release does not know: nothing is lost silently."""

from __future__ import annotations

from importlib import resources
from typing import Any, Final

import pyarrow as pa

from kesos.foundation.columns import complete_texts, one_chunk
from kesos.foundation.columns import compute as pc
from kesos.pipeline.determine.facts.sheet import LINE
from kesos.pipeline.determine.facts.units import AREA
from kesos.pipeline.engine import Engine

SQL: Final = resources.files("kesos.pipeline.determine.facts") / "sql"
_TYPES: Final[dict[str, pa.DataType]] = {
    "kind": pa.string(),
    LINE: pa.int64(),
    "identifier": pa.string(),
    "about": pa.string(),
    "unit": pa.string(),
    "unit_id": pa.int64(),
    "code": pa.string(),
}
_NAMED: Final = pa.schema(_TYPES)


def named_rows(kind: str, sheet: pa.Table, units: pa.Table, *, identifier: str, about: str) -> pa.Table:
    """Give the lines of a file with the unit that each is about; `identifier` and `about` name columns of the sheet.

    `units` has `unit`, `unit_id` (after merges) and, for areas, `code`.
    """
    columns: list[Any] = [pa.repeat(kind, sheet.num_rows), sheet[LINE], sheet[identifier], sheet[about]]
    return pa.table([*columns, *(one_chunk(units[name]) for name in ("unit", "unit_id", "code"))], schema=_NAMED)


def not_found(engine: Engine, rows: list[pa.Table]) -> pa.Table:
    """Give those lines whose unit is in no table of facts, and whose area holds no village of the release."""
    engine.load("named_row", pa.concat_tables([_NAMED.empty_table(), *rows]))
    engine.load("known_area", pa.table({"code": pa.array(_known_areas(engine, rows), pa.string())}))
    engine.run(SQL / "050_not_found.sql")
    found = engine.fetch("SELECT * FROM not_found ORDER BY kind, line")
    engine.drop("named_row", "known_area", "not_found")
    return found


def _known_areas(engine: Engine, rows: list[pa.Table]) -> list[str]:
    """List the areas that lines name and in which a village of the release lies; a village lies in itself."""
    areas = (table.filter(pc.field("unit") == AREA)["code"] for table in rows)
    named = {code for codes in areas for code in complete_texts(pc.unique(codes))}
    if not named:
        return []
    villages = complete_texts(engine.fetch("SELECT village FROM known_village")["village"])
    lengths = {len(code) for code in named}
    return sorted(named & {village[:length] for village in villages for length in lengths})
