"""The plain scorer: at which level two records stand in every comparison of a model."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import eq
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from kesos.foundation.columns import Values, complete_texts, compute
from kesos.pipeline.link.encode import Column, LinkTable, is_text
from kesos.pipeline.link.model import MOST_EDITS, NULL, ComparisonModel, Condition, Model

Rows: TypeAlias = "npt.NDArray[np.int32]"
Levels: TypeAlias = "npt.NDArray[np.uint8]"
Truth: TypeAlias = "npt.NDArray[np.bool_]"
Codes: TypeAlias = "npt.NDArray[np.int32]"

_CHUNK: Final = 1 << 21


def compare(table: LinkTable, left: Rows, right: Rows, model: Model) -> Levels:
    """Give the level of each pair (row) in each comparison (column): 0 null, those of the model in order, then else."""
    levels = np.zeros((len(left), len(model.comparisons)), np.uint8)
    for start in range(0, len(left), _CHUNK):
        piece = slice(start, start + _CHUNK)
        for place, comparison in enumerate(model.comparisons):
            levels[piece, place] = _levels_of(table, comparison, left[piece], right[piece])
    return levels


def _levels_of(table: LinkTable, comparison: ComparisonModel, left: Rows, right: Rows) -> Levels:
    """Condition level by level, each only on the pairs that no level before it took."""
    column = table.columns[comparison.field]
    known = (column.codes[left] >= 0) & (column.codes[right] >= 0)
    level = np.where(known, comparison.else_level, NULL).astype(np.uint8)
    tests = [one.tests(comparison.field) for one in comparison.levels]
    needs_others = any(test.field != comparison.field for level_tests in tests for test in level_tests)
    open_rows = np.arange(len(left)) if needs_others else np.flatnonzero(known)
    distances: dict[tuple[str, str], npt.NDArray[np.float32]] = {}
    for number, level_tests in enumerate(tests, start=1):
        if not len(open_rows):
            break
        holds = np.ones(len(open_rows), np.bool_)
        for test in level_tests:
            holds &= _holds(table.columns[test.field], test, left[open_rows], right[open_rows], distances)
        level[open_rows[holds]] = number
        open_rows = open_rows[~holds]
        distances = {name: distance[~holds] for name, distance in distances.items()}
    return level


def _holds(
    column: Column, test: Condition, left: Rows, right: Rows, distances: dict[tuple[str, str], npt.NDArray[np.float32]]
) -> Truth:
    first, second = column.codes[left], column.codes[right]
    known = (first >= 0) & (second >= 0)
    if test.test == "exact":
        return np.asarray(known & (first == second), np.bool_)
    if test.test in _DISTANCES:
        if not is_text(column.values):
            return np.zeros(len(left), np.bool_)
        key = (test.field, test.test)
        if key not in distances:
            distances[key] = _distance(column.values, first, second, known, test.test)
        close = distances[key] <= test.bound if test.test == "edit" else distances[key] >= np.float32(test.bound)
        return np.asarray(known & close, np.bool_)
    kernel = _DATE_TESTS.get(test.test) or partial(_other_test, test)
    return _on_known(kernel, column, first, second, known)


def _on_known(
    kernel: Callable[[Column, Codes, Codes], Truth], column: Column, first: Codes, second: Codes, known: Truth
) -> Truth:
    holds = np.zeros(len(first), np.bool_)
    holds[known] = kernel(column, first[known], second[known])
    return holds


_DISTANCES: Final = ("jaro_winkler", "edit")


def _distance(values: Values, first: Codes, second: Codes, known: Truth, kind: str) -> npt.NDArray[np.float32]:
    """Measure distinct pairs of values once, and hand each pair its own."""
    result = np.full(len(first), 0.0 if kind == "jaro_winkler" else MOST_EDITS + 1, np.float32)
    one, other, inverse = distinct_pairs(first[known], second[known], len(values))
    ones, others = _texts(values, one), _texts(values, other)
    if kind == "jaro_winkler":
        measured = cpdist(ones, others, scorer=JaroWinkler.similarity, dtype=np.float32)
    else:
        measured = cpdist(ones, others, scorer=OSA.distance, score_cutoff=MOST_EDITS, dtype=np.float32)
    result[known] = np.asarray(measured, np.float32)[inverse]
    return result


def _texts(values: Values, codes: Codes) -> list[str]:
    return complete_texts(values.take(pa.array(codes, pa.int32())))


def distinct_pairs(first: Codes, second: Codes, size: int) -> tuple[Codes, Codes, npt.NDArray[np.int64]]:
    """List the distinct unordered pairs of codes, and where each given pair stands among them.

    >>> one, other, inverse = distinct_pairs(np.array([3, 1, 3]), np.array([1, 3, 2]), 4)
    >>> one.tolist(), other.tolist(), inverse.tolist()
    ([1, 2], [3, 3], [0, 0, 1])
    """
    key = np.minimum(first, second).astype(np.int64) * size + np.maximum(first, second)
    distinct, inverse = np.unique(key, return_inverse=True)
    return (distinct // max(size, 1)).astype(np.int32), (distinct % max(size, 1)).astype(np.int32), inverse


def _dates(column: Column, codes: Codes) -> tuple[Codes, Codes, Codes]:
    return column.part("year")[codes], column.part("month")[codes], column.part("day")[codes]


def _day_month_swapped(column: Column, first: Codes, second: Codes) -> Truth:
    (year, month, day), (other_year, other_month, other_day) = _dates(column, first), _dates(column, second)
    return np.asarray((year == other_year) & (month == other_day) & (day == other_month), np.bool_)


def _one_part_differs(column: Column, first: Codes, second: Codes) -> Truth:
    parts = zip(_dates(column, first), _dates(column, second), strict=True)
    return np.asarray(sum((one == other).astype(np.int8) for one, other in parts) == 2)


def _same_year(column: Column, first: Codes, second: Codes) -> Truth:
    return np.asarray(column.part("year")[first] == column.part("year")[second])


def _one_digit_differs(column: Column, first: Codes, second: Codes) -> Truth:
    """Compare dates as eight digits, of which a slip of the pen changes one."""
    one, other = _digits(column, first), _digits(column, second)
    differing = np.zeros(len(first), np.int8)
    for _ in range(8):
        differing += one % 10 != other % 10
        one, other = one // 10, other // 10
    return np.asarray(differing == 1)


def _digits(column: Column, codes: Codes) -> Codes:
    year, month, day = _dates(column, codes)
    return np.asarray(year * 10_000 + month * 100 + day, np.int32)


def _heaped_year(column: Column, first: Codes, second: Codes) -> Truth:
    """Tell whether the years are equal and one of the days stands for a day nobody knows."""
    known = column.part("known_day")
    return _same_year(column, first, second) & ((known[first] < 0) | (known[second] < 0))


_DATE_TESTS: Final[dict[str, Callable[[Column, Codes, Codes], Truth]]] = {
    "day_month_swapped": _day_month_swapped,
    "one_part_differs": _one_part_differs,
    "same_year": _same_year,
    "one_digit_differs": _one_digit_differs,
    "heaped_year": _heaped_year,
}


def _other_test(test: Condition, column: Column, first: Codes, second: Codes) -> Truth:
    if test.test == "same_words":
        words = column.part("words")
        return np.asarray((words[first] == words[second]) & (words[first] >= 0))
    if test.test == "head":
        part = column.part(f"head{int(test.bound)}")
        return np.asarray(part[first] == part[second])
    if test.test == "within":
        numbers = column.values.to_numpy(zero_copy_only=False).astype(np.int64)
        return np.asarray(np.abs(numbers[first] - numbers[second]) <= test.bound)
    if test.test == "both":
        return np.asarray((first == second) & (first == _code_of(column.values, test.word)))
    return _on_distinct(words_alike if test.test == "words_alike" else words_agree, column.values, first, second)


def _code_of(values: Values, word: str) -> int:
    return int(compute.index(values, pa.scalar(word, values.type)).as_py())


def _on_distinct(agree: Callable[[str, str], bool], values: Values, first: Codes, second: Codes) -> Truth:
    one, other, inverse = distinct_pairs(first, second, len(values))
    ones, others = _texts(values, one), _texts(values, other)
    return np.array([agree(a, b) for a, b in zip(ones, others, strict=True)], np.bool_)[inverse]


def words_agree(one: str, other: str) -> bool:
    """Tell whether every word of the shorter name stands in the longer one, in order, whole or as its initial.

    One word of one letter is no evidence.

    >>> words_agree("siti aminah", "aminah"), words_agree("m yusuf", "muhammad yusuf"), words_agree("ani", "budi")
    (True, True, False)
    """
    short, long = sorted((one.split(), other.split()), key=len)
    if not any(len(word) > 1 for word in short):
        return False
    place = 0
    for word in short:
        while place < len(long) and not _word_agrees(word, long[place]):
            place += 1
        if place == len(long):
            return False
        place += 1
    return True


def _word_agrees(word: str, other: str) -> bool:
    return word == other or (min(len(word), len(other)) == 1 and word[0] == other[0])


_SHORTEST_MISTYPED: Final = 4


def words_alike(one: str, other: str) -> bool:
    """Tell whether every word of the shorter name has a word of its own in the longer one, in any order.

    Words are alike when equal, when one is the other's initial, or, from four letters on, when one edit parts them. At
    least one word must be more than an initial.

    >>> words_alike("budi santoso", "santosa budi"), words_alike("s amin", "siti amina"), words_alike("ani", "adi")
    (True, True, False)
    """
    short, long = sorted((one.split(), other.split()), key=len)
    open_words = list(long)
    whole_words = 0
    # Long words choose first: an initial must not take the word that another one means.
    for word in sorted(short, key=len, reverse=True):
        found = next((candidate for alike in _WORD_TESTS for candidate in open_words if alike(word, candidate)), None)
        if found is None:
            return False
        whole_words += min(len(word), len(found)) > 1
        open_words.remove(found)
    return whole_words > 0


def _is_mistyped(word: str, other: str) -> bool:
    return min(len(word), len(other)) >= _SHORTEST_MISTYPED and OSA.distance(word, other, score_cutoff=1) <= 1


def _is_initial(word: str, other: str) -> bool:
    return min(len(word), len(other)) == 1 and word[0] == other[0]


_WORD_TESTS: Final[tuple[Callable[[str, str], bool], ...]] = (eq, _is_mistyped, _is_initial)
