"""Contracts: what they must hold, what a header has to do with them, and how they refuse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kesos.pipeline.sources.catalogue import (
    NoContractsFound,
    SourceFolderIncomplete,
    SourceMisnamed,
    SourceTwice,
    find_sources,
)
from kesos.pipeline.sources.contract import Contract, Kind, normalise_header, parse_contract
from kesos.pipeline.sources.contract_refusals import (
    BrokenContract,
    ColumnClaimedTwice,
    ContractIsNotYaml,
    MissingContractKey,
    UnknownContractKey,
    UnknownContractName,
)

TEXT = """
source: uji
version: 1
title: {id: "Uji", en: "Test"}
owner: o
legal_basis: l
purpose: p
retention: r
code_lists: {roof: a}
recodes: {roof: {a: {}, b: {5: 6, 6: 5}}}
files:
  person:
    about: person
    title: {id: "Orang", en: "Persons"}
    row_key: [nama]
    columns:
      nama: {kind: name, column: required, aliases: [nama_lengkap], meaning: {id: "Nama", en: "Name"}}
      umur: {kind: count, aliases: [umur_*], meaning: {id: "Umur", en: "Age"}}
      atap: {kind: code, codes: [1, 5..7], recode: roof, meaning: {id: "Atap", en: "Roof"}}
