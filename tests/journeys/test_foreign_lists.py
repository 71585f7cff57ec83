"""Journey: two lists that nobody here wrote become releases of profile `owner`, and no row of them is lost.

FEBRL 3 and fake_1000 are open test sets of record linkage: foreign names, no NIK, broken dates. They are not in this
repository; `KESOS_LINKAGE_DATA` names their folder. What must come out is reckoned here from the files themselves, in
plain Python, and stands beside it as a number.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from house.test_sources import folder_faults
from house.tree import ROOT
from journeys.conftest import Row, Village
from kesos.cli.main import app
from kesos.datasets.lake import Lake
from kesos.foundation.identifier import show_identifier
from kesos.foundation.sealing import Sealer, draw_key
from kesos.pipeline.release.build import BuildRequest, build_release
from kesos.pipeline.release.explain import explain_person

CONTRACTS = ROOT / "tests" / "data" / "sources"
# Read when the module is: the tests themselves run without any setting of the developer's machine.
LINKAGE_DATA = Path(os.environ.get("KESOS_LINKAGE_DATA") or ROOT.parent / "shared" / "data" / "linkage")
DELIVERED_ON = date(2026, 11, 20)


@dataclass(frozen=True)
class ForeignList:
    """The release of one list, its lake, and the rows of the list as its file has them, by number from 1."""

    release: Village
    lake: Path
    given: dict[int, Row]

    def rows_of(self, dataset: str) -> set[int]:
        """Tell which rows of the list a dataset speaks of; none twice."""
        numbers = [row["row_number"] for row in self.release.rows(dataset)]
        assert len(numbers) == len(set(numbers))
        return set(numbers)

    def faults(self, dataset: str) -> set[tuple[int, str, str]]:
        """Read the faults of a dataset: row, field, reason."""
        return {(row["row_number"], row["field"], row["reason"]) for row in self.release.rows(dataset)}

    def receipt(self) -> Row:
        """Read the page of the only receipt."""
        (path,) = self.lake.glob("receipts/*/*/*/receipt.json")
        page: Row = json.loads(path.read_text(encoding="utf-8"))
        return page


def linkage_file(name: str) -> Path:
    """Find a file of the test sets, or skip the test that needs it."""
    path = LINKAGE_DATA / name
    if not path.is_file():
        pytest.skip(f"{name} is not in {LINKAGE_DATA}: name its folder in KESOS_LINKAGE_DATA")
    return path


def read_given(path: Path) -> dict[int, Row]:
    """Read the rows of a list, numbered from 1."""
    return dict(enumerate(parquet.read_table(path).to_pylist(), 1))


def calendar_day(text: str | None) -> date | None:
    """Read a date written year first, with or without strokes; nothing if the calendar has no such day."""
    digits = (text or "").replace("-", "")
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def deliver(source: str, folder: Path, *, ending: str) -> Path:
    """Put a list into a folder of deliveries: Parquet as it is, or written as CSV."""
    original = linkage_file(f"{source}.parquet")
    delivered = folder / "deliveries" / source / f"{source}_{DELIVERED_ON}.{ending}"
    delivered.parent.mkdir(parents=True)
    if ending == "parquet":
        shutil.copy(original, delivered)
        return delivered
    rows = list(read_given(original).values())
    with delivered.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return delivered


def build(delivered: Path, lake: Path) -> ForeignList:
    """Build the release of the one list, with the contracts of the tests."""
    request = BuildRequest(
        sources=delivered.parents[1],
        name="2026-T4",
        lake=Lake(lake),
        sealer=Sealer(draw_key()),
        profile="owner",
        contracts=(CONTRACTS,),
        memory="500MB",
        threads=1,
    )
    original = linkage_file(f"{delivered.parent.name}.parquet")
    return ForeignList(Village(build_release(request)), lake, read_given(original))


@pytest.fixture(scope="module")
def febrl(tmp_path_factory: pytest.TempPathFactory) -> ForeignList:
    """Build the release of FEBRL 3, delivered as CSV."""
    folder = tmp_path_factory.mktemp("febrl")
    return build(deliver("febrl3", folder, ending="csv"), folder / "lake")


@pytest.fixture(scope="module")
def fake(tmp_path_factory: pytest.TempPathFactory) -> ForeignList:
    """Build the release of fake_1000, delivered as the Parquet file that it is."""
    folder = tmp_path_factory.mktemp("fake")
    return build(deliver("fake_1000", folder, ending="parquet"), folder / "lake")


@pytest.mark.parametrize("source", ["febrl3", "fake_1000"])
def test_folder_of_a_foreign_source_is_whole(source: str) -> None:
    assert folder_faults(CONTRACTS / source) == []


def test_febrl_counts(febrl: ForeignList) -> None:
    counts = febrl.release.built.manifest.counts
    (delivered,) = febrl.release.built.manifest.inputs

    assert (delivered.rows_in, delivered.rows_kept, delivered.rows_quarantined) == (5_000, 4_921, 79)
    assert (counts["rows_in"], counts["rows_quarantined"], counts["person_records"]) == (5_000, 79, 4_921)
    # How many of them are one person is the linker's affair and is measured by a bench: none is lost or made up.
    assert (counts["persons"] + counts["linked_records"], counts["nik_contradictions"]) == (4_921, 0)
    assert (counts["families"], counts["dwellings"], counts["issues"]) == (0, 0, 34)


def test_febrl_every_row_is_a_record_or_in_quarantine(febrl: ForeignList) -> None:
    kept, set_aside = febrl.rows_of("person_record"), febrl.rows_of("quarantine")

    assert kept | set_aside == set(range(1, 5_001))
    assert kept & set_aside == set()


def test_febrl_quarantine_holds_the_rows_without_surname_and_no_other(febrl: ForeignList) -> None:
    nameless = {number for number, row in febrl.given.items() if not row["surname"]}

    assert len(nameless) == 79
    assert febrl.faults("quarantine") == {(number, "surname", "value_missing") for number in nameless}
    assert all(row["row_sealed"] for row in febrl.release.rows("quarantine"))


def test_febrl_issues_are_the_dates_that_no_calendar_has(febrl: ForeignList) -> None:
    broken = {
        number: row["date_of_birth"]
        for number, row in febrl.given.items()
        if row["date_of_birth"] and not calendar_day(row["date_of_birth"])
    }
    kept = febrl.rows_of("person_record")
    month_zero = {number for number, text in broken.items() if text[4:6] == "00"}

    assert (len(broken), len(broken.keys() & kept), len(month_zero & kept)) == (35, 34, 4)
    assert febrl.faults("issue") == {
        (number, "date_of_birth", "date_incomplete" if number in month_zero else "not_a_date")
        for number in broken.keys() & kept
    }


def test_febrl_keeps_every_whole_date_and_no_other(febrl: ForeignList) -> None:
    read = {row["row_number"]: row["birth_date"] for row in febrl.release.rows("person_record")}

    assert read == {number: calendar_day(febrl.given[number]["date_of_birth"]) for number in read}
    assert sum(day is None for day in read.values()) == 34 + 154


def test_febrl_columns_left_out_are_named_and_stored_nowhere(febrl: ForeignList) -> None:
    receipt = febrl.receipt()
    (rows,) = febrl.lake.glob("receipts/*/*/*/rows.parquet")
    stored = set(parquet.read_schema(rows).names)

    assert receipt["columns_left_out"] == ["soc_sec_id", "truth"]
    assert stored == {*febrl.given[1], "row_number", "line_number", "row_key"} - {"soc_sec_id", "truth"}


def test_febrl_person_is_explained(febrl: ForeignList) -> None:
    record = febrl.release.row("person_record", row_number=1)

    explanation = explain_person(Lake(febrl.lake), "2026-T4", record["person_id"])

    assert {one.column: one.standing.value for one in explanation.values} == {
        "name": "MITCHELL GREEN",
        "name_normal": "MITCHELL GREEN",
        "name_key": record["name_key"],
        "birth_date": date(1956, 4, 9),
        "street": record["street"],
    }
    assert {(one.standing.source, one.standing.row_number) for one in explanation.values} == {("febrl3", 1)}
    assert (explanation.nik_status, explanation.family, explanation.official_decile) == ("none", None, None)
    assert [(one["row_number"], one["link_rule"]) for one in explanation.records] == [(1, "founder")]


def test_fake_counts(fake: ForeignList) -> None:
    counts = fake.release.built.manifest.counts

    assert (counts["rows_in"], counts["rows_quarantined"], counts["person_records"]) == (1_000, 0, 1_000)
    assert (counts["persons"], counts["linked_records"], counts["issues"]) == (1_000, 0, 8)
    assert fake.rows_of("person_record") == set(range(1, 1_001))


def test_fake_issues_are_the_births_after_the_day_of_delivery(fake: ForeignList) -> None:
    days = {number: calendar_day(row["dob"]) for number, row in fake.given.items()}
    unborn = {number for number, day in days.items() if day and day > DELIVERED_ON}
    read = {row["row_number"]: row["birth_date"] for row in fake.release.rows("person_record")}

    assert len(unborn) == 8
    assert fake.faults("issue") == {(number, "dob", "after_delivery") for number in unborn}
    assert read == {number: None if number in unborn else day for number, day in days.items()}


def test_fake_rows_without_any_name_are_persons(fake: ForeignList) -> None:
    nameless = {number for number, row in fake.given.items() if not row["first_name"] and not row["surname"]}
    records = fake.release.rows("person_record", name=None)

    assert len(nameless) == 36
    assert {row["row_number"] for row in records} == nameless
    assert len(fake.release.rows("person", name=None)) == 36


def test_fake_by_the_command_line_is_built_and_explained(tmp_path: Path) -> None:
    delivered = deliver("fake_1000", tmp_path, ending="parquet")
    lake, runner = ["--lake", str(tmp_path / "lake"), "--json"], CliRunner()
    options = ["--sources", str(delivered.parents[1]), "--release", "2026-T4", "--profile", "owner", "--quiet"]
    options += ["--contracts", str(CONTRACTS), "--memory", "500MB"]

    built = runner.invoke(app, ["release", "build", *options, *lake])
    explained = runner.invoke(app, ["release", "explain", show_identifier("person", 1), *lake])

    assert (built.exit_code, explained.exit_code) == (0, 0)
    (entry,) = json.loads(built.stdout)["manifest"]["inputs"]
    assert (entry["original_name"], entry["rows_in"], entry["rows_kept"]) == (delivered.name, 1_000, 1_000)
    told = json.loads(explained.stdout)
    (record,) = told["records"]
    assert record["source"] == "fake_1000"
    assert {one["standing"]["row_number"] for one in told["values"]} == {record["row_number"]}
