"""The language of a screen: Indonesian first, English by choice; message ids are the English sentences."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from importlib.resources import as_file, files
from typing import Final

from kesos.foundation.errors import Refused

LANGUAGES: Final = ("id", "en")
DOMAIN: Final = "kesos"

Translate = Callable[[str], str]


class UnknownLanguage(Refused):
    """Kesos speaks two languages."""

    what = "There is no language {language}."
    remedy = "Choose id (Indonesian) or en (English)."


def translator(language: str) -> Translate:
    """Give the function that turns an English message id into a sentence of the language.

    *Raises* UnknownLanguage.
    """
    if language not in LANGUAGES:
        raise UnknownLanguage(language=language)
    with as_file(files("kesos.presentation") / "locale") as folder:
        return gettext.translation(DOMAIN, folder, languages=[language], fallback=True).gettext
