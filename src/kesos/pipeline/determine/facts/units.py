"""Which units a sheet names: identifiers as people write them, followed to the unit that lives on after a merge."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import ClassVar, Final

import pyarrow as pa

from kesos.foundation.area_code import AreaSystem, NotAnAreaCode, read_area_code
from kesos.foundation.columns import Values, map_distinct, one_chunk
from kesos.foundation.columns import compute as pc
from kesos.foundation.errors import Refused
from kesos.foundation.identifier import NotAnIdentifier, WrongCheckCharacter, read_identifier
from kesos.foundation.masking import hide_numbers
from kesos.pipeline.determine.facts.sheet import LINE
from kesos.pipeline.engine import Engine

AREA: Final = "area"
OTHER: Final = "other"
_NAMED: Final = pa.struct([("unit", pa.string()), ("unit_id", pa.int64()), ("code", pa.string())])
_ALIASES: Final = """
    SELECT named_unit.unit_id, identifier.alias_of
    FROM named_unit
    INNER JOIN identifier ON named_unit.unit_id = identifier.id
    WHERE identifier.kind = $kind AND identifier.status = 'alias' AND identifier.alias_of IS NOT NULL
    ORDER BY named_unit.unit_id
"""


A_FAMILY: Final = "a family, such as F-HJ"
UNIT_OR_AREA: Final = "a person (P-…), family (F-…), dwelling (D-…), or the code of an area"
UNIT_OR_GROUP: Final = "a person (P-…), family (F-…), dwelling (D-…) or group"


class NoSuchUnit(Refused):
    """A line of a sheet names nothing that it could be about."""

    what = "{file}, line {line}, column '{field}': '{value}' is not {expected}."
    remedy = "Copy the identifier from the page or the letter, and give the file again; nothing of it was used."
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {"expected": (A_FAMILY, UNIT_OR_AREA, UNIT_OR_GROUP)}


class MistypedUnit(NoSuchUnit):
    """A line of a sheet has an identifier whose check character does not fit."""

    what = "{file}, line {line}, column '{field}': the identifier '{value}' has been mistyped."


def read_units(sheet: pa.Table, field: str, *, file: str, kinds: Collection[str], expected: str) -> pa.Table:
    """Read a column of units: `unit` (person, family, dwelling, area or other), `unit_id`, and `code` of the last two.

    `kinds` are those that may stand here. *Raises* NoSuchUnit, MistypedUnit.
    """
    texts = one_chunk(sheet[field])
    named = map_distinct(texts, _read_unit, _NAMED)
    unit = pc.struct_field(named, "unit")
    allowed = pc.is_in(unit, value_set=pa.array(list(kinds), pa.string()))
    at = pc.index(allowed, False).as_py()
    if at >= 0:
        refusal = MistypedUnit if unit[at].as_py() == _MISTYPED else NoSuchUnit
        value, line = hide_numbers(texts[at].as_py()), sheet[LINE][at].as_py()
        raise refusal(file=file, line=line, field=field, value=value, expected=expected)
    return pa.table({name: pc.struct_field(named, name) for name in ("unit", "unit_id", "code")})


_MISTYPED: Final = "mistyped"


def _read_unit(text: str) -> dict[str, object]:
    try:
        kind, number = read_identifier(text)
        return {"unit": kind, "unit_id": number}
    except WrongCheckCharacter:
        return {"unit": _MISTYPED}
    except NotAnIdentifier:
        pass
    try:
        return {"unit": AREA, "code": read_area_code(text, AreaSystem.KEMENDAGRI).code}
    except NotAnAreaCode:
        return {"unit": OTHER, "code": text}


def living_units(engine: Engine, kind: str, unit_ids: Values) -> Values:
    """Lead identifiers that were merged into another one to the one that lives on; the others stay."""
    while engine.has("identifier") and len(unit_ids):
        engine.load("named_unit", pa.table({"unit_id": pc.unique(unit_ids)}))
        moved = engine.fetch(_ALIASES, kind=kind)
        engine.drop("named_unit")
        if moved.num_rows == 0:
            break
        heirs = dict(zip(moved["unit_id"].to_pylist(), moved["alias_of"].to_pylist(), strict=True))
        known = pc.unique(unit_ids).drop_null()
        living = map_distinct(known, lambda number: heirs.get(number, number), pa.int64())  # noqa: B023 - called at once
        unit_ids = living.take(pc.index_in(unit_ids, value_set=known))
    return unit_ids
