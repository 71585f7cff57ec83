"""The manifest of a release: what it was made of, by which code, and what it holds, to the byte."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from kesos.foundation.errors import Refused

FORMAT: Final = 1
# A reader of today reads manifests of this format and the one before.
READABLE_FORMATS: Final = (FORMAT,)
FILE_NAME: Final = "manifest.json"
_BLOCK: Final = 1 << 20


class UnreadableManifest(Refused):
    """The manifest is of a format that this version does not read, or is damaged."""

    what = "The manifest of {release} cannot be read: {why}."
    remedy = "Read it with the version of Kesos that wrote it, or restore the release from its copy."


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Input(_Part):
    """One delivered file, as it was received."""

    source: str
    file: str
    original_name: str
    sha256: str
    delivery: str
    delivered_on: date
    contract: str
    covers: dict[str, object] | None = None
    rows_in: int
    rows_kept: int
    rows_quarantined: int


class StoredFile(_Part):
    """One file of a dataset, by its path inside the release."""

    path: str
    rows: int
    bytes: int
    sha256: str


class StoredDataset(_Part):
    """One dataset of a release: schema version, rows, files in the order of its key."""

    version: int
    rows: int
    files: tuple[StoredFile, ...]


class Predecessor(_Part):
    """The release whose identifier register was read."""

    name: str
    manifest_sha256: str


class Manifest(_Part):
    """Everything that decides the bytes of a release. It holds no time of day: the same inputs, the same manifest."""

    format: int = FORMAT
    name: str
    as_of: date
    profile: str | None
    since: Predecessor | None
    kesos_version: str
    code_sha256: str
    precedence_sha256: str
    model_sha256: str | None = None
    answers_sha256: str | None = None
    key_generation: int
    seed: int
    inputs: tuple[Input, ...]
    counts: dict[str, int]
    datasets: dict[str, StoredDataset]
    is_synthetic: bool = False

    def to_json(self) -> str:
        """Render the manifest with sorted keys, so that equal manifests are equal bytes."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, indent=1, ensure_ascii=False) + "\n"

    def write(self, folder: Path) -> None:
        """Write the manifest into a release folder."""
        (folder / FILE_NAME).write_text(self.to_json(), encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a release folder. *Raises* UnreadableManifest."""
    try:
        content = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableManifest(release=folder.name, why=error) from error
    if not isinstance(content, dict) or content.get("format") not in READABLE_FORMATS:
        raise UnreadableManifest(release=folder.name, why="its format is not one of this version")
    try:
        return Manifest.model_validate(content)
    except ValueError as error:
        raise UnreadableManifest(release=folder.name, why=error) from error


def file_sha256(path: Path) -> str:
    """Hash a file, a block at a time."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def stored_file(path: Path, *, within: Path, rows: int) -> StoredFile:
    """Describe a file of a release by hash and size."""
    return StoredFile(
        path=path.relative_to(within).as_posix(), rows=rows, bytes=path.stat().st_size, sha256=file_sha256(path)
    )
