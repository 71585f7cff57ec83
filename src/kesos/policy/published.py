"""A programme as it holds on one day: the clauses in force, their rules parsed over facts and numbers of that day."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from kesos.foundation.errors import Refused
from kesos.foundation.yaml_text import BothLanguages
from kesos.policy.programme import Clause, Component, Exit, InForce, ParameterValue, Programme, RankingKey, Unit
from kesos.policy.programme_file import dated_parts, incompatible_id
from kesos.policy.rules.name import Kind, Name, Scope
from kesos.policy.rules.parse import read_rule
from kesos.policy.rules.refusals import BrokenRule
from kesos.policy.rules.rule import Rule
from kesos.policy.vocabulary.vocabulary import MEMBERSHIP, RECEIVES, Vocabulary

_QUOTED: Final = re.compile(r"'[^']*'")
_WORD: Final = re.compile(r"[a-z][a-z0-9_]*")


class ProgrammeNotInForce(Refused):
    """A programme was asked for on a day before it begins or after it has ended."""

    what = "Programme {code} is not in force on {day}: it holds from {first} until {last}."
    remedy = "Choose a day with --as-of inside its time, or leave the programme out."


class NumberWithoutValue(Refused):
    """A rule in force names a number of the programme that has no value on the day."""

    what = "Programme {code}, at {place}: parameter '{name}' has no value on {day}."
    remedy = "Give it a value from an earlier day on, or end the part that names it."


class Role(StrEnum):
    """What a clause decides: who may, who may not by an indication, and who may not beside another programme."""

    ELIGIBILITY = "eligibility"
    EXCLUSION = "exclusion"
    INCOMPATIBLE = "incompatible"


@dataclass(frozen=True, slots=True)
class ClauseOn:
    """A clause in force; an exclusion has `expires_after_months`, `source` and `contest`."""

    id: str
    role: Role
    rule: Rule
    reason: BothLanguages
    expires_after_months: int | None = None
    source: str | None = None
    contest: BothLanguages | None = None
    law: str | None = None
    uncertain: str | None = None


@dataclass(frozen=True, slots=True)
class ComponentOn:
    """A component in force: for whom, how much a `benefit.per`, and for how many of a family at most."""

    component: Component
    rule: Rule
    amount: Rule | None
    at_most: int | None


@dataclass(frozen=True, slots=True)
class RankingOn:
    """A key of the order; a truth counts as 1, its opposite as 0."""

    key: RankingKey
    rule: Rule


@dataclass(frozen=True, slots=True)
class ProgrammeOn:
    """A programme on a day. The position of a clause in `clauses` is that of its two bits in an outcome.

    `facts` are all that its rules name. `rule_hash` is SHA-256 over what holds that day: numbers, rules, amounts,
    order, sentences, and how the facts are derived; cases, comments and what holds on other days do not count.
    """

    programme: Programme
    day: date
    parameters: Mapping[str, ParameterValue]
    clauses: tuple[ClauseOn, ...]
    components: tuple[ComponentOn, ...]
    ranking: tuple[RankingOn, ...]
    exempt: Rule | None
    longest_months: int | None
    exits: tuple[tuple[Exit, Rule], ...]
    protected: Rule | None
    most_persons: int | None
    facts: frozenset[str]
    rule_hash: str


def programme_on(programme: Programme, day: date, vocabulary: Vocabulary, *, codes: Iterable[str]) -> ProgrammeOn:
    """Give a programme as it holds on a day; `codes` are all programmes whose membership a rule may name.

    *Raises* ProgrammeNotInForce, NumberWithoutValue, and BrokenRule with the place in the file.
    """
    if not _holds(programme.valid_from, programme.valid_until, day):
        last = programme.valid_until or "…"
        raise ProgrammeNotInForce(code=programme.code, day=day, first=programme.valid_from, last=last)
    reader = _Reader(programme, day, vocabulary, tuple(codes))
    duration = programme.duration if programme.duration and programme.duration.holds_on(day) else None
    protection = programme.protection
    content: dict[str, Any] = {
        "clauses": tuple(reader.clauses()),
        "components": tuple(reader.component(part) for part in programme.benefit.components if part.holds_on(day)),
        "ranking": tuple(reader.ranking(number, key) for number, key in enumerate(programme.ranking, 1)),
        "exempt": reader.rule(duration.exempt, "duration.exempt") if duration else None,
        "longest_months": reader.count(duration.at_most_months, "duration.at_most_months") if duration else None,
        "exits": tuple((way, reader.rule(way.rule, f"exits.{way.id}")) for way in programme.exits if way.holds_on(day)),
        "protected": reader.rule(protection.rule, "protection.rule") if protection else None,
        "most_persons": reader.count(programme.benefit.most_persons, "benefit.most_persons"),
    }
    facts = frozenset(fact for rule in reader.read for fact in rule.facts)
    rule_hash = _digest(programme, reader, content, vocabulary, facts)
    return ProgrammeOn(programme, day, parameters=reader.parameters, facts=facts, rule_hash=rule_hash, **content)


def change_days(programme: Programme) -> tuple[date, ...]:
    """List the days on which a programme begins or changes, in order: between two of them it is the same."""
    days = {programme.valid_from}
    for _, part in dated_parts(programme):
        days |= {day for day in (part.valid_from, part.valid_until) if day is not None}
    return tuple(sorted(day for day in days if _holds(programme.valid_from, programme.valid_until, day)))


def _holds(first: date | None, last: date | None, day: date) -> bool:
    return InForce(valid_from=first, valid_until=last).holds_on(day)


class _Reader:
    """Parses the texts of one programme over the names of one day, and keeps every rule that it read."""

    def __init__(self, programme: Programme, day: date, vocabulary: Vocabulary, codes: tuple[str, ...]) -> None:
        self.programme, self.day = programme, day
        values = {name: parameter.on(day) for name, parameter in programme.parameters.items()}
        self.parameters = {name: value for name, value in values.items() if value is not None}
        numbers = {name: _as_name(name, value, programme) for name, value in self.parameters.items()}
        self.scopes: dict[Unit, Scope] = {
            unit: {**vocabulary.scope(unit, programme_codes=codes), **numbers} for unit in {programme.unit, Unit.PERSON}
        }
        self.read: list[Rule] = []

    def rule(self, text: str, place: str, *, kind: Kind = Kind.BOOLEAN, of: Unit | None = None) -> Rule:
        """Parse a text over the facts of the unit, or of `of`."""
        rule = self._parsed(text, place, kind, of or self.programme.unit, None)
        self.read.append(rule)
        return rule

    def amount(self, text: str, place: str, *, of: Unit) -> Rule:
        """Parse an amount of money a `benefit.per`."""
        per = self.programme.benefit.per
        rule = self._parsed(text, place, Kind.DECIMAL, of, "IDR" if per == "once" else f"IDR/{per}")
        self.read.append(rule)
        return rule

    def _parsed(self, text: str, place: str, kind: Kind, of: Unit, unit: str | None) -> Rule:
        for name in _WORD.findall(_QUOTED.sub(" ", text)):
            if name in self.programme.parameters:
                self._value(name, place)
        file = f"{self.programme.code.lower()}.yaml"
        return read_rule(text, self.scopes[of], wants=kind, unit=unit, place=f"{file}, {place}")

    def _value(self, name: str, place: str) -> ParameterValue:
        if name not in self.parameters:
            raise NumberWithoutValue(code=self.programme.code, place=place, name=name, day=self.day)
        return self.parameters[name]

    def count(self, name: str | None, place: str) -> int | None:
        """Give the number of persons or months that a parameter holds on the day."""
        return None if name is None else int(self._value(name, place).value)

    def clauses(self) -> Iterable[ClauseOn]:
        """Give the clauses in force: eligibility, exclusions, incompatible programmes, each in the file's order."""
        for clause in self.programme.eligibility:
            if clause.holds_on(self.day):
                yield self._clause(clause, Role.ELIGIBILITY)
        for exclusion in self.programme.exclusions:
            if exclusion.holds_on(self.day):
                yield self._clause(
                    exclusion,
                    Role.EXCLUSION,
                    expires_after_months=exclusion.expires_after_months,
                    source=exclusion.source,
                    contest=exclusion.contest,
                )
        for other in self.programme.incompatible:
            if other.holds_on(self.day):
                name = incompatible_id(other.programme)
                rule = self.rule(name, f"incompatible.{other.programme}")
                yield ClauseOn(name, Role.INCOMPATIBLE, rule, other.reason, law=other.law, uncertain=other.uncertain)

    def _clause(self, clause: Clause, role: Role, **more: Any) -> ClauseOn:
        group = "eligibility" if role is Role.ELIGIBILITY else "exclusions"
        rule = self.rule(clause.rule, f"{group}.{clause.id}")
        return ClauseOn(clause.id, role, rule, clause.reason, law=clause.law, uncertain=clause.uncertain, **more)

    def component(self, component: Component) -> ComponentOn:
        """Give a component with its rules, over the facts of a person or of the unit."""
        of = Unit.PERSON if component.of == "person" else self.programme.unit
        place = f"benefit.components.{component.code}"
        return ComponentOn(
            component,
            self.rule(component.rule, f"{place}.rule", of=of),
            self.amount(component.amount, f"{place}.amount", of=of) if component.amount is not None else None,
            self.count(component.at_most, f"{place}.at_most"),
        )

    def ranking(self, number: int, key: RankingKey) -> RankingOn:
        """Give a key with its rule: a number or a truth, never a code."""
        place = f"ranking.{number}"
        try:
            return RankingOn(key, self.rule(key.key, place, kind=Kind.DECIMAL))
        except BrokenRule as no_number:
            try:
                return RankingOn(key, self.rule(key.key, place))
            except BrokenRule:
                raise no_number from None


