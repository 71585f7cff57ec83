"""Survivorship: of all that sources say about one person, family or dwelling, which value stands, and by whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kesos.datasets.quality import CONFLICT
from kesos.foundation.columns import compute as pc
from kesos.pipeline.golden.precedence import Entity, Precedence

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Survivorship:
    """A group kernel: records of whole entities in, one golden row an entity out, lineage beside every value.

    *Input* of a call: rows with the entity's key, `record_id` (unique), `source`, `observed_on` and the golden
    columns, in any order. *Output*: the key in ascending order, each golden column, and `<column>_record_id`
    of the record that gave it. `conflicts` counts, over all calls, the records that were overruled:
    (column, winning source, losing source).
    """

    entity: Entity
    key: str
    columns: Sequence[str]
    precedence: Precedence
    conflicts: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def __call__(self, records: pa.Table) -> pa.Table:
        groups = _Groups.of(records, self.key)
        beliefs = _Beliefs(records, groups, self.precedence)
        golden: dict[str, pa.Array[Any]] = {}
        lineage: dict[str, pa.Array[Any]] = {}
        winners: dict[str, Ints] = {}
        record_ids = records.column("record_id").combine_chunks()
        for column in self.columns:
            values = records.column(column).combine_chunks()
            leader = self.precedence.leader(column)
            if leader not in winners:
                order = beliefs.order(leader, is_newest_first=self.precedence.is_newest_first(self.entity, leader))
                winners[leader] = groups.first_known(self._is_known(records, leader), order)
            winner: Any = pa.array(winners[leader], mask=winners[leader] < 0)
            golden[column] = values.take(winner)
            is_known: Any = golden[column].is_valid()
            lineage[f"{column}_record_id"] = pc.if_else(is_known, record_ids.take(winner), None)
            if leader == column:
                self._count_conflicts(column, values, winners[leader][groups.of_row], records)
        return pa.table({self.key: pa.array(groups.keys), **golden, **lineage})

    def _is_known(self, records: pa.Table, leader: str) -> Flags:
        """Tell in which rows a column is known; one that leads others, where any of them is."""
        followers = (column for column in self.columns if self.precedence.leader(column) == leader)
        known = np.zeros(records.num_rows, bool)
        for column in followers:
            known |= records.column(column).is_valid().to_numpy()
        return known

    def _count_conflicts(self, column: str, values: pa.Array[Any], winner_of_row: Ints, records: pa.Table) -> None:
        winner: Any = pa.array(winner_of_row, mask=winner_of_row < 0)
        differs: Any = pc.not_equal(values, values.take(winner))
        is_overruled: Any = pc.fill_null(differs, False)
        if not pc.any(is_overruled).as_py():
            return
        source = records.column("source").combine_chunks()
        overruled = pa.table(
            {"winning": source.take(winner).filter(is_overruled), "losing": source.filter(is_overruled)}
        )
        pairs: Any = overruled.group_by(["winning", "losing"]).aggregate([([], "count_all")])
        for pair in pairs.to_pylist():
            self.conflicts[(column, pair["winning"], pair["losing"])] += pair["count_all"]

    def conflict_table(self) -> pa.Table:
        """Give the conflicts counted so far as rows of dataset `conflict`."""
        rows = [
            {
                "entity": self.entity,
                "golden_column": column,
                "winning_source": winning,
                "losing_source": losing,
                "conflicts": count,
            }
            for (column, winning, losing), count in sorted(self.conflicts.items())
        ]
        return pa.Table.from_pylist(rows, schema=CONFLICT.arrow_schema())


class _Beliefs:
    """Orders of belief over the rows of a table; columns with the same rules share one sort."""

    def __init__(self, records: pa.Table, groups: _Groups, precedence: Precedence) -> None:
        sources = records.column("source").combine_chunks().dictionary_encode()
        self._spoken = [str(name) for name in sources.dictionary.to_pylist()]
        self._code = sources.indices.to_numpy()
        self._age = -records.column("observed_on").combine_chunks().cast(pa.int32()).to_numpy().astype(np.int64)
        self._record_id = records.column("record_id").to_numpy()
        self._group = groups.of_row
        self._precedence = precedence
        self._known: dict[tuple[tuple[int, ...], bool], Ints] = {}

    def order(self, column: str, *, is_newest_first: bool) -> Ints:
        """Sort rows by entity, then by belief for this column: the first row of an entity is believed first.

        Sources that the precedence ranks alike, because it lists none of them, follow in the order of their names.
        """
        ranked = sorted(self._spoken, key=lambda name: (self._precedence.rank(name, column), name))
        place = tuple(ranked.index(name) for name in self._spoken)
        if (place, is_newest_first) not in self._known:
            trust = np.array(place, np.int64)[self._code]
            first, second = (self._age, trust) if is_newest_first else (trust, self._age)
            order = np.lexsort((self._record_id, second, first, self._group)).astype(np.int64)
            self._known[(place, is_newest_first)] = order
        return self._known[(place, is_newest_first)]


@dataclass(frozen=True, slots=True)
class _Groups:
    """Rows of a table grouped by an integer key: the distinct keys, and the group of every row."""

    keys: Ints
    of_row: Ints

    @classmethod
    def of(cls, records: pa.Table, key: str) -> _Groups:
        keys, of_row = np.unique(records.column(key).to_numpy(), return_inverse=True)
        return cls(keys.astype(np.int64), of_row.astype(np.int64))

    def first_known(self, is_known: Flags, order: Ints) -> Ints:
        """Find, for each group, the first row in `order` in which something is known; -1 where nothing is."""
        known = is_known[order]
        count = len(order)
        if count == 0:
            return np.full(len(self.keys), -1, np.int64)
        starts = np.searchsorted(self.of_row[order], np.arange(len(self.keys)))
        place = np.minimum.reduceat(np.where(known, np.arange(count), count), starts)
        return np.where(place < count, order[np.minimum(place, count - 1)], -1).astype(np.int64)
