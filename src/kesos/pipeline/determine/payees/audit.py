"""Audit a payee list: the one arrangement of reading, linking and checking; what comes out are tables, no files."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from kesos.datasets.lake import Lake
from kesos.datasets.manifest import Manifest, read_manifest
from kesos.datasets.release_files import dataset_files
from kesos.foundation.columns import Values, map_distinct, one_chunk
from kesos.foundation.columns import compute as pc
from kesos.foundation.errors import Refused
from kesos.foundation.masking import mask_nik
from kesos.foundation.sealing import Sealer
from kesos.foundation.yaml_text import BothLanguages
from kesos.pipeline.determine.payees.asked import Asked
from kesos.pipeline.determine.payees.checks import check_payees, load_empty_evidence
from kesos.pipeline.determine.payees.determined import Determination
from kesos.pipeline.determine.payees.figures import RegencyFigures, figures_of
from kesos.pipeline.determine.payees.linking import link_payees
from kesos.pipeline.determine.payees.listed import LoadedList, load_list
from kesos.pipeline.determine.payees.truth import IndicationScore, score_indications
from kesos.pipeline.engine import Engine, Step
from kesos.pipeline.sources.catalogue import SourceFolder
from kesos.pipeline.sources.contract import Contract, Kind
from kesos.pipeline.sources.deliveries import Delivery
from kesos.pipeline.sources.sealed_rows import AT_RECEIPT, ROW_FIELD
from kesos.pipeline.validate.reasons import limit_of

OTHER_PROGRAMME: Final = "other_programme"
"""Reason for which a row is set aside that no source has: it names another programme, or a stopped membership."""

_OF_RELEASE: Final = (
    "person", "family", "identity", "membership", "person_lineage", "family_lineage", "person_record", "family_record",
)  # fmt: skip
_VILLAGE_DIGITS: Final = 10


class ReleaseUnderOtherKey(Refused):
    """A release whose numbers were sealed with another generation of the identity key finds nobody by NIK."""

    what = "Release {release} was sealed with key generation {sealed}; the key at hand is generation {at_hand}."
    remedy = "Use the key of that generation, or build the release anew with this one."


@dataclass(frozen=True, slots=True)
class AuditRequest:
    """Which list is to be audited against which release, by which determinations. `areas`: see `check_payees`."""

    delivery: Delivery
    lake: Lake
    release: str
    determination: Determination
    sources: Mapping[str, SourceFolder]
    sealer: Sealer
    areas: tuple[str, ...] = ()
    truth: Path | None = None
    memory: str = "6GB"
    threads: int = 2
    on_step: Callable[[Step], None] | None = None


@dataclass(frozen=True, slots=True)
class AuditedList:
    """A list audited. `rows_in` = `rows_audited` + `rows_set_aside`.

    Tables: `indications` one row of the list and indication, `unpaid` one unit that is eligible and not on the list,
    `set_aside` one reason for which a
    row was set aside. NIKs are masked. `regencies` are the figures.
    """

    list_name: str
    list_sha256: str
    delivered_on: date
    release: str
    as_of: date
    programme: str
    programme_name: BothLanguages
    determination: str
    asked: Asked
    rows_in: int
    rows_audited: int
    rows_set_aside: int
    link_rules: tuple[tuple[str, int | None, int], ...]
    indications: pa.Table
    unpaid: pa.Table
    set_aside: pa.Table
    regencies: tuple[RegencyFigures, ...]
    scores: tuple[IndicationScore, ...]


def audit_list(request: AuditRequest) -> AuditedList:
    """Audit a list in a private folder that is removed afterwards; nothing of it stays in the lake.

    *Raises* NoSuchRelease, ReleaseUnderOtherKey, what receiving refuses, NotAPayeeList, ListOfOtherProgramme.
    """
    folder = request.lake.existing_release(request.release)
    manifest = read_manifest(folder)
    if manifest.key_generation != request.sealer.generation:
        at_hand = request.sealer.generation
        raise ReleaseUnderOtherKey(release=request.release, sealed=manifest.key_generation, at_hand=at_hand)
    with (
        tempfile.TemporaryDirectory(prefix="kesos-audit-") as private,
        Engine(
            memory=request.memory, threads=request.threads, spill_parent=Path(private), on_step=request.on_step
        ) as engine,
    ):
        _view_release(engine, folder, manifest)
        judged = request.determination
        listed = load_list(
            engine,
            request.delivery,
            programme_names={judged.programme.code: judged.programme.also_called},
            sources=request.sources,
            sealer=request.sealer,
            folder=Path(private),
        )
        link_payees(engine)
        engine.view_parquet("determination", judged.files)
        check_payees(engine, judged.asked, as_of=judged.as_of, areas=request.areas)
        scores = _scores(engine, request, manifest, listed)
        return _gather(engine, request, listed, scores)


def _scores(
    engine: Engine, request: AuditRequest, manifest: Manifest, listed: LoadedList
) -> tuple[IndicationScore, ...]:
    if request.truth is None:
        return ()
    return score_indications(
        engine, manifest, request.determination, listed.receipt, truth=request.truth, sealer=request.sealer
    )


def _view_release(engine: Engine, folder: Path, manifest: Manifest) -> None:
    for name in _OF_RELEASE:
        if paths := dataset_files(folder, manifest, name):
            engine.view_parquet(name, paths)
    load_empty_evidence(engine)


def _gather(
    engine: Engine, request: AuditRequest, listed: LoadedList, scores: tuple[IndicationScore, ...]
) -> AuditedList:
    indications = engine.fetch(
        "SELECT * FROM indication ORDER BY regency, district, village, line_number, indication, other_line"
    )
    judged = request.determination
    set_aside = _in_only_regency(_set_aside(engine, listed, request.sealer), engine)
    return AuditedList(
        list_name=listed.receipt.original_name,
        list_sha256=listed.receipt.sha256,
        delivered_on=listed.receipt.delivered_on,
        release=request.release,
        as_of=judged.as_of,
        programme=judged.programme.code,
        programme_name=judged.programme.name,
        determination=judged.name,
        asked=judged.asked,
        rows_in=listed.rows_in,
        rows_audited=listed.rows_audited,
        rows_set_aside=listed.rows_set_aside,
        link_rules=_link_rules(engine),
        indications=_with_masked_nik(indications, request.sealer),
        unpaid=engine.fetch(_UNPAID),
        set_aside=set_aside,
        regencies=figures_of(
            engine.fetch("area_state"), engine.fetch("area_stake"), engine.fetch("area_unpaid"), set_aside
        ),
        scores=scores,
    )


_UNPAID: Final = """
    SELECT *
    FROM unpaid
    WHERE eligibility = 'eligible'
    ORDER BY regency, district, village, rank, unit_id
