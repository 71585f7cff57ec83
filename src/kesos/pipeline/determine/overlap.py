"""What families get together, who gets nothing, and what would fit beside what they have.

A family *is chosen* for a programme if its own, a member's or its dwelling's determination is within the quota, or
eligible where no quota ranks; it *receives* a programme if it stood among the members that the determination knew.
Groups are no family's: they are left out. Sets of programmes are bits of one integer, so that a nation stays a table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from importlib.resources import files
from typing import Any, Final

import pyarrow as pa

from kesos.datasets.lake import Lake
from kesos.datasets.manifest import read_manifest
from kesos.datasets.release_files import dataset_files
from kesos.foundation.errors import Refused
from kesos.pipeline.determine.next_steps import complements_of, incompatible_pairs
from kesos.pipeline.determine.store import open_determination
from kesos.pipeline.engine import Engine
from kesos.policy.programme import Programme, Unit

MOST_PROGRAMMES: Final = 62
"""Bits of a set: a signed integer of 64 bits has room for no more."""

MOST_COMBINATIONS: Final = 200
"""Sets of programmes that are listed, the most frequent first; counts by pair and decile hold all of them."""

_SQL: Final = files("kesos.pipeline.determine") / "sql_overlap"
# Rupiah a person and year: nothing, then bounds a village can relate to a month's rice (about 10 kg at Rp15,000).
_BAND_FROM: Final = (0, 1, 250_000, 500_000, 1_000_000, 2_000_000)


class TooManyProgrammes(Refused):
    """More programmes were determined together than a set can hold."""

    what = "The determination {name} holds {programmes} programmes; at most {most} can be laid over one another."
    remedy = "Determine fewer programmes together, with --programme."


@dataclass(frozen=True, slots=True)
class Combination:
    """A set of programmes that families have together; `amount_idr` a year, null for what is received today."""

    programmes: tuple[str, ...]
    families: int
    persons: int
    amount_idr: int | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two programmes, and the families that are chosen for both, or receive both; with itself: that have the one."""

    programme: str
    other: str
    chosen_families: int
    received_families: int


@dataclass(frozen=True, slots=True)
class Gap:
    """The families of a decile that are chosen for nothing: to verify, else waiting, else neither."""

    decile: int | None
    families: int
    persons: int
    nothing: int
    nothing_to_verify: int
    nothing_waiting: int
    nothing_receiving: int
    receiving: int
    amount_idr: int


@dataclass(frozen=True, slots=True)
class Band:
    """Families of the poorest deciles whose rupiah a person and year lie from `from_idr` to below `below_idr`."""

    from_idr: int
    below_idr: int | None
    families: int
    persons: int
    nothing: int
    nothing_to_verify: int
    nothing_waiting: int
    receiving: int


@dataclass(frozen=True, slots=True)
class NextStep:
    """Families with a programme, and how they stand in one that fits beside or after it, each counted once."""

    programme: str
    next_programme: str
    families: int
    receiving: int
    could_have: int
    waiting: int
    to_verify: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """A determination laid over itself.

    `not_known` are programmes whose members of today nobody told; `unsettled` those for which nobody is eligible and
    somebody is to be verified, because an office has not stated the facts: that says nothing of a family, and is not
    counted as to be verified.
    """

    release: str
    determination: str
    families: int
    chosen: tuple[Combination, ...]
    received: tuple[Combination, ...]
    pairs: tuple[Pair, ...]
    incompatible: tuple[Pair, ...]
    gaps: tuple[Gap, ...]
    poorest: tuple[Band, ...]
    next_steps: tuple[NextStep, ...]
    not_known: tuple[str, ...]
    unsettled: tuple[str, ...]
    left_out: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """Give everything as plain data, for programs."""
        return asdict(self)


def find_overlap(lake: Lake, release: str, name: str | None = None, *, memory: str = "4GB") -> Overlap:
    """Lay the programmes of a stored determination over one another.

    *Cost*: seconds for 3 million families and 20 programmes. *Raises* NoSuchRelease, what `open_determination`
    refuses, TooManyProgrammes.
    """
    folder = lake.existing_release(release)
    stored = open_determination(lake, release, name)
    manifest = read_manifest(folder)
    with Engine(memory=memory) as engine:
        engine.view_parquet("family", dataset_files(folder, manifest, "family"))
        engine.view_parquet("determination", stored.files("determination"))
        return lay_over(
            engine, stored.programmes(), as_of=stored.manifest.as_of, release=release, name=stored.manifest.name
        )


