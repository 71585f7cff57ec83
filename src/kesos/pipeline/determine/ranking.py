"""Who has a place: the eligible of each area that has a quota, in one total order, and where the places ended.

The keys of the programme come first, an unknown value last; then a draw that anybody can recompute: SHA-256 of
`seed|programme|unit id`, the lowest first; then the unit id.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from importlib.resources import files
from typing import Any, Final

import pyarrow as pa

from kesos.pipeline.determine.clauses import Applied
from kesos.pipeline.determine.facts.derivation import statement
from kesos.pipeline.engine import Engine
from kesos.policy.rules.compile import value_sql

_SQL: Final = files("kesos.pipeline.determine") / "sql"


def rank(engine: Engine, applied: Applied, quotas: Mapping[str, int] | None) -> None:
    """Make tables `quota` (area, quota), `ranked` and `cutoff`; without quotas they are empty.

    *Grain*: `ranked` one eligible unit of an area with a quota, with its place in `standing`: (unit_id, place,
    quota_area, quota, first_rank, alike, rank), where `alike` units share every key but the draw and `first_rank` is
    the first of their places. `cutoff`: one area.
    *Cost*: 1.5 s for 4 million eligible persons.
    """
    said = dict(sorted((quotas or {}).items()))
    places = pa.array(list(said.values()), pa.int64())
    engine.load("quota", pa.table({"quota_area": pa.array(list(said), pa.string()), "quota": places}))
    keys = {f"k{place}": value_sql(key.rule) for place, key in enumerate(applied.on.ranking)}
    engine.run(statement("contender", _contender_sql(applied, keys)))
    engine.run(statement("placed", _placed_sql(applied)))
    engine.run(_SQL / "030_ranked.sql", draw=_draw(applied))
    engine.run(_SQL / "040_cutoff_count.sql")
    engine.load("cutoff", _with_last_keys(engine, applied))
    engine.drop("placed", "cutoff_count", "contender")


def _draw(applied: Applied) -> str:
    """Give what is hashed before the unit id."""
    lottery = applied.programme.lottery
    return f"{lottery.seed if lottery else ''}|{applied.programme.code}|"


def _contender_sql(applied: Applied, keys: Mapping[str, str]) -> str:
    columns = "".join(f", {sql} AS {name}" for name, sql in keys.items())
    return f"""
    SELECT s.unit_id, s.place, s.quota_area, quota.quota{columns}
    FROM {applied.from_standing(keys.values())}
    INNER JOIN quota ON s.quota_area = quota.quota_area
    WHERE s.eligibility = 'eligible'
    """


def _placed_sql(applied: Applied) -> str:
    """Write the place by the keys alone: equal ones share the first of their places."""
    orders = {"ascending": "ASC", "descending": "DESC"}
    keys = [f"k{place} {orders[key.key.order]} NULLS LAST" for place, key in enumerate(applied.on.ranking)]
    order = ", ".join(keys) or "quota_area"
    window = f"PARTITION BY quota_area ORDER BY {order}"
    return f"""
    SELECT unit_id, place, quota_area, quota, rank() OVER ({window}) AS first_rank,
        COUNT(*) OVER ({window} RANGE BETWEEN CURRENT ROW AND CURRENT ROW) AS alike
    FROM contender
    """


def _with_last_keys(engine: Engine, applied: Applied) -> pa.Table:
    """Add the keys of the last unit with a place, as JSON: a loop over areas, of which there are few."""
    names = [key.key.key for key in applied.on.ranking]
    columns = "".join(f", contender.k{place}" for place, _ in enumerate(names))
    counted = engine.fetch(_CUTOFF.format(columns=columns))
    keys = [column.to_pylist() for column in counted.columns[len(_COUNTED) :]]
    texts = [
        None if last is None else json.dumps(dict(zip(names, map(_plain, values), strict=True)), ensure_ascii=False)
        for last, *values in zip(counted["last_rank"].to_pylist(), *keys, strict=True)
    ]
    return counted.select(list(_COUNTED)).append_column("last_keys", pa.array(texts, pa.string()))


_COUNTED: Final = ("quota_area", "quota", "eligible", "within_quota", "waiting", "settled_by_lottery", "last_rank")
_CUTOFF: Final = """
    SELECT c.quota_area, c.quota, c.eligible, c.within_quota, c.waiting, c.settled_by_lottery, c.last_rank{columns}
    FROM cutoff_count AS c
    LEFT JOIN ranked ON c.quota_area = ranked.quota_area AND c.last_rank = ranked.rank
    LEFT JOIN contender ON ranked.unit_id = contender.unit_id
    ORDER BY c.quota_area
"""


def _plain(value: Any) -> object:
    """Give a key as JSON holds it: a decimal as its exact text."""
    return str(value) if isinstance(value, Decimal) else value
