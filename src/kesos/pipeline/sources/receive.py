"""Receive a delivered file: once, whole or not at all, with nothing in the lake that shows an identity number."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
from pyarrow import parquet

from kesos.datasets.quality import QUARANTINE
from kesos.foundation.columns import Values
from kesos.foundation.masking import hide_numbers
from kesos.foundation.sealing import Sealer
from kesos.pipeline.sources.contract import Contract
from kesos.pipeline.sources.deliveries import Delivery
from kesos.pipeline.sources.identify import Identified, OpenedFile, open_delivered
from kesos.pipeline.sources.receipt import (
    QUARANTINE_FILE,
    RECEIPT_FILE,
    ROWS_FILE,
    Receipt,
    ReceiptUnderOtherKey,
    delivery_name,
    make_private_folder,
    private_opener,
    read_receipt,
    receipt_folder,
    receipts_folder,
    write_receipt,
)
from kesos.pipeline.sources.repeats import number_repeats, repeated_keys, with_new_keys
from kesos.pipeline.sources.sealed_rows import seal_broken_rows, seal_rows, stored_schema
from kesos.pipeline.sources.tally import Tally

_PARTIAL: Final = ".partial-"
_GROUP_ROWS: Final = 65_536
_GROUP_BYTES: Final = 128 << 20
_ZSTD_LEVEL: Final = 1


def receive(
    path: Path, *, contracts: Iterable[Contract], lake: Path, sealer: Sealer, delivery: Delivery
) -> list[Receipt]:
    """Receive a file into the lake; give one receipt for each of its tables, in the order of the file.

    The same content under the same contract is received once: a second time the old receipt comes back with
    `is_new` false, and its day of delivery stands. A refusal leaves the lake as it was.
    *Raises* every refusal of this package's readers, and ReceiptUnderOtherKey.
    """
    opened = open_delivered(path, contracts=contracts, delivery=delivery)
    folders = [_folder_of(item, opened, lake) for item in opened.tables]
    receipts: dict[Path, Receipt] = {}
    with _partial_folder(lake) as partial:
        prepared: list[tuple[Path, Path]] = []
        for number, (item, folder) in enumerate(zip(opened.tables, folders, strict=True)):
            if (folder / RECEIPT_FILE).is_file():
                receipts[folder] = _old_receipt(folder, sealer, path)
                continue
            workplace = partial / str(number)
            workplace.mkdir(mode=0o700)
            tally = _write_rows(item, workplace, opened=opened, sealer=sealer)
            receipts[folder] = _new_receipt(item, tally, opened=opened, sealer=sealer, delivery=delivery, folder=folder)
            write_receipt(receipts[folder], workplace)
            prepared.append((workplace, folder))
        # Only now, when every table of the file is ready, does the first of them appear.
        for workplace, folder in prepared:
            make_private_folder(folder.parent, below=lake)
            workplace.rename(folder)
    return [receipts[folder] for folder in folders]


def remove_partial_receipts(lake: Path) -> int:
    """Remove what a killed receiving left behind, and count it; call it only while holding the lake's build lock."""
    left = sorted(receipts_folder(lake).glob(f"{_PARTIAL}*"))
    for folder in left:
        shutil.rmtree(folder)
    return len(left)


@contextlib.contextmanager
def _partial_folder(lake: Path) -> Iterator[Path]:
    make_private_folder(receipts_folder(lake), below=lake)
    partial = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=receipts_folder(lake)))
    try:
        yield partial
    finally:
        shutil.rmtree(partial)


def _folder_of(item: Identified, opened: OpenedFile, lake: Path) -> Path:
    layout = item.recognised.layout
    name = delivery_name(opened.probe.sha256, layout.contract.digest)
    return receipt_folder(lake, source=layout.contract.source, delivery=name, file=layout.file)


def _old_receipt(folder: Path, sealer: Sealer, path: Path) -> Receipt:
    receipt = read_receipt(folder)
    if receipt.key_generation != sealer.generation:
        raise ReceiptUnderOtherKey(
            file=hide_numbers(path.name), sealed=receipt.key_generation, at_hand=sealer.generation, folder=folder
        )
    return receipt


