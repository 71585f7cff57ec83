"""Open a delivered file and name every table in it: whose it is, which file, and how its columns fit."""

from __future__ import annotations

import codecs
import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kesos.foundation.masking import hide_numbers
from kesos.pipeline.sources.archive import refuse_formulas
from kesos.pipeline.sources.columnar import open_parquet
from kesos.pipeline.sources.contract import Contract
from kesos.pipeline.sources.delimited import open_delimited
from kesos.pipeline.sources.delivered import DeliveredTable, Stretch
from kesos.pipeline.sources.deliveries import DELIVERIES_FILE, Delivery
from kesos.pipeline.sources.recognise import (
    AmbiguousLayout,
    Layout,
    Recognised,
    UnknownLayout,
    layouts_of,
    recognise,
)
from kesos.pipeline.sources.sealed_rows import identity_positions
from kesos.pipeline.sources.sniff import FileKind, Probe, WrongEncoding, probe
from kesos.pipeline.sources.strays import set_aside_strays
from kesos.pipeline.sources.workbook import open_workbook

_SPOKEN: Final = {"utf-8": "UTF-8", "cp1252": "Windows-1252", "utf-16": "UTF-16"}


@dataclass(frozen=True, slots=True)
class Identified:
    """A table of which the layout is known."""

    table: DeliveredTable
    recognised: Recognised

    def rows(self) -> Iterator[Stretch]:
        """Read the rows as text, with strays set aside and empty rows counted."""
        for stretch in self.table.read(identity_positions(self.recognised)):
            yield set_aside_strays(stretch, self.table.header, self.recognised)

    def columns_left_out(self, filled_unnamed: Iterable[int]) -> tuple[str, ...]:
        """Name the columns that the contract does not know; one without a header by its position, as `#5`."""
        unnamed = tuple(f"#{position + 1}" for position in sorted(filled_unnamed))
        return (*map(hide_numbers, self.recognised.match.unknown), *unnamed)

    def filled_unnamed(self, stretch: Stretch) -> set[int]:
        """List the positions without a header at which a stretch holds values."""
        return {
            position
            for position, cell in enumerate(self.table.header)
            if not cell.strip() and stretch.cells[position].null_count < len(stretch.numbers)
        }


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A delivered file, its tables, and the sheets that are none of a contract's."""

    probe: Probe
    tables: tuple[Identified, ...]
    sheets_left_out: tuple[str, ...]


def open_delivered(path: Path, *, contracts: Iterable[Contract], delivery: Delivery | None) -> OpenedFile:
    """Open a file and recognise its tables; `delivery` may restrict source and file, and choose code lists.

    *Raises* the refusals of sniffing, of recognising and of the three readers.
    """
    layouts = layouts_of(
        contracts,
        delivered=path.name,
        source=delivery.source if delivery else None,
        file=delivery.file if delivery else None,
    )
    found = probe(path)
    if found.kind is FileKind.WORKBOOK:
        tables = open_workbook(path, layouts)
    elif found.kind is FileKind.PARQUET:
        tables = [open_parquet(path)]
    else:
        tables = [open_delimited(found, layouts)]
    identified, left_out = _recognise_all(tables, layouts, path.name)
    for item in identified:
        _require_encoding(item, path.name)
        if found.kind is FileKind.WORKBOOK:
            refuse_formulas(path, item.table.place)
    return OpenedFile(found, tuple(_with_code_lists(item, delivery) for item in identified), left_out)


def _recognise_all(
    tables: list[DeliveredTable], layouts: tuple[Layout, ...], file: str
) -> tuple[list[Identified], tuple[str, ...]]:
    """Recognise each sheet; one that nearly is a contract's refuses the whole file, a stranger is left out."""
    identified: list[Identified] = []
    strangers: list[UnknownLayout] = []
    left_out: list[str] = []
    for table in tables:
        try:
            shown = f"{file}, sheet '{table.place}'" if table.place else file
            identified.append(Identified(table, recognise(table.header, layouts, file=shown)))
        except UnknownLayout as error:
            strangers.append(error)
            left_out.append(hide_numbers(table.place))
    close = [error for error in strangers if error.fields["is_close"]]
    if close or (strangers and not identified):
        raise (close or strangers)[0]
    names = Counter(item.recognised.layout.name for item in identified)
    for name, count in names.items():
        if count > 1:
            sheets = ", ".join(item.table.place for item in identified if item.recognised.layout.name == name)
            raise AmbiguousLayout(file=file, candidates=f"{name} ({sheets})")
    return identified, tuple(left_out)


def _require_encoding(item: Identified, file: str) -> None:
    encoding = item.table.encoding
    allowed = [codecs.lookup(name).name for name in item.recognised.layout.contract.encodings]
    # UTF-8 was proven byte by byte and damages nothing, so a contract need not list it.
    if encoding in (None, "utf-8", *allowed):
        return
    names = ", ".join(_SPOKEN.get(name, name) for name in allowed)
    raise WrongEncoding(file=file, byte=item.table.code_page_byte or 0, allowed=names)


def _with_code_lists(item: Identified, delivery: Delivery | None) -> Identified:
    if delivery is None or not delivery.code_lists:
        return item
    layout = item.recognised.layout
    contract = layout.contract.with_code_lists(dict(delivery.code_lists), said_in=DELIVERIES_FILE)
    recognised = dataclasses.replace(item.recognised, layout=dataclasses.replace(layout, contract=contract))
    return dataclasses.replace(item, recognised=recognised)
