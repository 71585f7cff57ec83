"""Rotating the key: all is sealed anew, nothing else changes, and whatever interrupts it the next rotation ends it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyarrow import parquet

from kesos.datasets.lake import Lake
from kesos.datasets.manifest import file_sha256, read_manifest
from kesos.foundation.sealing import SealBroken, Sealer, load_key, store_key
from kesos.pipeline.release.build import Built
from kesos.pipeline.release.lock import LakeIsBusy, RotationUnfinished, build_lock
from kesos.pipeline.release.prior import OtherKey
from kesos.pipeline.release.rotate import NoContractOfReceipt, Rotated, rotate_key
from kesos.pipeline.release.verify import verify_release
from kesos.pipeline.sources.catalogue import find_sources
from kesos.pipeline.sources.receipt import ReceiptUnderOtherKey
from unit.pipeline.release.neighbourhood import NUMBERS, deliver_all
from unit.pipeline.release.small_lake import KEY, SEALER, Row, build, files_below, fingerprint, ids_by_name, rows

INDEXED = {
    ("person_record", "nik_index"): "nik", ("person_record", "kk_index"): "kk", ("family_record", "kk_index"): "kk",
    ("family_record", "pln_index"): "pln",
}  # fmt: skip


class Killed(BaseException):
    """Stands for the end of the process: nothing may catch it."""


@dataclass(frozen=True)
class Site:
    """A lake with two releases, its sources and its key."""

    root: Path

    @property
    def lake(self) -> Lake:
        return Lake(self.root / "lake")

    @property
    def key(self) -> Path:
        return self.root / "identity.key"

    def rotate(self) -> Rotated:
        return rotate_key(self.lake, self.key, find_sources(()))

    def sealer(self) -> Sealer:
        return Sealer(load_key(self.key))

    def build(self, name: str, **more: object) -> Built:
        return build(self.root / "src", self.lake.root, name, sealer=self.sealer(), **more)

    def rows(self, dataset: str, release: str = "2026-T3") -> list[Row]:
        found: list[Row] = parquet.read_table(self.lake.release(release) / dataset / "part-00000.parquet").to_pylist()
        return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("rotation"))
    store_key(KEY, site.key)
    deliver_all(site.root / "src")
    site.build("2026-T2")
    site.build("2026-T3", since="2026-T2")
    return site


@pytest.fixture
def site(made: Site, tmp_path: Path) -> Site:
    shutil.copytree(made.root, tmp_path / "site")
    return Site(tmp_path / "site")


def test_rotate_seals_all_anew_and_the_releases_verify(made: Site, site: Site) -> None:
    old = {row["ciphertext"] for row in site.rows("identity")}

    rotated = site.rotate()

    assert rotated == Rotated(generation=2, receipts=6, releases=2)
    assert [verify_release(site.lake, name) for name in ("2026-T2", "2026-T3")] == [[], []]
    assert not (site.lake.root / "rotation").exists()
    assert site.key.stat().st_mode & 0o777 == 0o600
    identity = site.rows("identity")
    new_key = site.sealer()
    opened = {new_key.unseal(row["ciphertext"], row["field"], row["subject_id"]) for row in identity}
    assert opened == {*NUMBERS[:8], *NUMBERS[9:14], "530112349001"}
    assert not old & {row["ciphertext"] for row in identity}
    for row in identity:
        number = new_key.unseal(row["ciphertext"], row["field"], row["subject_id"])
        assert row["blind_index"] == new_key.blind_index(number, row["field"])
        with pytest.raises(SealBroken):
            SEALER.unseal(row["ciphertext"], row["field"], row["subject_id"])
    assert {path.stat().st_mode & 0o077 for path in site.lake.root.rglob("*.parquet")} == {0}
    assert made.rows("person") == site.rows("person")


def test_rotate_leaves_no_ciphertext_or_index_of_the_old_key_anywhere(made: Site, site: Site) -> None:
    def sealed(where: Site) -> set[bytes]:
        tables = [parquet.read_table(path) for path in files_below(where.lake.root) if path.suffix == ".parquet"]
        columns = [column for table in tables for column in table.columns if column.type in ("binary", "large_binary")]
        return {value for column in columns for value in column.to_pylist() if value is not None}

    before = sealed(made)
    site.rotate()

    assert len(before) > 40
    assert before & sealed(site) == set()
    content = b"".join(path.read_bytes() for path in files_below(site.lake.root))
    assert not any(value in content for value in before if len(value) == 32)


def test_rotate_keeps_every_blind_index_joined_to_identity(site: Site) -> None:
    site.rotate()

    known = {(row["field"], row["blind_index"]) for row in site.rows("identity")}
    seen = {
        (field, row[column])
        for (dataset, column), field in INDEXED.items()
        for row in site.rows(dataset)
        if row[column] is not None
    }
    assert len(seen) == 14
    assert seen <= known


def test_rotate_keeps_the_chain_of_manifests(site: Site) -> None:
    site.rotate()

    since = read_manifest(site.lake.release("2026-T3")).since
    assert since is not None
    assert since.manifest_sha256 == file_sha256(site.lake.release("2026-T2") / "manifest.json")
    assert {read_manifest(site.lake.release(name)).key_generation for name in ("2026-T2", "2026-T3")} == {2}


def test_rotate_changes_no_identifier_of_the_next_release_and_receives_nothing_twice(site: Site) -> None:
    before = [(row["name_normal"], row["person_id"], row["family_id"]) for row in site.rows("person")]
    site.rotate()
    new: list[bool] = []

    after = site.build("2026-T4", since="2026-T3", on_receipt=lambda receipt: new.append(receipt.is_new))

    assert ids_by_name(after) == sorted(before)
    assert {row["founded_in"] for row in rows(after, "identifier")} == {"2026-T2"}
    assert new == [False] * 6


def test_rotate_twice_gives_the_third_generation(site: Site) -> None:
    site.rotate()

    assert site.rotate().generation == 3
    assert verify_release(site.lake, "2026-T3") == []


def test_since_a_release_under_another_generation_is_refused(site: Site) -> None:
    site.rotate()
    shutil.rmtree(site.lake.receipts)

    with pytest.raises(OtherKey) as refusal:
        build(site.root / "src", site.lake.root, "2026-T4", sealer=SEALER, since="2026-T3")

    assert refusal.value.fields == {"name": "2026-T3", "theirs": 2, "ours": 1}


def test_receipt_under_another_generation_is_refused(site: Site) -> None:
    site.rotate()

    with pytest.raises(ReceiptUnderOtherKey):
        build(site.root / "src", site.lake.root, "2026-T4", sealer=SEALER)


def interrupt(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """End the process at the rename after `after` renames; renames are all that a prepared rotation does."""
    done = 0
    replace, rename = Path.replace, os.replace

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **more: object) -> object:
            nonlocal done
            done += 1
            if done > after:
                raise Killed
            return real(*arguments, **more)

        return call

    monkeypatch.setattr(Path, "replace", counted(replace))
    monkeypatch.setattr(os, "replace", counted(rename))


@pytest.mark.parametrize("after", [0, 1, 2, 3, 4, 5])
def test_rotation_killed_between_two_renames_is_ended_by_the_next_one(
    site: Site, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    with monkeypatch.context() as patch:
        interrupt(patch, after)
        with pytest.raises(Killed):
            site.rotate()

    with pytest.raises(RotationUnfinished):
        site.build("2026-T4")
    rotated = site.rotate()

    assert rotated == Rotated(generation=2, receipts=6, releases=2)
    assert [verify_release(site.lake, name) for name in ("2026-T2", "2026-T3")] == [[], []]
    assert sorted(path.name for path in site.root.iterdir()) == [
        "identity.key",
        "identity.key.generation-1",
        "lake",
        "src",
    ]
    assert not (site.lake.root / "rotation").exists()
    sealer = site.sealer()
    assert all(sealer.unseal(row["ciphertext"], row["field"], row["subject_id"]) for row in site.rows("identity"))
    assert ids_by_name(site.build("2026-T4", since="2026-T3"))[0][0] == "AGUS WIJAYA"


def test_rotation_killed_before_it_was_prepared_starts_anew(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(site.lake.releases)

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(os, "link", killed)
        with pytest.raises(Killed):
            site.rotate()

    assert fingerprint(site.lake.releases) == before
    assert load_key(site.key).generation == 1
    assert site.rotate().generation == 2
    assert verify_release(site.lake, "2026-T3") == []


def test_rotate_while_a_build_holds_the_lake_is_refused(site: Site) -> None:
    with build_lock(site.lake), pytest.raises(LakeIsBusy):
        site.rotate()

    assert load_key(site.key).generation == 1


def test_rotate_without_the_contract_of_a_receipt_is_refused_and_changes_nothing(site: Site) -> None:
    before = fingerprint(site.lake.releases)
    sources = {name: source for name, source in find_sources(()).items() if name != "owner_list"}

    with pytest.raises(NoContractOfReceipt) as refusal:
        rotate_key(site.lake, site.key, sources)

    assert refusal.value.fields["source"] == "owner_list"
    assert (load_key(site.key).generation, fingerprint(site.lake.releases)) == (1, before)


def test_rotation_of_a_second_lake_under_one_key_brings_it_up_to_the_key_in_force(site: Site) -> None:
    shutil.copytree(site.lake.root, site.root / "second")
    second = Site(site.root)
    second_lake = Lake(site.root / "second")
    site.rotate()

    with pytest.raises(ReceiptUnderOtherKey):
        build(second.root / "src", second_lake.root, "2026-T4", sealer=second.sealer(), since="2026-T3")
    rotated = rotate_key(second_lake, second.key, find_sources(()))

    assert (rotated.generation, load_key(second.key).generation) == (2, 2)
    assert verify_release(second_lake, "2026-T3") == []
    first, other = (lake.release("2026-T3") / "identity" / "part-00000.parquet" for lake in (site.lake, second_lake))
    assert parquet.read_table(first).equals(parquet.read_table(other))


def test_rotation_keeps_the_key_that_it_replaced_until_no_lake_needs_it(site: Site) -> None:
    site.rotate()

    kept = load_key(site.key.with_name("identity.key.generation-1"))

    assert (kept.seal_key, kept.index_key, kept.row_key) == (KEY.seal_key, KEY.index_key, KEY.row_key)
