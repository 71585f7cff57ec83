"""What the whole nation shares: the structure of families, and the ranking that BPS would fit on its own survey."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

import numpy as np

from kesos.synthetic import ground
from kesos.synthetic.draws import Reals, Rows, generator
from kesos.synthetic.files.listing import list_families
from kesos.synthetic.plan import AS_OF, ChunkPlan, chunks, plan_regency
from kesos.synthetic.population.chunk import populate
from kesos.synthetic.population.families import compose
from kesos.synthetic.population.welfare import Structure
from kesos.synthetic.ranking import Ranking, cut_offs, fit, items_of
from kesos.synthetic.rates import Rates

_SAMPLE_PERSONS: Final = 20_000
_SURVEYED_REGENCIES: Final = 40
_SURVEYED_PERSONS: Final = 900
_SURVEY_SEED_STEP: Final = 7_919
_CONSUMPTION_ERROR_SD: Final = 0.20


@cache
def family_structure(rates: Rates) -> Structure:
    """Measure, on a sample with a seed of its own, what family structure adds to welfare."""
    members = compose(generator(0, "structure"), _SAMPLE_PERSONS, rates.families)
    return Structure.of(members, rates.welfare)


@dataclass(frozen=True)
class _Surveyed:
    items: Reals
    listed_items: Reals
    log_real_consumption: Reals
    size: Rows


def official_ranking(seed: int, rates: Rates, as_of: date = AS_OF) -> Ranking:
    """Fit the official ranking on a survey of 40 regencies that shares nothing with the world but its rates.

    Coefficients come from fresh facts and consumption told with error; cut-offs from facts as DTSEN lists them.
    """
    answers = [_survey(chunk, rates) for chunk in _survey_plans(seed, rates, as_of)]
    size = np.concatenate([answer.size for answer in answers])
    consumption = np.concatenate([answer.log_real_consumption for answer in answers])
    told = consumption + generator(seed, "survey error").normal(0.0, _CONSUMPTION_ERROR_SD, consumption.size)
    coefficients = fit(np.concatenate([answer.items for answer in answers]), told, size)
    fitted = Ranking(coefficients, np.zeros(0))
    scores = fitted.score(np.concatenate([answer.listed_items for answer in answers]))
    return Ranking(coefficients, cut_offs(scores, size))


def _survey_plans(seed: int, rates: Rates, as_of: date) -> list[ChunkPlan]:
    """Draw regencies systematically, in proportion to their people; several chances fall on the largest."""
    regencies = list(ground.regencies().values())
    reached = np.cumsum([float(regency.population) for regency in regencies])
    steps = (np.arange(_SURVEYED_REGENCIES) + 0.5) / _SURVEYED_REGENCIES * reached[-1]
    structure = family_structure(rates)
    plans: list[ChunkPlan] = []
    for place, position in enumerate(np.searchsorted(reached, steps)):
        other_seed = seed + _SURVEY_SEED_STEP * (place + 1)
        plan = plan_regency(regencies[position], _SURVEYED_PERSONS, other_seed, rates, structure, as_of)
        plans += chunks(plan)
    return plans


def _survey(plan: ChunkPlan, rates: Rates) -> _Surveyed:
    population = populate(plan, rates)
    families, persons = population.families, population.persons
    housing = {name: values[families["dwelling"]] for name, values in population.dwellings.items()}
    alive = persons["died_day"] < 0
    real = np.log(families["consumption_idr"] / plan.regency.area.poverty_line_idr)
    listed = list_families(population, rates).items(population)
    return _Surveyed(items_of(persons, alive, families, housing), listed, real, families["size"])
