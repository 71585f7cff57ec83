"""Find the folders of the sources: those of the package, and those that a district keeps for itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from kesos.foundation.errors import Refused
from kesos.pipeline.sources.contract import Contract, parse_contract

CONTRACT_FILE: Final = "contract.yaml"


class NoContractsFound(Refused):
    """A folder given for contracts that holds none."""

    what = "Folder {folder} holds no source: neither it nor a folder directly in it has a file contract.yaml."
    remedy = "Name the folder that holds the source folders, one folder a source."


class SourceFolderIncomplete(Refused):
    """A source folder without a mapping for one of its files."""

    what = "Source folder {folder} describes the file '{file}' but has no {missing}."
    remedy = "Add it; docs/tutorials/add-a-source.md shows one."


class SourceMisnamed(Refused):
    """A folder whose name is not that of its source."""

    what = "Folder {folder} holds the contract of source '{source}'."
    remedy = "Give folder and source the same name, so that one can be found from the other."


class SourceTwice(Refused):
    """Two folders that describe the same source."""

    what = "Source '{source}' is described twice: in {first} and in {second}."
    remedy = "Give one of them another name; to choose another code list, use deliveries.yaml."


@dataclass(frozen=True, slots=True)
class SourceFolder:
    """A source as it lies on disk: its contract, and beside it a mapping and a sample for each file."""

    contract: Contract
    folder: Traversable

    def mapping(self, file: str) -> Traversable:
        """Name the SQL that turns accepted rows of a file into canonical columns."""
        return self.folder / f"{file}.mapping.sql"

    def sample(self, file: str) -> Traversable:
        """Name the small synthetic example of a file."""
        return self.folder / f"{file}.sample.csv"


def find_sources(extra: Sequence[Path] = ()) -> Mapping[str, SourceFolder]:
    """Find every source by name: the package's own, then those in the folders of `extra`, in order of names.

    *Raises* NoContractsFound, SourceMisnamed, SourceTwice, SourceFolderIncomplete and BrokenContract.
    """
    found: dict[str, SourceFolder] = {}
    for parent in (files("kesos.pipeline.sources"), *extra):
        folders = list(_folders_with_contract(parent))
        if not folders:
            raise NoContractsFound(folder=parent)
        for folder in folders:
            source = read_source_folder(folder)
            name = source.contract.source
            if name in found:
                raise SourceTwice(source=name, first=found[name].folder, second=folder)
            found[name] = source
    return dict(sorted(found.items()))


def read_source_folder(folder: Traversable) -> SourceFolder:
    """Read the contract of one folder and see that every file has its mapping."""
    text = (folder / CONTRACT_FILE).read_text(encoding="utf-8")
    source = SourceFolder(parse_contract(text, file=str(folder / CONTRACT_FILE)), folder)
    if source.contract.source != folder.name:
        raise SourceMisnamed(folder=folder, source=source.contract.source)
    for file in source.contract.files:
        if not source.mapping(file).is_file():
            raise SourceFolderIncomplete(folder=folder, file=file, missing=source.mapping(file).name)
    return source


def _folders_with_contract(parent: Traversable) -> Iterator[Traversable]:
    if not parent.is_dir():
        return
    if (parent / CONTRACT_FILE).is_file():
        yield parent
        return
    for child in sorted(parent.iterdir(), key=lambda entry: entry.name):
        if child.is_dir() and (child / CONTRACT_FILE).is_file():
            yield child
