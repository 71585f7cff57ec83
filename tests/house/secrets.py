"""What may never stand in a tracked file: a person's number, an address of a registry, a path of one machine."""

from __future__ import annotations

import re
from typing import Final

# 16 digits that a NIK could be: day 1 to 31 or 41 to 71, month 1 to 12; not a longer number, nor one digit 16 times.
_NIK_LIKE: Final = re.compile(
    r"(?<![\d.])(?!(\d)\1{15})"
    r"[1-9]\d{5}(?:0[1-9]|[1-2]\d|3[01]|4[1-9]|[56]\d|7[01])(?:0[1-9]|1[0-2])\d{6}(?!\d)"
)
_ANY_ADDRESS: Final = re.compile(r"\b(?:https?|file|git\+\w+|ssh)://\S+")
# Put together here, so that this file does not hold what it looks for.
_REGISTRY_HOSTS: Final = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "debian" + ".org/debian")
_INDEX_OPTIONS: Final = re.compile(r"^\s*(?:--(?:extra-)?index-url|-i|--find-links|-f|--trusted-host)\b")
_MACHINE_PATH: Final = re.compile(r"(?<![A-Za-z0-9_.~}\)*])/(?:work|farm|root|home/\w+|Users/\w+)/")


def numbers_like_a_nik(text: str) -> list[str]:
    """List the runs of 16 digits that could be somebody's NIK."""
    return _located(text, _NIK_LIKE)


def addresses_in_a_lock(text: str) -> list[str]:
    """List addresses and index options of a lock or requirement file: it names packages and hashes, and no place."""
    return _located(text, _ANY_ADDRESS) + [
        f"{number}: {line.strip()}" for number, line in enumerate(text.splitlines(), 1) if _INDEX_OPTIONS.match(line)
    ]


def registry_addresses(text: str, hosts: tuple[str, ...] = ()) -> list[str]:
    """List mentions of a package registry, the known ones and those that pip is set to on this machine."""
    known = "|".join(re.escape(host) for host in (*_REGISTRY_HOSTS, *hosts))
    return _located(text, re.compile(rf"(?<![\w.])(?:[\w-]+\.)*(?:{known})"))


def machine_paths(text: str) -> list[str]:
    """List paths that exist on one machine only."""
    return _located(text, _MACHINE_PATH)


def _located(text: str, pattern: re.Pattern[str]) -> list[str]:
    return [f"{text.count(chr(10), 0, found.start()) + 1}: {found.group()}" for found in pattern.finditer(text)]
