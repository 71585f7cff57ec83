"""Who is in which programme today: from a list of members, else from payments that sources reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kesos.foundation.identifier import read_identifier
from kesos.foundation.period import read_period
from oracle.determination import Seat, Unit, months_before
from oracle.listed import LISTS_ARE_BELIEVED_MONTHS, Handed, Known, Roll, Telling, read_rows
from oracle.published import membership_fact
from oracle.spans import either
from oracle.world import World


def bare(name: str) -> str:
    """Reduce the name of a programme to small letters and digits."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def call_rolls(world: World, telling: Telling, handed: Handed, known: Known) -> dict[str, Roll]:
    """Read who is listed; a programme that the file of members does not name is known from payments, if at all."""
    called = {bare(name): code for code, names in telling.programmes.items() for name in names}
    called |= {bare(code): code for code in telling.programmes}
    rolls = {code: Roll() for code in telling.programmes}
    for row in read_rows(handed.members):
        roll = rolls[called[bare(row["programme"])]]
        roll.is_complete = True
        since = date.fromisoformat(row["since"]) if row["since"] else None
        _enter(roll, row["unit"], Seat(row["status"] or "member", since), known)
    observed: dict[Any, Mapping[str, Any]] = {row["record_id"]: row for row in world.person_records}
    paid: dict[tuple[str, int], list[tuple[date, date]]] = {}
    for row in world.benefits:
        code, record, person = called.get(bare(row["programme"])), observed[row["record_id"]], int(row["person_id"])
        if code is None or rolls[code].is_complete:
            continue
        rolls[code].covers = (*rolls[code].covers, *telling.now.covers.get(record["source"], ()))
        paid.setdefault((code, person), []).append(_days(row["benefit_period"], record["observed_on"]))
    oldest = months_before(telling.now.as_of, LISTS_ARE_BELIEVED_MONTHS)
    for (code, number), days in paid.items():
        begun = [(first, last) for first, last in days if first <= telling.now.as_of]
        if begun and max(last for _, last in begun) >= oldest:
            _enter_person(rolls[code], number, Seat("member", min(first for first, _ in begun)), known)
    for roll in rolls.values():
        roll.covers = tuple(dict.fromkeys(roll.covers))
    return rolls


def _days(period: str | None, observed_on: date) -> tuple[date, date]:
    if period is None:
        return observed_on, observed_on
    read = read_period(period)
    return read.valid_from, read.last_day


def _enter(roll: Roll, text: str, seat: Seat, known: Known) -> None:
    if text in known.group_codes:
        roll.take("group", known.group_codes.index(text) + 1, seat)
        return
    level, number = read_identifier(text)
    if level == "person":
        _enter_person(roll, number, seat, known)
    else:
        roll.take(level, number, seat)


def _enter_person(roll: Roll, number: int, seat: Seat, known: Known) -> None:
    """Enter a person, and with the person the family."""
    roll.take("person", number, seat)
    person = known.persons.get(number)
    if person is not None and person.family_id is not None:
        roll.take("family", person.family_id, seat)


def _truth(seat: Seat) -> bool | None:
    return seat.status == "member" if seat.is_known else None


def tell_who_receives(telling: Telling, known: Known, homes: Mapping[int, Sequence[Unit]]) -> None:
    """Tell of families, dwellings and groups whether they receive a programme; the last two by their families, too.

    `homes` has the families of each dwelling. What is so found out of a dwelling or group is entered in the roll.
    """
    as_of = telling.now.as_of
    for code, roll in known.rolls.items():
        name = membership_fact(code)
        for family in known.families.values():
            family.facts[name] = _truth(roll.seat("family", family, as_of))
        for dwelling in known.dwellings.values():
            _by_families(roll, "dwelling", dwelling, homes.get(dwelling.id, ()), name)
        for group in known.groups.values():
            _by_families(roll, "group", group, group.persons, name)


def _by_families(roll: Roll, level: str, unit: Unit, families: Sequence[Unit], name: str) -> None:
    own = roll.seats.get((level, unit.id))
    if own is not None and own.status == "member":
        unit.facts[name] = True
        return
    found: bool | None = False if families or roll.is_complete else None
    for family in families:
        value = family.facts[name]
        assert value is None or isinstance(value, bool)
        found = either(found, value)
    unit.facts[name] = found
    waits = own.since if own is not None else None
    roll.seats[level, unit.id] = Seat("member" if found else None, None, is_known=found is not None, waits_since=waits)


def seats_of(code: str, unit: str, known: Known, as_of: date) -> dict[int, Seat]:
    """Give every unit's place in a programme."""
    return {one.id: known.rolls[code].seat(unit, one, as_of) for one in known.of(unit)}
