"""Number the family cards: a new one at foundation and move, for a share at birth, death and when a member leaves.

A KK is district of registration (6) + day of issue DDMMYY + serial (4). Each family keeps up to five cards, the newest
first: `card_day` (families × 5, NO_CARD where there are fewer) and `card_number`.
"""

from __future__ import annotations

import zlib
from typing import Final

import numpy as np

from kesos.synthetic.draws import Columns, Rows, ordinals
from kesos.synthetic.plan import ChunkPlan
from kesos.synthetic.population.identity import NO_NUMBER, date_parts
from kesos.synthetic.population.life import LONG_AGO
from kesos.synthetic.rates import DocumentRates, LifeRates

CARDS: Final = 5
NO_CARD: Final = -9_000_000
"""The day of a card that there never was."""

_EVENTS: Final = CARDS - 2
_SERIALS_A_COLUMN: Final = 1_600
_FOREIGN: Final = 8_001
_BAND: Final = 20
_BANDS: Final = 100


def cards(
    rng: np.random.Generator,
    plan: ChunkPlan,
    persons: Columns,
    families: Columns,
    as_of_day: int,
    rates: tuple[LifeRates, DocumentRates],
) -> Columns:
    """Give each family its cards, the newest as `kk` and the one before as `kk_old` (0 if there is none)."""
    life, documents = rates
    days = _days(rng, persons, families, as_of_day, life)
    district = district_at(families, days) // 10_000
    has_none = rng.random((days.shape[0], 1)) < documents.family_without_kk
    numbers = np.zeros(days.shape, np.int64)
    foreign = _FOREIGN + _BAND * (zlib.crc32(f"{plan.regency.code}/{plan.ordinal}".encode()) % _BANDS)
    own = np.unique(plan.regency.village[plan.first_village : plan.last_village] // 10_000)
    for column in range(CARDS):
        day, month, year = date_parts(days[:, column].astype(np.int32))
        stem = (district[:, column] * 100 + day) * 10_000 + month * 100 + year % 100
        first = np.where(np.isin(district[:, column], own), 1 + column * _SERIALS_A_COLUMN, foreign + column * 4)
        numbers[:, column] = stem * 10_000 + first + ordinals(stem)
    without = np.broadcast_to(has_none, days.shape)
    numbers[without | (days == NO_CARD)] = NO_NUMBER
    return {
        "card_day": np.where(without, NO_CARD, days).astype(np.int32),
        "card_number": numbers,
        "kk": numbers[:, 0].copy(),
        "kk_old": numbers[:, 1].copy(),
    }


def district_at(families: Columns, days: Rows) -> Rows:
    """Give the village of registration of each family on days of its own (families × days)."""
    moved = np.where(families["is_move_registered"], families["moved_day"], LONG_AGO)
    before = np.where(families["is_move_registered"], families["village_before"], families["registered_village"])
    return np.where(days < moved[:, None], before[:, None], families["registered_village"][:, None])


def _days(rng: np.random.Generator, persons: Columns, families: Columns, as_of_day: int, rates: LifeRates) -> Rows:
    count = families["village"].size
    formed = families["formed_day"].astype(np.int64)
    start = as_of_day - int(rates.years * 365.25)
    who, when = _events(rng, persons, families, rates)
    kept = (when > np.maximum(formed[who], start)) & (when < as_of_day)
    who, when = who[kept], when[kept]
    order = np.lexsort((-when, who))
    who, when = who[order], when[order]
    anew = np.r_[True, (np.diff(who) != 0) | (np.diff(when) != 0)][: who.size]
    who, when = who[anew], when[anew]
    place = ordinals(who)
    newest = place < _EVENTS
    days = np.full((count, CARDS), NO_CARD, np.int64)
    days[who[newest], place[newest]] = when[newest]
    held = np.minimum(np.bincount(who, minlength=count), _EVENTS)
    is_old = formed == LONG_AGO
    first = np.where(is_old, start - 30 - (rng.beta(1.0, 2.2, count) * 5200).astype(np.int64), formed)
    rows = np.arange(count)
    days[rows, held] = first
    earlier = first - 30 - (rng.random(count) * 2500).astype(np.int64)
    days[rows[is_old], held[is_old] + 1] = earlier[is_old]
    return days


def _events(rng: np.random.Generator, persons: Columns, families: Columns, rates: LifeRates) -> tuple[Rows, Rows]:
    """List the days, with the delay of an office, on which a family's card was issued anew."""
    family = persons["family"]
    count = family.size
    u, delay = rng.random(count), rng.integers(10, 240, count)
    left = np.flatnonzero((persons["home"] >= 0) & (u < rates.kk_changes_when_leaving))
    born = np.flatnonzero(u < rates.kk_changes_at_birth)
    died = np.flatnonzero((persons["died_day"] >= 0) & (u < rates.kk_changes_at_death))
    came = np.flatnonzero((persons["joined_day"] > LONG_AGO) & (families["formed_day"][family] == LONG_AGO))
    moved = np.flatnonzero(families["is_move_registered"] & (families["moved_day"] > LONG_AGO))
    who = [family[born], family[died], persons["home"][left], family[came], moved]
    when = [
        persons["birth_day"][born].astype(np.int64) + delay[born],
        persons["died_day"][died].astype(np.int64) + delay[died],
        persons["joined_day"][left].astype(np.int64),
        persons["joined_day"][came].astype(np.int64) + delay[came],
        families["moved_day"][moved].astype(np.int64),
    ]
    return np.concatenate(who), np.concatenate(when)


def number_on(families: Columns, day: int, rows: Rows) -> Rows:
    """Give the number of the card that the families in `rows` held on a day; the oldest known if they had none yet."""
    held = families["card_day"][rows]
    later = (held > day).sum(axis=1)
    known = (held > NO_CARD).sum(axis=1)
    column = np.clip(later, 0, np.maximum(known - 1, 0))
    return np.asarray(families["card_number"][rows, column])
