"""Every Python file keeps the budgets, hides no import, reads no clock, and says what its functions are for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from house import code
from house.tree import ROOT, SOURCE, files_below, shown

OURS = [path for folder in ("src", "tests", "docs", "demo", "benchmarks") for path in files_below(ROOT / folder, ".py")]
PRODUCT = list(files_below(SOURCE, ".py"))
EDGE = SOURCE / "kesos" / "cli"
ENGINE = SOURCE / "kesos" / "pipeline" / "engine"


def _faults(paths: list[Path], check: Callable[[str], list[str]]) -> list[str]:
    return [f"{shown(path)}:{fault}" for path in paths for fault in check(path.read_text(encoding="utf-8"))]


def test_code_is_there_to_be_checked() -> None:
    assert SOURCE / "kesos" / "foundation" / "errors.py" in PRODUCT
    assert Path(__file__) in OURS


def test_files_and_functions_keep_their_budgets() -> None:
    edge = [path for path in OURS if path.is_relative_to(EDGE)]
    others = [path for path in OURS if path not in edge]

    assert _faults(others, code.over_budget) == []
    assert _faults(edge, lambda source: code.over_budget(source, is_edge=True)) == []


def test_no_import_hides_in_a_function() -> None:
    assert _faults(OURS, code.hidden_imports) == []


def test_nothing_below_the_edge_reads_the_clock_or_the_environment() -> None:
    below = [path for path in PRODUCT if not path.is_relative_to(EDGE)]
    engine = [path for path in below if path.is_relative_to(ENGINE)]
    others = [path for path in below if path not in engine]

    assert _faults(others, code.clock_and_surroundings) == []
    assert _faults(engine, lambda source: code.clock_and_surroundings(source, may_time_itself=True)) == []


def test_public_names_are_documented() -> None:
    assert _faults(PRODUCT, code.undocumented) == []


def test_a_silenced_checker_has_a_reason_on_its_line() -> None:
    assert _faults(OURS, code.silenced_without_reason) == []


def test_work_to_be_done_names_its_issue() -> None:
    assert _faults(PRODUCT, code.work_without_issue) == []


LONG_FUNCTION = "def long():\n" + "    x = 1\n" * 50
BRANCHY = "def branchy(x):\n" + "    if x:\n        x = 1\n" * 11
WIDE = "def wide(a, b, c, d, e, *, f, g, h): ..."


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("x = 1\n" * 401, "1: file of 401 lines, at most 400"),
        (LONG_FUNCTION, "1: long has 51 lines, at most 50"),
        (BRANCHY, "1: branchy has 11 branches, at most 10"),
        (WIDE, "1: wide has 8 arguments, at most 7"),
        ("class A:\n    def wide(self, a, b, c, d, e, f, g, h): ...", "2: wide has 8 arguments, at most 7"),
    ],
)
def test_over_budget_names_what_is_too_large(source: str, fault: str) -> None:
    assert code.over_budget(source) == [fault]


@pytest.mark.parametrize(
    "source",
    [
        "x = 1\n" * 400,
        LONG_FUNCTION.replace("def long():", "def long():  # over budget: one table, read from top to bottom"),
        BRANCHY.replace(":", ":  # noqa: PLR0912 one branch a kind of column", 1),
        "class A:\n    def seven(self, a, b, c, d, e, f, g): ...",
    ],
)
def test_over_budget_accepts_what_fits_or_says_why(source: str) -> None:
    assert code.over_budget(source) == []


def test_over_budget_counts_no_options_at_the_edge() -> None:
    assert code.over_budget(WIDE, is_edge=True) == []
    assert code.over_budget(LONG_FUNCTION, is_edge=True) == ["1: long has 51 lines, at most 50"]


def test_over_budget_wants_more_than_the_bare_mark() -> None:
    assert code.over_budget(WIDE + "  # noqa: PLR0913") == ["1: wide has 8 arguments, at most 7"]


def test_hidden_imports_are_found_in_nested_functions() -> None:
    source = "import os\ndef outer():\n    import json\n    return json"

    assert code.hidden_imports(source) == ["3: import inside outer"]


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now(UTC)", "datetime.datetime.now()", "date.today()", "time.time()", "os.environ['A']",
        "os.getenv('A')", "Path.home()", "path.expanduser()", "time.perf_counter()",
        "from os import environ", "from time import time",
    ],
)  # fmt: skip
def test_clock_and_surroundings_are_found(line: str) -> None:
    assert len(code.clock_and_surroundings(line)) == 1


def test_the_engine_may_time_its_steps_and_read_no_clock() -> None:
    source = "time.perf_counter()\ntime.time()"

    assert code.clock_and_surroundings(source, may_time_itself=True) == ["2: time.time"]


def test_undocumented_names_what_lacks_a_docstring() -> None:
    documented = '"""M."""\nclass A:\n    """A."""\n'
    source = documented + '    def b(self): ...\n    def _c(self): ...\nclass B(Refused):\n    what = "x"'

    assert code.undocumented(source) == ["4: A.b has no docstring"]
    assert code.undocumented('def f():\n    """do it."""') == [
        "1: module without a docstring",
        "1: the docstring of f does not begin with a sentence",
    ]


@pytest.mark.parametrize(
    "comment", ["# noqa", "# noqa: F401", "# type: ignore", "# type: ignore[attr-defined]", "# type: ignore[misc] why"]
)
def test_silenced_without_reason_is_found(comment: str) -> None:
    assert code.silenced_without_reason(f"x = 1  {comment}\n") == [f"1: {comment}"]


@pytest.mark.parametrize(
    "comment",
    ["# noqa: F401 the name is what a reader looks for", "# type: ignore[arg-type]  # the stubs lack it", "# a remark"],
)
def test_silenced_with_reason_passes(comment: str) -> None:
    assert code.silenced_without_reason(f"x = 1  {comment}\n") == []


def test_work_without_issue_is_found() -> None:
    assert code.work_without_issue("x = 1  # TODO: later\ny = 2  # TODO #12: later\n") == ["1: # TODO: later"]
