"""Build a release: the one arrangement of the steps, from delivered files to a folder that is never changed again."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Final

import pyarrow as pa

import kesos
from kesos.datasets.catalogue import RELEASE_DATASETS
from kesos.datasets.code import code_sha256
from kesos.datasets.lake import PRIVATE_FOLDER, Lake
from kesos.datasets.manifest import Input, Manifest, Predecessor, StoredDataset, file_sha256, stored_file
from kesos.foundation.errors import Refused
from kesos.foundation.sealing import Sealer
from kesos.pipeline.engine import Engine, Step
from kesos.pipeline.golden.build import build_golden
from kesos.pipeline.golden.precedence import read_precedence
from kesos.pipeline.link.answers import read_answers
from kesos.pipeline.link.by_evidence import release_model_sha256
from kesos.pipeline.link.persons import identify_persons, link_persons
from kesos.pipeline.release.lock import build_lock
from kesos.pipeline.release.prior import load_prior
from kesos.pipeline.release.profiles import require_profile
from kesos.pipeline.release.records import Received, Receiving, load_records
from kesos.pipeline.sources.deliveries import ANSWERS_FILE
from kesos.pipeline.sources.receipt import Receipt
from kesos.pipeline.standardise.records import standardise_records
from kesos.pipeline.validate.expectations import run_expectations
from kesos.reference.areas import villages

_SPILL: Final = ".spill"


class ReleaseExists(Refused):
    """A release is never overwritten."""

    what = "The lake {lake} already holds release {name}."
    remedy = "Give the new one another name, such as {name}-revised; to replace it, remove its folder yourself."


class NothingDelivered(Refused):
    """There is nothing to build of."""

    what = "No delivered file under {folder} counts for a release as of {as_of}."
    remedy = "Put the files there, one folder a source, or choose a later --as-of."


class BrokenExpectation(Refused):
    """The finished tables break what must hold; nothing was released."""

    what = "Release {name} was not made: {broken} of the expectations that must hold are broken ({names})."
    remedy = "Build again with --keep-steps and look at these steps; report it with the numbers only."


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What to build, of what, and with which means. `as_of` is the only clock; null takes the latest delivery day."""

    sources: Path
    name: str
    lake: Lake
    sealer: Sealer
    as_of: date | None = None
    since: str | None = None
    profile: str | None = None
    contracts: tuple[Path, ...] = ()
    seed: int = 1
    memory: str = "8GB"
    threads: int = 2
    keep_steps: Path | None = None
    on_step: Callable[[Step], None] | None = None
    on_receipt: Callable[[Receipt], None] | None = None

    @property
    def answers_file(self) -> Path:
        """Name the file of people's answers about doubtful pairs; it need not be there."""
        return self.sources / ANSWERS_FILE


@dataclass(frozen=True, slots=True)
class Built:
    """A finished release: its manifest, its folder, how each step went, and files that were no tables."""

    manifest: Manifest
    folder: Path
    steps: tuple[Step, ...]
    expectations: tuple[dict[str, object], ...]
    left_aside: tuple[Path, ...]


def build_release(request: BuildRequest) -> Built:
    """Build one release and put it into the lake in one atomic step; on any refusal the releases stay as they were.

    Receipts of files that were taken whole stay too: they are what was delivered, whatever becomes of the build.


    *Raises* ReleaseExists, LakeIsBusy, NothingDelivered, UnknownProfile, UnfittingProfile, OtherKey,
    BrokenExpectation, and what receiving refuses.
    """
    folder = request.lake.release(request.name)
    with build_lock(request.lake):
        # Under the lock: another build may just have made it.
        if folder.exists():
            raise ReleaseExists(lake=request.lake.root, name=request.name)
        building = request.lake.building(request.name)
        building.mkdir(mode=PRIVATE_FOLDER)
        spill = building / _SPILL
        spill.mkdir(mode=PRIVATE_FOLDER)
        if request.keep_steps is not None:
            request.keep_steps.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        try:
            built = _build_into(building, request, spill)
            shutil.rmtree(spill)
            building.replace(folder)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
    return replace(built, folder=folder)


