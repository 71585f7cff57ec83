"""Tell from a header which source and which of its files a table is."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kesos.foundation.errors import Refused
from kesos.foundation.masking import hide_numbers
from kesos.pipeline.sources.contract import Contract, FileContract, HeaderMatch, normalise_header


class UnknownLayout(Refused):
    """A header that is no file of any contract."""

    what = (
        "{file}: no contract fits. The nearest is {nearest}, of whose required columns these are missing: {missing}; "
        "headers that look similar: {similar}."
    )
    remedy = "Correct the header, add an alias to the contract, or write a contract for this source."


class MissingColumns(UnknownLayout):
    """A header of which it is clear what it should be, with required columns missing."""

    what = (
        "{file} is taken as {nearest}, but required columns are missing: {missing}; "
        "headers that look similar: {similar}."
    )
    remedy = "Ask the sender for the columns, or add their names as aliases to the contract."


class AmbiguousLayout(Refused):
    """A header that fits two files of contracts equally well, or two sheets that are the same file."""

    what = "{file} fits equally well: {candidates}."
    remedy = (
        "Say which it is: name source and file in deliveries.yaml, or put each file into a folder named as its source."
    )


class DuplicateColumns(Refused):
    """Two columns of a table that claim to be the same."""

    what = "{file} ({nearest}): more than one column is {columns}; the headers are {headers}."
    remedy = "Remove or rename all but one."


class UnknownSource(Refused):
    """A source or a file of it that no contract describes."""

    what = "{file}: there is no contract for '{name}'; known are: {known}."
    remedy = "Correct the name of the folder or the entry in deliveries.yaml."


@dataclass(frozen=True, slots=True)
class Layout:
    """One file of one contract, as something that a header may be."""

    contract: Contract
    file: str

    @property
    def file_contract(self) -> FileContract:
        """Give the contract of the file."""
        return self.contract.file(self.file)

    @property
    def name(self) -> str:
        """Name source and file as messages show them."""
        return f"{self.contract.source}/{self.file}"


@dataclass(frozen=True, slots=True)
class Recognised:
    """A layout, and how the header fits it."""

    layout: Layout
    match: HeaderMatch


def layouts_of(
    contracts: Iterable[Contract], *, delivered: str, source: str | None = None, file: str | None = None
) -> tuple[Layout, ...]:
    """List what a table may be, restricted to a source and a file where they are named. *Raises* UnknownSource."""
    every = tuple(Layout(contract, name) for contract in contracts for name in contract.files)
    chosen = tuple(
        layout for layout in every if source in (None, layout.contract.source) and file in (None, layout.file)
    )
    if not chosen:
        known = ", ".join(sorted(layout.name for layout in every))
        raise UnknownSource(file=delivered, name="/".join(part for part in (source, file) if part), known=known)
    return chosen


def best_match_count(header: Sequence[str], layouts: Sequence[Layout]) -> int:
    """Count the columns that the best layout finds in a line; 0 for a line that is no header."""
    return max(len(layout.file_contract.match(header).found) for layout in layouts)


def recognise(header: Sequence[str], layouts: Sequence[Layout], *, file: str) -> Recognised:
    """Find the one layout that a header is: all required columns there, and most columns found.

    *Raises* UnknownLayout, MissingColumns, AmbiguousLayout, DuplicateColumns.
    """
    candidates = [Recognised(layout, layout.file_contract.match(header)) for layout in layouts]
    complete = [candidate for candidate in candidates if not candidate.match.missing]
    if not complete:
        raise _nearest(header, candidates, file)
    most = max(len(candidate.match.found) for candidate in complete)
    best = [candidate for candidate in complete if len(candidate.match.found) == most]
    if len(best) > 1:
        raise AmbiguousLayout(file=file, candidates=", ".join(candidate.layout.name for candidate in best))
    if best[0].match.repeated:
        raise _duplicates(header, best[0], file)
    return best[0]


def _duplicates(header: Sequence[str], recognised: Recognised, file: str) -> DuplicateColumns:
    layout, repeated = recognised.layout, recognised.match.repeated
    headers = [cell for cell in header if layout.file_contract.column_of(cell) in repeated]
    return DuplicateColumns(
        file=file, nearest=layout.name, columns=", ".join(repeated), headers=hide_numbers(", ".join(headers))
    )


def _nearest(header: Sequence[str], candidates: Sequence[Recognised], file: str) -> UnknownLayout:
    nearest = max(candidates, key=lambda candidate: (len(candidate.match.found), -len(candidate.match.missing)))
    match = nearest.match
    required = [name for name, column in nearest.layout.file_contract.columns.items() if column.column == "required"]
    sources = {candidate.layout.contract.source for candidate in candidates}
    is_close = bool(match.found) and 2 * len(match.missing) <= len(required)
    kind = MissingColumns if is_close or (match.found and len(sources) == 1) else UnknownLayout
    return kind(
        file=file,
        nearest=nearest.layout.name,
        missing=", ".join(match.missing),
        similar=_similar(nearest),
        is_close=is_close,
    )


def _similar(nearest: Recognised) -> str:
    """Point from missing columns to headers that nearly name them: most often a slip of the pen."""
    unknown = {normalise_header(cell): cell for cell in nearest.match.unknown}
    pairs = []
    for name in nearest.match.missing:
        column = nearest.layout.file_contract.columns[name]
        for spelling in (name, *column.aliases):
            near = difflib.get_close_matches(normalise_header(spelling), unknown, n=1, cutoff=0.75)
            if near:
                pairs.append(f"{hide_numbers(unknown[near[0]])} → {name}")
                break
    return ", ".join(pairs) or "-"
