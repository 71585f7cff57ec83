"""What changed between two versions of a programme, or between two days of one: part by part, and whom it touches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kesos.policy.published import ClauseOn, ComponentOn, ProgrammeOn, Role
from kesos.policy.rules.rule import Rule
from kesos.policy.rules.tree import text_of


class Part(StrEnum):
    """The parts of a programme that can differ."""

    NUMBER = "number"
    ELIGIBILITY = "eligibility"
    EXCLUSION = "exclusion"
    INCOMPATIBLE = "incompatible"
    REASON = "reason"
    COMPONENT = "component"
    BENEFIT = "benefit"
    QUOTA = "places"
    RANKING = "ranking"
    LOTTERY = "lottery"
    DURATION = "longest_time"
    EXIT = "exit"
    PROTECTION = "protection"


class Effect(StrEnum):
    """What a change can do to somebody."""

    WHO_MAY_RECEIVE = "who_may_receive"
    WHO_IS_HELD_BACK = "who_is_held_back"
    HOW_MUCH = "how_much"
    ORDER = "who_comes_first"
    WHO_SHOULD_LEAVE = "who_should_leave"


_EFFECTS: Final = {
    Part.ELIGIBILITY: Effect.WHO_MAY_RECEIVE,
    Part.EXCLUSION: Effect.WHO_IS_HELD_BACK,
    Part.INCOMPATIBLE: Effect.WHO_IS_HELD_BACK,
    Part.COMPONENT: Effect.HOW_MUCH,
    Part.BENEFIT: Effect.HOW_MUCH,
    Part.QUOTA: Effect.ORDER,
    Part.RANKING: Effect.ORDER,
    Part.LOTTERY: Effect.ORDER,
    Part.DURATION: Effect.WHO_SHOULD_LEAVE,
    Part.EXIT: Effect.WHO_SHOULD_LEAVE,
    Part.PROTECTION: Effect.WHO_SHOULD_LEAVE,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One part as it reads; `filled` has the numbers of the day for their names, which `numbers` and `facts` list."""

    text: str
    law: str | None = None
    uncertain: str | None = None
    numbers: frozenset[str] = frozenset()
    facts: frozenset[str] = frozenset()
    filled: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A part that differs: null before if it is new, null after if it is gone; law and doubt are of the newer."""

    part: Part
    name: str
    before: str | None
    after: str | None
    law: str | None
    uncertain: str | None


@dataclass(frozen=True, slots=True)
class Touched:
    """Whom the changes touch: by what effect, through which part, looking at which facts.

    `before` and `after` are its rule with the numbers filled in: whoever keeps one and not the other is touched.
    """

    effect: Effect
    part: Part
    name: str
    facts: tuple[str, ...]
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes from one version to another, and whom they touch."""

    changes: tuple[Change, ...]
    touched: tuple[Touched, ...]


def programme_difference(before: ProgrammeOn | None, after: ProgrammeOn | None) -> Difference:
    """Compare two versions; null stands for a programme that is not in force."""
    old, new = (dict(_entries(version)) if version else {} for version in (before, after))
    keys = list(dict.fromkeys((*new, *old)))
    changes = tuple(_change(key, old.get(key), new.get(key)) for key in keys if _text(old, key) != _text(new, key))
    numbers = {change.name for change in changes if change.part is Part.NUMBER}
    changed = {(change.part, change.name) for change in changes}
    touched = tuple(
        _touched((part, name), old.get((part, name)), new.get((part, name)))
        for part, name in keys
        if part in _EFFECTS and ((part, name) in changed or _numbers_of(old, new, (part, name)) & numbers)
    )
    return Difference(changes, touched)


_Key = tuple[Part, str]


def _text(entries: Mapping[_Key, Entry], key: _Key) -> str | None:
    return entries[key].text if key in entries else None


def _numbers_of(old: Mapping[_Key, Entry], new: Mapping[_Key, Entry], key: _Key) -> frozenset[str]:
    return frozenset().union(*(entries[key].numbers for entries in (old, new) if key in entries))


