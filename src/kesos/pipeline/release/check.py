"""Check one delivered file as a build would, and keep nothing of it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from kesos.foundation.sealing import Sealer
from kesos.pipeline.engine import Engine
from kesos.pipeline.release.records import Received
from kesos.pipeline.sources.catalogue import SourceFolder
from kesos.pipeline.sources.deliveries import Delivery
from kesos.pipeline.sources.receipt import Receipt
from kesos.pipeline.sources.receive import receive
from kesos.pipeline.validate.reasons import Fault, limit_of
from kesos.pipeline.validate.rows import ReceivedFile, check_rows

_SQL: Final = files("kesos.pipeline.release") / "sql"


@dataclass(frozen=True, slots=True)
class FaultCount:
    """One kind of fault in a table, how often, whether its rows are set aside, and the first as an example."""

    reason: str
    faults: int
    is_set_aside: bool
    first: Fault


@dataclass(frozen=True, slots=True)
class TableCheck:
    """What receiving one table would give: its receipt, the rows that would be kept, and its faults."""

    receipt: Receipt
    rows_kept: int
    rows_set_aside: int
    columns_absent: tuple[str, ...]
    faults: tuple[FaultCount, ...]


def check_file(
    delivery: Delivery, *, sources: Mapping[str, SourceFolder], sealer: Sealer, scratch: Path | None = None
) -> list[TableCheck]:
    """Receive and check one file in a private folder that is removed afterwards.

    `sealer` may be of a key drawn for this check alone. *Raises* what receiving refuses.
    """
    contracts = [source.contract for source in sources.values()]
    with tempfile.TemporaryDirectory(prefix="kesos-check-", dir=scratch) as folder:
        lake = Path(folder)
        receipts = receive(delivery.path, contracts=contracts, lake=lake, sealer=sealer, delivery=delivery)
        with Engine(memory="2GB", spill_parent=lake) as engine:
            return [_check_table(engine, Received.of(receipt, delivery, sources), sealer) for receipt in receipts]


def _check_table(engine: Engine, received: Received, sealer: Sealer) -> TableCheck:
    receipt = received.receipt
    file_contract = received.contract.file(receipt.file)
    engine.view_parquet("rows_of_file", [receipt.rows_path])
    engine.view_parquet("set_aside", [receipt.quarantine_path])
    checking = ReceivedFile(received.contract, receipt.file, receipt.delivery, receipt.delivered_on)
    checked = check_rows(engine, "rows_of_file", checking, sealer, set_aside="set_aside")
    engine.rename(checked.quarantine, "quarantine_of_file")
    engine.rename(checked.issue, "issue_of_file")
    engine.run(_SQL / "010_fault_count.sql")
    rows = engine.fetch("SELECT * FROM fault_count ORDER BY is_set_aside DESC, faults DESC, field, reason").to_pylist()
    engine.drop("quarantine_of_file", "issue_of_file", "fault_count")
    faults = []
    for row in rows:
        limit = limit_of(row["reason"], row["field"], file_contract, receipt.delivered_on)
        place = (receipt.source, receipt.file, row["first_row"], row["field"], row["first_value_shown"])
        faults.append(FaultCount(row["reason"], row["faults"], row["is_set_aside"], Fault(*place, limit=limit)))
    absent = tuple(name for name in file_contract.columns if name not in receipt.columns)
    return TableCheck(receipt, checked.rows_accepted, checked.rows_quarantined, absent, tuple(faults))
