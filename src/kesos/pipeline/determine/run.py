"""Determine programmes over a release: derive the facts once, then weigh, rank and sum up each programme."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from kesos.datasets.code import code_sha256
from kesos.datasets.determination import (
    DETERMINATION,
    DETERMINATION_COMPONENT,
    DETERMINATION_CUTOFF,
    DETERMINATION_DATASETS,
    DETERMINATION_PROGRAMME,
    DeterminationManifest,
    DeterminedProgramme,
)
from kesos.datasets.lake import PRIVATE_FOLDER
from kesos.datasets.manifest import FILE_NAME, StoredDataset, StoredFile, file_sha256, read_manifest, stored_file
from kesos.datasets.schema import Dataset
from kesos.pipeline.determine.benefits import amount_sql, are_in_order, components_sql, own_columns, pay_persons
from kesos.pipeline.determine.clauses import Applied, weigh, word_sql
from kesos.pipeline.determine.facts.build import make_facts
from kesos.pipeline.determine.facts.derivation import statement
from kesos.pipeline.determine.facts.request import FactsMade, FactsRequest
from kesos.pipeline.determine.movements import propose_leaving, reasons, seat_units
from kesos.pipeline.determine.programme_folder import choose_programmes
from kesos.pipeline.determine.quotas import read_quotas
from kesos.pipeline.determine.ranking import rank
from kesos.pipeline.determine.request import Determined, DetermineRequest, NotFound, NotInForce, inputs_sha256
from kesos.pipeline.determine.store import INPUTS, PROGRAMMES, building, determinations, keep, require_name
from kesos.pipeline.determine.summary import sum_up
from kesos.pipeline.determine.unit_rows import line_up
from kesos.pipeline.engine import PARQUET_OF_CODES, Engine
from kesos.policy.programme import InForce
from kesos.policy.published import ProgrammeOn, programme_on
from kesos.policy.vocabulary.vocabulary import load_vocabulary, receives

_DIGEST: Final = 8
_FILE_MODE: Final = 0o600
_BESIDE: Final = {
    "ranked_row": "SELECT place, CAST(rank AS INTEGER) AS rank, rank <= quota AS has_place FROM ranked",
    "leaving_row": "SELECT place, reason, is_protected FROM leaving",
    "benefit_row": "SELECT place, paid_idr, paid_is_open FROM person_benefit",
}
"""What stands beside the rows of `standing`; the last only where persons are paid for."""

_OF_PROGRAMME: Final = (
    *("standing", "seat", "quota", "ranked", "cutoff", "paid_person", "person_benefit", "leaving"),
    *_BESIDE,
)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is fixed before anything is computed; the manifest has no datasets yet."""

    request: DetermineRequest
    rules: Mapping[str, ProgrammeOn]
    quotas: Mapping[str, Mapping[str, int]]
    manifest: DeterminationManifest

    @property
    def as_of(self) -> date:
        """Give the day of the determination."""
        return self.manifest.as_of


def determine(request: DetermineRequest) -> Determined:
    """Determine programmes, and keep what comes out beside the release, whole or not at all.

    The same inputs give the same bytes; under a name that is kept already they are compared. These are determinations:
    a decision has the signature of the authority. *Cost*: about 20 s and 4 GB for 3 million families, 10 million
    persons and 10 programmes on 2 cores. *Raises* NoSuchRelease, UnknownProgramme, ProgrammeNotInForce, the refusals of
    rules and of files that were handed in, NotADeterminationName, DeterminesOtherwise.
    """
    plan, left_out = _plan(request)
    with building(request.lake, request.release) as folder:
        with Engine(
            memory=request.memory, threads=request.threads, spill_parent=folder, on_step=request.on_step
        ) as engine:
            made = make_facts(engine, _facts_request(plan))
            not_found = _not_found(made)
            datasets, summary = _determine_into(folder, engine, plan)
            steps = tuple(engine.steps)
        _keep_texts(folder, plan)
        manifest = plan.manifest.model_copy(update={"datasets": datasets})
        manifest.write(folder)
        (folder / FILE_NAME).chmod(_FILE_MODE)
        is_new = keep(request.lake, folder, manifest)
    return Determined(
        manifest=manifest,
        folder=determinations(request.lake, request.release) / manifest.name,
        is_new=is_new,
        summary=summary,
        left_out=left_out,
        members=made.members,
        not_found=not_found,
        groups_given=request.groups is not None,
        steps=steps,
    )


