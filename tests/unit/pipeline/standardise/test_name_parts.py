"""Names taken apart: titles, markers, variants in context, initials, and what is no name."""

from __future__ import annotations

import pytest

from kesos.pipeline.standardise.name_parts import NameNote, fold, standard_word, standardise_name
from kesos.pipeline.standardise.word_lists import read_word_list


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Hj. St. Aminah, S.Pd", "SITI AMINAH"),
        ("DRS.H.AHMAD YANI M.Si", "AHMAD YANI"),
        ("SITI AMINAH S. PD", "SITI AMINAH"),
        ("SITI AMINAH S. PD. I", "SITI AMINAH"),
        ("dr. Budi Santoso Sp.OG", "BUDI SANTOSO"),
        ("DRA. SRI, M.Pd., Ph.D", "SRI"),
        ("RISMA SE", "RISMA"),
        ("LILI MA", "LILI MA"),
        ("LILI, MA", "LILI"),
        ("R. Soeprapto", "SOEPRAPTO"),
        ("TEUKU UMAR", "TEUKU UMAR"),
        ("ANDI TENRI", "ANDI TENRI"),
        ("RADEN", "RADEN"),
        ("H", "H"),
        ("H R", "H R"),
        ("SITI H", "SITI H"),
        ("M YUSUF", "MUHAMMAD YUSUF"),
        ("H. M. Saleh", "MUHAMMAD SALEH"),
        ("M. Goreti", "M GORETI"),
        ("BUDI M", "BUDI M"),
        ("Muh.Rizky", "MUHAMMAD RIZKI"),
        ("MD SALEH", "MUHAMMAD SALEH"),
        ("I MD SUDANA", "I MADE SUDANA"),
        ("NI PT AYU", "NI PUTU AYU"),
        ("I GST NGURAH RAI", "I GUSTI NGURAH RAI"),
        ("A. Rahman", "ABDUL RAHMAN"),
        ("A. Rochman", "ABDUL RAHMAN"),
        ("A. Hidayat", "A HIDAYAT"),
        ("ABDURROHMAN", "ABDUL RAHMAN"),
        ("ABDUSSALAM", "ABDUL SALAM"),
        ("ABDULLAH", "ABDULLAH"),
        ("ABD. RAHMAN", "ABDUL RAHMAN"),
        ("NR HASANAH", "NUR HASANAH"),
        ("NUR-HAYATI", "NUR HAYATI"),
        ("NI'MAH", "NIMAH"),
        ("NI’MAH", "NIMAH"),
        ("JONGGI SIMANJUNTAK", "JONGGI SIMANJUNTAK"),
        ("José", "JOSE"),
        ("Ｓｉｔｉ", "SITI"),
        ("AMINAH ST", "AMINAH"),
        ("BIN ALI", "BIN ALI"),
        ("SITI BINTI", "SITI BINTI"),
    ],
)
def test_standardise_name_gives_normal_form(written: str, normal: str) -> None:
    assert standardise_name(written).name_normal == normal


@pytest.mark.parametrize(
    ("written", "note"),
    [
        ("TIDAK ADA", NameNote.NOT_A_NAME),
        ("-", NameNote.NOT_A_NAME),
        ("...", NameNote.NOT_A_NAME),
        ("N.N.", NameNote.NOT_A_NAME),
        ("NY. X", NameNote.NOT_A_NAME),
        ("HJ", NameNote.NOT_A_NAME),
        ("S.Pd", NameNote.NOT_A_NAME),
        ("ANAK KE 2", NameNote.NOT_A_NAME),
        ("12345", NameNote.NOT_A_NAME),
        ("ALMARHUM", NameNote.NOT_A_NAME),
        ("BAYI", NameNote.NEWBORN),
        ("Bayi Ny. Siti", NameNote.NEWBORN),
        ("BY. NY. ANI", NameNote.NEWBORN),
        ("   ", None),
    ],
)
def test_standardise_name_of_what_is_no_name(written: str, note: NameNote | None) -> None:
    name = standardise_name(written)

    assert (name.name, name.name_normal, name.name_key) == (None, None, None)
    assert name.note == note


def test_standardise_name_keeps_the_patronym_apart() -> None:
    name = standardise_name("Ahmad bin H. Jusuf")

    assert name.name_normal == "AHMAD"
    assert name.patronym == "H YUSUF"
    assert name.is_single


@pytest.mark.parametrize("written", ["SITI (alm)", "ALMH. SITI", "Almarhumah Siti", "SITI, ALM"])
def test_standardise_name_marks_the_deceased(written: str) -> None:
    name = standardise_name(written)

    assert name.name_normal == "SITI"
    assert name.is_deceased_marked


def test_standardise_name_lists_titles_in_order() -> None:
    assert standardise_name("Prof. Dr. H. Ali Imron, S.H., M.Si").titles == ("PROF", "DR", "H", "SH", "MSI")


@pytest.mark.parametrize(
    ("written", "normal", "note"),
    [
        ("SUPRI ALIAS GENDON", "SUPRI", NameNote.ALIAS_DROPPED),
        ("SUPRI (GENDON)", "SUPRI", NameNote.ALIAS_DROPPED),
        ("SITI2", "SITI", NameNote.SIGNS_DROPPED),
        ("SITI? AMINAH*", "SITI AMINAH", NameNote.SIGNS_DROPPED),
    ],
)
def test_standardise_name_says_what_it_dropped(written: str, normal: str, note: NameNote) -> None:
    name = standardise_name(written)

    assert (name.name_normal, name.note) == (normal, note)


def test_standardise_name_shows_the_name_as_written_in_capitals() -> None:
    assert standardise_name("Hj. St. Aminah").name == "HJ ST AMINAH"


def test_fold_is_plain_and_stable() -> None:
    assert fold("  Ñuñez \t Ali ") == "NUNEZ ALI"
    assert fold(fold("Àli")) == "ALI"


def test_standard_word_never_chains() -> None:
    for row in read_word_list("variants"):
        assert standard_word(row["standard"]) == row["standard"], row


def test_word_lists_name_a_source_and_pattern_in_every_row() -> None:
    for name in ("titles", "variants", "followers", "not_names", "place_aliases"):
        assert all(row["source"].strip() for row in read_word_list(name)), name
    variants = read_word_list("variants")
    assert all(row["pattern_id"] for row in variants)
    assert len({(row["variant"], row["context"]) for row in variants}) == len(variants)
