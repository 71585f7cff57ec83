"""Clusters against the truth, from counts: which records of a cluster are of which person, and how many.

No pair is ever listed. A cell is what one cluster holds of one person; all figures are sums over cells, clusters and
persons, so that a cluster of 100,000 records costs as little as one of two.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kesos.foundation.columns import Column, one_chunk
from kesos.pipeline.evaluate.scores import Counted, Score, Scores

Ints: TypeAlias = "npt.NDArray[np.int64]"

_RECORD: Final = "record_id"


@dataclass(frozen=True, slots=True)
class GroupScores:
    """The scores of one group, such as `sex` = `female`."""

    group: str
    value: str
    scores: Scores


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Clusters judged: overall and by group; `untold` records have a cluster and no truth, and were not judged."""

    overall: Scores
    groups: tuple[GroupScores, ...]
    untold: int

    def to_dict(self) -> dict[str, object]:
        """Give everything as plain data, for programs."""
        return {
            "overall": self.overall.to_dict(),
            "groups": [{"group": g.group, "value": g.value, **g.scores.to_dict()} for g in self.groups],
            "untold": self.untold,
        }


def evaluate(clusters: pa.Table, truth: pa.Table, groups: pa.Table | None = None) -> Evaluation:
    """Judge clusters of records against the truth.

    *Input*: `clusters` (record_id, person_id) and `truth` (record_id, person_key), one row a record each; records that
    stand in one of the two only are left out. `groups` (record_id, …): one text column a way of grouping, null where a
    record is in none of its groups. *Output*: scores overall and for each value of each column of `groups`.

    A pair belongs to a group when *either* of its records does; a cluster or person when *any* of its records does; so
    the pairs of all groups add up to more than the pairs overall. B-cubed of a group is the mean over its own records.
    *Raises* ValueError when a record stands twice.
    """
    records, cluster, person, untold = _joined(clusters, truth)
    table = _Contingency.of(cluster, person)
    scored: list[GroupScores] = []
    for name in groups.column_names if groups is not None else []:
        if groups is not None and name != _RECORD:
            values, codes = _group_codes(groups, name, records)
            scored += [GroupScores(name, value, scores) for value, scores in _by_group(table, values, codes)]
    everyone = np.zeros(len(records), np.int64)
    return Evaluation(_by_group(table, ["all"], everyone)[0][1], tuple(scored), untold)


@dataclass(frozen=True, slots=True)
class _Contingency:
    """Each record's cell, and the sizes of cells, clusters and persons; the last two by cell as well."""

    cell_of_record: Ints
    cell_size: Ints
    cluster_of_cell: Ints
    person_of_cell: Ints
    cluster_size: Ints
    person_size: Ints

    @classmethod
    def of(cls, cluster: Ints, person: Ints) -> _Contingency:
        """Count cells of dense cluster and person numbers, one of each a record."""
        # One integer a pair: sorting pairs as such takes five times as long.
        width = int(person.max(initial=0)) + 1
        cells, cell_of_record, sizes = np.unique(cluster * width + person, return_inverse=True, return_counts=True)
        return cls(
            cell_of_record.reshape(-1).astype(np.int64),
            sizes.astype(np.int64),
            cells // width,
            cells % width,
            np.bincount(cluster).astype(np.int64),
            np.bincount(person).astype(np.int64),
        )


def _by_group(table: _Contingency, values: list[str], codes: Ints) -> list[tuple[str, Scores]]:
    """Score every group at once; `codes` gives each record the place of its group in `values`, -1 for none."""
    inside = np.flatnonzero(codes >= 0)
    cell, group, held = _pair_counts(table.cell_of_record[inside], codes[inside])
    width = len(values)
    both = _touched_pairs(table.cell_size[cell], held, group, width)
    claimed = _touched_of(table.cluster_of_cell, table.cluster_size, cell, (group, held), width)
    true = _touched_of(table.person_of_cell, table.person_size, cell, (group, held), width)
    # A cell is a cluster that is exactly one person when all three sizes are one.
    in_cluster, of_person = table.cluster_size[table.cluster_of_cell], table.person_size[table.person_of_cell]
    is_exact = (table.cell_size == in_cluster) & (table.cell_size == of_person)
    exact = np.bincount(group[is_exact[cell]], minlength=width)
    records = np.bincount(group, weights=held, minlength=width).astype(np.int64)
    found = []
    for place, value in enumerate(values):
        here = group == place
        shares = (cell[here], held[here])
        scores = Scores(
            int(records[place]),
            Counted(claimed[0][place], true[0][place], both[place]),
            Counted(claimed[1][place], true[1][place], int(exact[place])),
            Score(
                _mean_share(table.cell_size, in_cluster, shares),
                _mean_share(table.cell_size, of_person, shares),
            ),
        )
        found.append((value, scores))
    return found


