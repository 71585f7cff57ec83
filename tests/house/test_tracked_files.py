"""No tracked file holds a person's number, a registry's address, a machine's path, or is too large to read."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from house import secrets
from house.tree import ROOT, shown, text_files, tracked_files

MAY_HOLD_INVENTED_NUMBERS = (ROOT / "tests", ROOT / "demo")
LARGEST_KB = 1024


def _faults(check: Callable[[str], list[str]], *, leave_out: Callable[[Path], bool] = lambda path: False) -> list[str]:
    files = [path for path in text_files() if not leave_out(path)]
    return [
        f"{shown(path)}:{fault}"
        for path in files
        for fault in check(path.read_text(encoding="utf-8", errors="replace"))
    ]


def _is_test_data(path: Path) -> bool:
    return path.name.endswith(".sample.csv") or any(path.is_relative_to(folder) for folder in MAY_HOLD_INVENTED_NUMBERS)


def _hosts_of_this_machine() -> tuple[str, ...]:
    settings = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    hosts = {host.split("@")[-1].split(":")[0] for host in re.findall(r"https?://([^/\s'\"]+)", settings)}
    return tuple(sorted(hosts - {"localhost", "127.0.0.1"}))


def test_no_number_like_a_nik_stands_outside_test_data() -> None:
    assert _faults(secrets.numbers_like_a_nik, leave_out=_is_test_data) == []


def test_locks_hold_no_address_and_no_index() -> None:
    locks = sorted((ROOT / "requirements").glob("*.txt")) + sorted((ROOT / "requirements").glob("*.in"))

    assert {path.name for path in locks} == {
        f"{name}.{kind}" for name in ("bench", "dev", "run", "uv") for kind in ("in", "txt")
    }
    assert [f"{path.name}:{fault}" for path in locks for fault in secrets.addresses_in_a_lock(path.read_text())] == []


def test_every_locked_package_is_pinned_with_hashes() -> None:
    for name in ("run.txt", "dev.txt", "uv.txt", "bench.txt"):
        text = (ROOT / "requirements" / name).read_text()
        packages = re.findall(
            r"^([a-z0-9][a-z0-9._-]*)(\S*)(?: ; [^\n]*)? \\\n +--hash=sha256:[0-9a-f]{64}", text, re.MULTILINE
        )
        lines = [line for line in text.splitlines() if re.match(r"[a-z0-9]", line)]

        assert len(packages) == len(lines) > 0
        assert [package for package, version in packages if not version.startswith("==")] == []


def test_requirement_files_name_what_pyproject_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())

    assert _requirements("run.in") == sorted(project["project"]["dependencies"])
    assert _requirements("dev.in") == sorted(project["dependency-groups"]["dev"])


def _requirements(name: str) -> list[str]:
    lines = (ROOT / "requirements" / name).read_text().splitlines()
    return sorted(line for line in lines if line and not line.startswith(("#", "-")))


def test_no_registry_is_named_in_a_tracked_file() -> None:
    hosts = _hosts_of_this_machine()

    assert _faults(lambda text: secrets.registry_addresses(text, hosts)) == []


def test_no_path_of_one_machine_stands_in_a_tracked_file() -> None:
    assert _faults(secrets.machine_paths, leave_out=lambda path: path == Path(__file__)) == []


def test_no_tracked_file_is_too_large_to_read() -> None:
    assert [shown(path) for path in tracked_files() if path.stat().st_size > LARGEST_KB * 1024] == []


@pytest.mark.parametrize("number", ["3201014107909001", "NIK 7371115512859002;", "'1101010101019003'"])
def test_numbers_like_a_nik_are_found(number: str) -> None:
    assert len(secrets.numbers_like_a_nik(f"first line\n{number}\n")) == 1


@pytest.mark.parametrize(
    "text", ["1234567890123456", "3201014107909001999", "0.3201014107909001", "3201019907909001", "1111111111111111"]
)
def test_other_numbers_are_not_taken_for_a_nik(text: str) -> None:
    assert secrets.numbers_like_a_nik(text) == []


@pytest.mark.parametrize(
    "line",
    [
        "--index-url x", "--extra-index-url x", "--find-links wheels", "-f wheels", "--trusted-host mirror",
        "polars @ https://example.com/polars.whl", "numpy @ file:///wheels/numpy.whl", "thing @ git+ssh://example.com/thing",
    ],
)  # fmt: skip
def test_addresses_in_a_lock_are_found(line: str) -> None:
    assert len(secrets.addresses_in_a_lock(f"duckdb==2.0.1 \\\n{line}\n")) == 1


def test_registry_addresses_are_found_by_known_and_by_given_host() -> None:
    text = "see files.pythonhosted" + ".org/x\nand mirror.office.example/simple"

    assert secrets.registry_addresses(text, ("mirror.office.example",)) == [
        "1: files.pythonhosted" + ".org",
        "2: mirror.office.example",
    ]


def test_machine_paths_are_found_and_relative_ones_are_not() -> None:
    home = "/".join(("", "root", ""))

    assert secrets.machine_paths(f"open('{home}x')\n/home/budi/lake\nhome/work/x and ./work/x and $HOME/work/x") == [
        f"1: {home}",
        "2: /home/budi/",
    ]
