"""Whose file a header is."""

from __future__ import annotations

import pytest

from kesos.pipeline.sources.contract import Contract
from kesos.pipeline.sources.recognise import (
    AmbiguousLayout,
    DuplicateColumns,
    MissingColumns,
    UnknownLayout,
    UnknownSource,
    layouts_of,
    recognise,
)
from unit.pipeline.sources.small_source import CADRE, LAYOUTS, nik


def _renamed(contract: Contract, source: str) -> Contract:
    return Contract.model_validate({**contract.model_dump(by_alias=True), "source": source})


@pytest.mark.parametrize(
    ("header", "file"),
    [
        (("NIK", "Nama Lengkap", "no. kk"), "person"),
        (("no_kk", "JUMLAH JIWA"), "family"),
        (("NO KK", "Jumlah.Jiwa", "nik", "nama", "alamat"), "person"),
    ],
)
def test_recognise_takes_the_file_with_most_columns(header: tuple[str, ...], file: str) -> None:
    assert recognise(header, LAYOUTS, file="x.csv").layout.name == f"cadre/{file}"


def test_recognise_names_what_is_missing_and_what_looks_similar() -> None:
    with pytest.raises(MissingColumns) as refusal:
        recognise(("NIK", "NMA", "alamat"), LAYOUTS, file="x.csv")

    assert refusal.value.fields == {
        "file": "x.csv",
        "nearest": "cadre/person",
        "missing": "nama",
        "similar": "NMA → nama",
        "is_close": True,
    }


def test_recognise_refuses_a_stranger_and_never_shows_a_number_from_its_first_row() -> None:
    with pytest.raises(UnknownLayout) as refusal:
        recognise((nik(1), "SITI"), LAYOUTS, file="x.csv")

    assert type(refusal.value) is UnknownLayout
    assert nik(1) not in str(refusal.value)


def test_recognise_refuses_a_tie_and_the_source_decides_it() -> None:
    twins = (CADRE, _renamed(CADRE, "other"))

    with pytest.raises(AmbiguousLayout) as refusal:
        recognise(("NIK", "NAMA"), layouts_of(twins, delivered="x.csv"), file="x.csv")
    decided = recognise(("NIK", "NAMA"), layouts_of(twins, delivered="x.csv", source="other"), file="x.csv")

    assert refusal.value.fields["candidates"] == "cadre/person, other/person"
    assert decided.layout.name == "other/person"


def test_recognise_refuses_two_columns_for_one() -> None:
    with pytest.raises(DuplicateColumns) as refusal:
        recognise(("NIK", "NAMA", "ALAMAT", "Nama Lengkap"), LAYOUTS, file="x.csv")

    assert refusal.value.fields["columns"] == "nama"
    assert refusal.value.fields["headers"] == "NAMA, Nama Lengkap"


@pytest.mark.parametrize(("source", "file"), [("../../etc", None), ("cadre", "passwd")])
def test_layouts_of_refuses_a_name_without_contract(source: str, file: str | None) -> None:
    with pytest.raises(UnknownSource) as refusal:
        layouts_of([CADRE], delivered="x.csv", source=source, file=file)

    assert refusal.value.fields["known"] == "cadre/family, cadre/person"
