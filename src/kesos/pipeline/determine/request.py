"""What is to be determined, of what and when; and what came out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from kesos.datasets.determination import DeterminationManifest, HandedIn
from kesos.datasets.lake import Lake
from kesos.datasets.manifest import file_sha256
from kesos.pipeline.engine import Step
from kesos.policy.programme import Programme
from kesos.policy.published import ProgrammeOn


@dataclass(frozen=True, slots=True)
class DetermineRequest:
    """Determine programmes over a release.

    `programmes` are all that are known, since a rule may name the membership of any; `chosen` those to determine, all
    that are in force if null. `own` is the folder of a district's own files. `as_of` is the only clock; null takes the
    day of the release. `members`, `quotas`, `stated` and `groups` are files that offices hand in.
    """

    lake: Lake
    release: str
    programmes: Mapping[str, Programme]
    chosen: tuple[str, ...] | None = None
    own: Path | None = None
    as_of: date | None = None
    name: str | None = None
    members: Path | None = None
    quotas: Path | None = None
    stated: Path | None = None
    groups: Path | None = None
    memory: str = "4GB"
    threads: int = 2
    on_step: Callable[[Step], None] | None = None

    @property
    def files(self) -> dict[str, Path]:
        """Name the files that were handed in, by kind."""
        given = {"facts": self.stated, "groups": self.groups, "members": self.members, "quotas": self.quotas}
        return {kind: path for kind, path in given.items() if path is not None}

    def handed_in(self) -> tuple[HandedIn, ...]:
        """Describe the files that were handed in by name and hash."""
        return tuple(HandedIn(kind=kind, name=path.name, sha256=file_sha256(path)) for kind, path in self.files.items())

    def text_of(self, code: str) -> str:
        """Give the text of a programme's file: a file is named for the code, so that it is found again."""
        name = f"{code.lower()}.yaml"
        own = self.own / name if self.own is not None else None
        place = own if own is not None and own.is_file() else files("kesos.policy.programmes") / name
        return place.read_text(encoding="utf-8")


def inputs_sha256(
    release_sha256: str, rules: Mapping[str, ProgrammeOn], handed_in: tuple[HandedIn, ...], as_of: date
) -> str:
    """Name everything that decides what comes out: release, rules in force, files handed in, and the day."""
    content: dict[str, Any] = {
        "release": release_sha256,
        "rules": {code: on.rule_hash for code, on in rules.items()},
        # The name of a file decides nothing.
        "handed_in": {one.kind: one.sha256 for one in handed_in},
        "as_of": as_of.isoformat(),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class NotInForce:
    """A programme that was left out because it does not hold on the day."""

    code: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class NotFound:
    """A line of a file that was handed in and names nobody whom the release has: living, active, or an area of it.

    `kind` is the kind of file (members, facts, groups); `about` the programme, fact or group that the line speaks of.
    """

    kind: str
    line: int
    identifier: str
    about: str
    unit: str


@dataclass(frozen=True, slots=True)
class Determined:
    """A finished determination. `is_new` is false if the same was kept already, to the byte.

    `summary` are the rows of `determination_programme`; `members` says for which programmes members are known, and
    whence; `not_found` lists lines that name nobody in the release.
    """

    manifest: DeterminationManifest
    folder: Path
    is_new: bool
    summary: tuple[dict[str, Any], ...]
    left_out: tuple[NotInForce, ...]
    members: Mapping[str, str]
    not_found: tuple[NotFound, ...]
    groups_given: bool
    steps: tuple[Step, ...]
