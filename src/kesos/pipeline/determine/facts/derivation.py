"""What the vocabulary says of one level, as SQL: which columns it reads, how old they may be, what follows from them.

Every name in these statements comes from the vocabulary or from a programme code, never from data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import sqlglot
from sqlglot import exp

from kesos.pipeline.engine.statement import HEADER_KEYS, Statement
from kesos.policy.programme import Unit
from kesos.policy.rules.compile import truth_sql, value_sql
from kesos.policy.rules.name import Kind, Scope
from kesos.policy.rules.parse import read_rule
from kesos.policy.rules.rule import Rule
from kesos.policy.vocabulary.vocabulary import (
    ALIASES,
    OBSERVED_ON,
    OPEN,
    PART_OF,
    RECEIVES,
    LevelledFact,
    Vocabulary,
)

_SHORT_UNITS: Final = ("years", "decile")
_MONTHS: Final = 12
_PARAMETER: Final = re.compile(r"\$([a-z_][a-z0-9_]*)")


def sql_type(fact: LevelledFact) -> str:
    """Give the SQL type of a fact: as small as its values allow, since ten million rows hold it."""
    kind, unit = fact.fact.kind, fact.fact.unit
    if kind is Kind.INTEGER:
        return "SMALLINT" if unit in _SHORT_UNITS else "BIGINT" if unit.startswith("IDR") else "INTEGER"
    return {Kind.BOOLEAN: "BOOLEAN", Kind.DECIMAL: "DECIMAL(18,6)", Kind.CODE: "VARCHAR"}[kind]


@cache
def columns_of(sql: str) -> tuple[str, ...]:
    """Name the columns that an expression of the vocabulary reads.

    >>> columns_of("CASE WHEN completed_years < 5 THEN FALSE WHEN is_working_code = 1 THEN TRUE END")
    ('completed_years', 'is_working_code')
    """
    tree = sqlglot.parse_one(sql, read="duckdb")
    return tuple(dict.fromkeys(column.name for column in tree.find_all(exp.Column)))


def months_before(day: date, months: int) -> date:
    """Go back some months; where the month is shorter, to its last day.

    >>> months_before(date(2026, 3, 31), 1), months_before(date(2028, 2, 29), 12)
    (datetime.date(2026, 2, 28), datetime.date(2027, 2, 28))
    """
    place = day.year * _MONTHS + day.month - 1 - months
    year, month = divmod(place, _MONTHS)
    after = divmod(place + 1, _MONTHS)
    last = date(after[0], after[1] + 1, 1) - timedelta(days=1)
    return date(year, month + 1, min(day.day, last.day))


def fresh_since(as_of: date, months: Iterable[int]) -> dict[str, Any]:
    """Give, as parameters `fresh_<months>`, the first day that is not too old."""
    return {f"fresh_{count}": months_before(as_of, count) for count in months}


@dataclass(frozen=True)
class Derivation:
    """The facts of one level that are wanted, in the order of the vocabulary."""

    vocabulary: Vocabulary
    level: Unit
    facts: tuple[LevelledFact, ...]
    receives: tuple[str, ...]

    @classmethod
    def of(cls, vocabulary: Vocabulary, level: Unit, wanted: frozenset[str]) -> Derivation:
        """Choose those of a level from the names of wanted facts."""
        facts = tuple(fact for name, fact in vocabulary.at(level).items() if name in wanted)
        return cls(vocabulary, level, facts, tuple(sorted(name for name in wanted if name.startswith(RECEIVES))))

    @property
    def from_registry(self) -> tuple[LevelledFact, ...]:
        """List the facts that follow from columns of the release."""
        return tuple(fact for fact in self.facts if fact.fact.sql is not None)

    @property
    def from_parts(self) -> tuple[LevelledFact, ...]:
        """List the facts that follow from those of the parts."""
        return tuple(fact for fact in self.facts if fact.fact.parts is not None)

    @property
    def from_rules(self) -> tuple[LevelledFact, ...]:
        """List the facts that follow from others of the same level."""
        return tuple(fact for fact in self.facts if fact.fact.rule is not None)

    @property
    def stated(self) -> tuple[LevelledFact, ...]:
        """List the facts that only a file of facts gives."""
        return tuple(fact for fact in self.facts if fact.fact.stated)

    @property
    def read_columns(self) -> tuple[str, ...]:
        """Name every column that the facts of the registry read."""
        found = (column for fact in self.from_registry for column in columns_of(fact.fact.sql or ""))
        return tuple(dict.fromkeys(found))

    @property
    def aged_columns(self) -> dict[str, int]:
        """Name the columns that age, with the months after which they are too old."""
        return {column: fact.fact.fresh_months or 0 for fact in self.from_registry for column in fact.fact.observed}

    @property
    def months(self) -> frozenset[int]:
        """List the ages that matter at this level."""
        return frozenset(fact.fact.fresh_months for fact in self.facts if fact.fact.fresh_months is not None)

    def registry_values(self) -> Iterator[str]:
        """Write the facts of the registry, each with its day of observation, over a table of columns that were seen."""
        for fact in self.from_registry:
            sql = fact.fact.sql or ""
            yield f"CAST({sql} AS {sql_type(fact)}) AS {fact.name}"
            if fact.fact.observed:
                days = [column + OBSERVED_ON for column in fact.fact.observed]
                oldest = _oldest(days)
                # Known without any day: by age or sex alone, and so on the day itself.
                day = f"COALESCE({oldest}, CASE WHEN ({sql}) IS NOT NULL THEN $as_of END)"
                yield f"{day} AS {fact.name}{OBSERVED_ON}"

    def aggregates(self, unsaid: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
        """Write what follows from the parts, as (name, expression over the table of the parts' facts).

        `unsaid` are facts of parts that are known of nobody: an *any* of them alone is null, and is not counted.
        """
        part = PART_OF[self.level]
        scope = self.vocabulary.level_scope(part)
        for fact in self.from_parts:
            if fact.fact.parts is not None and fact.fact.parts.any is not None and fact.part_text in unsaid:
                yield fact.name, "CAST(NULL AS BOOLEAN)"
                yield fact.name + OBSERVED_ON, "CAST(NULL AS DATE)"
                continue
            yield from _aggregate(fact, scope, ALIASES[part], self._observed(fact))
        if part is Unit.FAMILY:
            for name in self.receives:
                yield name, _any(f"f.{name}")

    def rule_values(self) -> Iterator[tuple[str, str]]:
        """Write what follows from other facts of this level, as (name, expression)."""
        scope = self.vocabulary.level_scope(self.level)
        for fact in self.from_rules:
            rule = read_rule(fact.fact.rule or "", scope, place=f"{self.level}.yaml, {fact.name}")
            yield fact.name, truth_sql(rule)

    def _observed(self, fact: LevelledFact) -> str | None:
        """Write the day on which what a part says of a fact was observed; unknown if that of a known value is."""
        if not self.vocabulary.is_dated(fact.name):
            return None
        dated = sorted(name for name in self.vocabulary.sources(fact.name) if self.vocabulary.is_dated(name))
        columns = [self.vocabulary.facts[name].column for name in dated]
        oldest = _oldest([column + OBSERVED_ON for column in columns])
        if len(columns) == 1:
            return oldest
        undated = " OR ".join(f"({column} IS NOT NULL AND {column}{OBSERVED_ON} IS NULL)" for column in columns)
        return f"CASE WHEN NOT ({undated}) THEN {oldest} END"


def _oldest(days: Sequence[str]) -> str:
    """Write the oldest of some days. A day that is null is passed over: the value beside it is null, and says nothing.

    A value whose day is unknown never comes here: it was made null where it was seen, as one that is too old. DuckDB's
    and Spark's LEAST pass over null; to say so with COALESCE would cost 3 s of processor for 10 million persons.
    """
    return days[0] if len(days) == 1 else f"LEAST({', '.join(days)})"


def _aggregate(fact: LevelledFact, scope: Scope, alias: str, observed: str | None) -> Iterator[tuple[str, str]]:
    parts, place = fact.fact.parts, f"{fact.level}.yaml, {fact.name}"
    assert parts is not None  # noqa: S101 - only facts of parts come here; this tells mypy
    text = fact.part_text or ""
    if parts.count is not None or parts.any is not None or parts.all is not None:
        rule = read_rule(text, scope, place=place)
        truth = truth_sql(rule)
        if parts.count is not None:
            yield fact.name, f"CAST(COUNT(CASE WHEN {truth} THEN 1 END) AS INTEGER)"
            yield fact.name + OPEN, f"CAST({_open(rule, truth, scope)} AS INTEGER)"
        else:
            yield fact.name, _any(truth) if parts.any is not None else _all(truth)
        if observed is not None:
            yield fact.name + OBSERVED_ON, f"MAX(CASE WHEN {truth} THEN {observed} END)"
        return
    kind = sql_type(fact)
    value = value_sql(read_rule(text, scope, wants=fact.fact.kind, place=place))
    if parts.of_head is not None:
        head = f"{alias}.relation = 'head'"
        one = f"COUNT(CASE WHEN {head} THEN 1 END) = 1"
        yield fact.name, f"CAST(CASE WHEN {one} THEN MAX(CASE WHEN {head} THEN {value} END) END AS {kind})"
        return
    summed = {"most": "MAX", "least": "MIN", "total": "SUM"}[next(iter(parts.model_dump(exclude_none=True)))]
    yield fact.name, f"CAST(CASE WHEN COUNT({value}) = COUNT(*) THEN {summed}({value}) END AS {kind})"


def _open(rule: Rule, truth: str, scope: Scope) -> str:
    """Count the parts of which it is not known; where one exact fact decides, those whose fact is not known.

    The engine counts `COUNT(p.age)` once, however many counts over ages there are.
    """
    if len(rule.facts) == 1 and scope[rule.facts[0]].open_column is None:
        return f"COUNT(*) - COUNT({scope[rule.facts[0]].column})"
    return f"COUNT(CASE WHEN ({truth}) IS NULL THEN 1 END)"


def _any(truth: str) -> str:
    """Write a three-valued *any*: true if one is, unknown if one may be."""
    found = f"MAX(CASE WHEN {truth} THEN 2 WHEN ({truth}) IS NULL THEN 1 ELSE 0 END)"
    return f"CASE {found} WHEN 2 THEN TRUE WHEN 0 THEN FALSE END"


def _all(truth: str) -> str:
    """Write a three-valued *all*: false if one is not, unknown if one may not be."""
    found = f"MIN(CASE WHEN {truth} THEN 2 WHEN ({truth}) IS NULL THEN 1 ELSE 0 END)"
    return f"CASE {found} WHEN 2 THEN TRUE WHEN 0 THEN FALSE END"


def statement(name: str, sql: str) -> Statement:
    """Wrap a SELECT that was written from the vocabulary, so that the engine runs and times it as any step."""
    header = dict.fromkeys(HEADER_KEYS, "written from the vocabulary")
    return Statement(name, sql, header, frozenset(_PARAMETER.findall(sql)))
