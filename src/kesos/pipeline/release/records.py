"""From a folder of delivered files to the tables of records that a release is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa

from kesos.datasets.manifest import Input
from kesos.datasets.quality import ISSUE, QUARANTINE
from kesos.foundation.sealing import Sealer
from kesos.pipeline.engine import Engine
from kesos.pipeline.sources.catalogue import SourceFolder, find_sources
from kesos.pipeline.sources.contract import Contract
from kesos.pipeline.sources.deliveries import DELIVERIES_FILE, Delivery, find_deliveries, left_aside
from kesos.pipeline.sources.mapping import ACCEPTED, map_accepted
from kesos.pipeline.sources.receipt import Receipt
from kesos.pipeline.sources.receive import receive, remove_partial_receipts
from kesos.pipeline.validate.rows import ReceivedFile, check_rows


@dataclass(frozen=True, slots=True)
class Received:
    """One receipt, and the contract that its rows are checked against: code lists chosen."""

    receipt: Receipt
    contract: Contract

    @classmethod
    def of(cls, receipt: Receipt, delivery: Delivery, sources: Mapping[str, SourceFolder]) -> Received:
        """Lay the contract of a source, with the code lists that its delivery chose, beside a receipt.

        Day and coverage are the delivery's, not the receipt's: they may have been corrected since.
        """
        contract = sources[receipt.source].contract
        if delivery.code_lists:
            contract = contract.with_code_lists(dict(delivery.code_lists), said_in=DELIVERIES_FILE)
        covers = delivery.covers or contract.covers
        return cls(replace(receipt, delivered_on=delivery.delivered_on, covers=covers), contract)


@dataclass(frozen=True, slots=True)
class Receiving:
    """The files of a folder, and the sources that they may be of."""

    sources: Mapping[str, SourceFolder]
    deliveries: tuple[Delivery, ...]
    left_aside: tuple[Path, ...]

    @classmethod
    def of(cls, folder: Path, contracts: Sequence[Path]) -> Receiving:
        """Look into a folder of delivered files. *Raises* what finding sources and deliveries refuses."""
        sources = find_sources(contracts)
        deliveries = find_deliveries(folder, sources=sources)
        return cls(sources, tuple(deliveries), tuple(left_aside(folder)))

    def receive_all(self, lake: Path, sealer: Sealer, on_receipt: Callable[[Receipt], None] | None) -> list[Received]:
        """Receive every file, each once; call it only while holding the build lock of the lake."""
        remove_partial_receipts(lake)
        contracts = [source.contract for source in self.sources.values()]
        received: dict[Path, Received] = {}
        for delivery in self.deliveries:
            for receipt in receive(delivery.path, contracts=contracts, lake=lake, sealer=sealer, delivery=delivery):
                # One content under two names is one delivery: the first receipt stands.
                received.setdefault(receipt.folder, Received.of(receipt, delivery, self.sources))
                if on_receipt is not None:
                    on_receipt(receipt)
        return sorted(received.values(), key=_place)

    def about(self, received: Sequence[Received]) -> dict[str, frozenset[str]]:
        """Tell, for each source that was delivered, what its files are about: person, family."""
        found: dict[str, set[str]] = {}
        for one in received:
            about = one.contract.file(one.receipt.file).about
            found.setdefault(one.receipt.source, set()).add(about)
        return {source: frozenset(abouts) for source, abouts in found.items()}


def _place(one: Received) -> tuple[str, date, str, str]:
    """Order deliveries by what does not change when the rows of a file are put in another order."""
    receipt = one.receipt
    return (receipt.source, receipt.delivered_on, receipt.file, receipt.original_name)


@dataclass(frozen=True, slots=True)
class LoadedRecords:
    """Names of the mapped tables by what they are about, and the inputs as the manifest lists them."""

    person_tables: tuple[str, ...]
    family_tables: tuple[str, ...]
    inputs: tuple[Input, ...]


def load_records(
    engine: Engine, sources: Mapping[str, SourceFolder], received: Sequence[Received], sealer: Sealer
) -> LoadedRecords:
    """Check and map the rows of every receipt.

    *Output*: one table of canonical columns a receipt; `delivery_order`, the place of each delivery among those of
    its source; `quarantine` and `issue` of them all.
    """
    tables: dict[str, list[str]] = {"person": [], "family": []}
    quarantines: list[str] = []
    issues: list[str] = []
    inputs: list[Input] = []
    for number, one in enumerate(received):
        receipt = one.receipt
        rows, set_aside, mapped = f"rows_{number}", f"set_aside_{number}", f"mapped_{number}"
        engine.view_parquet(rows, [receipt.rows_path])
        engine.view_parquet(set_aside, [receipt.quarantine_path])
        checking = ReceivedFile(one.contract, receipt.file, receipt.delivery, receipt.delivered_on)
        checked = check_rows(engine, rows, checking, sealer, set_aside=set_aside)
        map_accepted(engine, sources[receipt.source], receipt.file, into=mapped)
        engine.drop(ACCEPTED)
        tables[one.contract.file(receipt.file).about].append(mapped)
        quarantines.append(checked.quarantine)
        issues.append(checked.issue)
        inputs.append(_input(receipt, kept=checked.rows_accepted, quarantined=checked.rows_quarantined))
    engine.load("delivery_order", _delivery_order(received))
    engine.union(quarantines, {c.name: c.type for c in QUARANTINE.columns}, into="quarantine")
    engine.union(issues, {c.name: c.type for c in ISSUE.columns}, into="issue")
    engine.drop(*quarantines, *issues)
    return LoadedRecords(tuple(tables["person"]), tuple(tables["family"]), tuple(inputs))


def _delivery_order(received: Sequence[Received]) -> pa.Table:
    places: dict[tuple[str, str], int] = {}
    for one in received:
        # The two files of one workbook are one delivery.
        places.setdefault((one.receipt.source, one.receipt.delivery), len(places))
    rows = [{"source": source, "delivery": name, "place": place} for (source, name), place in places.items()]
    return pa.Table.from_pylist(rows)


def _input(receipt: Receipt, *, kept: int, quarantined: int) -> Input:
    return Input(
        source=receipt.source,
        file=receipt.file,
        original_name=receipt.original_name,
        sha256=receipt.sha256,
        delivery=receipt.delivery,
        delivered_on=receipt.delivered_on,
        contract=receipt.contract_digest,
        covers=receipt.covers.model_dump(mode="json", by_alias=True) if receipt.covers else None,
        rows_in=receipt.rows_in,
        rows_kept=kept,
        rows_quarantined=quarantined,
    )
