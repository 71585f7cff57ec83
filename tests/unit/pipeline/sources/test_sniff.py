"""Kinds and encodings of files, told from their bytes alone."""

from __future__ import annotations

import gzip
import hashlib
import random
from pathlib import Path

import pytest

from kesos.foundation.errors import Refused
from kesos.pipeline.sources.delivered import ArchiveCut, CellTooLong, NoRows, TruncatedFile
from kesos.pipeline.sources.sniff import (
    FileKind,
    LegacyWorkbook,
    NotASpreadsheet,
    NulByte,
    PasswordProtected,
    WrongEncoding,
    ZipBomb,
    probe,
)

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def _file(folder: Path, content: bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "encoding", "code_page_byte"),
    [
        (b"nik;nama\n1;SITI\n", "utf-8", None),
        ("nik;nama\n1;RENÉ\n".encode(), "utf-8", None),
        ("nik;nama\n1;RENÉ\n".encode("utf-8-sig"), "utf-8", None),
        ("nik;nama\n1;RENÉ\n".encode("utf-16"), "utf-16", None),
        (b"\xfe\xff" + "nik;nama\n1;RENÉ\n".encode("utf-16-be"), "utf-16", None),
        ("nik;nama\n1;RENÉ\n".encode("cp1252"), "cp1252", 14),
    ],
)
def test_probe_names_the_encoding(tmp_path: Path, content: bytes, encoding: str, code_page_byte: int | None) -> None:
    found = probe(_file(tmp_path, content))

    assert (found.kind, found.encoding, found.code_page_byte) == (FileKind.TEXT, encoding, code_page_byte)
    assert (found.bytes, found.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert found.ends_with_newline


def test_probe_finds_the_one_accent_beyond_the_first_chunk(tmp_path: Path) -> None:
    plain = b"1;SITI\n" * 200_000

    found = probe(_file(tmp_path, plain + b"1;REN\xc9\n"))

    assert (found.encoding, found.code_page_byte) == ("cp1252", len(plain) + 5)


def test_probe_keeps_a_character_that_two_chunks_share(tmp_path: Path) -> None:
    content = b"\n" * ((1 << 20) - 1) + "É\n".encode()

    assert probe(_file(tmp_path, content)).encoding == "utf-8"


def test_probe_refuses_utf8_that_turns_into_another_encoding(tmp_path: Path) -> None:
    content = "1;RENÉ\n".encode() + b"2;REN\xc9\n"

    with pytest.raises(WrongEncoding) as refusal:
        probe(_file(tmp_path, content))

    assert refusal.value.fields["byte"] == 13


def test_probe_refuses_bytes_that_windows_1252_does_not_have(tmp_path: Path) -> None:
    with pytest.raises(WrongEncoding) as refusal:
        probe(_file(tmp_path, b"1;A\x81\n"))

    assert refusal.value.fields["byte"] == 3


def test_probe_refuses_a_nul_byte_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(NulByte) as refusal:
        probe(_file(tmp_path, b"nik;nama\n1;SI\0TI\n"))

    assert refusal.value.fields["byte"] == 13


def test_probe_refuses_a_nul_in_utf16(tmp_path: Path) -> None:
    with pytest.raises(NulByte):
        probe(_file(tmp_path, "nik;na\0ma\n".encode("utf-16")))


def test_probe_refuses_utf16_cut_in_a_character(tmp_path: Path) -> None:
    with pytest.raises(TruncatedFile):
        probe(_file(tmp_path, "nik;nama\n".encode("utf-16")[:-1]))


def test_probe_refuses_utf32(tmp_path: Path) -> None:
    with pytest.raises(WrongEncoding):
        probe(_file(tmp_path, "nik;nama\n".encode("utf-32")))


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", NoRows),
        (b" \r\n\n", NoRows),
        (_OLE + b"\0" * 600, LegacyWorkbook),
        (_OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), PasswordProtected),
        (b"%PDF-1.7\n", NotASpreadsheet),
        (b"\n<html><table><tr><td>NIK", NotASpreadsheet),
        (b"<?xml version='1.0'?><Workbook>", NotASpreadsheet),
        (b"PK\x05\x06" + b"\0" * 18, NotASpreadsheet),
        (b"x" * (3 << 20), CellTooLong),
    ],
)
def test_probe_refuses_what_holds_no_table(tmp_path: Path, content: bytes, refusal: type[Refused]) -> None:
    with pytest.raises(refusal) as caught:
        probe(_file(tmp_path, content, "list.xls"))

    assert type(caught.value) is refusal
    assert "list.xls" in str(caught.value)


def test_probe_refuses_random_bytes(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        probe(_file(tmp_path, random.Random(7).randbytes(5_000)))


def test_probe_unpacks_gzip(tmp_path: Path) -> None:
    found = probe(_file(tmp_path, gzip.compress(b"nik;nama\n1;SITI\n"), "list.csv.gz"))

    assert (found.kind, found.encoding) == (FileKind.PACKED_TEXT, "utf-8")
    with found.open() as file:
        assert file.read() == b"nik;nama\n1;SITI\n"


def test_probe_refuses_a_gzip_that_ends_early(tmp_path: Path) -> None:
    packed = gzip.compress(b"".join(b"%d;SITI\n" % number for number in range(5_000)))

    with pytest.raises(ArchiveCut):
        probe(_file(tmp_path, packed[:-100], "list.csv.gz"))


def test_probe_refuses_a_gzip_that_grows_without_measure(tmp_path: Path) -> None:
    packed = gzip.compress(b"1;SITI\n" * 10_000_000)

    with pytest.raises(ZipBomb):
        probe(_file(tmp_path, packed, "list.csv.gz"))
