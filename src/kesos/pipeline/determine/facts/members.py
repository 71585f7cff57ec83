"""Who receives which programme today: from a file of members, else from the payments that sources reported."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Final

import pyarrow as pa

from kesos.datasets.release_files import dataset_files
from kesos.foundation.columns import Values, complete_texts, map_distinct, one_chunk
from kesos.foundation.columns import compute as pc
from kesos.foundation.errors import Refused
from kesos.foundation.masking import hide_numbers
from kesos.foundation.period import NotAPeriod, read_period
from kesos.pipeline.determine.facts.derivation import months_before
from kesos.pipeline.determine.facts.groups import group_ids, read_groups
from kesos.pipeline.determine.facts.named import named_rows
from kesos.pipeline.determine.facts.request import FactsRequest, Listed
from kesos.pipeline.determine.facts.sheet import LINE, CellKind, SheetColumn, read_sheet
from kesos.pipeline.determine.facts.units import AREA, OTHER, UNIT_OR_GROUP, living_units, read_units
from kesos.pipeline.engine import Engine

SQL: Final = resources.files("kesos.pipeline.determine.facts") / "sql"
MEMBERSHIP_MONTHS: Final = 12
"""How long a list of members or of payments may be believed: our proposal, as for a wage."""

_UNITS: Final = ("person", "family", "dwelling")
_STATUS: Final = {
    **dict.fromkeys(("member", "anggota", "penerima"), "member"),
    **dict.fromkeys(("waiting", "menunggu", "daftar tunggu"), "waiting"),
}
_COLUMNS: Final = {
    "programme": SheetColumn(aliases=("program", "kode_program")),
    "unit": SheetColumn(aliases=("id", "penerima")),
    "since": SheetColumn(CellKind.DAY, aliases=("sejak",), is_required=False),
    "status": SheetColumn(aliases=("keterangan",), is_required=False, choices=_STATUS),
}
_TYPES: Final[dict[str, pa.DataType]] = {
    "programme": pa.string(),
    "unit": pa.string(),
    "unit_id": pa.int64(),
    "since": pa.date32(),
    "status": pa.string(),
}
MEMBER: Final = pa.schema(_TYPES)
"""The columns of table `member`."""


class UnknownProgramme(Refused):
    """A file of members names a programme that there is not."""

    what = "{file}, line {line}, column 'programme': there is no programme '{value}'; the nearest is '{near}'."
    remedy = "Write its code as `kesos programme list` shows it, and give the file again; nothing of it was used."


class NoSuchGroup(Refused):
    """A file of members names a group that the file of groups does not have."""

    what = "{file}, line {line}, column 'unit': '{value}' is no identifier, and no group of the file of groups."
    remedy = "Write P-…, F-… or D-… as on the page, or give the file of groups with --groups."


def make_members(engine: Engine, request: FactsRequest) -> tuple[dict[str, Listed], list[pa.Table]]:
    """Make table `member`; say for which programmes members are known, and whence; and give the lines of the file.

    *Grain*: one row a programme, `unit` (person, family, dwelling, group) and `unit_id`; `since`, null where nobody
    says, and `status`, member or waiting. A person who is listed stands there for the family, too. Table
    `listed_source` has the sources whose payments speak of a programme.
    *Raises* UnknownProgramme, NoSuchGroup, and what reading raises.
    """
    names = _names(request.programmes)
    rows, named = MEMBER.empty_table(), []
    if request.members is not None:
        rows, lines = _read_members(engine, request, request.members, names)
        named.append(lines)
    found: dict[str, Listed] = dict.fromkeys(sorted(set(complete_texts(rows["programme"]))), "file")
    engine.load("member_row", rows)
    found |= _read_payments(engine, request, names, frozenset(found))
    engine.run(SQL / "030_member.sql")
    engine.drop("member_row", "member_payment")
    return dict(sorted(found.items())), named


def programme_key(text: str) -> str:
    """Reduce a programme's name to what is compared: letters and digits, without case.

    >>> programme_key("Pbi JK"), programme_key("PBI-JK")
    ('pbijk', 'pbijk')
    """
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _names(programmes: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Lead from every name of a programme to its code; a code goes before another programme's other name."""
    names = {programme_key(other): code for code, others in programmes.items() for other in others}
    return names | {programme_key(code): code for code in programmes}


