"""Weights of evidence by Fellegi and Sunter: how often levels occur in pairs of one person (m) and of two (u)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from kesos.pipeline.link.encode import LinkTable
from kesos.pipeline.link.model import NULL, ComparisonModel, DoubtModel, Model
from kesos.pipeline.link.patterns import Levels, Patterns

Floats: TypeAlias = "npt.NDArray[np.float64]"
Weights: TypeAlias = "npt.NDArray[np.int64]"
Rows: TypeAlias = "npt.NDArray[np.int32]"

LEVELS: Final = 16
_MILLIBITS: Final = 1000
_ROUNDS: Final = 200
_STILL: Final = 1e-6
_SMOOTH: Final = 0.5
# How many pairs of one person the starting values are worth: they decide only levels that hardly occur.
_START_PAIRS: Final = 5.0
# Or what share of the pairs of one person that were found: a comparison that hardly ever has both values (the mother,
# in one source alone) would else be learnt from the few false pairs among them.
_START_SHARE: Final = 0.001
# Nothing happens so rarely that one wrong code outweighs all the rest.
_LEAST_M: Final = 0.0005
# Anchored pairs were chosen for not contradicting: a start without contradictions could never learn them.
_DOUBT: Final = 0.1


@dataclass(frozen=True, slots=True)
class Chance:
    """Equality by chance in closed form: all pairs with `equal` values of a field, out of those with both `known`."""

    equal: float
    known: float


@dataclass(frozen=True, slots=True)
class Observed:
    """Integer counts that the estimates rest on.

    `anchored` pairs are of one person; `others` are the remaining candidates; `drawn` are pairs at random out of
    `all_pairs`; `chance` stands for comparisons whose first level is equality.
    """

    anchored: Patterns
    others: Patterns
    drawn: Patterns
    all_pairs: int
    records: int
    chance: dict[int, Chance]


@dataclass(frozen=True, slots=True)
class Estimates:
    """What was learnt: `m` and `u` by comparison and level, weights in millibits, and the prior odds in millibits.

    `term_millibits` are added to the first level by the value that two records share. `log_likelihood` holds one
    figure a round.
    """

    m: Floats
    u: Floats
    weights: Weights
    prior_millibits: int
    term_millibits: dict[int, Weights]
    log_likelihood: tuple[float, ...]


def learn(table: LinkTable, model: Model, observed: Observed) -> Estimates:
    """Estimate m, u and the prior by expectation and maximisation over pattern counts.

    All pairs of records are the population: candidates are seen, the others are taken for two persons. Anchored
    pairs count as certain; u is measured on drawn pairs, each by its chance of being two persons, and in closed
    form where the first level is equality, after the pairs of one person are taken out.
    """
    m, u, prior = _start(model, observed)
    history: list[float] = []
    for _ in range(_ROUNDS):
        table_of = _log_ratios(m, u, model)
        history.append(_log_likelihood(observed, m, u, prior))
        chances = _posterior(_sum_of(observed.others.levels, table_of, model, prior), prior)
        drawn = _posterior(_sum_of(observed.drawn.levels, table_of, model, prior), prior)
        matches = _level_counts(observed.anchored) + _level_counts(observed.others, chances)
        new_m = _learnt_m(matches, model)
        new_u = _new_u(observed, drawn, matches, model)
        expected = float(observed.anchored.pairs.sum()) + float((observed.others.pairs * chances).sum())
        prior = _possible(expected / max(observed.all_pairs, 1))
        moved = max(float(np.abs(new_m - m).max()), float(np.abs(new_u - u).max()))
        m, u = new_m, new_u
        if moved < _STILL:
            break
    weights = np.rint(_log_ratios(m, u, model) * _MILLIBITS).astype(np.int64)
    millibits = round(float(np.log2(prior / (1 - prior))) * _MILLIBITS)
    return Estimates(m, u, weights, millibits, _terms(table, model, u), tuple(history))


def _start(model: Model, observed: Observed) -> tuple[Floats, Floats, float]:
    u = _new_u(observed, np.zeros(len(observed.drawn.pairs)), np.zeros((len(model.comparisons), LEVELS)), model)
    m = _start_m(model)
    if observed.anchored.pairs.sum():
        m = (1 - _DOUBT) * _learnt_m(_level_counts(observed.anchored), model) + _DOUBT * m
    guess = max(float(observed.anchored.pairs.sum()), 0.2 * observed.records)
    return m, u, _possible(guess / max(observed.all_pairs, 1))


def _possible(share: float) -> float:
    return min(max(share, 1e-15), 0.5)


def _start_m(model: Model) -> Floats:
    """Start from the shares that the model gives; levels without one share what is left, the first one most."""
    m = np.zeros((len(model.comparisons), LEVELS))
    for place, comparison in enumerate(model.comparisons):
        named = [level.m for level in comparison.levels]
        falling = [0.5**number for number in range(len(named))]
        rest = 0.95 - sum(share for share in named if share)
        open_sum = sum(fall for fall, share in zip(falling, named, strict=True) if not share) or 1.0
        for number, share in enumerate(named, start=1):
            m[place, number] = share or max(rest, 0.01) * falling[number - 1] / open_sum
        m[place, comparison.else_level] = 0.05
        m[place] /= m[place].sum()
    return m


def _learnt_m(matches: Floats, model: Model) -> Floats:
    """Turn counts of levels in pairs of one person into shares, of which none is below the least."""
    steady = max(_START_PAIRS, _START_SHARE * float(matches.sum(axis=1).max(initial=0.0)))
    shares = _shares(matches + steady * _start_m(model), model)
    shares[shares > 0] = np.maximum(shares[shares > 0], _LEAST_M)
    return _shares(shares, model)


def _level_counts(patterns: Patterns, share: Floats | None = None) -> Floats:
    """Count pairs by comparison and level, each pattern with its share; null is not counted."""
    counts = np.zeros((patterns.levels.shape[1], LEVELS))
    pairs = patterns.pairs.astype(np.float64) if share is None else patterns.pairs * share
    for place in range(patterns.levels.shape[1]):
        counts[place] = np.bincount(patterns.levels[:, place], weights=pairs, minlength=LEVELS)
    counts[:, NULL] = 0
    return counts


def _shares(counts: Floats, model: Model) -> Floats:
    """Turn counts into shares of the levels that a comparison has; null has none."""
    shares = np.zeros_like(counts)
    for place, comparison in enumerate(model.comparisons):
        levels = slice(1, comparison.else_level + 1)
        shares[place, levels] = counts[place, levels] / counts[place, levels].sum()
    return np.asarray(shares, np.float64)


def _new_u(observed: Observed, drawn: Floats, matches: Floats, model: Model) -> Floats:
    counts = _level_counts(observed.drawn, 1 - drawn)
    for place, comparison in enumerate(model.comparisons):
        counts[place, 1 : comparison.else_level + 1] += _SMOOTH
    u = _shares(counts, model)
    for place, chance in observed.chance.items():
        equal = max(chance.equal - matches[place, 1], 0.0) + _SMOOTH
        first = min(equal / (max(chance.known - matches[place].sum(), 0.0) + 2 * _SMOOTH), 0.99)
        rest = u[place, 2:].sum()
        u[place, 2:] *= (1 - first) / rest
        u[place, 1] = first
    return u


def _log_ratios(m: Floats, u: Floats, model: Model) -> Floats:
    """Give log2(m/u) by comparison and level; null is 0; a comparison's limits hold."""
    ratios = np.zeros_like(m)
    there = (m > 0) & (u > 0)
    ratios[there] = np.log2(m[there] / u[there])
    for place, comparison in enumerate(model.comparisons):
        ratios[place] = np.clip(ratios[place], comparison.floor_bits, comparison.cap_bits)
        for number, level in enumerate(comparison.levels, start=1):
            if not level.counts:
                ratios[place, number] = 0.0
    return ratios


