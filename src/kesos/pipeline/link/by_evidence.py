"""Let the probabilistic linker judge the records of a release, with their numbers opened in memory only."""

from __future__ import annotations

import hashlib
from importlib.resources import as_file, files
from typing import Final

import pyarrow as pa

from kesos.datasets.linkage import LINK_APART
from kesos.foundation.columns import Values, map_distinct
from kesos.foundation.columns import compute as pc
from kesos.foundation.sealing import Sealer
from kesos.pipeline.engine import Engine, Step
from kesos.pipeline.link.encode import LinkTable
from kesos.pipeline.link.kept_model import model_table
from kesos.pipeline.link.model import Model, read_model
from kesos.pipeline.link.patterns import spell
from kesos.pipeline.link.run import Linked, link_table
from kesos.pipeline.link.sample import draw_apart
from kesos.pipeline.sources.sealed_rows import AT_RECEIPT

_MODEL_FILE: Final = files("kesos.pipeline.link") / "models" / "indonesia.yaml"
_NEAR_MILLIBITS: Final = 6_000
_MOST_APART: Final = 20_000
_COLUMNS: Final = (
    *("record_id", "source", "row_key", "nik_index", "nik_sealed", "kk_index", "kk_sealed", "name_normal", "name_key"),
    *("sex", "birth_date", "birth_place", "mother_name_normal", "registered_village", "residence_village"),
    *("street", "hamlet", "rt", "rw"),
)


def release_model() -> Model:
    """Read the model by which releases are linked."""
    with as_file(_MODEL_FILE) as path:
        return read_model(path)


def release_model_sha256() -> str:
    """Name the model by its content, for the manifest."""
    return hashlib.sha256(_MODEL_FILE.read_bytes()).hexdigest()


def link_by_evidence(engine: Engine, sealer: Sealer, *, seed: int) -> None:
    """Weigh the records of a release and bring those of one person together.

    *Input*: `person_standard`; `certain_pair` (record_id, other_record_id, answer same or different, rule), which
    is obeyed before anything is weighed; `nik_judged`, whose agreeing pairs teach what records of one person look
    like. *Output*: `weighed_pair` from the review cut upwards, `record_cluster`, and the tables of datasets
    link_model and link_apart. Numbers are opened in memory, once a distinct value, and never reach a table.
    """
    model = release_model()
    with engine.timed("link_encode") as step:
        table = LinkTable.of(_records(engine, sealer), model)
        step.rows = len(table)
    anchored = engine.fetch("SELECT record_id, other_record_id FROM nik_judged WHERE is_same_person")
    decided = engine.fetch("SELECT record_id, other_record_id, answer FROM certain_pair")
    linked = link_table(table, model, seed=seed, anchored=anchored, decided=decided)
    for one in linked.steps:
        engine.note(Step(f"link_{one.name}", one.made, one.wall_seconds, one.peak_mb))
    engine.load("weighed_pair", linked.edges)
    engine.load("record_cluster", linked.clusters)
    engine.load("link_model", model_table(model, linked.estimates))
    engine.load("link_apart", _apart(linked, model, seed))


def _records(engine: Engine, sealer: Sealer) -> pa.Table:
    rows = engine.fetch(f"SELECT {', '.join(_COLUMNS)} FROM person_standard ORDER BY record_id")
    for field in ("nik", "kk"):
        sealed = rows.column(f"{field}_sealed").combine_chunks()
        is_evidence = rows.column(f"{field}_index").combine_chunks().is_valid()
        plain = _opened(pc.if_else(is_evidence, sealed, pa.scalar(None, pa.binary())), field, sealer)
        rows = rows.drop_columns([f"{field}_sealed", f"{field}_index"]).append_column(field, plain)
    return rows


def _opened(sealed: Values, field: str, sealer: Sealer) -> Values:
    return map_distinct(sealed, lambda value: sealer.unseal(value, field, AT_RECEIPT), pa.string())


def _apart(linked: Linked, model: Model, seed: int) -> pa.Table:
    """Draw some of the pairs that were left apart, so that a release can later be asked what it missed."""
    drawn = draw_apart(
        linked.candidates(), review_cut=linked.cuts.review, near=_NEAR_MILLIBITS, most=_MOST_APART, seed=seed
    )
    packed = drawn.column("levels").to_numpy()
    spelt = pa.array(spell(packed, len(model.comparisons)), pa.string())
    place = drawn.schema.get_field_index("levels")
    return drawn.set_column(place, "levels", spelt).cast(LINK_APART.arrow_schema())
