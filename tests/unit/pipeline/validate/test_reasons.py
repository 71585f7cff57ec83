"""The table of reasons: every code has a sentence that names file, row and field, and a remedy."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import files

import pytest

from kesos.foundation.civil_number import CivilNumberNote
from kesos.pipeline.sources.catalogue import find_sources
from kesos.pipeline.validate import values
from kesos.pipeline.validate.reasons import REASONS, Fault, explain, limit_of

FAULT = Fault("dtsen", "person", 1204, "tanggal_lahir", "2027-03-01", "2026-11-20")


def test_explain_says_where_what_why_and_what_to_do() -> None:
    assert explain("after_delivery", FAULT) == (
        "Source 'dtsen', file person, row 1204: tanggal_lahir 2027-03-01 is after the day of delivery 2026-11-20. "
        "Correct it at the source and deliver again."
    )


def test_explain_in_another_language_translates_both_templates() -> None:
    known = {REASONS["value_missing"].what: "{source} {row}: {field} kosong.", REASONS["value_missing"].remedy: "Isi."}

    assert explain("value_missing", FAULT, known.__getitem__) == "dtsen 1204: tanggal_lahir kosong. Isi."


@pytest.mark.parametrize("code", sorted(REASONS))
def test_explain_every_reason_names_source_file_and_row(code: str) -> None:
    sentence = explain(code, FAULT)

    assert sentence.startswith("Source 'dtsen', file person, row 1204: ")
    assert "{" not in sentence
    assert REASONS[code].remedy.endswith(".")


def test_reasons_are_there_for_every_note_of_a_number() -> None:
    noted = {f"number_{note}" for note in CivilNumberNote if note is not CivilNumberNote.VALID}

    assert noted == {code for code in REASONS if code.startswith("number_")}


def test_reasons_are_there_for_every_code_that_reading_gives() -> None:
    folder = files("kesos.pipeline.validate")
    text = (folder / "values.py").read_text(encoding="utf-8") + (folder / "rows.py").read_text(encoding="utf-8")
    tables = (values._DATE_REASONS, values._NUMBER_REASONS, values._VILLAGE_REASONS)
    given = {code for table in tables for code in table.values()}
    given |= set(
        re.findall(r'"((?:not|above|below|before|after|too|code|decile|negative|value|repeated|nik)_\w+)"', text)
    )
    given -= {"not_names", "nik_date_agrees", "nik_sex_agrees"}

    assert given <= set(REASONS)


@pytest.mark.parametrize(
    ("code", "field", "limit"),
    [
        ("after_delivery", "periode", "2026-11-20"),
        ("too_long_ago", "periode", "130"),
        ("above_maximum", "luas_lantai", "997"),
        ("below_minimum", "luas_lantai", "1"),
        ("code_not_in_list", "jenis_lantai_terluas", "1-9"),
        ("code_not_in_list", "luas_lantai", ""),
        ("value_missing", "luas_lantai", ""),
        ("repeated_row", "", ""),
    ],
)
def test_limit_of_comes_from_the_contract(code: str, field: str, limit: str) -> None:
    family = find_sources()["dtsen"].contract.file("family")

    assert limit_of(code, field, family, date(2026, 11, 20)) == limit


def test_limit_of_lists_codes_that_are_no_run_and_names_the_earlier_date() -> None:
    sources = find_sources()
    person = sources["dtsen"].contract.file("person")
    report = sources["death_reports"].contract.file("person")

    assert limit_of("code_not_in_list", "id_kondisi_gizi", person, date(2026, 1, 1)) == "1, 2, 3, 8"
    assert limit_of("before_other_date", "tanggal_meninggal", report, date(2026, 1, 1)) == "tanggal_lahir"
