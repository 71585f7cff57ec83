"""Give people schooling, work and health, with the codes of Regsosek 2022; -1 marks a question that is not asked.

Difficulties (428a to i) run from 1 "cannot at all" to 4 "none", as the questionnaire has them; sadness (428j) from
1 "very often" to 4 "never". Age curves: SUSENAS KOR March 2020, Jambi (questions 703, 1002 to 1009), rounded.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos.synthetic.draws import Columns, Flags, Reals, pick
from kesos.synthetic.population.families import FEMALE, MALE, MARRIED, NEVER_MARRIED

NOT_ASKED: Final = -1
Codes = NDArray[np.int16]

NEVER_AT_SCHOOL, AT_SCHOOL, LEFT_SCHOOL = 1, 2, 3
NO_DIPLOMA: Final = 23
# Levels 0 primary, 1 lower secondary, 2 upper secondary, 3 diploma, 4 bachelor, 5 master, with codes and weights.
_KINDS: Final = (
    ((3, 0.87), (4, 0.11), (1, 0.02)),
    ((8, 0.77), (9, 0.20), (6, 0.03)),
    ((13, 0.50), (15, 0.34), (14, 0.12), (11, 0.04)),
    ((18, 1.0),),
    ((19, 0.93), (20, 0.07)),
    ((21, 0.95), (22, 0.05)),
)
_LEVEL_CUTS: Final = np.array([-0.45, 0.35, 1.55, 1.85, 3.3])
_AGE_POINTS: Final = np.array([2.0, 20, 40, 50, 60, 70, 80, 95])
_DIFFICULTY: Final = {  # share with at least some difficulty at those ages
    "seeing": (0.004, 0.010, 0.05, 0.16, 0.24, 0.38, 0.50, 0.60),
    "hearing": (0.003, 0.004, 0.008, 0.025, 0.07, 0.18, 0.36, 0.55),
    "walking": (0.004, 0.005, 0.012, 0.035, 0.09, 0.22, 0.42, 0.62),
    "using_hands": (0.003, 0.003, 0.006, 0.012, 0.03, 0.08, 0.18, 0.32),
    "learning": (0.005, 0.005, 0.005, 0.008, 0.02, 0.06, 0.16, 0.32),
    "behaviour": (0.004, 0.005, 0.006, 0.007, 0.01, 0.03, 0.08, 0.16),
    "speaking": (0.006, 0.005, 0.005, 0.008, 0.02, 0.05, 0.12, 0.22),
    "self_care": (0.004, 0.003, 0.004, 0.007, 0.02, 0.06, 0.18, 0.36),
    "remembering": (0.004, 0.005, 0.008, 0.02, 0.05, 0.15, 0.32, 0.50),
}
_CHRONIC: Final = np.array([0, 34, 14, 8, 6, 11, 2, 4, 1, 1, 0.05, 0.1, 9, 0.3, 0.1, 0.1, 0.3, 9.0])
_WORK_AGES: Final = np.array([9.0, 15, 20, 25, 35, 50, 60, 70, 85])
_MEN_AT_WORK: Final = np.array([0, 0.05, 0.55, 0.88, 0.96, 0.94, 0.78, 0.5, 0.1])
_WOMEN_AT_WORK: Final = np.array([0, 0.03, 0.34, 0.44, 0.50, 0.54, 0.42, 0.2, 0.03])
_SCHOOL_AGES: Final = np.array([4.5, 5.5, 7, 13, 15.5, 16, 18.5, 19, 24, 27])
_AT_SCHOOL_THEN: Final = np.array([0.05, 0.45, 0.99, 0.98, 0.95, 0.84, 0.62, 0.26, 0.10, 0.0])


def describe(rng: np.random.Generator, members: Columns, wealth: Reals, urban: Flags) -> Columns:
    """Draw every fact of a person; `wealth` and `urban` are those of the person's family."""
    facts, level = _schooling(rng, members, wealth, urban)
    facts |= _work(rng, members, wealth, urban, level)
    facts |= _health(rng, members, wealth)
    return facts


