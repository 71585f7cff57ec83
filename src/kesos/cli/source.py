"""`kesos source …`: look at a delivered file before it is received."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from kesos.cli import settings
from kesos.cli.options import ContractsOption, JsonOption
from kesos.cli.screen import Screen
from kesos.foundation.sealing import Sealer, draw_key
from kesos.pipeline.release.check import TableCheck, check_file
from kesos.pipeline.sources.catalogue import find_sources
from kesos.pipeline.sources.deliveries import Delivery, delivery_day
from kesos.pipeline.validate.reasons import explain
from kesos.presentation.language import translator

EXIT_FOUND = 1

app = typer.Typer(no_args_is_help=True, help="Sources: check a delivered file against its contract.")


@app.callback()
def source() -> None:
    """Keep the noun, though it has one verb."""


@app.command("check")
def check(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A delivered file: CSV, XLSX or Parquet.")],
    *,
    source: Annotated[str | None, typer.Option(help="Its source, if the columns fit several.")] = None,
    delivered_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of delivery; else from the name, else today.")
    ] = None,
    contracts: ContractsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check a delivered file as a build would, and keep nothing; exit 1 if rows would be set aside."""
    screen = Screen(translator(settings.language()), as_json)
    day = delivered_on.date() if delivered_on else delivery_day(file.name) or settings.now().date()
    # A key for this check alone: whoever only looks at a file needs none, and nothing that was sealed remains.
    tables = check_file(
        Delivery(file, day, source=source), sources=find_sources(contracts or ()), sealer=Sealer(draw_key())
    )
    for table in tables:
        _show(screen, table)
    screen.result([_as_data(table) for table in tables])
    if any(table.rows_set_aside for table in tables):
        raise typer.Exit(EXIT_FOUND)


def _show(screen: Screen, table: TableCheck) -> None:
    receipt = table.receipt
    screen.heading(
        "{name}: source {source}, file {file}", name=receipt.original_name, source=receipt.source, file=receipt.file
    )
    screen.line(
        "Rows in: {rows}. Would be kept: {kept}. Would be set aside: {aside}.",
        rows=receipt.rows_in,
        kept=table.rows_kept,
        aside=table.rows_set_aside,
    )
    if table.columns_absent:
        screen.line("Columns of the contract that it lacks: {columns}.", columns=", ".join(table.columns_absent))
    if receipt.columns_left_out:
        screen.line("Columns that no one asked for, left out: {columns}.", columns=", ".join(receipt.columns_left_out))
    rows = [
        [
            screen.translate("row set aside") if fault.is_set_aside else screen.translate("value only"),
            fault.faults,
            explain(fault.reason, fault.first, screen.translate),
        ]
        for fault in table.faults
    ]
    if rows:
        screen.table(["Effect", "How often", "The first, and what to do"], rows)


def _as_data(table: TableCheck) -> dict[str, object]:
    receipt = table.receipt
    return {
        "source": receipt.source,
        "file": receipt.file,
        "rows_in": receipt.rows_in,
        "rows_kept": table.rows_kept,
        "rows_set_aside": table.rows_set_aside,
        "columns": receipt.columns,
        "columns_absent": table.columns_absent,
        "columns_left_out": receipt.columns_left_out,
        "encoding": receipt.encoding,
        "delimiter": receipt.delimiter,
        "faults": [
            {
                "field": fault.first.field,
                "reason": fault.reason,
                "faults": fault.faults,
                "is_set_aside": fault.is_set_aside,
                "first_row": fault.first.row,
            }
            for fault in table.faults
        ],
    }
