"""Give the official figures of 514 regencies on which a synthetic population and a check of an estimate stand."""

from __future__ import annotations

from functools import cache

import pyarrow as pa

from kesos.foundation.columns import compute as pc
from kesos.reference.areas import villages
from kesos.reference.packaged import read_packaged


@cache
def regency_figures() -> pa.Table:
    """List population and poverty. *Grain*: one row a `regency` (Kemendagri, 4 digits); nothing is missing.

    `population_2024`: persons registered, second half of 2024 (Dukcapil). `poverty_line_2025_idr`: IDR a person a
    month. `p0_2025_percent`, `p1_2025_percent`, `p2_2025_percent`: share of poor people, poverty gap, severity, in
    percent (BPS, March 2025). `hdi_2025`: human development index. `kelurahan_per_mille`: *kelurahan* of 1,000
    villages, a rough sign of how urban the regency is; no official urban share of this year is at hand.

    >>> regency_figures().filter(pc.field("regency") == "1101").to_pylist()[0]["poverty_line_2025_idr"]
    538174
    """
    figures = read_packaged(
        "regencies.csv",
        {
            "regency": pa.string(),
            "population_2024": pa.int64(),
            "poverty_line_2025_idr": pa.int64(),
            "p0_2025_percent": pa.float64(),
            "p1_2025_percent": pa.float64(),
            "p2_2025_percent": pa.float64(),
            "hdi_2025": pa.float64(),
        },
    )
    kinds = villages().select(["regency", "kind"])
    counts = kinds.append_column("is_kelurahan", pc.cast(pc.equal(kinds["kind"], "kelurahan"), pa.int64()))
    shares = counts.group_by("regency").aggregate([("is_kelurahan", "sum"), ("is_kelurahan", "count")])
    per_mille = pc.divide(pc.multiply(shares["is_kelurahan_sum"], 1000), shares["is_kelurahan_count"])
    shares = pa.table({"regency": shares["regency"], "kelurahan_per_mille": per_mille})
    return figures.join(shares, "regency", join_type="left outer").sort_by("regency").combine_chunks()
