"""Give the minimum wages that governors set, a month, by area and day."""

from __future__ import annotations

from datetime import date
from functools import cache

import pyarrow as pa

from kesos.foundation.columns import compute as pc
from kesos.reference.packaged import read_packaged


@cache
def _decreed() -> pa.Table:
    return read_packaged(
        "minimum_wages.csv",
        {
            "area": pa.string(),
            "valid_from": pa.date32(),
            "valid_until": pa.date32(),
            "minimum_wage_idr": pa.int64(),
        },
    )


def minimum_wages(day: date) -> pa.Table:
    """List the minimum wages in force on a day. *Grain*: one row an `area` (Kemendagri); `minimum_wage_idr` a month.

    Only provinces (UMP) of 2025 and 2026 are at hand; a regency with a wage of its own (UMK) would be a row of four
    digits, which counts before that of its province. A day outside these years has no rows.

    >>> minimum_wages(date(2026, 9, 30)).filter(pc.field("area") == "52").to_pylist()
    [{'area': '52', 'minimum_wage_idr': 2673861}]
    >>> minimum_wages(date(2025, 12, 31)).num_rows, minimum_wages(date(2027, 1, 1)).num_rows
    (38, 0)
    """
    on = pa.scalar(day, pa.date32())
    holds = (pc.field("valid_from") <= on) & (pc.field("valid_until") > on)
    return _decreed().filter(holds).select(["area", "minimum_wage_idr"])
