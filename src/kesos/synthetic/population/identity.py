"""Give people their documents: birth date, NIK, family card, names, and addresses.

A NIK is region of first issue (6) + birth date DDMMYY, women with day + 40, + serial (4). It is never corrected, so the
date or the sex inside differs from the person's for a share. Serials are counted within a district and a day; those of
people born here stay below 5000, those of migrants start there, in a band of their own for each chunk, so that two
chunks of a regency never give the same number.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos.synthetic import ground
from kesos.synthetic.draws import Columns, Flags, Reals, Rows, ordinals, some_rows
from kesos.synthetic.population.families import FEMALE
from kesos.synthetic.rates import DocumentRates, DukcapilRates, LifeRates

NO_NUMBER: Final = 0
_MIGRANT_SERIALS: Final = 5001
_BAND: Final = 16
_BANDS: Final = 300
_SECOND_SERIALS: Final = 9_801
_NEARBY: Final = 0.6
_FAMILIES_IN_RT: Final = 40
_RT_IN_RW: Final = 4

HAMLETS: Final = (
    "KRAJAN", "KARANG ANYAR", "SUKAMAJU", "SUMBER REJO", "MEKAR SARI", "TANJUNG", "PASAR BARU", "KAMPUNG BARU",
    "SIDOMULYO", "MARGA MULYA", "BATU PUTIH", "AIK MUAL", "LENGKONG", "PADANG", "TANAH ABANG", "UJUNG", "TENGAH",
    "BARAT", "TO’ BUNGIN", "TIMUR", "UTARA", "SELATAN", "SUKA DAMAI", "HARAPAN JAYA", "BINA KARYA",
)  # fmt: skip


def birth_days(rng: np.random.Generator, age: Reals, as_of_day: int, rates: DocumentRates) -> NDArray[np.int32]:
    """Give birth dates as days since 1970; dates not known to the day are written as 1 January."""
    day = as_of_day - (age * 365.2425).astype(np.int64)
    year = day.astype("datetime64[D]").astype("datetime64[Y]")
    share = np.interp(year.astype(np.int64) + 1970, [1965, 1995], [rates.january_first_old, rates.january_first_young])
    heaped = rng.random(age.size) < share
    return np.where(heaped, year.astype("datetime64[D]").astype(np.int64), day).astype(np.int32)


def date_parts(day: NDArray[np.int32]) -> tuple[Rows, Rows, Rows]:
    """Split days since 1970 into day of the month, month, and year."""
    date = day.astype("datetime64[D]")
    month_start = date.astype("datetime64[M]")
    months = month_start.astype(np.int64)
    return (
        (date - month_start.astype("datetime64[D]")).astype(np.int64) + 1,
        months % 12 + 1,
        months // 12 + 1970,
    )


def issue_districts(rng: np.random.Generator, own: Rows, rates: DocumentRates) -> tuple[Rows, Flags]:
    """Give the district that issued each NIK, and who is a migrant; most migrants come from nearby provinces."""
    districts = ground.districts()
    migrants = some_rows(rng, own.size, rates.nik_issued_elsewhere)
    province = own[migrants] // 10_000
    low = np.searchsorted(districts, province * 10_000)
    high = np.searchsorted(districts, (province + 1) * 10_000)
    nearby = low + (rng.random(migrants.size) * (high - low)).astype(np.int64)
    anywhere = rng.integers(0, districts.size, migrants.size)
    at_home = districts[np.minimum(nearby, districts.size - 1)] // 100 == own[migrants] // 100
    issued = own.copy()
    issued[migrants] = districts[np.where((rng.random(migrants.size) < _NEARBY) & ~at_home, nearby, anywhere)]
    return issued, issued // 100 != own // 100


def niks(
    rng: np.random.Generator, person: Columns, district: Rows, is_migrant: Flags, ordinal: int, rates: DocumentRates
) -> Rows:
    """Give each person's NIK as a number, or 0 to those without one."""
    day, month, year = date_parts(person["birth_day"])
    is_woman = person["sex"] == FEMALE
    wrong = some_rows(rng, day.size, rates.nik_disagrees)
    is_woman[wrong[::4]] ^= True
    day[wrong] = 1 + (day[wrong] + rng.integers(1, 27, wrong.size) - 1) % 28
    stem = (district * 100 + day + 40 * is_woman) * 10_000 + month * 100 + year % 100
    band = _MIGRANT_SERIALS + _BAND * (ordinal % _BANDS)
    serial = np.where(is_migrant, band, 1) + ordinals(stem * 2 + is_migrant)
    return np.where(_without_nik(rng, person, rates), NO_NUMBER, stem * 10_000 + serial)


