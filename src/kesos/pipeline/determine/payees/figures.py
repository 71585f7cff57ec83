"""The figures of an audit: districts, regencies, and all together; every sum is of whole rows and whole rupiah."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa

from kesos.pipeline.determine.payees.checks import INDICATIONS, UNPAID

ANY: Final = "any"
"""Rows with at least one indication; each counts once, with the highest stake that it has."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One indication of an area: rows (or units) indicated, those not checked, rupiah of the list and of a year."""

    indicated: int = 0
    not_checked: int = 0
    stake_idr: int = 0
    stake_a_year_idr: int = 0

    def __add__(self, other: Figure) -> Figure:
        """Add the figures of two areas."""
        return Figure(
            self.indicated + other.indicated,
            self.not_checked + other.not_checked,
            self.stake_idr + other.stake_idr,
            self.stake_a_year_idr + other.stake_a_year_idr,
        )


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """An area: its rows, the rupiah paid in them, rows set aside, and a figure for each indication and for `any`."""

    code: str
    rows: int = 0
    paid_idr: int = 0
    set_aside: int = 0
    figures: Mapping[str, Figure] = field(default_factory=dict)

    def of(self, indication: str) -> Figure:
        """Give the figure of an indication."""
        return self.figures.get(indication, Figure())

    def joined(self, other: AreaFigures) -> AreaFigures:
        """Add another area to this one, under the name of this one."""
        names = dict.fromkeys((*self.figures, *other.figures))
        figures = {name: self.of(name) + other.of(name) for name in names}
        rows, paid = self.rows + other.rows, self.paid_idr + other.paid_idr
        return AreaFigures(self.code, rows, paid, self.set_aside + other.set_aside, figures)


@dataclass(frozen=True, slots=True)
class RegencyFigures:
    """A regency, whole and by district. The code is empty where no row says where it belongs."""

    whole: AreaFigures
    districts: tuple[AreaFigures, ...]


def figures_of(state: pa.Table, stake: pa.Table, unpaid: pa.Table, set_aside: pa.Table) -> tuple[RegencyFigures, ...]:
    """Gather the figures of all regencies, in the order of their codes.

    `set_aside` has a reason a row; its regency is that which the audit found for it.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in (*state.to_pylist(), *unpaid.to_pylist(), *stake.to_pylist()):
        found.setdefault((row["regency"], row["district"]), {"state": {}, "stake": {}, "unpaid": {}})
    for row in state.to_pylist():
        found[row["regency"], row["district"]]["state"] = row
    for row in unpaid.to_pylist():
        found[row["regency"], row["district"]]["unpaid"] = row
    for row in stake.to_pylist():
        found[row["regency"], row["district"]]["stake"][row["indication"]] = row
    districts: dict[str, list[AreaFigures]] = {}
    for (regency, district), parts in sorted(found.items()):
        districts.setdefault(regency, []).append(_district(district, parts))
    aside = _rows_set_aside(set_aside)
    codes = sorted({*districts, *aside})
    return tuple(_regency(code, districts.get(code, []), aside.get(code, 0)) for code in codes)


def sum_of(areas: Iterable[AreaFigures], *, code: str = "") -> AreaFigures:
    """Add areas up.

    >>> sum_of([AreaFigures("1", rows=2), AreaFigures("2", rows=3)]).rows
    5
    """
    whole = AreaFigures(code)
    for area in areas:
        whole = whole.joined(area)
    return whole


def _district(code: str, parts: Mapping[str, Any]) -> AreaFigures:
    state, stake, unpaid = parts["state"], parts["stake"], parts["unpaid"]
    figures = {
        name: Figure(
            state.get(name, 0),
            state.get(f"{name}_not_checked", 0),
            stake.get(name, {}).get("stake_idr", 0),
            stake.get(name, {}).get("stake_a_year_idr", 0),
        )
        for name in INDICATIONS
    }
    of_any = stake.get(ANY, {})
    figures[ANY] = Figure(
        of_any.get("rows_indicated", 0), 0, of_any.get("stake_idr", 0), of_any.get("stake_a_year_idr", 0)
    )
    figures[UNPAID] = Figure(unpaid.get("units", 0), unpaid.get("to_verify", 0), 0, unpaid.get("amount_a_year_idr", 0))
    return AreaFigures(code, state.get("rows_audited", 0), state.get("paid_idr", 0), 0, figures)


def _regency(code: str, districts: list[AreaFigures], set_aside: int) -> RegencyFigures:
    whole = sum_of([*districts, AreaFigures(code, set_aside=set_aside)], code=code)
    return RegencyFigures(whole, tuple(districts))


def _rows_set_aside(set_aside: pa.Table) -> dict[str, int]:
    """Count the rows set aside of each regency; a row may have several reasons."""
    places = dict(zip(set_aside.column("row_number").to_pylist(), set_aside.column("regency").to_pylist(), strict=True))
    return dict(Counter(str(place) for place in places.values()))
