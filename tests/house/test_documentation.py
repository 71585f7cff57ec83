"""The reference pages tell what the code is, and no page points to nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import reference_pages
from house.tree import ROOT, files_below, shown
from kesos.datasets.catalogue import RELEASE_DATASETS

PAGES = [path for path in files_below(ROOT, ".md") if not path.is_relative_to(ROOT / "src")]


@pytest.mark.parametrize("name", sorted(reference_pages.PAGES))
def test_generated_page_is_fresh(name: str) -> None:
    stored = (reference_pages.FOLDER / name).read_text(encoding="utf-8")

    assert stored == reference_pages.PAGES[name](), "stale: run `make docs`, read the difference, commit it"


def test_every_dataset_column_has_its_line() -> None:
    page = (reference_pages.FOLDER / "datasets.md").read_text(encoding="utf-8")

    for dataset in RELEASE_DATASETS:
        section = page.split(f"\n## {dataset.name}\n")[1].split("\n## ")[0]
        assert re.findall(r"^\| `(\w+)` ", section, re.MULTILINE) == list(dataset.column_names)


def test_every_command_of_the_contract_has_its_section() -> None:
    page = (reference_pages.FOLDER / "commands.md").read_text(encoding="utf-8")
    promised = {
        "kesos synth", "kesos source check", "kesos release build", "kesos release list", "kesos release show",
        "kesos release verify", "kesos release explain", "kesos key rotate",
    }  # fmt: skip

    assert promised <= set(re.findall(r"^## `(.+)`$", page, re.MULTILINE))


def dead_links(text: str, folder: Path) -> list[str]:
    """List links of a page to files that are not there."""
    targets = re.findall(r"\]\(([^)\s#]+)(?:#[^)]*)?\)", text)
    return [target for target in targets if "://" not in target and not (folder / target).exists()]


def test_no_page_links_to_nothing() -> None:
    found = {shown(path): dead_links(path.read_text(encoding="utf-8"), path.parent) for path in PAGES}

    assert {page: links for page, links in found.items() if links} == {}


def test_every_page_of_docs_is_reached_from_the_index() -> None:
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in files_below(ROOT / "docs", ".md")} - {"README.md"}
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")

    assert sorted(pages - set(re.findall(r"\]\(([^)#]+)", index))) == []


def test_every_make_target_that_a_page_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {target for path in PAGES for target in re.findall(r"`make ([a-z-]+)", path.read_text(encoding="utf-8"))}

    assert named - targets == set()


def test_dead_links_names_the_missing_file(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("x")

    assert dead_links("[a](there.md) [b](gone.md#part) [c](https://example.org) [d](#here)", tmp_path) == ["gone.md"]
