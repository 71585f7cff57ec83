"""Write the truth beside the files: who is who, and which row is about whom. The pipeline never reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kesos.foundation.columns import Values
from kesos.synthetic.arrow import column, dates, dictionary, number_texts
from kesos.synthetic.draws import Columns, Rows
from kesos.synthetic.population.chunk import Population
from kesos.synthetic.population.words import spell

_HIDDEN: Final = frozenset(
    {"name", "mother_name", "family", "dwelling", "nik", "kk", "kk_old", "pln", "key", "died_days_ago"}
)
_RECORD: Final = pa.schema(
    [
        pa.field("source", pa.dictionary(pa.int32(), pa.string())),
        pa.field("file", pa.dictionary(pa.int32(), pa.string())),
        pa.field("path", pa.dictionary(pa.int32(), pa.string())),
        pa.field("row_number", pa.int64()),
        pa.field("person_key", pa.int64()),
        pa.field("family_key", pa.int64()),
    ]
)


class TruthWriter:
    """Write the truth of one regency, chunk by chunk: truth/{person,family,dwelling,record}/<regency>.parquet."""

    def __init__(self, directory: Path, regency: str) -> None:
        self._directory, self._regency = directory, regency
        self._writers: dict[str, pq.ParquetWriter] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        for writer in self._writers.values():
            writer.close()

    def population(self, population: Population) -> None:
        """Write people, families and dwellings of a chunk."""
        self._write("person", person_truth(population))
        self._write("family", family_truth(population))
        self._write("dwelling", dwelling_truth(population))

    def records(self, source: str, file: str, path: str, first_row: int, keys: Rows) -> None:
        """Note that the rows from `first_row` on are about the given persons, or families in a family file."""
        about_family = file == "family"
        nothing = pa.nulls(keys.size, pa.int64())
        same = np.zeros(keys.size, np.int8)
        columns = [
            *(dictionary((text,), same) for text in (source, file, path)),
            column(np.arange(first_row, first_row + keys.size)),
            nothing if about_family else column(keys),
            column(keys) if about_family else nothing,
        ]
        self._write("record", pa.Table.from_arrays(columns, schema=_RECORD))

    def _write(self, name: str, table: pa.Table) -> None:
        if name not in self._writers:
            path = self._directory / name / f"{self._regency}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writers[name] = pq.ParquetWriter(path, table.schema, compression="zstd", compression_level=1)
        self._writers[name].write_table(table)


def _shown(columns: Columns) -> dict[str, Values]:
    """Keep what is plain: codes with null for "not asked", dates as dates."""
    shown: dict[str, Values] = {}
    for name, values in columns.items():
        if name in _HIDDEN:
            continue
        if name.endswith(("_code", "_count")):
            shown[name] = column(values, values < 0)
        elif name == "birth_day":
            shown["birth_date"] = dates(values)
        elif name == "died_day":
            shown["died_on"] = dates(values, values < 0)
        else:
            shown[name] = column(values)
    return shown


def person_truth(population: Population) -> pa.Table:
    """Arrange the people of a chunk. *Grain*: one row a `person_key`."""
    persons, families = population.persons, population.families
    family = persons["family"]
    columns = {
        "person_key": column(persons["key"]),
        "name": spell(persons["name"]),
        "mother_name": spell(persons["mother_name"]),
        "nik": number_texts(persons["nik"]),
        "kk": number_texts(families["kk"][family]),
        "registered_village": number_texts(families["registered_village"][family]),
        "residence_village": number_texts(families["village"][family]),
        "consumption_idr": column(families["consumption_idr"][family]),
    }
    return pa.table(columns | _shown(persons))


def family_truth(population: Population) -> pa.Table:
    """Arrange the families. *Grain*: one row a `family_key`; `living` members; consumption a person and month."""
    persons, families = population.persons, population.families
    living = np.bincount(persons["family"][persons["died_day"] < 0], minlength=families["key"].size)
    columns = {
        "family_key": column(families["key"]),
        "living": column(living),
        "kk": number_texts(families["kk"]),
        "kk_old": number_texts(families["kk_old"]),
        "is_poor": column(families["consumption_idr"] < population.plan.regency.area.poverty_line_idr),
    }
    return pa.table(columns | _shown(families))


def dwelling_truth(population: Population) -> pa.Table:
    """Arrange the dwellings. *Grain*: one row a `dwelling_key`."""
    columns = {"dwelling_key": column(population.dwellings["key"]), "pln": number_texts(population.dwellings["pln"])}
    return pa.table(columns | _shown(population.dwellings))