def _build_into(building: Path, request: BuildRequest, spill: Path) -> Built:
    engine = Engine(
        memory=request.memory,
        threads=request.threads,
        spill_parent=spill,
        keep_steps=request.keep_steps,
        on_step=request.on_step,
    )
    with engine:
        receiving = Receiving.of(request.sources, request.contracts)
        counted, as_of = _receive(engine, receiving, request)
        inputs = load_records(engine, receiving.sources, counted, request.sealer)
        predecessor = _make_tables(engine, request, inputs.person_tables, inputs.family_tables)
        expectations = _require_expectations(engine, request.name, as_of)
        stored = {dataset.name: _store(engine, dataset.name, building) for dataset in RELEASE_DATASETS}
        manifest = Manifest(
            name=request.name,
            as_of=as_of,
            profile=request.profile,
            since=predecessor,
            kesos_version=kesos.__version__,
            code_sha256=code_sha256(),
            precedence_sha256=_precedence_sha256(),
            key_generation=request.sealer.generation,
            seed=request.seed,
            model_sha256=release_model_sha256(),
            answers_sha256=_answers_sha256(request.answers_file),
            inputs=inputs.inputs,
            counts=_counts(engine, inputs.inputs),
            datasets=stored,
        )
        manifest.write(building)
        return Built(manifest, building, tuple(engine.steps), expectations, receiving.left_aside)


def _receive(engine: Engine, receiving: Receiving, request: BuildRequest) -> tuple[list[Received], date]:
    """Receive all files, and choose those that count as of the day of the release."""
    with engine.timed("receive") as step:
        received = receiving.receive_all(request.lake.root, request.sealer, request.on_receipt)
        step.rows = sum(one.receipt.rows_in for one in received)
    as_of = request.as_of or max((one.receipt.delivered_on for one in received), default=date.min)
    counted = [one for one in received if one.receipt.delivered_on <= as_of]
    if not counted:
        raise NothingDelivered(folder=request.sources, as_of=as_of)
    if request.profile is not None:
        require_profile(request.profile, receiving.about(counted))
    return counted, as_of


def _make_tables(
    engine: Engine, request: BuildRequest, person_tables: Sequence[str], family_tables: Sequence[str]
) -> Predecessor | None:
    standardise_records(engine, person_tables=person_tables, family_tables=family_tables)
    engine.drop(*person_tables, *family_tables)
    predecessor = load_prior(engine, request.lake, request.since, key_generation=request.sealer.generation)
    link_persons(engine, request.sealer, answers=read_answers(request.answers_file), seed=request.seed)
    identify_persons(engine, release=request.name)
    build_golden(engine, precedence=read_precedence(), sealer=request.sealer, release=request.name)
    return predecessor


def _require_expectations(engine: Engine, name: str, as_of: date) -> tuple[dict[str, object], ...]:
    codes = villages().column("village").combine_chunks()
    engine.load("known_village", pa.table({"village": codes}))
    broken = run_expectations(engine, as_of=as_of.isoformat())
    rows = tuple(engine.fetch("SELECT * FROM expectation ORDER BY expectation").to_pylist())
    if broken:
        names = ", ".join(str(row["expectation"]) for row in rows if row["severity"] == "must" and row["failing"])
        raise BrokenExpectation(name=name, broken=broken, names=names)
    return rows


def _store(engine: Engine, name: str, building: Path) -> StoredDataset:
    dataset = next(one for one in RELEASE_DATASETS if one.name == name)
    folder = building / name
    folder.mkdir(mode=PRIVATE_FOLDER)
    path = folder / "part-00000.parquet"
    rows = engine.write(name, dataset, path)
    path.chmod(0o600)
    return StoredDataset(version=dataset.version, rows=rows, files=(stored_file(path, within=building, rows=rows),))


def _answers_sha256(file: Path) -> str | None:
    return file_sha256(file) if file.is_file() else None


def _precedence_sha256() -> str:
    return hashlib.sha256((files("kesos.pipeline.golden") / "precedence.yaml").read_bytes()).hexdigest()


def _counts(engine: Engine, inputs: Sequence[Input]) -> dict[str, int]:
    """Count what a release is about: rows in, rows kept and set aside, people, families, dwellings, links."""
    linked = engine.fetch("SELECT count(*) AS n FROM person_record WHERE link_rule <> 'founder'")
    living = engine.fetch("SELECT count(*) AS n FROM family WHERE active_members > 0")
    return {
        "rows_in": sum(one.rows_in for one in inputs),
        "rows_quarantined": sum(one.rows_quarantined for one in inputs),
        "person_records": engine.count("person_record"),
        "family_records": engine.count("family_record"),
        "linked_records": int(linked.column("n")[0].as_py()),
        "nik_contradictions": engine.count("nik_contradiction"),
        "persons": engine.count("person"),
        "families": engine.count("family"),
        "families_with_members": int(living.column("n")[0].as_py()),
        "dwellings": engine.count("dwelling"),
        "issues": engine.count("issue"),
    }