def _plan(request: DetermineRequest) -> tuple[_Plan, tuple[NotInForce, ...]]:
    folder = request.lake.existing_release(request.release)
    release = read_manifest(folder)
    as_of = request.as_of or release.as_of
    rules, left_out = _rules(request, as_of)
    quotas = read_quotas(request.quotas, request.programmes) if request.quotas is not None else {}
    handed_in = request.handed_in()
    release_sha256 = file_sha256(folder / FILE_NAME)
    digest = inputs_sha256(release_sha256, rules, handed_in, as_of)
    manifest = DeterminationManifest(
        name=require_name(request.name or f"{as_of.isoformat()}-{digest[:_DIGEST]}"),
        release=request.release,
        release_manifest_sha256=release_sha256,
        as_of=as_of,
        programmes={code: _applied_programme(on) for code, on in rules.items()},
        inputs=handed_in,
        inputs_sha256=digest,
        code_sha256=code_sha256(),
        datasets={},
    )
    return _Plan(request, rules, quotas, manifest), left_out


def _rules(request: DetermineRequest, as_of: date) -> tuple[dict[str, ProgrammeOn], tuple[NotInForce, ...]]:
    """Read the rules of the day; one that does not hold is left out, unless it was asked for by name."""
    vocabulary, left_out = load_vocabulary(), []
    chosen = request.programmes
    if request.chosen is not None:
        chosen = choose_programmes(request.programmes, request.chosen)
    rules = {}
    for code, programme in sorted(chosen.items()):
        time = InForce(valid_from=programme.valid_from, valid_until=programme.valid_until)
        if request.chosen is None and not time.holds_on(as_of):
            left_out.append(NotInForce(code, programme.valid_from, programme.valid_until))
            continue
        rules[code] = programme_on(programme, as_of, vocabulary, codes=request.programmes)
    return rules, tuple(left_out)


def _applied_programme(on: ProgrammeOn) -> DeterminedProgramme:
    return DeterminedProgramme(
        rule_hash=on.rule_hash,
        clauses=tuple(clause.id for clause in on.clauses),
        roles=tuple(clause.role.value for clause in on.clauses),
    )


def _facts_request(plan: _Plan) -> FactsRequest:
    request = plan.request
    folder = request.lake.existing_release(request.release)
    facts = frozenset(name for on in plan.rules.values() for name in on.facts)
    own = frozenset(receives(code) for code in plan.rules)
    return FactsRequest(
        folder=folder,
        manifest=read_manifest(folder),
        as_of=plan.as_of,
        facts=facts | own,
        programmes={code: programme.also_called for code, programme in request.programmes.items()},
        members=request.members,
        stated=request.stated,
        groups=request.groups,
    )


def _determine_into(
    folder: Path, engine: Engine, plan: _Plan
) -> tuple[dict[str, StoredDataset], tuple[dict[str, Any], ...]]:
    """Write every dataset into a folder: a file a programme, and one that sums them up."""
    for dataset in DETERMINATION_DATASETS:
        (folder / dataset.name).mkdir(mode=PRIVATE_FOLDER)
    vocabulary, summary = load_vocabulary(), []
    written: dict[str, list[StoredFile]] = {dataset.name: [] for dataset in DETERMINATION_DATASETS}
    every = {
        code: Applied(on, vocabulary, vocabulary.scope(on.programme.unit, programme_codes=plan.request.programmes))
        for code, on in plan.rules.items()
    }
    lined_up = line_up(engine, every.values())
    for code, joined in every.items():
        applied = replace(joined, lined_up=lined_up.get(joined.programme.unit))
        seat_units(engine, applied, plan.as_of)
        pays_persons = determine_programme(engine, applied, plan.as_of, plan.quotas.get(code))
        engine.view("determined", statement("determined", determined_sql(applied, pays_persons=pays_persons)))
        engine.view("component", statement("component", components_sql(applied, pays_persons=pays_persons)))
        is_sorted = engine.is_ascending("standing", ["unit_id"])
        written[DETERMINATION.name].append(
            _write(engine, folder, "determined", DETERMINATION, code, is_sorted=is_sorted)
        )
        are_sorted = is_sorted and are_in_order(applied, pays_persons=pays_persons)
        written[DETERMINATION_COMPONENT.name].append(
            _write(engine, folder, "component", DETERMINATION_COMPONENT, code, is_sorted=are_sorted)
        )
        written[DETERMINATION_CUTOFF.name].append(_write(engine, folder, "cutoff", DETERMINATION_CUTOFF, code))
        engine.view_parquet("determined_file", [folder / written[DETERMINATION.name][-1].path])
        summary.append(sum_up(engine, applied))
        engine.drop(*_OF_PROGRAMME)
    engine.load("summary", pa.Table.from_pylist(summary, DETERMINATION_PROGRAMME.arrow_schema()))
    written[DETERMINATION_PROGRAMME.name].append(_write(engine, folder, "summary", DETERMINATION_PROGRAMME, None))
    datasets = {
        dataset.name: StoredDataset(
            version=dataset.version,
            rows=sum(file.rows for file in written[dataset.name]),
            files=tuple(written[dataset.name]),
        )
        for dataset in DETERMINATION_DATASETS
    }
    return datasets, tuple(summary)


