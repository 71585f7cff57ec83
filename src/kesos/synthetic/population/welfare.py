"""Hidden welfare: each regency's consumption is placed against its poverty line so that its poverty rate comes out.

Welfare u has spread 1 within a regency: village + town + family structure + chance. The quantile q of persons with
u < q equals the poverty rate P0, found on the mixture of normals over villages and structures, not on a sample; then
log consumption = log(poverty line) + sigma (u - q). So P0 is exact up to the chance of a finite population.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from kesos.synthetic.draws import Columns, Flags, Reals, normal_cdf
from kesos.synthetic.population.families import HEAD
from kesos.synthetic.rates import WelfareRates

USUAL_DISTANCE: Final = 1.45
"""How far the mean person stands above the line, in units of the spread: makes wealth comparable between regencies."""

_STRUCTURE_POINTS: Final = 64
_MEAN_LOG_SIZE: Final = 1.05


@dataclass(frozen=True)
class Structure:
    """Person-weighted quantiles of what family structure adds to welfare; the same for every regency."""

    points: Reals

    @classmethod
    def of(cls, members: Columns, rates: WelfareRates) -> Structure:
        """Measure it on a sample of families."""
        person_effect = np.sort(structure_effect(members, rates)[members["family"]])
        middle = (np.arange(_STRUCTURE_POINTS) + 0.5) / _STRUCTURE_POINTS
        return cls(person_effect[(middle * person_effect.size).astype(np.int64)])


def structure_effect(members: Columns, rates: WelfareRates) -> Reals:
    """Give what size and age add to a family's welfare, one value a family."""
    size = np.bincount(members["family"])
    effect = rates.size_slope * (np.log(size) - _MEAN_LOG_SIZE)
    head_age = np.zeros(size.size)
    head_age[members["family"][members["relation"] == HEAD]] = members["age"][members["relation"] == HEAD]
    return np.asarray(effect + np.where((size <= 2) & (head_age >= 60), rates.elder_alone, 0.0))


def chance_sd(rates: WelfareRates) -> float:
    """Give the spread of the part of welfare that is left to chance."""
    return float(np.sqrt(1.0 - rates.village_sd**2))


def poverty_quantile(p0: float, village_means: Reals, village_shares: Reals, structure: Structure, sd: float) -> float:
    """Find q with a share `p0` of persons below it, by bisection over the mixture of villages and structures."""
    means = (village_means[:, None] + structure.points[None, :]).ravel()
    weights = np.repeat(village_shares / village_shares.sum(), structure.points.size) / structure.points.size
    low, high = -8.0, 8.0
    for _ in range(40):
        middle = (low + high) / 2
        below = float(np.dot(weights, normal_cdf((middle - means) / sd)))
        low, high = (middle, high) if below < p0 else (low, middle)
    return (low + high) / 2


def welfare(rng: np.random.Generator, members: Columns, village_mean: Reals, rates: WelfareRates) -> Reals:
    """Draw welfare u, one value a family; `village_mean` is that of each family's village."""
    chance = rng.normal(0.0, chance_sd(rates), village_mean.size)
    return np.asarray(village_mean + structure_effect(members, rates) + chance)


def wealth_shown(rng: np.random.Generator, u: Reals, rates: WelfareRates) -> Reals:
    """Draw the wealth that housing and assets show: correlated with welfare, spread near 1."""
    rho = rates.wealth_correlation
    return np.asarray(rho * u + np.sqrt(1.0 - rho**2) * rng.normal(0.0, 1.0, u.size))


def drifted(rng: np.random.Generator, wealth: Reals, years: Reals, rates: WelfareRates) -> Reals:
    """Give wealth as it was `years` ago: pulled back to the mean, so that its spread stays the same."""
    keep = np.exp(-0.5 * rates.yearly_drift**2 * years)
    return np.asarray(keep * wealth + np.sqrt(1.0 - keep**2) * rng.normal(0.0, 1.0, wealth.size))


def is_poor(consumption: Reals, poverty_line_idr: float) -> Flags:
    """Say who is below the line."""
    return np.asarray(consumption < poverty_line_idr)
