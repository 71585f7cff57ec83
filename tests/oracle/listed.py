"""What offices hand in beside a release, row by row: stated facts, members; and where a source's list is complete."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from kesos.foundation.identifier import read_identifier
from oracle.determination import Seat, Unit, months_before
from oracle.person_facts import Circumstances, Coverage, home
from oracle.spans import Value

LISTS_ARE_BELIEVED_MONTHS: Final = 12


@dataclass(frozen=True)
class Handed:
    """Files that offices handed in."""

    stated: Path
    members: Path
    groups: Path
    quotas: Path


@dataclass
class Roll:
    """Who is listed for one programme: by level and id. Where a list is complete, it says *no* too."""

    is_complete: bool = False
    covers: tuple[Coverage, ...] = ()
    seats: dict[tuple[str, int], Seat] = field(default_factory=dict)

    def take(self, level: str, number: int, seat: Seat) -> None:
        """Keep one seat a unit: a member's before that of one who waits, then the earliest day."""
        before = self.seats.get((level, number))
        if before is None or _order(seat) < _order(before):
            self.seats[level, number] = seat

    def seat(self, level: str, unit: Unit, as_of: date) -> Seat:
        """Give what is known of a unit's place."""
        if (level, unit.id) in self.seats:
            return self.seats[level, unit.id]
        village = home(unit.registered, unit.residence)
        oldest = months_before(as_of, LISTS_ARE_BELIEVED_MONTHS)
        seen = (coverage.last_seen(village, as_of) for coverage in self.covers)
        is_no = self.is_complete or any(day is not None and day >= oldest for day in seen)
        return Seat(None, is_known=is_no)


def _order(seat: Seat) -> tuple[bool, date]:
    return seat.status != "member", seat.since or date.max


@dataclass
class Known:
    """All units with their facts, who is in which programme, and the codes of groups in their order."""

    persons: dict[int, Unit]
    families: dict[int, Unit]
    dwellings: dict[int, Unit]
    groups: dict[int, Unit]
    rolls: dict[str, Roll]
    group_codes: tuple[str, ...] = ()

    def of(self, unit: str) -> list[Unit]:
        """List the units of a level in the order of their ids."""
        found = {"person": self.persons, "family": self.families, "dwelling": self.dwellings, "group": self.groups}
        return [found[unit][number] for number in sorted(found[unit])]


@dataclass(frozen=True)
class Telling:
    """What is needed beside the world: kinds and levels of facts, circumstances, remote regencies, programmes."""

    vocabulary: Mapping[str, Mapping[str, Mapping[str, Any]]]
    now: Circumstances
    remote: frozenset[str]
    programmes: Mapping[str, tuple[str, ...]]
    units: Mapping[str, str]

    def stated_facts(self, level: str) -> list[str]:
        """List the facts of a level that only a file of stated facts gives."""
        return [name for name, fact in self.vocabulary[level].items() if fact.get("stated")]


@dataclass
class Book:
    """Stated facts: (level or area, id, fact) to value and day."""

    named: dict[tuple[str, int, str], tuple[Value, date]] = field(default_factory=dict)
    areas: dict[str, dict[str, tuple[Value, date]]] = field(default_factory=dict)

    def look_up(self, level: str, number: int, village: str | None, fact: str) -> tuple[Value, date | None]:
        """Give what was said of a unit, else of the smallest area around its registered village."""
        if (level, number, fact) in self.named:
            return self.named[level, number, fact]
        for area in sorted(self.areas.get(fact, ()), key=len, reverse=True):
            if village is not None and village.startswith(area):
                return self.areas[fact][area]
        return None, None


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _read_value(text: str, kind: str) -> Value:
    if kind == "boolean":
        return {"yes": True, "no": False}[text]
    return int(text) if kind == "integer" else text


def read_stated(path: Path, kinds: Mapping[str, str]) -> Book:
    """Read a file of stated facts."""
    book = Book()
    for row in read_rows(path):
        said = (_read_value(row["value"], kinds[row["fact"]]), date.fromisoformat(row["observed_on"]))
        if row["id"][0].isdigit():
            book.areas.setdefault(row["fact"], {})[row["id"].replace(".", "")] = said
        else:
            level, number = read_identifier(row["id"])
            book.named[level, number, row["fact"]] = said
    return book


def coverages(manifest: Any) -> dict[str, tuple[Coverage, ...]]:
    """Give by source where and when its lists are complete, as the manifest of the release says."""
    found: dict[str, list[Coverage]] = defaultdict(list)
    for each in manifest.inputs:
        if each.covers:
            first, until = each.covers["from"], each.covers.get("until")
            last = date.fromisoformat(until) if until else None
            found[each.source].append(Coverage(tuple(each.covers["areas"]), date.fromisoformat(first), last))
    return {source: tuple(given) for source, given in found.items()}
