"""Look at a delivered file before reading it: what kind it is, its hash, and how its text is encoded."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, ClassVar, Final

from kesos.foundation.errors import Refused
from kesos.pipeline.sources.delivered import LONGEST_CELL, ArchiveCut, CellTooLong, NoRows, TruncatedFile

CHUNK: Final = 1 << 20
_HEAD_BYTES: Final = 4096
_PACKED_RATIO: Final = 200
_PACKED_FREE: Final = 64 << 20
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_UNDEFINED_CP1252: Final = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


class NotASpreadsheet(Refused):
    """A file of a kind that holds no table, whatever its name says."""

    what = "{file} is {kind}, not a table."
    remedy = "Open it in a spreadsheet, save it as XLSX or CSV, and deliver that."
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "kind": (
            *("a web page or XML document", "a PDF document", "an empty archive", "a RAR archive", "an archive"),
            *("a binary workbook (.xlsb)", "an OpenDocument file", "an archive of an unusual kind"),
        )
    }


class LegacyWorkbook(NotASpreadsheet):
    """A workbook in the binary format before 2007."""

    what = "{file} is a workbook of the old binary format (.xls)."
    remedy = "Open it and save it as XLSX, then deliver that: the old format rounds and cuts without saying so."


class PasswordProtected(NotASpreadsheet):
    """A workbook that needs a password."""

    what = "{file} is protected by a password."
    remedy = "Save it without the password, send it over a protected channel, and deliver that."


class WrongEncoding(Refused):
    """Text in an encoding that the contract does not list, or in two at once."""

    what = "{file}: byte {byte} is not text in {allowed}."
    remedy = "Save it again as 'CSV UTF-8' and deliver that; names with accents would otherwise be damaged."


class NulByte(WrongEncoding):
    """Text that holds a byte 0: not text, or UTF-16 without its mark."""

    what = "{file}: byte {byte} is 0, which no text in {allowed} holds."


class ZipBomb(Refused):
    """A packed file that unpacks to far more than an honest one."""

    what = "{file} unpacks to more than {limit}."
    remedy = "Deliver the plain file. If this one came by mail, show it to whoever looks after security."


class FileKind(StrEnum):
    """How a file is read."""

    TEXT = "text"
    PACKED_TEXT = "packed text"
    WORKBOOK = "workbook"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class Probe:
    """What one pass over a file tells. `encoding` and what follows are of text only.

    `code_page_byte` is the first byte that is not UTF-8, where the text was taken as Windows-1252 because of it.
    """

    path: Path
    kind: FileKind
    sha256: str
    bytes: int
    encoding: str | None = None
    code_page_byte: int | None = None
    ends_with_newline: bool = True
    has_quotes: bool = False

    def open(self) -> BinaryIO:
        """Open the bytes of the text, unpacked where it is packed."""
        if self.kind is FileKind.PACKED_TEXT:
            return gzip.open(self.path, "rb")  # type: ignore[return-value]  # GzipFile reads like a file
        return self.path.open("rb")


def probe(path: Path) -> Probe:
    """Tell kind, hash and encoding of a file. *Raises* a refusal for a file that cannot hold a table."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
        kind = _kind(path, head)
        digest = hashlib.sha256(head)
        size = len(head)
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    sha256 = digest.hexdigest()
    if kind in (FileKind.WORKBOOK, FileKind.PARQUET):
        return Probe(path, kind, sha256, size)
    text = _TextProbe(path.name)
    for chunk in _chunks(Probe(path, kind, sha256, size)):
        text.take(chunk)
    encoding = text.decide()
    return Probe(
        path,
        kind,
        sha256,
        size,
        encoding=encoding,
        code_page_byte=text.not_utf8_at if encoding == "cp1252" else None,
        ends_with_newline=text.ends_with_newline,
        has_quotes=text.has_quotes,
    )


def _kind(path: Path, head: bytes) -> FileKind:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start and len(head) < _HEAD_BYTES:
        raise NoRows(file=path.name)
    if head.startswith(_OLE):
        raise (PasswordProtected if _holds(path, _ENCRYPTED) else LegacyWorkbook)(file=path.name)
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml")):
        # Many offices' applications export a web page and call it .xls.
        raise NotASpreadsheet(file=path.name, kind="a web page or XML document")
    for mark, kind in ((b"%pdf", "a PDF document"), (b"pk\x05\x06", "an empty archive"), (b"rar!", "a RAR archive")):
        if start.startswith(mark):
            raise NotASpreadsheet(file=path.name, kind=kind)
    if head.startswith(b"PK\x03\x04"):
        return FileKind.WORKBOOK
    if head.startswith(b"PAR1"):
        return FileKind.PARQUET
    return FileKind.PACKED_TEXT if head.startswith(b"\x1f\x8b") else FileKind.TEXT


