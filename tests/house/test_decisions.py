"""Decision records are numbered without gaps, in the file name only, and each says the same four things."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from house.tree import ROOT

HEADINGS = ["Context", "Decision", "Consequences", "How to undo"]
PAGE_WORDS = 700


def numbering_faults(names: list[str]) -> list[str]:
    """List file names that break the row 0001, 0002, … or the pattern `0001-words-in-lower-case.md`."""
    faults = [
        f"{name}: is not 0001-words.md"
        for name in names
        if not re.fullmatch(r"\d{4}-[a-z0-9]+(?:-[a-z0-9]+)*\.md", name)
    ]
    numbers = sorted(name[:4] for name in names)
    expected = [f"{number:04}" for number in range(1, len(names) + 1)]
    return faults + ([] if numbers == expected else [f"numbers are {', '.join(numbers)}"])


def page_faults(text: str) -> list[str]:
    """List what a decision record lacks: title, date, the four headings in order, one page, no number of its own."""
    title = text.splitlines()[0] if text else ""
    faults = [] if re.match(r"# [A-Z]", title) else ["no title"]
    faults += ["the title carries a number"] if re.search(r"\b(?:ADR|\d{4})\b", title) else []
    faults += [] if re.search(r"^(?:Decided|Superseded)\b.* 20\d\d-\d\d-\d\d", text, re.MULTILINE) else ["no date"]
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    faults += [] if headings == HEADINGS else [f"headings are {headings}"]
    return faults + ([f"longer than a page: {len(text.split())} words"] if len(text.split()) > PAGE_WORDS else [])


def _records() -> list[Path]:
    return sorted((ROOT / "adr").glob("*.md"))


def test_decisions_are_numbered_without_gaps() -> None:
    assert _records()[0].name.startswith("0001-")
    assert numbering_faults([path.name for path in _records()]) == []


def test_decisions_say_context_decision_consequences_and_undoing() -> None:
    found = {path.name: page_faults(path.read_text(encoding="utf-8")) for path in _records()}

    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize(
    "names", [["0002-a.md"], ["0001-a.md", "0001-b.md"], ["0001-a.md", "0003-c.md"], ["1-a.md"], ["0001-A b.md"]]
)
def test_numbering_faults_finds_gaps_twins_and_odd_names(names: list[str]) -> None:
    assert numbering_faults(names) != []


def test_page_faults_names_what_a_record_lacks() -> None:
    good = "# Use ink\n\nDecided 2026-11-24.\n\n" + "".join(f"## {heading}\n\nText.\n\n" for heading in HEADINGS)

    assert page_faults(good) == []
    assert page_faults(good.replace("# Use ink", "# 0001 Use ink")) == ["no title", "the title carries a number"]
    assert page_faults(good.replace("2026-11-24", "today")) == ["no date"]
    assert page_faults(good.replace("## How to undo", "## Undo")) == [
        "headings are ['Context', 'Decision', 'Consequences', 'Undo']"
    ]
