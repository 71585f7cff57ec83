"""What is wrong with a translation: it is not there, doubtful, or has other fields than the sentence."""

from __future__ import annotations

import string
from collections.abc import Iterable

from babel.messages.catalog import Catalog


def fields_of(template: str) -> set[str]:
    """Name the fields that a template is filled with.

    >>> sorted(fields_of("File {file} holds {rows:,} rows."))
    ['file', 'rows']
    """
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def translation_faults(catalog: Catalog, sentences: Iterable[str]) -> list[str]:
    """List sentences without a translation, with a doubtful one, or with other fields than the original."""
    faults = []
    for sentence in sorted(sentences):
        message = catalog.get(sentence)
        if message is None or not message.string:
            faults.append(f"not translated: {sentence}")
        elif message.fuzzy:
            faults.append(f"doubtful (fuzzy): {sentence}")
        elif fields_of(str(message.string)) != fields_of(sentence):
            faults.append(f"other fields: {sentence}")
    return faults