def lay_over(engine: Engine, programmes: Mapping[str, Programme], *, as_of: date, release: str, name: str) -> Overlap:
    """Count over the tables `determination` and `family` of an engine. *Raises* TooManyProgrammes."""
    codes = [code for code in sorted(programmes) if programmes[code].unit is not Unit.GROUP]
    if len(codes) > MOST_PROGRAMMES:
        raise TooManyProgrammes(name=name, programmes=len(codes), most=MOST_PROGRAMMES)
    unsettled = _unsettled(engine, codes)
    _load_lists(engine, {code: programmes[code] for code in codes}, as_of, unsettled)
    engine.run_folder(_SQL)
    return Overlap(
        release=release,
        determination=name,
        families=engine.count("family_aid"),
        chosen=_combinations(engine, "chosen", codes),
        received=_combinations(engine, "received", codes),
        pairs=_pairs(engine, "pair", "ORDER BY programme, other_programme"),
        incompatible=_pairs(engine, "incompatible_pair", "ORDER BY programme, other_programme"),
        gaps=tuple(_gap(row) for row in engine.fetch("SELECT * FROM gap ORDER BY decile NULLS LAST").to_pylist()),
        poorest=tuple(Band(**row) for row in engine.fetch("SELECT * FROM poorest_least ORDER BY from_idr").to_pylist()),
        next_steps=tuple(
            NextStep(**row)
            for row in engine.fetch("SELECT * FROM next_step ORDER BY programme, next_programme").to_pylist()
        ),
        not_known=_not_known(engine, codes),
        unsettled=unsettled,
        left_out=tuple(code for code in sorted(programmes) if programmes[code].unit is Unit.GROUP),
    )


def _load_lists(engine: Engine, programmes: Mapping[str, Programme], as_of: date, unsettled: Sequence[str]) -> None:
    bits = [
        {
            "programme": code,
            "unit": programme.unit.value,
            "bit": 1 << place,
            "verify_bit": 0 if code in unsettled else 1 << place,
        }
        for place, (code, programme) in enumerate(programmes.items())
    ]
    columns: dict[str, pa.DataType] = {
        "programme": pa.string(),
        "unit": pa.string(),
        "bit": pa.int64(),
        "verify_bit": pa.int64(),
    }
    engine.load("programme_bit", pa.Table.from_pylist(bits, pa.schema(columns)))
    engine.load("incompatible", _two_columns(incompatible_pairs(programmes, as_of), "other_programme"))
    fitting = [(code, step.programme) for code, steps in complements_of(programmes).items() for step in steps]
    engine.load("complement", _two_columns(fitting, "next_programme"))
    below = [*_BAND_FROM[1:], None]
    bands = pa.table({"from_idr": pa.array(_BAND_FROM, pa.int64()), "below_idr": pa.array(below, pa.int64())})
    engine.load("rupiah_band", bands)


def _two_columns(pairs: Sequence[tuple[str, str]], second: str) -> pa.Table:
    first = pa.array([one for one, _ in pairs], pa.string())
    return pa.table({"programme": first, second: pa.array([other for _, other in pairs], pa.string())})


def _combinations(engine: Engine, kind: str, codes: Sequence[str]) -> tuple[Combination, ...]:
    """List the most frequent sets of one kind; the empty set is one of them."""
    rows = engine.fetch(_MOST_FREQUENT, kind=kind, most=MOST_COMBINATIONS).to_pylist()
    return tuple(
        Combination(_named(row["mask"], codes), row["families"], row["persons"], row["amount_idr"]) for row in rows
    )


_MOST_FREQUENT: Final = """
    SELECT mask, families, persons, amount_idr
    FROM combination
    WHERE kind = $kind
    ORDER BY families DESC, mask
    LIMIT $most
"""


def _named(mask: int, codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(code for place, code in enumerate(codes) if mask >> place & 1)


def _pairs(engine: Engine, table: str, order: str) -> tuple[Pair, ...]:
    rows = engine.fetch(f"SELECT * FROM {table} {order}").to_pylist()
    names = ("programme", "other_programme", "chosen_families", "received_families")
    return tuple(Pair(*(row[name] for name in names)) for row in rows)


def _gap(row: Mapping[str, Any]) -> Gap:
    return Gap(**{"amount_idr" if name == "chosen_idr" else name: value for name, value in row.items()})


def _not_known(engine: Engine, codes: Sequence[str]) -> tuple[str, ...]:
    known = engine.fetch("SELECT DISTINCT programme FROM determination WHERE movement IS NOT NULL ORDER BY programme")
    return tuple(code for code in codes if code not in known.column("programme").to_pylist())


def _unsettled(engine: Engine, codes: Sequence[str]) -> tuple[str, ...]:
    found = engine.fetch(_UNSETTLED).column("programme").to_pylist()
    return tuple(code for code in codes if code in found)


_UNSETTLED: Final = """
    SELECT programme
    FROM determination
    GROUP BY programme
    HAVING count(*) FILTER (eligibility = 'eligible') = 0 AND count(*) FILTER (eligibility = 'to_verify') > 0
"""