def determine_programme(engine: Engine, applied: Applied, as_of: date, quotas: Mapping[str, int] | None) -> bool:
    """Make the tables of one programme from the tables of facts and `seat`; tell whether it pays persons.

    They are `standing`, `ranked`, `cutoff`, `leaving` and those of benefits; view `outcome` has them row beside row.
    A case at a desk and a nation in a batch go through here.
    """
    weigh(engine, applied, as_of, own_columns(applied))
    rank(engine, applied, quotas)
    pays_persons = pay_persons(engine, applied)
    propose_leaving(engine, applied)
    rows = dict(_BESIDE if pays_persons else list(_BESIDE.items())[:-1])
    for table, select in rows.items():
        engine.spread(select, over="standing", into=table)
    engine.side_by_side(["standing", *rows], into="outcome")
    return pays_persons


def determined_sql(applied: Applied, *, pays_persons: bool) -> str:
    """Write the rows of dataset `determination` but for the programme, from the tables of `determine_programme`."""
    amount, is_open = amount_sql(applied, pays_persons=pays_persons)
    return f"""
    SELECT
        s.unit_id,
        s.family_id,
        s.eligibility,
        {word_sql(_SELECTION, ("not_ranked", "within_quota", "waiting"))} AS selection,
        s.outcomes,
        s.quota_area,
        s.rank,
        CASE WHEN s.eligibility <> 'not_eligible' THEN {amount} END AS amount_idr,
        s.eligibility <> 'not_eligible' AND ({is_open}) AS amount_open,
        {word_sql(_MOVEMENT, ("leave", "stay", "enter", "none"))} AS movement,
        {word_sql("CASE WHEN NOT s.is_protected THEN s.reason END", reasons(applied))} AS leave_reason,
        COALESCE(s.is_protected, FALSE) AS is_protected
    FROM outcome AS s
    """


_SELECTION: Final = """CASE
            WHEN s.eligibility <> 'eligible' THEN NULL
            WHEN s.rank IS NULL THEN 'not_ranked'
            WHEN s.has_place THEN 'within_quota'
            ELSE 'waiting'
        END"""
_MOVEMENT: Final = """CASE
            WHEN s.is_member IS NULL THEN NULL
            WHEN s.is_member AND s.reason IS NOT NULL AND NOT s.is_protected THEN 'leave'
            WHEN s.is_member THEN 'stay'
            WHEN s.eligibility = 'eligible' AND (s.rank IS NULL OR s.has_place) THEN 'enter'
            ELSE 'none'
        END"""


def _write(
    engine: Engine, folder: Path, table: str, dataset: Dataset, code: str | None, *, is_sorted: bool = False
) -> StoredFile:
    path = folder / dataset.name / f"{code or 'part-00000'}.parquet"
    of_one = {"programme": code} if code else None
    rows = engine.write(table, dataset, path, of_one=of_one, is_sorted=is_sorted, packing=PARQUET_OF_CODES)
    path.chmod(_FILE_MODE)
    return stored_file(path, within=folder, rows=rows)


def _keep_texts(folder: Path, plan: _Plan) -> None:
    """Keep what decided: the text of each programme, and the files that were handed in."""
    for name in (PROGRAMMES, INPUTS):
        (folder / name).mkdir(mode=PRIVATE_FOLDER)
    for code in plan.rules:
        (folder / PROGRAMMES / f"{code}.yaml").write_text(plan.request.text_of(code), encoding="utf-8")
    for kind, path in plan.request.files.items():
        shutil.copyfile(path, folder / INPUTS / f"{kind}{path.suffix}")


def _not_found(made: FactsMade) -> tuple[NotFound, ...]:
    """List the lines of files that were handed in and name nobody whom the release has."""
    rows: list[dict[str, Any]] = [] if made.not_found is None else made.not_found.to_pylist()
    return tuple(NotFound(**row) for row in rows)
