"""Which patterns of error were applied to which row, and which of them are held out from the standardiser."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np
import pyarrow as pa
import yaml

from kesos.synthetic import ground
from kesos.synthetic.arrow import chosen
from kesos.synthetic.draws import Flags, Rows

_LISTED: Final = "listed"
_MOST_OF_A_KIND: Final = 3
_SHORTEST_RESPELLED: Final = 4
_LONGEST_ABBREVIATION: Final = 4


@dataclass(frozen=True)
class Pattern:
    """One way to write otherwise; `is_held_out` where the standardiser may not know it."""

    name: str
    is_held_out: bool


@cache
def _page() -> dict[str, Any]:
    text = (resources.files("kesos.synthetic") / "patterns.yaml").read_text(encoding="utf-8")
    page: dict[str, Any] = yaml.safe_load(text)
    return page


@cache
def patterns() -> tuple[Pattern, ...]:
    """List every pattern, in the order of their numbers."""
    page = _page()
    known = [_LISTED, *page["letters"]["known"], *page["errors"]["known"]]
    held_out = [*page["letters"]["held_out"], *page["words"]["held_out"], *page["errors"]["held_out"]]
    return tuple([Pattern(name, False) for name in known] + [Pattern(name, True) for name in held_out])


@cache
def pattern_number(name: str) -> int:
    """Give the number of a pattern."""
    return [pattern.name for pattern in patterns()].index(name)


@cache
def _listed() -> dict[str, list[str]]:
    listed: dict[str, list[str]] = {}
    for canonical, variant in ground.name_variants():
        listed.setdefault(canonical, []).append(variant)
        if len(variant) <= _LONGEST_ABBREVIATION and len(canonical) > len(variant) + 1:
            listed[canonical].append(f"{variant}.")
    return listed


def known_variants(word: str) -> list[tuple[str, int]]:
    """List the variants of a word that the standardiser may know, with the numbers of their patterns."""
    listed = [(variant, pattern_number(_LISTED)) for variant in _listed().get(word, [])]
    return listed + _respelled(word, "known")[:_MOST_OF_A_KIND]


def held_out_variants(word: str) -> list[tuple[str, int]]:
    """List the variants of a word that only the generator knows, with the numbers of their patterns."""
    pairs: dict[str, list[list[str]]] = _page()["words"]["held_out"]
    written = [(variant, pattern_number(name)) for name, found in pairs.items() for of, variant in found if of == word]
    return written + _respelled(word, "held_out")


def _respelled(word: str, kind: str) -> list[tuple[str, int]]:
    """Apply the letter rules of a kind.

    >>> [text for text, _ in _respelled("HASAN", "held_out")]
    ['ASAN', 'HASANG']
    """
    if len(word) < _SHORTEST_RESPELLED:
        return []
    rules: dict[str, list[str]] = _page()["letters"][kind]
    changed = [(re.sub(old, new, word, count=1), pattern_number(name)) for name, (old, new) in rules.items()]
    return [(text, number) for text, number in changed if text != word]


@dataclass
class Marks:
    """The patterns applied to the rows of a table as it is written."""

    rows: int
    _where: list[Rows] = field(default_factory=list)
    _which: list[Rows] = field(default_factory=list)

    def note(self, pattern: str | Rows, rows: Rows) -> None:
        """Note that a pattern, or for each row one by its number, was applied to rows."""
        which = np.full(rows.size, pattern_number(pattern)) if isinstance(pattern, str) else pattern
        self._where.append(np.asarray(rows, np.int64))
        self._which.append(np.asarray(which, np.int64))

    def names(self) -> pa.ListArray[Any]:
        """List for each row the names of its patterns, each once."""
        where, which = self._distinct()
        offsets = np.searchsorted(where, np.arange(self.rows + 1))
        names = chosen(tuple(pattern.name for pattern in patterns()), which)
        made: pa.ListArray[Any] = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), names)
        return made

    def is_held_out(self) -> Flags:
        """Say for each row whether any of its patterns is held out."""
        where, which = self._distinct()
        held_out = np.array([pattern.is_held_out for pattern in patterns()])
        flags = np.zeros(self.rows, bool)
        flags[where[held_out[which]]] = True
        return flags

    def _distinct(self) -> tuple[Rows, Rows]:
        if not self._where:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        step = len(patterns())
        both = np.unique(np.concatenate(self._where) * step + np.concatenate(self._which))
        return both // step, both % step