def second_niks(rng: np.random.Generator, person: Columns, rates: DukcapilRates) -> Columns:
    """Give a share of persons a second record in the registry: its NIK (0 for the others) and its birth date."""
    size = person["nik"].size
    twice = (person["nik"] != NO_NUMBER) & (rng.random(size) < rates.duplicates)
    differs = twice & (rng.random(size) < rates.duplicate_differs)
    shift = rng.choice(np.array([-730, -365, -31, -1, 1, -28, -366]), size)
    birth = (person["birth_day"] + np.where(differs, shift, 0)).astype(np.int32)
    day, month, year = date_parts(birth)
    stem = (person["nik"] // 10**10 * 100 + day + 40 * (person["sex"] == FEMALE)) * 10_000 + month * 100 + year % 100
    rows = np.flatnonzero(twice)
    number = np.zeros(size, np.int64)
    number[rows] = stem[rows] * 10_000 + _SECOND_SERIALS + ordinals(stem[rows])
    return {"nik_second": number, "birth_day_second": birth}


def _without_nik(rng: np.random.Generator, person: Columns, rates: DocumentRates) -> Flags:
    age = person["age"]
    shares = (rates.without_nik_under_5, rates.without_nik_child, rates.without_nik_adult, rates.without_nik_elder)
    share = np.array(shares)[np.searchsorted([5.0, 17.0, 60.0], age, side="right")]
    return np.asarray(rng.random(age.size) < share)


def villages_elsewhere(rng: np.random.Generator, world: tuple[str, ...], count: int, rates: LifeRates) -> Rows:
    """Draw villages of other regencies: a share of them in the regencies of this world, the rest anywhere."""
    nation = ground.all_villages()
    anywhere = nation[rng.integers(0, nation.size, count)]
    within = rng.random(count) < rates.far_within_world
    if len(world) < 2:
        return anywhere
    first = np.searchsorted(nation, np.array([int(code) for code in world]) * 1_000_000)
    last = np.searchsorted(nation, np.array([int(code) + 1 for code in world]) * 1_000_000)
    drawn = rng.integers(0, len(world), count)
    inside = first[drawn] + (rng.random(count) * (last - first)[drawn]).astype(np.int64)
    return np.asarray(np.where(within, nation[np.minimum(inside, nation.size - 1)], anywhere))


def registered_villages(
    rng: np.random.Generator, residence: Rows, world: tuple[str, ...], rates: DocumentRates, life: LifeRates
) -> Rows:
    """Give the village of each family's card: where they live, but for a share elsewhere here or in another regency."""
    registered = residence.copy()
    away = some_rows(rng, residence.size, rates.registered_elsewhere)
    here = residence[rng.integers(0, residence.size, away.size)]
    far = villages_elsewhere(rng, world, away.size, life)
    registered[away] = np.where(rng.random(away.size) < rates.registered_in_other_regency, far, here)
    return registered


def addresses(rng: np.random.Generator, village: Rows, urban: Flags) -> Columns:
    """Give each family street, house number, hamlet, RT and RW; numbers run through the village."""
    families = village.size
    place = ordinals(village) // _FAMILIES_IN_RT
    return {
        "street": np.where(urban, rng.integers(0, len(ground.streets()), families), -1).astype(np.int32),
        "house_number": rng.integers(1, 180, families).astype(np.int32),
        "hamlet": ((place // _RT_IN_RW * 7 + village) % len(HAMLETS)).astype(np.int32),
        "rt": (place % _RT_IN_RW + 1).astype(np.int32),
        "rw": (place // _RT_IN_RW + 1).astype(np.int32),
    }
