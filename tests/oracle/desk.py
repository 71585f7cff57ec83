"""Made-up units of one programme, laid before the product as tables of facts: any value, any day, anything unknown."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from random import Random
from typing import Any, Final

import pyarrow as pa

from kesos.pipeline.determine.benefits import own_columns
from kesos.pipeline.determine.clauses import Applied, weigh
from kesos.pipeline.determine.programme_folder import find_programmes
from kesos.pipeline.engine import Engine
from kesos.policy.programme import Programme
from kesos.policy.programme import Unit as Level
from kesos.policy.published import programme_on
from kesos.policy.vocabulary.vocabulary import ALIASES, OBSERVED_ON, OPEN, load_vocabulary
from oracle.determination import Unit, clause_outcome
from oracle.nation import packaged_programmes, packaged_vocabulary, published_on
from oracle.published import Clause, Published, membership_fact, parameters_on
from oracle.spans import Span, Value

VILLAGE: Final = "5204081006"
_SEEN: Final = {
    "person": (Level.PERSON, Level.FAMILY, Level.DWELLING),
    "family": (Level.FAMILY, Level.DWELLING),
    "dwelling": (Level.DWELLING,),
    "group": (Level.GROUP,),
}
_MOST_TRIED: Final = 3_000
_NUMBER: Final = re.compile(r"(?<![\w'])\d+(?:\.\d+)?")
Facts = dict[str, Value]


@cache
def _programmes() -> dict[str, Programme]:
    return find_programmes(None)


@cache
def _texts() -> list[dict[str, Any]]:
    return packaged_programmes()


@dataclass(frozen=True)
class Sitter:
    """A made-up unit: its facts, and the days of those that were not observed today."""

    facts: Mapping[str, Value]
    days: Mapping[str, date]


class Desk:
    """One programme on one day, as the product and as the oracle read it."""

    def __init__(self, code: str, day: date) -> None:
        programmes, vocabulary = _programmes(), load_vocabulary()
        on = programme_on(programmes[code], day, vocabulary, codes=programmes)
        scope = vocabulary.scope(on.programme.unit, programme_codes=programmes)
        self.applied, self.day = Applied(on, vocabulary, scope), day
        texts = _texts()
        self.published: Published = published_on(texts, day)[code]
        self.parameters = parameters_on(next(each for each in texts if each["code"] == code), day)
        self.vocabulary = packaged_vocabulary()
        self.named = sorted({name for clause in self.published.clauses for name in clause.rule.facts})
        counted = {name for name in vocabulary.facts if vocabulary.facts[name].is_count}
        self.counts = counted & set(self.named)

    def values_of(self, name: str, clause: Clause) -> list[Value]:
        """List values of a fact that matter to a clause: around every number in it, each code, unknown."""
        kind, codes = self._kind(name)
        if kind == "boolean":
            return [True, False, None]
        if kind == "code":
            return [*codes, None]
        texts = [clause.rule.text, *(str(value) for key, value in self.parameters.items() if key in clause.rule.text)]
        edges = sorted({int(Decimal(number)) for text in texts for number in _NUMBER.findall(text)} | {0, 1})
        numbers = sorted({max(0, edge + step) for edge in edges for step in (-1, 0, 1)})
        if name in self.counts:
            some = [Span(edge, edge) for edge in numbers[:4]]
            return [*some, Span(0, 1), Span(1, 3), None]
        return [*numbers, None]

    def _kind(self, name: str) -> tuple[str, Sequence[str]]:
        for facts in self.vocabulary.values():
            if name in facts:
                return facts[name]["kind"], facts[name].get("codes", ())
        return "boolean", ()

    def assignments(self, clause: Clause) -> Iterator[Facts]:
        """Try combinations of values for the facts of a clause: all, or some thousands drawn with a fixed seed."""
        names = clause.rule.facts
        values = [self.values_of(name, clause) for name in names]
        size = 1
        for each in values:
            size *= len(each)
        if size <= _MOST_TRIED:
            yield from (dict(zip(names, chosen, strict=True)) for chosen in itertools.product(*values))
            return
        rng, first = Random(7), [each[0] for each in values]
        for place, each in enumerate(values):  # one fact at a time, the others at their lowest
            for value in each:
                yield dict(zip(names, [*first[:place], value, *first[place + 1 :]], strict=True))
        for _ in range(_MOST_TRIED):
            yield {name: rng.choice(each) for name, each in zip(names, values, strict=True)}

    @cached_property
    def good(self) -> Facts:
        """Find facts with which every condition is met and nothing speaks against."""
        facts: Facts = {}
        for clause in self.published.clauses:
            facts |= self.states(clause)[clause.role == "eligibility"]
        return facts

    def states(self, clause: Clause) -> dict[bool | None, Facts]:
        """Find for each truth of a clause facts that bring it about."""
        found: dict[bool | None, Facts] = {}
        for facts in self.assignments(clause):
            found.setdefault(clause.rule.truth(facts), facts)
        return found

    def expected(self, sitter: Sitter) -> tuple[int, ...]:
        """Weigh a sitter by the oracle: the code of each clause."""
        unit = Unit(1, None, VILLAGE, VILLAGE, dict(sitter.facts), dict(sitter.days))
        return tuple(clause_outcome(clause, unit, self.day) for clause in self.published.clauses)

    def weigh(self, engine: Engine, sitters: Sequence[Sitter]) -> list[tuple[str, tuple[int, ...]]]:
        """Weigh sitters by the product: eligibility, and the code of each clause."""
        self.lay(engine, sitters)
        weigh(engine, self.applied, self.day, own_columns(self.applied))
        rows = engine.fetch("SELECT eligibility, outcomes FROM standing ORDER BY unit_id").to_pylist()
        places = range(len(self.published.clauses))
        return [(row["eligibility"], tuple(row["outcomes"] >> 2 * place & 3 for place in places)) for row in rows]

    def lay(
        self,
        engine: Engine,
        sitters: Sequence[Sitter],
        *,
        seats: Sequence[int | None] = (),
        order: Sequence[int] = (),
    ) -> None:
        """Load the tables of facts: one person, family and dwelling a sitter, numbered from 1.

        `seats` are months of waiting, `order` the places of the rows.
        """
        placed = pa.array(order or range(len(sitters)), pa.int64())
        ids = list(range(1, len(sitters) + 1))
        for level in _SEEN[self.published.unit]:
            columns: dict[str, Any] = {f"{part}_id": pa.array(ids, pa.int64()) for part in _IDS[level]}
            villages = ("village",) if level is Level.DWELLING else ("registered_village", "residence_village")
            columns |= dict.fromkeys(villages, pa.array([VILLAGE] * len(ids)))
            for name in self._held_at(level):
                columns |= self._columns(name, sitters)
            engine.load(f"{level}_facts", pa.table(columns).take(placed))
        waits = list(seats) or [None] * len(ids)
        none = pa.nulls(len(ids), pa.int32())
        seat = {"unit_id": pa.array(ids, pa.int64()), "is_member": pa.nulls(len(ids), pa.bool_())}
        months = {"months_received": none, "months_waiting": pa.array(waits, pa.int32())}
        engine.load("seat", pa.table(seat | months).take(placed))

    def _held_at(self, level: Level) -> list[str]:
        own, scope = membership_fact(self.published.code), self.applied.scope
        wanted = f"{ALIASES[level]}."
        found = {name for name in self.applied.on.facts & set(scope) if (scope[name].column or "").startswith(wanted)}
        return sorted(found | ({own} if str(level) == self.published.unit else set()))

    def _columns(self, name: str, sitters: Sequence[Sitter]) -> dict[str, Any]:
        kind, _ = self._kind(name)
        type_ = {"boolean": pa.bool_(), "code": pa.string(), "decimal": pa.decimal128(18, 6)}.get(kind, pa.int32())
        values = [sitter.facts.get(name) for sitter in sitters]
        columns: dict[str, Any] = {name: pa.array([_least(value) for value in values], type_)}
        item = self.applied.vocabulary.facts.get(name)
        if item is not None and item.is_count:
            columns[name + OPEN] = pa.array([_open(value) for value in values], pa.int32())
        if item is not None and self.applied.vocabulary.is_dated(name):
            days = [sitter.days.get(name, self.day) for sitter in sitters]
            columns[name + OBSERVED_ON] = pa.array(days, pa.date32())
        return columns


_IDS: Final = {
    Level.PERSON: ("person", "family"),
    Level.FAMILY: ("family", "dwelling"),
    Level.DWELLING: ("dwelling",),
    Level.GROUP: ("group",),
}


def _least(value: Value) -> Any:
    if isinstance(value, Span):
        value = value.least
    return Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else value


def _open(value: Value) -> int | None:
    if isinstance(value, Span):
        return int(value.most - value.least)
    return None if value is None else 0


@cache
def desk_of(code: str, day: date) -> Desk:
    """Give the desk of a programme, read once."""
    return Desk(code, day)
