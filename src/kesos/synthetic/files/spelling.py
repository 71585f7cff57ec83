"""Write numbers, dates and codes as a source would: with typing errors, swaps, placeholders and gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kesos.foundation.columns import Values
from kesos.foundation.columns import compute as pc
from kesos.synthetic.arrow import chosen, column, number_texts
from kesos.synthetic.draws import Rows, some_rows
from kesos.synthetic.files.patterns import Marks
from kesos.synthetic.files.replaced import replaced
from kesos.synthetic.population.identity import NO_NUMBER, date_parts
from kesos.synthetic.rates import Spelling

PLACEHOLDERS: Final = ("0000000000000000", "9999999999999999", "1111111111111111", "1234567890123456", "0", "-")
_TWO_DIGITS: Final = tuple(f"{number:02d}" for number in range(32))
_FIRST_YEAR: Final = 1850
_YEARS: Final = tuple(str(number) for number in range(_FIRST_YEAR, 2100))
_REGION: Final = 10**10


@dataclass(frozen=True)
class NikHolders:
    """The rows whose NIK is written: the numbers, the family of each (members stand side by side), and the village."""

    nik: Rows
    family: Rows
    village: Rows


def written_niks(rng: np.random.Generator, holders: NikHolders, faults: Spelling, marks: Marks | None = None) -> Values:
    """Write the NIK of each row with all faults of numbers."""
    size = holders.nik.size
    noted = marks or Marks(size)
    numbers = faulty_niks(rng, holders, faults, noted)
    texts = number_texts(numbers)
    rows = some_rows(rng, size, faults.nik_placeholder)
    noted.note("nik_placeholder", rows)
    if rows.size:
        texts = replaced(texts, rows, chosen(PLACEHOLDERS, rng.integers(0, len(PLACEHOLDERS), rows.size)))
    rows = some_rows(rng, size, faults.nik_scientific)
    rows = rows[numbers[rows] != NO_NUMBER]
    noted.note("nik_scientific", rows)
    return replaced(texts, rows, pa.array([f"{number:.5E}" for number in numbers[rows].tolist()], pa.string()))


def faulty_niks(rng: np.random.Generator, holders: NikHolders, faults: Spelling, marks: Marks) -> Rows:
    """Mistype and transpose digits, swap two members' numbers, write today's region, and leave some out (0)."""
    nik, family = holders.nik, holders.family
    result = nik.copy()
    swapped = some_rows(rng, nik.size, faults.nik_swapped)
    swapped = swapped[np.flatnonzero(np.diff(np.r_[-9, swapped]) > 1)]
    swapped = swapped[swapped + 1 < nik.size]
    swapped = swapped[family[swapped] == family[swapped + 1]]
    result[swapped], result[swapped + 1] = nik[swapped + 1], nik[swapped]
    marks.note("nik_swapped", np.r_[swapped, swapped + 1])
    rows = _with_number(result, some_rows(rng, nik.size, faults.nik_region))
    result[rows] = holders.village[rows] // 10_000 * _REGION + result[rows] % _REGION
    marks.note("nik_region", rows)
    rows = _with_number(result, some_rows(rng, nik.size, faults.nik_mistyped))
    power = 10 ** rng.integers(0, 15, rows.size)
    digit = result[rows] // power % 10
    result[rows] += ((digit + rng.integers(1, 10, rows.size)) % 10 - digit) * power
    marks.note("nik_mistyped", rows)
    rows = _with_number(result, some_rows(rng, nik.size, faults.nik_transposed))
    power = 10 ** rng.integers(0, 14, rows.size)
    low, high = result[rows] // power % 10, result[rows] // (power * 10) % 10
    result[rows] += (low - high) * power * 9
    marks.note("nik_transposed", rows)
    rows = some_rows(rng, nik.size, faults.nik_missing)
    result[rows] = NO_NUMBER
    marks.note("nik_missing", rows)
    return result


def _with_number(numbers: Rows, rows: Rows) -> Rows:
    return np.asarray(rows[numbers[rows] != NO_NUMBER])


def written_dates(
    rng: np.random.Generator, days: NDArray[np.int32], form: str, faults: Spelling, marks: Marks | None = None
) -> Values:
    """Write dates as "DMY" 31-12-1999, "SLASH" 31/12/1999 or "ISO" 1999-12-31, with the faults of a source."""
    noted = marks or Marks(days.size)
    day, month, year = date_parts(days)
    swapped = some_rows(rng, days.size, faults.date_swapped)
    swapped = swapped[(day[swapped] <= 12) & (day[swapped] != month[swapped])]
    day[swapped], month[swapped] = month[swapped], day[swapped].copy()
    noted.note("date_swapped", swapped)
    first = some_rows(rng, days.size, faults.date_year_first)
    day[first] = month[first] = 1
    noted.note("date_year_first", first)
    wrong = some_rows(rng, days.size, faults.date_year_wrong)
    wrong = wrong[year[wrong] < 2005]
    year[wrong] += rng.choice(np.array([-10, -2, -1, 1, 2, 10]), wrong.size)
    day[wrong] = np.where((day[wrong] == 29) & (month[wrong] == 2), 28, day[wrong])
    noted.note("date_year_wrong", wrong)
    missing = np.zeros(days.size, bool)
    rows = some_rows(rng, days.size, faults.date_missing)
    missing[rows] = True
    noted.note("date_missing", rows)
    return plain_dates(day, month, year, form, missing)


def plain_dates(day: Rows, month: Rows, year: Rows, form: str, missing: NDArray[np.bool_]) -> Values:
    """Write dates in a form; null where missing."""
    d, m, y = chosen(_TWO_DIGITS, day, missing), chosen(_TWO_DIGITS, month), chosen(_YEARS, year - _FIRST_YEAR)
    parts = (y, m, d) if form == "ISO" else (d, m, y)
    written: Values = pc.binary_join_element_wise(*parts, "/" if form == "SLASH" else "-")
    return written


def codes(rng: np.random.Generator, values: NDArray[np.generic], missing: float, wrong: float) -> Values:
    """Write codes: empty where the question was not asked (-1) or the answer is missing, 99 for a share of mistakes."""
    numbers = values.astype(np.int32)
    numbers[some_rows(rng, numbers.size, wrong)] = 99
    is_empty = numbers < 0
    is_empty[some_rows(rng, numbers.size, missing)] = True
    return column(numbers, is_empty)


def flags(rng: np.random.Generator, values: NDArray[np.bool_], words: tuple[str, str], missing: float) -> Values:
    """Write yes and no in the words of the file; empty for a share."""
    is_empty = np.zeros(values.size, bool)
    is_empty[some_rows(rng, values.size, missing)] = True
    return chosen(words, 1 - values.astype(np.int32), is_empty)
