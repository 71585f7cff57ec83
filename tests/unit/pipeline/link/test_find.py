"""Finding people in a small release: misspelt, moved, without a number; and the index that leads to them."""

from __future__ import annotations

import json
import shutil
import stat
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos.datasets.lake import Lake, NoSuchRelease
from kesos.pipeline.link.evidence import Evidence
from kesos.pipeline.link.find import MOST_OF_KEY, Match, candidates, find_person
from kesos.pipeline.link.key_index import (
    RULES,
    Ints,
    KeyIndex,
    build_index,
    fold_keys,
    index_folder,
    nik_numbers,
    open_index,
)
from kesos.pipeline.link.scoring import Scored, plain_score
from kesos.pipeline.link.sought import NothingToFind, Sought, sought
from unit.pipeline.release.small_lake import OTHER_VILLAGE, SEALER, VILLAGE, Row, build, deliver, kk, nik, rows

NAME = "2026-T3"
SITI = nik("1951-03-08", 1, woman=True)


def person(name: str, born: str, serial: int, **more: str) -> dict[str, str]:
    day = date.fromisoformat(born).strftime("%d-%m-%Y")
    return {"NIK": nik(born, serial), "NO_KK": kk(serial), "NAMA_LGKP": name, "TGL_LHR": day, **more}


