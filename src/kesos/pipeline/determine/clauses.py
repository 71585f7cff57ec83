"""Weigh the clauses of a programme for all its units at once: one SELECT, two bits a clause.

Every name in these statements comes from a programme that was checked when it was read, never from data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from kesos.pipeline.determine.facts.derivation import months_before, statement
from kesos.pipeline.engine import Engine
from kesos.policy.programme import Eligibility, Programme, Quota, Unit
from kesos.policy.published import ClauseOn, ProgrammeOn, Role
from kesos.policy.rules.compile import truth_sql, unknown_sql
from kesos.policy.rules.name import Scope
from kesos.policy.vocabulary.vocabulary import Vocabulary, receives

NOT_MET: Final = 0
INDICATED: Final = 1
OPEN: Final = 2
"""Unknown of a condition; not checked of what speaks against."""

UNIT_STANDING: Final = "unit_standing"
"""The lined-up facts of units beside what stands of them."""

_STEP: Final = 4
_DIGITS: Final = {"province": 2, "regency": 4, "district": 6, "village": 10}
_ALIAS: Final = re.compile(r"\b([pfdgm])\.")
_TEXT: Final = re.compile(r"'[^']*'")


@dataclass(frozen=True, slots=True)
class UnitTable:
    """The table of facts whose rows are the units of a programme, and what its columns are called."""

    table: str
    alias: str
    key: str
    family: str
    registered: str
    residence: str

    @property
    def unit_id(self) -> str:
        """Name the column with the identifier of a unit."""
        return f"{self.alias}.{self.key}"


UNIT_TABLES: Final[Mapping[Unit, UnitTable]] = {
    Unit.PERSON: UnitTable(
        "person_facts", "p", "person_id", "p.family_id", "p.registered_village", "p.residence_village"
    ),
    Unit.FAMILY: UnitTable(
        "family_facts", "f", "family_id", "f.family_id", "f.registered_village", "f.residence_village"
    ),
    Unit.DWELLING: UnitTable("dwelling_facts", "d", "dwelling_id", "CAST(NULL AS BIGINT)", "d.village", "d.village"),
    Unit.GROUP: UnitTable(
        "group_facts", "g", "group_id", "CAST(NULL AS BIGINT)", "g.registered_village", "g.residence_village"
    ),
}


@dataclass(frozen=True)
class Applied:
    """A programme on its day with what is needed to write SQL over its units.

    `lined_up` names a table of `line_up` that holds all facts of its units; null where they are joined when asked for.
    """

    on: ProgrammeOn
    vocabulary: Vocabulary
    scope: Scope
    lined_up: str | None = None

    @property
    def programme(self) -> Programme:
        """Give the programme as published."""
        return self.on.programme

    @property
    def units(self) -> UnitTable:
        """Give the table of its units."""
        return UNIT_TABLES[self.programme.unit]

    def aliases(self, expressions: Iterable[str]) -> frozenset[str]:
        """Name the tables of facts that expressions speak of."""
        return frozenset(alias for text in expressions for alias in _ALIAS.findall(_TEXT.sub("", text)))

    def from_units(self, expressions: Iterable[str]) -> str:
        """Write the FROM that offers every table that the expressions name."""
        used, units = self.aliases(expressions), self.units
        lines = [self.lined_up or f"{units.table} AS {units.alias}"]
        if self.lined_up is None:
            lines += self._beside(used)
        if "m" in used:
            lines.append(f"LEFT JOIN seat AS m ON {units.unit_id} = m.unit_id")
        return "\n".join(lines)

    def from_standing(self, expressions: Iterable[str]) -> str:
        """Write the FROM that offers every table that the expressions name, and `standing AS s` with `s.place`."""
        if self.lined_up is None:
            placed = "(SELECT *, rowid AS place FROM standing) AS s"
            return f"{self.from_units(expressions)}\nINNER JOIN {placed} ON {self.units.unit_id} = s.unit_id"
        seat = "\nLEFT JOIN seat AS m ON s.unit_id = m.unit_id" if "m" in self.aliases(expressions) else ""
        return f"{UNIT_STANDING} AS s{seat}"

    def _beside(self, used: frozenset[str]) -> list[str]:
        lines = []
        if self.programme.unit is Unit.PERSON and used & {"f", "d"}:
            lines.append("LEFT JOIN family_facts AS f ON p.family_id = f.family_id")
        if self.programme.unit in {Unit.PERSON, Unit.FAMILY} and "d" in used:
            lines.append("LEFT JOIN dwelling_facts AS d ON f.dwelling_id = d.dwelling_id")
        return lines


def area_sql(quota: Quota | None, units: UnitTable) -> str:
    """Write the area whose quota counts for a unit: the empty text for the nation, null where nothing is shared out.

    Where one of a family's two areas is not known, the other counts: a district that holds one DTSEN extract knows
    only where families live, and nobody is to lose a place in the queue for that.
    """
    if quota is None:
        return "CAST(NULL AS VARCHAR)"
    if quota.level == "national":
        return "''"
    areas = (units.registered, units.residence)
    first, second = areas if quota.area == "registered" else areas[::-1]
    return f"SUBSTR(COALESCE({first}, {second}), 1, {_DIGITS[quota.level]})"


def code_sql(clause: ClauseOn, vocabulary: Vocabulary) -> str:
    """Write the code of one clause.

    What speaks against is not checked where it is unknown, or where it holds and any fact that it names was observed
    before the clause allows, were another one of them fresh: a doubt is nobody's no. `$oldest_<months>` is the first
    day that still counts.
    """
    holds = "1"
    days = () if clause.role is Role.ELIGIBILITY else _observed_columns(clause, vocabulary)
    if days and clause.expires_after_months is not None:
        too_old = " OR ".join(f"{day} < $oldest_{clause.expires_after_months}" for day in days)
        holds = f"CASE WHEN {too_old} THEN {OPEN} ELSE 1 END"
    return f"CASE ({truth_sql(clause.rule)}) WHEN TRUE THEN {holds} WHEN FALSE THEN 0 ELSE {OPEN} END"


def _observed_columns(clause: ClauseOn, vocabulary: Vocabulary) -> tuple[str, ...]:
    found = (vocabulary.observed_column(name) for name in clause.rule.facts if name in vocabulary.facts)
    return tuple(day for day in found if day is not None)


def oldest_days(on: ProgrammeOn, as_of: date) -> dict[str, Any]:
    """Give the parameters that `code_sql` names."""
    months = {clause.expires_after_months for clause in on.clauses}
    return {f"oldest_{count}": months_before(as_of, count) for count in months if count is not None}


def decoded(place: int, outcomes: str = "s.outcomes") -> str:
    """Write how the code of a clause is read from the sum.

    >>> decoded(0), decoded(2)
    ('(s.outcomes // 1) % 4', '(s.outcomes // 16) % 4')
    """
    return f"({outcomes} // {_STEP**place}) % {_STEP}"


def speaks_against(clause: ClauseOn) -> int:
    """Give the code with which a clause alone makes a no."""
    return NOT_MET if clause.role is Role.ELIGIBILITY else INDICATED


def weigh(engine: Engine, applied: Applied, as_of: date, extra: Mapping[str, str]) -> int:
    """Make table `standing`: (unit_id, family_id, eligibility, outcomes, quota_area, is_member, …extra); count it.

    *Grain*: one unit, in the order of its table of `line_up`, else in none. `extra` are more columns over the facts
    of a unit, by name.
    """
    on, units = applied.on, applied.units
    codes = {f"c{place}": code_sql(clause, applied.vocabulary) for place, clause in enumerate(on.clauses)}
    columns = {
        "unit_id": units.unit_id,
        "family_id": units.family,
        "quota_area": area_sql(applied.programme.quota, units),
        "is_member": is_member_sql(applied),
        **codes,
        **extra,
    }
    inner = ",\n        ".join(f"{sql} AS {name}" for name, sql in columns.items())
    outcomes = " + ".join(f"CAST({name} AS BIGINT) * {_STEP**place}" for place, name in enumerate(codes))
    kept = ", ".join(extra)
    sql = f"""
    SELECT unit_id, family_id, {_eligibility(on.clauses)} AS eligibility, {outcomes or "CAST(0 AS BIGINT)"} AS outcomes,
        quota_area, is_member{", " + kept if kept else ""}
    FROM (
        SELECT {inner}
        FROM {applied.from_units(columns.values())}
    ) AS weighed
    """
    rows = engine.run(statement("standing", sql), **oldest_days(on, as_of))
    if applied.lined_up is not None:
        engine.side_by_side([applied.lined_up, "standing"], into=UNIT_STANDING)
    return rows


def _eligibility(clauses: Iterable[ClauseOn]) -> str:
    """Write what the codes come to: a known no is a no; else a condition that is unknown is to be verified."""
    placed = list(enumerate(clauses))
    no = [f"c{place} = {speaks_against(clause)}" for place, clause in placed]
    unknown = [f"c{place} = {OPEN}" for place, clause in placed if clause.role is Role.ELIGIBILITY]
    cases = [f"WHEN {' OR '.join(no)} THEN 'not_eligible'"] if no else []
    cases += [f"WHEN {' OR '.join(unknown)} THEN 'to_verify'"] if unknown else []
    return word_sql(f"CASE {' '.join(cases)} ELSE 'eligible' END" if cases else "'eligible'", tuple(Eligibility))


def word_sql(expression: str, words: Iterable[str]) -> str:
    """Write one of a few words, so that tens of millions of them are carried as a byte each; they compare as text.

    Measured on 10 million persons: carrying and writing five such columns as VARCHAR took twice as long.
    """
    listed = ", ".join(f"'{word}'" for word in dict.fromkeys(words))
    return f"CAST({expression} AS ENUM({listed}))"


def is_member_sql(applied: Applied) -> str:
    """Write whether a unit is a member today: what lists say of units of its kind, null where nobody told."""
    return f"{applied.units.alias}.{receives(applied.programme.code)}"


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A fact that is missing: for how many units to verify, and for how many of them nothing else is."""

    name: str
    units: int
    only: int


