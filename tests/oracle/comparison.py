"""What the product kept of a determination, as rows that can be laid beside the oracle's, and where they differ."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from pyarrow import parquet

from kesos.pipeline.determine.store import StoredDetermination
from oracle.determination import Determined

Row = dict[str, Any]
KEYS: Final = {
    "determination": ("unit_id",),
    "determination_component": ("unit_id", "person_id", "component"),
    "determination_cutoff": ("quota_area",),
    "determination_programme": (),
}
_SHOWN: Final = 5
_NOT_OURS: Final = {"rule_hash"}


@dataclass(frozen=True)
class Kept:
    """The rows of each dataset by programme."""

    rows: dict[str, dict[str, list[Row]]]
    clauses: dict[str, tuple[str, ...]]


def read_kept(stored: StoredDetermination) -> Kept:
    """Read everything that was kept."""
    rows: dict[str, dict[str, list[Row]]] = {}
    for name in KEYS:
        by_programme: dict[str, list[Row]] = {}
        for path in stored.files(name):
            for row in parquet.read_table(path).to_pylist():
                if "last_keys" in row:
                    row["last_keys"] = _key_values(row["last_keys"])
                by_programme.setdefault(row["programme"], []).append(row)
        rows[name] = by_programme
    return Kept(rows, {code: each.clauses for code, each in stored.manifest.programmes.items()})


def _key_values(text: str | None) -> tuple[Any, ...] | None:
    return None if text is None else tuple(plain(value) for value in json.loads(text).values())


def plain(value: object) -> object:
    """Reduce a value to what can be compared: numbers to fractions, truth stays truth."""
    if value is None or isinstance(value, bool | date):
        return value
    if isinstance(value, str):
        try:
            return Fraction(Decimal(value))
        except ArithmeticError:
            return value
    return Fraction(value) if isinstance(value, int | Decimal | Fraction) else value


def oracle_rows(determined: Determined) -> dict[str, list[Row]]:
    """Give the oracle's rows of each dataset."""
    cutoffs = [
        {**row, "last_keys": None if row["last_keys"] is None else tuple(map(plain, row["last_keys"]))}
        for row in determined.cutoffs
    ]
    return {
        "determination": determined.rows,
        "determination_component": determined.components,
        "determination_cutoff": cutoffs,
        "determination_programme": [determined.programme],
    }


def differences(dataset: str, kept: Sequence[Row], expected: Iterable[Mapping[str, Any]]) -> list[str]:
    """Say where the rows of a dataset differ: how many do, and the first few with both sides."""
    key = KEYS[dataset]
    ours = {tuple(row[name] for name in key): row for row in kept}
    theirs = {tuple(row[name] for name in key): row for row in expected}
    found = []
    for place in sorted(set(ours) | set(theirs)):
        mine, other = ours.get(place), theirs.get(place)
        if mine is None or other is None:
            found.append(f"{dataset} {place}: product {mine}, oracle {other}")
            continue
        apart = {
            name: (mine[name], other.get(name, "absent"))
            for name in mine
            if name not in _NOT_OURS and mine[name] != other.get(name, "absent")
        }
        if apart:
            shown = ", ".join(f"{name}: product {a!r}, oracle {b!r}" for name, (a, b) in apart.items())
            found.append(f"{dataset} {mine['programme']} {place}: {shown}")
    if len(kept) != len(ours):
        found.append(f"{dataset}: {len(kept)} rows, but {len(ours)} keys")
    return [f"{len(found)} differ", *found[:_SHOWN]] if found else []


def in_order(dataset: str, kept: Sequence[Row]) -> bool:
    """Tell whether the rows stand in the order of their key."""
    keys = [tuple(row[name] for name in KEYS[dataset]) for row in kept]
    return keys == sorted(keys)
