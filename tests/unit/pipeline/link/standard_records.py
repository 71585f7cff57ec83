"""Standardised person records by hand: only what a test is about, the rest unknown."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pyarrow as pa

from kesos.datasets.catalogue import dataset
from kesos.datasets.record import PERSON_RECORD
from kesos.pipeline.engine import Engine

Row = dict[str, Any]

_LATER: Final = ("person_id", "link_rule")
_PRIOR: Final = ("person", "person_record", "identity", "family", "dwelling")
SCHEMA: Final = pa.schema(
    [field.with_nullable(nullable=True) for field in PERSON_RECORD.arrow_schema() if field.name not in _LATER]
    + [pa.field("nik_sealed", pa.binary()), pa.field("kk_sealed", pa.binary())]
)


def record(name: str, nik: str | None = None, born: str | None = None, **more: object) -> Row:
    """Say what one record says; a NIK is any text that stands for its index."""
    return {
        "source": "dukcapil",
        "row_key": f"{name}|{nik}|{born}|{more.get('source', 'dukcapil')}",
        "delivery": "d",
        "row_number": 1,
        "delivered_on": date(2026, 9, 30),
        "observed_on": date(2026, 9, 30),
        "name": name,
        "name_normal": name,
        "nik_index": nik.encode() if nik else None,
        "birth_date": date.fromisoformat(born) if born else None,
        **more,
    }


def load_records(engine: Engine, *records: Row) -> None:
    """Load records as `person_standard`, numbered from 1 in the order given."""
    rows = [{**row, "record_id": number} for number, row in enumerate(records, start=1)]
    engine.load("person_standard", pa.Table.from_pylist(rows, schema=SCHEMA))


def load_no_prior(engine: Engine) -> None:
    """Load the empty tables of a release before the first."""
    for name in _PRIOR:
        engine.load(f"prior_{name}", dataset(name).arrow_schema().empty_table())
    for kind in ("person", "family", "dwelling"):
        engine.load(f"prior_{kind}_identifier", dataset("identifier").arrow_schema().empty_table())
