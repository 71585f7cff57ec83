"""Read the number of a family card (KK): evidence about a family at one time.

Sixteen digits: district of issue (6), date of issue as DDMMYY (6), serial (4). The number changes when a family moves
or its members change, so it is never the identity of a family.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import pyarrow as pa

from kesos.foundation.civil_number import CivilNumberNote, CivilNumberReading, read_number, read_numbers
from kesos.foundation.columns import Column

KkNote = CivilNumberNote
KkReading = CivilNumberReading


@lru_cache(maxsize=100_000)
def _is_possible_date(ddmmyy: str) -> bool:
    """Tell whether six digits can be a date of issue. A card has no sex: the day is never raised by 40."""
    try:
        date(2000 + int(ddmmyy[4:]), int(ddmmyy[2:4]), int(ddmmyy[:2]))
    except ValueError:
        return False
    return True


def read_kk(text: str | None, known_regions: frozenset[str] | None = None, *, from_number: bool = False) -> KkReading:
    """Read one KK cell; as `read_nik`, but the date is a day of issue.

    >>> read_kk("320101" + "150119" + "9001.0").note.name
    'VALID'
    >>> read_kk("320101" + "550119" + "9001").note.name
    'IMPOSSIBLE_DATE'
    """
    return read_number(text, known_regions, _is_possible_date, from_number=from_number)


def read_kks(
    texts: Column, known_regions: frozenset[str] | None = None, *, from_number: bool = False
) -> tuple[pa.StringArray, pa.StringArray]:
    """Read a column of KK numbers as `read_kk` does; give (values, notes).

    >>> read_kks(pa.array(["0", None]))[1].to_pylist()
    ['placeholder', 'missing']
    """
    return read_numbers(texts, known_regions, _is_possible_date, from_number=from_number)
