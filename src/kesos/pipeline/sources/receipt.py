"""What is kept of a file that was received: where it lies, and the page that says what it was."""

from __future__ import annotations

import dataclasses
import json
import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from kesos.foundation.errors import Refused
from kesos.pipeline.sources.contract import Covers

RECEIPT_FILE: Final = "receipt.json"
ROWS_FILE: Final = "rows.parquet"
QUARANTINE_FILE: Final = "quarantine.parquet"
_RECEIPTS: Final = "receipts"


class ReceiptUnderOtherKey(Refused):
    """A receipt that was sealed with another generation of the identity key."""

    what = "{file} was received under identity key generation {sealed}; the key at hand is generation {at_hand}."
    remedy = "Finish `kesos key rotate`, use the key of that generation, or remove {folder} and deliver the file again."


@dataclass(frozen=True, slots=True)
class Receipt:
    """One table of a delivered file, as received. `rows_in` = `rows_kept` + `rows_quarantined`; empty rows are none."""

    source: str
    file: str
    original_name: str
    sheet: str
    sha256: str
    bytes: int
    contract_version: int
    contract_digest: str
    key_generation: int
    delivered_on: date
    covers: Covers | None
    rows_in: int
    rows_kept: int
    rows_quarantined: int
    empty_rows: int
    quarantined_by_reason: dict[str, int]
    columns: tuple[str, ...]
    columns_left_out: tuple[str, ...]
    sheets_left_out: tuple[str, ...]
    encoding: str | None
    delimiter: str | None
    header_row: int
    folder: Path = field(compare=False)
    is_new: bool = field(compare=False)

    @property
    def delivery(self) -> str:
        """Name the delivery: content and contract, the same wherever it is received."""
        return delivery_name(self.sha256, self.contract_digest)

    @property
    def rows_path(self) -> Path:
        """Name the file of the rows that were kept."""
        return self.folder / ROWS_FILE

    @property
    def quarantine_path(self) -> Path:
        """Name the file of the rows that were set aside."""
        return self.folder / QUARANTINE_FILE


def delivery_name(sha256: str, contract_digest: str) -> str:
    """Name a delivery by its content and by the contract that read it.

    >>> delivery_name("0123456789abcdef" * 4, "9f8e7d6c")
    '0123456789abcdef-9f8e7d6c'
    """
    return f"{sha256[:16]}-{contract_digest}"


def receipts_folder(lake: Path) -> Path:
    """Name the folder of all receipts of a lake."""
    return lake / _RECEIPTS


def receipt_folder(lake: Path, *, source: str, delivery: str, file: str) -> Path:
    """Name the folder of one receipt."""
    return receipts_folder(lake) / source / delivery / file


def private_opener(path: str, flags: int) -> int:
    """Open a new file that only its owner may read; to be given to `open`."""
    return os.open(path, flags, 0o600)


def make_private_folder(folder: Path, *, below: Path) -> None:
    """Make a folder and those above it, down from `below`, with mode 700."""
    below.mkdir(parents=True, exist_ok=True)
    step = below
    for part in folder.relative_to(below).parts:
        step = step / part
        step.mkdir(mode=0o700, exist_ok=True)


def write_receipt(receipt: Receipt, folder: Path) -> None:
    """Write the page of a receipt into a folder, with sorted keys, so that equal receipts are equal bytes."""
    content: dict[str, Any] = {
        item.name: getattr(receipt, item.name)
        for item in dataclasses.fields(receipt)
        if item.name not in ("folder", "is_new")
    }
    content["delivered_on"] = receipt.delivered_on.isoformat()
    content["covers"] = receipt.covers.model_dump(mode="json", by_alias=True) if receipt.covers else None
    with open(folder / RECEIPT_FILE, "w", encoding="utf-8", opener=private_opener) as file:
        json.dump(content, file, ensure_ascii=False, indent=2, sort_keys=True)
        file.write("\n")


def read_receipt(folder: Path) -> Receipt:
    """Read the receipt of a folder; it is not new."""
    content = json.loads((folder / RECEIPT_FILE).read_text(encoding="utf-8"))
    content["delivered_on"] = date.fromisoformat(content["delivered_on"])
    content["covers"] = Covers.model_validate(content["covers"]) if content["covers"] else None
    for name in ("columns", "columns_left_out", "sheets_left_out"):
        content[name] = tuple(content[name])
    return Receipt(**content, folder=folder, is_new=False)
