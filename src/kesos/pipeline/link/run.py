"""The whole linker: candidates, levels, patterns, weights, cuts, clusters; one function and its figures by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kesos.pipeline.engine.stopwatch import Lap, Stopwatch
from kesos.pipeline.link.blocking import BlockingFigures, Candidates, find_candidates
from kesos.pipeline.link.clustering import Constraints, cluster
from kesos.pipeline.link.compare import compare
from kesos.pipeline.link.complete import Pairs, complete
from kesos.pipeline.link.encode import LinkTable
from kesos.pipeline.link.model import Model
from kesos.pipeline.link.patterns import Levels, count_patterns, pack, spell
from kesos.pipeline.link.thresholds import Cuts, choose_cuts
from kesos.pipeline.link.weights import Chance, Estimates, Observed, Weights, learn, stands_at, weigh

Rows: TypeAlias = "npt.NDArray[np.int32]"
Truth: TypeAlias = "npt.NDArray[np.bool_]"

_DRAWN_PAIRS: Final = 1_000_000
LINKED: Final = "linked"
REVIEW: Final = "review"
_IN_GROUP_RULE: Final = "in_group"


@dataclass(frozen=True, slots=True)
class Weighed:
    """Candidate pairs as the linker held them: rows of a pair, their levels and weights; ids by row."""

    record_ids: npt.NDArray[np.int64]
    left: Rows
    right: Rows
    levels: Levels
    weights: Weights


@dataclass(frozen=True, slots=True)
class Linked:
    """What the linker found.

    `edges` (record_id, other_record_id, weight_millibits, band linked or review, rule, levels, is_refused) from the
    review cut upwards; `clusters` (record_id, cluster), a cluster named by its lowest record id.
    """

    edges: pa.Table
    clusters: pa.Table
    estimates: Estimates
    cuts: Cuts
    blocking: tuple[BlockingFigures, ...]
    steps: list[Lap]
    weighed: Weighed

    def candidates(self) -> pa.Table:
        """List every candidate pair: (record_id, other_record_id, weight_millibits, levels packed as an integer)."""
        one, other = self.weighed.record_ids[self.weighed.left], self.weighed.record_ids[self.weighed.right]
        return pa.table(
            {
                "record_id": pa.array(one),
                "other_record_id": pa.array(other),
                "weight_millibits": pa.array(self.weighed.weights),
                "levels": pa.array(pack(self.weighed.levels)),
            }
        )


def link_table(
    table: LinkTable,
    model: Model,
    *,
    seed: int,
    anchored: pa.Table | None = None,
    decided: pa.Table | None = None,
) -> Linked:
    """Link records by evidence.

    *Input*: `anchored` (record_id, other_record_id), pairs known to be of one person, from which m is learnt; without
    it the model's own anchors. `decided` (record_id, other_record_id, answer same or different), which clustering
    obeys before anything else. `seed` draws the random pairs. Rows in any order give the same result.
    """
    clock = Stopwatch()
    found = clock.take("block", lambda: find_candidates(table, model), lambda made: len(made.left))
    levels = clock.take("compare", lambda: compare(table, found.left, found.right, model), len)
    observed = clock.take(
        "count",
        lambda: _observe(table, model, found, levels, _is_anchored(table, model, found, levels, anchored), seed),
        lambda made: len(made.others.pairs) + len(made.anchored.pairs),
    )
    estimates = clock.take("learn", lambda: learn(table, model, observed), lambda made: len(made.log_likelihood))
    weights = clock.take("weigh", lambda: weigh(table, found.left, levels, model, estimates), len)
    cuts = clock.take("cut", lambda: choose_cuts(weights, model.thresholds), lambda made: made.linked_pairs)
    pairs = Pairs(found.left, found.right, levels, weights, found.rule)
    every, is_inner = clock.take(
        "complete",
        lambda: complete(table, model, estimates, pairs, cuts.linked),
        lambda made: len(made[1]) - len(pairs.left),
    )
    inner, near = every.of(is_inner), every.of(every.weights >= cuts.review)
    constraints = _constraints(table, model, near, decided)
    label, _ = clock.take(
        "cluster",
        lambda: cluster(inner.left, inner.right, inner.weights, cuts.linked, constraints),
        lambda made: len(np.unique(made[0])),
    )
    edges = _edges(table, model, near, cuts, label)
    clusters = pa.table({"record_id": pa.array(table.record_ids), "cluster": pa.array(table.record_ids[label])})
    weighed = Weighed(table.record_ids, found.left, found.right, levels, weights)
    return Linked(edges, clusters, estimates, cuts, found.figures, clock.laps, weighed)


def _is_anchored(table: LinkTable, model: Model, found: Candidates, levels: Levels, given: pa.Table | None) -> Truth:
    """Mark the candidates that are known to be of one person."""
    if given is not None:
        rows = [_rows_of(table, given, name) for name in ("record_id", "other_record_id")]
        here = (rows[0] >= 0) & (rows[1] >= 0)
        key = _pair_key(rows[0][here], rows[1][here], len(table))
        return np.isin(_pair_key(found.left, found.right, len(table)), key)
    if model.anchors is None:
        return np.zeros(len(found.left), np.bool_)
    codes = table.columns[model.anchors.number].codes
    anchored = (codes[found.left] >= 0) & (codes[found.left] == codes[found.right])
    for name in model.anchors.agree:
        anchored &= levels[:, model.place[name]] != model.comparison(name).else_level
    return np.asarray(anchored, np.bool_)


def _pair_key(left: Rows, right: Rows, rows: int) -> npt.NDArray[np.int64]:
    return np.asarray(np.minimum(left, right).astype(np.int64) * rows + np.maximum(left, right), np.int64)


def _rows_of(table: LinkTable, pairs: pa.Table, name: str) -> Rows:
    """Find the row of each record id; −1 for records that are not here."""
    wanted = pairs.column(name).to_numpy().astype(np.int64)
    if not len(table):
        return np.full(len(wanted), -1, np.int32)
    place = np.minimum(np.searchsorted(table.record_ids, wanted), len(table) - 1)
    return np.where(table.record_ids[place] == wanted, place, -1).astype(np.int32)


def _observe(table: LinkTable, model: Model, found: Candidates, levels: Levels, anchored: Truth, seed: int) -> Observed:
    left, right = _draw(table, model, seed)
    return Observed(
        anchored=count_patterns(levels[anchored]),
        others=count_patterns(levels[~anchored]),
        drawn=count_patterns(compare(table, left, right, model)),
        all_pairs=_pairs_between(np.bincount(table.source), model),
        records=len(table),
        chance={
            place: _chance(table, model, comparison.closed_field)
            for place, comparison in enumerate(model.comparisons)
            if comparison.closed_field
        },
    )


def _pairs_between(sizes: npt.NDArray[np.int64], model: Model) -> int:
    total = int(sizes.sum())
    pairs = total * (total - 1) // 2
    if model.pairs == "between_sources":
        pairs -= sum(size * (size - 1) // 2 for size in sizes.tolist())
    return pairs


def _chance(table: LinkTable, model: Model, name: str) -> Chance:
    """Count all pairs that share a value of a field, and all in which both values are known."""
    column = table.columns[name]
    known = column.codes >= 0
    equal = _count_pairs(column.counts())
    if model.pairs == "between_sources":
        inside = column.codes[known].astype(np.int64) * len(table.sources) + table.source[known]
        equal -= _count_pairs(np.unique(inside, return_counts=True)[1])
    return Chance(equal, _pairs_between(np.bincount(table.source[known], minlength=1), model))


def _count_pairs(counts: npt.NDArray[np.int64]) -> float:
    return float((counts.astype(np.float64) * (counts - 1) / 2).sum())


def _draw(table: LinkTable, model: Model, seed: int) -> tuple[Rows, Rows]:
    """Draw pairs at random; a small table gives all its pairs."""
    rows = len(table)
    if rows * (rows - 1) // 2 <= _DRAWN_PAIRS:
        left, right = np.triu_indices(rows, 1)
    else:
        rng = np.random.Generator(np.random.PCG64(seed))
        left, right = rng.integers(0, rows, _DRAWN_PAIRS), rng.integers(0, rows, _DRAWN_PAIRS)
    keep = left != right
    if model.pairs == "between_sources":
        keep &= table.source[left] != table.source[right]
    return left[keep].astype(np.int32), right[keep].astype(np.int32)


def _constraints(table: LinkTable, model: Model, near: Pairs, decided: pa.Table | None) -> Constraints:
    apart = np.zeros(len(near.left), np.bool_)
    for veto in model.vetoes:
        apart |= stands_at(near.levels, veto.when, model)
    answers: dict[str, list[tuple[int, int]]] = {"same": [], "different": []}
    if decided is not None:
        rows = zip(_rows_of(table, decided, "record_id"), _rows_of(table, decided, "other_record_id"), strict=True)
        for (one, other), answer in zip(rows, decided.column("answer").to_pylist(), strict=True):
            if one >= 0 and other >= 0 and answer in answers:
                answers[answer].append((int(min(one, other)), int(max(one, other))))
    is_anchor = np.zeros(len(table), np.bool_)
    if model.anchor_source in table.sources:
        is_anchor = table.source == table.sources.index(str(model.anchor_source))
    return Constraints(
        is_anchor=is_anchor,
        penalty=round(model.anchor_penalty_bits * 1000),
        same=tuple(answers["same"]),
        different=tuple(answers["different"]),
        apart=tuple(zip(near.left[apart].tolist(), near.right[apart].tolist(), strict=True)),
    )


def _edges(table: LinkTable, model: Model, near: Pairs, cuts: Cuts, label: Rows) -> pa.Table:
    refused = (near.weights >= cuts.linked) & (label[near.left] != label[near.right])
    is_linked = (near.weights >= cuts.linked) & ~refused
    rules = np.array([*(rule.name for rule in model.blocking), _IN_GROUP_RULE], dtype=object)
    edges = pa.table(
        {
            "record_id": pa.array(table.record_ids[near.left]),
            "other_record_id": pa.array(table.record_ids[near.right]),
            "weight_millibits": pa.array(near.weights),
            "band": pa.array(np.where(is_linked, LINKED, REVIEW).tolist(), pa.string()),
            "rule": pa.array(rules[np.minimum(near.rule, len(rules) - 1)].tolist(), pa.string()),
            "levels": pa.array(spell(pack(near.levels), len(model.comparisons)), pa.string()),
            "is_refused": pa.array(refused),
        }
    )
    return edges.sort_by([("record_id", "ascending"), ("other_record_id", "ascending")])
