"""Pages: escaped, without script, readable without style."""

from __future__ import annotations

from html.parser import HTMLParser

from kesos.presentation.page import Back, Cell, ColumnTitle, Page, PageTable, Section, render_page

HOSTILE = "<script>alert('x')</script>{{ page.title }}{% now 'Y' %}"
VOID = {"meta", "link", "br", "img", "input"}


class Outline(HTMLParser):
    """Read a page: which elements open inside which, ids, what refers to them, and texts of headings and cells."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.references: list[str] = []
        self.headings: list[tuple[str, str]] = []
        self.cells: list[str] = []
        self.seen: set[str] = set()
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.seen.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.references += [given["aria-labelledby"] or ""] if "aria-labelledby" in given else []
        self.links += [given["href"] or ""] if tag == "a" else []
        assert not any(name.startswith("on") for name in given), given
        if tag in ("th", "td"):
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"{tag} closes what is not open"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("h1", "h2"):
            self.headings.append((self.open[-1], data.strip()))
        if any(tag in ("th", "td") for tag in self.open):
            self.cells[-1] += data


def page(*sections: Section, title: str = "Audit") -> Page:
    back = Back("index.html", "All", "Back")
    return Page("id", title, "Ke isi", ["lead"], [("Rilis", "2026-T3")], sections, ["foot"], back)


TABLE = PageTable(
    "Caption",
    [ColumnTitle("Wilayah"), ColumnTitle("Baris", is_number=True)],
    [[Cell("Sumbawa", href="5204.html"), Cell("1.920", is_number=True)]],
)


def test_render_page_nests_and_labels_every_part() -> None:
    outline = Outline(render_page(page(Section("One", ["note"], table=TABLE), Section("Two"))))

    assert outline.open == []
    assert outline.headings == [("h1", "Audit"), ("h2", "One"), ("h2", "Two")]
    assert outline.cells == ["Wilayah", "Baris", "Sumbawa", "1.920"]
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.references) <= set(outline.ids)
    assert outline.links == ["#content", "index.html", "5204.html"]


def test_render_page_escapes_whatever_it_is_handed() -> None:
    table = PageTable(HOSTILE, [ColumnTitle(HOSTILE)], [[Cell(HOSTILE, href='"><script>')]])
    html = render_page(
        page(Section(HOSTILE, [HOSTILE], links=[Cell(HOSTILE, href="a.xlsx")], table=table), title=HOSTILE)
    )

    outline = Outline(html)

    assert "script" not in outline.seen
    assert (
        html.count("{{ page.title }}") == html.count("&lt;script&gt;alert(") == 8
    )  # title, h1, h2, note, link, caption, column, cell


def test_render_page_loads_nothing_from_elsewhere() -> None:
    html = render_page(page(Section("One", table=TABLE)))

    assert not {"script", "link", "img", "iframe", "object"} & Outline(html).seen
    assert "http" not in html
    assert "@import" not in html
    assert "url(" not in html


def test_render_page_names_its_language_and_fits_a_telephone() -> None:
    html = render_page(page())

    assert html.startswith('<!doctype html>\n<html lang="id">')
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in html