def _touched(key: _Key, old: Entry | None, new: Entry | None) -> Touched:
    part, name = key
    facts = {fact for entry in (old, new) if entry for fact in entry.facts}
    before, after = (None if entry is None else entry.filled or entry.text for entry in (old, new))
    return Touched(_EFFECTS[part], part, name, tuple(sorted(facts)), before, after)


def _change(key: _Key, old: Entry | None, new: Entry | None) -> Change:
    last = new or old
    return Change(
        *key,
        before=old.text if old else None,
        after=new.text if new else None,
        law=last.law if last else None,
        uncertain=last.uncertain if last else None,
    )


def _entries(version: ProgrammeOn) -> Iterator[tuple[_Key, Entry]]:
    programme = version.programme
    for name, value in version.parameters.items():
        text = f"{value.value} {programme.parameters[name].unit}".strip()
        yield (Part.NUMBER, name), Entry(text, value.law, value.uncertain)
    for clause in version.clauses:
        yield from _of_clause(clause)
    for component in version.components:
        yield (Part.COMPONENT, component.component.code), _of_component(component)
    benefit = programme.benefit
    for name in ("kind", "per", "periods", "stages", "change_takes_effect"):
        yield (Part.BENEFIT, name), Entry(str(getattr(benefit, name)), uncertain=benefit.uncertain)
    if benefit.most_persons is not None:
        yield (Part.BENEFIT, "most_persons"), _of_number(benefit.most_persons, version.most_persons)
    if programme.quota is not None:
        quota = programme.quota
        yield (Part.QUOTA, "area"), Entry(f"{quota.level}, {quota.area}", uncertain=quota.uncertain)
    for place, key in enumerate(version.ranking, 1):
        yield (Part.RANKING, str(place)), _of_rule(key.rule, more=f" {key.key.order}")
    if programme.lottery is not None:
        yield (Part.LOTTERY, "seed"), Entry(programme.lottery.seed)
    yield from _leaving(version)


def _of_clause(clause: ClauseOn) -> Iterator[tuple[_Key, Entry]]:
    part = {
        Role.ELIGIBILITY: Part.ELIGIBILITY,
        Role.EXCLUSION: Part.EXCLUSION,
        Role.INCOMPATIBLE: Part.INCOMPATIBLE,
    }[clause.role]
    expiry = f" [{clause.expires_after_months}]" if clause.expires_after_months else ""
    yield (part, clause.id), _of_rule(clause.rule, law=clause.law, uncertain=clause.uncertain, more=expiry)
    yield (Part.REASON, clause.id), Entry(f"{clause.reason.id} / {clause.reason.en}")


def _of_component(component: ComponentOn) -> Entry:
    own = component.component
    parts = [_of_rule(component.rule)]
    parts += [_of_rule(component.amount)] if component.amount is not None else []
    parts += [_of_number(own.at_most, component.at_most)] if own.at_most is not None else []
    return Entry(
        "; ".join(part.text for part in parts),
        own.law,
        own.uncertain,
        frozenset().union(*(part.numbers for part in parts)),
        frozenset().union(*(part.facts for part in parts)),
        "; ".join(str(part.filled) for part in parts),
    )


def _leaving(version: ProgrammeOn) -> Iterator[tuple[_Key, Entry]]:
    duration = version.programme.duration
    if duration is not None and version.exempt is not None:
        yield (Part.DURATION, "exempt"), _of_rule(version.exempt, law=duration.law, uncertain=duration.uncertain)
        yield (Part.DURATION, "longest_months"), _of_number(duration.at_most_months, version.longest_months)
    for way, rule in version.exits:
        yield (Part.EXIT, way.id), _of_rule(rule, law=way.law, uncertain=way.uncertain)
    if version.protected is not None:
        yield (Part.PROTECTION, "rule"), _of_rule(version.protected)


def _of_number(name: str, value: int | None) -> Entry:
    return Entry(name, numbers=frozenset({name}), filled=str(value))


def _of_rule(rule: Rule, *, law: str | None = None, uncertain: str | None = None, more: str = "") -> Entry:
    """Take a rule in its one canonical way, so that spaces and needless parentheses are no change."""
    filled = text_of(rule.tree, with_values=True) + more
    return Entry(rule.canonical + more, law, uncertain, frozenset(rule.parameters), frozenset(rule.facts), filled)
