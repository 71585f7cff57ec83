"""Receive a small CSV for real and check its rows, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kesos.foundation.sealing import IdentityKey, Sealer
from kesos.pipeline.engine import Engine
from kesos.pipeline.sources.contract import Contract
from kesos.pipeline.sources.deliveries import Delivery
from kesos.pipeline.sources.receive import receive
from kesos.pipeline.validate.rows import CheckedRows, ReceivedFile, check_rows

DAY = date(2026, 11, 20)
SEALER = Sealer(IdentityKey(1, b"s" * 64, b"i" * 32, b"r" * 32))


@dataclass(frozen=True)
class Outcome:
    """What became of a file: the counts, and the three tables as rows."""

    checked: CheckedRows
    accepted: list[dict[str, Any]]
    quarantine: list[dict[str, Any]]
    issue: list[dict[str, Any]]

    @property
    def set_aside(self) -> list[tuple[int, str, str]]:
        """List row, field and reason of every reason for quarantine."""
        return [(row["row_number"], row["field"], row["reason"]) for row in self.quarantine]

    @property
    def issues(self) -> list[tuple[int, str, str]]:
        """List row, field and reason of every issue."""
        return [(row["row_number"], row["field"], row["reason"]) for row in self.issue]


def check_text(folder: Path, contract: Contract, text: str, *, delivered_on: date = DAY) -> Outcome:
    """Receive a CSV text as a file of a contract and check it."""
    path = folder / "delivered.csv"
    path.write_text(text, encoding="utf-8")
    delivery = Delivery(path, delivered_on)
    receipt = receive(path, contracts=[contract], lake=folder / "lake", sealer=SEALER, delivery=delivery)[0]
    received = ReceivedFile(contract, receipt.file, receipt.delivery, receipt.delivered_on)
    with Engine(memory="500MB", threads=1, spill_parent=folder) as engine:
        engine.view_parquet("rows", [receipt.rows_path])
        engine.view_parquet("broken", [receipt.quarantine_path])
        checked = check_rows(engine, "rows", received, SEALER, set_aside="broken")
        return Outcome(
            checked,
            engine.fetch(f"SELECT * FROM {checked.accepted} ORDER BY row_number").to_pylist(),
            engine.fetch(f"SELECT * FROM {checked.quarantine} ORDER BY row_number, field, reason").to_pylist(),
            engine.fetch(f"SELECT * FROM {checked.issue} ORDER BY row_number, field, reason").to_pylist(),
        )


def contract_of(columns: Mapping[str, Mapping[str, Any]], row_key: Sequence[str] = ("kolom",), **more: Any) -> Contract:
    """Make a contract of one file `person` from its columns; `more` are keys of the contract or `compare_nik`."""
    both = {"id": "uji", "en": "test"}
    file = {"about": "person", "title": both, "row_key": list(row_key)}
    if "compare_nik" in more:
        file["compare_nik"] = more.pop("compare_nik")
    file["columns"] = {name: {"meaning": both, **column} for name, column in columns.items()}
    words = dict.fromkeys(("owner", "legal_basis", "purpose", "retention"), "test")
    return Contract.model_validate(
        {"source": "uji", "version": 1, "title": both, **words, "files": {"person": file}, **more}
    )