PEOPLE = [
    {**person("SITI AMINAH", "1951-03-08", 1, JENIS_KLMIN="2", NAMA_LGKP_IBU="MARYATI"), "NIK": SITI},
    person("BUDI SANTOSO", "1987-08-17", 2),
    person("YUSUF WIJAYA", "1970-12-01", 3, NAMA_LGKP_IBU="KARTINAH"),
    person("SLAMET", "1945-02-12", 4, KODE_DESA=OTHER_VILLAGE),
    person("RATNA DEWI", "1990-04-12", 5, JENIS_KLMIN="2"),
    # A name that more people bear than a key may lead to.
    *(person("AGUS SETIAWAN", f"19{60 + n % 30}-0{1 + n % 9}-{10 + n % 18}", 10 + n) for n in range(MOST_OF_KEY + 60)),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("found")
    deliver(folder / "src", "dukcapil/person", PEOPLE)
    return build(folder / "src", folder / "lake", NAME, sealer=SEALER)


@pytest.fixture(scope="module")
def lake(built: Any) -> Lake:
    return Lake(built.folder.parents[1])


@pytest.fixture(scope="module")
def index(lake: Lake) -> KeyIndex:
    return open_index(lake, NAME)


@pytest.fixture(scope="module")
def shown(built: Any) -> dict[str, Row]:
    return {row["name_normal"]: row for row in rows(built, "person")}


def first(index: KeyIndex, **known: Any) -> Match:
    return find_person(index, sought(**known))[0]


@pytest.mark.parametrize(
    ("known", "initials", "year"),
    [
        ({"name": "Siti Aminah"}, "S••• A•••", 1951),
        ({"name": "Hj. St. Aminah"}, "S••• A•••", 1951),
        ({"name": "SITI AMYNAH"}, "S••• A•••", 1951),
        ({"name": "BODI SANTOSO"}, "B••• S•••", 1987),
        ({"name": "BUDI"}, "B••• S•••", 1987),
        ({"name": "JOESOEF WIDJAJA"}, "Y••• W•••", 1970),
        ({"name": "YUSUF WIJAYA", "village": OTHER_VILLAGE}, "Y••• W•••", 1970),
        ({"name": "SLAMED", "birth_date": date(1945, 12, 2)}, "S•••", 1945),
        ({"name": "X", "birth_date": date(1990, 4, 12), "sex": "female"}, "R••• D•••", 1990),
        ({"birth_date": date(1990, 4, 12), "sex": "female"}, "R••• D•••", 1990),
        ({"name": "RATNO", "village": VILLAGE, "birth_date": date(1990, 4, 12)}, "R••• D•••", 1990),
        ({"nik_index": SEALER.blind_index(SITI, "nik")}, "S••• A•••", 1951),
        ({"name": "AGUS SETIAWAN", "birth_date": date(1960, 1, 10)}, "A••• S•••", 1960),
    ],
)
def test_find_person_brings_the_one_meant_first(
    index: KeyIndex, known: dict[str, Any], initials: str, year: int
) -> None:
    match = first(index, **known)

    assert (match.name_masked, match.birth_year) == (initials, year)
    assert match.weight_millibits == sum(step.weight_millibits for step in match.evidence)


def test_match_names_the_person_of_the_register_and_why(index: KeyIndex, shown: dict[str, Row]) -> None:
    match = first(index, name="SITI AMINAH", birth_date=date(1951, 8, 3), sex="female", mother="MARYATI")

    people = len(PEOPLE)
    assert match.person.startswith("P-")
    assert (match.regency, match.has_nik) == ("3201", True)
    assert match.evidence == (
        Evidence("prior", "one_of_all_persons", -round(1_000 * np.log2(people))),
        Evidence("name", "equal", round(1_000 * np.log2(people))),
        Evidence("birth_date", "one_part_differs", 5_500),
        Evidence("sex", "equal", 1_000),
        Evidence("mother", "equal", 7_000),
    )
    assert shown["SITI AMINAH"]["birth_date"] == date(1951, 3, 8)


def test_a_common_name_says_less_than_a_rare_one(index: KeyIndex) -> None:
    common = {s.comparison: s.weight_millibits for s in first(index, name="AGUS SETIAWAN").evidence}
    rare = {s.comparison: s.weight_millibits for s in first(index, name="SLAMET").evidence}

    assert common["name"] == 2_000
    assert rare["name"] > 8_000


def test_nobody_near_is_no_match(index: KeyIndex) -> None:
    assert find_person(index, sought(name="QWERTZUIOP")) == []


def test_most_limits_what_is_shown_and_each_person_stands_once(index: KeyIndex) -> None:
    matches = find_person(index, sought(name="AGUS SETIAWAN"), most=7)

    assert len({match.person for match in matches}) == len(matches) == 7


def test_candidates_of_a_key_shared_by_too_many_are_capped_or_asked_more_finely(index: KeyIndex) -> None:
    by_name = candidates(index, sought(name="AGUS SETIAWAN"))
    born = candidates(index, sought(name="AGUS SETIAWAN", birth_date=date(1960, 1, 10)))

    assert len(by_name) == MOST_OF_KEY
    agus_of_1960 = np.flatnonzero(index.rows["year"] == 1960)
    assert set(agus_of_1960.tolist()) <= set(born.tolist())


def test_score_that_is_handed_in_takes_the_place_of_the_plain_one(index: KeyIndex) -> None:
    def oldest_first(index: KeyIndex, asked: Sought, rows: Ints) -> Scored:
        plain = plain_score(index, asked, rows)
        return Scored(-index.rows["birth"][rows], plain.prior_millibits, plain.levels, plain.weights)

    found = find_person(index, sought(name="AGUS SETIAWAN"), most=3, score=oldest_first)

    assert [match.birth_year for match in found] == [1960, 1960, 1960]


@pytest.mark.parametrize(
    "known", [{}, {"sex": "male"}, {"birth_date": date(1990, 1, 1)}, {"village": VILLAGE}, {"name": "  "}]
)
def test_question_that_names_nobody_is_refused(known: dict[str, Any]) -> None:
    with pytest.raises(NothingToFind):
        sought(**known)


def test_index_is_private_and_holds_no_number(lake: Lake, index: KeyIndex) -> None:
    folder = index_folder(lake, index.release)

    contents = b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [row["NIK"] for row in PEOPLE if row["NIK"].encode() in contents] == []
    assert SEALER.blind_index(SITI, "nik") not in contents


def test_index_is_opened_as_it_is_until_the_release_is_another(lake: Lake, tmp_path: Path) -> None:
    shutil.copytree(lake.root, tmp_path / "lake")
    other = Lake(tmp_path / "lake")
    meta = index_folder(other, NAME) / "index.json"
    open_index(other, NAME)
    made = meta.stat().st_mtime_ns

    open_index(other, NAME)
    assert meta.stat().st_mtime_ns == made
    manifest = other.release(NAME) / "manifest.json"
    manifest.write_text(manifest.read_text() + "\n")
    open_index(other, NAME)

    assert meta.stat().st_mtime_ns != made
    assert json.loads(meta.read_text())["people"] == len(PEOPLE)


def test_index_made_twice_is_the_same_bytes(lake: Lake) -> None:
    folder = build_index(lake, NAME)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    build_index(lake, NAME)

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_index_of_no_release_is_refused(lake: Lake) -> None:
    with pytest.raises(NoSuchRelease):
        open_index(lake, "2031-T1")


def test_rows_of_every_key_are_those_that_a_scan_finds(index: KeyIndex) -> None:
    for rule, level, parts in (("birth", 1, ("birth", "sex")), ("birth", 2, ("birth", "sex", "regency"))):
        assert RULES[rule][level] == parts
        for row in range(0, len(index.rows["person"]), 37):
            asked = [index.rows[part][row : row + 1] for part in parts]
            same = np.all([index.rows[part] == index.rows[part][row] for part in parts], axis=0)

            [found] = index.rows_of(rule, level, fold_keys(asked))

            assert found.tolist() == np.flatnonzero(same).tolist()


@given(st.lists(st.tuples(st.integers(0, 2**40), st.integers(0, 2**40)), min_size=2, max_size=50, unique=True))
def test_fold_keys_keeps_different_parts_apart(parts: list[tuple[int, int]]) -> None:
    columns = [np.array(column, np.int64) for column in zip(*parts, strict=True)]

    assert len(set(fold_keys(columns).tolist())) == len(parts)


def test_nik_numbers_are_63_bits_of_the_blind_index() -> None:
    indexes = pa.array([b"\xff" * 32, b"\x00" * 7 + b"\x03" + b"\x07" * 24, None], pa.binary())

    assert nik_numbers(indexes).tolist() == [2**63 - 1, 1, -1]
