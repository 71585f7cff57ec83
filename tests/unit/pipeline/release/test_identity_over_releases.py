"""Identifiers over two releases: the same people, families and dwellings are known again in the files of later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kesos.pipeline.release.build import Built
from unit.pipeline.release.neighbourhood import TABLES, Rows, deliver_all
from unit.pipeline.release.small_lake import (
    build,
    deliver,
    ids_by_name,
    kk,
    nik,
    only,
    person_id,
    register,
    rows,
)

PEOPLE = [
    ("AGUS WIJAYA", "1970-03-09", 1), ("BUDI SANTOSO", "1987-08-17", 2), ("DADANG HIDAYAT", "1990-04-12", 3),
    ("FADLI RAMDANI", "2001-01-01", 4),
]  # fmt: skip


def civil(name: str, born: str, serial: int | None, card: int = 1, **more: str) -> dict[str, str]:
    """Write a row of the civil registry."""
    day = "-".join(reversed(born.split("-")))
    number = "" if serial is None else nik(born, serial)
    return {"NIK": number, "NO_KK": kk(card), "NAMA_LGKP": name, "TGL_LHR": day, **more}


def two_releases(folder: Path, before: Rows, after: Rows, *, table: str = "dukcapil/person") -> tuple[Built, Built]:
    """Build of one delivery, then of another in its place, the second since the first."""
    deliver(folder / "before", table, before, day="2026-06-30")
    deliver(folder / "after", table, after, day="2026-09-30")
    first = build(folder / "before", folder / "lake", "2026-T2")
    return first, build(folder / "after", folder / "lake", "2026-T3", since="2026-T2")


@pytest.mark.parametrize("arrange", [list, lambda given: given[::-1]], ids=["same_rows", "reversed_rows"])
def test_since_unchanged_people_families_and_dwellings_keep_their_identifiers(
    tmp_path: Path, arrange: Callable[[Rows], Rows]
) -> None:
    deliver_all(tmp_path / "before")
    deliver_all(tmp_path / "after", arrange=arrange)
    first = build(tmp_path / "before", tmp_path / "lake", "2026-T2")
    second = build(tmp_path / "after", tmp_path / "lake", "2026-T3", since="2026-T2")

    assert ids_by_name(second) == ids_by_name(first)
    for kind in ("person", "family", "dwelling"):
        assert register(second, kind) == register(first, kind)
        assert {row["founded_in"] for row in rows(second, "identifier", kind=kind)} == {"2026-T2"}
    assert [row["dwelling_id"] for row in rows(second, "family")] == [
        row["dwelling_id"] for row in rows(first, "family")
    ]
    assert second.manifest.since is not None
    assert second.manifest.since.name == "2026-T2"


def test_since_none_numbers_anew_from_one(tmp_path: Path) -> None:
    deliver_all(tmp_path / "src")
    build(tmp_path / "src", tmp_path / "lake", "2026-T2")
    fresh = build(tmp_path / "src", tmp_path / "lake", "2026-T3", since=None)

    assert fresh.manifest.since is None
    assert {row["founded_in"] for row in rows(fresh, "identifier")} == {"2026-T3"}
    assert set(register(fresh, "person")) == set(range(1, 10))


def test_since_an_added_file_changes_no_identifier_and_adds_new_ones_behind(tmp_path: Path) -> None:
    before = {name: given for name, given in TABLES.items() if name.startswith("dukcapil")}
    for name, given in before.items():
        deliver(tmp_path / "before", name, given)
    deliver_all(tmp_path / "after")
    first = build(tmp_path / "before", tmp_path / "lake", "2026-T2")
    second = build(tmp_path / "after", tmp_path / "lake", "2026-T3", since="2026-T2")

    known = {name: number for name, number, _ in ids_by_name(first)}
    later = {name: number for name, number, _ in ids_by_name(second)}
    assert len(known) == 7
    assert {name: later[name] for name in known} == known
    assert {name: later[name] for name in later.keys() - known.keys()} == {"KARTINI": 8, "JOKO": 9}


SRI: Rows = [{"NIK": nik("1960-02-03", 1), "NO_KK": kk(1), "NAMA_LGKP": "SRI", "TGL_LHR": "03-02-1960"}]
REJEKI: Rows = [{"nik": nik("1960-02-03", 1), "nama": "REJEKI", "nomor_kartu_keluarga": kk(1)}]
SRI_REJEKI: Rows = [{"NIK": nik("1960-02-03", 1), "NAMA": "SRI REJEKI", "TANGGAL_LAHIR": "1960-02-03"}]


def parts(folder: Path, *, is_bridged: bool) -> Path:
    """Deliver two records that share a number and no name, and perhaps a third one that holds both names."""
    deliver(folder, "dukcapil/person", SRI)
    deliver(folder, "dtsen/person", [{**REJEKI[0], "tanggal_lahir": "1960-02-03"}])
    if is_bridged:
        deliver(folder, "owner_list/person", SRI_REJEKI)
    return folder


def test_since_merge_keeps_the_lower_identifier_and_the_other_is_its_alias(tmp_path: Path) -> None:
    first = build(parts(tmp_path / "before", is_bridged=False), tmp_path / "lake", "2026-T2")
    second = build(parts(tmp_path / "after", is_bridged=True), tmp_path / "lake", "2026-T3", since="2026-T2")
    third = build(parts(tmp_path / "later", is_bridged=True), tmp_path / "lake", "2026-T4", since="2026-T3")

    assert register(first, "person") == {1: ("active", None), 2: ("active", None)}
    assert first.manifest.counts["nik_contradictions"] == 1
    for merged in (second, third):
        assert register(merged, "person") == {1: ("active", None), 2: ("alias", 1)}
        assert only(merged, "person")["record_count"] == 3


def test_since_split_leaves_the_identifier_with_the_founding_record(tmp_path: Path) -> None:
    first = build(parts(tmp_path / "before", is_bridged=True), tmp_path / "lake", "2026-T2")
    second = build(parts(tmp_path / "after", is_bridged=False), tmp_path / "lake", "2026-T3", since="2026-T2")

    founder = only(first, "identifier", kind="person")
    assert (founder["founding_source"], founder["status"]) == ("dtsen", "active")
    assert register(second, "person") == {1: ("active", None), 2: ("active", None)}
    assert [(name, number) for name, number, _ in ids_by_name(second)] == [("REJEKI", 1), ("SRI", 2)]


def test_since_absent_is_retired_and_back_again_is_the_same_person(tmp_path: Path) -> None:
    everyone = [civil(*one) for one in PEOPLE]
    first, second = two_releases(tmp_path, everyone, everyone[:-1])
    gone = person_id(first, "FADLI RAMDANI")
    third = build(tmp_path / "before", tmp_path / "lake", "2026-T4", since="2026-T3")

    assert register(second, "person")[gone] == ("retired", None)
    assert rows(second, "person", person_id=gone) == []
    assert person_id(third, "FADLI RAMDANI") == gone
    assert ids_by_name(third) == ids_by_name(first)


def test_since_a_person_whose_row_changed_is_known_by_the_number_unless_the_name_contradicts(tmp_path: Path) -> None:
    budi, dewi = civil("BUDI SANTOSO", "1987-08-17", 1), civil("DEWI LESTARI", "1990-04-12", 2, JENIS_KLMIN="2")
    stranger = {**civil("ZULKIFLI HASAN", "1955-05-05", 2), "NIK": dewi["NIK"]}

    first, second = two_releases(
        tmp_path, [budi, dewi], [{**budi, "NAMA_LGKP": "BUDHI SANTOSO", "NO_KK": kk(4)}, stranger]
    )

    budis = [
        [row["person_id"] for row in rows(built, "person", sex="male", birth_date=date(1987, 8, 17))]
        for built in (first, second)
    ]
    assert budis[0] == budis[1]
    assert person_id(second, "ZULKIFLI HASAN") == 3
    assert register(second, "person")[person_id(first, "DEWI LESTARI")] == ("retired", None)


def test_since_a_family_with_a_new_card_keeps_its_identifier_dwelling_and_gains_history(tmp_path: Path) -> None:
    first, second = two_releases(
        tmp_path,
        [
            civil(name, born, serial, card=1, STAT_HBKEL=str(place))
            for place, (name, born, serial) in enumerate(PEOPLE, 1)
        ],
        [
            civil(name, born, serial, card=6, STAT_HBKEL=str(place))
            for place, (name, born, serial) in enumerate(PEOPLE, 1)
        ],
    )

    before, after = only(first, "family"), only(second, "family")
    assert (after["family_id"], after["dwelling_id"]) == (before["family_id"], before["dwelling_id"]) == (1, 1)
    assert ids_by_name(second) == ids_by_name(first)
    assert register(second, "family") == {1: ("active", None)}


def test_since_a_family_that_moved_to_another_village_gets_another_dwelling(tmp_path: Path) -> None:
    here = [civil(*PEOPLE[0])]
    there = [{**here[0], "KODE_DESA": "3201011001"}]

    first, second = two_releases(tmp_path, here, there)

    assert only(second, "family")["family_id"] == only(first, "family")["family_id"]
    assert only(second, "family")["dwelling_id"] == 2
    assert register(second, "dwelling") == {1: ("retired", None), 2: ("active", None)}


def test_a_source_that_delivers_twice_speaks_of_the_same_people_even_without_numbers(tmp_path: Path) -> None:
    june = [civil(name, born, None, card=card) for card, (name, born, _) in enumerate(PEOPLE, 1)]
    deliver(tmp_path / "src", "dukcapil/person", june, day="2026-06-30")
    deliver(tmp_path / "src", "dukcapil/person", [*june, civil("BARU", "1961-01-01", None)], day="2026-09-30")

    built = build(tmp_path / "src", tmp_path / "lake")

    assert [name for name, *_ in ids_by_name(built)] == sorted([*(name for name, *_ in PEOPLE), "BARU"])
    assert {row["record_count"] for row in rows(built, "person")} == {1, 2}
