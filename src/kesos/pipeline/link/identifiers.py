"""The identifier register: who keeps a number, who gets a new one, what becomes of the others."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from kesos.pipeline.engine import Engine

_SQL: Final = files("kesos.pipeline.link") / "sql_identifier"


def assign_identifiers(engine: Engine, kind: str, *, release: str) -> None:
    """Give every cluster of one kind its identifier, and write the register that the next release reads.

    *Input*: `<kind>_founder` (cluster, founded_order unique, source, row_key of the founding record);
    `<kind>_claim` (cluster, prior_id, is_founding, known_rows, known_numbers): what ties a cluster to an
    earlier identifier; `prior_<kind>_identifier`, the register of the release before, perhaps empty.
    *Output*: `<kind>_assignment` (cluster, id) and `<kind>_identifier` (see dataset `identifier`).

    An earlier identifier goes to the one cluster that holds its founding record, else most of its known rows:
    so a split stays with the anchor. A cluster that inherits several keeps the lowest, the others become its
    aliases: so a merge loses nothing. New identifiers follow in the order of the founding records.
    """
    names = {"founder": f"{kind}_founder", "claim": f"{kind}_claim", "prior_identifier": f"prior_{kind}_identifier"}
    for plain, specific in names.items():
        engine.rename(specific, plain)
    engine.run(_SQL / "010_won_claim.sql")
    engine.run(_SQL / "020_assignment.sql", into=f"{kind}_assignment")
    engine.rename(f"{kind}_assignment", "assignment")
    engine.run(_SQL / "030_identifier.sql", into=f"{kind}_identifier", kind=kind, release=release)
    engine.rename("assignment", f"{kind}_assignment")
    engine.drop(*names, "won_claim")
