"""All facts of the four levels, and what a rule of a programme may name."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Final

from pydantic import TypeAdapter

from kesos.foundation.yaml_text import read_mapping
from kesos.policy.programme import Unit
from kesos.policy.rules.name import Kind, Name, Scope
from kesos.policy.vocabulary.fact import Fact, FactName

ALIASES: Final[Mapping[Unit, str]] = {Unit.PERSON: "p", Unit.FAMILY: "f", Unit.DWELLING: "d", Unit.GROUP: "g"}
"""How SQL calls the table of facts of a level."""

PART_OF: Final[Mapping[Unit, Unit]] = {
    Unit.FAMILY: Unit.PERSON,
    Unit.DWELLING: Unit.FAMILY,
    Unit.GROUP: Unit.FAMILY,
}
"""Whose facts the `parts` of a level are over."""

MEMBERSHIP: Final = (
    Name("is_member", Kind.BOOLEAN, column="m.is_member"),
    Name("months_received", Kind.INTEGER, "months", column="m.months_received"),
    Name("months_waiting", Kind.INTEGER, "months", column="m.months_waiting"),
)
"""What is known of the unit in the programme's own list of members."""

RECEIVES: Final = "receives_"
OPEN: Final = "__open"
OBSERVED_ON: Final = "__on"

# A person programme asks whether the family receives another programme, by whichever of its members.
_SEEN: Final[Mapping[Unit, tuple[Unit, ...]]] = {
    Unit.PERSON: (Unit.PERSON, Unit.FAMILY, Unit.DWELLING),
    Unit.FAMILY: (Unit.FAMILY, Unit.DWELLING),
    Unit.DWELLING: (Unit.DWELLING,),
    Unit.GROUP: (Unit.GROUP,),
}
_RECEIVED_BY: Final[Mapping[Unit, Unit]] = {
    Unit.PERSON: Unit.FAMILY,
    Unit.FAMILY: Unit.FAMILY,
    Unit.DWELLING: Unit.DWELLING,
    Unit.GROUP: Unit.GROUP,
}
_FACTS: Final = TypeAdapter(dict[FactName, Fact])
_QUOTED: Final = re.compile(r"'[^']*'")
_WORD: Final = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class LevelledFact:
    """A fact with its name and the level at which it is known."""

    name: str
    level: Unit
    fact: Fact

    @property
    def column(self) -> str:
        """Give the column that holds it, with the alias of its level."""
        return f"{ALIASES[self.level]}.{self.name}"

    @property
    def is_count(self) -> bool:
        """Tell whether it is a count over parts, with an open column beside it."""
        return self.fact.parts is not None and self.fact.parts.count is not None

    @property
    def part_text(self) -> str | None:
        """Give the text over the facts of a part, if it is made of parts."""
        parts = self.fact.parts
        return None if parts is None else next(iter(parts.model_dump(exclude_none=True).values()))

    def as_name(self) -> Name:
        """Give what a rule may know of it."""
        fact, column = self.fact, self.column
        open_column = column + OPEN if self.is_count else None
        return Name(self.name, fact.kind, fact.unit, fact.codes, column=column, open_column=open_column)


