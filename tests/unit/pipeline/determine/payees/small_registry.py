"""A registry of a few people, laid into an engine table by table, and lists that speak of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from kesos.datasets.record import FAMILY_RECORD, PERSON_RECORD
from kesos.datasets.registry import FAMILY, FAMILY_LINEAGE, IDENTITY, MEMBERSHIP, PERSON, PERSON_LINEAGE
from kesos.datasets.schema import Dataset
from kesos.pipeline.determine.payees.asked import Asked
from kesos.pipeline.determine.payees.checks import check_payees
from kesos.pipeline.determine.payees.linking import link_payees
from kesos.pipeline.engine import Engine
from kesos.policy.programme import Unit

AS_OF = date(2026, 10, 5)
OLAT_RAWA = "5204092010"
LENANG = "5204092001"
MATARAM = "5271021002"

_LISTED: dict[str, Any] = {
    "row_number": pa.int64(),
    "line_number": pa.int64(),
    "name": pa.string(),
    "name_normal": pa.string(),
    "birth_date": pa.date32(),
    "nik_index": pa.binary(),
    "nik_sealed": pa.binary(),
    "nik_note": pa.string(),
    "kk_index": pa.binary(),
    "village": pa.string(),
    "hamlet": pa.string(),
    "street": pa.string(),
    "rt": pa.string(),
    "rw": pa.string(),
    "period": pa.string(),
    "amount_idr": pa.int64(),
    "amount_a_year_idr": pa.int64(),
    "component": pa.string(),
}
_DETERMINED: dict[str, Any] = {
    "programme": pa.string(),
    "unit_id": pa.int64(),
    "family_id": pa.int64(),
    "eligibility": pa.string(),
    "selection": pa.string(),
    "outcomes": pa.int64(),
    "rank": pa.int32(),
    "amount_idr": pa.int64(),
}
LISTED = pa.schema(_LISTED)
DETERMINED = pa.schema(_DETERMINED)
PKH = Asked("PKH", Unit.FAMILY, 1, 4, 4, 16, 64, by_registered=True)
"""Decile first, then component, civil servant, wage: as the clauses of PKH stand in the tests."""


def index(text: str | None) -> bytes | None:
    """Stand in for a blind index: equal numbers give equal bytes."""
    return None if text is None else hashlib.sha256(text.encode()).digest()


@dataclass
class SmallRegistry:
    """An engine with the tables of a release; people and families are added, then the tables laid."""

    engine: Engine

    def lay(self, persons: Iterable[Mapping[str, Any]], families: Iterable[Mapping[str, Any]] = ()) -> None:
        """Lay the tables: `nik` of a person and `kk` of a family become rows of `identity`."""
        people = [dict(one) for one in persons]
        homes = [dict(one) for one in families]
        identity = [_identity("nik", one["person_id"], one.pop("nik", None), 0) for one in people]
        identity += [_identity("nik", one["person_id"], one.pop("old_nik", None), 1) for one in people]
        identity += [_identity("kk", one["family_id"], one.pop("kk", None), 0) for one in homes]
        seats = [
            {"person_id": one["person_id"], "family_id": one.pop("was_in", None) or one.get("family_id")}
            for one in people
        ]
        self._load(PERSON, people)
        self._load(FAMILY, [{"active_members": 1} | one for one in homes])
        self._load(IDENTITY, [row for row in identity if row])
        self._load(MEMBERSHIP, [seat for seat in seats if seat["family_id"]])
        for dataset in (PERSON_LINEAGE, FAMILY_LINEAGE, PERSON_RECORD, FAMILY_RECORD):
            self._load(dataset, [])

    def list_rows(self, *rows: Mapping[str, Any]) -> None:
        """Lay the list: `nik` and `kk` stand for numbers; name and village have usual values."""
        self.engine.load("payee_row", pa.Table.from_pylist([_listed(n, row) for n, row in enumerate(rows, 1)], LISTED))

    def determine(self, *rows: Mapping[str, Any]) -> None:
        """Lay determinations of PKH."""
        whole = [{"programme": "PKH", "selection": None, "outcomes": 1} | dict(row) for row in rows]
        self.engine.load("determination", pa.Table.from_pylist(whole, DETERMINED))

    def links(self) -> list[dict[str, Any]]:
        """Link the list; give rule, confidence, person and family of each row, in the order of the list."""
        link_payees(self.engine)
        found: list[dict[str, Any]] = self.engine.fetch("SELECT * FROM payee_link ORDER BY row_number").to_pylist()
        return found

    def check(self, asked: Asked = PKH, *, areas: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        """Link and check the list; give the indications in the order of the list."""
        link_payees(self.engine)
        check_payees(self.engine, asked, as_of=AS_OF, areas=areas)
        found: list[dict[str, Any]] = self.engine.fetch(
            "SELECT * FROM indication ORDER BY row_number, indication"
        ).to_pylist()
        return found

    def states(self, indication: str) -> list[int]:
        """Give the state of one check for each row: 0 clear, 1 indicated, 2 not checked, 3 not asked."""
        rows = self.engine.fetch(f"SELECT {indication} AS state FROM payee_state ORDER BY row_number")
        return [int(row["state"]) for row in rows.to_pylist()]

    def _load(self, dataset: Dataset, rows: list[dict[str, Any]]) -> None:
        self.engine.load(dataset.name, pa.Table.from_pylist(rows, dataset.arrow_schema()))


def _identity(field: str, subject: int, number: str | None, ordinal: int) -> dict[str, Any] | None:
    if number is None:
        return None
    return {
        "field": field, "subject_id": subject, "ordinal": ordinal, "ciphertext": b"", "blind_index": index(number),
    }  # fmt: skip


def _listed(number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "row_number": number,
        "line_number": number + 1,
        "village": OLAT_RAWA,
        "period": "2026-T3",
        "amount_idr": 600_000,
        "component": "SD",
    }
    whole = usual | dict(row)
    whole["name"] = whole.get("name_normal")
    whole["nik_index"] = index(whole.pop("nik", None))
    whole["kk_index"] = index(whole.pop("kk", None))
    whole["amount_a_year_idr"] = None if whole["amount_idr"] is None else whole["amount_idr"] * 4
    return whole
