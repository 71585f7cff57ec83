"""What a command shows: sentences in the user's language, tables, steps as they end, or JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from kesos.pipeline.engine import Step
from kesos.presentation.language import Translate

_FILE_WIDTH: Final = 160


@dataclass(slots=True)
class Screen:
    """One command's output. Sentences and tables go to standard output, progress to standard error.

    With `as_json` only the JSON of `result` reaches standard output. With `quiet` progress is not shown.
    """

    translate: Translate
    as_json: bool = False
    quiet: bool = False
    _out: Console = field(default_factory=lambda: Console(highlight=False, width=_width()))
    _progress: Console = field(default_factory=lambda: Console(stderr=True, highlight=False))

    def line(self, template: str, **fields: object) -> None:
        """Show one sentence: an English message id with {fields}."""
        if not self.as_json:
            self._out.print(self._said(template, fields), markup=False)

    def heading(self, template: str, **fields: object) -> None:
        """Show the heading of what follows."""
        if not self.as_json:
            self._out.print()
            self._out.print(self._said(template, fields), style="bold", markup=False)

    def word(self, code: object) -> object:
        """Give a code word in the user's language; whatever is no code word, as it is.

        >>> Screen(lambda code: {"male": "laki-laki"}[code]).word("male")
        'laki-laki'
        """
        return self.translate(code) if isinstance(code, str) and code else code

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Show a table; column titles are message ids, numbers stand to the right."""
        if self.as_json:
            return
        listed = [[self._shown(cell) for cell in row] for row in rows]
        table = Table(box=None, pad_edge=False)
        for place, column in enumerate(columns):
            is_number = all(row[place].replace(self._separator(), "").isdigit() for row in listed)
            table.add_column(self.translate(column), justify="right" if is_number else "left", overflow="fold")
        for row in listed:
            table.add_row(*row)
        self._out.print(table)

    def result(self, content: object) -> None:
        """Give the figures to programs."""
        if self.as_json:
            print(json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False, default=str))

    @contextmanager
    def working(self, template: str) -> Iterator[Callable[[int, int], None]]:
        """Show a bar while work is done; the function given takes (done, total), and may never be called.

        Only a terminal sees it: in a file or a pipe it would be noise.
        """
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        is_off = self.quiet or self.as_json or not self._progress.is_terminal
        with Progress(*columns, console=self._progress, transient=True, disable=is_off) as progress:
            task = progress.add_task(self.translate(template), total=None)
            yield lambda done, total: progress.update(task, completed=done, total=total)

    def step(self, step: Step) -> None:
        """Show a step of a build as it ends."""
        if not self.quiet:
            text = f"  {step.name:<28} {step.rows:>12,} {step.seconds:>8.2f} s {step.peak_mb:>7,} MB"
            self._progress.print(text, markup=False, style="dim")

    def _said(self, template: str, fields: Mapping[str, object]) -> str:
        return self.translate(template).format(**{name: self._shown(value) for name, value in fields.items()})

    def _shown(self, cell: object) -> str:
        if cell is None:
            return "–"
        is_number = isinstance(cell, int) and not isinstance(cell, bool)
        return f"{cell:,}".replace(",", self._separator()) if is_number else str(cell)

    def _separator(self) -> str:
        return self.translate("thousands separator")


def _width() -> int | None:
    """Leave the width to the terminal; a pipe or a file has none, and tables should not be folded for it."""
    return None if sys.stdout.isatty() else _FILE_WIDTH
