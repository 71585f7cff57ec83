"""Everything that the oracle determines of a world on a day: the facts once, then each programme of its own YAML."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, Final

import yaml

from oracle.determination import Determined, determine
from oracle.facts import know
from oracle.listed import Handed, Known, Telling, coverages
from oracle.membership import seats_of
from oracle.person_facts import Circumstances
from oracle.published import Published, membership_fact, on_day, read_programme
from oracle.world import World

LEVELS: Final = ("person", "family", "dwelling", "group")
_SEEN: Final = {
    "person": ("person", "family", "dwelling"),
    "family": ("family", "dwelling"),
    "dwelling": ("dwelling",),
    "group": ("group",),
}

Vocabulary = Mapping[str, Mapping[str, Mapping[str, Any]]]


def packaged_programmes() -> list[dict[str, Any]]:
    """Read the YAML of every packaged programme, in the order of file names."""
    folder = resources.files("kesos.policy.programmes")
    paths = sorted(Path(str(entry)) for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return [read_programme(path) for path in paths]


def packaged_vocabulary() -> Vocabulary:
    """Read what each fact is: kind, unit, how old it may be; never how the product derives it."""
    folder = resources.files("kesos.policy.vocabulary")
    kept = ("kind", "unit", "codes", "stated", "fresh_months", "covered_by")
    found = {}
    for level in LEVELS:
        content = yaml.safe_load(folder.joinpath(f"{level}.yaml").read_text(encoding="utf-8"))
        found[level] = {
            name: {key: value for key, value in fact.items() if key in kept} for name, fact in content.items()
        }
    return found


def kinds_by_unit(vocabulary: Vocabulary, codes: Sequence[str]) -> dict[str, dict[str, str]]:
    """Give for a programme of each unit the kinds of the facts that it sees."""
    receives = dict.fromkeys((membership_fact(code) for code in codes), "boolean")
    return {
        unit: {name: fact["kind"] for level in levels for name, fact in vocabulary[level].items()} | receives
        for unit, levels in _SEEN.items()
    }


def _reference(name: str) -> list[dict[str, str]]:
    text = resources.files("kesos.reference.data").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def minimum_wages_on(day: date) -> dict[str, int]:
    """Give the minimum wage of each area that has one on a day."""
    shown = day.isoformat()
    return {
        row["area"]: int(row["minimum_wage_idr"])
        for row in _reference("minimum_wages.csv")
        if row["valid_from"] <= shown < row["valid_until"]
    }


def telling(world: World, programmes: Sequence[Mapping[str, Any]], as_of: date) -> Telling:
    """Gather what is needed beside the world to tell facts on a day."""
    vocabulary = packaged_vocabulary()
    fresh = {name: fact.get("fresh_months") for facts in vocabulary.values() for name, fact in facts.items()}
    now = Circumstances(as_of, fresh, coverages(world.manifest), minimum_wages_on(as_of))
    return Telling(
        vocabulary,
        now,
        frozenset(row["regency"] for row in _reference("remote_regencies.csv")),
        {each["code"]: tuple(each.get("also_called", ())) for each in programmes},
        {each["code"]: each["unit"] for each in programmes},
    )


def published_on(programmes: Sequence[Mapping[str, Any]], as_of: date) -> dict[str, Published]:
    """Give the programmes in force on a day."""
    kinds = kinds_by_unit(packaged_vocabulary(), [each["code"] for each in programmes])
    found = (on_day(each, as_of, kinds) for each in programmes)
    return {one.code: one for one in found if one is not None}


def determine_all(
    world: World,
    programmes: Sequence[Mapping[str, Any]],
    *,
    as_of: date,
    handed: Handed,
    quotas: Mapping[str, Mapping[str, int]],
    only: Sequence[str] | None = None,
) -> tuple[dict[str, Determined], Known]:
    """Determine every programme in force on a day, or only some, for every unit of the world."""
    known = know(world, telling(world, programmes, as_of), handed)
    found = {
        code: determine(
            one, known.of(one.unit), seats=seats_of(code, one.unit, known, as_of), quotas=quotas.get(code), as_of=as_of
        )
        for code, one in published_on(programmes, as_of).items()
        if only is None or code in only
    }
    return found, known
