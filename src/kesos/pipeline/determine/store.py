"""Where determinations are kept: beside their release, whole or not at all, and never changed.

<lake>/determinations/<release>/<name>/manifest.json
    programmes/<CODE>.yaml      the text of each programme that decided
    inputs/<kind>.<suffix>      members, quotas, facts and groups as they were handed in
    <dataset>/….parquet
<lake>/determinations/<release>/.building-…   one under way; renamed when whole
<lake>/determinations/<release>/current       the name of the one that was written last
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kesos.datasets.determination import DeterminationManifest, read_determination_manifest
from kesos.datasets.lake import PRIVATE_FOLDER, Lake
from kesos.datasets.manifest import FILE_NAME, file_sha256
from kesos.foundation.errors import Refused
from kesos.policy.programme import Programme
from kesos.policy.programme_file import read_programme

CURRENT: Final = "current"
PROGRAMMES: Final = "programmes"
INPUTS: Final = "inputs"
_BUILDING: Final = ".building-"
_NAME: Final = re.compile(r"^[a-z0-9][a-z0-9-]{0,60}$")
_OCCUPIED: Final = (errno.ENOTEMPTY, errno.EEXIST)


class NoDeterminationYet(Refused):
    """Nothing was determined over a release."""

    what = "Nothing has been determined over release {release} yet."
    remedy = "Run `kesos determine --release {release}`."


class NoSuchDetermination(Refused):
    """A release has no determination of that name."""

    what = "Release {release} has no determination {name}."
    remedy = "It has: {names}."


class NotADeterminationName(Refused):
    """A text cannot be the name of a folder that programs find again."""

    what = "'{name}' cannot be the name of a determination."
    remedy = "Use small letters, digits and hyphens, such as 2026-10-01-second-round."


class ProgrammeNotDetermined(Refused):
    """A determination does not speak of a programme."""

    what = "Determination {name} of release {release} does not speak of programme {programme}."
    remedy = "It speaks of: {programmes}."


class DeterminesOtherwise(Refused):
    """What was determined before under a name is not what comes out now."""

    what = "Determination {name} of release {release} is kept already, and what comes out now differs in: {differs}."
    remedy = (
        "Nothing was changed. Give the new one another name with --name, and report it if nothing was meant to change."
    )


@dataclass(frozen=True, slots=True)
class StoredDetermination:
    """A determination as it is kept: its folder, and what its manifest says."""

    folder: Path
    manifest: DeterminationManifest

    def files(self, dataset: str) -> list[Path]:
        """List the files of a dataset, in the order of its key."""
        return [self.folder / file.path for file in self.manifest.datasets[dataset].files]

    def programme(self, code: str) -> Programme:
        """Read a programme as it was when it decided. *Raises* ProgrammeNotDetermined."""
        if code not in self.manifest.programmes:
            raise ProgrammeNotDetermined(
                name=self.manifest.name,
                release=self.manifest.release,
                programme=code,
                programmes=", ".join(self.manifest.programmes),
            )
        text = (self.folder / PROGRAMMES / f"{code}.yaml").read_text(encoding="utf-8")
        return read_programme(text, file=f"{code.lower()}.yaml")

    def programmes(self) -> dict[str, Programme]:
        """Read all programmes that decided, by their codes in order."""
        return {code: self.programme(code) for code in sorted(self.manifest.programmes)}

    def kept_input(self, kind: str) -> Path | None:
        """Find the file that was handed in: members, quotas, facts or groups; null if none was."""
        found = [one for one in self.manifest.inputs if one.kind == kind]
        return self.folder / INPUTS / f"{kind}{Path(found[0].name).suffix}" if found else None


def determinations(lake: Lake, release: str) -> Path:
    """Give the folder of all determinations over a release, which need not exist."""
    return lake.root / "determinations" / lake.release(release).name


def determination_names(lake: Lake, release: str) -> list[str]:
    """List the whole determinations over a release, by name."""
    folder = determinations(lake, release)
    found = folder.iterdir() if folder.is_dir() else iter(())
    return sorted(path.name for path in found if _NAME.match(path.name) and (path / FILE_NAME).is_file())


def open_determination(lake: Lake, release: str, name: str | None = None) -> StoredDetermination:
    """Open a determination over a release; without a name the one that was written last.

    *Raises* NoDeterminationYet, NoSuchDetermination, UnreadableManifest.
    """
    names = determination_names(lake, release)
    if not names:
        raise NoDeterminationYet(release=release)
    folder = determinations(lake, release)
    chosen = name or _current(folder) or names[-1]
    if chosen not in names:
        raise NoSuchDetermination(release=release, name=chosen, names=", ".join(names))
    return StoredDetermination(folder / chosen, read_determination_manifest(folder / chosen))


def _current(folder: Path) -> str | None:
    pointer = folder / CURRENT
    return pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else None


def require_name(name: str) -> str:
    """Hand a name back that a determination may have. *Raises* NotADeterminationName."""
    if not _NAME.match(name):
        raise NotADeterminationName(name=name)
    return name


@contextmanager
def building(lake: Lake, release: str) -> Iterator[Path]:
    """Give a hidden folder to build in, of this builder alone; whatever is left in it at the end is removed."""
    parent = determinations(lake, release)
    parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def keep(lake: Lake, built: Path, manifest: DeterminationManifest) -> bool:
    """Put a finished folder in its place, and point to it; tell whether it is new.

    A folder that stands there is never replaced, whoever wrote it and when: renaming onto it fails, and then the two
    are compared to the byte. *Raises* DeterminesOtherwise.
    """
    folder = determinations(lake, manifest.release) / manifest.name
    try:
        built.rename(folder)
        is_new = True
    except OSError as error:
        if error.errno not in _OCCUPIED:
            raise
        _require_the_same(folder, manifest)
        is_new = False
    _point_to(folder)
    return is_new


def _require_the_same(folder: Path, manifest: DeterminationManifest) -> None:
    kept = read_determination_manifest(folder)
    before, now = _what_counts(kept), _what_counts(manifest)
    differs = [name for name in now if now[name] != before[name]]
    if "datasets" in differs:
        differs.remove("datasets")
        differs += [name for name in now["datasets"] if now["datasets"][name] != before["datasets"].get(name)]
    files = (file for stored in kept.datasets.values() for file in stored.files)
    # The manifest that stands there is a promise about its files: a recomputation is the moment to look.
    differs += [file.path for file in files if file_sha256(folder / file.path) != file.sha256]
    if differs:
        raise DeterminesOtherwise(name=manifest.name, release=manifest.release, differs=", ".join(differs))


def _what_counts(manifest: DeterminationManifest) -> dict[str, Any]:
    """Leave out what changes nothing: code that determines the same, and how a file that was handed in is called."""
    content = manifest.model_dump(mode="json", exclude={"code_sha256"})
    return content | {"inputs": {one.kind: one.sha256 for one in manifest.inputs}}


def _point_to(folder: Path) -> None:
    handle, draft = tempfile.mkstemp(prefix=_BUILDING, dir=folder.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(folder.name + "\n")
    Path(draft).replace(folder.parent / CURRENT)
