"""Read a payee list as any source is read: the same contracts, the same refusals, nothing of it kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from kesos.foundation.errors import Refused
from kesos.foundation.sealing import Sealer
from kesos.pipeline.engine import Engine
from kesos.pipeline.sources.catalogue import SourceFolder
from kesos.pipeline.sources.contract import Contract
from kesos.pipeline.sources.deliveries import DELIVERIES_FILE, Delivery
from kesos.pipeline.sources.mapping import ACCEPTED, map_accepted
from kesos.pipeline.sources.receipt import Receipt
from kesos.pipeline.sources.receive import receive
from kesos.pipeline.standardise.records import standardise_records
from kesos.pipeline.validate.rows import ReceivedFile, check_rows

_SQL: Final = files("kesos.pipeline.determine.payees") / "sql_list"
_COMPONENT: Final = {"row_number": "BIGINT", "komponen": "VARCHAR"}
"""The column by which payee lists tell payments of one person and stage apart."""


class NotAPayeeList(Refused):
    """A file of which no table, or more than one, is about persons."""

    what = "{file} has {tables} tables about persons; a payee list is one."
    remedy = "Give a file with one table that names persons, such as the payee list of a stage."


class ListOfOtherProgramme(Refused):
    """A list that names programmes, but never the one that is asked for."""

    what = "{file} names the programmes {named}, and never {programme}."
    remedy = "Choose the programme of the list with --programme, or give the list of {programme}."


@dataclass(frozen=True, slots=True)
class LoadedList:
    """A list that was read: `rows_in` = `rows_audited` + `rows_set_aside`, always."""

    receipt: Receipt
    contract: Contract
    rows_in: int
    rows_audited: int
    rows_set_aside: int


def load_list(
    engine: Engine,
    delivery: Delivery,
    *,
    programme_names: Mapping[str, Iterable[str]],
    sources: Mapping[str, SourceFolder],
    sealer: Sealer,
    folder: Path,
) -> LoadedList:
    """Receive, check, map and standardise a list in a private folder that the caller removes.

    `programme_names` holds one code and what the programme is also called. *Output*: tables `payee_row` (one row to be
    audited), `set_aside_row` (one reason for which a row was set aside, sealed whole) and `other_programme_row`.
    *Raises* NotAPayeeList, ListOfOtherProgramme, and what receiving refuses.
    """
    contracts = [source.contract for source in sources.values()]
    with engine.timed("receive") as step:
        receipts = receive(delivery.path, contracts=contracts, lake=folder, sealer=sealer, delivery=delivery)
        step.rows = sum(one.rows_in for one in receipts)
    about_persons = [one for one in receipts if sources[one.source].contract.file(one.file).about == "person"]
    if len(about_persons) != 1:
        raise NotAPayeeList(file=receipts[0].original_name, tables=len(about_persons))
    receipt = about_persons[0]
    contract = sources[receipt.source].contract
    if delivery.code_lists:
        contract = contract.with_code_lists(dict(delivery.code_lists), said_in=DELIVERIES_FILE)
    rows_in = _check_and_map(engine, receipt, contract, sources[receipt.source], sealer)
    names_programmes = _know_programmes(engine, receipt, programme_names)
    given: dict[str, Any] = {"header_row": receipt.header_row, "names_programmes": names_programmes}
    audited = engine.run(_SQL / "010_payee_row.sql", **given)
    engine.run(_SQL / "020_other_programme_row.sql", **given)
    engine.drop("person_standard", "family_standard", "list_component", "programme_word", "delivery_order")
    return LoadedList(receipt, contract, rows_in, audited, rows_in - audited)


def _check_and_map(engine: Engine, receipt: Receipt, contract: Contract, source: SourceFolder, sealer: Sealer) -> int:
    engine.view_parquet("list_received", [receipt.rows_path])
    engine.view_parquet("list_broken", [receipt.quarantine_path])
    checking = ReceivedFile(contract, receipt.file, receipt.delivery, receipt.delivered_on)
    checked = check_rows(engine, "list_received", checking, sealer, set_aside="list_broken")
    map_accepted(engine, source, receipt.file, into="list_mapped")
    engine.union([ACCEPTED], _COMPONENT, into="list_component")
    engine.rename(checked.quarantine, "set_aside_row")
    engine.drop(ACCEPTED, checked.issue)
    order = {"source": [receipt.source], "delivery": [receipt.delivery], "place": pa.array([0], pa.int64())}
    engine.load("delivery_order", pa.table(order))
    standardise_records(engine, person_tables=["list_mapped"], family_tables=[])
    engine.drop("list_mapped")
    return checked.rows_in


def _know_programmes(engine: Engine, receipt: Receipt, programme_names: Mapping[str, Iterable[str]]) -> bool:
    """Make `programme_word`, what the list calls programmes; tell if it names any. *Raises* ListOfOtherProgramme."""
    named = engine.fetch(
        "SELECT DISTINCT programme FROM person_standard WHERE programme IS NOT NULL ORDER BY programme"
    )
    words = [str(word) for word in named.column("programme").to_pylist()]
    asked = {_bare(name) for code, others in programme_names.items() for name in (code, *others)}
    is_asked_for = [_bare(word) in asked for word in words]
    table = {"programme": pa.array(words, pa.string()), "is_asked_for": pa.array(is_asked_for, pa.bool_())}
    engine.load("programme_word", pa.table(table))
    if words and not any(is_asked_for):
        raise ListOfOtherProgramme(
            file=receipt.original_name, named=", ".join(words[:5]), programme=next(iter(programme_names))
        )
    return bool(words)


def _bare(name: str) -> str:
    """Leave letters and digits, in small letters: PBI-JK, PBI JK and pbijk are one.

    >>> _bare("Program Keluarga-Harapan")
    'programkeluargaharapan'
    """
    return "".join(sign for sign in name.casefold() if sign.isalnum())
