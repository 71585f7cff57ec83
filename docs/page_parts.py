"""What every made page is put together from: the line that says so, and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

MADE: Final = "<!-- Made by `make docs`; a change here is lost. -->\n"
_PIPE: Final = "\\|"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; nothing at all where it has no rows.

    >>> table(("a",), [("1|2",)])
    '| a |\\n| --- |\\n| 1\\\\|2 |\\n'
    """
    lines = [_row(row) for row in rows]
    if not lines:
        return ""
    return "\n".join([_row(header), _row(["---"] * len(header)), *lines, ""])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', _PIPE) for cell in cells)} |"