"""


def changed(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new)


def test_parse_contract_reads_kinds_ranges_and_defaults() -> None:
    contract = parse_contract(TEXT, file="uji.yaml")

    columns = contract.file("person").columns
    assert columns["atap"].codes == (1, 5, 6, 7)
    assert (columns["nama"].column, columns["nama"].value, columns["nama"].if_broken) == (
        "required",
        "optional",
        "unknown",
    )
    assert contract.area_system == "KEMENDAGRI"
    assert contract.encodings == ("utf-8", "cp1252")
    assert columns["umur"].kind is Kind.COUNT


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        (changed("version: 1", "version: 1\nverzion: 2"), UnknownContractKey, "verzion"),
        (changed("kind: count,", "kind: count, wajib: ya,"), UnknownContractKey, "files.person.columns.umur.wajib"),
        (changed("owner: o\n", ""), MissingContractKey, "owner"),
        (changed("kind: count", "kind: angka"), BrokenContract, "files.person.columns.umur.kind"),
        (changed("row_key: [nama]", "row_key: [nik]"), UnknownContractName, "files.person.row_key"),
        (changed("kind: count,", "kind: count, after: lahir,"), UnknownContractName, "files.person.columns.umur.after"),
        (changed("recode: roof", "recode: wall"), UnknownContractName, "files.person.columns.atap.recode"),
        (changed("{roof: a}", "{roof: c}"), UnknownContractName, "code_lists.roof"),
        (changed("{roof: a}", "{floor: a}"), UnknownContractName, "code_lists"),
        (changed("codes: [1, 5..7], ", ""), MissingContractKey, "files.person.columns.atap.codes"),
        (changed("[umur_*]", "[NAMA LENGKAP]"), ColumnClaimedTwice, "files.person.columns"),
        (changed("source: uji", "source: Uji Coba"), BrokenContract, "source"),
        (changed("      umur:", "      Umur-1:"), BrokenContract, "files.person.columns.Umur-1.[key]"),
        (changed("      umur:", "      nama:"), ContractIsNotYaml, "line 18"),
        ("- satu\n- dua\n", ContractIsNotYaml, "line 1"),
        ("a: [1", ContractIsNotYaml, "line 1"),
    ],
)
def test_parse_contract_broken_contract_names_file_and_place(text: str, kind: type[BrokenContract], place: str) -> None:
    with pytest.raises(BrokenContract) as refusal:
        parse_contract(text, file="uji.yaml")

    assert type(refusal.value) is kind
    assert refusal.value.fields["place"] == place
    assert str(refusal.value).startswith(f"Contract uji.yaml, at {place}: ")


def test_digest_ignores_comments_and_order_and_follows_content() -> None:
    first = parse_contract(TEXT, file="a")
    upside_down = yaml.safe_dump(
        dict(reversed(yaml.safe_load(TEXT.replace("5..7", "5, 6, 7")).items())), sort_keys=False
    )

    assert parse_contract("# a comment\n" + upside_down, file="b").digest == first.digest
    assert parse_contract(changed("owner: o", "owner: q"), file="c").digest != first.digest
    assert len(first.digest) == 8


def test_with_code_lists_chooses_another_table_and_another_digest() -> None:
    contract = parse_contract(TEXT, file="a")

    other = contract.with_code_lists({"roof": "b"}, said_in="deliveries.yaml")

    column = other.file("person").columns["atap"]
    assert contract.recode_table(column) == {}
    assert other.recode_table(column) == {5: 6, 6: 5}
    assert other.digest != contract.digest
    with pytest.raises(UnknownContractName) as refusal:
        contract.with_code_lists({"roof": "c"}, said_in="deliveries.yaml")
    assert refusal.value.fields["file"] == "deliveries.yaml"


def test_match_tells_found_missing_absent_unknown_and_repeated() -> None:
    file = parse_contract(TEXT, file="a").file("person")

    match = file.match(["No", "UMUR 2026", "Nama.Lengkap", "nama", ""])

    assert match.found == {"umur": 1, "nama": 2}
    assert match.missing == ()
    assert match.absent == ("atap",)
    assert match.unknown == ("No",)
    assert match.repeated == ("nama",)
    assert not match.is_whole
    assert file.match(["umur"]).missing == ("nama",)


@pytest.mark.parametrize("header", ["umur", "UMUR_2026", "umur 2027"])
def test_column_of_pattern_stands_for_digits(header: str) -> None:
    assert parse_contract(TEXT, file="a").file("person").column_of(header) == "umur"


@pytest.mark.parametrize("header", ["umur_kawin", "umurx", "umur_2026_lama"])
def test_column_of_pattern_stands_for_nothing_but_digits(header: str) -> None:
    assert parse_contract(TEXT, file="a").file("person").column_of(header) is None


@given(st.text(max_size=30))
def test_normalise_header_of_its_own_result_changes_nothing(header: str) -> None:
    once = normalise_header(header)

    assert normalise_header(once) == once


def folder_with(parent: Path, name: str, text: str = TEXT, *, mapping: bool = True) -> Path:
    folder = parent / name
    folder.mkdir(parents=True)
    (folder / "contract.yaml").write_text(text, encoding="utf-8")
    if mapping:
        (folder / "person.mapping.sql").write_text("SELECT 1", encoding="utf-8")
    return folder


def test_find_sources_finds_those_of_the_package_and_those_beside(tmp_path: Path) -> None:
    folder_with(tmp_path, "uji")

    sources = find_sources([tmp_path])

    assert {"dtsen", "dukcapil", "uji"} < set(sources)
    assert list(sources) == sorted(sources)
    assert list(find_sources([tmp_path / "uji"])) == list(sources)


def test_find_sources_refuses_folders_that_are_no_sources(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    folder_with(tmp_path / "misnamed", "lain")
    folder_with(tmp_path / "incomplete", "uji", mapping=False)
    folder_with(tmp_path / "twice", "dtsen", TEXT.replace("source: uji", "source: dtsen"))

    with pytest.raises(NoContractsFound):
        find_sources([tmp_path / "empty"])
    with pytest.raises(NoContractsFound):
        find_sources([tmp_path / "nowhere"])
    with pytest.raises(SourceMisnamed):
        find_sources([tmp_path / "misnamed"])
    with pytest.raises(SourceFolderIncomplete):
        find_sources([tmp_path / "incomplete"])
    with pytest.raises(SourceTwice):
        find_sources([tmp_path / "twice"])


# Both spellings that public code of local governments shows, header for header.
SECOND_SPELLING = {
    "family": {
        "no_kk": "nomor_kartu_keluarga",
        "nama": "nama_anggota_keluarga",
        "pbi": "pbi_nas",
        "id_status_penguasaan_bangunan": "status_kepemilikan_rumah",
        "luas_lantai_bangunan": "luas_lantai",
        "id_lantai_terluas": "jenis_lantai_terluas",
        "id_dinding_terluas": "jenis_dinding_terluas",
        "id_atap_terluas": "jenis_atap_terluas",
        "id_sumber_airminum": "sumber_air_minum_utama",
        "id_sumberpenerangan": "sumber_penerangan_utama",
        "id_bb_utama": "bahan_bakar_utama_memasak",
        "id_fasilitas_bab": "fasilitas_bab",
        "id_jenis_kloset": "jenis_kloset",
        "id_pembuangan_tinja": "pembuangan_akhir_tinja",
        "lahan_tempat_lain": "aset_tidak_bergerak_lahan_lainnya",
        "rumah_tempat_lain": "aset_tidak_bergerak_rumah_lainnya",
        "jml_sapi": "jumlah_ternak_sapi",
        "jml_kerbau": "jumlah_ternak_kerbau",
        "jml_kuda": "jumlah_ternak_kuda",
        "jml_babi": "jumlah_ternak_babi",
        "jml_kambing_domba": "jumlah_ternak_kambing_domba",
        "desil_nasional_keluarga": "desil_nasional",
    },
    "person": {"umur_2026": "umur", "umur_2025": "umur", "no_kk": "nomor_kartu_keluarga"},
}


@pytest.mark.parametrize("file", ["family", "person"])
def test_dtsen_contract_knows_both_spellings(file: str) -> None:
    contract: Contract = find_sources()["dtsen"].contract

    columns = {header: contract.file(file).column_of(header) for header in SECOND_SPELLING[file]}

    assert columns == SECOND_SPELLING[file]


def test_dtsen_contract_has_every_column_that_districts_receive() -> None:
    contract = find_sources()["dtsen"].contract
    movable = (
        "tabung_gas lemari_es ac pemanas_air telepon_rumah tv_datar emas_perhiasan komputer_laptop_tablet sepeda_motor "
        "sepeda mobil perahu kapal_perahu_motor smartphone"
    ).split()

    assert len(contract.file("family").columns) == 51
    assert len(contract.file("person").columns) == 35
    assert all(contract.file("family").column_of(f"aset_bergerak_{name}") for name in movable)


def test_contracts_of_the_package_say_who_why_and_in_both_languages() -> None:
    for source in find_sources().values():
        contract: Any = source.contract
        assert all(
            len(text) > 20 for text in (contract.owner, contract.legal_basis, contract.purpose, contract.retention)
        )
        for file in contract.files.values():
            assert all(column.meaning.id != column.meaning.en or name in _SAME for name, column in file.columns.items())


_SAME = {"smartphone", "program"}
