"""A release without the road to it: columns, order, keys, and numbers that open with the key only."""

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kesos.datasets import catalogue
from kesos.foundation.columns import compute as pc
from kesos.foundation.sealing import IdentityKey, Sealer
from kesos.synthetic import release_shaped
from kesos.synthetic.release_shaped import ReleaseShape, write_release_shaped

KEY = IdentityKey(1, bytes(range(64)), bytes(range(32)), bytes(range(32, 64)))
NAMES = ("dwelling", "family", "identifier", "identity", "kk_history", "membership", "person")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ReleaseShape]:
    out = tmp_path_factory.mktemp("release")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(release_shaped, "_PERSONS_IN_A_PART", 2_000)
        return out, write_release_shaped(4_000, 5, out, ["3401", "5204", "7471"], KEY, workers=1)


def _table(release: tuple[Path, ReleaseShape], name: str) -> pa.Table:
    out, shape = release
    return pa.concat_tables([pq.read_table(out / name / file) for file in shape.files[name]])


@pytest.mark.parametrize("name", NAMES)
def test_write_release_shaped_has_the_columns_types_and_rows_promised(
    release: tuple[Path, ReleaseShape], name: str
) -> None:
    table = _table(release, name)

    promised = catalogue.dataset(name).arrow_schema()
    assert table.column_names == promised.names
    assert table.schema.types == promised.types
    assert table.num_rows == release[1].rows[name]
    assert [field.name for field in promised if not field.nullable and table[field.name].null_count] == []


@pytest.mark.parametrize("name", NAMES)
def test_write_release_shaped_is_sorted_by_a_unique_key_across_files(
    release: tuple[Path, ReleaseShape], name: str
) -> None:
    table = _table(release, name)

    keys = list(zip(*(table[column].to_pylist() for column in catalogue.dataset(name).key), strict=True))

    assert len(release[1].files[name]) > 1
    assert keys == sorted(set(keys))


def test_write_release_shaped_puts_nobody_in_two_families_and_the_dead_in_none(
    release: tuple[Path, ReleaseShape],
) -> None:
    person, membership = _table(release, "person"), _table(release, "membership")

    alive = pc.equal(person["life_status"], "alive")

    assert person.num_rows == 4_000
    assert person.filter(alive)["family_id"].null_count == 0
    assert pc.count(person.filter(pc.invert(alive))["family_id"]).as_py() == 0
    assert membership.filter(membership["is_active"])["person_id"].equals(person.filter(alive)["person_id"])


def test_write_release_shaped_refers_only_to_what_exists(release: tuple[Path, ReleaseShape]) -> None:
    person, family, dwelling = (_table(release, name) for name in ("person", "family", "dwelling"))

    heads = set(family["head_person_id"].drop_null().to_pylist())

    assert set(person["family_id"].drop_null().to_pylist()) <= set(family["family_id"].to_pylist())
    assert set(family["dwelling_id"].to_pylist()) == set(dwelling["dwelling_id"].to_pylist())
    assert heads <= set(person.filter(pc.equal(person["relation_code"], 1))["person_id"].to_pylist())


def test_write_release_shaped_seals_numbers(release: tuple[Path, ReleaseShape]) -> None:
    identity = _table(release, "identity").filter(pc.field("field") == "nik")
    row = identity.to_pylist()[0]

    number = Sealer(KEY).unseal(row["ciphertext"], "nik", row["subject_id"])

    assert len(number) == 16
    assert number.isdigit()
    assert Sealer(KEY).blind_index(number, "nik") == row["blind_index"]


def test_write_release_shaped_gives_codes_of_the_lists_only(release: tuple[Path, ReleaseShape]) -> None:
    for name in ("person", "family", "dwelling"):
        table = _table(release, name)
        for column in catalogue.dataset(name).columns:
            if column.codes:
                assert set(table[column.name].drop_null().unique().to_pylist()) <= set(column.codes), column.name


def test_write_release_shaped_gives_the_same_bytes_with_one_process_and_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release_shaped, "_PERSONS_IN_A_PART", 500)

    for workers in (1, 2):
        write_release_shaped(1_200, 5, tmp_path / str(workers), ["3401", "5204"], KEY, workers=workers)

    digests = [
        {
            path.relative_to(tmp_path / name).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted((tmp_path / name).rglob("*.parquet"))
        }
        for name in ("1", "2")
    ]
    assert digests[0] == digests[1]
    assert len(digests[0]) > 14


def test_omitted_and_written_datasets_are_the_whole_catalogue(release: tuple[Path, ReleaseShape]) -> None:
    _, shape = release

    assert {*shape.files, *shape.omitted} == {dataset.name for dataset in catalogue.RELEASE_DATASETS}
