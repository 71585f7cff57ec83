"""Name stretches of time as the programmes do: month `2026-07`, quarter `2026-T3`, and the name of a release."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from kesos.foundation.errors import Refused

_QUARTER: Final = re.compile(r"([0-9]{4})-T([1-4])")
_MONTH: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_RELEASE: Final = re.compile(r"([0-9]{4}-T[1-4])(?:-([a-z0-9]+(?:-[a-z0-9]+)*))?")
_LONGEST_NAME: Final = 60
_MONTHS: Final = 12


class NotAPeriod(Refused):
    """A text names neither a quarter nor a month."""

    what = "'{text}' is not a period."
    remedy = "Write a quarter as 2026-T3 or a month as 2026-07."


class NotAReleaseName(Refused):
    """A release was given a name that would not sort or could not be a folder."""

    what = "'{text}' is not the name of a release."
    remedy = "Write the quarter, with a suffix of small letters, digits and dashes if need be: 2026-T3-trial."


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month or a quarter: `valid_from` is its first day, `valid_until` the day after its last."""

    valid_from: date
    valid_until: date
    name: str

    @property
    def last_day(self) -> date:
        """Give the last day that belongs to the period."""
        return self.valid_until - timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        """Tell whether a day belongs to the period."""
        return self.valid_from <= day < self.valid_until


@dataclass(frozen=True, slots=True)
class ReleaseName:
    """The name of a release: a quarter and, where one quarter has several, a suffix."""

    quarter: Period
    suffix: str | None

    def __str__(self) -> str:
        return self.quarter.name if self.suffix is None else f"{self.quarter.name}-{self.suffix}"


def _months(year: int, first_month: int, count: int, name: str) -> Period:
    month_after = first_month + count
    if month_after > _MONTHS:
        return Period(date(year, first_month, 1), date(year + 1, month_after - _MONTHS, 1), name)
    return Period(date(year, first_month, 1), date(year, month_after, 1), name)


def read_period(text: str) -> Period:
    """Read a quarter or a month.

    >>> read_period("2026-T4").valid_until
    datetime.date(2027, 1, 1)
    >>> read_period("2024-02").last_day
    datetime.date(2024, 2, 29)

    *Raises* NotAPeriod.
    """
    bare = text.strip()
    quarter = _QUARTER.fullmatch(bare.upper())
    month = _MONTH.fullmatch(bare)
    try:
        if quarter:
            return _months(int(quarter[1]), 3 * int(quarter[2]) - 2, 3, quarter[0])
        if month:
            return _months(int(month[1]), int(month[2]), 1, month[0])
    except ValueError:  # the years 0000 and 9999 have no calendar
        pass
    raise NotAPeriod(text=text)


def quarter_of(day: date) -> Period:
    """Give the quarter to which a day belongs.

    >>> quarter_of(date(2026, 9, 30)).name
    '2026-T3'
    """
    return read_period(f"{day.year:04}-T{(day.month + 2) // 3}")


def read_release_name(text: str) -> ReleaseName:
    """Read the name of a release, `YYYY-Tn` with an optional suffix; it is a safe folder name.

    >>> str(read_release_name("2026-T3-trial")), read_release_name("2026-T3").suffix
    ('2026-T3-trial', None)

    *Raises* NotAReleaseName.
    """
    match = _RELEASE.fullmatch(text)
    if match is None or len(text) > _LONGEST_NAME:
        raise NotAReleaseName(text=text)
    try:
        return ReleaseName(read_period(match[1]), match[2])
    except NotAPeriod:
        raise NotAReleaseName(text=text) from None
