"""Where things stand in a lake: receipts of what was delivered, releases of what was made of it.

<lake>/receipts/<source>/<file hash>-<contract digest>/<file>/…     sealed; never changed
<lake>/releases/<name>/manifest.json, run.json, <dataset>/part-00000.parquet
<lake>/releases/.building-<name>/                                   a build under way; renamed when whole
<lake>/build.lock                                                   held by the one build at a time
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kesos.foundation.errors import Refused
from kesos.foundation.period import read_release_name

PRIVATE_FOLDER: Final = 0o700


class NoSuchRelease(Refused):
    """The lake holds no release of that name."""

    what = "The lake {lake} holds no release {name}."
    remedy = "See `kesos release list`, or give another folder with --lake."


class NoReleaseYet(Refused):
    """The lake holds no release at all."""

    what = "The lake {lake} holds no release yet."
    remedy = "Build one with `kesos release build`, or give another folder with --lake."


@dataclass(frozen=True, slots=True)
class Lake:
    """A folder that holds receipts and releases; a plain value, nothing is opened or made by naming it."""

    root: Path

    @property
    def receipts(self) -> Path:
        """Folder of what was delivered, one folder a source."""
        return self.root / "receipts"

    @property
    def releases(self) -> Path:
        """Folder of the releases."""
        return self.root / "releases"

    @property
    def lock_file(self) -> Path:
        """File that a build locks."""
        return self.root / "build.lock"

    def release(self, name: str) -> Path:
        """Give the folder of a release, which need not exist. *Raises* what `read_release_name` refuses."""
        return self.releases / str(read_release_name(name))

    def building(self, name: str) -> Path:
        """Give the folder in which a release is made before it is renamed. *Raises* as `release` does."""
        return self.releases / f".building-{self.release(name).name}"

    def release_names(self) -> list[str]:
        """List the whole releases, oldest quarter first."""
        if not self.releases.is_dir():
            return []
        return sorted(path.name for path in self.releases.iterdir() if (path / "manifest.json").is_file())

    def newest_or(self, name: str | None) -> str:
        """Give the name asked for, else the newest release. *Raises* NoReleaseYet."""
        if name is not None:
            return name
        names = self.release_names()
        if not names:
            raise NoReleaseYet(lake=self.root)
        return names[-1]

    def existing_release(self, name: str) -> Path:
        """Give the folder of a release that is there. *Raises* NoSuchRelease."""
        folder = self.release(name)
        if not (folder / "manifest.json").is_file():
            raise NoSuchRelease(lake=self.root, name=name)
        return folder

    def prepare(self) -> None:
        """Make the folders, readable by their owner only."""
        for folder in (self.root, self.receipts, self.releases):
            folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
