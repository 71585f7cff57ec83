"""Line up persons with the families and dwellings that programmes ask of: once for all programmes, in order.

What is computed from such a table row by row keeps its order, so that neither ranks nor benefits need a join with it,
nor its file a sort.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from kesos.pipeline.determine.clauses import UNIT_TABLES, Applied, is_member_sql
from kesos.pipeline.determine.facts.derivation import statement
from kesos.pipeline.engine import Engine
from kesos.policy.programme import Unit

_BY_ALIAS: Final = {units.alias: units for units in UNIT_TABLES.values()}


def line_up(engine: Engine, every: Collection[Applied]) -> Mapping[Unit, str]:
    """Make a table for each kind of unit for which programmes ask of other units too, and name it.

    *Grain*: one unit, in ascending order. A table of facts that expressions speak of as `f.` is a column `f` of
    structs, so that the same expressions hold over it. *Cost*: 4 s of a core for 10 million persons and their families.
    """
    tables = {}
    for unit, units in UNIT_TABLES.items():
        together = [applied for applied in every if applied.programme.unit is unit]
        asked = {column for applied in together for column in _columns(applied)}
        held: dict[str, list[str]] = {}
        for alias, name in sorted(column.split(".") for column in asked):
            if name in engine.columns(_BY_ALIAS[alias].table):
                held.setdefault(alias, []).append(name)
        if len(held) > 1:
            tables[unit] = f"{unit}_row"
            structs = ", ".join(_struct(alias, names) for alias, names in held.items())
            source = together[0].from_units(asked)
            engine.run(statement(tables[unit], f"SELECT {structs} FROM {source} ORDER BY {units.unit_id}"))
    return tables


def _struct(alias: str, names: Iterable[str]) -> str:
    fields = ", ".join(f"'{name}': {alias}.{name}" for name in names)
    return f"{{{fields}}} AS {alias}"


def _columns(applied: Applied) -> Iterator[str]:
    """List the columns of facts that expressions of a programme may name, as `f.name`."""
    units, vocabulary = applied.units, applied.vocabulary
    found = [units.unit_id, units.family, units.registered, units.residence, is_member_sql(applied)]
    for name in applied.on.facts & set(applied.scope):  # the components of persons name facts that units do not see
        known = applied.scope[name]
        found += [known.column or "", known.open_column or ""]
        found.append((vocabulary.observed_column(name) if name in vocabulary.facts else None) or "")
    aliases = tuple(f"{alias}." for alias in _BY_ALIAS)
    yield from (column for column in found if column.startswith(aliases))
