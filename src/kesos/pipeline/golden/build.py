"""Arrange golden: persons first, then the families they sit in, then the roofs that families share."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Final

import pyarrow as pa

from kesos.datasets.facts import DWELLING_FACTS
from kesos.datasets.quality import CONFLICT
from kesos.datasets.registry import FAMILY_GOLDEN, IDENTIFIER, PERSON_GOLDEN
from kesos.foundation.columns import compute as pc
from kesos.foundation.sealing import Sealer
from kesos.pipeline.engine import Engine
from kesos.pipeline.golden.precedence import Entity, Precedence
from kesos.pipeline.golden.survivorship import Survivorship
from kesos.pipeline.link.clusters import connected_components
from kesos.pipeline.link.identifiers import assign_identifiers

_SQL: Final = files("kesos.pipeline.golden") / "sql"
_FAMILY: Final = _SQL / "family"
_DWELLING: Final = _SQL / "dwelling"


def build_golden(engine: Engine, *, precedence: Precedence, sealer: Sealer, release: str) -> None:
    """Make the registry tables of a release from its linked records.

    *Input*: `person_record`, `family_standard`, and the tables of the release before (`prior_…`, perhaps empty).
    *Output*: the tables of every dataset in `kesos.datasets.registry`, and `conflict`.
    """
    _rank_sources(engine, precedence)
    persons = _survive(engine, "person", "person_record", [c.name for c in PERSON_GOLDEN], precedence)
    _seat_families(engine, release=release)
    families = _survive(engine, "family", "family_record", [c.name for c in FAMILY_GOLDEN], precedence)
    engine.run_folder(_SQL / "person")
    _house_families(engine, release=release)
    dwellings = _survive(engine, "dwelling", "dwelling_record", [c.name for c in DWELLING_FACTS], precedence)
    engine.run(_DWELLING / "090_family.sql")
    engine.run(_DWELLING / "100_dwelling.sql")
    _seal_identity(engine, sealer)
    kinds = ("person", "family", "dwelling")
    for kind in kinds:
        # The golden table holds each value beside the record that gave it; what is left to store is the latter.
        engine.rename(f"{kind}_golden", f"{kind}_lineage")
    engine.union(
        [f"{kind}_identifier" for kind in kinds], {c.name: c.type for c in IDENTIFIER.columns}, into="identifier"
    )
    engine.load("conflict", pa.concat_tables([persons, families, dwellings]).cast(CONFLICT.arrow_schema()))


def _rank_sources(engine: Engine, precedence: Precedence) -> None:
    spoken = engine.fetch("SELECT DISTINCT source FROM person_record UNION SELECT DISTINCT source FROM family_standard")
    names = sorted(str(name) for name in spoken.column("source").to_pylist())
    by_trust = sorted(names, key=lambda name: (precedence.rank(name), name))
    places = pa.array(range(1, len(by_trust) + 1), pa.int64())
    engine.load("source_rank", pa.table({"source": pa.array(by_trust, pa.string()), "source_rank": places}))


def _survive(engine: Engine, entity: Entity, records: str, columns: Sequence[str], precedence: Precedence) -> pa.Table:
    """Make `<entity>_golden` of the records of an entity; return its conflicts."""
    key = f"{entity}_id"
    kernel = Survivorship(entity, key, columns, precedence)
    listed = ", ".join((key, "record_id", "source", "observed_on", *columns))
    select = f"SELECT {listed} FROM {records} WHERE {key} >= $low AND {key} < $high"
    last = engine.fetch(f"SELECT coalesce(max({key}), 0) AS last FROM {records}").column("last")[0].as_py()
    engine.map_groups(select, kernel, into=f"{entity}_golden", last=int(last))
    return kernel.conflict_table()


def _seat_families(engine: Engine, *, release: str) -> None:
    for name in ("010_card_seat", "020_current_seat", "030_card", "040_card_succession"):
        engine.run(_FAMILY / f"{name}.sql")
    succession = engine.fetch("card_succession")
    engine.load("linked_card", _components(succession, "old_card_id", "new_card_id", "card_id"))
    for name in ("050_card_family", "060_family_founder", "070_family_claim"):
        engine.run(_FAMILY / f"{name}.sql")
    assign_identifiers(engine, "family", release=release)
    for name in ("080_card_of_family", "090_membership", "100_kk_history", "110_family_head"):
        engine.run(_FAMILY / f"{name}.sql")
    engine.run(_FAMILY / "120_family_record.sql")
    engine.run(_FAMILY / "130_family_identity.sql")
    engine.drop("card_seat", "current_seat", "card", "card_succession", "linked_card", "card_family")


def _house_families(engine: Engine, *, release: str) -> None:
    for name in ("010_family_area", "020_roof_sign", "030_shared_roof"):
        engine.run(_DWELLING / f"{name}.sql")
    shared = engine.fetch("shared_roof")
    engine.load("linked_family", _components(shared, "family_id", "other_family_id", "family_id"))
    for name in ("040_family_roof", "050_dwelling_founder", "060_dwelling_claim"):
        engine.run(_DWELLING / f"{name}.sql")
    assign_identifiers(engine, "dwelling", release=release)
    engine.run(_DWELLING / "070_family_dwelling.sql")
    engine.run(_DWELLING / "080_dwelling_record.sql")
    engine.drop("roof_sign", "shared_roof", "linked_family", "family_roof")


def _components(pairs: pa.Table, left: str, right: str, key: str) -> pa.Table:
    ids, labels = connected_components(pairs.column(left).to_numpy(), pairs.column(right).to_numpy())
    return pa.table({key: pa.array(ids), "cluster": pa.array(labels)})


def _seal_identity(engine: Engine, sealer: Sealer) -> None:
    """Seal every number anew, bound to the person or family it belongs to; receipts bind it to none."""
    engine.run_folder(_SQL / "identity")

    def reseal(numbers: pa.RecordBatch) -> pa.Table:
        rows = pa.Table.from_batches([numbers])
        parts = []
        for field in ("nik", "kk", "pln"):
            part = rows.filter(pc.equal(rows.column("field"), field))
            sealed = part.column("sealed").combine_chunks()
            owners = part.column("subject_id").combine_chunks()
            plain = sealer.unseal_many(sealed, field, pa.array([0] * len(sealed), pa.int64()))
            parts.append(
                part.drop_columns(["sealed"]).append_column("ciphertext", sealer.seal_many(plain, field, owners))
            )
        return pa.concat_tables(parts)

    engine.map_batches(
        "SELECT field, subject_id, ordinal, blind_index, sealed FROM sealed_number", reseal, into="identity"
    )
    engine.drop("sealed_number", "card_number")
