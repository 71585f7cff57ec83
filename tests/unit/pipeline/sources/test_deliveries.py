"""Which files a folder delivers, whose they are, and when they were handed over."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kesos.pipeline.sources.deliveries import (
    BrokenDeliveries,
    Delivery,
    DeliveryNotThere,
    NoDeliveries,
    NoDeliveryDay,
    SeveralDeliveryDays,
    delivery_day,
    find_deliveries,
    left_aside,
)
from kesos.pipeline.sources.recognise import UnknownSource

_SOURCES = ("cadre", "dtsen")


def _put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x", encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("dtsen-2026-09-15.csv", date(2026, 9, 15)),
        ("20260915_dtsen.xlsx", date(2026, 9, 15)),
        ("DTSEN 2026-T3.csv", date(2026, 9, 30)),
        ("dtsen_2026-t4_final.csv", date(2026, 12, 31)),
        ("dtsen-2024-T1-2024-03-05.csv", date(2024, 3, 5)),
        ("20260915-20260915.csv", date(2026, 9, 15)),
        ("2026-02-30.csv", None),
        ("120260915.csv", None),
        ("2026-T5.csv", None),
        ("dtsen.csv", None),
    ],
)
def test_delivery_day_reads_the_name(name: str, day: date | None) -> None:
    assert delivery_day(name) == day


def test_delivery_day_refuses_two_days() -> None:
    with pytest.raises(SeveralDeliveryDays) as refusal:
        delivery_day("2026-01-01_2026-06-30.csv")

    assert refusal.value.fields["days"] == "2026-01-01, 2026-06-30"


def test_find_deliveries_takes_the_folder_as_source_and_passes_by_what_is_no_table(tmp_path: Path) -> None:
    _put(tmp_path, "a-2026-T3.csv", "dtsen/b-20260701.xlsx", "dtsen/README.md", ".hidden.csv", "~$a-2026-T3.xlsx")
    _put(tmp_path, "surat.pdf")

    found = find_deliveries(tmp_path, sources=_SOURCES)

    assert found == [
        Delivery(tmp_path / "a-2026-T3.csv", date(2026, 9, 30)),
        Delivery(tmp_path / "dtsen/b-20260701.xlsx", date(2026, 7, 1), "dtsen"),
    ]
    assert left_aside(tmp_path) == [tmp_path / "surat.pdf"]


def test_find_deliveries_reads_the_page(tmp_path: Path) -> None:
    _put(tmp_path, "list.csv", "dtsen/b-2026-T3.csv")
    (tmp_path / "deliveries.yaml").write_text(
        "files:\n"
        "  list.csv: {delivered_on: 2026-08-17, source: cadre, file: person,\n"
        '             covers: {areas: ["3201012001"], from: 2026-01-01}}\n'
        "  dtsen/b-2026-T3.csv: {code_lists: {roof: opensid}}\n",
        encoding="utf-8",
    )

    second, first = find_deliveries(tmp_path, sources=_SOURCES)

    assert (first.delivered_on, first.source, first.file) == (date(2026, 8, 17), "cadre", "person")
    assert first.covers is not None
    assert (first.covers.areas, first.covers.valid_from) == (("3201012001",), date(2026, 1, 1))
    assert (second.delivered_on, second.source, second.code_lists) == (
        date(2026, 9, 30),
        "dtsen",
        (("roof", "opensid"),),
    )


def test_find_deliveries_refuses_a_file_without_a_day_and_tells_both_ways(tmp_path: Path) -> None:
    _put(tmp_path, "list.csv")

    with pytest.raises(NoDeliveryDay) as refusal:
        find_deliveries(tmp_path, sources=_SOURCES)

    assert str(refusal.value) == (
        "Nobody says on which day list.csv was delivered. Put the day into its name, as 2026-09-30, 20260930 or "
        "2026-T3, or name it in deliveries.yaml: `files: {list.csv: {delivered_on: 2026-09-30}}`."
    )


def test_find_deliveries_refuses_a_folder_of_no_source(tmp_path: Path) -> None:
    _put(tmp_path, "truth/person-2026-T3.parquet")

    with pytest.raises(UnknownSource):
        find_deliveries(tmp_path, sources=_SOURCES)


def test_find_deliveries_refuses_a_source_without_contract(tmp_path: Path) -> None:
    _put(tmp_path, "list-2026-T3.csv")
    (tmp_path / "deliveries.yaml").write_text("files: {list-2026-T3.csv: {source: ../../etc}}", encoding="utf-8")

    with pytest.raises(UnknownSource):
        find_deliveries(tmp_path, sources=_SOURCES)


def test_find_deliveries_refuses_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(NoDeliveries):
        find_deliveries(tmp_path, sources=_SOURCES)


def test_find_deliveries_refuses_an_entry_outside_the_folder(tmp_path: Path) -> None:
    _put(tmp_path, "list-2026-T3.csv")
    (tmp_path / "deliveries.yaml").write_text("files: {../secret.csv: {delivered_on: 2026-01-01}}", encoding="utf-8")

    with pytest.raises(DeliveryNotThere) as refusal:
        find_deliveries(tmp_path, sources=_SOURCES)

    assert refusal.value.fields["path"] == "../secret.csv"


@pytest.mark.parametrize(
    ("page", "place"),
    [
        ("files: [", "line 1"),
        ("files: {a.csv: {deliverd_on: 2026-01-01}}", "files.a.csv.deliverd_on"),
        ("files: {a.csv: {delivered_on: kemarin}}", "files.a.csv.delivered_on"),
        ("- a.csv", "the file"),
    ],
)
def test_find_deliveries_refuses_a_broken_page_with_the_place(tmp_path: Path, page: str, place: str) -> None:
    _put(tmp_path, "a.csv")
    (tmp_path / "deliveries.yaml").write_text(page, encoding="utf-8")

    with pytest.raises(BrokenDeliveries) as refusal:
        find_deliveries(tmp_path, sources=_SOURCES)

    assert refusal.value.fields["place"] == place
