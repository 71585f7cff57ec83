"""Why a pair weighs what it weighs: one line a comparison, whose millibits add up to the weight exactly."""

from __future__ import annotations

from typing import Final

import numpy as np

from kesos.pipeline.link.compare import compare
from kesos.pipeline.link.encode import LinkTable
from kesos.pipeline.link.evidence import Evidence
from kesos.pipeline.link.model import Model
from kesos.pipeline.link.weights import Estimates, doubt_millibits, evidence, stands_at, within_limits

PRIOR: Final = "prior"
LIMIT: Final = "limit"
DOUBT: Final = "doubt"


def explain_pair(table: LinkTable, left: int, right: int, model: Model, estimates: Estimates) -> list[Evidence]:
    """List the evidence of one pair of rows: the prior, each comparison, and what the limits of a group take back."""
    ones, others = np.array([left], np.int32), np.array([right], np.int32)
    levels = compare(table, ones, others, model)
    lines = [Evidence(PRIOR, "", estimates.prior_millibits)]
    groups = dict.fromkeys(model.groups, 0)
    for place, comparison in enumerate(model.comparisons):
        added = int(evidence(table, comparison, place, ones, levels[:, place], estimates)[0])
        lines.append(Evidence(comparison.name, comparison.level_name(int(levels[0, place])), added))
        if comparison.group is not None:
            groups[comparison.group] += added
    for name in model.groups_inside_out:
        kept = int(within_limits(np.array([groups[name]]), model, name, estimates)[0])
        if kept != groups[name]:
            lines.append(Evidence(LIMIT, name, kept - groups[name]))
        if within := model.groups[name].within:
            groups[within] += kept
    doubts = [doubt for doubt in model.doubts if stands_at(levels, doubt.when, model)[0]]
    return lines + [Evidence(DOUBT, doubt.name, -doubt_millibits(doubt)) for doubt in doubts]
