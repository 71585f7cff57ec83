"""Ask of every row what speaks against its payment, and who is eligible and not on the list. Indications only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from typing import Any, Final

import pyarrow as pa

from kesos.datasets.record import FAMILY_RECORD, PERSON_RECORD
from kesos.datasets.registry import FAMILY_LINEAGE, PERSON_LINEAGE
from kesos.datasets.schema import Dataset
from kesos.foundation.columns import compute as pc
from kesos.foundation.period import NotAPeriod, read_period
from kesos.pipeline.determine.payees.asked import Asked
from kesos.pipeline.determine.payees.linking import compare_names
from kesos.pipeline.engine import Engine
from kesos.policy.programme import Unit
from kesos.reference.areas import villages

_SQL: Final = files("kesos.pipeline.determine.payees") / "sql_check"

INDICATIONS: Final = (
    "not_found", "nik_of_another", "died", "nik_shared", "paid_twice", "outside_decile", "civil_servant_in_family",
    "wage_above_minimum", "no_component_left", "moved",
)  # fmt: skip
"""What may be indicated about a row of the list; `eligible_but_unpaid` is about those who are not on it."""

UNPAID: Final = "eligible_but_unpaid"
RESIDENCE_COUNTS_YEARS: Final = 2
"""A residence that nobody saw for longer says nothing of where a family lives now."""

_NEEDED_FOR_EVIDENCE: Final[tuple[Dataset, ...]] = (PERSON_LINEAGE, FAMILY_LINEAGE, PERSON_RECORD, FAMILY_RECORD)
_PART: Final = {
    "row_number": "BIGINT",
    "indication": "VARCHAR",
    "evidence": "VARCHAR",
    "value": "VARCHAR",
    "limit_value": "VARCHAR",
    "other_row": "BIGINT",
    "other_person_id": "BIGINT",
    "source": "VARCHAR",
    "observed_on": "DATE",
    "confidence": "SMALLINT",
    "stake_idr": "BIGINT",
}


def check_payees(engine: Engine, asked: Asked, *, as_of: date, areas: Sequence[str]) -> None:
    """Make `payee_state`, `indication`, `unpaid`, `area_state`, `area_stake` and `area_unpaid`.

    *Input*: `payee_row`, `payee_link`, `determination` (kept determinations), and the release's `person`,
    `family`, `person_lineage`, `family_lineage`, `person_record`, `family_record`. `areas` are codes of provinces,
    regencies, districts or villages in which everybody eligible should be on the list; none: the regencies of the list.
    """
    given: dict[str, Any] = {
        "as_of": as_of,
        "unit": str(asked.unit.value),
        "is_of_families": asked.unit is not Unit.PERSON,
        "by_registered": asked.by_registered,
        "decile_step": asked.decile_step,
        "decile_limit": asked.decile_limit,
        "component_step": asked.component_step,
        "servant_step": asked.servant_step,
        "wage_step": asked.wage_step,
        "oldest_residence": _years_before(as_of, RESIDENCE_COUNTS_YEARS),
    }
    engine.run(_SQL / "005_determined.sql", programme=asked.code)
    _find_repeats(engine, given)
    engine.run(_SQL / "050_payee_state.sql", **given)
    for name in ("060_person_evidence", "070_family_evidence"):
        engine.run(_SQL / f"{name}.sql", **given)
    engine.load("list_period", _periods(engine))
    parts = ("110_by_list", "120_by_person", "130_by_rule")
    for name in parts:
        engine.run(_SQL / f"{name}.sql", **given)
    engine.union([name.split("_", 1)[1] for name in parts], _PART, into="indication_part")
    engine.run(_SQL / "140_indication.sql")
    engine.load("covered_village", _covered_villages(engine, areas))
    engine.run(_SQL / "145_dwelling_family.sql", **given)
    for name in ("150_unpaid", "160_area_state", "170_area_stake", "180_area_unpaid"):
        engine.run(_SQL / f"{name}.sql", **given)


def _find_repeats(engine: Engine, given: dict[str, Any]) -> None:
    engine.run(_SQL / "010_nik_repeat.sql")
    engine.map_batches("SELECT * FROM nik_repeat", compare_names, into="nik_repeat_compared")
    engine.run(_SQL / "020_nik_shared.sql")
    engine.run(_SQL / "030_repeat_key.sql", **given)
    engine.run(_SQL / "040_paid_twice.sql")
    engine.drop("nik_repeat", "repeat_key")


def load_empty_evidence(engine: Engine) -> None:
    """Make empty tables of records and lineage where a release has none, as a synthetic one."""
    for dataset in _NEEDED_FOR_EVIDENCE:
        if not engine.has(dataset.name):
            engine.load(dataset.name, dataset.arrow_schema().empty_table())


def _periods(engine: Engine) -> pa.Table:
    """Give the first day of each period of the list, and the day after its last; one that is no period is left out."""
    named = engine.fetch("SELECT DISTINCT period FROM payee_row WHERE period IS NOT NULL ORDER BY period")
    found = []
    for name in named.column("period").to_pylist():
        try:
            period = read_period(str(name))
        except NotAPeriod:
            continue
        found.append({"period": name, "valid_from": period.valid_from, "valid_until": period.valid_until})
    fields: list[pa.Field[Any]] = [pa.field("period", pa.string())]
    fields += [pa.field(name, pa.date32()) for name in ("valid_from", "valid_until")]
    return pa.Table.from_pylist(found, pa.schema(fields))


def _covered_villages(engine: Engine, areas: Sequence[str]) -> pa.Table:
    of_list = (
        "SELECT DISTINCT regency FROM (SELECT substr(village, 1, 4) AS regency FROM payee_row) WHERE regency <> ''"
    )
    codes = list(areas) or [str(code) for code in engine.fetch(of_list).column("regency").to_pylist()]
    known = villages().column("village").combine_chunks()
    is_covered = pa.array([False] * len(known), pa.bool_())
    for length in {len(code) for code in codes}:
        beginnings = pa.array([code for code in codes if len(code) == length], pa.string())
        is_covered = pc.or_(is_covered, pc.is_in(pc.utf8_slice_codeunits(known, 0, length), value_set=beginnings))
    return pa.table({"village": known.filter(is_covered)})


def _years_before(day: date, years: int) -> date:
    """Give the day some years before; 29 February gives 28.

    >>> _years_before(date(2028, 2, 29), 2)
    datetime.date(2026, 2, 28)
    """
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28 if is_leap_day else day.day)
