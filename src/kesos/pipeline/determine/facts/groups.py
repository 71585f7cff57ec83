"""Read the file of groups (KUBE): one line a family of a group."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from kesos.foundation.columns import complete_texts, map_distinct, one_chunk
from kesos.foundation.columns import compute as pc
from kesos.foundation.errors import Refused
from kesos.foundation.identifier import show_identifier
from kesos.pipeline.determine.facts.named import named_rows
from kesos.pipeline.determine.facts.sheet import LINE, SheetColumn, read_sheet
from kesos.pipeline.determine.facts.units import A_FAMILY, living_units, read_units
from kesos.pipeline.engine import Engine

_COLUMNS: Final = {
    "group": SheetColumn(aliases=("group_code", "kode_kelompok", "kelompok", "kube")),
    "name": SheetColumn(aliases=("group_name", "nama", "nama_kelompok"), is_required=False),
    "family": SheetColumn(aliases=("family_id", "keluarga")),
}
_TYPES: Final[dict[str, pa.DataType]] = {
    "group_id": pa.int64(),
    "group_code": pa.string(),
    "group_name": pa.string(),
    "family_id": pa.int64(),
    LINE: pa.int64(),
}
_SCHEMA: Final = pa.schema(_TYPES)


class FamilyTwiceInGroup(Refused):
    """A file of groups names a family twice in one group."""

    what = "{file}, line {line}: family {family} stands in group '{group}' already."
    remedy = "Remove one of the two lines and give the file again; nothing of it was used."


def read_groups(path: Path | None) -> pa.Table:
    """Read the groups: `group_id` (1, 2, … in order of the code), code, name, `family_id`, `line`; none without a file.

    *Raises* FamilyTwiceInGroup, NoSuchUnit, MistypedUnit, and the refusals of `read_sheet`.
    """
    if path is None:
        return _SCHEMA.empty_table()
    sheet = read_sheet(path, _COLUMNS, title="groups")
    families = read_units(sheet, "family", file=path.name, kinds=("family",), expected=A_FAMILY)
    codes = sorted(set(complete_texts(sheet["group"])))
    ids = {code: place for place, code in enumerate(codes, start=1)}
    read = pa.table(
        [
            map_distinct(sheet["group"], lambda code: ids[code], pa.int64()),
            sheet["group"],
            sheet["name"],
            families["unit_id"],
            sheet[LINE],
        ],
        schema=_SCHEMA,
    )
    _refuse_repeats(read, sheet, path.name)
    return read


def living_groups(engine: Engine, path: Path | None) -> tuple[pa.Table, pa.Table]:
    """Read the groups, each family led to the one that lives on after merges; and give the lines that name them.

    Two families of a group that were merged are one. *Raises* what `read_groups` raises.
    """
    read = read_groups(path)
    written = read["family_id"]
    living = living_units(engine, "family", one_chunk(written))
    shown = map_distinct(written, lambda number: show_identifier("family", number), pa.string())
    nothing = pa.nulls(read.num_rows, pa.string())
    units = pa.table({"unit": pa.repeat("family", read.num_rows), "unit_id": living, "code": nothing})
    named = named_rows(
        "groups", read.append_column("identifier", shown), units, identifier="identifier", about="group_code"
    )
    read = read.set_column(read.column_names.index("family_id"), "family_id", living)
    firsts = read.group_by(["group_id", "family_id"]).aggregate([(LINE, "min")])[f"{LINE}_min"]
    return read.filter(pc.is_in(read[LINE], one_chunk(firsts))), named


def _refuse_repeats(read: pa.Table, sheet: pa.Table, file: str) -> None:
    seen: set[object] = set()
    pairs = zip(read["group_id"].to_pylist(), read["family_id"].to_pylist(), strict=True)
    for place, pair in enumerate(pairs):  # a group is a few families, and all groups of a nation are few
        if pair in seen:
            family, group = sheet["family"][place].as_py(), sheet["group"][place].as_py()
            raise FamilyTwiceInGroup(file=file, line=sheet[LINE][place].as_py(), family=family, group=group)
        seen.add(pair)


def group_ids(groups: pa.Table) -> dict[str, int]:
    """Lead from the code of a group to its id.

    >>> group_ids(_SCHEMA.empty_table())
    {}
    """
    ids: list[Any] = groups["group_id"].to_pylist()
    return dict(zip(complete_texts(groups["group_code"]), ids, strict=True))
