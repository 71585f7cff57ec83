"""Write the truth beside the files: who is who, and which row is about whom. The pipeline never reads it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kesos.foundation.columns import Values
from kesos.synthetic.arrow import column, dates, dictionary, number_texts
from kesos.synthetic.draws import Columns, Flags, Rows
from kesos.synthetic.population.chunk import Population
from kesos.synthetic.population.life import LONG_AGO
from kesos.synthetic.population.words import spell

_HIDDEN: Final = frozenset(
    {
        *("name", "mother_name", "family", "dwelling", "nik", "nik_second", "birth_day_second", "kk", "kk_old", "pln"),
        *("key", "died_days_ago", "mother", "father", "mother_key", "father_key", "home", "joined_day", "card_day"),
        *("card_number", "moved_day", "formed_day", "village_before"),
    }
)
_RECORD: Final = pa.schema(
    [
        pa.field("source", pa.dictionary(pa.int32(), pa.string())),
        pa.field("file", pa.dictionary(pa.int32(), pa.string())),
        pa.field("path", pa.dictionary(pa.int32(), pa.string())),
        pa.field("row_number", pa.int64()),
        pa.field("person_key", pa.int64()),
        pa.field("family_key", pa.int64()),
        pa.field("patterns", pa.list_(pa.string())),
        pa.field("is_held_out", pa.bool_()),
    ]
)


@dataclass(frozen=True)
class RowTruth:
    """Whom each row is about (0: nobody of this world), and the patterns of error in it."""

    keys: Rows
    patterns: pa.ListArray[Any]
    is_held_out: Flags

    def filter(self, rows: Flags) -> RowTruth:
        """Keep some rows."""
        return RowTruth(self.keys[rows], self.patterns.filter(column(rows)), self.is_held_out[rows])


class TruthWriter:
    """Write the truth of a regency, chunk by chunk: truth/{person,family,dwelling,card,record}/<regency>.parquet."""

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
        self._write("card", card_truth(population))

    def records(self, delivered: tuple[str, str, str], first_row: int, about: RowTruth) -> None:
        """Note whom the rows from `first_row` on of a file (source, file, path) are about: persons, or families."""
        rows = about.keys.size
        about_family = delivered[1] == "family"
        nothing = pa.nulls(rows, pa.int64())
        same = np.zeros(rows, np.int8)
        keys = column(about.keys, about.keys == 0)
        columns = [
            *(dictionary((text,), same) for text in delivered),
            column(np.arange(first_row, first_row + rows)),
            nothing if about_family else keys,
            keys if about_family else nothing,
            about.patterns,
            column(about.is_held_out),
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
        "nik_second": number_texts(persons["nik_second"]),
        "mother_key": column(persons["mother_key"], persons["mother_key"] == 0),
        "father_key": column(persons["father_key"], persons["father_key"] == 0),
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
        "formed_on": dates(families["formed_day"], families["formed_day"] == LONG_AGO),
        "moved_on": dates(families["moved_day"], families["moved_day"] == LONG_AGO),
        "village_before": number_texts(families["village_before"]),
        "is_poor": column(families["consumption_idr"] < population.plan.regency.area.poverty_line_idr),
    }
    return pa.table(columns | _shown(families))


def dwelling_truth(population: Population) -> pa.Table:
    """Arrange the dwellings. *Grain*: one row a `dwelling_key`."""
    columns = {"dwelling_key": column(population.dwellings["key"]), "pln": number_texts(population.dwellings["pln"])}
    return pa.table(columns | _shown(population.dwellings))


def card_truth(population: Population) -> pa.Table:
    """Arrange the family cards. *Grain*: one row a family and card, the newest first; `issued_on` is its first day."""
    families = population.families
    family, place = np.nonzero(families["card_number"])
    columns = {
        "family_key": column(families["key"][family]),
        "kk": number_texts(families["card_number"][family, place]),
        "issued_on": dates(families["card_day"][family, place]),
    }
    return pa.table(columns)
