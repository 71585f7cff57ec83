"""Look into a workbook's archive before anything opens it: its size unpacked, its sheets, its formulas."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from kesos.foundation.errors import Refused
from kesos.pipeline.sources.delivered import ArchiveCut
from kesos.pipeline.sources.sniff import NotASpreadsheet, PasswordProtected, ZipBomb

_MOST_BYTES: Final = 2 << 30
_MOST_RATIO: Final = 200
_RATIO_FREE_BYTES: Final = 10 << 20
_MOST_ENTRIES: Final = 10_000
_PART_BYTES: Final = 16 << 20
_CHUNK: Final = 1 << 20
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s/>]")
_CELL: Final = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=\"([A-Z]+[0-9]+)\"")
_LONGEST_TAG: Final = 4096
_ENCRYPTED: Final = 0x1
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class FormulaCells(Refused):
    """A sheet whose values are computed: what it shows depends on who opens it and when."""

    what = "{file}, sheet '{sheet}': cell {cell} holds a formula."
    remedy = "Select all, copy, paste as values, and deliver that."


def check_archive(path: Path) -> None:
    """Refuse what is no workbook or would fill the machine. *Raises* ZipBomb, ArchiveCut, NotASpreadsheet."""
    with _opened(path) as archive:
        entries = archive.infolist()
        names = {entry.filename for entry in entries}
        unpacked = sum(entry.file_size for entry in entries)
        allowed = min(_MOST_BYTES, max(_RATIO_FREE_BYTES, _MOST_RATIO * path.stat().st_size))
        if len(entries) > _MOST_ENTRIES or unpacked > allowed:
            raise ZipBomb(file=path.name, limit=f"{allowed >> 20} MB")
        if any(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise PasswordProtected(file=path.name)
        if "xl/workbook.bin" in names:
            raise NotASpreadsheet(file=path.name, kind="a binary workbook (.xlsb)")
        if "content.xml" in names:
            raise NotASpreadsheet(file=path.name, kind="an OpenDocument file")
        if "xl/workbook.xml" not in names:
            raise NotASpreadsheet(file=path.name, kind="an archive")


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ET.ParseError) as error:
        raise ArchiveCut(file=path.name) from error
    except (NotImplementedError, RuntimeError) as error:
        raise NotASpreadsheet(file=path.name, kind="an archive of an unusual kind") from error


def refuse_formulas(path: Path, sheet: str) -> None:
    """Refuse a sheet with a formula in it, and an archive that does not unpack. *Raises* FormulaCells, ArchiveCut."""
    with _opened(path) as archive:
        part = _part_of(archive, sheet)
        cell = _first_formula(archive, part) if part else None
    if cell:
        raise FormulaCells(file=path.name, sheet=sheet, cell=cell)


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Find the part of the archive that holds a sheet, through the workbook and its relations."""
    targets = {
        relation.get("Id"): relation.get("Target", "") for relation in _xml(archive, "xl/_rels/workbook.xml.rels")
    }
    for element in _xml(archive, "xl/workbook.xml").iter():
        if element.tag.endswith("}sheet") and element.get("name") == sheet:
            target = targets.get(element.get(_RELATION), "")
            return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    return None


def _xml(archive: zipfile.ZipFile, part: str) -> ET.Element:
    # The size is bounded first, and expat bounds the growth of entities (since 2.4.1).
    with archive.open(part) as file:
        content = file.read(_PART_BYTES)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise zipfile.BadZipFile
    return ET.fromstring(content)  # noqa: S314 - no document type, hence no entities


def _first_formula(archive: zipfile.ZipFile, part: str) -> str | None:
    """Search the sheet as it unpacks; reading to its end also proves its checksum."""
    found: str | None = None
    cell = "?"
    tail = b""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            if found is not None:
                continue
            window = tail + chunk
            formula = _FORMULA.search(window)
            cells = _CELL.findall(window, 0, formula.start() if formula else len(window)) if formula else ()
            cell = cells[-1].decode() if cells else cell
            found = cell if formula else None
            tail = window[-_LONGEST_TAG:]
    return found