def _schooling(rng: np.random.Generator, members: Columns, wealth: Reals, urban: Flags) -> tuple[Columns, Codes]:
    age = members["age"].astype(np.float64)
    goes = np.interp(age, _SCHOOL_AGES, _AT_SCHOOL_THEN) + np.where(age >= 15, 0.06 * wealth, 0.0)
    at_school = (rng.random(age.size) < goes) & (age >= 4.5)
    never = rng.random(age.size) < np.interp(age, [7, 25, 60, 85], [0.01, 0.012, 0.07, 0.25]) * np.exp(-0.5 * wealth)
    participation = np.where(at_school, AT_SCHOOL, np.where(never | (age < 7), NEVER_AT_SCHOOL, LEFT_SCHOOL))
    participation[age < 5] = NOT_ASKED
    cohort = np.interp(age, [15, 25, 40, 60, 80], [0.6, 0.75, 0.35, -0.45, -1.0])
    score = cohort + 0.62 * wealth + 0.25 * urban + rng.normal(0.0, 0.85, age.size)
    level = np.searchsorted(_LEVEL_CUTS, score)
    level = np.minimum(level, np.searchsorted([13.0, 16, 19, 21, 25], age, side="right"))
    level = np.where(at_school, np.searchsorted([13.0, 16, 19, 99, 99], age, side="right"), level)
    level[at_school & (age >= 19)] = 4
    done = np.where(at_school, level - 1, level - (rng.random(age.size) < 0.12))
    attended = participation >= AT_SCHOOL
    diploma = np.where((done >= 0) & attended, _kind(rng, np.clip(done, 0, 5)), NO_DIPLOMA)
    facts = {
        "school_participation_code": participation.astype(np.int16),
        "education_level_code": np.where(attended, _kind(rng, level), NOT_ASKED).astype(np.int16),
        "diploma_code": np.where(age >= 5, diploma, NOT_ASKED).astype(np.int16),
    }
    return facts, np.where(attended, done, -1).astype(np.int16)


def _kind(rng: np.random.Generator, level: NDArray[np.int64]) -> NDArray[np.int64]:
    u = rng.random(level.size)
    result = np.empty(level.size, np.int64)
    for position, kinds in enumerate(_KINDS):
        who = np.flatnonzero(level == position)
        bounds = np.cumsum([weight for _, weight in kinds])
        codes = np.array([code for code, _ in kinds])
        result[who] = codes[np.minimum(np.searchsorted(bounds, u[who], side="right"), codes.size - 1)]
    return result


def _work(rng: np.random.Generator, members: Columns, wealth: Reals, urban: Flags, level: Codes) -> Columns:
    age, sex = members["age"].astype(np.float64), members["sex"]
    chance = np.interp(age, _WORK_AGES, _WOMEN_AT_WORK)
    chance = np.where(sex == MALE, np.interp(age, _WORK_AGES, _MEN_AT_WORK), chance)
    works = (rng.random(age.size) < chance) & (age >= 10)
    facts = {"is_working_code": np.where(age < 10, NOT_ASKED, np.where(works, 1, 2)).astype(np.int16)}
    sector = _sector(rng, sex, wealth, urban, level)
    status = _status(rng, sector, wealth, level, members)
    facts["work_sector_code"] = np.where(works, sector, NOT_ASKED).astype(np.int16)
    facts["work_status_code"] = np.where(works, status, NOT_ASKED).astype(np.int16)
    owns = works & (status <= 3)
    facts["business_sector_code"] = np.where(owns, sector, NOT_ASKED).astype(np.int16)
    paid = np.where(status == 3, rng.geometric(0.45, age.size), 0)
    unpaid = np.where(status == 2, rng.geometric(0.6, age.size), 0)
    facts["paid_workers_count"] = np.where(owns, np.minimum(paid, 60), NOT_ASKED).astype(np.int32)
    facts["unpaid_workers_count"] = np.where(owns, np.minimum(unpaid, 20), NOT_ASKED).astype(np.int32)
    scale = wealth + 0.6 * (status == 3) + rng.normal(0, 0.7, age.size)
    turnover = 1 + np.searchsorted([1.3, 2.3, 2.9, 4.4, 6.0, 7.5], scale)
    facts["business_turnover_code"] = np.where(owns, turnover, NOT_ASKED).astype(np.int16)
    return facts


