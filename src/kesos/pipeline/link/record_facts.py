"""What an operator is shown of a record to judge it: names, dates and places; never a number."""

from __future__ import annotations

from importlib.resources import files
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kesos.pipeline.engine import Engine

_SQL: Final = files("kesos.pipeline.link") / "sql_review"

SHOWN: Final = (
    "source",
    "observed_on",
    "name",
    "sex",
    "birth_date",
    "birth_place",
    "mother_name_normal",
    "relation_code",
    "village",
    "street",
    "rt",
    "rw",
    "programme",
    "nik_note",
)

Facts = dict[str, Any]


def record_facts(engine: Engine, records: npt.NDArray[np.int64]) -> dict[int, Facts]:
    """Fetch what may be shown of records, by record id. *Input*: view `person_record`."""
    engine.load("shown_id", pa.table({"record_id": pa.array(np.unique(records), pa.int64())}))
    engine.run(_SQL / "010_shown_record.sql")
    rows = engine.fetch("SELECT * FROM shown_record ORDER BY record_id").to_pylist()
    engine.drop("shown_id", "shown_record")
    return {row["record_id"]: row for row in rows}
