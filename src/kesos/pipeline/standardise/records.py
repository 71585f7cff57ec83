"""Records of all sources, side by side and standardised: names, addresses and places, on distinct values only."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Final

from kesos.datasets.record import FAMILY_RECORD, PERSON_RECORD
from kesos.pipeline.engine import Engine
from kesos.pipeline.standardise import addresses, names, places

_SQL: Final = files("kesos.pipeline.standardise") / "sql"

_SEALED: Final = {"nik_sealed": "BLOB", "kk_sealed": "BLOB", "pln_sealed": "BLOB"}
# What standardising makes out of the raw text, and what linking adds later: no source delivers these.
_DERIVED: Final = frozenset(
    {
        *("record_id", "name", "name_normal", "name_key", "mother_name_normal", "head_name_normal"),
        *("birth_place", "street", "hamlet", "rt", "rw", "person_id", "family_id", "link_rule"),
    }
)
_RAW_TEXT: Final = (
    "name_raw",
    "mother_name_raw",
    "birth_place_raw",
    "address_raw",
    "rt_raw",
    "rw_raw",
    "head_name_raw",
)

PERSON_INPUT: Final = {c.name: c.type for c in PERSON_RECORD.columns if c.name not in _DERIVED} | _SEALED
FAMILY_INPUT: Final = {c.name: c.type for c in FAMILY_RECORD.columns if c.name not in _DERIVED} | _SEALED
_TEXT_INPUT: Final = dict.fromkeys(_RAW_TEXT, "VARCHAR")


def standardise_records(engine: Engine, *, person_tables: Sequence[str], family_tables: Sequence[str]) -> None:
    """Make `person_standard` and `family_standard` of the mapped tables of all sources.

    *Input*: tables with canonical columns (see `kesos.datasets.record`) and raw text; a column that a table
    lacks is unknown; `delivery_order` (source, delivery, place) puts the deliveries in an order that does not
    hang on their rows. *Output*: one row a source row, `record_id` 1 … n in the order of (source, row key,
    delivery), so that no order of rows can change it. Names, addresses and places are read once a distinct
    value over all sources.
    """
    engine.union(person_tables, PERSON_INPUT | _TEXT_INPUT, into="person_raw")
    engine.union(family_tables, FAMILY_INPUT | _TEXT_INPUT, into="family_raw")
    engine.run(_SQL / "010_name_value.sql")
    engine.map_batches("SELECT value FROM name_value", names.standardise_values, into="name_standard")
    engine.run(_SQL / "020_address_value.sql")
    engine.map_batches("SELECT value FROM address_value", addresses.read_values, into="address_standard")
    engine.run(_SQL / "030_place_value.sql")
    engine.map_batches("SELECT value FROM place_value", places.read_values, into="place_standard")
    engine.run(_SQL / "040_unit_value.sql")
    engine.map_batches("SELECT value FROM unit_value", addresses.read_unit_values, into="unit_standard")
    # The order is taken over the narrow key alone: sorting whole records would hold them all in memory twice.
    engine.run(_SQL / "050_person_order.sql")
    engine.run(_SQL / "055_family_order.sql")
    engine.run(_SQL / "060_person_standard.sql")
    engine.drop("person_raw", "person_order")
    engine.run(_SQL / "070_family_standard.sql")
    engine.drop("family_raw", "family_order", "name_value", "address_value", "place_value", "unit_value")
    engine.drop("name_standard", "address_standard", "place_standard", "unit_standard")
