"""How Kesos refuses: one class a reason, with fields and a remedy, never only text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import ClassVar


def _as_written(template: str) -> str:
    return template


class Refused(Exception):
    """Say what happened, to which thing, why, and what to do next; a person can mend it.

    A subclass stands beside the function that raises it and sets two English templates, which are also the
    message ids of the translation catalogue. `fields` fill both templates and stay readable for programs.

    >>> class TooFew(Refused):
    ...     what = "File {file} holds {rows} rows."
    ...     remedy = "Deliver the whole file."
    >>> str(TooFew(file="a.csv", rows=0))
    'File a.csv holds 0 rows. Deliver the whole file.'
    """

    what: ClassVar[str] = ""
    remedy: ClassVar[str] = ""
    words: ClassVar[Mapping[str, tuple[str, ...]]] = MappingProxyType({})
    """For a field that is filled with words of ours: the message ids it may hold, translated with the templates."""

    def __init__(self, **fields: object) -> None:
        super().__init__()
        self.fields = fields

    def message(self, translate: Callable[[str], str] = _as_written) -> str:
        """Render both templates in the language that `translate` gives."""
        templates = (text for text in (self.what, self.remedy) if text)
        spoken = {name: translate(str(value)) for name, value in self.fields.items() if name in self.words}
        return " ".join(translate(text).format(**{**self.fields, **spoken}) for text in templates)

    def __str__(self) -> str:
        return self.message()