def _holds(path: Path, needle: bytes) -> bool:
    tail = b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if needle in tail + chunk:
                return True
            tail = chunk[-len(needle) :]
    return False


def _chunks(found: Probe) -> Iterator[bytes]:
    """Read the text in pieces; watch a packed one so that it cannot grow without end."""
    limit = max(_PACKED_FREE, found.bytes * _PACKED_RATIO)
    total = 0
    try:
        with found.open() as file:
            while chunk := file.read(CHUNK):
                total += len(chunk)
                if found.kind is FileKind.PACKED_TEXT and total > limit:
                    raise ZipBomb(file=found.path.name, limit=f"{limit >> 20} MB")
                yield chunk
    except EOFError as error:
        raise ArchiveCut(file=found.path.name) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise ArchiveCut(file=found.path.name) from error


class _TextProbe:
    """Gather what tells the encoding, over the whole text: a sample would miss the one 'É' in row 90,000."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._size = 0
        self._decoder: codecs.IncrementalDecoder | None = None
        self._wide: str | None = None
        self._has_wide_signs = False
        self._nul_at: int | None = None
        self._undefined_at: int | None = None
        self.not_utf8_at: int | None = None
        self.ends_with_newline = False
        self.has_quotes = False

    def take(self, chunk: bytes) -> None:
        """Look at the next piece."""
        if self._decoder is None:
            self._wide = self._wide_encoding(chunk)
            self._decoder = codecs.getincrementaldecoder(self._wide or "utf-8")()
        if len(chunk) == CHUNK and b"\n" not in chunk and b"\r" not in chunk:
            raise CellTooLong(file=self._file, row="?", most=LONGEST_CELL)
        self.has_quotes = self.has_quotes or b'"' in chunk
        self.ends_with_newline = chunk.rstrip(b"\0").endswith((b"\n", b"\r"))
        if self._wide:
            self._decode_wide(chunk)
        else:
            self._look_at_bytes(chunk)
        self._size += len(chunk)

    def _wide_encoding(self, chunk: bytes) -> str | None:
        if chunk.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            raise WrongEncoding(file=self._file, byte=0, allowed="UTF-8")
        return "utf-16" if chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else None

    def _decode_wide(self, chunk: bytes, *, final: bool = False) -> None:
        assert self._decoder is not None  # noqa: S101 - take() sets it first; this tells mypy
        try:
            text = self._decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            raise WrongEncoding(file=self._file, byte=self._size + error.start, allowed="UTF-16") from error
        if "\0" in text:
            raise NulByte(file=self._file, byte=self._size + 2 * text.index("\0"), allowed="UTF-16")

    def _look_at_bytes(self, chunk: bytes) -> None:
        assert self._decoder is not None  # noqa: S101 - as above
        if self._nul_at is None and b"\0" in chunk:
            self._nul_at = self._size + chunk.index(b"\0")
        if self._undefined_at is None and not chunk.isascii():
            undefined = _UNDEFINED_CP1252.search(chunk)
            self._undefined_at = self._size + undefined.start() if undefined else None
        if self.not_utf8_at is None:
            self._decode_utf8(chunk)

    def _decode_utf8(self, chunk: bytes, *, final: bool = False) -> None:
        assert self._decoder is not None  # noqa: S101 - as above
        pending = len(self._decoder.getstate()[0])
        try:
            text = self._decoder.decode(chunk, final)
            start = 0
        except UnicodeDecodeError as error:
            start = error.start
            text = error.object[:start].decode("utf-8")
            self.not_utf8_at = self._size - pending + start
        self._has_wide_signs = self._has_wide_signs or not text.removeprefix("\ufeff").isascii()

    def decide(self) -> str:
        """Name the encoding: utf-8, utf-16 or cp1252. *Raises* WrongEncoding, NoRows."""
        if self._decoder is None:
            raise NoRows(file=self._file)
        if self._wide:
            try:
                self._decode_wide(b"", final=True)
            except WrongEncoding as error:
                raise TruncatedFile(file=self._file) from error
            return self._wide
        if self._nul_at is not None:
            raise NulByte(file=self._file, byte=self._nul_at, allowed="UTF-8, Windows-1252")
        if self.not_utf8_at is None:
            self._decode_utf8(b"", final=True)
        if self.not_utf8_at is None:
            return "utf-8"
        if self._has_wide_signs:
            # UTF-8 until here and then not: two files pasted together. Reading it as Windows-1252 would turn every
            # accent before this byte into two wrong signs.
            raise WrongEncoding(file=self._file, byte=self.not_utf8_at, allowed="UTF-8")
        if self._undefined_at is not None:
            raise WrongEncoding(file=self._file, byte=self._undefined_at, allowed="UTF-8, Windows-1252")
        return "cp1252"
