"""Rotate the identity key: a lake is sealed anew beside itself, then both change places; a kill loses nothing.

The folder `<lake>/rotation` first fills with the new receipts and releases. When all is there, the new key is stored
beside the old one and the mark `prepared` is set. From then on only renames are left, each safe to repeat: whatever
interrupts them, the next `kesos key rotate` ends them. Before the mark, the next one starts anew.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import pyarrow as pa
from pyarrow import parquet

from kesos.datasets.lake import PRIVATE_FOLDER, Lake
from kesos.datasets.manifest import Manifest, StoredDataset, StoredFile, file_sha256, read_manifest, stored_file
from kesos.foundation.columns import Values
from kesos.foundation.columns import compute as pc
from kesos.foundation.errors import Refused
from kesos.foundation.sealing import Sealer, load_key, next_generation, store_key
from kesos.pipeline.release.lock import ROTATION, ROTATION_ENDED, build_lock
from kesos.pipeline.release.reseal import BatchChange, KeyChange, reindexed, rewrite
from kesos.pipeline.sources.catalogue import SourceFolder
from kesos.pipeline.sources.receipt import (
    QUARANTINE_FILE,
    RECEIPT_FILE,
    ROWS_FILE,
    Receipt,
    read_receipt,
    write_receipt,
)

_PREPARED: Final = "prepared"
_PARTS: Final = ("receipts", "releases")
# Columns of a release that hold blind indexes; `identity` holds the number behind each.
_INDEXED: Final[Mapping[str, tuple[str, ...]]] = {
    "person_record": ("nik_index", "kk_index"),
    "family_record": ("kk_index", "pln_index"),
}


class NoContractOfReceipt(Refused):
    """Nobody says which columns of a receipt hold numbers."""

    what = "{name} was received under a contract of source {source} that is not at hand."
    remedy = "Give the folder of that contract with --contracts, as when the file was received."


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did: the generation in force now, and how much was sealed anew."""

    generation: int
    receipts: int
    releases: int


def rotate_key(lake: Lake, key_file: Path, sources: Mapping[str, SourceFolder]) -> Rotated:
    """Draw the next key, seal every receipt and release of a lake anew, and put both into force.

    A lake that still lies under an earlier generation, because the key was rotated together with another lake, is
    brought up to the key in force instead. The key that was replaced stays beside the new one, as
    `<key file>.generation-N`, until no lake needs it.

    `sources` tells which columns of a receipt hold which numbers. *Raises* LakeIsBusy, NoContractOfReceipt, what
    reading the key refuses, and SealBroken where something does not open; then the lake and the key stay as they were.
    """
    work = lake.root / ROTATION
    with build_lock(lake, may_rotate=True):
        if not (work / _PREPARED).exists():
            shutil.rmtree(work, ignore_errors=True)
            _next_key(key_file).unlink(missing_ok=True)
            _prepare(lake, work, key_file, sources)
        _put_into_force(lake, work, key_file)
    receipts = len(list(lake.receipts.glob(f"*/*/*/{RECEIPT_FILE}")))
    return Rotated(load_key(key_file).generation, receipts, len(lake.release_names()))


def _next_key(key_file: Path) -> Path:
    return key_file.with_name(key_file.name + ".next")


def _replaced_key(key_file: Path, generation: int | None) -> Path:
    return key_file.with_name(f"{key_file.name}.generation-{generation}")


def _generation_of(lake: Lake) -> int | None:
    """Find the generation that a lake is sealed under; null if nothing is."""
    pages = lake.receipts.glob(f"*/*/*/{RECEIPT_FILE}")
    generations = {read_receipt(page.parent).key_generation for page in pages}
    generations |= {read_manifest(lake.release(name)).key_generation for name in lake.release_names()}
    return min(generations, default=None)


def _prepare(lake: Lake, work: Path, key_file: Path, sources: Mapping[str, SourceFolder]) -> None:
    in_force = load_key(key_file)
    sealed_under = _generation_of(lake)
    is_behind = sealed_under is not None and sealed_under < in_force.generation
    old = load_key(_replaced_key(key_file, sealed_under)) if is_behind else in_force
    new = in_force if is_behind else next_generation(in_force)
    change = KeyChange(Sealer(old), Sealer(new))
    for part in _PARTS:
        (work / part).mkdir(mode=PRIVATE_FOLDER, parents=True)
    for page in sorted(lake.receipts.glob(f"*/*/*/{RECEIPT_FILE}")):
        target = work / "receipts" / page.parent.relative_to(lake.receipts)
        _reseal_receipt(page.parent, target, change, sources)
    hashes: dict[str, str] = {}
    for name in lake.release_names():
        _reseal_release(lake.release(name), work / "releases" / name, change, hashes)
    if not is_behind:
        store_key(new, _next_key(key_file))
    (work / _PREPARED).touch(mode=0o600)


