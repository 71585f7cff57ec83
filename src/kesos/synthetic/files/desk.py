"""Write the files of one regency as its chunks come, and pass on what belongs in the file of another regency.

Rows for another regency go into exchange files, `exchange/<source>-<file>/<bucket>/<origin>.parquet`. Once every
regency is written, each bucket of regencies is filled up in the order of the origins, so that the bytes do not depend
on who worked when, and memory holds one bucket.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kesos.synthetic.arrow import column
from kesos.synthetic.draws import Rows, generator
from kesos.synthetic.files.clerk import Sheet
from kesos.synthetic.files.delivery import CsvDelivery, Dialect, write_spreadsheet
from kesos.synthetic.files.kinds import DEATHS, SENT_ON, Kind, dialect_of
from kesos.synthetic.plan import RegencyPlan
from kesos.synthetic.population.chunk import Population
from kesos.synthetic.rates import Rates
from kesos.synthetic.truth import RowTruth, TruthWriter

SOURCES: Final = "sources"
TRUTH: Final = "truth"
EXCHANGE: Final = "exchange"
BUCKETS: Final = 16

_TO, _KEY, _PATTERNS, _HELD_OUT = "kesos_to", "kesos_key", "kesos_patterns", "kesos_held_out"
_PASSED_ON: Final = (_TO, _KEY, _PATTERNS, _HELD_OUT)


@dataclass(frozen=True)
class Delivered:
    """A file that was written; `path` is below the folder of sources."""

    path: str
    source: str
    file: str
    delivered_on: date
    areas: tuple[str, ...]
    rows: int
    first_day: date
    last_day: date


def bucket_of(regency: str, world: tuple[str, ...]) -> int:
    """Give the bucket in which rows for a regency wait."""
    return world.index(regency) % BUCKETS


class Desk:
    """Writes the files of one regency; `kinds` are those wanted."""

    def __init__(self, stack: ExitStack, plan: RegencyPlan, rates: Rates, out: Path, kinds: tuple[Kind, ...]) -> None:
        self.regency, self.rates, self._out, self._kinds = plan, rates, out, kinds
        self.truth = stack.enter_context(TruthWriter(out / TRUTH, plan.code))
        self._offices = {kind: Office(kind, plan.code, plan.persons, rates) for kind in kinds}
        self._csv = {
            kind: stack.enter_context(office.file(out))
            for kind, office in self._offices.items()
            if office.dialect.suffix == "csv"
        }
        self._spreadsheet: list[pa.Table] = []
        self._sent: dict[Kind, list[pa.Table]] = {kind: [] for kind in kinds if kind in SENT_ON}
        self._rows = dict.fromkeys(kinds, 0)

    def wants(self, kind: Kind) -> bool:
        """Say whether a file is wanted."""
        return kind in self._offices

    def dialect(self, kind: Kind) -> Dialect:
        """Give the way the regency's office writes a file."""
        return dialect_of(kind, self.regency.code, self.regency.persons)

    def put(self, kind: Kind, population: Population, sheet: Sheet) -> None:
        """Add rows to a file of this regency, and keep those of other regencies of this world to be passed on."""
        about = RowTruth(sheet.keys, sheet.marks.names(), sheet.marks.is_held_out())
        table = sheet.table
        if sheet.regency is not None:
            here = sheet.regency == int(self.regency.code)
            self._pass_on(kind, table, about, sheet.regency)
            table, about = table.filter(column(here)), about.filter(here)
        if kind in self._csv:
            self._csv[kind].append(table, population.plan.generator(f"lines {kind.source} {kind.file}"))
        else:
            self._spreadsheet.append(table)
        office = self._offices[kind]
        self.truth.records((kind.source, kind.file, office.path), self._rows[kind] + 1, about)
        self._rows[kind] += table.num_rows

    def _pass_on(self, kind: Kind, table: pa.Table, about: RowTruth, regency: Rows) -> None:
        others = np.array([int(code) for code in self.regency.world if code != self.regency.code], np.int64)
        away = np.isin(regency, others)
        if not away.any():
            return
        kept = about.filter(away)
        columns = (column(regency[away]), column(kept.keys), kept.patterns, column(kept.is_held_out))
        sent = table.filter(column(away))
        for name, values in zip(_PASSED_ON, columns, strict=True):
            sent = sent.append_column(name, values)
        self._sent[kind].append(sent)

    def finish(self) -> tuple[Delivered, ...]:
        """Write the spreadsheet and the exchange files, and list what was written."""
        if self._spreadsheet:
            rng = generator(self.regency.seed, self.regency.code, "spreadsheet")
            office, rounded = self._offices[DEATHS], self.rates.rows.excel_rounded_share
            table = pa.concat_tables(self._spreadsheet)
            write_spreadsheet(self._out / SOURCES / office.path, table, office.title, rng, rounded)
        for kind, tables in self._sent.items():
            self._write_exchange(kind, tables)
        return tuple(self._offices[kind].delivered(self._rows[kind]) for kind in self._kinds)

    def _write_exchange(self, kind: Kind, tables: list[pa.Table]) -> None:
        if not tables:
            return
        table = pa.concat_tables(tables)
        world = self.regency.world
        buckets = {int(code): bucket_of(code, world) for code in world}
        codes, position = np.unique(np.asarray(table[_TO]), return_inverse=True)
        waiting = np.array([buckets[code] for code in codes.tolist()])[position]
        for bucket in np.unique(waiting).tolist():
            folder = exchange_folder(self._out, kind, bucket)
            folder.mkdir(parents=True, exist_ok=True)
            pq.write_table(table.filter(column(waiting == bucket)), folder / f"{self.regency.code}.parquet")


