"""Seal identity: nobody reads a NIK without the key, and equal numbers can still be found and joined.

Values are sealed with AES-SIV (RFC 5297): deterministic, so that a build repeats byte for byte, and bound to a field
and a subject, so that a ciphertext cannot be moved to another person. Joins use a blind index, HMAC-SHA-256 of field
and value. Both keys rotate by generation; the row key never does, since row keys name source rows for ever.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

import pyarrow as pa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from kesos.foundation.columns import Column, map_distinct, one_chunk
from kesos.foundation.columns import compute as pc
from kesos.foundation.errors import Refused

_SEAL_KEY_BYTES: Final = 64
_HMAC_KEY_BYTES: Final = 32
_ROW_KEY_BYTES: Final = 16
_UNIT_SEPARATOR: Final = "\x1f"
_ABSENT: Final = "\x00"
_OWNER_ONLY: Final = 0o600


class KeyFileMissing(Refused):
    """There is no key where it was looked for."""

    what = "There is no identity key at {path}."
    remedy = "Restore the key file, or set KESOS_IDENTITY_KEY_FILE to where it is. Without it numbers stay sealed."


class KeyFileExists(Refused):
    """A new key would have overwritten an old one."""

    what = "An identity key exists already at {path}."
    remedy = "Use it, or move it to a safe place first: what it sealed cannot be opened with another."


class KeyFileTooOpen(Refused):
    """The key file has another mode than 600, as a rule because others may read it."""

    what = "The identity key {path} has mode {mode}, not 600."
    remedy = "Run `chmod 600` on it, and rotate the key if somebody may have copied it."


class KeyFileBroken(Refused):
    """The key file does not hold a key."""

    what = "The file {path} does not hold an identity key."
    remedy = "Restore it from the copy that was kept."


class SealBroken(Refused):
    """A sealed value does not open: other key, other field, other subject, or damage."""

    what = "The sealed {field} of subject {subject_id} does not open."
    remedy = "Check that the key is of the generation that sealed it; otherwise the bytes were changed or moved."


@dataclass(frozen=True, slots=True)
class IdentityKey:
    """The three secrets of one generation. Its text form shows the generation and nothing else."""

    generation: int
    seal_key: bytes = field(repr=False)
    index_key: bytes = field(repr=False)
    row_key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse keys of the wrong length, which would weaken the seal silently."""
        lengths = (len(self.seal_key), len(self.index_key), len(self.row_key))
        if self.generation < 1 or lengths != (_SEAL_KEY_BYTES, _HMAC_KEY_BYTES, _HMAC_KEY_BYTES):
            raise ValueError("an identity key has generation >= 1 and secrets of 64, 32 and 32 bytes")


def _fresh_key(generation: int, row_key: bytes) -> IdentityKey:
    return IdentityKey(generation, secrets.token_bytes(_SEAL_KEY_BYTES), secrets.token_bytes(_HMAC_KEY_BYTES), row_key)


def draw_key() -> IdentityKey:
    """Draw a first key that is kept nowhere."""
    return _fresh_key(1, secrets.token_bytes(_HMAC_KEY_BYTES))


def next_generation(key: IdentityKey) -> IdentityKey:
    """Draw new secrets for sealing and indexing; the row key stays, so that source rows keep their names."""
    return _fresh_key(key.generation + 1, key.row_key)


def store_key(key: IdentityKey, path: Path) -> None:
    """Write a key to a new file that only its owner may read. *Raises* KeyFileExists."""
    content = json.dumps(
        {
            "generation": key.generation,
            "seal_key": key.seal_key.hex(),
            "index_key": key.index_key.hex(),
            "row_key": key.row_key.hex(),
        }
    )
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    except FileExistsError:
        raise KeyFileExists(path=path) from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        os.fchmod(file.fileno(), _OWNER_ONLY)
        file.write(content + "\n")
        file.flush()
        os.fsync(file.fileno())