def _sum_of(levels: Levels, ratios: Floats, model: Model, prior: float) -> Floats:
    """Add the weights of the comparisons of each pattern, groups within their limits, in the order of the model."""
    total = np.zeros(len(levels))
    groups = {name: np.zeros(len(levels)) for name in model.groups}
    for place, comparison in enumerate(model.comparisons):
        into = total if comparison.group is None else groups[comparison.group]
        into += ratios[place][levels[:, place]]
    prior_bits = float(np.log2(prior / (1 - prior)))
    for name in model.groups_inside_out:
        group = model.groups[name]
        into = total if group.within is None else groups[group.within]
        into += np.clip(groups[name], group.floor_bits, group.cap(prior_bits))
    for doubt in model.doubts:
        total -= doubt.bits * stands_at(levels, doubt.when, model)
    return total


def stands_at(levels: Levels, when: Mapping[str, Sequence[str]], model: Model) -> npt.NDArray[np.bool_]:
    """Tell which pairs stand, in each of the named comparisons, at one of the levels named with it."""
    holds = np.ones(len(levels), np.bool_)
    for name, names in when.items():
        wanted = [model.comparison(name).level(level) for level in names]
        holds &= np.isin(levels[:, model.place[name]], wanted)
    return holds


def _posterior(bits: Floats, prior: float) -> Floats:
    odds = np.clip(bits + np.log2(prior / (1 - prior)), -1000, 1000)
    return np.asarray(1 / (1 + np.exp2(-odds)), np.float64)


