"""Every dataset of a release, by name: the one list that writers, readers, docs and tests share."""

from __future__ import annotations

from typing import Final

from kesos.datasets import linkage, quality, record, registry
from kesos.datasets.schema import Dataset

RELEASE_DATASETS: Final[tuple[Dataset, ...]] = (
    registry.PERSON,
    registry.PERSON_LINEAGE,
    registry.FAMILY,
    registry.FAMILY_LINEAGE,
    registry.DWELLING,
    registry.DWELLING_LINEAGE,
    registry.MEMBERSHIP,
    registry.KK_HISTORY,
    registry.IDENTITY,
    registry.IDENTIFIER,
    registry.BENEFIT,
    record.PERSON_RECORD,
    record.FAMILY_RECORD,
    quality.QUARANTINE,
    quality.ISSUE,
    quality.EXPECTATION,
    quality.NIK_CONTRADICTION,
    linkage.LINK_EDGE,
    linkage.LINK_MODEL,
    linkage.LINK_APART,
    quality.CONFLICT,
)

_BY_NAME: Final = {dataset.name: dataset for dataset in RELEASE_DATASETS}


def dataset(name: str) -> Dataset:
    """Find a dataset by its name; KeyError if a release has none of that name."""
    return _BY_NAME[name]
