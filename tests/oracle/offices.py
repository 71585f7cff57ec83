"""What offices hand in beside the damaged world: members, stated facts, quotas and groups, drawn with a fixed seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from kesos.foundation.identifier import show_identifier
from oracle.determination import months_before
from oracle.listed import Handed
from oracle.world import World, write_rows

_PLACES: Final = {"province": 2, "regency": 4, "district": 6, "village": 10}
_STATED: Final = (
    ("orphan", "person", 0.02), ("in_treatment", "person", 0.01), ("village_official", "person", 0.01),
    ("state_pensioner", "person", 0.015), ("human_rights_victim", "person", 0.003),
    ("gambling_indicated", "person", 0.01), ("company_owner", "person", 0.01), ("social_facilitator", "person", 0.004),
    ("disaster_affected", "family", 0.05), ("in_temporary_housing", "family", 0.04),
    ("livelihood_lost", "family", 0.04), ("lost_livelihood_other_aid", "family", 0.03),
)  # fmt: skip
_NUMBERS: Final = ("disaster_deaths", "disaster_severe_injuries")
_NOT_LISTED: Final = {"PIP", "BENCANA-JADUP", "BENCANA-LUKA", "PERMAKANAN-LANSIA"}
_AREA_ROWS: Final = (
    ("5204", "disaster_affected", "no"), ("520408", "disaster_affected", "yes"),
    ("5204081006", "disaster_affected", "no"),
    ("92", "orphan", "no"), ("5204", "state_pensioner", "no"), ("9211", "human_rights_victim", "no"),
    ("52", "disaster_deaths", "0"), ("52", "disaster_severe_injuries", "0"), ("9202", "gambling_indicated", "no"),
    ("52", "house_damage", "none"), ("52", "livelihood_lost", "no"), ("5204", "village_official", "no"),
)  # fmt: skip


def hand_in(
    world: World, programmes: Sequence[Mapping[str, Any]], as_of: date
) -> tuple[Handed, dict[str, dict[str, int]]]:
    """Write all files; give them, and the quotas as numbers. Programmes are the contents of their YAML."""
    rng = Random(2024)
    world = replace(world, folder=world.folder / as_of.isoformat())
    world.folder.mkdir()
    groups = _groups(rng, world)
    codes = [f"KUBE-{number:03d}" for number in range(1, 61)]
    quotas = _quotas(rng, world, programmes)
    places = write_rows(world.folder / "quotas.csv", ("programme", "area", "quota"), _quota_rows(quotas))
    handed = Handed(
        stated=_stated(rng, world, as_of),
        members=_members(rng, world, programmes, as_of, codes),
        groups=groups,
        quotas=places,
    )
    return handed, quotas


def _lived_in(world: World) -> list[int]:
    return [row["family_id"] for row in world.families if row["active_members"] > 0]


def _groups(rng: Random, world: World) -> Path:
    lived_in = [row for row in world.families if row["active_members"]]
    homes = sorted((row["residence_village"] or "", row["family_id"]) for row in lived_in)
    poor = sorted(
        (row["residence_village"] or "", row["family_id"]) for row in lived_in if (row["official_decile"] or 9) <= 4
    )
    rows: list[tuple[str, str, str]] = []
    for number in range(60, 0, -1):  # not in the order of codes
        chosen = homes if number % 3 == 0 else poor
        start = rng.randrange(len(chosen) - 30)
        ids = [family for _, family in chosen[start : start + rng.choice((3, 4, 5, 6, 8, 12, 20, 21))]]
        if number % 7 == 0:
            ids[0] = rng.choice(homes)[1]
        rows += [
            (f"KUBE-{number:03d}", f"Maju {number}", show_identifier("family", family)) for family in sorted(set(ids))
        ]
    return write_rows(world.folder / "groups.csv", ("group", "name", "family"), rows)


def _members(
    rng: Random, world: World, programmes: Sequence[Mapping[str, Any]], as_of: date, codes: Sequence[str]
) -> Path:
    """List members of most programmes, by code or by another name; families by one of their persons, too."""
    persons = [row["person_id"] for row in world.persons if row["life_status"] != "dead"]
    units: dict[str, list[str]] = {
        "person": [show_identifier("person", number) for number in persons],
        "family": [show_identifier("family", number) for number in _lived_in(world)],
        "dwelling": [show_identifier("dwelling", row["dwelling_id"]) for row in world.dwellings],
        "group": list(codes),
    }
    rows = []
    for programme in programmes:
        if programme["code"] in _NOT_LISTED:
            continue
        names = [programme["code"], *programme.get("also_called", ())]
        listed = units[programme["unit"]]
        for unit in rng.sample(listed, max(1, len(listed) // 6)):
            since = rng.choice((as_of - timedelta(days=rng.randint(0, 2600)), *_edges(as_of)))
            status = rng.choice(("member", "member", "waiting", ""))
            rows.append((rng.choice(names), unit, "" if rng.random() < 0.1 else since.isoformat(), status))
        if programme["unit"] == "dwelling":  # the office listed families, for some
            rows += [(programme["code"], unit, "2025-05-31", "member") for unit in rng.sample(units["family"], 40)]
        if programme["unit"] == "family":
            family_of = {row["person_id"]: row["family_id"] for row in world.persons}
            housed = [number for number in persons if family_of[number] is not None]
            single = rng.sample(housed, 60)
            rows += [
                (programme["code"], show_identifier("person", number), "2024-03-31", "member") for number in single
            ]
            for number in rng.sample(housed, 60):
                # Listed twice: the family as member, nobody says since when; and a person who has waited for years.
                rows.append((programme["code"], show_identifier("person", number), "2015-01-31", "waiting"))
                rows.append((programme["code"], show_identifier("family", family_of[number]), "", "member"))
    return write_rows(world.folder / "members.csv", ("programme", "unit", "since", "status"), rows)


def _edges(as_of: date) -> tuple[date, ...]:
    """Give days around the longest time in a programme: 60 whole months, one more, and a day less of each."""
    reached, over = months_before(as_of, 60), months_before(as_of, 61)
    return reached, reached + timedelta(days=1), over, over + timedelta(days=1)


def _stated(rng: Random, world: World, as_of: date) -> Path:
    rows: list[tuple[str, str, str, str, str]] = []

    def add(unit: str, fact: str, value: str) -> None:
        day = as_of - timedelta(days=rng.choice((1, 30, 200, 365, 366, 400, 731, 800)))
        rows.append((unit, fact, value, day.isoformat(), "Dinas Sosial"))

    persons = [row["person_id"] for row in world.persons if row["life_status"] != "dead"]
    for fact, level, share in _STATED:
        numbers = persons if level == "person" else _lived_in(world)
        for number in rng.sample(numbers, int(len(numbers) * share)):
            assert level in {"person", "family"}
            shown = show_identifier("person" if level == "person" else "family", number)
            add(shown, fact, "yes" if rng.random() < 0.75 else "no")
    families = _lived_in(world)
    for fact in _NUMBERS:
        for number in rng.sample(families, len(families) // 50):
            add(show_identifier("family", number), fact, str(rng.randint(0, 3)))
    for number in rng.sample(families, len(families) // 33):
        add(show_identifier("family", number), "house_damage", rng.choice(("none", "light", "moderate", "heavy")))
    for area, fact, value in _AREA_ROWS:
        rows.append((area, fact, value, (as_of - timedelta(days=20)).isoformat(), "BPBD"))
    rng.shuffle(rows)
    return write_rows(world.folder / "stated.csv", ("id", "fact", "value", "observed_on", "stated_by"), rows)


def _quotas(rng: Random, world: World, programmes: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Give places to most areas of most programmes: none, few, as many as some need, more than enough."""
    found: dict[str, dict[str, int]] = {}
    for place, programme in enumerate(programmes):
        quota = programme.get("quota")
        if not quota or quota["level"] == "national" or place % 6 == 5:
            continue
        length = _PLACES[quota["level"]]
        homes = Counter(
            row[f"{quota['area']}_village"][:length] for row in world.families if row[f"{quota['area']}_village"]
        )
        scale = 0.02 if programme["unit"] in {"dwelling", "group"} else 0.3
        found[programme["code"]] = {
            area: rng.choice((0, 1, int(count * scale / 4), int(count * scale), count * 5))
            for area, count in sorted(homes.items())
            if rng.random() < 0.85
        }
        found[programme["code"]]["5204"[:length].ljust(length, "0")[:length]] = (
            3 if programme["unit"] == "group" else 25
        )
    return found


def _quota_rows(quotas: Mapping[str, Mapping[str, int]]) -> list[tuple[str, str, int]]:
    return [(code, area, places) for code, areas in quotas.items() for area, places in areas.items()]
