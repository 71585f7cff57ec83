"""The workbook of one regency: summary, indications, the eligible who are not on the list, rows set aside, a guide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from kesos.cli.audit_words import AuditWords
from kesos.foundation.identifier import show_identifier
from kesos.pipeline.determine.payees.figures import AreaFigures, RegencyFigures
from kesos.presentation.workbook import Sheet, SheetColumn, write_workbook

_BATCH: Final = 10_000


@dataclass(frozen=True, slots=True)
class WorkbookTask:
    """All that one workbook is made of; plain values and Arrow bytes, so that another process can write it."""

    path: Path
    language: str
    title: str
    lines: tuple[str, ...]
    release: str
    made_on: date
    list_day: date
    regency: RegencyFigures
    shown: tuple[str, ...]
    indications: bytes
    unpaid: bytes
    set_aside: bytes


def as_bytes(table: pa.Table) -> bytes:
    """Write a table as Arrow bytes; of a slice only what it shows."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return bytes(sink.getvalue())


def write_task(task: WorkbookTask) -> str:
    """Write the workbook of a task; return its name."""
    words = AuditWords(task.language, task.release, task.list_day)
    sheets = [
        _summary(task, words),
        _indications(task, words),
        _unpaid(task, words),
        _set_aside(task, words),
        Sheet(words.translate("How to read"), words.how_to_read, (), ()),
    ]
    write_workbook(task.path, sheets, title=task.title, made_on=task.made_on, footer=task.title)
    return task.path.name


def _rows(data: bytes) -> Iterator[dict[str, Any]]:
    with pa.ipc.open_stream(data) as stream:
        for batch in stream:
            for start in range(0, batch.num_rows, _BATCH):
                yield from batch.slice(start, _BATCH).to_pylist()


def _summary(task: WorkbookTask, words: AuditWords) -> Sheet:
    columns = (
        SheetColumn(words.translate("District"), 26),
        SheetColumn(words.translate("Indication"), 34),
        SheetColumn(words.translate("Rows of the list"), 14),
        SheetColumn(words.translate("Indicated"), 14),
        SheetColumn(words.translate("Not checked"), 14),
        SheetColumn(words.translate("Rupiah on the list"), 20),
        SheetColumn(words.translate("Rupiah a year"), 20),
    )
    whole = words.translate("Whole regency")
    areas = [(whole, task.regency.whole), *((words.area(one.code), one) for one in task.regency.districts)]
    rows = [row for name, area in areas for row in _figures(name, area, task.shown, words)]
    return Sheet(words.translate("Summary"), (task.title, *task.lines), columns, rows)


def _figures(name: str, area: AreaFigures, shown: Sequence[str], words: AuditWords) -> Iterator[list[object]]:
    for indication in shown:
        figure = area.of(indication)
        numbers = [figure.indicated, figure.not_checked, figure.stake_idr, figure.stake_a_year_idr]
        yield [name, words.indications[indication], area.rows, *numbers]


def _open_columns(words: AuditWords) -> tuple[SheetColumn, ...]:
    titles = (
        (words.translate("What the visit found"), 22),
        (words.translate("Officer"), 13),
        (words.translate("Day of the visit"), 12),
    )
    return tuple(SheetColumn(title, width, is_open=True) for title, width in titles)


