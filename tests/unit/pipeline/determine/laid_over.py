"""Small programmes and hand-made determinations of six families, to be laid over one another and judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pyarrow as pa

from kesos.pipeline.engine import Engine
from kesos.policy.programme import Programme

SAID: Final = {"id": "kata", "en": "word"}
_DETERMINATION: Final[dict[str, pa.DataType]] = {
    "programme": pa.string(), "unit_id": pa.int64(), "family_id": pa.int64(), "eligibility": pa.string(),
    "selection": pa.string(), "outcomes": pa.int64(), "amount_idr": pa.int64(), "movement": pa.string(),
}  # fmt: skip
_FAMILY: Final[dict[str, pa.DataType]] = {
    "family_id": pa.int64(), "dwelling_id": pa.int64(), "official_decile": pa.int16(), "active_members": pa.int32(),
}  # fmt: skip
FamilyRow = tuple[int, int | None, int | None, int]


def programme(code: str, unit: str = "family", **more: Any) -> Programme:
    """Give a programme that says little: what a test is about is given by name."""
    yes = {"name": SAID, "expect": {"eligibility": "eligible"}}
    content = {
        "code": code, "name": {"id": code, "en": code}, "aim": SAID, "valid_from": "2025-01-01",
        "legal_basis": [{"act": "UU 1/2025", "about": "aid"}],
        "authority": {"determines": "a", "signs": "b", "pays": "c", "data_owner": "d"},
        "unit": unit, "eligibility": [{"id": "all", "rule": "TRUE", "reason": SAID}],
        "benefit": {
            "kind": "cash", "per": "year", "change_takes_effect": "at_once",
            "components": [{"code": "aid", "name": SAID, "of": "unit", "amount": "1"}],
        },
        "budget_line": "x", "cases": [yes, yes],
    }  # fmt: skip
    return Programme.model_validate({**content, **more})


def determined(code: str, unit_id: int, said: str, amount_idr: int | None = None, **more: Any) -> dict[str, Any]:
    """Write a row of a determination; `said` is a selection, or `not_eligible` or `to_verify`."""
    is_eligible = said not in {"not_eligible", "to_verify"}
    row = {
        "programme": code, "unit_id": unit_id, "family_id": unit_id, "outcomes": 0, "amount_idr": amount_idr,
        "eligibility": "eligible" if is_eligible else said, "selection": said if is_eligible else None,
    }  # fmt: skip
    return {**row, **more}


def load(engine: Engine, rows: list[dict[str, Any]], families: Sequence[FamilyRow]) -> None:
    """Load determinations, and families as (identifier, dwelling, decile, members)."""
    engine.load("determination", pa.Table.from_pylist(rows, pa.schema(_DETERMINATION)))
    listed = [dict(zip(_FAMILY, one, strict=True)) for one in families]
    engine.load("family", pa.Table.from_pylist(listed, pa.schema(_FAMILY)))