def _sector(rng: np.random.Generator, sex: Codes, wealth: Reals, urban: Flags, level: Codes) -> NDArray[np.int64]:
    """Draw the sector: farming falls with town, wealth and schooling; the rest by sex (SUSENAS Jambi, question 705)."""
    farming = np.array([30, 6, 38, 7, 6, 3.0])
    rest = {
        MALE: np.array([4, 14, 1, 1, 15, 22, 11, 7, 1.5, 1.5, 0.4, 1, 1, 8, 6, 1.5, 0.6, 9, 0.3, 0.02]),
        FEMALE: np.array([0.6, 14, 0.3, 0.5, 0.6, 30, 0.8, 14, 0.8, 1.4, 0.3, 1, 0.6, 6, 14, 5, 0.3, 9, 2.5, 0.02]),
    }
    logit = np.where(sex == MALE, -0.1, -0.35) - 2.1 * urban - 0.35 * wealth - 0.45 * np.maximum(level, 0) + 0.55
    farms = rng.random(sex.size) < 1.0 / (1.0 + np.exp(-logit))
    sector = np.empty(sex.size, np.int64)
    for who, first, weights in (
        (np.flatnonzero(farms), 1, farming),
        (np.flatnonzero(~farms & (sex == MALE)), 7, rest[MALE]),
        (np.flatnonzero(~farms & (sex == FEMALE)), 7, rest[FEMALE]),
    ):
        sector[who] = first + pick(rng, weights, who.size)
    teaches = (sector == 21) & (level < 2)
    sector[teaches] = 12
    return sector


def _status(
    rng: np.random.Generator, sector: NDArray[np.int64], wealth: Reals, level: Codes, members: Columns
) -> NDArray[np.int64]:
    farms, public = sector <= 6, (sector == 20) | (sector == 21) | (sector == 22)
    weights = np.zeros((8, sector.size))
    weights[0] = np.where(public, 0.02, 0.26)
    weights[1] = np.where(farms, 0.28, np.where(public, 0.0, 0.06))
    weights[2] = np.where(public, 0.01, 0.05) * np.exp(0.7 * wealth)
    weights[3] = np.where(farms, 0.12, 0.45)
    weights[4] = np.where(public & (level >= 2), 0.55, 0.004 * np.exp(0.5 * wealth))
    weights[5] = np.where(farms, 0.15 * np.exp(-0.6 * wealth), 0.0)
    weights[6] = np.where(farms | public, 0.0, 0.11 * np.exp(-0.6 * wealth))
    weights[7] = np.where(members["relation"] == 1, 0.01, np.where(members["sex"] == FEMALE, 0.25, 0.12)) * ~public
    cumulated = np.cumsum(weights, axis=0)
    return np.asarray(1 + (cumulated <= rng.random(sector.size) * cumulated[-1]).sum(axis=0))


def _health(rng: np.random.Generator, members: Columns, wealth: Reals) -> Columns:
    age, sex, marital = members["age"].astype(np.float64), members["sex"], members["marital"]
    facts: Columns = {}
    asked = (sex == FEMALE) & (age >= 10) & (age < 55) & (marital != NEVER_MARRIED)
    chance = np.where(marital == MARRIED, np.interp(age, [17, 22, 30, 38, 45], [0.05, 0.14, 0.09, 0.03, 0.0]), 0.004)
    is_pregnant = rng.random(age.size) < chance
    facts["pregnant_code"] = np.where(asked, np.where(is_pregnant, 1, 2), NOT_ASKED).astype(np.int16)
    nutrition = np.array([1, 2, 3, 8])[pick(rng, np.array([0.07, 0.17, 0.66, 0.10]), age.size)]
    facts["nutrition_code"] = np.where(age < 5, nutrition, NOT_ASKED).astype(np.int16)
    frailty = np.exp(rng.normal(-0.45, 0.95, age.size))
    for name, shares in _DIFFICULTY.items():
        some = np.minimum(np.interp(age, _AGE_POINTS, shares) * frailty, 0.95)
        u = rng.random(age.size)
        code = 4 - (u < some).astype(np.int16) - (u < 0.22 * some) - (u < 0.05 * some)
        facts[f"difficulty_{name}_code"] = np.where(age >= 2, code, NOT_ASKED).astype(np.int16)
    sadness = 1 + pick(rng, np.array([0.006, 0.02, 0.10, 0.874]), age.size)
    facts["sadness_code"] = np.where(age >= 2, sadness, NOT_ASKED).astype(np.int16)
    ill = np.interp(age, [0, 30, 45, 60, 80], [0.01, 0.03, 0.10, 0.25, 0.38]) * np.sqrt(frailty)
    is_ill = rng.random(age.size) < ill
    illness = 1 + pick(rng, _CHRONIC, age.size)
    facts["chronic_illness_code"] = np.where(is_ill, illness, 1).astype(np.int16)
    return facts
