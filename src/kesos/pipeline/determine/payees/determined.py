"""The determinations that an audit goes by: one that is kept, else one that is made now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kesos.datasets.lake import Lake
from kesos.pipeline.determine.payees.asked import Asked, asked_of
from kesos.pipeline.determine.request import DetermineRequest
from kesos.pipeline.determine.run import determine
from kesos.pipeline.determine.store import StoredDetermination, determination_names, open_determination
from kesos.policy.programme import Programme
from kesos.policy.published import programme_on
from kesos.policy.vocabulary.vocabulary import load_vocabulary


@dataclass(frozen=True, slots=True)
class Determination:
    """One programme of a kept determination: its name and day, its files, and what the audit asks of it."""

    name: str
    as_of: date
    programme: Programme
    asked: Asked
    files: tuple[Path, ...]


def kept_or_determined(
    lake: Lake,
    release: str,
    code: str,
    *,
    programmes: Mapping[str, Programme],
    own: Path | None = None,
    name: str | None = None,
    memory: str = "4GB",
) -> tuple[Determination, bool]:
    """Open the determination of that name, else the newest if it speaks of the programme, else determine it now.

    *Output*: the determination, and whether it was made now: without quotas, members or stated facts. *Raises* what
    `open_determination` and `determine` refuse.
    """
    if name is not None or determination_names(lake, release):
        stored = open_determination(lake, release, name)
        if name is not None or code in stored.manifest.programmes:
            return _read(stored, code, programmes), False
    request = DetermineRequest(
        lake=lake, release=release, programmes=programmes, chosen=(code,), own=own, memory=memory
    )
    made = determine(request)
    return _read(open_determination(lake, release, made.manifest.name), code, programmes), True


def _read(stored: StoredDetermination, code: str, programmes: Mapping[str, Programme]) -> Determination:
    programme = stored.programme(code)
    as_of = stored.manifest.as_of
    vocabulary = load_vocabulary()
    on = programme_on(programme, as_of, vocabulary, codes={*stored.manifest.programmes, *programmes})
    asked = asked_of(programme, on, vocabulary, stored.manifest.programmes[code].clauses)
    return Determination(stored.manifest.name, as_of, programme, asked, tuple(stored.files("determination")))