def missing_facts(engine: Engine, applied: Applied) -> tuple[MissingFact, ...]:
    """Count over `standing` which facts make units to be verified, most frequent first, then by name."""
    names = sorted({name for _, clause in _conditions(applied.on) for name in clause.rule.facts})
    if not names:
        return ()
    flags = {f"u{place}": _is_missing(applied, name) for place, name in enumerate(names)}
    inner = ", ".join(f"{sql} AS {flag}" for flag, sql in flags.items())
    counted = ", ".join(
        f"COUNT(*) FILTER (WHERE {flag}), COUNT(*) FILTER (WHERE {flag} AND missing = 1)" for flag in flags
    )
    total = " + ".join(f"CAST({flag} AS INTEGER)" for flag in flags)
    sql = f"""
    SELECT {counted}
    FROM (
        SELECT *, {total} AS missing
        FROM (
            SELECT {inner}
            FROM {applied.from_standing(flags.values())}
            WHERE s.eligibility = 'to_verify'
        )
    )
    """
    row = [int(column[0].as_py()) for column in engine.fetch(sql).columns]
    found = [MissingFact(name, row[2 * place], row[2 * place + 1]) for place, name in enumerate(names)]
    return tuple(sorted((fact for fact in found if fact.units), key=lambda fact: (-fact.units, fact.name)))


def _conditions(on: ProgrammeOn) -> list[tuple[int, ClauseOn]]:
    return [(place, clause) for place, clause in enumerate(on.clauses) if clause.role is Role.ELIGIBILITY]


def _is_missing(applied: Applied, name: str) -> str:
    """Write that a fact is unknown while a condition that names it is."""
    open_clauses = [
        f"{decoded(place)} = {OPEN}" for place, clause in _conditions(applied.on) if name in clause.rule.facts
    ]
    return f"(({' OR '.join(open_clauses)}) AND {unknown_sql(applied.scope[name])})"
