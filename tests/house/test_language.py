"""Every sentence that Kesos says exists in both languages, keeps its fields, and is compiled as it stands."""

from __future__ import annotations

import ast
import inspect
import io
import re
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

import message_catalogues
from house import sentences
from house.tree import SOURCE, files_below
from kesos.pipeline.release import build
from kesos.presentation.language import LANGUAGES

CATALOGUES = [message_catalogues.LOCALE / language / "LC_MESSAGES" / "kesos.po" for language in LANGUAGES]
SQL = SOURCE / "kesos" / "pipeline"


@pytest.fixture(scope="module")
def said() -> set[str]:
    """Collect everything that a person may read."""
    return set(message_catalogues.sentences()) | set(message_catalogues.code_words())


def _language(po: Path) -> str:
    return po.parents[1].name


def test_every_refusal_says_what_happened_and_what_to_do() -> None:
    refusals = message_catalogues.all_refusals()

    assert refusals
    assert [refusal.__qualname__ for refusal in refusals if not (refusal.what and refusal.remedy)] == []


@pytest.mark.parametrize("po", CATALOGUES, ids=_language)
def test_every_sentence_is_translated(po: Path, said: set[str]) -> None:
    faults = sentences.translation_faults(message_catalogues.read_catalogue(po), said)

    assert faults == [], "run `make messages` and write the translations into the .po file, then run it again"


@pytest.mark.parametrize("po", CATALOGUES, ids=_language)
def test_no_translation_is_left_of_a_sentence_that_nobody_says(po: Path, said: set[str]) -> None:
    catalog = message_catalogues.read_catalogue(po)

    assert sorted({str(message.id) for message in catalog if message.id} - said) == [], "stale: run `make messages`"


def test_english_says_sentences_as_they_stand_in_the_code() -> None:
    catalog = message_catalogues.read_catalogue(message_catalogues.LOCALE / "en" / "LC_MESSAGES" / "kesos.po")
    words = message_catalogues.code_words()

    assert [message.id for message in catalog if message.id not in words and message.string != message.id] == [""]


def test_no_code_word_with_an_underscore_is_shown_as_it_is() -> None:
    shown = {
        (_language(po), word): str(message.string)
        for po in CATALOGUES
        for word in message_catalogues.code_words()
        if (message := message_catalogues.read_catalogue(po).get(word))
    }

    assert [key for key, label in shown.items() if "_" in label] == []


@pytest.mark.parametrize("po", CATALOGUES, ids=_language)
def test_compiled_catalogue_is_the_written_one(po: Path) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, message_catalogues.read_catalogue(po))
    compiled.seek(0)

    with po.with_suffix(".mo").open("rb") as stored:
        # The texts, not the bytes: another version of babel may lay the same catalogue out differently.
        assert _texts(GNUTranslations(stored)) == _texts(GNUTranslations(compiled)), f"{po} was not compiled again"


def _texts(translations: GNUTranslations) -> dict[str, str]:
    catalogue: dict[str, str] = vars(translations)["_catalog"]
    return {sentence: text for sentence, text in catalogue.items() if sentence}


def test_code_words_name_every_count_of_a_release() -> None:
    tree = ast.parse(inspect.getsource(build))
    counting = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "_counts")
    given = next(node.value for node in ast.walk(counting) if isinstance(node, ast.Return))
    assert isinstance(given, ast.Dict)

    names = [key.value for key in given.keys if isinstance(key, ast.Constant)]

    assert sorted(map(str, names)) == sorted(message_catalogues.COUNTS)


def test_code_words_name_every_link_rule() -> None:
    statements = [path.read_text(encoding="utf-8") for path in files_below(SQL / "link" / "sql", ".sql")]

    rules = {rule for text in statements for rule in re.findall(r"'(\w+)' AS rule\b", text)}
    rules |= {rule for text in statements for name in ("rule", "link_rule") for rule in _outcomes(text, name)}

    assert sorted(rules) == sorted(message_catalogues.LINK_RULES)


def test_code_words_name_every_status_of_a_nik() -> None:
    sql = (SQL / "golden" / "sql" / "person" / "010_person.sql").read_text(encoding="utf-8")

    assert sorted(_outcomes(sql, "nik_status")) == sorted(message_catalogues.NIK_STATUSES)


def _outcomes(sql: str, column: str) -> set[str]:
    """List the texts that the CASE of a column may give."""
    cases = re.findall(rf"\bCASE\b((?:(?!\bCASE\b).)*?)\bEND AS {column}\b", sql, re.DOTALL)
    return {text for case in cases for text in re.findall(r"(?:THEN|ELSE) '(\w+)'", case)}


def test_refreshed_keeps_what_is_said_drops_what_is_gone_and_leaves_the_new_empty() -> None:
    old = Catalog(locale="id")
    old.add("Row {row} is empty.", "Baris {row} kosong.")
    old.add("Row is gone.", "Baris hilang.")
    old.add("Row is odd.", "Baris ganjil.", flags=["fuzzy"])
    said = {"Row {row} is empty.": "kesos/a.py", "Row is new.": "kesos/a.py", "Row is odd.": "kesos/b.py"}

    new = message_catalogues.refreshed(old, said, {"founder": "link rule"})

    assert {message.id: (message.string, message.fuzzy) for message in new if message.id} == {
        "Row {row} is empty.": ("Baris {row} kosong.", False),
        "Row is new.": ("", False),
        "Row is odd.": ("Baris ganjil.", True),
        "founder": ("", False),
    }


def test_refreshed_english_takes_sentences_from_the_code_and_labels_from_the_catalogue() -> None:
    old = Catalog(locale="en")
    old.add("Row is odd.", "Something older.")
    old.add("founder", "first record")

    new = message_catalogues.refreshed(old, {"Row is odd.": "kesos/b.py"}, {"founder": "link rule"})

    assert {message.id: message.string for message in new if message.id} == {
        "Row is odd.": "Row is odd.",
        "founder": "first record",
    }


def test_write_catalogue_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    po = tmp_path / "id" / "LC_MESSAGES" / "kesos.po"
    said = {"Row {row} is empty.": "kesos/a.py"}
    old = Catalog(locale="id")
    old.add("Row {row} is empty.", "Baris {row} kosong.")

    message_catalogues.write_catalogue(message_catalogues.refreshed(old, said, {}), po)
    first = po.read_bytes(), po.with_suffix(".mo").read_bytes()
    message_catalogues.write_catalogue(
        message_catalogues.refreshed(message_catalogues.read_catalogue(po), said, {}), po
    )

    assert (po.read_bytes(), po.with_suffix(".mo").read_bytes()) == first


def test_translation_faults_names_each_kind() -> None:
    catalog = Catalog(locale="id")
    catalog.add("Row {row} is empty.", "Baris {row} kosong.")
    catalog.add("Row {row} is late.", "Baris {baris} terlambat.")
    catalog.add("Row is odd.", "Baris ganjil.", flags=["fuzzy"])
    catalog.add("Row is new.", "")
    said = {"Row {row} is empty.", "Row {row} is late.", "Row is odd.", "Row is new.", "Row is gone."}

    assert sentences.translation_faults(catalog, said) == [
        "not translated: Row is gone.",
        "not translated: Row is new.",
        "doubtful (fuzzy): Row is odd.",
        "other fields: Row {row} is late.",
    ]