def _as_name(name: str, value: ParameterValue, programme: Programme) -> Name:
    unit = programme.parameters[name].unit
    if isinstance(value.value, str):
        return Name(name, Kind.CODE, unit, (value.value,), value=value.value)
    kind = Kind.DECIMAL if isinstance(value.value, Decimal) else Kind.INTEGER
    return Name(name, kind, unit, value=value.value)


def _digest(
    programme: Programme, reader: _Reader, content: Mapping[str, Any], vocabulary: Vocabulary, facts: frozenset[str]
) -> str:
    benefit, quota, lottery = programme.benefit, programme.quota, programme.lottery
    own = {name.name for name in MEMBERSHIP}
    derived = sorted(name for name in vocabulary.needed(facts) if not name.startswith(RECEIVES) and name not in own)
    parts = {
        "programme": [programme.code, programme.unit, programme.accepts, programme.is_candidate_list],
        "also_called": sorted(programme.also_called),
        "numbers": {n: [str(v.value), programme.parameters[n].unit] for n, v in sorted(reader.parameters.items())},
        "benefit": [benefit.kind, benefit.per, benefit.periods, benefit.stages, benefit.change_takes_effect],
        "quota": [quota.level, quota.area] if quota else None,
        "lottery": lottery.seed if lottery else None,
        "protection": [programme.protection.reason, programme.protection.way_back] if programme.protection else None,
        "duration": programme.duration.reason if content["exempt"] and programme.duration else None,
        "content": content,
        "facts": {name: [vocabulary.facts[name].level, vocabulary.facts[name].fact] for name in derived},
    }
    text = json.dumps(_plain(parts), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(part: Any) -> Any:
    """Reduce a part to what JSON holds and what decides: a rule to its canonical text, a model to its keys in force."""
    if isinstance(part, Rule):
        return part.canonical
    if isinstance(part, ClauseOn):
        said = [part.id, part.role, part.rule, part.expires_after_months, part.reason, part.contest]
        return _plain(said)
    if isinstance(part, ComponentOn):
        return _plain(
            [part.component.code, part.component.name, part.component.of, part.rule, part.amount, part.at_most]
        )
    if isinstance(part, RankingOn):
        return _plain([part.rule, part.key.order])
    if isinstance(part, Exit):
        return _plain([part.id, part.reason])
    if isinstance(part, Mapping):
        return {key: _plain(value) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_plain(value) for value in part]
    return part.model_dump(mode="json") if hasattr(part, "model_dump") else part
