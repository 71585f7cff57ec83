"""The facts of every person, family, dwelling and group of a release on a day, row by row, from what they mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from kesos.foundation.identifier import read_identifier
from kesos.foundation.period import read_period
from oracle.determination import Unit
from oracle.listed import Book, Handed, Known, Telling, read_rows, read_stated
from oracle.membership import call_rolls, tell_who_receives
from oracle.person_facts import facts_of_person, home
from oracle.published import membership_fact
from oracle.spans import Span, Value, both, either
from oracle.world import World

Truth = bool | None
_POOR_WALLS, _POOR_ROOFS, _EARTH, _OTHER_WALL, _OTHER_ROOF = (4, 5, 6), (6, 7), 8, 7, 8
_AGEING: Final = ("floor_area_m2", "earth_floor", "poor_wall", "poor_roof", "no_own_toilet")
_STATED_OF_FAMILY: Final = {
    "village_official_in_family": "village_official",
    "social_facilitator_in_family": "social_facilitator",
    "state_pensioner_in_family": "state_pensioner",
    "gambling_indicated_in_family": "gambling_indicated",
    "company_owner_in_family": "company_owner",
    "civil_servant_in_family": "civil_servant",
    "wage_above_minimum_in_family": "wage_above_minimum",
}


def between(value: Value, least: int, most: int) -> Truth:
    """Tell whether a number lies between two, both included."""
    return None if value is None else isinstance(value, int) and least <= value <= most


def count(truths: Iterable[Truth]) -> Span:
    """Count what is known to hold, and what may."""
    listed = list(truths)
    least = sum(truth is True for truth in listed)
    return Span(least, least + sum(truth is None for truth in listed))


def any_of(truths: Iterable[Truth]) -> Truth:
    """Join truths by OR."""
    found: Truth = False
    for truth in truths:
        found = either(found, truth)
    return found


def _truth(value: Value) -> Truth:
    assert value is None or isinstance(value, bool)
    return value


def _same(value: Value, wanted: str) -> Truth:
    return None if value is None else value == wanted


_COUNTS: Final[Mapping[str, Callable[[Mapping[str, Value]], Truth]]] = {
    "children_0_6": lambda f: between(f["age"], 0, 6),
    "children_under_18": lambda f: between(f["age"], 0, 17),
    "pupils_sd": lambda f: both(_same(f["school_level"], "sd"), between(f["age"], 5, 21)),
    "pupils_smp": lambda f: both(_same(f["school_level"], "smp"), between(f["age"], 5, 21)),
    "pupils_sma": lambda f: both(_same(f["school_level"], "sma"), between(f["age"], 5, 21)),
    "school_age_6_18": lambda f: between(f["age"], 6, 18),
    "pregnant_members": lambda f: _truth(f["pregnant"]),
    "elderly_60": lambda f: between(f["age"], 60, 999),
    "elderly_70": lambda f: between(f["age"], 70, 999),
    "elderly_75": lambda f: between(f["age"], 75, 999),
    "severe_disability_members": lambda f: _truth(f["severe_disability"]),
    "orphans": lambda f: both(_truth(f["orphan"]), between(f["age"], 0, 17)),
    "adults_productive": lambda f: between(f["age"], 18, 59),
    "working_members": lambda f: _truth(f["working"]),
    "business_members": lambda f: _truth(f["has_business"]),
}


def know(world: World, telling: Telling, handed: Handed) -> Known:
    """Derive everything about everybody who lives."""
    kinds = {name: fact["kind"] for facts in telling.vocabulary.values() for name, fact in facts.items()}
    book = read_stated(handed.stated, kinds)
    persons = _persons(world, telling, book)
    families = _families(world, telling, book, persons)
    homes: dict[int, list[Unit]] = defaultdict(list)
    for family in families.values():
        homes[family.facts["_dwelling"]].append(family)  # type: ignore[index]  # an id, or None that nobody asks for
    dwellings = _dwellings(world, telling, homes)
    groups, codes = _groups(handed.groups, telling, families)
    known = Known(persons, families, dwellings, groups, {}, codes)
    known.rolls = call_rolls(world, telling, handed, known)
    tell_who_receives(telling, known, homes)
    for family in families.values():
        dwelling = dwellings.get(family.facts.pop("_dwelling"))  # type: ignore[arg-type]  # an id, or None
        absent = dict.fromkeys(telling.vocabulary["dwelling"])
        family.facts = {**(dwelling.facts if dwelling else absent), **family.facts}
        family.observed = {**(dwelling.observed if dwelling else {}), **family.observed}
    nothing = dict.fromkeys((*telling.vocabulary["family"], *telling.vocabulary["dwelling"]))
    receives = _receives_names(telling)
    for person in persons.values():
        home = families.get(person.family_id) if person.family_id is not None else None
        person.facts = {**(home.facts if home else {**nothing, **dict.fromkeys(receives)}), **person.facts}
        person.observed = {**(home.observed if home else {}), **person.observed}
    return known


def _say(unit: Unit, level: str, telling: Telling, book: Book) -> None:
    """Add what offices stated of a unit; what is too old is unknown."""
    for name in telling.stated_facts(level):
        value, day = book.look_up(level, unit.id, home(unit.registered, unit.residence), name)
        fresh = day is not None and telling.now.is_fresh(name, day)
        unit.facts[name] = value if fresh else None
        unit.observed[name] = day if fresh else None


def _persons(world: World, telling: Telling, book: Book) -> dict[int, Unit]:
    found = {}
    for row in world.persons:
        if row["life_status"] == "dead":
            continue
        facts, observed = facts_of_person(row, telling.now)
        number = row["person_id"]
        unit = Unit(number, row["family_id"], row["registered_village"], row["residence_village"], facts, observed)
        _say(unit, "person", telling, book)
        found[number] = unit
    return found


def _families(world: World, telling: Telling, book: Book, persons: Mapping[int, Unit]) -> dict[int, Unit]:
    members: dict[int, list[Unit]] = defaultdict(list)
    for person in persons.values():
        if person.family_id is not None:
            members[person.family_id].append(person)
    found = {}
    for row in world.families:
        number = row["family_id"]
        if number in members:
            here = sorted(members[number], key=lambda person: person.id)
            unit = Unit(number, number, row["registered_village"], row["residence_village"], {}, {}, tuple(here))
            unit.facts, unit.observed = _facts_of_family(row, telling, here)
            _say(unit, "family", telling, book)
            unit.facts["_dwelling"] = row["dwelling_id"]
            found[number] = unit
    return found


def _facts_of_family(
    row: Mapping[str, Any], telling: Telling, members: Sequence[Unit]
) -> tuple[dict[str, Value], dict[str, date | None]]:
    now, day = telling.now, row["facts_as_of"]
    period = row["official_period"]
    ranked = day if period is None else read_period(period).last_day
    heads = [person for person in members if person.facts["relation"] == "head"]
    alone = len(members) == 1
    residence, registered = row["residence_village"], row["registered_village"]
    facts: dict[str, Value] = {
        "official_decile": row["official_decile"] if now.is_fresh("official_decile", ranked) else None,
        "official_score": row["official_score"] if now.is_fresh("official_score", ranked) else None,
        "active_members": len(members),
        "lives_alone": alone,
        "head_age": heads[0].facts["age"] if len(heads) == 1 else None,
        "remote_area": None if residence is None else residence[:4] in telling.remote,
        "residence_differs": None if residence is None or registered is None else residence != registered,
        "owns_dwelling": row["tenure_code"] == 1 if row["tenure_code"] is not None else None,
        "owns_car": row["has_car"],
    }
    for name, holds in _COUNTS.items():
        facts[name] = count(holds(person.facts) for person in members)
    facts["lone_elder"] = both(alone, between(members[0].facts["age"], 60, 999))
    for name in ("owns_dwelling", "owns_car"):
        facts[name] = facts[name] if now.is_fresh(name, day) else None
    observed: dict[str, date | None] = {"official_decile": ranked, "official_score": ranked}
    observed |= {"owns_dwelling": day, "owns_car": day}
    for name, of_person in _STATED_OF_FAMILY.items():
        facts[name] = any_of(_truth(person.facts[of_person]) for person in members)
        days = [person.observed.get(of_person) for person in members if person.facts[of_person] is True]
        observed[name] = max((seen for seen in days if seen is not None), default=None)
    return facts, observed


def _dwellings(world: World, telling: Telling, homes: Mapping[int, Sequence[Unit]]) -> dict[int, Unit]:
    day = world.manifest.as_of  # a dwelling has no day of its own: a release says how things stand on its day
    found = {}
    for row in world.dwellings:
        number = row["dwelling_id"]
        here = homes.get(number, ())
        facts = _facts_of_dwelling(row)
        for name in _AGEING:
            facts[name] = facts[name] if telling.now.is_fresh(name, day) else None
        facts["unfit_dwelling"] = any_of(_truth(facts[name]) for name in ("earth_floor", "poor_wall", "poor_roof"))
        deciles = [family.facts["official_decile"] for family in here]
        whole = [decile for decile in deciles if isinstance(decile, int)]
        facts["poorest_decile"] = min(whole) if whole and len(whole) == len(deciles) else None
        facts["dwelling_has_owner"] = any_of(_truth(family.facts["owns_dwelling"]) for family in here) if here else None
        found[number] = Unit(number, None, row["village"], row["village"], facts, dict.fromkeys(_AGEING, day))
    return found


def _facts_of_dwelling(row: Mapping[str, Any]) -> dict[str, Value]:
    floor, wall = row["floor_material_code"], row["wall_material_code"]
    roof, toilet = row["roof_material_code"], row["toilet_facility_code"]
    return {
        "floor_area_m2": row["floor_area_m2"],
        "earth_floor": None if floor is None else floor == _EARTH,
        "poor_wall": None if wall in {None, _OTHER_WALL} else wall in _POOR_WALLS,
        "poor_roof": None if roof in {None, _OTHER_ROOF} else roof in _POOR_ROOFS,
        "no_own_toilet": None if toilet is None else toilet != 1,
        "dwelling_families": row["family_count"],
    }


def _receives_names(telling: Telling) -> list[str]:
    return [membership_fact(code) for code in telling.programmes]


def _groups(path: Path, telling: Telling, families: Mapping[int, Unit]) -> tuple[dict[int, Unit], tuple[str, ...]]:
    listed: dict[str, set[int]] = defaultdict(set)
    for row in read_rows(path):
        listed[row["group"]].add(read_identifier(row["family"])[1])
    found = {}
    for number, code in enumerate(sorted(listed), start=1):
        ids = sorted(listed[code])
        here = [families.get(family) for family in ids]  # None: a family that the release does not know
        placed = [family for family in here if family and (family.registered or family.residence)]
        districts = {family.residence[:6] if family and family.residence else None for family in here}
        known = districts - {None}
        poor = (None if family is None else between(family.facts["official_decile"], 1, 4) for family in here)
        busy = (None if family is None else _at_least_one(family.facts["business_members"]) for family in here)
        facts: dict[str, Value] = {
            "group_families": len(ids),
            "group_families_decile_1_4": count(poor),
            "group_in_one_district": False if len(known) > 1 else None if None in districts else True,
            "group_business_families": count(busy),
        }
        registered, residence = (placed[0].registered, placed[0].residence) if placed else (None, None)
        unknown = Unit(0, None, None, None, dict.fromkeys(_receives_names(telling)))
        parts = tuple(family or unknown for family in here)
        found[number] = Unit(number, None, registered, residence, facts, {}, parts)
    return found, tuple(sorted(listed))


def _at_least_one(value: Value) -> Truth:
    assert isinstance(value, Span)
    if value.least >= 1:
        return True
    return False if value.most < 1 else None