class Vocabulary:
    """Every fact by its name; names are unique over the four levels."""

    def __init__(self, facts: Mapping[str, LevelledFact]) -> None:
        self.facts = facts

    @cached_property
    def sha256(self) -> str:
        """Name the content: comments and the order of entries do not count."""
        content = {name: [item.level, item.fact.model_dump(mode="json")] for name, item in self.facts.items()}
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def at(self, level: Unit) -> dict[str, LevelledFact]:
        """List the facts of one level, in the order of its file."""
        return {name: item for name, item in self.facts.items() if item.level is level}

    def scope(self, unit: Unit, *, programme_codes: Iterable[str]) -> Scope:
        """Give what a rule of a programme for such units may name, with the columns that hold it.

        >>> load_vocabulary().scope(Unit.FAMILY, programme_codes=["PBI-JK"])["receives_pbi_jk"].column
        'f.receives_pbi_jk'
        """
        names = {name: item.as_name() for name, item in self.facts.items() if item.level in _SEEN[unit]}
        alias = ALIASES[_RECEIVED_BY[unit]]
        for code in programme_codes:
            name = receives(code)
            names[name] = Name(name, Kind.BOOLEAN, column=f"{alias}.{name}")
        return names | {name.name: name for name in MEMBERSHIP}

    def level_scope(self, level: Unit) -> Scope:
        """Give the facts of one level alone: what `parts` and `rule` of a fact may name."""
        return {name: item.as_name() for name, item in self.at(level).items()}

    def sources(self, name: str) -> frozenset[str]:
        """Name the facts that a fact is made of; none for one that the registry or a file of facts gives.

        >>> sorted(load_vocabulary().sources("lone_elder"))
        ['active_members', 'elderly_60']
        """
        item = self.facts[name]
        parts, rule = item.fact.parts, item.fact.rule
        found: set[str] = set()
        if rule is not None:
            found = _named(rule) & set(self.at(item.level))
        elif parts is not None:
            found = _named(item.part_text or "") & set(self.at(PART_OF[item.level]))
            found |= {"relation"} if parts.of_head is not None else set()
        return frozenset(found)

    def needed(self, names: Iterable[str]) -> frozenset[str]:
        """Add to some facts all those they are made of; names of memberships are handed on, `is_member` is dropped.

        *Raises* KeyError for a name that is no fact.
        """
        own = {name.name for name in MEMBERSHIP}
        waiting = [name for name in names if name not in own]
        found: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found.add(name)
            if not name.startswith(RECEIVES):
                waiting += self.sources(name)
        return frozenset(found)

    def is_dated(self, name: str) -> bool:
        """Tell whether a fact has a column with the day on which its value was observed.

        A stated fact has one, a fact of the registry if it ages; *any* and *count* over parts if what they name has.
        """
        if name.startswith(RECEIVES):
            return False
        item = self.facts[name]
        parts = item.fact.parts
        if parts is not None and (parts.any is not None or parts.count is not None):
            return any(self.is_dated(source) for source in self.sources(name))
        return item.fact.stated or item.fact.fresh_months is not None

    def observed_column(self, name: str) -> str | None:
        """Give the column with the day of observation, where the fact has one.

        >>> load_vocabulary().observed_column("civil_servant_in_family")
        'f.civil_servant_in_family__on'
        """
        return self.facts[name].column + OBSERVED_ON if self.is_dated(name) else None


def receives(code: str) -> str:
    """Name the fact that says whether a unit receives a programme.

    >>> receives("PBI-JK")
    'receives_pbi_jk'
    """
    return RECEIVES + code.lower().replace("-", "_")


@cache
def load_vocabulary() -> Vocabulary:
    """Read the four packaged files; a fault in them is ours, and rises."""
    found: dict[str, LevelledFact] = {}
    for level in Unit:
        text = resources.files("kesos.policy.vocabulary").joinpath(f"{level}.yaml").read_text(encoding="utf-8")
        for name, fact in _FACTS.validate_python(read_mapping(text)).items():
            if name in found:
                raise ValueError(f"two facts are called {name}")
            found[name] = LevelledFact(name, level, _checked(name, fact))
    return Vocabulary(found)


def _checked(name: str, fact: Fact) -> Fact:
    """Hand a fact back if exactly one of the ways to derive it is given, and it ages as a whole or not at all."""
    ways = [fact.sql is not None, fact.parts is not None, fact.rule is not None, fact.stated]
    if sum(ways) != 1:
        raise ValueError(f"{name} is derived in {sum(ways)} ways, not in one")
    if fact.parts is not None and len(fact.parts.model_dump(exclude_none=True)) != 1:
        raise ValueError(f"{name}: parts are to be summed up in one way")
    if not fact.stated and bool(fact.observed) != (fact.fresh_months is not None):
        raise ValueError(f"{name}: columns that age and the months they may be old belong together")
    if (fact.kind is Kind.CODE) != bool(fact.codes):
        raise ValueError(f"{name}: a code has its codes, and nothing else has")
    return fact


def _named(text: str) -> set[str]:
    return set(_WORD.findall(_QUOTED.sub(" ", text)))
