"""The areas of the Republic: every one, each in its parent."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from kesos.foundation.columns import complete_texts
from kesos.reference.areas import districts, former_regencies, known_region_prefixes, provinces, regencies, villages


def _row(table: pa.Table, column: str, code: str) -> dict[str, object]:
    rows: list[dict[str, object]] = table.filter(pc.field(column) == code).to_pylist()
    (row,) = rows
    return row


@pytest.mark.parametrize(
    ("table", "column", "count", "digits"),
    [
        (provinces(), "province", 38, 2),
        (regencies(), "regency", 514, 4),
        (districts(), "district", 7_285, 6),
        (villages(), "village", 83_762, 10),
    ],
)
def test_areas_are_complete_unique_and_sorted(table: pa.Table, column: str, count: int, digits: int) -> None:
    codes = complete_texts(table[column])

    assert table.num_rows == count
    assert codes == sorted(set(codes))
    assert {len(code) for code in codes} == {digits}
    assert all(part.null_count == 0 for part in table.columns)


@pytest.mark.parametrize(
    ("children", "column", "parents"),
    [
        (regencies(), "province", provinces()),
        (districts(), "regency", regencies()),
        (villages(), "district", districts()),
        (villages(), "regency", regencies()),
        (villages(), "province", provinces()),
    ],
)
def test_every_area_lies_in_a_parent_and_every_parent_has_some(
    children: pa.Table, column: str, parents: pa.Table
) -> None:
    assert set(children[column].to_pylist()) == set(parents[column].to_pylist())


def test_kinds_are_counted() -> None:
    regency_kinds = Counter(complete_texts(regencies()["kind"]))
    village_kinds = Counter(complete_texts(villages()["kind"]))

    assert regency_kinds == {"kabupaten": 416, "kota": 98}
    assert village_kinds == {"desa": 75_266, "kelurahan": 8_496}


def test_one_area_of_each_level() -> None:
    assert _row(provinces(), "province", "96") == {"province": "96", "name": "Papua Barat Daya"}
    assert _row(regencies(), "regency", "9301") == {
        "regency": "9301",
        "name": "Kabupaten Merauke",
        "province": "93",
        "kind": "kabupaten",
    }
    assert _row(districts(), "district", "110102")["name"] == "Kluet Utara"
    assert _row(villages(), "village", "1101012001") == {
        "village": "1101012001",
        "name": "Keude Bakongan",
        "district": "110101",
        "regency": "1101",
        "province": "11",
        "kind": "desa",
        "postal_code": "23773",
    }


def test_postal_codes_have_five_digits() -> None:
    assert pc.all(pc.match_substring_regex(villages()["postal_code"], "^[0-9]{5}$")).as_py()


def test_known_region_prefixes_hold_today_and_the_past() -> None:
    known = known_region_prefixes()

    assert set(districts()["district"].to_pylist()) <= known
    assert "910101" in known  # Merauke before 2022
    assert "647301" in known  # Tarakan before 2012
    assert "920101" in known  # Sorong before 2022
    assert not known & {"000000", "540101", "990101", "327399", "110100"}
    assert {len(code) for code in known} == {6}


def test_former_regencies_lead_to_regencies_of_today() -> None:
    former = former_regencies()

    assert former.num_rows == 5
    assert set(former["kemendagri"].to_pylist()) == set(
        regencies().filter(pc.field("province") == "65")["regency"].to_pylist()
    )
    assert not set(former["former"].to_pylist()) & set(regencies()["regency"].to_pylist())