"""


def _in_only_regency(set_aside: pa.Table, engine: Engine) -> pa.Table:
    """Put rows that name no regency to the one regency that the list has, if it has one."""
    named = engine.fetch("SELECT DISTINCT substr(village, 1, 4) AS regency FROM payee_state WHERE village IS NOT NULL")
    if named.num_rows != 1:
        return set_aside
    column = set_aside.column("regency")
    only = pc.if_else(pc.equal(column, ""), named.column("regency")[0], column)
    return set_aside.set_column(set_aside.column_names.index("regency"), "regency", only)


def _link_rules(engine: Engine) -> tuple[tuple[str, int | None, int], ...]:
    counted = engine.fetch(
        "SELECT rule, confidence, count(*) AS n FROM payee_link GROUP BY rule, confidence ORDER BY rule, confidence"
    )
    return tuple((row["rule"], row["confidence"], row["n"]) for row in counted.to_pylist())


def _with_masked_nik(indications: pa.Table, sealer: Sealer) -> pa.Table:
    """Put the NIK as it may be shown in the place of the sealed one."""
    masked = map_distinct(
        indications.column("nik_sealed"),
        lambda sealed: mask_nik(sealer.unseal(sealed, "nik", AT_RECEIPT)),
        pa.string(),
    )
    place = indications.column_names.index("nik_sealed")
    return indications.set_column(place, "nik_masked", masked)


def _set_aside(engine: Engine, listed: LoadedList, sealer: Sealer) -> pa.Table:
    """List why rows were set aside, in the order of the file; the regency is read from the sealed row."""
    rows = engine.fetch("SELECT * FROM set_aside_row ORDER BY row_number, field, reason")
    file = listed.contract.file(listed.receipt.file)
    places = _regencies_of_rows(one_chunk(rows.column("row_sealed")), listed.contract, listed.receipt.file, sealer)
    found = [
        {
            "regency": regency,
            "row_number": row["row_number"],
            "line_number": row["line_number"],
            "field": row["field"],
            "reason": row["reason"],
            "value_shown": row["value_shown"],
            "limit_value": limit_of(row["reason"], row["field"], file, listed.receipt.delivered_on),
        }
        for row, regency in zip(rows.to_pylist(), places, strict=True)
    ]
    others = engine.fetch("SELECT * FROM other_programme_row ORDER BY row_number").to_pylist()
    found += [
        {
            "regency": (row["village"] or "")[:4],
            "row_number": row["row_number"],
            "line_number": row["line_number"],
            "field": "",
            "reason": OTHER_PROGRAMME,
            "value_shown": row["programme"],
            "limit_value": "",
        }
        for row in others
    ]
    whole = {"source": listed.receipt.source, "file": listed.receipt.file}
    texts = ("source", "file", "regency", "field", "reason", "value_shown", "limit_value")
    numbers = ("row_number", "line_number")
    fields: list[pa.Field[Any]] = [pa.field(name, pa.string()) for name in texts]
    fields += [pa.field(name, pa.int64()) for name in numbers]
    return pa.Table.from_pylist([whole | row for row in found], pa.schema(fields))


def _regencies_of_rows(sealed: Values, contract: Contract, file: str, sealer: Sealer) -> Sequence[str]:
    """Read the regency that a row set aside names; empty where it names none that could be read."""
    columns = [name for name, column in contract.file(file).columns.items() if column.kind is Kind.VILLAGE]
    found = []
    for value in sealed.to_pylist():
        row = {} if value is None else json.loads(sealer.unseal(value, ROW_FIELD, AT_RECEIPT))
        texts = [str(row.get(name) or "") for name in columns] if isinstance(row, dict) else []
        digits = ["".join(sign for sign in text if sign.isdigit()) for text in texts]
        found.append(next((code[:4] for code in digits if len(code) == _VILLAGE_DIGITS), ""))
    return found
