"""Count the rows of a delivered table as they pass, and refuse a table that is mostly broken."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from kesos.foundation.errors import Refused
from kesos.pipeline.sources.delivered import NoRows, Stretch
from kesos.pipeline.sources.identify import Identified

_FEW: Final = 10
_MISFITS: Final = ("too_few_fields", "too_many_fields")


class TooManyBrokenRows(Refused):
    """A table of which most rows do not fit its own header."""

    what = "{file}: {broken} of {rows} rows have another number of fields than the header."
    remedy = "Check the delimiter and the quotation marks of the export; nothing of the file was taken."


@dataclass(slots=True)
class Tally:
    """Rows kept, rows set aside by reason, empty rows, and columns without a header that hold values."""

    kept: int = 0
    empty: int = 0
    by_reason: Counter[str] = field(default_factory=Counter)
    filled_unnamed: set[int] = field(default_factory=set)

    @property
    def quarantined(self) -> int:
        """Count the rows set aside."""
        return self.by_reason.total()

    @property
    def rows_in(self) -> int:
        """Count the rows that came in: each is either kept or set aside."""
        return self.kept + self.quarantined

    def add(self, stretch: Stretch, item: Identified) -> None:
        """Count a stretch."""
        self.kept += len(stretch.numbers)
        self.empty += stretch.empty
        self.by_reason.update(row.reason for row in stretch.broken)
        self.filled_unnamed |= item.filled_unnamed(stretch)

    def close(self, file: str) -> None:
        """Refuse a table without rows, and one of which most are misfits. *Raises* NoRows, TooManyBrokenRows."""
        if not self.rows_in:
            raise NoRows(file=file)
        misfits = sum(self.by_reason[reason] for reason in _MISFITS)
        if misfits >= _FEW and 2 * misfits > self.rows_in:
            raise TooManyBrokenRows(file=file, broken=misfits, rows=self.rows_in)