def _log_likelihood(observed: Observed, m: Floats, u: Floats, prior: float) -> float:
    """Say how likely the candidates are, natural log, anchored ones as pairs of one person; groups are not capped."""
    one = np.log(prior) + _log_share(observed.others.levels, m)
    two = np.log1p(-prior) + _log_share(observed.others.levels, u)
    certain = np.log(prior) + _log_share(observed.anchored.levels, m)
    unseen = observed.all_pairs - float(observed.others.pairs.sum() + observed.anchored.pairs.sum())
    seen = float((observed.others.pairs * np.logaddexp(one, two)).sum())
    return seen + float((observed.anchored.pairs * certain).sum()) + max(unseen, 0.0) * float(np.log1p(-prior))


def _log_share(levels: Levels, shares: Floats) -> Floats:
    logs = np.zeros_like(shares)
    logs[shares > 0] = np.log(shares[shares > 0])
    total = np.zeros(len(levels))
    for place in range(levels.shape[1]):
        total += logs[place][levels[:, place]]
    return total


def _terms(table: LinkTable, model: Model, u: Floats) -> dict[int, Weights]:
    """Weigh a shared value by how rare it is: log2 of u of equality over the share of the value."""
    terms: dict[int, Weights] = {}
    for place, comparison in enumerate(model.comparisons):
        if comparison.term_frequency and comparison.closed_field:
            counts = table.columns[comparison.closed_field].counts()
            share = np.maximum(counts, 1) / max(counts.sum(), 1)
            terms[place] = np.rint(np.log2(u[place, 1] / share) * _MILLIBITS).astype(np.int64)
    return terms


def weigh(table: LinkTable, left: Rows, levels: Levels, model: Model, estimates: Estimates) -> Weights:
    """Add up the evidence of each pair in whole millibits: log2 of the odds of one person, the prior included."""
    total = np.full(len(left), estimates.prior_millibits, np.int64)
    groups = {name: np.zeros(len(left), np.int64) for name in model.groups}
    for place, comparison in enumerate(model.comparisons):
        into = total if comparison.group is None else groups[comparison.group]
        into += evidence(table, comparison, place, left, levels[:, place], estimates)
    for name in model.groups_inside_out:
        within = model.groups[name].within
        into = total if within is None else groups[within]
        into += within_limits(groups[name], model, name, estimates)
    for doubt in model.doubts:
        total -= doubt_millibits(doubt) * stands_at(levels, doubt.when, model)
    return total


def within_limits(group: Weights, model: Model, name: str, estimates: Estimates) -> Weights:
    """Hold the sums of a group within its limits."""
    limits = model.groups[name]
    cap = limits.cap(estimates.prior_millibits / _MILLIBITS)
    return np.clip(group, round(limits.floor_bits * _MILLIBITS), round(cap * _MILLIBITS))


def doubt_millibits(doubt: DoubtModel) -> int:
    """Give what a doubt takes away, in millibits."""
    return round(doubt.bits * _MILLIBITS)


def evidence(
    table: LinkTable,
    comparison: ComparisonModel,
    place: int,
    left: Rows,
    level: npt.NDArray[np.uint8],
    estimates: Estimates,
) -> Weights:
    """Give the millibits of one comparison for each pair, term frequency and the comparison's own cap included."""
    weight = estimates.weights[place][level]
    if place in estimates.term_millibits:
        shared = np.flatnonzero(level == 1)
        codes = table.columns[comparison.field].codes[left[shared]]
        weight[shared] += estimates.term_millibits[place][codes]
        if comparison.cap_bits is not None:
            weight = np.minimum(weight, round(comparison.cap_bits * _MILLIBITS))
    return np.asarray(weight, np.int64)


def probability(millibits: Weights) -> Floats:
    """Give the probability of one person.

    >>> probability(np.array([0, 7000])).round(3).tolist()
    [0.5, 0.992]
    """
    return np.asarray(1 / (1 + np.exp2(-np.clip(millibits, -900_000, 900_000) / _MILLIBITS)), np.float64)