def _indications(task: WorkbookTask, words: AuditWords) -> Sheet:
    columns = (
        SheetColumn(words.translate("District"), 14),
        SheetColumn(words.translate("Village"), 14),
        SheetColumn(words.translate("Address"), 20),
        SheetColumn(words.translate("Name"), 20),
        SheetColumn(words.translate("NIK (masked)"), 18),
        SheetColumn(words.translate("Line of the list"), 8),
        SheetColumn(words.translate("Period"), 9),
        SheetColumn(words.translate("Indication"), 18),
        SheetColumn(words.translate("Evidence"), 40),
        SheetColumn(words.translate("Source of the evidence"), 14),
        SheetColumn(words.translate("Day of the evidence"), 11),
        SheetColumn(words.translate("How sure"), 9),
        SheetColumn(words.translate("Rupiah on the list"), 12),
        SheetColumn(words.translate("Rupiah a year"), 12),
        SheetColumn(words.translate("Person in the register"), 11),
        SheetColumn(words.translate("Family in the register"), 11),
        *_open_columns(words),
    )
    rows = (_indication_row(row, task, words) for row in _rows(task.indications))
    return Sheet(words.translate("Indications"), (task.title, *task.lines[:1]), columns, rows)


def _indication_row(row: dict[str, Any], task: WorkbookTask, words: AuditWords) -> list[object]:
    return [
        words.area(row["district"]),
        words.area(row["village"]),
        _address(row, words),
        row["name"],
        row["nik_masked"],
        row["line_number"],
        row["period"],
        words.indications[row["indication"]],
        words.say_evidence(row),
        words.say_source(row["source"]),
        row["observed_on"] or task.list_day,
        words.confidences[row["confidence"]],
        row["stake_idr"],
        row["stake_a_year_idr"],
        show_identifier("person", row["person_id"]) if row["person_id"] else None,
        show_identifier("family", row["family_id"]) if row["family_id"] else None,
    ]


def _address(row: dict[str, Any], words: AuditWords) -> str:
    units = (f"{label} {row[unit]}" for unit, label in (("rt", "RT"), ("rw", "RW")) if row[unit])
    return ", ".join(part for part in (row["hamlet"], row["street"], " ".join(units)) if part)


def _unpaid(task: WorkbookTask, words: AuditWords) -> Sheet:
    columns = (
        SheetColumn(words.translate("District"), 16),
        SheetColumn(words.translate("Village"), 16),
        SheetColumn(words.translate("Address"), 24),
        SheetColumn(words.translate("Name"), 24),
        SheetColumn(words.translate("Person in the register"), 11),
        SheetColumn(words.translate("Family in the register"), 11),
        SheetColumn(words.translate("Official decile"), 9),
        SheetColumn(words.translate("Rank"), 8),
        SheetColumn(words.translate("Place"), 16),
        SheetColumn(words.translate("Source of the evidence"), 14),
        SheetColumn(words.translate("Day of the evidence"), 11),
        SheetColumn(words.translate("How sure"), 9),
        SheetColumn(words.translate("Benefit of a year, rupiah"), 14),
        *_open_columns(words),
    )
    rows = (_unpaid_row(row, words) for row in _rows(task.unpaid))
    return Sheet(words.translate("Eligible, not on the list"), (task.title, *task.lines[:1]), columns, rows)


def _unpaid_row(row: dict[str, Any], words: AuditWords) -> list[object]:
    return [
        words.area(row["district"]),
        words.area(row["village"]),
        _address(row, words),
        row["name"],
        show_identifier("person", row["person_id"]) if row["person_id"] else None,
        show_identifier("family", row["family_id"]) if row["family_id"] else None,
        row["official_decile"],
        row["rank"],
        words.selections[row["selection"]],
        words.say_source(row["source"]),
        row["observed_on"],
        words.confidences[row["confidence"]],
        row["amount_idr"],
    ]


def _set_aside(task: WorkbookTask, words: AuditWords) -> Sheet:
    columns = (
        SheetColumn(words.translate("Line of the list"), 10),
        SheetColumn(words.translate("Column"), 18),
        SheetColumn(words.translate("As written (masked where personal)"), 26),
        SheetColumn(words.translate("Why, and what to do"), 90),
    )
    rows = (
        [row["line_number"], row["field"], row["value_shown"], words.say_set_aside(row)]
        for row in _rows(task.set_aside)
    )
    return Sheet(words.translate("Set aside"), (task.title, *task.lines[:1]), columns, rows)
