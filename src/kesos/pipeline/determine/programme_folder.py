"""Find programme files: those of the package, and those that a district keeps in a folder of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from kesos.foundation.errors import Refused
from kesos.policy import programmes
from kesos.policy.programme import Programme
from kesos.policy.programme_file import incompatible_id, read_programme
from kesos.policy.programme_refusals import UnknownProgrammeName
from kesos.policy.vocabulary.vocabulary import RECEIVES


class NoProgrammesFound(Refused):
    """A folder given for programmes that holds none."""

    what = "Folder {folder} holds no programme file: nothing in it ends in .yaml."
    remedy = "Name the folder that holds your programme files; docs/tutorials/add-a-programme.md makes one."


class ProgrammeTwice(Refused):
    """Two files that describe the same programme."""

    what = "Programme {code} is described twice: in {first} and in {second}."
    remedy = "Give the programme of your district a code of its own."


class ProgrammeFileUnreadable(Refused):
    """A programme file that cannot be opened, or is not UTF-8."""

    what = "Programme file {file} cannot be read: {problem}."
    remedy = "Check that the file is there and is saved as text in UTF-8."


class UnknownProgramme(Refused):
    """A code that no programme has."""

    what = "There is no programme {code}; known are: {known}."
    remedy = "Use one of these codes, or name the folder of your own programmes with --programmes."


def find_programmes(own: Path | None) -> dict[str, Programme]:
    """Find every programme by code, in order of codes: the package's own, and those in the folder `own`.

    *Raises* NoProgrammesFound, ProgrammeTwice, ProgrammeFileUnreadable and BrokenProgramme.
    """
    found = [*_packaged(), *(_read(_own_files(own)) if own is not None else ())]
    places: dict[str, Traversable] = {}
    for file, programme in found:
        if programme.code in places:
            raise ProgrammeTwice(code=programme.code, first=places[programme.code], second=file)
        places[programme.code] = file
    for file, programme in found:
        check_programmes_named(programme, places, file=str(file))
    return {programme.code: programme for _, programme in sorted(found, key=lambda one: one[1].code)}


@cache
def _packaged() -> tuple[tuple[Traversable, Programme], ...]:
    return _read(_files(files(programmes)))


def _read(places: Iterable[Traversable]) -> tuple[tuple[Traversable, Programme], ...]:
    return tuple((file, read_programme_file(file)) for file in places)


def choose_programmes(found: Mapping[str, Programme], codes: Iterable[str]) -> dict[str, Programme]:
    """Choose programmes by code, written large or small.

    *Raises* UnknownProgramme.
    """
    chosen = {}
    for code in codes:
        if code.upper() not in found:
            raise UnknownProgramme(code=code, known=", ".join(found))
        chosen[code.upper()] = found[code.upper()]
    return chosen


def read_programme_file(file: Traversable) -> Programme:
    """Read one programme file.

    *Raises* ProgrammeFileUnreadable and BrokenProgramme.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        problem = f"byte {error.start + 1} is not UTF-8"
        raise ProgrammeFileUnreadable(file=file, problem=problem) from error
    except OSError as error:
        raise ProgrammeFileUnreadable(file=file, problem=error.strerror) from error
    return read_programme(text, file=str(file))


def check_programmes_named(programme: Programme, codes: Iterable[str], *, file: str) -> None:
    """Refuse a programme that names another which nobody has described.

    *Raises* UnknownProgrammeName.
    """
    known = sorted(codes)
    receiving = {incompatible_id(code): code for code in known}
    for place, name in _programmes_named(programme):
        if name not in known and name not in receiving:
            shown = receiving if name.startswith(RECEIVES) else known
            raise UnknownProgrammeName(file=file, place=place, name=name, known=", ".join(shown))


def _programmes_named(programme: Programme) -> Iterator[tuple[str, str]]:
    yield from ((f"incompatible.{other.programme}", other.programme) for other in programme.incompatible)
    yield from ((f"complements.{other.programme}", other.programme) for other in programme.complements)
    for number, case in enumerate(programme.cases, 1):
        for block in (case.person, *case.members, case.family, case.dwelling, case.group):
            yield from ((f"cases.{number}", name) for name in block if name.startswith(RECEIVES))


def _own_files(folder: Path) -> list[Traversable]:
    found = _files(folder) if folder.is_dir() else []
    if not found:
        raise NoProgrammesFound(folder=folder)
    return found


def _files(folder: Traversable) -> list[Traversable]:
    found = (entry for entry in folder.iterdir() if entry.is_file() and re.search(r"\.ya?ml$", entry.name))
    return sorted(found, key=lambda entry: entry.name)