def _put_into_force(lake: Lake, work: Path, key_file: Path) -> None:
    for part in _PARTS:
        anew, in_force, before = work / part, lake.root / part, work / f"old-{part}"
        if anew.exists():
            # Whoever locks the lake makes missing folders: after a kill between the two, an empty one stands in force.
            if in_force.exists() and not before.exists():
                in_force.replace(before)
            anew.replace(in_force)
    if _next_key(key_file).exists():
        replaced = load_key(key_file)
        # A copy first, then one atomic replacement: at no moment is there no key, and none is ever lost.
        _replaced_key(key_file, replaced.generation).unlink(missing_ok=True)
        store_key(replaced, _replaced_key(key_file, replaced.generation))
        _next_key(key_file).replace(key_file)
    # Under its last name the folder is no rotation under way any more; whoever locks the lake next removes it.
    work.replace(lake.root / ROTATION_ENDED)
    shutil.rmtree(lake.root / ROTATION_ENDED)


def _reseal_receipt(folder: Path, target: Path, change: KeyChange, sources: Mapping[str, SourceFolder]) -> None:
    target.mkdir(mode=PRIVATE_FOLDER, parents=True)
    receipt = read_receipt(folder)
    fields = _sealed_fields(receipt, sources)
    rewrite(folder / ROWS_FILE, target / ROWS_FILE, lambda batch: change.rows(batch, fields))
    rewrite(folder / QUARANTINE_FILE, target / QUARANTINE_FILE, change.quarantine)
    write_receipt(replace(receipt, key_generation=change.new.generation), target)


def _sealed_fields(receipt: Receipt, sources: Mapping[str, SourceFolder]) -> dict[str, str]:
    source = sources.get(receipt.source)
    tables = source.contract.files if source else {}
    columns = tables[receipt.file].columns if receipt.file in tables else {}
    if not columns.keys() >= set(receipt.columns):
        raise NoContractOfReceipt(name=receipt.original_name, source=receipt.source)
    return {name: columns[name].sealed_field for name in receipt.columns if columns[name].is_sealed}


def _reseal_release(folder: Path, target: Path, change: KeyChange, hashes: dict[str, str]) -> None:
    target.mkdir(mode=PRIVATE_FOLDER)
    manifest = read_manifest(folder)
    datasets = {name: _link(folder, target, stored) for name, stored in manifest.datasets.items()}
    for name in ("identity", "quarantine"):
        transform = change.identity if name == "identity" else change.quarantine
        if name in datasets:
            datasets[name] = _rewritten(folder, target, manifest.datasets[name], transform)
    old, new = _index_pairs(folder, target, manifest)
    for name, columns in _INDEXED.items():
        if name in datasets:
            reindex = partial(reindexed, old=old, new=new, columns=columns)
            datasets[name] = _rewritten(folder, target, manifest.datasets[name], reindex)
    since = manifest.since
    if since is not None:
        since = since.model_copy(update={"manifest_sha256": hashes.get(since.manifest_sha256, since.manifest_sha256)})
    update = {"datasets": datasets, "key_generation": change.new.generation, "since": since}
    manifest.model_copy(update=update).write(target)
    hashes[file_sha256(folder / "manifest.json")] = file_sha256(target / "manifest.json")
    if (folder / "run.json").exists():
        os.link(folder / "run.json", target / "run.json")


def _link(folder: Path, target: Path, stored: StoredDataset) -> StoredDataset:
    """Give unchanged files a second name; those that change are replaced afterwards."""
    for file in stored.files:
        (target / file.path).parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        os.link(folder / file.path, target / file.path)
    return stored


def _rewritten(folder: Path, target: Path, stored: StoredDataset, change: BatchChange) -> StoredDataset:
    files: list[StoredFile] = []
    for file in stored.files:
        path = target / file.path
        path.unlink()
        rows = rewrite(folder / file.path, path, change)
        files.append(stored_file(path, within=target, rows=rows))
    return stored.model_copy(update={"files": tuple(files)})


def _index_pairs(folder: Path, target: Path, manifest: Manifest) -> tuple[Values, Values]:
    """List every blind index of a release beside its successor; both files hold the numbers in one order."""

    def column(root: Path) -> Values:
        paths = [root / file.path for file in manifest.datasets["identity"].files]
        parts = [parquet.read_table(path, columns=["blind_index"]) for path in paths]
        return pa.concat_tables(parts).column("blind_index").combine_chunks()

    old, new = column(folder), column(target)
    distinct: Values = pc.unique(old)
    return distinct, new.take(pc.index_in(distinct, value_set=old))
