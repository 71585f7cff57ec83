"""Find the persons of a list in a release: by NIK, by family card and name, by name, birth date and area,
by name and village.

Each step looks only at rows that the step before left open. A step settles a row where one person stands before all
others; where several stand equal it settles it as `several_candidates`, and nobody is chosen.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import pyarrow as pa

from kesos.pipeline.engine import Engine
from kesos.pipeline.standardise.names import names_agree

_SQL: Final = files("kesos.pipeline.determine.payees") / "sql_link"
_SETTLED: Final = {
    "row_number": "BIGINT",
    "person_id": "BIGINT",
    "rule": "VARCHAR",
    "confidence": "SMALLINT",
    "candidates": "INTEGER",
}
STEPS: Final = (
    ("010_nik_candidate", "nik_candidate", "nik_compared", "020_nik_graded"),
    ("030_card_candidate", "card_candidate", "card_compared", "040_card_graded"),
    ("050_birth_candidate", "birth_candidate", "birth_compared", "060_birth_graded"),
    ("062_name_candidate", "name_candidate", "name_compared", "064_name_graded"),
)


def link_payees(engine: Engine) -> None:
    """Make `payee_link`: for each row of `payee_row` its person and family in the release.

    *Input*: `payee_row`, and `identity`, `person`, `membership`, `family` of the release. *Output*: `person_id`,
    null where none or several fit; `rule` (nik, card_and_name, name_birth_and_area, name_and_village,
    several_candidates, not_found); `confidence` 3 high, 2 medium, 1 low; `nik_person_id`, the person of another name
    who has the NIK of the row, `is_nik_in_family` if of the same family, `is_nik_confirmed` if more sources than one
    speak of that person's NIK; `family_id`, `dwelling_id`, `family_confidence`; `village`, that of the list before
    that of the release.
    """
    engine.union([], _SETTLED, into="settled")
    for number, (candidates, found, compared, graded) in enumerate(STEPS):
        engine.run(_SQL / f"{candidates}.sql")
        engine.map_batches(f"SELECT * FROM {found}", compare_names, into=compared)
        engine.run(_SQL / f"{graded}.sql", into="graded")
        if number == 0:
            engine.run(_SQL / "080_nik_of_another.sql")
        engine.run(_SQL / "070_settled.sql", into="settled_now")
        engine.union(["settled", "settled_now"], _SETTLED, into="settled_so_far")
        engine.drop("settled", "settled_now", "graded", found, compared)
        engine.rename("settled_so_far", "settled")
    engine.run(_SQL / "090_payee_link.sql")
    engine.drop("settled", "nik_of_another")


def compare_names(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Lay the name of the list beside the name held: a kernel for `engine.map_batches`."""
    level = names_agree(batch.column("listed_name"), batch.column("held_name"))
    return batch.append_column("name_level", level)
