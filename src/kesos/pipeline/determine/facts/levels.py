"""Sum up what the facts of parts say of the whole: the same statements for a release and for cases of a programme."""

from __future__ import annotations

from kesos.pipeline.determine.facts.derivation import Derivation, statement
from kesos.pipeline.engine import Engine


def count_members(engine: Engine, derivation: Derivation, unsaid: frozenset[str] = frozenset()) -> list[str]:
    """Make table `family_count`: what the facts of its members say of each family; return the names of the columns.

    `unsaid` are facts that are known of no member at all.
    """
    own = ["CAST(COUNT(*) AS INTEGER) AS living_members"]
    return _count(engine, derivation, "p.family_id", "person_facts AS p WHERE p.family_id IS NOT NULL", own, unsaid)


def count_families(engine: Engine, derivation: Derivation) -> list[str]:
    """Make table `dwelling_count`: what the facts of its families say of each dwelling; return the names."""
    own = ["CAST(COUNT(*) AS INTEGER) AS living_families"]
    return _count(engine, derivation, "f.dwelling_id", "family_facts AS f WHERE f.dwelling_id IS NOT NULL", own)


def count_group_families(engine: Engine, derivation: Derivation) -> list[str]:
    """Make table `group_count`: what the facts of its families say of each group; return the names.

    A family that the release does not know is one of which nothing is known.
    """
    joined = "group_family LEFT JOIN family_facts AS f ON group_family.family_id = f.family_id"
    return _count(engine, derivation, "group_family.group_id", joined, [])


def _count(
    engine: Engine,
    derivation: Derivation,
    key: str,
    parts: str,
    own: list[str],
    unsaid: frozenset[str] = frozenset(),
) -> list[str]:
    aggregates = list(derivation.aggregates(unsaid))
    lines = ",\n    ".join([key, *own, *(f"{sql} AS {name}" for name, sql in aggregates)])
    engine.run(statement(f"{derivation.level}_count", f"SELECT\n    {lines}\nFROM {parts}\nGROUP BY {key}"))
    return [name for name, _ in aggregates]
