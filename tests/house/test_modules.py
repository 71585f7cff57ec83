"""Every module is reached from an entry point, and every package is named for what it holds."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

from house.tree import ROOT, SOURCE, files_below, shown

MEANINGLESS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "core",
    "base",
    "manager",
    "service",
    "services",
    "misc",
    "shared",
    "lib",
}


def module_name(path: Path) -> str:
    """Give the dotted name under which a file below `src` is imported."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_by(name: str, source: str, modules: frozenset[str]) -> set[str]:
    """Name the modules that a module's source imports, with the packages they stand in."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    found |= {found_name.rsplit(".", steps)[0] for found_name in found for steps in range(1, found_name.count(".") + 1)}
    return (found & modules) - {name}


def unreached(sources: dict[str, str], entries: set[str]) -> set[str]:
    """Name the modules that no chain of imports from the entries reaches."""
    modules = frozenset(sources)
    reached: set[str] = set()
    waiting = [name for name in entries if name in modules]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += imported_by(name, sources[name], modules)
    return set(modules - reached)


def _entry_points() -> set[str]:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    # A kernel that workers import by name would be listed here, with the place that names it.
    return {target.split(":")[0] for target in scripts.values()}


def test_every_module_is_reached_from_a_command() -> None:
    sources = {module_name(path): path.read_text(encoding="utf-8") for path in files_below(SOURCE, ".py")}

    assert sorted(unreached(sources, _entry_points())) == []


def test_nothing_is_named_for_what_it_does_not_say() -> None:
    places = [
        path for path in files_below(SOURCE, ".py") if MEANINGLESS & {*path.relative_to(SOURCE).with_suffix("").parts}
    ]

    assert [shown(path) for path in places] == []


def test_every_package_says_what_it_holds() -> None:
    packages = {path.parent for path in files_below(SOURCE, ".py")} - {SOURCE}

    assert [shown(package) for package in sorted(packages) if not (package / "__init__.py").is_file()] == []


def test_unreached_names_the_module_that_nothing_imports() -> None:
    sources = {
        "house": "",
        "house.door": "from house import hall",
        "house.hall": "import house.cellar.wine",
        "house.cellar": "",
        "house.cellar.wine": "",
        "house.attic": "import house.hall",
    }

    assert unreached(sources, {"house.door"}) == {"house.attic"}