def _touched_of(
    owner_of_cell: Ints, owner_size: Ints, cell: Ints, held_by: tuple[Ints, Ints], width: int
) -> tuple[list[int], list[int]]:
    """Count the pairs, and the number, of clusters (or persons) that hold records of each group."""
    group, held = held_by
    owner, owner_group, owner_held = _pair_counts(owner_of_cell[cell], group, held)
    pairs = _touched_pairs(owner_size[owner], owner_held, owner_group, width)
    return pairs, np.bincount(owner_group, minlength=width).tolist()


def _touched_pairs(size: Ints, held: Ints, group: Ints, width: int) -> list[int]:
    """Count pairs with at least one record of the group: all pairs of a set less those wholly outside the group."""
    outside = size - held
    touched = (size * (size - 1) - outside * (outside - 1)) // 2
    sums = np.zeros(width, np.int64)
    np.add.at(sums, group, touched)
    return [int(total) for total in sums]


def _pair_counts(first: Ints, second: Ints, counts: Ints | None = None) -> tuple[Ints, Ints, Ints]:
    """Count distinct pairs of two codes, each row standing for `counts` records, else for one."""
    width = int(second.max(initial=0)) + 1
    keys, inverse = np.unique(first * width + second, return_inverse=True)
    totals = np.zeros(len(keys), np.int64)
    np.add.at(totals, inverse.reshape(-1), 1 if counts is None else counts)
    return keys // width, keys % width, totals


def _mean_share(cell_size: Ints, whole: Ints, shares: tuple[Ints, Ints]) -> Fraction | None:
    """Average cell over whole, over records; exact, one fraction a distinct size of the whole."""
    cell, held = shares
    records = int(held.sum())
    if records == 0:
        return None
    sizes, place = np.unique(whole[cell], return_inverse=True)
    parts = np.zeros(len(sizes), np.int64)
    np.add.at(parts, place.reshape(-1), cell_size[cell] * held)
    return sum((Fraction(int(p), int(s)) for p, s in zip(parts, sizes, strict=True)), Fraction(0)) / records


def _joined(clusters: pa.Table, truth: pa.Table) -> tuple[Ints, Ints, Ints, int]:
    """Lay truth beside clusters: sorted record ids, dense cluster and person numbers; how many have no truth."""
    ids, told = _ids(clusters), _ids(truth)
    records, here, there = np.intersect1d(ids, told, assume_unique=True, return_indices=True)
    cluster = _dense(one_chunk(clusters.column("person_id")), here)
    person = _dense(one_chunk(truth.column("person_key")), there)
    return records, cluster, person, len(ids) - len(records)


def _ids(table: pa.Table) -> Ints:
    ids = np.asarray(one_chunk(table.column(_RECORD)), dtype=np.int64)
    if len(np.unique(ids)) != len(ids):
        raise ValueError("a record stands twice: clusters, truth and groups have one row a record")
    return ids


def _dense(values: Column, rows: Ints) -> Ints:
    taken: Any = values.take(pa.array(rows, pa.int64()))
    if taken.null_count:
        raise ValueError(f"{taken.null_count} records have no cluster or no person")
    return np.asarray(one_chunk(taken).dictionary_encode().indices, dtype=np.int64)


def _group_codes(groups: pa.Table, name: str, records: Ints) -> tuple[list[str], Ints]:
    """Give each judged record the place of its value in the sorted values of a grouping; -1 where it has none."""
    ids = _ids(groups)
    order = np.argsort(ids)
    place = np.searchsorted(ids[order], records)
    place = np.minimum(place, max(len(ids) - 1, 0))
    known = ids[order][place] == records if len(ids) else np.zeros(len(records), np.bool_)
    encoded = one_chunk(groups.column(name)).dictionary_encode()
    listed: list[Any] = encoded.dictionary.to_pylist()
    values = sorted(str(value) for value in listed)
    ranks = np.array([values.index(str(value)) for value in listed] or [0], np.int64)
    indices = np.asarray(encoded.indices.fill_null(-1), dtype=np.int64)
    codes = np.where(indices >= 0, ranks[indices], -1)
    return values, np.where(known, codes[order][place] if len(ids) else -1, -1)