def _read_members(
    engine: Engine, request: FactsRequest, path: Path, names: dict[str, str]
) -> tuple[pa.Table, pa.Table]:
    """Read the file of members; *output*: the rows of table `member`, and the lines that name them."""
    sheet = read_sheet(path, _COLUMNS, title="members")
    programme = map_distinct(sheet["programme"], lambda text: names.get(programme_key(text)), pa.string())
    at = pc.index(pc.is_null(programme), True).as_py()
    if at >= 0:
        value = sheet["programme"][at].as_py()
        near = difflib.get_close_matches(value.upper(), sorted(request.programmes), n=1, cutoff=0)
        raise UnknownProgramme(
            file=path.name, line=sheet[LINE][at].as_py(), value=hide_numbers(value), near=(near or ["-"])[0]
        )
    units = read_units(sheet, "unit", file=path.name, kinds=(*_UNITS, AREA, OTHER), expected=UNIT_OR_GROUP)
    unit_ids = _resolved(engine, units, _group_numbers(sheet, units, request.groups, path.name))
    kinds = pc.if_else(pc.is_in(one_chunk(units["unit"]), pa.array(_UNITS)), one_chunk(units["unit"]), "group")
    status = pc.fill_null(one_chunk(sheet["status"]), "member")
    rows = pa.table([programme, kinds, unit_ids, sheet["since"], status], schema=MEMBER)
    no_area = pa.nulls(sheet.num_rows, pa.string())
    resolved = pa.table({"unit": kinds, "unit_id": unit_ids, "code": no_area})
    sheet = sheet.set_column(sheet.column_names.index("programme"), "programme", programme)
    return rows, named_rows("members", sheet, resolved, identifier="unit", about="programme")


def _group_numbers(sheet: pa.Table, units: pa.Table, groups: Path | None, file: str) -> Values:
    """Give the group ids of the lines that name a group; null elsewhere."""
    codes = one_chunk(units["code"])
    ids = group_ids(read_groups(groups)) if codes.null_count < len(codes) else {}
    # A code of digits only looks like an area; as a unit it can but be a group.
    written = pc.if_else(pc.is_valid(codes), one_chunk(sheet["unit"]), pa.scalar(None, pa.string()))
    numbers = map_distinct(written, ids.get, pa.int64())
    at = pc.index(pc.and_(pc.is_null(numbers), pc.is_valid(written)), True).as_py()
    if at >= 0:
        raise NoSuchGroup(file=file, line=sheet[LINE][at].as_py(), value=hide_numbers(written[at].as_py()))
    return numbers


def _resolved(engine: Engine, units: pa.Table, numbers: Values) -> Values:
    unit_ids: Values = pc.coalesce(one_chunk(units["unit_id"]), numbers)
    for kind in _UNITS:
        of_kind = pc.equal(one_chunk(units["unit"]), kind)
        living = living_units(engine, kind, unit_ids.filter(of_kind))
        unit_ids = pc.replace_with_mask(unit_ids, of_kind, living)
    return unit_ids


def _read_payments(
    engine: Engine, request: FactsRequest, names: dict[str, str], complete: frozenset[str]
) -> dict[str, Listed]:
    """Make tables `member_payment` and `listed_source` of the payments for programmes that no file lists."""
    written: list[str] = []
    if dataset_files(request.folder, request.manifest, "benefit"):
        written = complete_texts(engine.fetch(_WRITTEN)["programme"])
    codes = {text: names.get(programme_key(text)) for text in written}
    known = {text: code for text, code in codes.items() if code is not None and code not in complete}
    table = pa.table(
        {"written": pa.array(list(known), pa.string()), "programme": pa.array(list(known.values()), pa.string())}
    )
    engine.load("payment_programme", table)
    if not known:
        engine.load("member_payment", MEMBER.empty_table())
        return {}
    _load_periods(engine)
    since = months_before(request.as_of, MEMBERSHIP_MONTHS)
    engine.run(SQL / "010_member_payment.sql", as_of=request.as_of, fresh_since=since)
    engine.run(SQL / "020_listed_source.sql")
    return dict.fromkeys(known.values(), "benefit")


_WRITTEN: Final = "SELECT DISTINCT programme FROM benefit ORDER BY programme"
_PERIODS: Final = "SELECT DISTINCT benefit_period FROM benefit WHERE benefit_period IS NOT NULL ORDER BY benefit_period"


def _load_periods(engine: Engine) -> None:
    """Make table `paid_period`: first and last day of each period that a payment names; what is none is left out."""
    read: list[tuple[str, date, date]] = []
    for text in complete_texts(engine.fetch(_PERIODS)["benefit_period"]):
        try:
            period = read_period(text)
        except NotAPeriod:
            continue
        read.append((text, period.valid_from, period.last_day))
    columns = list(zip(*read, strict=True)) if read else [(), (), ()]
    types = (pa.string(), pa.date32(), pa.date32())
    arrays = [pa.array(column, type_) for column, type_ in zip(columns, types, strict=True)]
    engine.load("paid_period", pa.table(arrays, names=["benefit_period", "first_day", "last_day"]))
