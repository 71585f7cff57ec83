"""What speaks for and against one person behind two records, step by step: the waterfall that an operator reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

PRIOR: Final = (-1, 0)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One step of the waterfall: what was compared, how it came out, and what it weighs in millibits."""

    comparison: str
    level: str
    weight_millibits: int


def waterfall_of(levels: str | None, weight: int | None, model: Sequence[dict[str, Any]]) -> list[Evidence]:
    """Say what the prior and each comparison of a pair weighed, from its packed levels and the rows of link_model.

    The last step holds what stands in no level: how rare a shared value is, and what caps take back. A pair that was
    not weighed has no steps; a comparison of something unknown has none either.

    >>> names = ("comparison_order", "level_order", "comparison", "level", "weight_millibits")
    >>> rows = [dict(zip(names, row)) for row in [(-1, 0, "prior", "", -7000), (0, 1, "name", "equal", 9000)]]
    >>> [(step.comparison, step.weight_millibits) for step in waterfall_of("1", 2500, rows)]
    [('prior', -7000), ('name', 9000), ('rarity_and_caps', 500)]
    """
    if levels is None or weight is None:
        return []
    by_level = {(row["comparison_order"], row["level_order"]): row for row in model}
    reached = [by_level.get(PRIOR), *(by_level.get((place, int(digit, 16))) for place, digit in enumerate(levels))]
    steps = [Evidence(row["comparison"], row["level"], row["weight_millibits"]) for row in reached if row is not None]
    rest = weight - sum(step.weight_millibits for step in steps)
    return [*steps, Evidence("rarity_and_caps", "", rest)]
