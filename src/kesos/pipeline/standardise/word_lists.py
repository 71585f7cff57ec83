"""The word lists beside this package: titles, variants and the like, one CSV each with its source column."""

from __future__ import annotations

import csv
from importlib.resources import files


def read_word_list(name: str) -> list[dict[str, str]]:
    """Read one CSV of `data/` as rows of text; every row names its source.

    >>> read_word_list("titles")[0]["title"]
    'H'
    """
    text = files(__package__).joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
