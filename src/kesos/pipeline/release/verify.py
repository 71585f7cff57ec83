"""Is a release still what its manifest says, to the byte?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kesos.datasets.lake import Lake
from kesos.datasets.manifest import FILE_NAME, StoredFile, file_sha256, read_manifest
from kesos.pipeline.release import run_log

# The manifest cannot hold its own hash, and the log of a run differs every time.
_NOT_LISTED: Final = {FILE_NAME, run_log.FILE_NAME}


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which a stored release differs from its manifest: missing, changed, or not listed."""

    path: str
    kind: str


def verify_release(lake: Lake, name: str) -> list[Fault]:
    """Compare every file of a release with its manifest; an empty list means that nothing differs.

    *Raises* NoSuchRelease, UnreadableManifest.
    """
    folder = lake.existing_release(name)
    listed: dict[str, StoredFile] = {
        file.path: file for stored in read_manifest(folder).datasets.values() for file in stored.files
    }
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - _NOT_LISTED
    faults = [Fault(path, "missing") for path in listed.keys() - there]
    faults += [Fault(path, "not listed") for path in there - listed.keys()]
    faults += [
        Fault(path, "changed") for path in listed.keys() & there if file_sha256(folder / path) != listed[path].sha256
    ]
    return sorted(faults, key=lambda fault: fault.path)
