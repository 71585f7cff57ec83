"""The language of screens."""

from __future__ import annotations

import pytest

from kesos.presentation.language import UnknownLanguage, translator


@pytest.mark.parametrize("language", ["id", "en"])
def test_translator_leaves_what_no_catalogue_knows(language: str) -> None:
    assert translator(language)("A sentence that stands in no catalogue: {field}.") == (
        "A sentence that stands in no catalogue: {field}."
    )


@pytest.mark.parametrize("language", ["", "ID", "tlh", "../en", "id_ID"])
def test_translator_of_an_unknown_language_is_refused(language: str) -> None:
    with pytest.raises(UnknownLanguage) as refusal:
        translator(language)

    assert refusal.value.fields == {"language": language}
