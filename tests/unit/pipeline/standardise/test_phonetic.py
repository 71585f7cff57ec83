"""Pairs of words that must sound the same, and pairs that must not: the table is the specification."""

from __future__ import annotations

import pytest

from kesos.pipeline.standardise.name_parts import standardise_name
from kesos.pipeline.standardise.phonetic import name_key, token_key

SAME = """
SITI SITTI · SITI SITY · YUSUF YUSUP · YUSUF JOESOEF · RACHMAN RAHMAN · RAKHMAN RAHMAN · ZAENAL ZAINAL · DJOKO JOKO
TJAHJONO CAHYONO · CAHJONO CAHYONO · SOETINI SUTINI · SOERJADI SURYADI · NJOMAN NYOMAN · SOFJAN SOFYAN · SJAMSUL SAMSUL
SYAMSUL SAMSUL · SUMIATI SUMIYATI · AISJAH AISYAH · CHAIRUL KHAIRUL · CHOLIL KHOLIL · CHRISTINA KRISTINA · SUSY SUSI
FITRI PITRI · FITRI VITRI · FITRI FITRIE · QOMARIAH KOMARIYAH · ALEX ALEKS · VICTOR VIKTOR · ERIC ERIK · JAHJA YAHYA
DZULKIFLI ZULKIFLI · JULKIPLI ZULKIFLI · AHMAD AHMAT · RIZQI RISKI · AMINAH AMINA · RATNA RATNAH · ABDOEL ABDUL
BUDHI BUDI · THAMRIN TAMRIN · GHOFUR GOFUR · UTSMAN USMAN · SHINTA SINTA · AYUB AYUP · WIDJAJA WIJAYA · CHANDRA CANDRA
PANDJAITAN PANJAITAN · SIMANDJOENTAK SIMANJUNTAK · SOEWARNI SUARNI · SULAEMAN SULAIMAN · HADJI HAJI · DEDDY DEDI
WIDYA WIDIA · MUSTAPHA MUSTAFA
"""

APART = """
SUTINI SUTINA · ANDI ADI · WATI WATU · EKA EKO · DWI DEWI · AMIN AMINAH · SURYONO SURYANI · SRI SARI · HARJO HARYO
FATIMAH FATMAWATI · NURHAYATI NURHAYANTI · JUNI YUNI · ANI ANA · HERI HARI · TONO TINI · SUGENG SUGIONO · YANTI YANTO
PUTRI PUTRA · HARJONO HARYONO · RUDI RUDIN · JOKO YOKO
"""

# Known only from the list of variants, not from the sound.
SAME_BY_LIST = """
MOCHAMMAD MUHAMMAD · MOH MUHAMMAD · JUSUF YUSUF · ROHMAN RAHMAN · ACHMAD AHMAD · MUSTOFA MUSTAFA · NOOR NUR
"""


def _pairs(table: str) -> list[tuple[str, str]]:
    return [(pair.split()[0], pair.split()[1]) for line in table.strip().splitlines() for pair in line.split("·")]


@pytest.mark.parametrize(("left", "right"), _pairs(SAME))
def test_token_key_keeps_spellings_of_one_name_together(left: str, right: str) -> None:
    assert token_key(left) == token_key(right)


@pytest.mark.parametrize(("left", "right"), _pairs(APART))
def test_token_key_keeps_different_names_apart(left: str, right: str) -> None:
    assert token_key(left) != token_key(right)
    assert standardise_name(left).name_key != standardise_name(right).name_key


@pytest.mark.parametrize(("left", "right"), _pairs(SAME_BY_LIST))
def test_standardise_name_brings_listed_variants_together(left: str, right: str) -> None:
    one, other = standardise_name(f"{left} ALI"), standardise_name(f"{right} ALI")

    assert one.name_normal == other.name_normal
    assert one.name_key == other.name_key


def test_name_key_keeps_order_and_initials() -> None:
    assert name_key(["S", "AMIN"]) == "S AMIN"
    assert name_key(["AMIN", "F"]) == "AMIN P"
    assert token_key("AH") == "AH"
