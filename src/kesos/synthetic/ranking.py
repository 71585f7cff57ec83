"""The official decile: a proxy means test as BPS would make it, fitted on a survey of its own, never the truth.

Ordinary least squares of log real consumption on 39 items, 13 of the persons and 26 of the family, fitted on a noisy
sample of the same nation; families are then ranked on the facts as listed, which may be years old, and cut at the
national deciles of persons. Source of the form: BPS, 39 variables = 13 individual + 26 family (domain report 1.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from kesos.synthetic.draws import Columns, Flags, Reals, Rows
from kesos.synthetic.population.families import FEMALE, HEAD

MOVABLE: Final = (
    "gas_cylinder", "refrigerator", "air_conditioner", "water_heater", "landline", "flat_tv", "gold", "computer",
    "motorcycle", "bicycle", "car", "boat", "motorboat", "smartphone",
)  # fmt: skip
# Standing of each code, worst 0 to best 1; the place is the code. Code 0 stands for "not asked" too.
_STANDING: Final[dict[str, tuple[float, ...]]] = {
    "floor_material_code": (0.5, 1.0, 0.8, 0.9, 0.7, 0.4, 0.4, 0.1, 0.0, 0.3),
    "wall_material_code": (0.5, 1.0, 0.5, 0.5, 0.1, 0.2, 0.0, 0.3),
    "roof_material_code": (0.5, 1.0, 0.7, 0.6, 0.5, 0.3, 0.1, 0.0, 0.4),
    "drinking_water_code": (0.5, 1.0, 0.8, 0.6, 0.5, 0.4, 0.2, 0.3, 0.1, 0.0, 0.2, 0.3),
    "lighting_code": (0.0, 1.0, 0.6, 0.4, 0.0),
    "installed_power_code": (0.0, 0.2, 0.4, 0.7, 0.9, 1.0),
    "cooking_fuel_code": (0.6, 0.8, 0.9, 1.0, 0.6, 0.8, 0.4, 0.3, 0.1, 0.1, 0.0, 0.3),
    "toilet_facility_code": (0.0, 1.0, 0.6, 0.4, 0.3, 0.2, 0.0),
    "toilet_type_code": (0.0, 1.0, 0.6, 0.4, 0.2),
    "sewage_code": (0.0, 1.0, 1.0, 0.4, 0.3, 0.1, 0.3),
}
_YEARS: Final = np.array([0, 5, 5, 5, 5, 5, 8, 8, 8, 8, 8, 11, 11, 11, 11, 11, 11, 11, 14, 15, 16, 17, 20.0])
_DECILES: Final = 10


@dataclass(frozen=True)
class Ranking:
    """Coefficients of the 39 items (first the constant) and the nine cut-offs between deciles."""

    coefficients: Reals
    cutoffs: Reals

    def score(self, items: Reals) -> Reals:
        """Predict log real consumption, in poverty lines."""
        return np.asarray(self.coefficients[0] + items @ self.coefficients[1:])

    def decile(self, score: Reals) -> Rows:
        """Give the decile 1 … 10 of each score."""
        return 1 + np.searchsorted(self.cutoffs, score, side="right").astype(np.int64)


def fit(items: Reals, log_consumption: Reals, persons: Rows) -> Reals:
    """Fit the coefficients by least squares, families weighted by their persons."""
    weight = np.sqrt(persons.astype(np.float64))
    design = np.column_stack([np.ones(items.shape[0]), items]) * weight[:, None]
    coefficients, *_ = np.linalg.lstsq(design, log_consumption * weight, rcond=None)
    return np.asarray(coefficients)


def cut_offs(score: Reals, persons: Rows) -> Reals:
    """Cut the ranked families so that each decile holds a tenth of the persons."""
    order = np.argsort(score, kind="stable")
    reached = np.cumsum(persons[order]) / persons.sum()
    place = np.searchsorted(reached, np.arange(1, _DECILES) / _DECILES)
    return np.asarray(score[order][np.minimum(place, score.size - 1)])


def items_of(persons: Columns, listed: Flags, families: Columns, housing: Columns) -> Reals:
    """Arrange the 39 items, one row a family; `housing` and `families` hold the facts as listed, row by row alike."""
    return np.column_stack([*_person_items(persons, listed, families["key"].size), *_family_items(families, housing)])


def _person_items(persons: Columns, listed: Flags, families: int) -> list[Reals]:
    family, age = persons["family"][listed], persons["age"][listed].astype(np.float64)

    def count(condition: Flags) -> Reals:
        return np.bincount(family[condition], minlength=families).astype(np.float64)

    size = np.maximum(np.bincount(family, minlength=families), 1).astype(np.float64)
    years = _YEARS[np.maximum(persons["education_level_code"][listed], 0)]
    is_head = persons["relation_card"][listed] == HEAD
    head: dict[str, Reals] = {}
    for name, values in (
        ("age", age),
        ("woman", persons["sex"][listed] == FEMALE),
        ("years", years),
        ("farms", (persons["work_sector_code"][listed] >= 1) & (persons["work_sector_code"][listed] <= 6)),
        ("salaried", np.isin(persons["work_status_code"][listed], (4, 5))),
    ):
        head[name] = np.zeros(families)
        head[name][family[is_head]] = values[is_head]
    best = np.zeros(families)
    np.maximum.at(best, family, years)
    limited = (persons["difficulty_walking_code"][listed] <= 2) & (persons["difficulty_walking_code"][listed] > 0)
    adults = np.maximum(count(age >= 15), 1.0)
    return [
        np.log(size),
        count(age < 6) / size,
        count((age >= 6) & (age < 15)) / size,
        count(age >= 60) / size,
        head["age"] / 10,
        (head["age"] / 10) ** 2,
        head["woman"],
        head["years"],
        best,
        count(persons["is_working_code"][listed] == 1) / adults,
        head["farms"],
        head["salaried"],
        (count(limited) > 0).astype(np.float64),
    ]


def _family_items(families: Columns, housing: Columns) -> list[Reals]:
    standing = [np.asarray(places)[np.maximum(housing[item], 0)] for item, places in _STANDING.items()]
    area = np.log(housing["floor_area_m2"] / np.maximum(families["size"], 1))
    owns = (families["tenure_code"] == 1).astype(np.float64)
    return [owns, area, *standing, *(families[f"has_{thing}"].astype(np.float64) for thing in MOVABLE)]
