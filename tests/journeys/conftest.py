"""The demo village, built once for all journeys that only look at it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from house.tree import ROOT
from kesos.datasets.lake import Lake
from kesos.foundation.sealing import Sealer, create_key
from kesos.pipeline.release.build import BuildRequest, Built, build_release

VILLAGE_FILES = ROOT / "demo" / "village"

Row = dict[str, Any]


@dataclass(frozen=True)
class Village:
    """The release of the village: its tables as rows, and its people by the name that a clerk would look for."""

    built: Built

    def rows(self, dataset: str, **wanted: object) -> list[Row]:
        """Read the rows of a dataset whose columns have the wanted values, in the order in which they are stored."""
        files = sorted((self.built.folder / dataset).glob("*.parquet"))
        rows = [row for file in files for row in parquet.ParquetFile(file).read().to_pylist()]
        return [row for row in rows if all(row[column] == value for column, value in wanted.items())]

    def row(self, dataset: str, **wanted: object) -> Row:
        """Read the one row that has the wanted values."""
        (found,) = self.rows(dataset, **wanted)
        return found

    def person(self, name: str) -> Row:
        """Read the one person of a name."""
        return self.row("person", name=name)

    def family_of(self, name: str) -> Row:
        """Read the family that the one person of a name belongs to now."""
        return self.row("family", family_id=self.person(name)["family_id"])

    def sources_of(self, name: str) -> list[str]:
        """List the sources of the records of one person, one for each record."""
        records = self.rows("person_record", person_id=self.person(name)["person_id"])
        return sorted(record["source"] for record in records)


@pytest.fixture(scope="session")
def village_sealer(tmp_path_factory: pytest.TempPathFactory) -> Sealer:
    """Draw the identity key of the village."""
    return Sealer(create_key(tmp_path_factory.mktemp("village-key") / "identity.key"))


@pytest.fixture(scope="session")
def village(tmp_path_factory: pytest.TempPathFactory, village_sealer: Sealer) -> Village:
    """Build release 2026-T3 of the village's files."""
    return Village(build_village(VILLAGE_FILES, tmp_path_factory.mktemp("village-lake"), village_sealer))


def build_village(sources: Path, lake: Path, sealer: Sealer, *, profile: str | None = None) -> Built:
    """Build release 2026-T3 of a folder of files into a lake."""
    return build_release(
        BuildRequest(
            sources=sources, name="2026-T3", lake=Lake(lake), sealer=sealer, profile=profile, memory="1GB", threads=1
        )
    )
