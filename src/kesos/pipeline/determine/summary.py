"""Sum a programme up: how many, how much, what is missing most, and how much hung on a draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any, Final

from kesos.pipeline.determine.clauses import OPEN, Applied, missing_facts
from kesos.pipeline.engine import Engine
from kesos.policy.published import Role

_SQL: Final = files("kesos.pipeline.determine") / "sql"
_ELIGIBILITIES: Final = ("eligible", "not_eligible", "to_verify")
_SELECTIONS: Final = ("within_quota", "waiting", "not_ranked")
_MOVEMENTS: Final = ("enter", "stay", "leave")


def sum_up(engine: Engine, applied: Applied) -> dict[str, Any]:
    """Give the row of `determination_programme` of what stands in `determined_file`, `standing` and `cutoff`."""
    on, programme = applied.on, applied.programme
    against = (place for place, clause in enumerate(on.clauses) if clause.role is not Role.ELIGIBILITY)
    engine.run(_SQL / "060_outcome_count.sql", open_bits=sum(OPEN << 2 * place for place in against))
    rows = engine.fetch("outcome_count").to_pylist()
    engine.drop("outcome_count")
    counted = _counted(rows)
    main = next(iter(missing_facts(engine, applied)), None) if counted["to_verify"] else None
    draws = engine.fetch(_DRAWS).to_pylist()[0]
    return {
        "programme": programme.code,
        "unit": programme.unit.value,
        "rule_hash": on.rule_hash,
        "is_candidate_list": programme.is_candidate_list,
        "units": sum(row["units"] for row in rows),
        **{name: counted[name] for name in (*_ELIGIBILITIES, *_SELECTIONS, *_MOVEMENTS)},
        "protected": sum(row["units"] for row in rows if row["is_protected"]),
        "not_checked": sum(row["units"] for row in rows if row["is_not_checked"]),
        "amount_idr": sum(row["amount_idr"] or 0 for row in rows if row["eligibility"] == "eligible"),
        "settled_by_lottery": draws["settled"],
        "eligible_of_full_areas": draws["eligible"],
        "main_missing_fact": main.name if main else None,
        "main_missing_units": main.units if main else 0,
        "main_missing_only": main.only if main else 0,
        "seed": programme.lottery.seed if programme.lottery else None,
    }


def _counted(rows: Sequence[Mapping[str, Any]]) -> Counter[str]:
    """Count units by each word that is said of them."""
    counts: Counter[str] = Counter()
    for row in rows:
        for column in ("eligibility", "selection", "movement"):
            if row[column] is not None:
                counts[row[column]] += row["units"]
    return counts


_DRAWS: Final = """
    SELECT CAST(COALESCE(SUM(settled_by_lottery), 0) AS BIGINT) AS settled,
        CAST(COALESCE(SUM(CASE WHEN eligible > quota THEN eligible END), 0) AS BIGINT) AS eligible
    FROM cutoff
"""
