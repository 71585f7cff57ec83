"""What holds for everybody of a village: minimum wage, remoteness, coverage of sources, what offices state of areas.

All of it is looked up once for each distinct village, by the longest code of an area that the village lies in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import pyarrow as pa

from kesos.datasets.manifest import Manifest
from kesos.foundation.columns import Values, map_distinct
from kesos.pipeline.determine.facts.derivation import months_before
from kesos.pipeline.engine import Engine
from kesos.pipeline.sources.contract import Covers
from kesos.reference.minimum_wages import minimum_wages
from kesos.reference.remote_regencies import remote_regencies

COVERED_BY: Final = "covered_by_"
MINIMUM_WAGE: Final = "minimum_wage_idr"
REMOTE: Final = "remote_regency"
_LENGTHS: Final = (10, 6, 4, 2)


@dataclass(frozen=True, slots=True)
class AreaColumn:
    """A value for each area code, and the type of its column; a village in none of the areas has `otherwise`."""

    values: Mapping[str, object]
    type: pa.DataType
    otherwise: object = None

    def of(self, village: str) -> object:
        """Give the value of the smallest area that the village lies in.

        >>> AreaColumn({"52": 1, "5204": 2}, pa.int64()).of("5204082001")
        2
        """
        inside = (village[:length] for length in _LENGTHS if len(village) >= length)
        return next((self.values[area] for area in inside if area in self.values), self.otherwise)


def wage_column(as_of: date) -> AreaColumn:
    """Give the minimum wage of a month."""
    wages = minimum_wages(as_of).to_pylist()
    return AreaColumn({row["area"]: row[MINIMUM_WAGE] for row in wages}, pa.int64())


def remote_column() -> AreaColumn:
    """Tell whether a village lies in a disadvantaged regency."""
    return AreaColumn(dict.fromkeys(remote_regencies(), True), pa.bool_(), otherwise=False)


def coverage_column(manifest: Manifest, sources: frozenset[str], as_of: date, months: int) -> AreaColumn:
    """Tell where one of these sources lists everybody whom it concerns, as it declares.

    A coverage that ended counts as an observation of its last day, for as many months as the fact may be old; one that
    begins after the day says nothing of it.
    """
    areas: dict[str, object] = {}
    for item in manifest.inputs:
        covers = Covers.model_validate(item.covers) if item.covers and item.source in sources else None
        if covers is None or covers.valid_from > as_of:
            continue
        last = as_of if covers.valid_until is None else covers.valid_until - timedelta(days=1)
        if last >= months_before(as_of, months):
            areas |= {area.replace(".", ""): True for area in covers.areas}
    return AreaColumn(areas, pa.bool_(), otherwise=False)


def make_area_facts(engine: Engine, columns: Mapping[str, AreaColumn], villages: str) -> str:
    """Make table `area_fact`: a row a village of the SELECT `villages`, with these columns; return its name."""
    table = engine.fetch(villages)
    codes = table["village"].combine_chunks()
    made: dict[str, Any] = {"village": codes}
    for name, column in columns.items():
        made[name] = _looked_up(codes, column)
    engine.load("area_fact", pa.table(made))
    return "area_fact"


def _looked_up(codes: Values, column: AreaColumn) -> Values:
    return map_distinct(codes, column.of, column.type)
