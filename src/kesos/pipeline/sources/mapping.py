"""From the accepted rows of a delivery to canonical record columns: what the mapping SQL reads and may give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyarrow as pa

from kesos.datasets.record import FAMILY_RECORD, PERSON_RECORD
from kesos.foundation.errors import Refused
from kesos.pipeline.engine import Engine
from kesos.pipeline.sources.catalogue import SourceFolder
from kesos.pipeline.sources.contract import FileContract, Kind

ACCEPTED: Final = "accepted"
"""Name of the table that a mapping reads."""

PROVENANCE_FIELDS: Final = (
    pa.field("source", pa.string()),
    pa.field("delivery", pa.string()),
    pa.field("delivered_on", pa.date32()),
    pa.field("row_number", pa.int64()),
    pa.field("row_key", pa.string()),
)
AGREEMENT_FIELDS: Final = (pa.field("nik_date_agrees", pa.bool_()), pa.field("nik_sex_agrees", pa.bool_()))

_TYPES: Final[Mapping[Kind, pa.DataType]] = {
    Kind.DATE: pa.date32(),
    Kind.CODE: pa.int16(),
    Kind.DECILE: pa.int16(),
    Kind.COUNT: pa.int32(),
    Kind.NUMBER: pa.decimal128(18, 6),
    Kind.YES_NO: pa.bool_(),
    Kind.AMOUNT_IDR: pa.int64(),
}
_RAW_TEXT: Final = frozenset(
    {"name_raw", "mother_name_raw", "head_name_raw", "birth_place_raw", "address_raw", "rt_raw", "rw_raw"}
)
_SEALED: Final = frozenset({"nik_sealed", "kk_sealed", "pln_sealed"})
_MAPPABLE: Final = {
    "person": frozenset(PERSON_RECORD.column_names) | _RAW_TEXT | _SEALED,
    "family": frozenset(FAMILY_RECORD.column_names) | _RAW_TEXT | _SEALED,
}
_NEEDED: Final = frozenset(field.name for field in PROVENANCE_FIELDS)


class BrokenMapping(Refused):
    """A mapping gives columns that no record has, or leaves out what every record needs."""

    what = "Mapping {file} of source '{source}': unknown columns: {unknown}; missing columns: {missing}."
    remedy = "Name the columns as docs/reference/datasets.md does, and pass on source, delivery, row and day."


class MappingLosesRows(Refused):
    """A mapping must give one row for one accepted row."""

    what = "Mapping {file} of source '{source}' made {rows_out} rows of {rows_in} accepted ones."
    remedy = "Take joins, filters and groupings out of the mapping; it only renames and recodes."


def accepted_type(kind: Kind) -> pa.DataType:
    """Give the Arrow type of a readable column of some kind.

    >>> accepted_type(Kind.CODE), accepted_type(Kind.NAME)
    (DataType(int16), DataType(string))
    """
    return _TYPES.get(kind, pa.string())


def accepted_schema(file_contract: FileContract) -> pa.Schema:
    """Give the columns of the table `accepted` for a file: all of the contract, delivered or not.

    A sealed column `nik` stands there as `nik_sealed`, `nik_index`, `nik_note`. A column that was not
    delivered is null in every row, so that a mapping may name every column of its contract.
    """
    fields: list[pa.Field[pa.DataType]] = list(PROVENANCE_FIELDS)
    for name, column in file_contract.columns.items():
        if column.is_sealed:
            fields += [
                pa.field(f"{name}_sealed", pa.binary()),
                pa.field(f"{name}_index", pa.binary()),
                pa.field(f"{name}_note", pa.string()),
            ]
        else:
            fields.append(pa.field(name, accepted_type(column.kind)))
    return pa.schema([*fields, *AGREEMENT_FIELDS])


def map_accepted(engine: Engine, source: SourceFolder, file: str, *, into: str) -> int:
    """Run the mapping of a file over the table `accepted`; make the table `into`; return its row count.

    *Output*: canonical columns of `person_record` or `family_record` that the source has, raw text beside
    them. One row a row. *Raises* BrokenMapping, MappingLosesRows.
    """
    name = source.contract.source
    mapping = source.mapping(file)
    rows = engine.run(mapping, into=into)
    given = frozenset(engine.columns(into))
    unknown = given - _MAPPABLE[source.contract.file(file).about]
    missing = _NEEDED - given
    if unknown or missing:
        listed = {"unknown": ", ".join(sorted(unknown)) or "none", "missing": ", ".join(sorted(missing)) or "none"}
        raise BrokenMapping(file=mapping.name, source=name, **listed)
    rows_in = engine.count(ACCEPTED)
    if rows != rows_in:
        raise MappingLosesRows(file=mapping.name, source=name, rows_in=rows_in, rows_out=rows)
    return rows
