"""Weigh every clause of a programme for one unit, part by part, on its facts as derived again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from kesos.foundation.yaml_text import BothLanguages
from kesos.pipeline.determine.clauses import Applied, code_sql, oldest_days
from kesos.pipeline.determine.explained import ClauseShown, Evidence, FactShown, Known, LeafShown
from kesos.pipeline.determine.facts.derivation import months_before
from kesos.pipeline.engine import Engine
from kesos.policy.programme import Unit
from kesos.policy.published import ClauseOn, ProgrammeOn, Role
from kesos.policy.rules.compile import truth_sql, value_sql
from kesos.policy.rules.explain import leaves
from kesos.policy.rules.tree import text_of
from kesos.policy.vocabulary.vocabulary import OBSERVED_ON, RECEIVES, LevelledFact, Vocabulary

_SPEAKS_FOR: Final = {0: "not_met", 1: "met", 2: "unknown"}
_SPEAKS_AGAINST: Final = {0: "clear", 1: "indicated", 2: "not_checked"}
_MEMBERSHIP: Final = {
    "is_member": BothLanguages(id="Menerima program ini sekarang", en="Receives this programme today"),
    "months_received": BothLanguages(id="Lama menerima, dalam bulan", en="Months of receiving it"),
    "months_waiting": BothLanguages(id="Lama menunggu, dalam bulan", en="Months of waiting for it"),
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """What came out for one unit: outcome codes in the order of the clauses, clauses, facts, ranking values."""

    codes: tuple[int, ...]
    clauses: tuple[ClauseShown, ...]
    facts: tuple[FactShown, ...]
    keys: tuple[str | None, ...]

    @property
    def outcomes(self) -> int:
        """Sum the codes up as they are stored."""
        return sum(code << 2 * place for place, code in enumerate(self.codes))


def facts_named(on: ProgrammeOn) -> tuple[str, ...]:
    """List the facts that the clauses name, in the order of the clauses."""
    return tuple(dict.fromkeys(name for clause in on.clauses for name in clause.rule.facts))


def weigh_unit(engine: Engine, applied: Applied, unit_id: int, as_of: date) -> UnitRow | None:
    """Weigh one unit over the tables of facts of an engine; null if it is not among them."""
    columns = _selected(applied)
    listed = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    source = applied.from_units(columns.values())
    found: list[dict[str, Any]] = engine.fetch(
        f"SELECT {listed} FROM {source} WHERE {applied.units.unit_id} = $unit",
        unit=unit_id,
        **{name: day for name, day in oldest_days(applied.on, as_of).items() if f"${name}" in listed},
    ).to_pylist()
    return UnitRow(applied, found[0], as_of) if found else None


def _selected(applied: Applied) -> dict[str, str]:
    """Write what is selected of a unit: each clause and each part of it, each fact with open part and day, each key."""
    columns: dict[str, str] = {}
    for place, clause in enumerate(applied.on.clauses):
        columns[f"code_{place}"] = code_sql(clause, applied.vocabulary)
        for at, leaf in enumerate(leaves(clause.rule)):
            columns[f"part_{place}_{at}"] = truth_sql(leaf.rule)
    for name in facts_named(applied.on):
        known = applied.scope[name]
        day = applied.vocabulary.observed_column(name) if name in applied.vocabulary.facts else None
        seen = _seen_of_members(applied, name)
        given = {"value": known.column, "open": known.open_column, "day": day, "seen": seen}
        columns |= {f"{kind}_{name}": sql for kind, sql in given.items() if sql is not None}
    return columns | {f"key_{place}": value_sql(key.rule) for place, key in enumerate(applied.on.ranking)}


def _dated_sources(vocabulary: Vocabulary, name: str) -> list[LevelledFact]:
    """List the dated facts of members that a fact of a family is summed up from."""
    item = vocabulary.facts.get(name)
    if item is None or item.level is not Unit.FAMILY or item.fact.parts is None:
        return []
    return [vocabulary.facts[source] for source in sorted(vocabulary.sources(name)) if vocabulary.is_dated(source)]


def _seen_of_members(applied: Applied, name: str) -> str | None:
    """Write the newest day on which anything was seen of the members, too old or not; null where nothing is dated."""
    sources = _dated_sources(applied.vocabulary, name)
    if not sources or applied.programme.unit not in {Unit.PERSON, Unit.FAMILY}:
        return None
    days = ", ".join(f"max(part.{source.name}{OBSERVED_ON})" for source in sources)
    return f"(SELECT greatest({days}, NULL) FROM person_facts AS part WHERE part.family_id = f.family_id)"


@dataclass(frozen=True)
class UnitRow:
    """One unit as it was selected, and how that is read."""

    applied: Applied
    row: Mapping[str, Any]
    as_of: date

    def read(self, evidence: Mapping[str, tuple[Evidence, ...]]) -> Weighed:
        """Read the row; `evidence` says for each fact where it comes from."""
        on = self.applied.on
        codes = tuple(int(self.row[f"code_{place}"]) for place in range(len(on.clauses)))
        shown = (self._clause(place, clause, codes[place]) for place, clause in enumerate(on.clauses))
        facts = (self._fact(name, evidence.get(name, ())) for name in facts_named(on))
        keys = (as_text(self.row[f"key_{place}"]) for place in range(len(on.ranking)))
        return Weighed(codes, tuple(shown), tuple(facts), tuple(keys))

    def _clause(self, place: int, clause: ClauseOn, code: int) -> ClauseShown:
        words = _SPEAKS_FOR if clause.role is Role.ELIGIBILITY else _SPEAKS_AGAINST
        parts = enumerate(leaves(clause.rule))
        return ClauseShown(
            id=clause.id,
            role=clause.role.value,
            outcome=words[code],
            rule=text_of(clause.rule.tree, with_values=True),
            leaves=tuple(
                LeafShown(leaf.text, leaf.limit or None, self.row[f"part_{place}_{at}"], leaf.facts)
                for at, leaf in parts
            ),
            reason=clause.reason,
            contest=clause.contest,
            expires_after_months=clause.expires_after_months,
            source=clause.source,
            law=clause.law,
            uncertain=clause.uncertain,
        )

    def _fact(self, name: str, evidence: tuple[Evidence, ...]) -> FactShown:
        value, open_part = self.row[f"value_{name}"], self.row.get(f"open_{name}") or 0
        days = (self.row.get(f"day_{name}"), self.row.get(f"seen_{name}"))
        told = (day for day in days if day is not None)
        newest = next(told, max((one.observed_on for one in evidence if one.observed_on), default=None))
        item = self.applied.vocabulary.facts.get(name)
        fact = None if item is None else item.fact
        months = self._fresh_months(name)
        return FactShown(
            name=name,
            level=self.applied.programme.unit.value if item is None else item.level.value,
            meaning=_meaning(name) if fact is None else fact.meaning,
            unit=self.applied.scope[name].unit,
            value=value,
            up_to=value + open_part if open_part else None,
            known=self._known(value, open_part, newest, months),
            observed_on=newest,
            fresh_months=months,
            evidence=evidence,
            shown_by=None if fact is None else fact.source,
            uncertain=None if fact is None else fact.uncertain,
        )

    def _fresh_months(self, name: str) -> int | None:
        """Give the age beyond which a fact, or what it is summed up from, counts as unknown."""
        item = self.applied.vocabulary.facts.get(name)
        sources = _dated_sources(self.applied.vocabulary, name)
        own = None if item is None else item.fact.fresh_months
        return own or max((source.fact.fresh_months or 0 for source in sources), default=0) or None

    def _known(self, value: object, open_part: int, newest: date | None, fresh_months: int | None) -> Known:
        if value is not None:
            return Known.PARTLY_KNOWN if open_part else Known.KNOWN
        if fresh_months is None or newest is None:
            return Known.NOT_TOLD
        return Known.TOO_OLD if newest < months_before(self.as_of, fresh_months) else Known.NOT_TOLD


def as_text(value: object) -> str | None:
    """Write a value of a ranking key as text; null stays null.

    >>> as_text(3), as_text(True), as_text(None)
    ('3', 'true', None)
    """
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _meaning(name: str) -> BothLanguages:
    """Say what a name of membership means: the vocabulary has no entry for it."""
    if name.startswith(RECEIVES):
        code = name.removeprefix(RECEIVES).replace("_", "-").upper()
        return BothLanguages(id=f"Menerima {code} sekarang", en=f"Receives {code} today")
    return _MEMBERSHIP[name]
