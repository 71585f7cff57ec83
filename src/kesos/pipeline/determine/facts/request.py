"""What is asked of the derivation of facts, and what was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import pyarrow as pa

from kesos.datasets.manifest import Manifest

Listed = Literal["file", "benefit"]


@dataclass(frozen=True, slots=True)
class FactsRequest:
    """A release, a day, and the facts wanted of it.

    `programmes` leads from the code of a programme to what else it is called in lists; only memberships of these are
    known. `members`, `stated` and `groups` are files that were given. `only_families` and `only_persons` restrict
    everything to some families and persons, the families of these, those who share a dwelling or a group with one of
    them, and their people; facts are as they are among all.
    """

    folder: Path
    manifest: Manifest
    as_of: date
    facts: frozenset[str]
    programmes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    members: Path | None = None
    stated: Path | None = None
    groups: Path | None = None
    only_families: tuple[int, ...] | None = None
    only_persons: tuple[int, ...] | None = None

    @property
    def is_restricted(self) -> bool:
        """Tell whether only some families or persons are asked for."""
        return self.only_families is not None or self.only_persons is not None


@dataclass(frozen=True, slots=True)
class FactsMade:
    """What the tables hold: the facts derived, rows a table, and for which programmes members are known, and whence.

    A programme that stands in `members` as *file* is complete; one as *benefit* is complete only where its source
    declares that it covers. One that is missing has no member known, and nobody is known to be none.

    `not_found` has the lines of the files whose identifier is none of the tables, or whose area has no village here:
    nothing could be done with them. Its columns are `kind` (facts, groups, members), `line`, `identifier` as written,
    `unit` (person, family, dwelling, area) and `about` (the fact, group or programme); it is null where only some
    families or persons were asked for, because then nearly every line is of others.
    """

    facts: frozenset[str]
    rows: Mapping[str, int]
    members: Mapping[str, Listed]
    not_found: pa.Table | None