def _new_receipt(
    item: Identified, tally: Tally, *, opened: OpenedFile, sealer: Sealer, delivery: Delivery, folder: Path
) -> Receipt:
    layout = item.recognised.layout
    contract = layout.contract
    return Receipt(
        source=contract.source,
        file=layout.file,
        original_name=hide_numbers(opened.probe.path.name),
        sheet=hide_numbers(item.table.place),
        sha256=opened.probe.sha256,
        bytes=opened.probe.bytes,
        contract_version=contract.version,
        contract_digest=contract.digest,
        key_generation=sealer.generation,
        delivered_on=delivery.delivered_on,
        covers=delivery.covers or contract.covers,
        rows_in=tally.rows_in,
        rows_kept=tally.kept,
        rows_quarantined=tally.quarantined,
        empty_rows=tally.empty,
        quarantined_by_reason=dict(sorted(tally.by_reason.items())),
        columns=tuple(name for name in layout.file_contract.columns if name in item.recognised.match.found),
        columns_left_out=item.columns_left_out(tally.filled_unnamed),
        sheets_left_out=opened.sheets_left_out,
        encoding=item.table.encoding,
        delimiter=item.table.delimiter,
        header_row=item.table.header_row,
        folder=folder,
        is_new=True,
    )


def _write_rows(item: Identified, workplace: Path, *, opened: OpenedFile, sealer: Sealer) -> Tally:
    """Write rows and quarantine of one table; the second writing of rows happens only where keys repeat."""
    header_row = item.table.header_row
    layout = item.recognised.layout
    delivery = delivery_name(opened.probe.sha256, layout.contract.digest)
    tally = Tally()
    keys: list[Values] = []
    rows_path = workplace / ROWS_FILE
    with (
        _Writer(rows_path, stored_schema(item.recognised)) as rows,
        _Writer(workplace / QUARANTINE_FILE, QUARANTINE.arrow_schema()) as quarantine,
    ):
        for stretch in item.rows():
            tally.add(stretch, item)
            if len(stretch.numbers):
                batch = seal_rows(stretch, item.recognised, header_row=header_row, sealer=sealer)
                keys.append(batch.column("row_key"))
                rows.write(pa.Table.from_batches([batch]))
            if stretch.broken:
                quarantine.write(
                    seal_broken_rows(stretch, item.recognised, header_row=header_row, delivery=delivery, sealer=sealer)
                )
    tally.close(hide_numbers(opened.probe.path.name))
    repeated = repeated_keys(keys)
    if len(repeated):
        _rename_repeats(item, rows_path, repeated, sealer)
    return tally


def _rename_repeats(item: Identified, rows_path: Path, repeated: Values, sealer: Sealer) -> None:
    columns = item.recognised.layout.file_contract.columns
    sealed_fields = {name: column.sealed_field for name, column in columns.items() if column.is_sealed}
    named = number_repeats(rows_path, repeated, sealed_fields=sealed_fields, sealer=sealer)
    first = rows_path.with_suffix(".first")
    rows_path.rename(first)
    with parquet.ParquetFile(first) as file, _Writer(rows_path, file.schema_arrow) as rows:
        for batch in file.iter_batches(batch_size=_GROUP_ROWS):
            rows.write(pa.Table.from_batches([with_new_keys(batch, named)]))
    first.unlink()


class _Writer:
    """A private Parquet file written in groups of rows large enough to be worth compressing."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._file = open(path, "xb", opener=private_opener)  # noqa: SIM115 - Path.open takes no opener
        # A dictionary of ciphertexts would only be bytes twice.
        repeating = [field.name for field in schema if pa.types.is_string(field.type) and field.name != "row_key"]
        self._parquet = parquet.ParquetWriter(
            self._file,
            schema,
            compression="zstd",
            compression_level=_ZSTD_LEVEL,
            use_dictionary=repeating,  # type: ignore[arg-type]  # the stubs know only yes and no
        )
        self._waiting: list[pa.Table] = []
        self._rows = 0
        self._bytes = 0

    def __enter__(self) -> _Writer:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._flush()
            self._parquet.close()
        finally:
            self._file.close()

    def write(self, table: pa.Table) -> None:
        self._waiting.append(table)
        self._rows += table.num_rows
        self._bytes += table.nbytes
        if self._rows >= _GROUP_ROWS or self._bytes >= _GROUP_BYTES:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self._parquet.write_table(pa.concat_tables(self._waiting), row_group_size=self._rows)
        self._waiting, self._rows, self._bytes = [], 0, 0
