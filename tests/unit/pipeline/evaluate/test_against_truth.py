"""A small release judged against a truth written by hand, row by row."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from kesos.datasets.lake import Lake, NoSuchRelease
from kesos.pipeline.evaluate.against_truth import (
    AmbiguousTruth,
    NoTruth,
    ReleaseEvaluation,
    TruthOfOtherFiles,
    evaluate_release,
)
from kesos.pipeline.evaluate.scores import Counted
from unit.pipeline.release.neighbourhood import DUKCAPIL, PKH
from unit.pipeline.release.small_lake import SEALER, build, deliver

RELEASE = "2026-T3"
BUDI, DEWI, AGUS, SLAMET, KARTINI = 1, 2, 3, 4, 5
# Who the rows of the two files are about.
ROWS = {"dukcapil": [BUDI, DEWI, 6, AGUS, 7, SLAMET, 8, 9], "pkh_payees": [DEWI, DEWI, 7]}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    folder = tmp_path_factory.mktemp("evaluated")
    deliver(folder / "src", "dukcapil/person", DUKCAPIL)
    deliver(folder / "src", "pkh_payees/person", PKH)
    build(folder / "src", folder / "lake", RELEASE, sealer=SEALER)
    return Lake(folder / "lake")


def write_truth(folder: Path, rows: dict[str, list[int]], **more: list[Any]) -> Path:
    listed = [
        {
            "source": source,
            "file": "person",
            "path": f"{source}/person_2026-09-30.csv",
            "row_number": n,
            "person_key": k,
        }
        for source, keys in rows.items()
        for n, k in enumerate(keys, start=1)
    ]
    table = pa.Table.from_pylist(listed)
    for name, values in more.items():
        table = table.append_column(name, pa.array(values))
    (folder / "record").mkdir(parents=True)
    parquet.write_table(table, folder / "record" / "3201.parquet")
    return folder


def scores(found: ReleaseEvaluation) -> dict[tuple[str, str], Counted]:
    return {(g.group, g.value): g.scores.pairs for g in found.evaluation.groups}


def test_evaluate_release_finds_rows_again_and_counts_those_set_aside(lake: Lake, tmp_path: Path) -> None:
    found = evaluate_release(lake, RELEASE, write_truth(tmp_path, ROWS))

    # Nine records are in the release: row 8 of dukcapil and row 3 of the payees were set aside.
    assert (found.evaluation.overall.records, found.rows_not_released, found.evaluation.untold) == (9, 2, 0)
    assert found.evaluation.overall.pairs == Counted(3, 3, 3)


def test_evaluate_release_takes_no_row_of_a_file_that_was_not_delivered(lake: Lake, tmp_path: Path) -> None:
    truth = write_truth(tmp_path, ROWS)
    other = parquet.read_table(truth / "record" / "3201.parquet").slice(0, 4)
    path = pa.array(["dukcapil/person_2026-06-30.csv"] * 4)
    keys = pa.array([BUDI, BUDI, BUDI, BUDI], pa.int64())
    parquet.write_table(
        other.set_column(2, "path", path).set_column(4, "person_key", keys), truth / "record" / "3271.parquet"
    )

    found = evaluate_release(lake, RELEASE, truth)

    assert (found.evaluation.overall.records, found.rows_not_released) == (9, 2)
    assert found.evaluation.overall.pairs == Counted(3, 3, 3)


def test_evaluate_release_counts_a_wrong_link_and_a_missed_one(lake: Lake, tmp_path: Path) -> None:
    # The second payment row is truly Agus's: two of Dewi's three pairs are wrong, and one of Agus's is missed.
    rows = {**ROWS, "pkh_payees": [DEWI, AGUS, 7]}

    found = evaluate_release(lake, RELEASE, write_truth(tmp_path, rows))

    assert found.evaluation.overall.pairs == Counted(claimed=3, true=2, both=1)
    assert scores(found)["source", "pkh_payees"] == Counted(claimed=3, true=2, both=1)
    assert scores(found)["source", "dukcapil"] == Counted(claimed=2, true=2, both=1)


def test_evaluate_release_groups_by_what_the_truth_says_of_persons(lake: Lake, tmp_path: Path) -> None:
    truth = write_truth(tmp_path, ROWS, is_held_out=[False, True] + [False] * 9)
    (truth / "person").mkdir()
    persons = pa.table(
        {
            "person_key": [BUDI, DEWI],
            "name": ["BUDI SANTOSO", "DEWI"],
            "sex": [1, 2],
            "birth_date": [date(2009, 9, 30), date(1966, 9, 30)],
            "residence_village": ["5171011001", "9171011001"],
        }
    )
    parquet.write_table(persons, truth / "person" / "3201.parquet")

    records = {(g.group, g.value): g.scores.records for g in evaluate_release(lake, RELEASE, truth).evaluation.groups}

    # Dewi has three records; as of 2026-09-30 she is 60 to the day and Budi 17. The others say of themselves.
    assert records["age_band", "60+"] == 3 + 1
    assert records["age_band", "17-39"] == 1
    assert (records["island", "papua"], records["island", "bali_nusa_tenggara"], records["island", "jawa"]) == (3, 1, 5)
    assert records["name_words", "single_name"] == 3 + 1
    assert (records["patterns", "held_out"], records["patterns", "known"]) == (1, 8)
    assert records["sex", "female"] == 5


def test_evaluate_release_refuses_a_folder_without_truth(lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(NoTruth):
        evaluate_release(lake, RELEASE, tmp_path)


def test_evaluate_release_refuses_the_truth_of_other_files(lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(TruthOfOtherFiles):
        evaluate_release(lake, RELEASE, write_truth(tmp_path, {"dtsen": [1, 2]}))


def test_evaluate_release_refuses_a_row_of_two_persons(lake: Lake, tmp_path: Path) -> None:
    truth = write_truth(tmp_path, ROWS)
    again = parquet.read_table(truth / "record" / "3201.parquet").slice(0, 1)
    other = again.set_column(4, "person_key", pa.array([99], pa.int64()))
    parquet.write_table(other, truth / "record" / "3271.parquet")

    with pytest.raises(AmbiguousTruth) as refused:
        evaluate_release(lake, RELEASE, truth)

    assert refused.value.fields["rows"] == 1


def test_evaluate_release_refuses_a_release_that_is_not_there(lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(NoSuchRelease):
        evaluate_release(lake, "2031-T1", write_truth(tmp_path, ROWS))
