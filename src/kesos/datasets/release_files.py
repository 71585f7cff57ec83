"""Where the rows of a release stand: the one way from a manifest to the files of a dataset."""

from __future__ import annotations

from pathlib import Path

from kesos.datasets.manifest import Manifest


def dataset_files(folder: Path, manifest: Manifest, name: str) -> list[Path]:
    """List the files of one dataset of a release, in the order of its key; none if the release is older than it."""
    stored = manifest.datasets.get(name)
    return [folder / file.path for file in stored.files] if stored else []
