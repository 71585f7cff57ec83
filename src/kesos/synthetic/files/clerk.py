"""The office that writes a list: it writes numbers, names and dates with its faults, and notes what it did."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kesos.foundation.columns import Values
from kesos.synthetic.draws import Columns, Rows
from kesos.synthetic.files.naming import written_names
from kesos.synthetic.files.patterns import Marks
from kesos.synthetic.files.spelling import NikHolders, written_dates, written_niks
from kesos.synthetic.population.identity import NO_NUMBER
from kesos.synthetic.population.words import Words
from kesos.synthetic.rates import Spelling


@dataclass(frozen=True)
class Sheet:
    """A table as written, whom each row is about (0: nobody of this world), what was done to it, and where it goes.

    `regency` is that of the file in which each row belongs; None if all belong in that of the chunk.
    """

    table: pa.Table
    keys: Rows
    marks: Marks
    regency: Rows | None = None


class Clerk:
    """Writes the values of `rows` rows."""

    def __init__(self, rng: np.random.Generator, faults: Spelling, rows: int, date_form: str = "DMY") -> None:
        self.marks = Marks(rows)
        self._rng, self._faults, self._date_form = rng, faults, date_form

    def nik(self, nik: Rows, family: Rows, village: Rows) -> Values:
        """Write the NIK; members of a `family` that stand side by side may be confused, the region with that today."""
        return written_niks(self._rng, NikHolders(nik, family, village), self._faults, self.marks)

    def name(self, names: Words, sex: NDArray[np.int8]) -> Values:
        """Write names of the persons."""
        return written_names(self._rng, names, sex, self._faults, self.marks)

    def birth(self, days: NDArray[np.int32]) -> Values:
        """Write dates of birth."""
        return written_dates(self._rng, days, self._date_form, self._faults, self.marks)


def older_niks(rng: np.random.Generator, persons: Columns, rows: Rows, share: float) -> Rows:
    """Give the NIK of persons; of those who have two, the second one for a share."""
    second = persons["nik_second"][rows]
    uses_second = (second != NO_NUMBER) & (rng.random(rows.size) < share)
    return np.where(uses_second, second, persons["nik"][rows])


def older_cards(rng: np.random.Generator, families: Columns, share: float) -> Rows:
    """Give each row's card, or for a share the one before, where there was one."""
    is_old = (rng.random(families["kk"].size) < share) & (families["kk_old"] != NO_NUMBER)
    return np.where(is_old, families["kk_old"], families["kk"])
