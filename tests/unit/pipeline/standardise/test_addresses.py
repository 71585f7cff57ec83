"""Free addresses taken apart."""

from __future__ import annotations

import pyarrow as pa
import pytest

from kesos.pipeline.standardise.addresses import read_address, read_addresses, read_values, unit_number


@pytest.mark.parametrize(
    ("written", "street", "hamlet", "rt", "rw"),
    [
        (
            "Jl. A. Yani Gg. Mawar No 12 RT 003/RW 05 Dusun Krajan",
            "JL A YANI GG MAWAR NO 12",
            "DUSUN KRAJAN",
            "003",
            "005",
        ),
        ("RT.3 RW.5", None, None, "003", "005"),
        ("RT/RW 003/005", None, None, "003", "005"),
        ("RT/RW: 3 / 5", None, None, "003", "005"),
        ("003/005", None, None, "003", "005"),
        ("RT03/RW01", None, None, "003", "001"),
        ("RT 01/02", None, None, "001", "002"),
        ("RW IV RT II", None, None, "002", "004"),
        ("RT 3", None, None, "003", None),
        ("RT 000 RW 000", None, None, None, None),
        ("JORONG KOTO RT - RW -", None, "JORONG KOTO", None, None),
        ("12/14 JL X", "12/14 JL X", None, None, None),
        ("Dsn. Krajan RT 02 RW 01", None, "DUSUN KRAJAN", "002", "001"),
        ("LINGK. II", None, "LINGKUNGAN II", None, None),
        ("Kp. Baru 003/005, Desa Suka Maju, Kec. Cibadak", None, "KAMPUNG BARU", "003", "005"),
        ("BR. TEGAL", None, "BANJAR TEGAL", None, None),
        ("BANJARSARI RT 01 RW 02", "BANJARSARI", None, "001", "002"),
        ("JL. DUSUN BARU NO 5", "JL DUSUN BARU NO 5", None, None, None),
        ("Jl Kp. Melayu", "JL KAMPUNG MELAYU", None, None, None),
        ("JL RW MONGINSIDI", "JL RW MONGINSIDI", None, None, None),
        ("Jalan Melati Gang II, Kel. Suka, Kota Bandung", "JL MELATI GG II", None, None, None),
        ("BLOK C/5 NO 3 PERUMAHAN INDAH", "BLOK C/5 PERUM INDAH NO 3", None, None, None),
        ("DS. MAJU DSN KIDUL RT 1 RW 2 KEC. X", None, "DUSUN KIDUL", "001", "002"),
        ("-", None, None, None, None),
        ("", None, None, None, None),
    ],
)
def test_read_address_parts(
    written: str, street: str | None, hamlet: str | None, rt: str | None, rw: str | None
) -> None:
    address = read_address(written)

    assert (address.street, address.hamlet, address.rt, address.rw) == (street, hamlet, rt, rw)


@pytest.mark.parametrize(
    ("written", "number"),
    [("JL X NO.12A", "12A"), ("JL X NO 12 B", "12B"), ("JL X #7", "7"), ("JL X Nomor 3-5", "3-5"), ("JL X 12", None)],
)
def test_read_address_house_number(written: str, number: str | None) -> None:
    assert read_address(written).house_number == number


def test_unit_number_bounds() -> None:
    assert [unit_number(text) for text in ("1", "999", "1000", "0", "XV", "x", "A")] == [
        "001",
        "999",
        None,
        None,
        "015",
        "010",
        None,
    ]


def test_read_addresses_keeps_order_and_nulls() -> None:
    table = read_addresses(pa.array(["RT 1 RW 2", None, "RT 1 RW 2"]))

    assert table.column("rt").to_pylist() == ["001", None, "001"]
    assert table.column_names == ["street", "house_number", "hamlet", "rt", "rw"]


def test_read_values_of_an_empty_batch_has_all_columns() -> None:
    empty = read_values(pa.RecordBatch.from_pydict({"value": pa.array([], pa.string())}))

    assert empty.schema.names == ["value", "street", "house_number", "hamlet", "rt", "rw"]
