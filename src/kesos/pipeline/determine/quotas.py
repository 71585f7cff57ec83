"""Read how many places each area has, and of which programme."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from kesos.foundation.area_code import AreaLevel, AreaSystem, NotAnAreaCode, read_area_code
from kesos.foundation.errors import Refused
from kesos.foundation.masking import hide_numbers
from kesos.pipeline.determine.facts.members import programme_key
from kesos.pipeline.determine.facts.sheet import LINE, CellKind, SheetColumn, read_sheet
from kesos.policy.programme import Programme

_COLUMNS: Final = {
    "programme": SheetColumn(aliases=("program", "kode_program")),
    "area": SheetColumn(aliases=("wilayah", "kode_wilayah"), is_required=False),
    "quota": SheetColumn(CellKind.COUNT, aliases=("kuota", "jumlah")),
}
_NATION: Final = frozenset({"", "nasional", "national", "indonesia"})
NATIONAL: Final = ""
"""The area of a quota of the whole nation."""


class QuotaOfNoProgramme(Refused):
    """A line of a quotas file names no programme that is known."""

    what = "{file}, line {line}, column 'programme': there is no programme '{value}'; the nearest is '{near}'."
    remedy = "Write its code as `kesos programme list` shows it, and give the file again; nothing of it was used."


class QuotaNotForeseen(Refused):
    """A line of a quotas file names a programme that shares out no places."""

    what = "{file}, line {line}: the programme {code} has no quota."
    remedy = "Remove the line, or write into the programme's file how its places are shared out."


class QuotaOfOtherArea(Refused):
    """A line of a quotas file names an area of another level than the programme counts by."""

    what = "{file}, line {line}, column 'area': '{value}' is no area by which {code} shares out places ({level})."
    remedy = "Write a Kemendagri code of that level, such as 5204 for a regency; leave it empty for the whole nation."
    words = {"level": ("national", "province", "regency", "district", "village")}  # noqa: RUF012 - read, never written


class QuotaTwice(Refused):
    """Two lines of a quotas file give the places of the same area."""

    what = "{file}, lines {first} and {line} both give the places of {code} in area '{value}'."
    remedy = "Keep the one that holds, and give the file again; nothing of it was used."


def read_quotas(path: Path, programmes: Mapping[str, Programme]) -> dict[str, dict[str, int]]:
    """Read a file of quotas (programme, area, quota) as code → area → places; `programmes` are all that are known.

    *Raises* QuotaOfNoProgramme, QuotaNotForeseen, QuotaOfOtherArea, QuotaTwice, and what `read_sheet` refuses.
    """
    names = {programme_key(name): code for code, one in programmes.items() for name in one.also_called}
    names |= {programme_key(code): code for code in programmes}
    found: dict[str, dict[str, int]] = {}
    lines: dict[tuple[str, str], int] = {}
    for row in read_sheet(path, _COLUMNS, title="quotas").to_pylist():
        code = names.get(programme_key(row["programme"]))
        if code is None:
            raise _no_programme(path.name, row, programmes)
        area = _area(path.name, row, programmes[code])
        if (code, area) in lines:
            first = lines[code, area]
            raise QuotaTwice(file=path.name, first=first, line=row[LINE], code=code, value=row["area"] or "")
        lines[code, area] = row[LINE]
        found.setdefault(code, {})[area] = row["quota"]
    return found


def _no_programme(file: str, row: Mapping[str, Any], programmes: Mapping[str, Programme]) -> QuotaOfNoProgramme:
    value = row["programme"]
    near = difflib.get_close_matches(value.upper(), sorted(programmes), n=1, cutoff=0)
    return QuotaOfNoProgramme(file=file, line=row[LINE], value=hide_numbers(value), near=(near or ["-"])[0])


def _area(file: str, row: Mapping[str, Any], programme: Programme) -> str:
    if programme.quota is None:
        raise QuotaNotForeseen(file=file, line=row[LINE], code=programme.code)
    text, level = row["area"] or "", programme.quota.level
    if level == "national" and text.casefold() in _NATION:
        return NATIONAL
    try:
        area = read_area_code(text, AreaSystem.KEMENDAGRI)
        if level != "national" and area.level is AreaLevel[level.upper()]:
            return area.code
    except NotAnAreaCode:
        pass
    raise QuotaOfOtherArea(file=file, line=row[LINE], value=hide_numbers(text), code=programme.code, level=level)
