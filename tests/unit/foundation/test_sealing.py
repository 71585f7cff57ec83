"""Sealed values open only with their key, field and subject; equal values are found without being read."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos.foundation.columns import complete_texts
from kesos.foundation.sealing import (
    IdentityKey,
    KeyFileBroken,
    KeyFileExists,
    KeyFileMissing,
    KeyFileTooOpen,
    SealBroken,
    Sealer,
    create_key,
    load_key,
    next_generation,
    store_key,
)

KEY = IdentityKey(1, bytes(range(64)), bytes(range(100, 132)), bytes(range(200, 232)))
SEALER = Sealer(KEY)
NIK = "3201015501909001"
EXPECTED_INDEX = "696e620fb81f2b2c4e870c524078020ffa1cff32878ef5d461019dbe1ff148cf"


@given(
    st.text(min_size=1).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)), st.integers(1, 2**63 - 1)
)
def test_unseal_gives_back_what_was_sealed(value: str, subject_id: int) -> None:
    sealed = SEALER.seal(value, "name", subject_id)

    assert len(sealed) == len(value.encode()) + 16
    assert SEALER.unseal(sealed, "name", subject_id) == value
    assert SEALER.seal(value, "name", subject_id) == sealed


def test_unseal_refuses_another_subject_field_key_or_byte() -> None:
    sealed = SEALER.seal(NIK, "nik", 7)
    damaged = bytes([sealed[0] ^ 1]) + sealed[1:]

    attempts: list[tuple[Sealer, bytes, str, int]] = [
        (SEALER, sealed, "nik", 8),
        (SEALER, sealed, "kk", 7),
        (SEALER, damaged, "nik", 7),
        (SEALER, b"short", "nik", 7),
        (Sealer(next_generation(KEY)), sealed, "nik", 7),
    ]
    for sealer, content, field, subject_id in attempts:
        with pytest.raises(SealBroken) as refusal:
            sealer.unseal(content, field, subject_id)
        assert NIK not in str(refusal.value)


def test_blind_index_is_hmac_of_field_and_value() -> None:
    # Computed once with `openssl dgst -sha256 -mac HMAC -macopt hexkey:6465…83` over `nik|3201015501909001`.
    assert SEALER.blind_index(NIK, "nik").hex() == EXPECTED_INDEX
    assert SEALER.blind_index(NIK, "kk") != SEALER.blind_index(NIK, "nik")


def test_columns_give_what_single_values_give() -> None:
    values, ids = pa.array([NIK, None, NIK, "x"]), pa.array([1, 2, 3, 4])

    sealed = SEALER.seal_many(values, "nik", ids)
    indexes = SEALER.index_many(values, "nik")

    assert sealed.to_pylist() == [
        SEALER.seal(NIK, "nik", 1),
        None,
        SEALER.seal(NIK, "nik", 3),
        SEALER.seal("x", "nik", 4),
    ]
    assert SEALER.unseal_many(sealed, "nik", ids).to_pylist() == [NIK, None, NIK, "x"]
    one, other = SEALER.blind_index(NIK, "nik"), SEALER.blind_index("x", "nik")
    assert indexes.to_pylist() == [one, None, one, other]
    assert (sealed.type, indexes.type) == (pa.binary(), pa.binary())


def test_seal_many_refuses_a_value_without_subject() -> None:
    with pytest.raises(ValueError, match="subject"):
        SEALER.seal_many(pa.array(["x"]), "nik", pa.array([None], pa.int64()))


def test_row_keys_tell_rows_apart() -> None:
    first = pa.array(["a", "a", "ab", None, "", "a"])
    second = pa.array(["b", "b", "", "x", "x", None])

    keys = complete_texts(SEALER.row_keys([first, second]))

    assert [len(key) for key in keys] == [32] * 6
    assert keys[0] == keys[1]
    assert len(set(keys)) == 5
    assert SEALER.row_keys([first]).to_pylist()[0] != keys[0]


def test_next_generation_keeps_the_row_key_only() -> None:
    later = next_generation(KEY)
    column = [pa.array(["a"])]

    assert (later.generation, later.row_key) == (2, KEY.row_key)
    assert later.seal_key != KEY.seal_key
    assert later.index_key != KEY.index_key
    assert Sealer(later).row_keys(column).to_pylist() == SEALER.row_keys(column).to_pylist()


def test_key_and_sealer_never_show_secrets() -> None:
    assert repr(KEY) == str(KEY) == "IdentityKey(generation=1)"
    assert repr(SEALER) == "Sealer(generation=1)"


def test_key_of_wrong_length_is_broken() -> None:
    with pytest.raises(ValueError, match="64, 32 and 32"):
        IdentityKey(1, bytes(32), bytes(32), bytes(32))
    with pytest.raises(ValueError, match="generation"):
        IdentityKey(0, bytes(64), bytes(32), bytes(32))


def test_create_key_makes_a_private_file_that_loads(tmp_path: Path) -> None:
    path = tmp_path / "new" / "identity.key"

    key = create_key(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_key(path) == key
    assert key.generation == 1
    with pytest.raises(KeyFileExists):
        create_key(path)
    assert load_key(path) == key


def test_store_key_writes_a_later_generation_beside(tmp_path: Path) -> None:
    store_key(next_generation(KEY), tmp_path / "second")

    assert load_key(tmp_path / "second").generation == 2


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o700])
def test_load_key_refuses_a_file_that_others_may_read(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key"
    create_key(path)
    path.chmod(mode)

    with pytest.raises(KeyFileTooOpen) as refusal:
        load_key(path)

    assert refusal.value.fields == {"path": path, "mode": f"{mode:o}"}


def test_load_key_refuses_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(KeyFileMissing):
        load_key(tmp_path / "none")


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", json.dumps({"generation": 1, "seal_key": "00", "index_key": "00", "row_key": "00"}), "\x00"],
)
def test_load_key_refuses_broken_content(tmp_path: Path, content: str) -> None:
    path = tmp_path / "key"
    path.write_text(content)
    path.chmod(0o600)

    with pytest.raises(KeyFileBroken):
        load_key(path)
