"""The release before: its register and what is needed to know people, families and dwellings again."""

from __future__ import annotations

from typing import Final

from kesos.datasets.catalogue import dataset
from kesos.datasets.lake import Lake
from kesos.datasets.manifest import Predecessor, file_sha256, read_manifest
from kesos.datasets.release_files import dataset_files
from kesos.foundation.errors import Refused
from kesos.pipeline.engine import Engine

_READ: Final = ("person", "person_record", "identity", "family", "dwelling")
_KINDS: Final = ("person", "family", "dwelling")


class OtherKey(Refused):
    """The release before was sealed under another generation of the key."""

    what = "Release {name} is sealed under key generation {theirs}, but the key at hand is generation {ours}."
    remedy = "Run `kesos key rotate` to the end, or give the key that sealed it."


def load_prior(engine: Engine, lake: Lake, since: str | None, *, key_generation: int) -> Predecessor | None:
    """Make the `prior_…` tables of the release that is built upon; empty ones for the first release.

    *Raises* NoSuchRelease, UnreadableManifest, OtherKey.
    """
    if since is None:
        for name in _READ:
            engine.load(f"prior_{name}", dataset(name).arrow_schema().empty_table())
        for kind in _KINDS:
            engine.load(f"prior_{kind}_identifier", dataset("identifier").arrow_schema().empty_table())
        return None
    folder = lake.existing_release(since)
    manifest = read_manifest(folder)
    if manifest.key_generation != key_generation:
        raise OtherKey(name=since, theirs=manifest.key_generation, ours=key_generation)
    for name in _READ:
        engine.view_parquet(f"prior_{name}", dataset_files(folder, manifest, name))
    engine.view_parquet("prior_register", dataset_files(folder, manifest, "identifier"))
    for kind in _KINDS:
        rows = engine.fetch("SELECT * FROM prior_register WHERE kind = $kind", kind=kind)
        engine.load(f"prior_{kind}_identifier", rows)
    return Predecessor(name=since, manifest_sha256=file_sha256(folder / "manifest.json"))
