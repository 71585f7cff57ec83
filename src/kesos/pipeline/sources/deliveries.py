"""Find what was delivered: the files of a folder, whose they are, and the day they were handed over."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kesos.foundation.errors import Refused
from kesos.foundation.masking import hide_numbers
from kesos.foundation.period import NotAPeriod, read_period
from kesos.pipeline.sources.contract import Covers
from kesos.pipeline.sources.recognise import UnknownSource

DELIVERIES_FILE: Final = "deliveries.yaml"
ANSWERS_FILE: Final = "review_answers.csv"
"""People's answers about doubtful pairs lie beside the deliveries, and are none."""

_ENDINGS: Final = (".csv", ".tsv", ".txt", ".gz", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".parquet")
_DAY: Final = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)|(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)")
_QUARTER: Final = re.compile(r"(?<!\d)(\d{4}-T[1-4])(?![0-9A-Za-z])", re.IGNORECASE)


class NoDeliveryDay(Refused):
    """A file of which nobody says when it was delivered."""

    what = "Nobody says on which day {file} was delivered."
    remedy = (
        "Put the day into its name, as 2026-09-30, 20260930 or 2026-T3, or name it in deliveries.yaml: "
        "`files: {{{file}: {{delivered_on: 2026-09-30}}}}`."
    )


class SeveralDeliveryDays(NoDeliveryDay):
    """A file name with more than one day in it."""

    what = "The name of {file} holds several days: {days}."


class NoDeliveries(Refused):
    """A folder without a file that could be a delivery."""

    what = "Folder {folder} holds no delivered file (CSV, XLSX or Parquet)."
    remedy = "Put the files into it, or into a folder below it that is named as their source."


class BrokenDeliveries(Refused):
    """A deliveries.yaml that cannot be read."""

    what = "{file}, at {place}: {problem}."
    remedy = "It holds `files`: the path of a file, and under it delivered_on, covers, source, file, code_lists."


class DeliveryNotThere(Refused):
    """An entry of deliveries.yaml for which there is no file."""

    what = "{file} names {path}, but there is no such file below its folder."
    remedy = "Correct the path, written from the folder of deliveries.yaml, or remove the entry."


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivered file: the day, and what else is known of it before it is opened."""

    path: Path
    delivered_on: date
    source: str | None = None
    file: str | None = None
    covers: Covers | None = None
    code_lists: tuple[tuple[str, str], ...] = ()


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    delivered_on: date | None = None
    source: str | None = None
    file: str | None = None
    covers: Covers | None = None
    code_lists: dict[str, str] = Field(default_factory=dict)


class _Page(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    files: dict[str, _Entry] = Field(default_factory=dict)


def find_deliveries(folder: Path, *, sources: Collection[str]) -> list[Delivery]:
    """List the delivered files of a folder and of the folders below it that are named as a source, by path.

    *Raises* NoDeliveries, NoDeliveryDay, BrokenDeliveries, DeliveryNotThere, UnknownSource.
    """
    page = _read_page(folder / DELIVERIES_FILE)
    found = {path.relative_to(folder).as_posix(): path for path in _files(folder, sources)}
    for named in page.files:
        if named not in found:
            raise DeliveryNotThere(file=DELIVERIES_FILE, path=named)
    if not found:
        raise NoDeliveries(folder=folder)
    return [_delivery(path, name, page.files.get(name, _Entry()), sources) for name, path in sorted(found.items())]


def left_aside(folder: Path) -> list[Path]:
    """List the files of a folder that are no deliveries by their ending, so that they can be shown."""
    ours = (DELIVERIES_FILE, ANSWERS_FILE)
    strangers = (path for path in _visible(folder) if path.is_file() and path.name not in ours)
    return sorted(path for path in strangers if not _is_table(path))


def delivery_day(name: str) -> date | None:
    """Read the day of delivery from a file name; None if there is none. *Raises* SeveralDeliveryDays.

    >>> delivery_day("dtsen-2026-T3.csv"), delivery_day("pkh_20261120.xlsx"), delivery_day("list.csv")
    (datetime.date(2026, 9, 30), datetime.date(2026, 11, 20), None)
    """
    days = set()
    for match in _DAY.finditer(name):
        year, month, day = (int(part) for part in match.groups() if part)
        try:
            days.add(date(year, month, day))
        except ValueError:  # eight digits that are no day
            continue
    if not days:
        for match in _QUARTER.finditer(name):
            days |= _last_day(match[1])
    if len(days) > 1:
        shown = ", ".join(day.isoformat() for day in sorted(days))
        raise SeveralDeliveryDays(file=hide_numbers(name), days=shown)
    return next(iter(days), None)


def _last_day(quarter: str) -> set[date]:
    try:
        return {read_period(quarter).last_day}
    except NotAPeriod:
        return set()


def _visible(folder: Path) -> Iterator[Path]:
    # Spreadsheets leave lock files (~$…) and systems leave dot files beside what people put there.
    return (path for path in folder.iterdir() if not path.name.startswith((".", "~$")))


def _is_table(path: Path) -> bool:
    return path.suffix.lower() in _ENDINGS and path.name != ANSWERS_FILE


def _files(folder: Path, sources: Collection[str]) -> Iterator[Path]:
    for path in _visible(folder):
        if path.is_file() and _is_table(path):
            yield path
        elif path.is_dir():
            if path.name not in sources:
                raise UnknownSource(file=path.name, name=path.name, known=", ".join(sorted(sources)))
            yield from (inner for inner in _visible(path) if inner.is_file() and _is_table(inner))


def _delivery(path: Path, name: str, entry: _Entry, sources: Collection[str]) -> Delivery:
    day = entry.delivered_on or delivery_day(path.name)
    if day is None:
        raise NoDeliveryDay(file=name)
    source = entry.source or (name.split("/", maxsplit=1)[0] if "/" in name else None)
    if source is not None and source not in sources:
        raise UnknownSource(file=name, name=source, known=", ".join(sorted(sources)))
    return Delivery(path, day, source, entry.file, entry.covers, tuple(sorted(entry.code_lists.items())))


def _read_page(path: Path) -> _Page:
    if not path.is_file():
        return _Page()
    place = "the file"
    try:
        return _Page.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark else place
        raise BrokenDeliveries(file=path.name, place=place, problem=getattr(error, "problem", "no YAML")) from error
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(str(part) for part in fault["loc"]) or place
        raise BrokenDeliveries(file=path.name, place=place, problem=fault["msg"]) from error
