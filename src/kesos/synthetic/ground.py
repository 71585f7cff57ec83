"""What the synthetic world stands on, in the shape it needs: real areas, poverty, names, from `kesos.reference`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kesos.foundation.columns import complete_texts
from kesos.reference import areas, bps, names, poverty

_PERCENT: Final = 100.0
_PER_MILLE: Final = 1000.0


class Token(NamedTuple):
    """One word of names."""

    group: str
    position: str
    sex: str
    text: str
    frequency: int


@dataclass(frozen=True)
class Regency:
    """A regency or city with its people and its poverty."""

    code: str
    name: str
    population: int
    poverty_line_idr: int
    p0: float


@cache
def regencies() -> dict[str, Regency]:
    """Give every regency and city by its Kemendagri code, in code order."""
    named = {row["regency"]: row["name"] for row in areas.regencies().to_pylist()}
    return {
        row["regency"]: Regency(
            row["regency"],
            named[row["regency"]],
            row["population_2024"],
            row["poverty_line_2025_idr"],
            row["p0_2025_percent"] / _PERCENT,
        )
        for row in poverty.regency_figures().to_pylist()
    }


@cache
def all_villages() -> NDArray[np.int64]:
    """List every village of the nation as a number of ten digits, sorted."""
    return np.sort(np.array(areas.villages()["village"].to_pylist(), np.int64))


def villages(regency: str) -> NDArray[np.int64]:
    """List the villages of a regency as numbers of ten digits, sorted."""
    every = all_villages()
    first = int(regency) * 1_000_000
    return every[np.searchsorted(every, first) : np.searchsorted(every, first + 1_000_000)]


@cache
def districts() -> NDArray[np.int64]:
    """List every district (kecamatan) of the nation as a number of six digits, sorted."""
    return np.sort(np.array(areas.districts()["district"].to_pylist(), np.int64))


@cache
def area_names(level: str) -> dict[int, str]:
    """Give the names of the areas of a level (province, regency, district, village) by their code as a number."""
    tables = {
        "province": areas.provinces,
        "regency": areas.regencies,
        "district": areas.districts,
        "village": areas.villages,
    }
    table = tables[level]()
    codes = (int(code) for code in complete_texts(table[level]))
    return dict(zip(codes, complete_texts(table["name"]), strict=True))


@cache
def name_stock() -> tuple[Token, ...]:
    """List the words that names are made of."""
    columns = ("group", "position", "sex", "token", "frequency")
    return tuple(Token(*(row[column] for column in columns)) for row in names.name_tokens().to_pylist())


@cache
def name_variants() -> tuple[tuple[str, str], ...]:
    """List (canonical word, another spelling or abbreviation of it), in capitals."""
    return tuple((row["canonical"], row["variant"]) for row in names.name_variants().to_pylist())


def name_groups(regency: str) -> dict[str, float]:
    """Give the naming traditions of the regency's province with their shares."""
    return {group: share for province, group, share in _name_groups() if province == regency[:2]}


@cache
def _name_groups() -> list[tuple[str, str, float]]:
    rows = names.name_groups().to_pylist()
    return [(row["province"], row["group"], row["per_mille"] / _PER_MILLE) for row in rows]


@cache
def streets() -> tuple[str, ...]:
    """List street names in capitals."""
    return tuple(street.upper() for street in names.streets())


@cache
def districts_of_2020() -> dict[int, int]:
    """Give the code that a district had in 2020 by its code of today, for the districts that were renumbered since."""
    table = bps.district_codes()
    pairs = zip(complete_texts(table["kemendagri"]), complete_texts(table["kemendagri_2020"]), strict=True)
    return {int(today): int(then) for today, then in pairs if today != then}
