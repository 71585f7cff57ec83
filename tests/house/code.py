"""What the house asks of Python code and no linter checks: each function reads one source text and lists its faults."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from typing import Final

FILE_LINES: Final = 400
FUNCTION_LINES: Final = 50
BRANCHES: Final = 10
ARGUMENTS: Final = 7

# A budget is broken on purpose only where the line says so: `# over budget: reason`, or ruff's own mark with a reason.
_EXCUSE: Final = re.compile(r"#.*\b(?:over budget:|noqa: (?:C901|PLR09\d\d)(?:, ?[A-Z]+\d+)*)\s*\S+\s+\S+")
_SILENCED: Final = re.compile(r"#\s*(?:noqa|type:\s*ignore)\b(.*)$")
_SILENCED_WITH_REASON: Final = re.compile(r"^(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|\[[a-z0-9, -]+\])\W*\w+.*\s\w+")

_CLOCK: Final = frozenset(
    {
        "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns",
        "time.localtime", "time.gmtime", "time.strftime", "time.monotonic", "time.ctime",
        "Timestamp.now", "Timestamp.today",
    }
)  # fmt: skip
_STOPWATCH: Final = frozenset({"time.perf_counter", "time.perf_counter_ns"})
_SURROUNDINGS: Final = frozenset(
    {
        "os.environ",
        "os.getenv",
        "os.environb",
        "Path.home",
        "Path.cwd",
        "os.getcwd",
        "os.path.expanduser",
        "locale.getlocale",
    }
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def over_budget(source: str, *, is_edge: bool = False) -> list[str]:
    """List files and functions that are larger than a reader can hold, and give no reason on their line.

    At the edge arguments are not counted: a command has one for each option of its user.
    """
    lines = source.splitlines()
    faults = []
    if len(lines) > FILE_LINES and not (lines and _EXCUSE.search(lines[0])):
        faults.append(f"1: file of {len(lines)} lines, at most {FILE_LINES}")
    for function in _functions(ast.parse(source)):
        if _EXCUSE.search(lines[function.lineno - 1]):
            continue
        found = {
            "lines": (_length(function), FUNCTION_LINES),
            "branches": (_branches(function), BRANCHES),
            "arguments": (0 if is_edge else _arguments(function), ARGUMENTS),
        }
        faults += [
            f"{function.lineno}: {function.name} has {count} {what}, at most {most}"
            for what, (count, most) in found.items()
            if count > most
        ]
    return faults


def _functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def _length(function: Function) -> int:
    # The docstring explains and costs no branch to follow: it does not count.
    first = function.body[0]
    documented = ast.get_docstring(function) is not None
    docstring_lines = (first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring_lines


def _branches(function: Function) -> int:
    kinds = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.match_case)
    return sum(isinstance(node, kinds) for node in ast.walk(function))


def _arguments(function: Function) -> int:
    given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return sum(argument.arg not in {"self", "cls"} for argument in given)


def hidden_imports(source: str) -> list[str]:
    """List imports inside functions: they hide a step against the storeys."""
    return [
        f"{node.lineno}: import inside {function.name}"
        for function in _functions(ast.parse(source))
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def clock_and_surroundings(source: str, *, may_time_itself: bool = False) -> list[str]:
    """List readings of the clock, the environment and the home folder: these come in from the edge as arguments."""
    forbidden = _CLOCK | _SURROUNDINGS | (frozenset() if may_time_itself else _STOPWATCH)
    tree = ast.parse(source)
    faults = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            name = ".".join(ast.unparse(node).split(".")[-2:])
            if name in forbidden or node.attr == "expanduser":
                faults.append(f"{node.lineno}: {name}")
        if isinstance(node, ast.ImportFrom) and node.module in {"os", "time"}:
            names = (f"{node.module}.{alias.name}" for alias in node.names)
            faults += [f"{node.lineno}: {name}" for name in names if name in forbidden]
    return faults


def undocumented(source: str) -> list[str]:
    """List public modules, classes and functions without a docstring, or whose first line is no sentence."""
    tree = ast.parse(source)
    faults = [] if ast.get_docstring(tree) else ["1: module without a docstring"]
    for node, name in _public(tree, ""):
        text = ast.get_docstring(node)
        if not text:
            faults.append(f"{node.lineno}: {name} has no docstring")
        elif isinstance(node, Function) and not re.match(r"[A-Z][^\n]*[.:;]", text + "."):
            faults.append(f"{node.lineno}: the docstring of {name} does not begin with a sentence")
    return faults


def _public(node: ast.Module | ast.ClassDef, within: str) -> Iterator[tuple[Function | ast.ClassDef, str]]:
    for child in node.body:
        if not isinstance(child, Function | ast.ClassDef) or child.name.startswith("_"):
            continue
        # A Refused subclass says all in its templates.
        if isinstance(child, ast.ClassDef) and any(ast.unparse(base).endswith("Refused") for base in child.bases):
            continue
        yield child, within + child.name
        if isinstance(child, ast.ClassDef):
            yield from _public(child, f"{within}{child.name}.")


def silenced_without_reason(source: str) -> list[str]:
    """List marks that silence a checker without saying which rule and why."""
    return [
        f"{token.start[0]}: {token.string}"
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
        and (found := _SILENCED.search(token.string))
        and not _SILENCED_WITH_REASON.match(found.group(1))
    ]


def work_without_issue(source: str) -> list[str]:
    """List notes of work to be done that name no issue."""
    return [
        f"{token.start[0]}: {token.string}"
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
        and re.search(r"\b(?:TODO|FIXME|XXX)\b", token.string)
        and not re.search(r"\b(?:TODO|FIXME|XXX)\b.*#\d+", token.string)
    ]
