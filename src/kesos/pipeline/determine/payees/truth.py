"""How right the indications are: a list of a synthetic world against the truth that the world keeps of it.

What is *true* for each indication (rows whose person the truth knows; `payees/sql_truth` counts it apart from the
checks):

| indication | true is |
| --- | --- |
| not_found | no record of the release is about the person |
| nik_of_another | the NIK as written was issued to somebody else, and not to the person |
| died | the person died on or before the day of the determination |
| nik_shared | the NIK as written stands on rows of different persons |
| paid_twice | the person is on the list again for the period and component, or another of the family for the period |
| outside_decile | the decile that was delivered of the true family is above the limit |
| civil_servant_in_family | a living member of the true family serves the State |
| wage_above_minimum | of a living member of the true family a wage above the minimum of the province was delivered |
| no_component_left | no living member of the true family has a component |
| moved | the true family neither lives nor is registered in the village of the list |
| eligible_but_unpaid | decile within the limit, a component, no civil servant, no such wage, nobody on the list |
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from pyarrow import parquet

from kesos.datasets.manifest import Manifest
from kesos.foundation.sealing import Sealer
from kesos.pipeline.determine.against_truth import Entitlement, NotInTruth, entitlement, load_world
from kesos.pipeline.determine.payees.checks import INDICATIONS, UNPAID
from kesos.pipeline.determine.payees.determined import Determination
from kesos.pipeline.engine import Engine
from kesos.pipeline.evaluate.against_truth import TruthOfOtherFiles
from kesos.pipeline.sources.receipt import Receipt
from kesos.policy.programme import Unit
from kesos.reference.minimum_wages import minimum_wages

_SQL: Final = files("kesos.pipeline.determine.payees") / "sql_truth"
_OF_WORLD: Final = files("kesos.pipeline.determine") / "sql_truth"
_PERSON: Final = {
    "person_key": "VARCHAR",
    "family_key": "BIGINT",
    "died_on": "DATE",
    "residence_village": "VARCHAR",
    "registered_village": "VARCHAR",
}
_FAMILY_ROW: Final = {
    "source": "VARCHAR",
    "file": "VARCHAR",
    "path": "VARCHAR",
    "row_number": "BIGINT",
    "family_key": "BIGINT",
}
_NO_COMPONENTS: Final = Entitlement(
    last_decile=10,
    needs_component=False,
    excludes_civil_servants=True,
    young_to=6,
    elder_from=60,
)


@dataclass(frozen=True, slots=True)
class IndicationScore:
    """One indication against the truth: how many were indicated, how many are true, and how many are both.

    `true_not_checked` are true ones of which the check could say nothing. `sure` and `sure_both` count of the
    indicated those of high or medium confidence.
    """

    indication: str
    indicated: int
    true: int
    both: int
    true_not_checked: int
    sure: int
    sure_both: int

    @property
    def precision(self) -> Fraction | None:
        """Give the share of the indicated that are true."""
        return Fraction(self.both, self.indicated) if self.indicated else None

    @property
    def sure_precision(self) -> Fraction | None:
        """Give the share of those indicated with high or medium confidence that are true."""
        return Fraction(self.sure_both, self.sure) if self.sure else None

    @property
    def recall(self) -> Fraction | None:
        """Give the share of the true that are indicated."""
        return Fraction(self.both, self.true) if self.true else None


def score_indications(
    engine: Engine, manifest: Manifest, judged: Determination, receipt: Receipt, *, truth: Path, sealer: Sealer
) -> tuple[IndicationScore, ...]:
    """Lay every indication beside the truth; the engine holds what `check_payees` made.

    *Raises* NoTruth, TruthOfOtherFiles where the truth knows no row of the list.
    """
    asked = _asked_of_truth(judged)
    given: dict[str, Any] = {
        "as_of": judged.as_of,
        "decile_limit": judged.asked.decile_limit,
        "is_of_families": judged.asked.unit is not Unit.PERSON,
        "by_registered": judged.asked.by_registered,
        "needs_component": asked.needs_component,
    }
    _load(engine, manifest, truth, sealer, judged.as_of)
    engine.run(_OF_WORLD / "010_true_person.sql", as_of=judged.as_of, **asdict(asked))
    listed = engine.run(
        _SQL / "010_listed_person.sql",
        source=receipt.source,
        contract_file=receipt.file,
        original_name=receipt.original_name,
    )
    if listed == 0:
        raise TruthOfOtherFiles(folder=truth, release=manifest.name)
    for name in ("020_delivered_decile", "030_family_sign", "040_row_truth"):
        engine.run(_SQL / f"{name}.sql", **given)
    scores = [_score(engine, name) for name in INDICATIONS if _is_asked(judged, asked, name)]
    if judged.asked.unit is Unit.FAMILY and judged.asked.decile_limit is not None:
        engine.run(_OF_WORLD / "030_family_truth.sql")
        engine.run(_SQL / "050_unit_truth.sql", **given)
        scores.append(_score_unpaid(engine))
    return tuple(scores)


def _asked_of_truth(judged: Determination) -> Entitlement:
    try:
        return entitlement(judged.programme, judged.as_of)
    except NotInTruth:
        return _NO_COMPONENTS


def _is_asked(judged: Determination, asked: Entitlement, indication: str) -> bool:
    """Leave out what the programme does not ask, and what the truth cannot tell."""
    can_tell = {
        "outside_decile": judged.asked.decile_limit is not None,
        "no_component_left": judged.asked.component_step is not None and asked.needs_component,
        "civil_servant_in_family": judged.asked.servant_step is not None,
        "wage_above_minimum": judged.asked.wage_step is not None,
    }
    return can_tell.get(indication, True)


def _load(engine: Engine, manifest: Manifest, truth: Path, sealer: Sealer, as_of: date) -> None:
    load_world(engine, manifest, truth)
    engine.union(["person_of_truth"], _PERSON, into="truth_person_row")
    engine.union(["record_file"], _FAMILY_ROW, into="truth_family_row")
    engine.load("true_nik", _true_niks(truth, sealer))
    engine.load("minimum_wage", minimum_wages(as_of))


def _true_niks(truth: Path, sealer: Sealer) -> pa.Table:
    """Index the NIKs of the truth: no number of anybody, made up or not, is put into a table."""
    tables = []
    for path in sorted((truth / "person").glob("*.parquet")):
        persons = parquet.ParquetFile(path).read(columns=["person_key", "nik", "nik_second"])
        key = persons.column("person_key").cast(pa.string())
        for name in ("nik", "nik_second"):
            index = sealer.index_many(persons.column(name).cast(pa.string()), "nik")
            tables.append(pa.table({"person_key": key, "nik_index": index}))
    return pa.concat_tables(tables).combine_chunks()


def _score(engine: Engine, indication: str) -> IndicationScore:
    """Count one indication; its name is a column of both tables, and one of `INDICATIONS`."""
    counted = engine.fetch(
        f"""
        SELECT
            count_if(payee_state.{indication} = 1) AS indicated,
            count_if(row_truth.{indication}) AS true_rows,
            count_if(payee_state.{indication} = 1 AND row_truth.{indication}) AS both_rows,
            count_if(payee_state.{indication} = 2 AND row_truth.{indication}) AS true_not_checked,
            count_if(sure_rows.row_number IS NOT NULL) AS sure,
            count_if(sure_rows.row_number IS NOT NULL AND row_truth.{indication}) AS sure_both
        FROM payee_state
        INNER JOIN row_truth
            ON payee_state.row_number = row_truth.row_number
        LEFT JOIN (
            SELECT DISTINCT row_number
            FROM indication
            WHERE indication = $indication AND confidence >= 2
        ) AS sure_rows
            ON payee_state.row_number = sure_rows.row_number
        """,
        indication=indication,
    ).to_pylist()[0]
    return IndicationScore(indication, *(int(value) for value in counted.values()))


def _score_unpaid(engine: Engine) -> IndicationScore:
    counted = engine.fetch(
        """
        SELECT
            count_if(unpaid.eligibility = 'eligible') AS indicated,
            count_if(unit_truth.is_true) AS true_rows,
            count_if(unpaid.eligibility = 'eligible' AND unit_truth.is_true) AS both_rows,
            count_if(unpaid.eligibility = 'to_verify' AND unit_truth.is_true) AS true_not_checked,
            count_if(unpaid.eligibility = 'eligible' AND unpaid.confidence >= 2) AS sure,
            count_if(unpaid.eligibility = 'eligible' AND unpaid.confidence >= 2 AND unit_truth.is_true) AS sure_both
        FROM unit_truth
        LEFT JOIN unpaid
            ON unit_truth.family_id = unpaid.unit_id
        """
    ).to_pylist()[0]
    return IndicationScore(UNPAID, *(int(value) for value in counted.values()))
