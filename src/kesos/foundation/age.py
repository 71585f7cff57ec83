"""Count completed years of life, once for Python, Arrow and SQL.

Someone born on 29 February completes a year on 1 March where the year has no 29 February.
"""

from __future__ import annotations

from datetime import date
from typing import Final, cast

import pyarrow as pa

from kesos.foundation.columns import Column, one_chunk
from kesos.foundation.columns import compute as pc
from kesos.foundation.errors import Refused

# `date_diff('year', …)` counts new years that were passed, not birthdays, and engines differ on it.
_AGE_TEMPLATE: Final = (
    "CAST(CASE WHEN {birth} > {as_of} THEN NULL"
    " ELSE EXTRACT(YEAR FROM {as_of}) - EXTRACT(YEAR FROM {birth})"
    " - CASE WHEN EXTRACT(MONTH FROM {as_of}) * 100 + EXTRACT(DAY FROM {as_of})"
    " < EXTRACT(MONTH FROM {birth}) * 100 + EXTRACT(DAY FROM {birth}) THEN 1 ELSE 0 END"
    " END AS INTEGER)"
)


class BornLater(Refused):
    """An age was asked for a day before birth."""

    what = "Birth date {birth} is after {as_of}."
    remedy = "Correct the birth date at the source, or ask for a later day."


def age_in_years(birth: date, as_of: date) -> int:
    """Count the birthdays passed by the end of a day.

    >>> age_in_years(date(2000, 2, 29), date(2026, 2, 28)), age_in_years(date(2000, 2, 29), date(2026, 3, 1))
    (25, 26)

    *Raises* BornLater.
    """
    if birth > as_of:
        raise BornLater(birth=birth, as_of=as_of)
    return as_of.year - birth.year - ((as_of.month, as_of.day) < (birth.month, birth.day))


def ages_in_years(births: Column, as_of: date) -> pa.Int32Array:
    """Count completed years for a column of dates; null where the birth is unknown or after `as_of`.

    >>> ages_in_years(pa.array([date(2000, 2, 29), None, date(2030, 1, 1)]), date(2026, 2, 28)).to_pylist()
    [25, None, None]
    """
    births = one_chunk(births)
    years = pc.subtract(as_of.year, pc.year(births))
    day_of_year = pc.add(pc.multiply(pc.month(births), 100), pc.day(births))
    birthday_ahead = pc.cast(pc.less(as_of.month * 100 + as_of.day, day_of_year), pa.int64())
    ages = pc.cast(pc.subtract(years, birthday_ahead), pa.int32())
    ages = pc.if_else(pc.less_equal(births, pa.scalar(as_of, pa.date32())), ages, pa.scalar(None, pa.int32()))
    return cast("pa.Int32Array", ages)


def age_sql(birth: str, as_of: str) -> str:
    """Write the age expression for two SQL expressions of type DATE; null where birth is after the day.

    The arguments are column or parameter names of our own SQL, never data.

    >>> age_sql("p.birth_date", "$as_of").count("p.birth_date")
    4
    """
    return _AGE_TEMPLATE.format(birth=birth, as_of=as_of)


AGE_SQL: Final = age_sql("birth_date", "$as_of")
