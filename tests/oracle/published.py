"""Read a programme's YAML as it stood on a day, by hand: no schema, no part of the product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from oracle.rule_reader import Rule, read
from oracle.spans import Value

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MEMBERSHIP_KINDS = {"is_member": "boolean", "months_received": "integer", "months_waiting": "integer"}


@dataclass(frozen=True)
class Clause:
    """A clause in force: `role` is eligibility, exclusion or incompatible."""

    id: str
    role: str
    rule: Rule
    expires_after_months: int | None


@dataclass(frozen=True)
class Component:
    """A component in force, its amount a period, and the most persons of it."""

    code: str
    of: str
    rule: Rule
    amount: Rule | None
    at_most: int | None


@dataclass(frozen=True)
class Key:
    """A ranking key."""

    rule: Rule
    is_ascending: bool


@dataclass(frozen=True)
class Published:
    """A programme as it stood on a day."""

    code: str
    unit: str
    also_called: tuple[str, ...]
    is_candidate_list: bool
    clauses: tuple[Clause, ...]
    components: tuple[Component, ...]
    periods: int
    most_persons: int | None
    quota_level: str | None
    quota_area: str | None
    ranking: tuple[Key, ...]
    seed: str
    longest_months: int | None
    exempt: Rule | None
    exits: tuple[tuple[str, Rule], ...]
    protected: Rule | None

    @property
    def rules(self) -> tuple[Rule, ...]:
        """List all rules over the unit or its persons."""
        amounts = [component.amount for component in self.components if component.amount]
        single = [rule for rule in (self.exempt, self.protected) if rule]
        return (
            *(clause.rule for clause in self.clauses),
            *(component.rule for component in self.components),
            *amounts,
            *(key.rule for key in self.ranking),
            *(rule for _, rule in self.exits),
            *single,
        )


def in_force(entry: Mapping[str, Any], day: date, *, prefix: str = "") -> bool:
    """Tell whether a part holds on a day: its first day belongs to it, its last is the day before `until`."""
    first, last = entry.get(f"{prefix}from"), entry.get(f"{prefix}until")
    return (first is None or first <= day) and (last is None or day < last)


def parameters_on(content: Mapping[str, Any], day: date) -> dict[str, Value]:
    """Give the value of each parameter that has one on a day: the last that holds."""
    found: dict[str, Value] = {}
    for name, parameter in content.get("parameters", {}).items():
        for entry in parameter["values"]:
            if in_force(entry, day):
                value = entry["value"]
                found[name] = Decimal(str(value)) if isinstance(value, float) else value
    return found


def read_programme(path: Path) -> dict[str, Any]:
    """Read the YAML of a programme."""
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    assert isinstance(content, dict)
    return content


def membership_fact(code: str) -> str:
    """Name the fact that says whether a unit receives a programme."""
    return "receives_" + code.lower().replace("-", "_")


def on_day(content: Mapping[str, Any], day: date, kinds: Mapping[str, Mapping[str, str]]) -> Published | None:
    """Give the programme as it stood on a day, None where it was not in force.

    `kinds` gives for each level the kinds of the facts that a rule of that level may name.
    """
    if not in_force(content, day, prefix="valid_"):
        return None
    unit = content["unit"]
    names = {**kinds[unit], **_MEMBERSHIP_KINDS}
    fixed = parameters_on(content, day)

    def rule(text: str, level: str = unit) -> Rule:
        return read(text, names if level == unit else {**kinds[level], **_MEMBERSHIP_KINDS}, fixed)

    benefit, quota = content["benefit"], content.get("quota") or {}
    duration = content.get("duration") or {}
    has_duration = bool(duration) and in_force(duration, day)
    return Published(
        code=content["code"],
        unit=unit,
        also_called=tuple(content.get("also_called", ())),
        is_candidate_list=content.get("proposed_by") is not None,
        clauses=tuple(_clauses(content, day, rule)),
        components=tuple(_components(benefit, day, rule, fixed, unit)),
        periods=benefit.get("periods", 1),
        most_persons=_whole(fixed, benefit.get("most_persons")),
        quota_level=quota.get("level"),
        quota_area=quota.get("area"),
        ranking=tuple(Key(rule(key["key"]), key["order"] == "ascending") for key in content.get("ranking", ())),
        seed=str((content.get("lottery") or {}).get("seed", "")),
        longest_months=_whole(fixed, duration["at_most_months"]) if has_duration else None,
        exempt=rule(duration.get("exempt", "FALSE")) if has_duration else None,
        exits=tuple((e["id"], rule(e["rule"])) for e in content.get("exits", ()) if in_force(e, day)),
        protected=rule(content["protection"]["rule"]) if content.get("protection") else None,
    )


def _whole(fixed: Mapping[str, Value], name: str | None) -> int | None:
    if name is None:
        return None
    value = fixed[name]
    assert isinstance(value, int)
    return value


def _clauses(content: Mapping[str, Any], day: date, rule: Any) -> list[Clause]:
    clauses = [
        Clause(each["id"], role, rule(each["rule"]), each.get("expires_after_months"))
        for section, role in (("eligibility", "eligibility"), ("exclusions", "exclusion"))
        for each in content.get(section, ())
        if in_force(each, day)
    ]
    return clauses + [
        Clause(membership_fact(each["programme"]), "incompatible", rule(membership_fact(each["programme"])), None)
        for each in content.get("incompatible", ())
        if in_force(each, day)
    ]


def _components(
    benefit: Mapping[str, Any], day: date, rule: Any, fixed: Mapping[str, Value], unit: str
) -> list[Component]:
    found = []
    for each in benefit["components"]:
        if in_force(each, day):
            of = each.get("of", "person")
            level = "person" if of == "person" else unit
            amount = rule(each["amount"], level) if each.get("amount") is not None else None
            text = each.get("rule", "TRUE")
            found.append(Component(each["code"], of, rule(text, level), amount, _whole(fixed, each.get("at_most"))))
    return found
