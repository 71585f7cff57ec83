"""The pairs of a release by what the linker thought of them: the strata that a sample for evaluation is drawn from.

Together are all pairs of records of one person, those included that no edge joins and that are together only through
others. Apart are the pairs that the linker weighed and that ended in two persons.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kesos.foundation.columns import one_chunk

Ids: TypeAlias = "npt.NDArray[np.int64]"

_NUMBER_RULES: Final = ("same_nik", "same_row")
# Odds of one person against two, in millibits: 2^7 is .992, 2^14 .99994.
_STRONG: Final = 14_000
_FAIR: Final = 7_000
_EVEN: Final = 0

TOGETHER: Final = ("by_number", "by_answer", "by_strong_evidence", "by_fair_evidence", "by_weak_evidence")
IMPLIED: Final = "through_others"
APART: Final = ("refused", "likely", "unlikely")


@dataclass(frozen=True, slots=True)
class Stratum:
    """Pairs of one kind: `pairs` of them in the release, of which those listed may be drawn, all with equal chance."""

    name: str
    is_together: bool
    pairs: int
    left: Ids
    right: Ids


def strata_of(
    person_of_record: pa.Table, edges: pa.Table, apart: pa.Table, *, implied: int, seed: int
) -> list[Stratum]:
    """Sort the pairs of a release into strata.

    *Input*: `person_of_record` (record_id, person_id); `edges` and `apart` as datasets link_edge and link_apart.
    At most `implied` pairs that are together through others are listed, drawn with `seed`. *Output*: the strata that
    have pairs; strata of `apart` count the pairs that the lot was drawn from, less the share that is together by now.
    """
    people = _People.of(person_of_record)
    strata = [*_edge_strata(people, edges), _implied_stratum(people, edges, implied, seed), *_lot_strata(people, apart)]
    return [stratum for stratum in strata if stratum.pairs > 0 and len(stratum.left) > 0]


@dataclass(frozen=True, slots=True)
class _People:
    """Records in ascending order, each with its person."""

    record: Ids
    person: Ids

    @classmethod
    def of(cls, table: pa.Table) -> _People:
        record, person = _ints(table, "record_id"), _ints(table, "person_id")
        order = np.argsort(record)
        return cls(record[order], person[order])

    def are_together(self, left: Ids, right: Ids) -> npt.NDArray[np.bool_]:
        """Tell for each pair whether both records are of one person."""
        return np.equal(self.of_records(left), self.of_records(right))

    def of_records(self, records: Ids) -> Ids:
        """Give the person of each record. *Raises* KeyError for a record that the release does not have."""
        place = np.minimum(np.searchsorted(self.record, records), max(len(self.record) - 1, 0))
        if len(records) and (len(self.record) == 0 or (self.record[place] != records).any()):
            raise KeyError("a pair names a record that the release does not have")
        return self.person[place] if len(records) else records


def _edge_strata(people: _People, edges: pa.Table) -> Iterator[Stratum]:
    left, right = _ints(edges, "record_id"), _ints(edges, "other_record_id")
    together = people.are_together(left, right)
    weight = _ints(edges, "weight_millibits")
    rule = np.array(one_chunk(edges.column("rule")).to_pylist(), dtype=object)
    by_number, by_answer = np.isin(rule, _NUMBER_RULES), rule == "answered"
    weighed = ~by_number & ~by_answer
    kinds = (
        by_number,
        by_answer,
        weighed & (weight >= _STRONG),
        weighed & (weight >= _FAIR) & (weight < _STRONG),
        weighed & (weight < _FAIR),
    )
    for name, chosen in zip(TOGETHER, kinds, strict=True):
        yield _listed(name, left, right, chosen & together, is_together=True)
    refused = np.asarray(
        one_chunk(edges.column("is_refused")).fill_null(False).to_numpy(zero_copy_only=False), np.bool_
    )
    for name, chosen in zip(APART, (refused, ~refused & (weight >= _EVEN), ~refused & (weight < _EVEN)), strict=True):
        yield _listed(name, left, right, chosen & ~together, is_together=False)


def _listed(name: str, left: Ids, right: Ids, chosen: npt.NDArray[np.bool_], *, is_together: bool) -> Stratum:
    return Stratum(name, is_together, int(chosen.sum()), left[chosen], right[chosen])


def _implied_stratum(people: _People, edges: pa.Table, most: int, seed: int) -> Stratum:
    """Draw pairs that are together without an edge: only the persons that a drawn pair falls into are listed."""
    order = np.lexsort((people.record, people.person))
    record, person = people.record[order], people.person[order]
    _, start, size = np.unique(person, return_index=True, return_counts=True)
    left, right = _ints(edges, "record_id"), _ints(edges, "other_record_id")
    inside = people.are_together(left, right)
    edge_person = np.searchsorted(person[start], people.of_records(left[inside]))
    joined = np.bincount(edge_person, minlength=len(start))
    missing = size * (size - 1) // 2 - joined
    total = int(missing.sum())
    rng = np.random.Generator(np.random.PCG64(seed))
    drawn = np.sort(rng.choice(total, size=min(most, total), replace=False)) if total else np.zeros(0, np.int64)
    ends = np.cumsum(missing)
    owner = np.searchsorted(ends, drawn, side="right")
    # Only the edges of the persons that were drawn: a release has millions of others.
    near = np.flatnonzero(inside)[np.isin(edge_person, owner)]
    low, high = np.minimum(left[near], right[near]), np.maximum(left[near], right[near])
    edge_set = set(zip(low.tolist(), high.tolist(), strict=True))
    pairs: list[tuple[int, int]] = []
    for place in np.unique(owner).tolist():
        members = record[start[place] : start[place] + size[place]].tolist()
        free = [(a, b) for n, a in enumerate(members) for b in members[n + 1 :] if (a, b) not in edge_set]
        first = int(ends[place] - missing[place])
        pairs += [free[int(number) - first] for number in drawn[owner == place]]
    listed = np.array(pairs, np.int64).reshape(-1, 2)
    return Stratum(IMPLIED, True, total, listed[:, 0], listed[:, 1])


def _lot_strata(people: _People, apart: pa.Table) -> Iterator[Stratum]:
    left, right = _ints(apart, "record_id"), _ints(apart, "other_record_id")
    names: list[Any] = one_chunk(apart.column("stratum")).to_pylist()
    name_of, pairs = np.array(names, dtype=object), _ints(apart, "stratum_pairs")
    still_apart = ~people.are_together(left, right)
    for name in sorted(set(names)):
        of_name = name_of == name
        here = of_name & still_apart
        drawn_from = int(pairs[of_name][0])
        whole = drawn_from * int(here.sum()) // int(of_name.sum())
        yield Stratum(name, False, whole, left[here], right[here])


def _ints(table: pa.Table, name: str) -> Ids:
    return np.asarray(one_chunk(table.column(name)).fill_null(0), dtype=np.int64)
