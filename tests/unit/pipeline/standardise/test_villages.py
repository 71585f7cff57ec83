"""Villages by code and by name; never a guess between two."""

from __future__ import annotations

import pyarrow as pa
import pytest

from kesos.foundation.area_code import AreaSystem
from kesos.pipeline.standardise.villages import (
    CodeReading,
    VillageIndex,
    VillageNote,
    VillageText,
    area_name,
    kindless,
    read_codes,
    resolve_village,
    resolve_villages,
    village_index,
)

INDEX = VillageIndex.of(
    [
        ("3201012001", "Suka Maju", "Cibadak"),
        ("3201012002", "Kampung Baru", "Cibadak"),
        ("3201012003", "Baru", "Cibadak"),
        ("3201022001", "Sukamaju", "Cicurug"),
        ("3201021002", "Ilir II", "Cicurug"),
    ]
)


@pytest.mark.parametrize("written", ["3201011001", "32.01.01.1001", "32 01 01 1001", "'3201011001", "3201011001.0"])
def test_read_codes_of_a_village_in_force(written: str) -> None:
    assert read_codes([written], AreaSystem.KEMENDAGRI) == [("3201011001", None)]


@pytest.mark.parametrize(
    ("written", "code", "note"),
    [
        ("9101011002", "930101", VillageNote.RENUMBERED),
        ("3201019999", "320101", VillageNote.UNKNOWN_CODE),
        ("9999999999", "", VillageNote.UNKNOWN_CODE),
        ("320101", "320101", VillageNote.DISTRICT_ONLY),
        ("3201", "3201", VillageNote.REGENCY_ONLY),
        ("32010", "", VillageNote.UNREADABLE),
        ("Cibadak", "", VillageNote.UNREADABLE),
        ("", "", None),
    ],
)
def test_read_codes_of_kemendagri(written: str, code: str, note: VillageNote | None) -> None:
    assert read_codes([written], AreaSystem.KEMENDAGRI) == [(code, note)]


@pytest.mark.parametrize(
    ("written", "code", "note"),
    [
        ("3201010003", "320121", VillageNote.DISTRICT_ONLY),
        ("3201010", "320121", VillageNote.DISTRICT_ONLY),
        ("3201011001", "3201", VillageNote.REGENCY_ONLY),
        ("3201", "3201", VillageNote.REGENCY_ONLY),
    ],
)
def test_read_codes_of_bps_never_reach_a_village(written: str, code: str, note: VillageNote) -> None:
    assert read_codes([written], AreaSystem.BPS) == [(code, note)]


@pytest.mark.parametrize(
    ("row", "village", "note"),
    [
        (VillageText(village="Desa Suka-Maju", district="Kec. Cibadak", regency="3201"), "3201012001", "by_name"),
        (VillageText(village="SUKAMAJU", district="CICURUG", regency="32.01"), "3201022001", "by_name"),
        (VillageText(village="Sukamaju", regency="3201"), None, "ambiguous_name"),
        (VillageText(village="Kampung Baru", regency="3201"), "3201012002", "by_name"),
        (VillageText(village="Desa Baru", regency="3201"), None, "ambiguous_name"),
        (VillageText(village="Ilir 2", regency="3201"), "3201021002", "by_name"),
        (VillageText(village="Sukamaju", district="Cisaat", regency="3201"), None, "unknown_name"),
        (VillageText(village="Sukamaju", district="Cibadak", regency="3202"), None, "unknown_name"),
        (VillageText(village="Sukamaju", district="Cibadak"), None, "unknown_name"),
        (VillageText(), None, None),
        (VillageText(regency="3201"), None, None),
    ],
)
def test_resolve_village_by_names(row: VillageText, village: str | None, note: str | None) -> None:
    reading = resolve_village(row, CodeReading(), INDEX)

    assert (reading.village, reading.note) == (village, note)


def test_resolve_village_of_a_code_needs_no_name() -> None:
    reading = resolve_village(VillageText(village="Something else"), CodeReading("3201012001"), INDEX)

    assert reading == ("3201012001", None, "320101")


def test_resolve_village_tries_names_within_the_district_of_an_unknown_code() -> None:
    code = CodeReading("320101", VillageNote.UNKNOWN_CODE)

    assert resolve_village(VillageText(village="Suka Maju"), code, INDEX) == (
        "3201012001",
        VillageNote.BY_NAME,
        "320101",
    )
    assert resolve_village(VillageText(village="Ilir II"), code, INDEX) == (None, VillageNote.UNKNOWN_CODE, "320101")


def test_resolve_village_keeps_the_district_of_a_bps_code() -> None:
    code = CodeReading("320102", VillageNote.DISTRICT_ONLY)

    assert resolve_village(VillageText(), code, INDEX) == (None, VillageNote.DISTRICT_ONLY, "320102")
    assert resolve_village(VillageText(village="Sukamaju"), code, INDEX).village == "3201022001"


def test_resolve_villages_takes_columns() -> None:
    readings = resolve_villages(
        pa.array(["32.01.01.1001", None, None, "32.01.01.1001"]),
        village_names=pa.array([None, "Sukamaju", None, None], pa.string()),
        district_names=pa.array([None, "Cicurug", None, None], pa.string()),
        regencies=pa.array(["3201", "3201", None, "3201"]),
        index=INDEX,
    )

    assert readings.villages.to_pylist() == ["3201011001", "3201022001", None, "3201011001"]
    assert readings.notes.to_pylist() == [None, "by_name", None, None]
    assert readings.districts.to_pylist() == ["320101", "320102", None, "320101"]


def test_resolve_villages_of_a_code_of_before_the_renumbering_needs_the_name() -> None:
    readings = resolve_villages(pa.array(["91.01.01.1002"] * 2), village_names=pa.array([None, "Kel. Samkai"]))

    assert readings.villages.to_pylist() == [None, "9301011002"]
    assert readings.notes.to_pylist() == ["renumbered", "by_name"]
    assert readings.districts.to_pylist() == ["930101", "930101"]


def test_resolve_villages_of_nothing() -> None:
    assert len(resolve_villages(pa.array([], pa.string()), index=INDEX).villages) == 0


def test_village_index_finds_a_village_of_the_republic_by_name() -> None:
    row = VillageText(village="Kel. Pondok Rajeg", district="Kec. Cibinong", regency="3201")

    assert resolve_village(row, CodeReading(), village_index()).village == "3201011001"


def test_area_name_and_kindless() -> None:
    assert area_name("Ilir Timur II") == area_name("ILIR TIMUR 2")
    assert kindless("Kel. Ma'rang") == "MARANG"
    assert kindless("Desa") == "DESA"
