"""What a unit would get: its own components, and for each of its persons the highest one, within the maxima.

Amounts are whole rupiah of a whole benefit: of a year, or of the one time. What depends on an unknown fact is not paid,
and marks the amount as open.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from typing import Final

import pyarrow as pa

from kesos.pipeline.determine.clauses import Applied
from kesos.pipeline.determine.facts.derivation import statement
from kesos.pipeline.engine import Engine
from kesos.policy.programme import Unit
from kesos.policy.published import ComponentOn
from kesos.policy.rules.compile import truth_sql, value_sql

_SQL: Final = files("kesos.pipeline.determine") / "sql"
_OWN: Final = "own_"
OWN_IS_OPEN: Final = "own_is_open"


def own_columns(applied: Applied) -> dict[str, str]:
    """Write, over the facts of a unit, the amount of each component that is for the unit itself, null where it is none.

    Column `own_is_open` tells whether one of them, or its amount, is unknown.
    """
    components = _of(applied, "unit")
    if not components:
        return {}
    columns = {f"{_OWN}{place}": _offered(applied, component) for place, component in enumerate(components)}
    return columns | {OWN_IS_OPEN: _any(_is_open(applied, component) for component in components)}


def _of(applied: Applied, of: str) -> list[ComponentOn]:
    return [one for one in applied.on.components if one.component.of == of]


def _amount(applied: Applied, component: ComponentOn) -> str:
    """Write the rupiah of a whole benefit: each period's are rounded down."""
    if component.amount is None:
        return "CAST(0 AS BIGINT)"
    periods = applied.programme.benefit.periods
    return f"CAST(FLOOR({value_sql(component.amount)}) AS BIGINT) * {periods}"


def _offered(applied: Applied, component: ComponentOn) -> str:
    return f"CASE WHEN {truth_sql(component.rule)} THEN {_amount(applied, component)} END"


def _is_open(applied: Applied, component: ComponentOn) -> str:
    holds = truth_sql(component.rule)
    return f"(({holds}) IS NULL OR (({holds}) AND ({_amount(applied, component)}) IS NULL))"


def _any(conditions: Iterable[str]) -> str:
    return f"({' OR '.join(conditions)})"


def pay_persons(engine: Engine, applied: Applied) -> bool:
    """Make tables `paid_person` (unit_id, place, person_id, component, amount_idr, is_entitled) and `person_benefit`.

    *Grain*: one person that is paid for in a unit of `standing` that is not refused; and one unit with any such person
    or with one whose component is unknown: (place, paid_idr, paid_is_open). Tell whether the programme pays persons.
    """
    components = _of(applied, "person")
    if not components or applied.programme.unit not in {Unit.PERSON, Unit.FAMILY}:
        return False
    engine.run(statement("offer", _offer_sql(applied, components)))
    limits = [component.at_most for component in components]
    most = applied.on.most_persons
    if most is None and not any(limit is not None for limit in limits):
        engine.run(statement("paid_person", _EVERYBODY))
    else:
        codes = [component.component.code for component in components]
        engine.load("component_limit", pa.table({"component": codes, "at_most": pa.array(limits, pa.int64())}))
        engine.run(_SQL / "010_paid_person.sql", most_persons=most)
    engine.run(_SQL / "020_person_benefit.sql")
    engine.drop("offer", "component_limit")
    return True


_EVERYBODY: Final = """
    SELECT unit_id, place, person_id, is_entitled, component, amount_idr FROM offer WHERE component IS NOT NULL
"""


def _offer_sql(applied: Applied, components: list[ComponentOn]) -> str:
    """Write what each person of a unit is offered: the component with the highest amount, the first of equal ones."""
    amounts = {f"a{place}": _offered(applied, component) for place, component in enumerate(components)}
    opened = _any(_is_open(applied, component) for component in components)
    best = next(iter(amounts)) if len(amounts) == 1 else f"GREATEST({', '.join(amounts)})"
    cases = " ".join(
        f"WHEN {name} = best THEN '{component.component.code}'"
        for name, component in zip(amounts, components, strict=True)
    )
    inner = ",\n            ".join(f"{sql} AS {name}" for name, sql in amounts.items())
    return f"""
    SELECT unit_id, place, person_id, is_entitled, CASE {cases} END AS component, best AS amount_idr, is_open
    FROM (
        SELECT *, {best} AS best
        FROM (
            SELECT s.unit_id, s.rowid AS place, p.person_id, s.eligibility = 'eligible' AS is_entitled,
            {opened} AS is_open,
            {inner}
            FROM {_from_persons(applied, [*amounts.values(), opened])}
            WHERE s.eligibility <> 'not_eligible'
        )
    )
    WHERE best IS NOT NULL OR is_open
    """


def _from_persons(applied: Applied, expressions: list[str]) -> str:
    key = "p.person_id" if applied.programme.unit is Unit.PERSON else "p.family_id"
    lines = [f"standing AS s INNER JOIN person_facts AS p ON {key} = s.unit_id"]
    used = applied.aliases(expressions)
    if used & {"f", "d"}:
        lines.append("LEFT JOIN family_facts AS f ON p.family_id = f.family_id")
    if "d" in used:
        lines.append("LEFT JOIN dwelling_facts AS d ON f.dwelling_id = d.dwelling_id")
    if "m" in used:
        lines.append("LEFT JOIN seat AS m ON s.unit_id = m.unit_id")
    return "\n".join(lines)


def are_in_order(applied: Applied, *, pays_persons: bool) -> bool:
    """Tell whether `components_sql` keeps the order of `standing`."""
    return not pays_persons and len(_of(applied, "unit")) == 1


def components_sql(applied: Applied, *, pays_persons: bool) -> str:
    """Write the rows of dataset `determination_component` but for the programme: of eligible units only."""
    selects = [
        f"SELECT unit_id, CAST(0 AS BIGINT) AS person_id, '{component.component.code}' AS component,"
        f" {_OWN}{place} AS amount_idr FROM standing WHERE eligibility = 'eligible' AND {_OWN}{place} IS NOT NULL"
        for place, component in enumerate(_of(applied, "unit"))
    ]
    if pays_persons:
        selects.append("SELECT unit_id, person_id, component, amount_idr FROM paid_person WHERE is_entitled")
    return "\nUNION ALL\n".join(selects) or _NO_COMPONENT


_NO_COMPONENT: Final = (
    "SELECT CAST(0 AS BIGINT) AS unit_id, CAST(0 AS BIGINT) AS person_id, '' AS component,"
    " CAST(0 AS BIGINT) AS amount_idr WHERE FALSE"
)


def amount_sql(applied: Applied, *, pays_persons: bool) -> tuple[str, str]:
    """Write, over view `outcome AS s`, the amount of a unit, and whether it is open."""
    own = len(_of(applied, "unit"))
    parts = [f"COALESCE(s.{_OWN}{place}, 0)" for place in range(own)]
    opened = [f"s.{OWN_IS_OPEN}"] if own else []
    if pays_persons:
        parts.append("COALESCE(s.paid_idr, 0)")
        opened.append("COALESCE(s.paid_is_open, FALSE)")
    return " + ".join(parts) or "CAST(0 AS BIGINT)", " OR ".join(opened) or "FALSE"
