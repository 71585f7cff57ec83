"""Places of birth as names."""

from __future__ import annotations

import pyarrow as pa
import pytest

from kesos.pipeline.standardise.places import (
    PlaceIndex,
    plain_place,
    read_values,
    standardise_place,
    standardise_places,
)

INDEX = PlaceIndex.of(
    ["Kota Surabaya", "Kabupaten Kediri", "Kota Kediri", "Kota Pematang Siantar", "Kabupaten Bandung"]
)


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("Surabaya", "SURABAYA"),
        ("KAB. KEDIRI", "KEDIRI"),
        ("KOTA KEDIRI", "KEDIRI"),
        ("Soerabaja", "SURABAYA"),
        ("SBY", "SURABAYA"),
        ("P. SIANTAR", "PEMATANG SIANTAR"),
        ("PEMATANGSIANTAR", "PEMATANG SIANTAR"),
        ("Bandung, 12-08-1987", "BANDUNG"),
        ("Ujung Pandang", "MAKASSAR"),
        ("Solo", "SURAKARTA"),
        ("DKI Jakarta", "JAKARTA"),
        ("Jakarta Timur", "JAKARTA TIMUR"),
        ("Cepu", "CEPU"),
        ("Kab.", "KAB"),
        ("-", None),
        ("X", None),
        ("Tidak tahu", None),
        ("1987", None),
    ],
)
def test_standardise_place(written: str, place: str | None) -> None:
    assert standardise_place(written, INDEX) == place


def test_place_index_never_guesses_between_two_of_one_sound() -> None:
    index = PlaceIndex.of(["Kota Batu", "Kota Bathu"])

    assert standardise_place("Battu", index) == "BATTU"


def test_plain_place_keeps_a_bare_prefix() -> None:
    assert plain_place("Kota") == "KOTA"
    assert plain_place("Kotabaru") == "KOTABARU"


def test_standardise_places_keeps_nulls() -> None:
    assert standardise_places(pa.array(["sby", None]), INDEX).to_pylist() == ["SURABAYA", None]


def test_read_values_knows_the_regencies_of_the_republic() -> None:
    batch = read_values(pa.RecordBatch.from_pydict({"value": ["kab aceh selatan", "Tjiandjoer"]}))

    assert batch.to_pydict() == {"value": ["kab aceh selatan", "Tjiandjoer"], "place": ["ACEH SELATAN", "CIANJUR"]}
