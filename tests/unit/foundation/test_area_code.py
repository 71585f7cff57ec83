"""An area code knows its system: the same ten digits are two places."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from kesos.foundation.area_code import (
    AreaCode,
    AreaLevel,
    AreaSystem,
    DifferentSystems,
    NotAnAreaCode,
    read_area_code,
    read_area_codes,
)

KEMENDAGRI, BPS = AreaSystem.KEMENDAGRI, AreaSystem.BPS


@pytest.mark.parametrize(
    ("text", "system", "code", "level", "parent", "dotted"),
    [
        ("33", KEMENDAGRI, "33", AreaLevel.PROVINCE, None, "33"),
        ("33.73", KEMENDAGRI, "3373", AreaLevel.REGENCY, "33", "33.73"),
        ("337304", KEMENDAGRI, "337304", AreaLevel.DISTRICT, "3373", "33.73.04"),
        ("33.73.04.1001", KEMENDAGRI, "3373041001", AreaLevel.VILLAGE, "337304", "33.73.04.1001"),
        ("3173080", BPS, "3173080", AreaLevel.DISTRICT, "3173", "31.73.080"),
        ("3173080003", BPS, "3173080003", AreaLevel.VILLAGE, "3173080", "31.73.080.003"),
    ],
)
def test_read_area_code_of_each_level(
    text: str, system: AreaSystem, code: str, level: AreaLevel, parent: str | None, dotted: str
) -> None:
    area = read_area_code(text, system)

    assert (area.code, area.level, area.dotted) == (code, level, dotted)
    assert (area.parent.code if area.parent else None) == parent


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ("", KEMENDAGRI),
        ("3", KEMENDAGRI),
        ("3173080", KEMENDAGRI),
        ("337304", BPS),
        ("33.7.304", KEMENDAGRI),
        ("3373.04", KEMENDAGRI),
        ("0973", KEMENDAGRI),
        ("33x3", KEMENDAGRI),
        ("33730410011", KEMENDAGRI),
    ],
)
def test_read_area_code_refuses_what_is_no_code(text: str, system: AreaSystem) -> None:
    with pytest.raises(NotAnAreaCode) as refusal:
        read_area_code(text, system)

    assert refusal.value.fields["text"] == text


@pytest.mark.parametrize(
    ("code", "system", "kind"),
    [
        ("3373041001", KEMENDAGRI, "kelurahan"),
        ("1101012001", KEMENDAGRI, "desa"),
        ("9103013001", KEMENDAGRI, "desa"),
        ("1101019001", KEMENDAGRI, None),
        ("3373041001", BPS, None),
        ("337304", KEMENDAGRI, None),
    ],
)
def test_kind_of_a_village(code: str, system: AreaSystem, kind: str | None) -> None:
    assert AreaCode(code, system).kind == kind


def test_comparison_refuses_another_system() -> None:
    kemendagri, bps = AreaCode("3173080003", KEMENDAGRI), AreaCode("3173080003", BPS)

    assert kemendagri != bps
    with pytest.raises(DifferentSystems):
        kemendagri.is_same_place(bps)
    with pytest.raises(DifferentSystems):
        AreaCode("3173", BPS).has_inside(kemendagri)


def test_has_inside_follows_the_digits() -> None:
    regency = AreaCode("3373", KEMENDAGRI)

    assert regency.has_inside(AreaCode("3373041001", KEMENDAGRI))
    assert regency.has_inside(regency)
    assert not regency.has_inside(AreaCode("33", KEMENDAGRI))
    assert regency.is_same_place(AreaCode("3373", KEMENDAGRI, valid_from=date(2020, 1, 1)))


def test_is_valid_on_excludes_the_last_day() -> None:
    code = AreaCode("9101", KEMENDAGRI, date(2003, 1, 1), date(2022, 7, 25))

    days = [date(2002, 12, 31), date(2003, 1, 1), date(2022, 7, 24), date(2022, 7, 25)]
    assert [code.is_valid_on(day) for day in days] == [False, True, True, False]
    assert AreaCode("9101", KEMENDAGRI).is_valid_on(date(1900, 1, 1))


def test_read_area_codes_cleans_and_leaves_the_rest_null() -> None:
    texts = ["33.73.04.1001", " '3373041001", "3373041001.0", "3373.04.1001", "3373", "0973041001", "x", None]

    codes = read_area_codes(pa.array(texts), KEMENDAGRI, AreaLevel.VILLAGE)

    assert codes.to_pylist() == ["3373041001"] * 3 + [None] * 5
    assert read_area_codes(pa.array(["31.73.080"]), BPS, AreaLevel.DISTRICT).to_pylist() == ["3173080"]