def create_key(path: Path) -> IdentityKey:
    """Draw the first key and write it to a new file of mode 600; folders above are made. *Raises* KeyFileExists."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = draw_key()
    store_key(key, path)
    return key


def load_key(path: Path) -> IdentityKey:
    """Read a key file. *Raises* KeyFileMissing, KeyFileTooOpen (any mode but 600), KeyFileBroken."""
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            content = file.read()
    except FileNotFoundError:
        raise KeyFileMissing(path=path) from None
    if mode != _OWNER_ONLY:
        raise KeyFileTooOpen(path=path, mode=f"{mode:03o}")
    try:
        stored = json.loads(content)
        return IdentityKey(
            int(stored["generation"]), *(bytes.fromhex(stored[name]) for name in ("seal_key", "index_key", "row_key"))
        )
    except (ValueError, KeyError, TypeError):
        raise KeyFileBroken(path=path) from None


class Sealer:
    """Seal, open and index values with one key. Columns are worked on in whole; null stays null."""

    __slots__ = ("_cipher", "_index_key", "_row_key", "generation")

    def __init__(self, key: IdentityKey) -> None:
        self.generation = key.generation
        self._cipher = AESSIV(key.seal_key)
        self._index_key = key.index_key
        self._row_key = key.row_key

    def __repr__(self) -> str:
        return f"Sealer(generation={self.generation})"

    def seal(self, value: str, field: str, subject_id: int) -> bytes:
        """Seal one value for one field of one subject; the result is 16 bytes longer than the UTF-8 text."""
        return self._cipher.encrypt(value.encode(), [f"{field}|{subject_id}".encode()])

    def unseal(self, sealed: bytes, field: str, subject_id: int) -> str:
        """Open one sealed value. *Raises* SealBroken."""
        try:
            return self._cipher.decrypt(sealed, [f"{field}|{subject_id}".encode()]).decode()
        except (InvalidTag, ValueError):
            raise SealBroken(field=field, subject_id=subject_id) from None

    def blind_index(self, value: str, field: str) -> bytes:
        """Give the 32 bytes by which equal values of one field are found without being read."""
        return hmac.digest(self._index_key, f"{field}|{value}".encode(), "sha256")

    def seal_many(self, values: Column, field: str, ids: Column) -> pa.BinaryArray:
        """Seal a column of texts, each for the subject beside it; about 3 seconds a million."""
        encrypt, prefix = self._cipher.encrypt, f"{field}|"
        return pa.array(
            [
                None if value is None else encrypt(value.encode(), [f"{prefix}{subject_id}".encode()])
                for value, subject_id in zip(values.to_pylist(), _subjects(ids), strict=True)
            ],
            pa.binary(),
        )

    def unseal_many(self, sealed: Column, field: str, ids: Column) -> pa.StringArray:
        """Open a column. *Raises* SealBroken, naming the first subject whose value does not open."""
        return pa.array(
            [
                None if value is None else self.unseal(value, field, subject_id)
                for value, subject_id in zip(sealed.to_pylist(), _subjects(ids), strict=True)
            ],
            pa.string(),
        )

    def index_many(self, values: Column, field: str) -> pa.BinaryArray:
        """Give the blind index of a column, computed once a distinct value."""
        key, prefix = self._index_key, f"{field}|".encode()
        texts = values.cast(pa.binary())
        return cast(
            "pa.BinaryArray", map_distinct(texts, lambda text: hmac.digest(key, prefix + text, "sha256"), pa.binary())
        )

    def row_keys(self, columns: Sequence[Column]) -> pa.StringArray:
        """Name source rows by their key columns: 32 hex characters a row, the same for ever.

        *Input*: one text column or more, of equal length. A null differs from an empty text.
        """
        texts = [
            pc.fill_null(pc.replace_substring(one_chunk(column).cast(pa.string()), _UNIT_SEPARATOR, " "), _ABSENT)
            for column in columns
        ]
        joined = texts[0] if len(texts) == 1 else pc.binary_join_element_wise(*texts, _UNIT_SEPARATOR)
        return cast("pa.StringArray", map_distinct(joined.cast(pa.binary()), self._row_key_of, pa.string()))

    def _row_key_of(self, joined: bytes) -> str:
        return hmac.digest(self._row_key, joined, "sha256")[:_ROW_KEY_BYTES].hex()


def _subjects(ids: Column) -> list[int]:
    """List the subjects of a column; a missing one would bind its value to nobody."""
    subjects: list[Any] = ids.to_pylist()
    if ids.null_count:
        raise ValueError("every sealed value needs the id of its subject")
    return subjects
