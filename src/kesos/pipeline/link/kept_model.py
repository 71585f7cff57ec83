"""The linker's model as a release keeps it: every level with what it was estimated to weigh."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from kesos.datasets.linkage import LINK_MODEL
from kesos.pipeline.link.evidence import PRIOR
from kesos.pipeline.link.model import NULL, Model
from kesos.pipeline.link.weights import Estimates

_PPM: Final = 1_000_000
_PER_TRILLION: Final = 10**12


def model_table(model: Model, estimates: Estimates) -> pa.Table:
    """Give the rows of dataset link_model: the prior odds, then every level of every comparison but the unknown one.

    How many pairs reached a level is left unknown: the linker counts whole patterns.
    """
    prior = {
        "comparison_order": PRIOR[0],
        "level_order": PRIOR[1],
        "comparison": "prior",
        "level": "",
        "weight_millibits": estimates.prior_millibits,
    }
    levels = [
        {
            "comparison_order": place,
            "level_order": level,
            "comparison": comparison.name,
            "level": comparison.level_name(level),
            "m_ppm": round(float(estimates.m[place, level]) * _PPM),
            "u_per_trillion": round(float(estimates.u[place, level]) * _PER_TRILLION),
            "weight_millibits": int(estimates.weights[place, level]),
        }
        for place, comparison in enumerate(model.comparisons)
        for level in range(NULL + 1, comparison.else_level + 1)
    ]
    return pa.Table.from_pylist([prior, *levels], LINK_MODEL.arrow_schema())
