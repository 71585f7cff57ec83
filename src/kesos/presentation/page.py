"""Pages as one HTML file each: no script, no style or picture from elsewhere, every word given by the caller.

Django's template engine is used by itself: without settings, database or urls. It escapes whatever it is handed.
Templates get texts only, so that nothing in them hangs on settings: numbers and dates are written by the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from django.template import Context, Engine
from django.utils.safestring import mark_safe

_TEMPLATES: Final = files("kesos.presentation") / "templates"
_PAGE: Final = "page.html"
_STYLES: Final = ("tokens.css", "page.css")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: a text, perhaps with an address that it leads to. The first cell names its row."""

    text: str
    href: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class ColumnTitle:
    """The title of a column; numbers stand to the right."""

    title: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table with its caption, read out before its cells."""

    caption: str
    columns: Sequence[ColumnTitle]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, paragraphs and links below it, and at most one table."""

    heading: str
    notes: Sequence[str] = ()
    links: Sequence[Cell] = ()
    table: PageTable | None = None


@dataclass(frozen=True, slots=True)
class Back:
    """A link to the page above; `label` says to a screen reader what the link is for."""

    href: str
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Page:
    """A whole page. `skip` is the text of the link past the head, `facts` are pairs of a term and its value."""

    language: str
    title: str
    skip: str
    lead: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    sections: Sequence[Section] = ()
    foot: Sequence[str] = ()
    back: Back | None = None


def render_page(page: Page) -> str:
    """Write a page as HTML.

    >>> html = render_page(Page(language="id", title="<Rilis> & daftar", skip="Ke isi"))
    >>> "<h1>&lt;Rilis&gt; &amp; daftar</h1>" in html, "<script" in html
    (True, False)
    """
    sections = [(f"{number}", section) for number, section in enumerate(page.sections, 1)]
    context = Context({"page": page, "sections": sections, "style": _style()}, autoescape=True)
    return str(_engine().get_template(_PAGE).render(context))


@cache
def _engine() -> Engine:
    texts = {
        file.name: file.read_text(encoding="utf-8") for file in _TEMPLATES.iterdir() if file.name.endswith(".html")
    }
    loader = ("django.template.loaders.locmem.Loader", texts)
    return Engine(loaders=[loader], autoescape=True)


@cache
def _style() -> str:
    """Give the style sheets of the package; nobody else's text is ever in them, so they need no escaping."""
    text = "".join((_TEMPLATES / name).read_text(encoding="utf-8") for name in _STYLES)
    return str(mark_safe(text))  # noqa: S308 a file of this package
