"""Codes of BPS and of the Papua of two provinces become Kemendagri codes of 2025, or say why not."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from kesos.foundation.area_code import AreaLevel, AreaSystem
from kesos.reference.areas import districts, regencies
from kesos.reference.bps import district_codes, regency_codes, to_kemendagri

KEMENDAGRI, BPS = AreaSystem.KEMENDAGRI, AreaSystem.BPS
PROVINCE, REGENCY, DISTRICT, VILLAGE = AreaLevel


def test_regency_codes_cover_every_regency_once_in_every_edition() -> None:
    codes = regency_codes()

    assert codes["kemendagri"].to_pylist() == regencies()["regency"].to_pylist()
    assert [len(set(codes[c].to_pylist())) for c in ("bps", "kemendagri_2020", "bps_2020")] == [514, 514, 514]


@pytest.mark.parametrize(
    ("kemendagri", "bps", "kemendagri_2020", "bps_2020", "renumbered_on"),
    [
        ("1101", "1103", "1101", "1103", None),
        ("9103", "9403", "9103", "9403", None),
        ("9301", "9501", "9101", "9401", date(2022, 7, 25)),
        ("9404", "9601", "9109", "9412", date(2022, 7, 25)),
        ("9508", "9701", "9124", "9429", date(2022, 7, 25)),
        ("9671", "9271", "9271", "9171", date(2022, 12, 8)),
    ],
)
def test_regency_codes_of_single_regencies(
    kemendagri: str, bps: str, kemendagri_2020: str, bps_2020: str, renumbered_on: date | None
) -> None:
    assert regency_codes().filter(pc.field("kemendagri") == kemendagri).to_pylist() == [
        {
            "kemendagri": kemendagri,
            "bps": bps,
            "kemendagri_2020": kemendagri_2020,
            "bps_2020": bps_2020,
            "renumbered_on": renumbered_on,
        }
    ]


def test_only_papua_was_renumbered() -> None:
    codes = regency_codes()
    changed = codes.filter(pc.not_equal(codes["kemendagri"], codes["kemendagri_2020"]))

    assert changed.num_rows == 26
    assert changed["renumbered_on"].null_count == 0
    assert codes["renumbered_on"].null_count == 514 - 26


def test_a_code_has_one_meaning_in_all_editions_of_its_system() -> None:
    rows = regency_codes().to_pylist()

    for earlier, later in (("kemendagri_2020", "kemendagri"), ("bps_2020", "bps")):
        today = {row[later]: row["kemendagri"] for row in rows}
        assert [row for row in rows if today.get(row[earlier], row["kemendagri"]) != row["kemendagri"]] == []


def test_district_codes_lead_to_distinct_districts_of_today() -> None:
    codes = district_codes()
    today = codes["kemendagri"].to_pylist()

    assert codes.num_rows == 6_857
    assert len(set(codes["bps_2020"].to_pylist())) == len(set(today)) == 6_857
    assert set(today) <= set(districts()["district"].to_pylist())


@pytest.mark.parametrize(
    ("code", "system", "level", "translated", "note"),
    [
        ("94", BPS, PROVINCE, "91", "translated"),
        ("91", BPS, PROVINCE, "92", "translated"),
        ("32", BPS, PROVINCE, "32", "same"),
        ("9401", BPS, REGENCY, "9301", "translated"),
        ("9501", BPS, REGENCY, "9301", "translated"),
        ("1103", BPS, REGENCY, "1101", "translated"),
        ("3273", BPS, REGENCY, "3273", "same"),
        ("1101010", BPS, DISTRICT, "110907", "translated"),
        ("1101999", BPS, DISTRICT, "1109", "coarser"),
        ("1101010001", BPS, VILLAGE, "110907", "coarser"),
        ("9502999001", BPS, VILLAGE, "9302", "coarser"),
        ("9999999999", BPS, VILLAGE, None, "unknown"),
        ("110101", BPS, DISTRICT, None, "unknown"),
        ("9101", KEMENDAGRI, REGENCY, "9301", "translated"),
        ("9402", KEMENDAGRI, REGENCY, "9402", "same"),
        ("6473", KEMENDAGRI, REGENCY, "6571", "translated"),
        ("920501", KEMENDAGRI, DISTRICT, "960301", "translated"),
        ("920404", KEMENDAGRI, DISTRICT, "9602", "coarser"),
        ("1101012001", KEMENDAGRI, VILLAGE, "1101012001", "same"),
        ("1101012999", KEMENDAGRI, VILLAGE, "110101", "coarser"),
        ("9205012001", KEMENDAGRI, VILLAGE, "960301", "coarser"),
        ("99", KEMENDAGRI, PROVINCE, None, "unknown"),
        ("", KEMENDAGRI, VILLAGE, None, "unknown"),
        (None, BPS, VILLAGE, None, "missing"),
    ],
)
def test_to_kemendagri_of_one_code(
    code: str | None, system: AreaSystem, level: AreaLevel, translated: str | None, note: str
) -> None:
    codes, notes = to_kemendagri(pa.array([code], pa.string()), system, level)

    assert (codes.to_pylist(), notes.to_pylist()) == ([translated], [note])


def test_to_kemendagri_keeps_length_and_order_and_takes_chunks() -> None:
    column = pa.chunked_array([pa.array(["9401", None]), pa.array(["3273", "9401"])])

    codes, notes = to_kemendagri(column, BPS, REGENCY)

    assert codes.to_pylist() == ["9301", None, "3273", "9301"]
    assert notes.to_pylist() == ["translated", "missing", "same", "translated"]


def test_to_kemendagri_leaves_every_code_of_today_as_it_is() -> None:
    codes, notes = to_kemendagri(districts()["district"], KEMENDAGRI, DISTRICT)

    assert codes.to_pylist() == districts()["district"].to_pylist()
    assert set(notes.to_pylist()) == {"same"}
