"""The language of screens."""

from __future__ import annotations

import pytest

from kesos.foundation.errors import Refused
from kesos.presentation.language import LANGUAGES, UnknownLanguage, translator


class _TooFew(Refused):
    what = "{file} holds no rows."
    remedy = "Check the export, and deliver the file again when it has rows."


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("id", "a.csv tidak memuat baris data. Periksa ekspornya, dan kirim lagi bila berkas sudah berisi."),
        ("en", "a.csv holds no rows. Check the export, and deliver the file again when it has rows."),
    ],
)
def test_translator_says_a_refusal_in_the_language(language: str, sentence: str) -> None:
    translate = translator(language)

    assert _TooFew(file="a.csv").message(translate) == sentence


@pytest.mark.parametrize(("language", "label"), [("id", "Baris dikarantina"), ("en", "Rows quarantined")])
def test_translator_gives_a_label_for_a_code_word(language: str, label: str) -> None:
    assert translator(language)("rows_quarantined") == label


@pytest.mark.parametrize("language", LANGUAGES)
def test_translator_of_an_unknown_text_gives_it_back(language: str) -> None:
    assert translator(language)("Nobody has said this yet.") == "Nobody has said this yet."


@pytest.mark.parametrize("language", ["", "ID", "fr", "../en"])
def test_translator_refuses_another_language(language: str) -> None:
    with pytest.raises(UnknownLanguage) as refusal:
        translator(language)

    assert refusal.value.fields == {"language": language}
