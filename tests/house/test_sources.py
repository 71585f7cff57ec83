"""Every source folder is whole, and the tutorial that adds one still does."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from house.sql import faults
from house.tree import ROOT, SOURCE
from kesos.datasets.lake import Lake
from kesos.foundation.sealing import Sealer, draw_key
from kesos.pipeline.golden.precedence import read_precedence
from kesos.pipeline.release.build import BuildRequest, build_release
from kesos.pipeline.release.check import check_file
from kesos.pipeline.sources.catalogue import find_sources
from kesos.pipeline.sources.contract import load_contract
from kesos.pipeline.sources.deliveries import Delivery

FOLDER = SOURCE / "kesos" / "pipeline" / "sources"
FOLDERS = sorted(path.parent for path in FOLDER.glob("*/contract.yaml"))
TUTORIAL = ROOT / "docs" / "tutorials" / "add-a-source.md"


def folder_faults(folder: Path) -> list[str]:
    """List what a source folder lacks, and what in its sample does not fit its contract."""
    contract = load_contract(folder / "contract.yaml")
    found = [] if contract.source == folder.name else [f"the contract is of {contract.source}"]
    expected = {"README.md", *(f"{name}{end}" for name in contract.files for end in (".mapping.sql", ".sample.csv"))}
    missing = sorted(expected - {path.name for path in folder.iterdir()})
    found += [f"missing: {name}" for name in missing]
    for name, file in contract.files.items():
        if f"{name}.sample.csv" not in missing:
            header = (folder / f"{name}.sample.csv").read_text(encoding="utf-8-sig").splitlines()[0]
            match = file.match(re.split(r"[;,]", header))
            found += [f"{name}: the sample lacks {column}" for column in match.missing]
            found += [f"{name}: nobody knows the sample's {column}" for column in match.unknown]
        if f"{name}.mapping.sql" not in missing:
            found += faults((folder / f"{name}.mapping.sql").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_source_folder_is_whole(folder: Path) -> None:
    assert folder_faults(folder) == []


def test_precedence_names_every_source_and_no_other() -> None:
    assert sorted(read_precedence().order) == [folder.name for folder in FOLDERS]


@pytest.fixture
def tutorial_folder(tmp_path: Path) -> Path:
    """Follow the tutorial: the folder that a reader ends up with."""
    text = TUTORIAL.read_text(encoding="utf-8")
    folder = tmp_path / "baznas_zakat"
    folder.mkdir()
    for language, name in (("yaml", "contract.yaml"), ("sql", "person.mapping.sql"), ("markdown", "README.md")):
        blocks = re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        assert len(blocks) == 1
        (folder / name).write_text(blocks[0], encoding="utf-8")
    shutil.copy(ROOT / "docs" / "tutorials" / "baznas_zakat" / "person.sample.csv", folder)
    return folder


def test_the_tutorial_makes_a_whole_source(tutorial_folder: Path) -> None:
    assert folder_faults(tutorial_folder) == []


def test_the_list_of_the_tutorial_becomes_a_release_as_it_says(tutorial_folder: Path, tmp_path: Path) -> None:
    delivered = tmp_path / "deliveries" / "baznas_zakat" / "2026-09-30.csv"
    delivered.parent.mkdir(parents=True)
    shutil.copy(tutorial_folder / "person.sample.csv", delivered)
    delivery = Delivery(delivered, date(2026, 9, 30))
    sealer = Sealer(draw_key())

    [checked] = check_file(delivery, sources=find_sources([tmp_path]), sealer=sealer)
    built = build_release(
        BuildRequest(
            sources=delivered.parents[1],
            name="2026-T3-zakat",
            lake=Lake(tmp_path / "lake"),
            sealer=sealer,
            profile="owner",
            contracts=(tmp_path,),
            memory="500MB",
            threads=1,
        )
    )

    assert (checked.rows_kept, checked.rows_set_aside) == (4, 1)
    assert {(fault.first.row, fault.reason) for fault in checked.faults} == {
        (5, "value_missing"),
        (4, "number_excel_scientific"),
    }
    assert built.manifest.counts["persons"] == 4


def test_folder_faults_names_what_is_wrong(tutorial_folder: Path) -> None:
    (tutorial_folder / "README.md").unlink()
    sample = tutorial_folder / "person.sample.csv"
    sample.write_text(sample.read_text().replace("Asnaf", "Warna"))
    mapping = tutorial_folder / "person.mapping.sql"
    mapping.write_text(mapping.read_text().replace("nama AS name_raw", "*"))

    assert folder_faults(tutorial_folder) == [
        "missing: README.md",
        "person: the sample lacks asnaf",
        "person: nobody knows the sample's Warna",
        "names no columns: *",
    ]
