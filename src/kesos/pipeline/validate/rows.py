"""Check the rows of one delivery against its contract: typed columns, rows set aside, values set to unknown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Final

import pyarrow as pa

from kesos.foundation.columns import Values, map_distinct
from kesos.foundation.columns import compute as pc
from kesos.foundation.nik import birth_agreement
from kesos.foundation.sealing import Sealer
from kesos.pipeline.engine import Engine, Statement
from kesos.pipeline.sources.contract import ColumnContract, Contract, FileContract, Kind
from kesos.pipeline.sources.mapping import ACCEPTED, accepted_schema, accepted_type
from kesos.pipeline.sources.sealed_rows import AT_RECEIPT, ROW_FIELD
from kesos.pipeline.validate.faults import FAULT_TYPE, Faults, shown
from kesos.pipeline.validate.values import ColumnContext, Read, read_column

_SQL: Final = files("kesos.pipeline.validate") / "sql"
_CHECKED: Final = "checked"
_PLACE: Final = frozenset({"row_number", "line_number", "row_key"})
_VALID: Final = "valid"
_MISSING: Final = "missing"
_MALE, _FEMALE = 1, 2


class RowsLost(RuntimeError):
    """Rows in are not rows out plus rows set aside: a defect of Kesos, never of a file."""


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """One received file: its contract, which file of it, the name of its receipt and the day it came."""

    contract: Contract
    file: str
    delivery: str
    delivered_on: date

    @property
    def file_contract(self) -> FileContract:
        """Give the contract of the file."""
        return self.contract.file(self.file)


@dataclass(frozen=True, slots=True)
class CheckedRows:
    """Names of the tables that a check made, and its counts; rows in = accepted + quarantined, always.

    Rows that the receipt had set aside count as rows in and as quarantined.
    """

    accepted: str
    quarantine: str
    issue: str
    rows_in: int
    rows_accepted: int
    rows_quarantined: int


def check_rows(
    engine: Engine,
    rows_table: str,
    received: ReceivedFile,
    sealer: Sealer,
    *,
    set_aside: str | None = None,
) -> CheckedRows:
    """Check the rows of a receipt.

    *Input*: `rows_table`, the rows as received; `set_aside`, the receipt's own quarantine. *Output*: table
    `accepted` with every column of the contract in its type (see `accepted_schema`), and the tables
    `<rows_table>_quarantine` and `<rows_table>_issue` with the columns of their datasets.
    *Raises* RowsLost, which would be a defect here.
    """
    repeated = _repeated_rows(engine, rows_table)
    kernel = _RowCheck(received, sealer, repeated)
    engine.map_batches(f"SELECT * FROM {rows_table}", kernel, into=_CHECKED)
    engine.run(_accepted(received), into=ACCEPTED)
    names = {"source": received.contract.source, "delivery": received.delivery, "contract_file": received.file}
    quarantine, issue = f"{rows_table}_quarantine", f"{rows_table}_issue"
    engine.run(_SQL / "010_quarantine.sql", into=quarantine, **names)
    engine.run(_SQL / "020_issue.sql", into=issue, **names)
    rows_in, accepted = engine.count(rows_table), engine.count(ACCEPTED)
    quarantined = _count_rows(engine, quarantine)
    if set_aside is not None:
        rows_in += _count_rows(engine, set_aside)
        quarantined += _count_rows(engine, set_aside)
        columns = engine.columns(quarantine)
        engine.union([quarantine, set_aside], columns, into=quarantine)
    engine.drop(_CHECKED)
    if rows_in != accepted + quarantined:
        raise RowsLost(f"{names}: {rows_in} rows in, {accepted} accepted, {quarantined} quarantined")
    return CheckedRows(ACCEPTED, quarantine, issue, rows_in, accepted, quarantined)


def _accepted(received: ReceivedFile) -> Statement:
    """Select the rows that are kept; the columns are those of the contract, so no file can name them."""
    columns = ", ".join(accepted_schema(received.file_contract).names)
    return Statement(ACCEPTED, f"SELECT {columns} FROM {_CHECKED} WHERE is_accepted", {}, frozenset())


def _count_rows(engine: Engine, quarantine: str) -> int:
    counted = engine.fetch(f"SELECT COUNT(DISTINCT row_number) AS rows FROM {quarantine}")
    return int(counted["rows"][0].as_py())


def _repeated_rows(engine: Engine, rows_table: str) -> Values:
    """Number the rows that say, word for word, what an earlier row of the same delivery said.

    Only rows whose key was given twice are compared: the receipt marks those with `-1`, `-2` behind the key.
    Seals are deterministic, so equal numbers are equal bytes.
    """
    twice = f"SELECT SUBSTR(row_key, 1, 32) FROM {rows_table} WHERE LENGTH(row_key) > 32"
    rows = engine.fetch(f"SELECT * FROM {rows_table} WHERE SUBSTR(row_key, 1, 32) IN ({twice})")
    content = [name for name in rows.column_names if name not in _PLACE]
    first = rows.group_by(content).aggregate([("row_number", "min")])["row_number_min"]
    is_first = pc.is_in(rows["row_number"], value_set=first.combine_chunks())
    return rows["row_number"].filter(pc.invert(is_first)).combine_chunks()


class _RowCheck:
    """The kernel of one delivery: a batch of received rows in, typed rows with their faults out."""

    def __init__(self, received: ReceivedFile, sealer: Sealer, repeated: Values) -> None:
        self._received = received
        self._sealer = sealer
        self._repeated = repeated
        self._columns = received.file_contract.columns
        self._schema = pa.schema(
            [
                *accepted_schema(received.file_contract),
                pa.field("line_number", pa.int64()),
                pa.field("is_accepted", pa.bool_()),
                pa.field("faults", pa.list_(FAULT_TYPE)),
                pa.field("row_sealed", pa.binary()),
            ]
        )

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        rows = batch.num_rows
        texts: dict[str, Values] = dict(zip(batch.schema.names, batch.columns, strict=True))
        faults = Faults(rows)
        is_repeated = pc.is_in(texts["row_number"], value_set=self._repeated)
        reason = pc.if_else(is_repeated, pa.scalar("repeated_row"), pa.scalar(None, pa.string()))
        faults.add("", reason, is_fatal=is_repeated)
        values = self._read_columns(texts, rows, faults)
        values |= self._compare_nik(texts, values, rows, faults)
        is_fatal = faults.fatal_rows()
        contract = self._received.contract
        values |= {name: texts[name] for name in ("row_number", "row_key", "line_number")}
        values |= {
            "source": pa.repeat(contract.source, rows),
            "delivery": pa.repeat(self._received.delivery, rows),
            "delivered_on": pa.repeat(pa.scalar(self._received.delivered_on, pa.date32()), rows),
            "is_accepted": pc.invert(is_fatal),
            "faults": faults.laid_beside_rows(),
            "row_sealed": self._seal_rows(batch, is_fatal),
        }
        return pa.RecordBatch.from_arrays([values[name] for name in self._schema.names], schema=self._schema)

    def _read_columns(self, texts: dict[str, Values], rows: int, faults: Faults) -> dict[str, Values]:
        values: dict[str, Values] = {}
        for name, column in self._columns.items():
            if column.is_sealed:
                values |= self._take_number(name, column, texts, rows, faults)
            elif name in texts:
                context = ColumnContext(self._received.contract, column, self._received.delivered_on, texts)
                read = read_column(texts[name], context)
                values[name] = read.values
                _report(name, column, texts[name], read, faults)
            else:
                values[name] = _nulls(rows, accepted_type(column.kind))
        for name, column in self._columns.items():
            if column.after is not None and name in texts:
                values[name] = _not_before(name, column, values, texts[name], faults)
        return values

    def _take_number(
        self, name: str, column: ColumnContract, texts: dict[str, Values], rows: int, faults: Faults
    ) -> dict[str, Values]:
        """Take a sealed number as it is: trouble with it is an issue and sets no row aside."""
        parts: dict[str, pa.DataType] = {
            f"{name}_sealed": pa.binary(),
            f"{name}_index": pa.binary(),
            f"{name}_note": pa.string(),
        }
        if f"{name}_sealed" not in texts:
            return {part: _nulls(rows, kind) for part, kind in parts.items()}
        notes = texts[f"{name}_note"]
        silent = [_VALID] if column.value == "required" else [_VALID, _MISSING]
        is_trouble = pc.invert(pc.is_in(notes, value_set=pa.array(silent)))
        reasons = map_distinct(notes, lambda note: f"number_{note}", pa.string())
        faults.add(name, pc.if_else(is_trouble, reasons, pa.scalar(None, pa.string())))
        return {part: texts[part] for part in parts}

    def _compare_nik(
        self, texts: dict[str, Values], values: dict[str, Values], rows: int, faults: Faults
    ) -> dict[str, Values]:
        """Lay date and sex inside the NIK against those of the row; a NIK is never corrected, so it only warns."""
        compared = self._received.file_contract.compare_nik
        if compared is None or f"{compared.nik}_sealed" not in texts:
            unknown = _nulls(rows, pa.bool_())
            return {"nik_date_agrees": unknown, "nik_sex_agrees": unknown}
        is_evidence = pc.is_valid(texts[f"{compared.nik}_index"])
        sealed = pc.if_else(is_evidence, texts[f"{compared.nik}_sealed"], pa.scalar(None, pa.binary()))
        niks = self._opened(sealed, "nik")
        sexes = pa.nulls(rows, pa.string()) if compared.sex is None else _sex(values[compared.sex])
        date_agrees, sex_agrees = birth_agreement(niks, values[compared.birth_date], sexes)
        born = values[compared.birth_date].cast(pa.string())
        faults.add(compared.nik, _where_false(date_agrees, "nik_date_differs"), shown=born)
        faults.add(compared.nik, _where_false(sex_agrees, "nik_sex_differs"))
        return {"nik_date_agrees": date_agrees, "nik_sex_agrees": sex_agrees}

    def _opened(self, sealed: Values, field: str) -> Values:
        """Open numbers in memory, each distinct one once."""
        return map_distinct(sealed, lambda value: self._sealer.unseal(value, field, AT_RECEIPT), pa.string())

    def _seal_rows(self, batch: pa.RecordBatch, is_fatal: Values) -> Values:
        """Seal whole rows that are set aside, so that nothing of them is lost; the others have none."""
        broken = batch.filter(is_fatal)
        columns: dict[str, list[object]] = {}
        for name, column in self._columns.items():
            if column.is_sealed and f"{name}_sealed" in broken.schema.names:
                columns[name] = self._opened(broken[f"{name}_sealed"], column.sealed_field).to_pylist()
            elif name in broken.schema.names:
                columns[name] = broken[name].to_pylist()
        rows = zip(*columns.values(), strict=True)
        written = [json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) for row in rows]
        sealed = pa.array([self._sealer.seal(row, ROW_FIELD, AT_RECEIPT) for row in written], pa.binary())
        place = pc.subtract(pc.cumulative_sum(is_fatal.cast(pa.int64())), 1)
        nothing = pa.scalar(None, pa.int64())
        found: Values = sealed.take(pc.if_else(is_fatal, place, nothing))
        return found


def _report(name: str, column: ColumnContract, texts: Values, read: Read, faults: Faults) -> None:
    """Report what was found in a column: a broken value, a doubtful one that is kept, or none where one must be."""
    is_unknown = pc.is_null(read.values)
    reasons = read.reasons
    is_fatal = is_unknown if column.if_broken == "quarantine" else pc.and_(is_unknown, False)
    if column.value == "required":
        is_missing = pc.and_(is_unknown, pc.is_null(reasons))
        reasons = pc.if_else(is_missing, pa.scalar("value_missing"), reasons)
        is_fatal = pc.or_(is_fatal, is_missing)
    if reasons.null_count < len(reasons):
        faults.add(name, reasons, shown=shown(texts, column.kind), is_fatal=is_fatal)


def _not_before(name: str, column: ColumnContract, values: dict[str, Values], texts: Values, faults: Faults) -> Values:
    """Set a date to unknown, or the row aside, where it lies before the date that its contract names."""
    earlier = values[str(column.after)]
    is_before = pc.fill_null(pc.less(values[name], earlier), False)
    reasons = pc.if_else(is_before, pa.scalar("before_other_date"), pa.scalar(None, pa.string()))
    is_fatal = pc.and_(is_before, column.if_broken == "quarantine")
    faults.add(name, reasons, shown=shown(texts, Kind.DATE), is_fatal=is_fatal)
    kept: Values = pc.if_else(is_before, pa.scalar(None, pa.date32()), values[name])
    return kept


def _nulls(rows: int, kind: pa.DataType) -> Values:
    return pa.array([None] * rows, kind)


def _sex(codes: Values) -> Values:
    return map_distinct(codes, {_MALE: "male", _FEMALE: "female"}.get, pa.string())


def _where_false(answers: Values, reason: str) -> Values:
    is_false = pc.fill_null(pc.invert(answers), False)
    reasons: Values = pc.if_else(is_false, pa.scalar(reason), pa.scalar(None, pa.string()))
    return reasons
