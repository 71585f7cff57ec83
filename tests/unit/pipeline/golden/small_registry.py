"""A registry made of a handful of linked records: what each record says of person, card, meter and address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pyarrow as pa

from kesos.datasets.record import FAMILY_RECORD, PERSON_RECORD
from kesos.foundation.sealing import IdentityKey, Sealer
from kesos.pipeline.engine import Engine
from kesos.pipeline.golden.build import build_golden
from kesos.pipeline.golden.precedence import read_precedence
from unit.pipeline.link.standard_records import load_no_prior

Row = dict[str, Any]

SEALER: Final = Sealer(IdentityKey(1, bytes(range(64)), b"i" * 32, b"r" * 32))
HERE: Final = "3201011006"
_DAY: Final = date(2026, 9, 30)
_SEALED: Final = [pa.field(f"{name}_sealed", pa.binary()) for name in ("nik", "kk", "pln")]


def sealed(field: str, value: str | None) -> Row:
    """Seal a number as a receipt does, bound to nobody."""
    index = None if value is None else SEALER.blind_index(value, field)
    return {f"{field}_index": index, f"{field}_sealed": None if value is None else SEALER.seal(value, field, 0)}


def said(
    person: int, card: str | None = None, *, on: str = "2026-09-30", source: str = "dukcapil", **more: object
) -> Row:
    """Say that a record of a person puts them on a card."""
    day = date.fromisoformat(on)
    return {
        "person_id": person, "source": source, "delivery": "d", "row_number": 1, "delivered_on": _DAY,
        "observed_on": day, "link_rule": "founder", **sealed("kk", card), **sealed("nik", None), **more,
    }  # fmt: skip


def housed(card: str | None, *, meter: str | None = None, village: str = HERE, **more: object) -> Row:
    """Say what the family file tells of a card: meter, village, address."""
    return {
        "source": "dtsen", "delivery": "d", "row_number": 1, "delivered_on": _DAY, "observed_on": _DAY,
        "residence_village": village, **sealed("kk", card), **sealed("pln", meter), **more,
    }  # fmt: skip


@dataclass(frozen=True)
class Registry:
    """The golden tables as rows."""

    tables: dict[str, list[Row]]

    def rows(self, name: str, **wanted: object) -> list[Row]:
        """Read the rows of a table that have the wanted values."""
        return [row for row in self.tables[name] if all(row[column] == value for column, value in wanted.items())]

    def active(self) -> dict[int, int]:
        """Tell in which family each person is now."""
        seats = [(row["person_id"], row["family_id"]) for row in self.rows("membership", is_active=True)]
        assert len({person for person, _ in seats}) == len(seats)
        return dict(seats)

    def members(self) -> list[list[int]]:
        """List the active members of each family, families in the order of their identifiers."""
        families: dict[int, list[int]] = {row["family_id"]: [] for row in self.rows("family")}
        for person, family in sorted(self.active().items()):
            families[family].append(person)
        return [families[family] for family in sorted(families)]

    def homes(self) -> list[list[int]]:
        """List the families of each dwelling, dwellings in the order of their identifiers."""
        dwellings: dict[int, list[int]] = {}
        for row in sorted(self.rows("family"), key=lambda row: int(row["family_id"])):
            dwellings.setdefault(row["dwelling_id"], []).append(row["family_id"])
        return [dwellings[dwelling] for dwelling in sorted(dwellings)]


def registry(people: Sequence[Row], families: Sequence[Row] = ()) -> Registry:
    """Build the golden tables of a first release."""
    with Engine(memory="500MB", threads=1) as engine:
        load_no_prior(engine)
        engine.load("person_identifier", engine.fetch("prior_person_identifier"))
        _load(engine, "person_record", people, [*PERSON_RECORD.arrow_schema(), *_SEALED[:2]])
        without_family = [field for field in FAMILY_RECORD.arrow_schema() if field.name != "family_id"]
        _load(engine, "family_standard", families, [*without_family, *_SEALED[1:]])
        build_golden(engine, precedence=read_precedence(), sealer=SEALER, release="2026-T3")
        names = ("person", "family", "dwelling", "membership", "kk_history", "identity", "conflict", "person_lineage")
        return Registry({name: engine.fetch(name).to_pylist() for name in names})


def _load(engine: Engine, name: str, rows: Sequence[Row], fields: Sequence[pa.Field[Any]]) -> None:
    schema = pa.schema([field.with_nullable(nullable=True) for field in fields])
    listed = [{**row, "record_id": number, "row_key": f"{number:06}"} for number, row in enumerate(rows, start=1)]
    engine.load(name, pa.Table.from_pylist(listed, schema=schema))
