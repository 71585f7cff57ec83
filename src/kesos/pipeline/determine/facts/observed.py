"""On which day each value of a release was observed, by its lineage: a look-up in an array, once a batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from kesos.foundation.columns import Values, one_chunk
from kesos.foundation.columns import compute as pc
from kesos.pipeline.engine import Engine
from kesos.policy.programme import Unit
from kesos.policy.vocabulary.vocabulary import OBSERVED_ON

RECORDS: Final = {Unit.PERSON: "person_record", Unit.FAMILY: "family_record", Unit.DWELLING: "family_record"}
"""The records to which the lineage of a level leads."""


def observe(engine: Engine, level: Unit, columns: Sequence[str], *, only: str = "TRUE") -> str:
    """Make table `<level>_observed`: a row a unit, the day of each column as `<column>__on`; return its name.

    `only` restricts the rows of the lineage. Record ids are dense, so a day is found by its place in an array of 4
    bytes a record; a join for each column would build as many hash tables as there are columns.
    """
    records = engine.fetch(
        f"SELECT record_id, COALESCE(observed_on, delivered_on) AS observed_on FROM {RECORDS[level]}"
    )
    days = _day_of_record(records)
    lineage = ", ".join(f"{column}_record_id" for column in columns)

    def look_up(batch: pa.RecordBatch) -> pa.RecordBatch:
        found = [_days(batch.column(place + 1), days) for place in range(len(columns))]
        names = [f"{level}_id", *(column + OBSERVED_ON for column in columns)]
        return pa.RecordBatch.from_arrays([batch.column(0), *found], names=names)

    select = f"SELECT {level}_id, {lineage} FROM {level}_lineage WHERE {only}"
    table = f"{level}_observed"
    engine.map_batches(select, look_up, into=table)
    return table


def _day_of_record(records: pa.Table) -> Values:
    """Place each record's day at its id; a place without a record that is dated is null."""
    dated = records.filter(pc.is_valid(records["observed_on"]))
    ids = one_chunk(dated["record_id"]).to_numpy(zero_copy_only=False)
    last = int(pc.max(records["record_id"]).as_py() or 0)
    placed, is_empty = np.zeros(last + 1, np.int32), np.ones(last + 1, np.bool_)
    placed[ids] = one_chunk(dated["observed_on"]).cast(pa.int32()).to_numpy(zero_copy_only=False)
    is_empty[ids] = False
    return pa.array(placed, mask=is_empty)


def _days(record_ids: Values, days: Values) -> Values:
    found: Values = pc.take(days, record_ids).cast(pa.date32())
    return found
