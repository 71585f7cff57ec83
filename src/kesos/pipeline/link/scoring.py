"""What a row of the key index says for being the person who is sought: a small explicit score in millibits.

The linker's own weights are estimated from a release; these stand for a question that one person asks, over the same
comparisons, and are only as sharp as ranking needs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa

from kesos.foundation.columns import Values
from kesos.pipeline.link.evidence import Evidence
from kesos.pipeline.link.key_index import DAY_1970, UNKNOWN, Ints, KeyIndex
from kesos.pipeline.link.sought import Sought
from kesos.pipeline.standardise.names import names_agree

Weights: TypeAlias = "dict[int, tuple[str, int]]"

# Level → its name and what it says in millibits: log2 of how much more often it is seen of one person than of two.
# An equal name says as much as it is rare, between the two limits. Level -1 is unknown on one side and says nothing.
_NIK: Final[Weights] = {1: ("equal", 20_000), 0: ("different", -3_000)}
_NAME: Final[Weights] = {
    3: ("equal", 14_000), 2: ("compatible", 7_000), 1: ("resembling", 2_500), 0: ("different", -6_000),
}  # fmt: skip
_BIRTH: Final[Weights] = {
    3: ("equal", 11_000), 2: ("one_part_differs", 5_500), 1: ("same_year", 2_500), 0: ("different", -5_000),
}  # fmt: skip
_SEX: Final[Weights] = {1: ("equal", 1_000), 0: ("different", -5_000)}
_VILLAGE: Final[Weights] = {
    3: ("same_village", 7_000), 2: ("same_district", 4_000), 1: ("same_regency", 2_000), 0: ("elsewhere", -1_000),
}  # fmt: skip
_MOTHER: Final[Weights] = {
    3: ("equal", 7_000), 2: ("compatible", 4_500), 1: ("resembling", 1_500), 0: ("different", -2_500),
}  # fmt: skip
_TABLES: Final = {"nik": _NIK, "name": _NAME, "birth_date": _BIRTH, "sex": _SEX, "village": _VILLAGE, "mother": _MOTHER}
_RAREST: Final = 14_000
_COMMONEST: Final = 2_000
_NOT_COMPARED: Final = ("unknown", 0)


@dataclass(frozen=True, slots=True)
class Scored:
    """Rows weighed: total and, for each comparison, level and weight of every row."""

    weight_millibits: Ints
    prior_millibits: int
    levels: dict[str, Ints]
    weights: dict[str, Ints]

    def evidence(self, place: int) -> tuple[Evidence, ...]:
        """Give the waterfall of one row; it adds up to the row's weight."""
        steps = [
            Evidence(name, _TABLES[name].get(int(levels[place]), _NOT_COMPARED)[0], int(self.weights[name][place]))
            for name, levels in self.levels.items()
            if levels[place] != UNKNOWN
        ]
        return (Evidence("prior", "one_of_all_persons", self.prior_millibits), *steps)


def plain_score(index: KeyIndex, asked: Sought, rows: Ints) -> Scored:
    """Weigh rows for being the person asked for; the prior is that of one person among all of the release."""
    column = {name: values[rows] for name, values in index.rows.items()}
    levels = {
        "nik": _equality(column["nik"], asked.nik),
        "name": _name_levels(index.names, column["name"], asked.name),
        "birth_date": _birth_levels(column["birth"], asked),
        "sex": _equality(column["sex"], asked.sex),
        "village": _village_levels(column["village"], asked.village),
        "mother": _name_levels(index.mothers, column["mother"], asked.mother),
    }
    weights = {name: _weighed(each, _TABLES[name]) for name, each in levels.items()}
    weights["name"] = np.minimum(weights["name"], _rarity(index, column["name"]))
    prior = -round(1_000 * math.log2(max(index.people, 1)))
    total = prior + np.sum(list(weights.values()), axis=0, dtype=np.int64)
    return Scored(np.asarray(total, np.int64), prior, levels, weights)


def _weighed(levels: Ints, table: Weights) -> Ints:
    weights = np.zeros(len(levels), np.int64)
    for level, (_, weight) in table.items():
        weights[levels == level] = weight
    return weights


def _rarity(index: KeyIndex, name: Ints) -> Ints:
    """Give the most that agreement with each name may say: log2 of one in how many persons bears it."""
    bearers = np.maximum(index.name_counts[np.maximum(name, 0)], 1) if len(index.name_counts) else np.ones(len(name))
    rarity = np.rint(1_000 * np.log2(max(index.people, 1) / bearers)).astype(np.int64)
    return np.asarray(np.clip(rarity, _COMMONEST, _RAREST), np.int64)


def _equality(values: Ints, wanted: int) -> Ints:
    if wanted == UNKNOWN:
        return np.full(len(values), UNKNOWN, np.int64)
    return np.where(values == UNKNOWN, UNKNOWN, (values == wanted).astype(np.int64))


def _name_levels(texts: Values, codes: Ints, wanted: str | None) -> Ints:
    """Grade names against the one wanted, each distinct name once."""
    levels = np.full(len(codes), UNKNOWN, np.int64)
    distinct, place = np.unique(codes, return_inverse=True)
    if wanted is None or len(distinct) == 0:
        return levels
    known = distinct >= 0
    named = texts.take(pa.array(distinct[known], pa.int64()))
    graded = names_agree(named, pa.array([wanted] * len(named), pa.string()))
    of_distinct = np.full(len(distinct), UNKNOWN, np.int64)
    of_distinct[known] = np.asarray(graded, dtype=np.int64)
    return of_distinct[place.reshape(-1)]


def _birth_levels(days: Ints, asked: Sought) -> Ints:
    """Grade birth dates: 3 equal, 2 day and month swapped or one part differs, 1 the same year, 0 different."""
    if asked.birth is None:
        return np.full(len(days), UNKNOWN, np.int64)
    dates = (days - DAY_1970).astype("datetime64[D]")
    years = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    months = dates.astype("datetime64[M]").astype(np.int64) % 12 + 1
    day_of_month = (dates - dates.astype("datetime64[M]")).astype(np.int64) + 1
    same_year, same_month, same_day = (
        (part == wanted)
        for part, wanted in zip(
            (years, months, day_of_month), (asked.birth.year, asked.birth.month, asked.birth.day), strict=True
        )
    )
    parts = same_year.astype(np.int64) + same_month + same_day
    swapped = same_year & (months == asked.birth.day) & (day_of_month == asked.birth.month)
    levels = np.where(parts == 3, 3, np.where((parts == 2) | swapped, 2, np.where(same_year, 1, 0)))
    return np.where(days == UNKNOWN, UNKNOWN, levels)


def _village_levels(villages: Ints, wanted: int) -> Ints:
    if wanted == UNKNOWN:
        return np.full(len(villages), UNKNOWN, np.int64)
    levels = np.zeros(len(villages), np.int64)
    for level, width in ((1, 1_000_000), (2, 10_000), (3, 1)):
        levels[villages // width == wanted // width] = level
    return np.where(villages == UNKNOWN, UNKNOWN, levels)
