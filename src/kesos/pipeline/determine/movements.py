"""What would change against today: who comes in, who stays, for whom leaving is proposed. Nobody is removed here."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import Final

from kesos.pipeline.determine.clauses import Applied, decoded, is_member_sql, speaks_against
from kesos.pipeline.determine.facts.derivation import statement
from kesos.pipeline.engine import Engine
from kesos.policy.rules.compile import truth_sql

DURATION: Final = "duration"
QUOTA: Final = "quota"
_SQL: Final = files("kesos.pipeline.determine") / "sql"
_IS_MEMBER: Final = "is_member"


def seat_units(engine: Engine, applied: Applied, as_of: date) -> None:
    """Make table `seat` (unit_id, is_member, months_received, months_waiting) of those whom a list names.

    Where a rule asks who is a member, it holds every unit: who is not listed may be known to be none.
    """
    months = as_of.year * 12 + as_of.month
    engine.run(
        _SQL / "050_seat.sql",
        programme=applied.programme.code,
        unit=applied.programme.unit.value,
        as_of=as_of,
        months=months,
        day=as_of.day,
    )
    if _IS_MEMBER in applied.on.facts:
        units = applied.units
        engine.rename("seat", "listed_seat")
        sql = f"""
        SELECT {units.unit_id} AS unit_id, {is_member_sql(applied)} AS is_member, l.months_received, l.months_waiting
        FROM {units.table} AS {units.alias}
        LEFT JOIN listed_seat AS l ON {units.unit_id} = l.unit_id
        """
        engine.run(statement("seat", sql))
        engine.drop("listed_seat")


def reasons(applied: Applied) -> tuple[str, ...]:
    """List every reason to leave that a programme knows."""
    on = applied.on
    return (*(clause.id for clause in on.clauses), *(way.id for way, _ in on.exits), DURATION, QUOTA)


def propose_leaving(engine: Engine, applied: Applied) -> None:
    """Make table `leaving` (place, reason, is_protected) of members of `standing` with a reason to leave.

    The first reason stands: a clause in the order of the programme, an exit, the longest time, the full quota.
    """
    on = applied.on
    not_eligible = " ".join(
        f"WHEN {decoded(place)} = {speaks_against(clause)} THEN '{clause.id}'"
        for place, clause in enumerate(on.clauses)
    )
    cases = [f"WHEN s.eligibility = 'not_eligible' THEN CASE {not_eligible} END"] if on.clauses else []
    cases += [f"WHEN {truth_sql(rule)} THEN '{way.id}'" for way, rule in on.exits]
    if on.longest_months is not None and on.exempt is not None:
        cases.append(f"WHEN m.months_received > {on.longest_months} AND NOT ({truth_sql(on.exempt)}) THEN '{DURATION}'")
    cases.append(f"WHEN r.rank > r.quota THEN '{QUOTA}'")
    reason = f"CASE {' '.join(cases)} END"
    is_protected = f"COALESCE({truth_sql(on.protected)}, FALSE)" if on.protected is not None else "FALSE"
    sql = f"""
    SELECT place, reason, is_protected
    FROM (
        SELECT s.rowid AS place, {reason} AS reason, {is_protected} AS is_protected
        FROM {applied.from_units([reason, is_protected])}
        INNER JOIN standing AS s ON {applied.units.unit_id} = s.unit_id
        LEFT JOIN ranked AS r ON s.unit_id = r.unit_id
        WHERE s.is_member
    )
    WHERE reason IS NOT NULL
    """
    engine.run(statement("leaving", sql))
