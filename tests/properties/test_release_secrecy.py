"""Without the key no number of a person can be read: not in the lake, kept steps, quarantine, spill or output."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from pyarrow import parquet

from kesos.foundation.sealing import SealBroken, Sealer, draw_key, load_key
from unit.pipeline.release.command import key_of, start
from unit.pipeline.release.neighbourhood import BUDI, NUMBERS, deliver_all
from unit.pipeline.release.small_lake import Row, files_below

METER: Final = "530112349001"
# A number is also given away by all but its first four digits: province and regency of issue are shown on purpose.
SECRETS: Final = (*NUMBERS, *(number[4:] for number in NUMBERS), METER)
_BETWEEN: Final = re.compile(rb"[\s.\-_,;:/'\"\xa0]+")


@dataclass(frozen=True)
class Run:
    """One run of `kesos release build` with every step kept: what it left on disk and what it said."""

    folder: Path
    said: str

    @property
    def key(self) -> Sealer:
        return Sealer(load_key(key_of(self.folder / "home")))

    def rows(self, dataset: str) -> list[Row]:
        path = self.folder / "lake" / "releases" / "2026-T3" / dataset / "part-00000.parquet"
        found: list[Row] = parquet.read_table(path).to_pylist()
        return found

    def written(self) -> Iterator[Path]:
        yield from files_below(self.folder / "lake")
        yield from files_below(self.folder / "steps")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("secrecy")
    deliver_all(folder / "src")
    # Names of files are personal too when somebody puts a number into them.
    odd = folder / "src" / "dtsen" / "person_2026-09-30.csv"
    odd.rename(odd.with_name(f"anggota {BUDI} 2026-09-30.csv"))
    process = start(
        "release", "build", "--sources", folder / "src", "--release", "2026-T3", "--lake", folder / "lake",
        "--keep-steps", folder / "steps", "--memory", "1GB", home=folder / "home",
    )  # fmt: skip
    said = "".join(process.communicate(timeout=120))
    assert process.returncode == 0, said
    return Run(folder, said)


def secrets_in(content: bytes) -> list[str]:
    """Find the numbers that stand in some bytes, as they are or with signs between their digits."""
    close = _BETWEEN.sub(b"", content)
    return [number for number in SECRETS if number.encode() in content or number.encode() in close]


def test_search_finds_numbers_however_they_are_written() -> None:
    spaced = f"{BUDI[:4]} {BUDI[4:10]}.{BUDI[10:]}".encode()

    assert secrets_in(b"x" + BUDI.encode()) == secrets_in(spaced) == [BUDI, BUDI[4:]]
    assert secrets_in(b"3201" + b"0" * 12) == []


def test_no_number_in_any_byte_that_a_build_wrote(run: Run) -> None:
    paths = list(run.written())

    assert len(paths) > 100
    assert {path.relative_to(run.folder).as_posix() for path in paths if secrets_in(path.read_bytes())} == set()


def test_no_number_in_any_value_of_any_table_that_a_build_wrote(run: Run) -> None:
    leaks = []
    values = 0
    for path in (path for path in run.written() if path.suffix == ".parquet"):
        for name, column in zip((file := parquet.ParquetFile(path).read()).column_names, file.columns, strict=True):
            distinct = {value if isinstance(value, bytes) else repr(value).encode() for value in column.to_pylist()}
            values += len(distinct)
            leaks += [(path.name, name) for value in distinct if secrets_in(value)]

    assert leaks == []
    assert values > 5_000


def test_no_number_in_names_of_files_nor_in_what_the_command_says(run: Run) -> None:
    names = "\n".join(path.as_posix() for path in run.written()).encode()

    assert secrets_in(names) == []
    assert secrets_in(run.said.encode()) == []
    assert "anggota ••••.csv" in run.said
    assert "person_golden" in run.said


def test_nothing_is_left_of_the_build_but_the_release(run: Run) -> None:
    assert sorted(path.name for path in (run.folder / "lake" / "releases").iterdir()) == ["2026-T3"]
    assert [path for path in run.written() if "spill" in path.as_posix() or "partial" in path.as_posix()] == []


def test_kept_steps_are_for_their_owner_only(run: Run) -> None:
    assert (run.folder / "steps").stat().st_mode & 0o777 == 0o700


def sealed_values(run: Run) -> list[tuple[bytes, str, int]]:
    """List every ciphertext of lake and kept steps, with the field and subject it is bound to."""
    found: list[tuple[bytes, str, int]] = []
    fields = {
        "nik": "nik", "kk": "kk", "no_kk": "kk", "nomor_kartu_keluarga": "kk", "pln": "pln", "id_pelanggan_pln": "pln",
        "row": "row",
    }  # fmt: skip
    for path in (path for path in run.written() if path.suffix == ".parquet"):
        content = parquet.ParquetFile(path).read()
        if {"ciphertext", "subject_id"} <= set(content.column_names):
            found += [(row["ciphertext"], row["field"], row["subject_id"]) for row in content.to_pylist()]
        for name in content.column_names:
            field = fields.get(name.removesuffix("_sealed"))
            if name.endswith("_sealed") and field:
                found += [(value, field, 0) for value in content.column(name).to_pylist() if value is not None]
    return found


def test_nothing_opens_without_the_key_and_all_opens_with_it(run: Run) -> None:
    sealed = set(sealed_values(run))
    stranger, owner = Sealer(draw_key()), run.key

    opened = {owner.unseal(value, field, subject) for value, field, subject in sealed}
    assert {*NUMBERS[:8], METER} <= opened
    for value, field, subject in sealed:
        with pytest.raises(SealBroken):
            stranger.unseal(value, field, subject)


def test_a_ciphertext_does_not_open_for_another_person(run: Run) -> None:
    first, second = [row for row in run.rows("identity") if row["field"] == "nik"][:2]

    assert run.key.unseal(first["ciphertext"], "nik", first["subject_id"]).startswith("3201")
    with pytest.raises(SealBroken):
        run.key.unseal(first["ciphertext"], "nik", second["subject_id"])


def test_the_row_set_aside_is_sealed_whole_and_can_be_given_back(run: Run) -> None:
    texts = {row["reason"]: run.key.unseal(row["row_sealed"], "row", 0) for row in run.rows("quarantine")}

    assert set(texts) == {"value_missing", "not_an_amount"}
    assert "belum ada" in texts["not_an_amount"]
    assert NUMBERS[8] in texts["value_missing"]
