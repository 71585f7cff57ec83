"""What must hold of every release: order is irrelevant, twice is the same, no row is lost, nothing is half-made."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from kesos.datasets.catalogue import RELEASE_DATASETS
from kesos.datasets.lake import Lake
from kesos.foundation.errors import Refused
from kesos.pipeline.release.build import Built, NothingDelivered, ReleaseExists
from kesos.pipeline.release.lock import LakeIsBusy, build_lock
from kesos.pipeline.release.profiles import UnfittingProfile, UnknownProfile
from kesos.pipeline.release.verify import verify_release
from kesos.pipeline.sources.receipt import Receipt
from unit.pipeline.release.neighbourhood import BUDI, DTSEN_PERSON, DUKCAPIL, Rows, deliver_all
from unit.pipeline.release.small_lake import build, deliver, fingerprint, ids_by_name, kk, only, rows, table

# Datasets in which nothing tells where in its file a row stood.
PLACELESS = [dataset.name for dataset in RELEASE_DATASETS if "row_number" not in dataset.column_names]


def with_repeats(given: Rows) -> Rows:
    """Add a row that repeats the first word for word, and one that differs from the last in what is no key."""
    if given is DUKCAPIL:
        return [*given, given[0], {**given[1], "STATUS_DASAR": "3"}]
    if given is DTSEN_PERSON:
        return [*given, {**given[0], "id_partisipasi_sekolah": "1"}, {**given[0], "id_partisipasi_sekolah": "2"}]
    return list(given)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("usual")
    return build(deliver_all(folder / "src", arrange=with_repeats), folder / "lake")


def contents(built: Built) -> dict[str, bytes]:
    return {name: (built.folder / name / "part-00000.parquet").read_bytes() for name in PLACELESS}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_order_of_rows_is_irrelevant(usual: Built, tmp_path: Path, seed: int) -> None:
    random = Random(seed)

    def shuffled(given: Rows) -> Rows:
        full = with_repeats(given)
        return random.sample(full, len(full))

    other = build(deliver_all(tmp_path / "src", arrange=shuffled), tmp_path / "lake")

    different = [name for name, content in contents(other).items() if content != contents(usual)[name]]
    assert different == []
    for name in ("person_record", "family_record"):
        places = ["row_number", "delivery"]
        assert table(other, name).drop_columns(places).equals(table(usual, name).drop_columns(places))
    assert sorted(row["reason"] for row in rows(other, "quarantine")) == [
        "not_an_amount", "repeated_row", "value_missing",
    ]  # fmt: skip
    assert other.manifest.counts == usual.manifest.counts


@pytest.mark.parametrize("threads", [1, 2])
def test_built_twice_with_one_and_two_threads_is_the_same(usual: Built, tmp_path: Path, threads: int) -> None:
    deliver_all(tmp_path / "src", arrange=with_repeats)

    again = build(tmp_path / "src", tmp_path / "lake", threads=threads)

    assert fingerprint(again.folder) == fingerprint(usual.folder)
    assert again.manifest == usual.manifest


def test_rows_in_equal_rows_kept_and_set_aside_for_every_input_and_all_kept_rows_are_records(usual: Built) -> None:
    inputs = {
        (one.source, one.file): (one.rows_in, one.rows_kept, one.rows_quarantined) for one in usual.manifest.inputs
    }

    assert inputs == {
        ("death_reports", "person"): (1, 1, 0),
        ("dtsen", "family"): (4, 4, 0),
        ("dtsen", "person"): (7, 7, 0),
        ("dukcapil", "person"): (10, 8, 2),
        ("owner_list", "person"): (2, 2, 0),
        ("pkh_payees", "person"): (3, 2, 1),
    }
    for (source, file), (_, kept, aside) in inputs.items():
        records = rows(usual, "family_record" if file == "family" else "person_record", source=source)
        assert len({row["row_number"] for row in records}) == kept
        quarantined = {row["row_number"] for row in rows(usual, "quarantine", source=source, file=file)}
        assert len(quarantined) == aside
        assert not quarantined & {row["row_number"] for row in records}


def test_manifest_lists_every_dataset_with_its_rows_and_a_stored_schema(usual: Built) -> None:
    assert set(usual.manifest.datasets) == {dataset.name for dataset in RELEASE_DATASETS}
    for dataset in RELEASE_DATASETS:
        stored = table(usual, dataset.name)
        assert stored.schema.names == list(dataset.column_names)
        assert stored.num_rows == usual.manifest.datasets[dataset.name].rows
        keys = list(zip(*(stored.column(name).to_pylist() for name in dataset.key), strict=True))
        assert keys == sorted(set(keys)), dataset.name
        for column in dataset.columns:
            assert not (column.required and stored.column(column.name).null_count), (dataset.name, column.name)


def test_lake_is_for_its_owner_only(usual: Built) -> None:
    lake = usual.folder.parents[1]
    folders = [path for path in lake.rglob("*") if path.is_dir()]

    assert {path.stat().st_mode & 0o777 for path in [lake, *folders]} == {0o700}
    assert {path.stat().st_mode & 0o077 for path in lake.rglob("*.parquet")} == {0}


def test_same_files_again_are_received_once(tmp_path: Path) -> None:
    deliver_all(tmp_path / "src")
    seen: list[list[Receipt]] = [[], []]

    build(tmp_path / "src", tmp_path / "lake", "2026-T2", on_receipt=seen[0].append)
    before = fingerprint(tmp_path / "lake" / "receipts")
    build(tmp_path / "src", tmp_path / "lake", "2026-T3", on_receipt=seen[1].append)

    assert [receipt.is_new for receipt in seen[0]] == [True] * 6
    assert [receipt.is_new for receipt in seen[1]] == [False] * 6
    assert fingerprint(tmp_path / "lake" / "receipts") == before


def test_one_content_under_two_names_counts_once(tmp_path: Path) -> None:
    first = deliver(tmp_path / "src", "dukcapil/person", DUKCAPIL[:3])
    shutil.copy(first, first.with_name("copy_2026-10-31.csv"))

    built = build(tmp_path / "src", tmp_path / "lake")

    assert [(one.rows_in, one.delivered_on) for one in built.manifest.inputs] in (
        [(3, date(2026, 9, 30))],
        [(3, date(2026, 10, 31))],
    )
    assert len(rows(built, "person")) == 3


@pytest.mark.parametrize("name", ["dukcapil/person", "dtsen/family", "death_reports/person", "owner_list/person"])
def test_file_of_one_row_makes_a_release(tmp_path: Path, name: str) -> None:
    one: dict[str, dict[str, str]] = {
        "dukcapil/person": DUKCAPIL[0],
        "dtsen/family": {"nomor_kartu_keluarga": kk(1)},
        "death_reports/person": {"NIK": BUDI, "NAMA": "BUDI", "TANGGAL_MENINGGAL": "2026-09-01"},
        "owner_list/person": {"NAMA": "KARTINI"},
    }

    built = build(deliver(tmp_path / "src", name, [one[name]]).parents[1], tmp_path / "lake")

    about_persons = name.endswith("person")
    assert (built.manifest.counts["persons"], built.manifest.counts["rows_in"]) == (int(about_persons), 1)
    assert verify_release(Lake(tmp_path / "lake"), "2026-T3") == []


def test_every_row_set_aside_makes_an_empty_release_that_says_so(tmp_path: Path) -> None:
    deliver(tmp_path / "src", "pkh_payees/person", [{"NIK": BUDI, "NAMA_PENERIMA": "BUDI", "NOMINAL": "x"}])

    built = build(tmp_path / "src", tmp_path / "lake")

    assert (built.manifest.counts["persons"], built.manifest.counts["rows_quarantined"]) == (0, 1)
    assert only(built, "quarantine")["reason"] == "not_an_amount"


def test_as_of_leaves_later_deliveries_out(tmp_path: Path) -> None:
    deliver(tmp_path / "src", "dukcapil/person", DUKCAPIL[:3], day="2026-06-30")
    deliver(tmp_path / "src", "dtsen/person", DTSEN_PERSON, day="2026-10-31")

    early = build(tmp_path / "src", tmp_path / "lake", "2026-T2", as_of=date(2026, 9, 30))
    late = build(tmp_path / "src", tmp_path / "lake", "2026-T4")

    assert [one.source for one in early.manifest.inputs] == ["dukcapil"]
    assert early.manifest.as_of == date(2026, 9, 30)
    assert [one.source for one in late.manifest.inputs] == ["dtsen", "dukcapil"]
    assert late.manifest.as_of == date(2026, 10, 31)


def test_as_of_before_every_delivery_is_refused(tmp_path: Path) -> None:
    deliver_all(tmp_path / "src")

    with pytest.raises(NothingDelivered):
        build(tmp_path / "src", tmp_path / "lake", as_of=date(2020, 1, 1))


def refused(folder: Path, kind: type[Refused], **more: Any) -> Refused:
    """Build on a lake that holds 2026-T2, be refused, and see that the releases stayed as they were."""
    lake = folder / "lake"
    before = fingerprint(lake / "releases")
    with pytest.raises(kind) as refusal:
        build(folder / "src", lake, str(more.pop("name", "2026-T3")), **more)
    assert fingerprint(lake / "releases") == before
    assert sorted(path.name for path in (lake / "releases").iterdir()) == ["2026-T2"]
    return refusal.value


@pytest.fixture
def lake_with_one(tmp_path: Path) -> Path:
    deliver(tmp_path / "src", "dtsen/person", DTSEN_PERSON)
    build(tmp_path / "src", tmp_path / "lake", "2026-T2")
    return tmp_path


def test_release_that_exists_is_never_overwritten(lake_with_one: Path) -> None:
    refusal = refused(lake_with_one, ReleaseExists, name="2026-T2")

    assert refusal.fields["name"] == "2026-T2"


def test_second_build_at_the_same_time_is_refused(lake_with_one: Path) -> None:
    with build_lock(Lake(lake_with_one / "lake")):
        refused(lake_with_one, LakeIsBusy)

    assert build(lake_with_one / "src", lake_with_one / "lake").manifest.name == "2026-T3"


def test_broken_file_refuses_the_build_whole(lake_with_one: Path) -> None:
    (lake_with_one / "src" / "dukcapil").mkdir()
    broken = lake_with_one / "src" / "dukcapil" / "person_2026-09-30.csv"
    broken.write_text("NIK;NAMA_LGKP\n1;X\n", encoding="utf-8")

    refusal = refused(lake_with_one, Refused)

    assert type(refusal).__name__ == "MissingColumns"
    assert not (lake_with_one / "lake" / "receipts" / "dukcapil").exists()


def test_refused_name_of_a_release(lake_with_one: Path) -> None:
    for name in ("../2026-T3", "2026-T5", "latest", ""):
        refused(lake_with_one, Refused, name=name)


def test_since_a_release_that_is_not_there_is_refused(lake_with_one: Path) -> None:
    assert type(refused(lake_with_one, Refused, since="2025-T1")).__name__ == "NoSuchRelease"


def test_profile_district_takes_one_dtsen_extract_and_nothing_else(lake_with_one: Path) -> None:
    built = build(lake_with_one / "src", lake_with_one / "lake", "2026-T1", profile="district")
    assert built.manifest.profile == "district"
    shutil.rmtree(built.folder)

    deliver(lake_with_one / "src", "owner_list/person", [{"NAMA": "KARTINI"}])
    refusal = refused(lake_with_one, UnfittingProfile, profile="district")
    assert refusal.fields == {"name": "district", "strangers": "owner_list", "taken": "dtsen"}


def test_profile_owner_takes_one_list_of_persons(tmp_path: Path) -> None:
    deliver(tmp_path / "src", "owner_list/person", [{"NAMA": "KARTINI"}])
    built = build(tmp_path / "src", tmp_path / "lake", "2026-T2", profile="owner")
    assert ids_by_name(built) == [("KARTINI", 1, None)]

    shutil.rmtree(tmp_path / "src")
    deliver_all(tmp_path / "src")
    refused(tmp_path, UnfittingProfile, profile="owner")


def test_profile_that_nobody_knows_is_refused(lake_with_one: Path) -> None:
    assert (
        refused(lake_with_one, UnknownProfile, profile="kabinet").fields["known"]
        == "district, integrator, ministry, owner"
    )


@pytest.mark.parametrize(
    ("harm", "kind"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-1] + b"\x00"), "changed"),
        (lambda path: path.unlink(), "missing"),
        (lambda path: shutil.copy(path, path.with_name("part-00001.parquet")), "not listed"),
        (lambda path: (path.parent / "notes.txt").write_text("x"), "not listed"),
    ],
    ids=["changed", "missing", "extra_part", "extra_file"],
)  # fmt: skip
def test_verify_finds_a_changed_missing_or_extra_file(
    usual: Built, tmp_path: Path, harm: Callable[[Path], object], kind: str
) -> None:
    shutil.copytree(usual.folder.parents[1], tmp_path / "lake")
    lake = Lake(tmp_path / "lake")
    assert verify_release(lake, "2026-T3") == []

    harm(lake.release("2026-T3") / "person" / "part-00000.parquet")

    (fault,) = verify_release(lake, "2026-T3")
    assert (fault.kind, fault.path.startswith("person/")) == (kind, True)