@dataclass(frozen=True)
class Office:
    """Who writes a file of a kind in a regency."""

    kind: Kind
    regency: str
    persons: int
    rates: Rates

    @property
    def dialect(self) -> Dialect:
        """Give the way it writes."""
        return dialect_of(self.kind, self.regency, self.persons)

    @property
    def path(self) -> str:
        """Give the file below the folder of sources."""
        return self.kind.path(self.regency, self.dialect.suffix)

    @property
    def title(self) -> str:
        """Give the title line above the header, where the office writes one."""
        return f"DAFTAR {self.regency} {self.kind.last_day.year}"

    def file(self, out: Path, rows_before: int = 0) -> CsvDelivery:
        """Give its file, to be written or gone on with."""
        path, broken = out / SOURCES / self.path, self.rates.rows.broken
        return CsvDelivery(path, self.dialect, self.title, broken, rows_before=rows_before)

    def delivered(self, rows: int) -> Delivered:
        """Describe the file."""
        kind = self.kind
        days = (kind.first_day, kind.last_day)
        return Delivered(self.path, kind.source, kind.file, kind.delivered_on, (self.regency,), rows, *days)


def exchange_folder(out: Path, kind: Kind, bucket: int) -> Path:
    """Give the folder of the rows of a kind that wait for the regencies of a bucket."""
    return out / EXCHANGE / f"{kind.source}-{kind.file}" / f"{bucket:02d}"


def fill_up(offices: Iterable[tuple[Office, int]], bucket: int, out: Path, seed: int) -> list[Delivered]:
    """Append to the files of a bucket of regencies what others sent; each office comes with its rows so far."""
    filled = []
    waiting = {kind: _waiting(out, kind, bucket) for kind in SENT_ON}
    arrivals: dict[str, TruthWriter] = {}
    with ExitStack() as stack:
        for office, rows in offices:
            held = waiting[office.kind]
            table = held.filter(column(np.asarray(held[_TO]) == int(office.regency))) if held is not None else None
            if table is None or table.num_rows == 0:
                continue
            if office.regency not in arrivals:
                name = f"{office.regency}-arrivals"
                arrivals[office.regency] = stack.enter_context(TruthWriter(out / TRUTH, name))
            chunks: Any = table[_PATTERNS].chunks
            patterns: pa.ListArray[Any] = pa.concat_arrays(chunks)
            about = RowTruth(np.asarray(table[_KEY]), patterns, np.asarray(table[_HELD_OUT]))
            kind = office.kind
            arrivals[office.regency].records((kind.source, kind.file, office.path), rows + 1, about)
            rng = generator(seed, office.regency, f"arrivals {kind.source} {kind.file}")
            with office.file(out, rows) as file:
                file.append(table.drop_columns(list(_PASSED_ON)), rng)
            filled.append(office.delivered(rows + table.num_rows))
    return filled


def _waiting(out: Path, kind: Kind, bucket: int) -> pa.Table | None:
    found = sorted(exchange_folder(out, kind, bucket).glob("*.parquet"))
    return pa.concat_tables([pq.read_table(path) for path in found]) if found else None
