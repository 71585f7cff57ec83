"""The layout of a lake and the manifest of a release."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from kesos.datasets.lake import Lake, NoReleaseYet, NoSuchRelease
from kesos.datasets.manifest import (
    Manifest,
    StoredDataset,
    UnreadableManifest,
    file_sha256,
    read_manifest,
    stored_file,
)
from kesos.foundation.errors import Refused


def manifest(name: str = "2026-T3") -> Manifest:
    return Manifest(
        name=name, as_of=date(2026, 9, 30), profile=None, since=None, kesos_version="0.1.0", code_sha256="c",
        precedence_sha256="p", key_generation=1, seed=0, inputs=(), counts={"persons": 2}, datasets={},
    )  # fmt: skip


def lake_of(folder: Path, *names: str) -> Lake:
    lake = Lake(folder / "lake")
    lake.prepare()
    for name in names:
        (lake.releases / name).mkdir()
        manifest(name).write(lake.releases / name)
    return lake


def test_naming_a_lake_makes_nothing(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")

    assert lake.release_names() == []
    assert not lake.root.exists()


def test_prepare_makes_private_folders(tmp_path: Path) -> None:
    lake = lake_of(tmp_path)

    assert {path.stat().st_mode & 0o777 for path in (lake.root, lake.receipts, lake.releases)} == {0o700}


def test_release_names_are_sorted_and_leave_out_what_is_not_whole(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, "2026-T3", "2025-T4", "2026-T3-revised")
    (lake.releases / ".building-2026-T4").mkdir()
    (lake.releases / "2026-T1").mkdir()

    assert lake.release_names() == ["2025-T4", "2026-T3", "2026-T3-revised"]
    assert lake.newest_or(None) == "2026-T3-revised"
    assert lake.newest_or("2025-T4") == "2025-T4"


def test_newest_of_an_empty_lake_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoReleaseYet):
        Lake(tmp_path).newest_or(None)


def test_existing_release_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, "2026-T3")
    (lake.releases / "2026-T1").mkdir()

    assert lake.existing_release("2026-T3") == lake.releases / "2026-T3"
    with pytest.raises(NoSuchRelease):
        lake.existing_release("2026-T1")


@pytest.mark.parametrize("name", ["..", "../../etc", "2026-T3/../x", ".building-2026-T3", "2026-T9", ""])
def test_release_outside_the_lake_cannot_be_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused):
        Lake(tmp_path).release(name)


def test_manifest_comes_back_as_written_with_sorted_keys(tmp_path: Path) -> None:
    manifest().write(tmp_path)

    assert read_manifest(tmp_path) == manifest()
    text = (tmp_path / "manifest.json").read_text(encoding="utf-8")
    assert list(json.loads(text)) == sorted(json.loads(text))


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", '{"format": 99}', '{"format": 1}', json.dumps({**json.loads(manifest().to_json()), "extra": 1})],
)
def test_manifest_that_is_damaged_or_of_another_format_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")

    with pytest.raises(UnreadableManifest):
        read_manifest(tmp_path)


def test_manifest_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableManifest):
        read_manifest(tmp_path / "none")


def test_stored_file_is_described_by_hash_and_size(tmp_path: Path) -> None:
    content = bytes(range(256)) * 8_192
    (tmp_path / "person").mkdir()
    path = tmp_path / "person" / "part-00000.parquet"
    path.write_bytes(content)

    stored = stored_file(path, within=tmp_path, rows=3)

    assert (stored.path, stored.rows, stored.bytes) == ("person/part-00000.parquet", 3, 2_097_152)
    assert stored.sha256 == file_sha256(path) == hashlib.sha256(content).hexdigest()
    assert StoredDataset(version=1, rows=3, files=(stored,)).files == (stored,)
