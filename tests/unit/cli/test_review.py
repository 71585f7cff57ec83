"""`kesos review …` as an operator meets it: the queue, an answer, a sample and what it says."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kesos.cli.review import app
from kesos.datasets.lake import Lake
from kesos.pipeline.link.answers import BrokenAnswer, read_answers
from kesos.pipeline.link.review import NotAPair
from unit.pipeline.link.linked_lake import NAME, records_of, with_pairs
from unit.pipeline.release.neighbourhood import NUMBERS, deliver_all
from unit.pipeline.release.small_lake import SEALER, build


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    folder = tmp_path_factory.mktemp("review")
    build(deliver_all(folder / "src"), folder / "lake", NAME, sealer=SEALER)
    lake = Lake(folder / "lake")
    known = records_of(lake)
    budi, agus, hasan = (known["dukcapil", row]["record_id"] for row in (1, 4, 7))
    first = {"record_id": min(budi, agus), "other_record_id": max(budi, agus), "weight_millibits": 1_000}
    second = {
        "record_id": min(hasan, agus), "other_record_id": max(hasan, agus), "weight_millibits": 3_000,
        "band": "linked", "is_refused": True,
    }  # fmt: skip
    return with_pairs(lake, [first, second])


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KESOS_LANG", "en")


def review(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def pairs_of(lake: Lake, *more: object) -> list[dict[str, Any]]:
    said = review("list", "--lake", lake.root, "--json", *more)
    assert said.exit_code == 0, said.output
    pairs: list[dict[str, Any]] = json.loads(said.stdout)["pairs"]
    return pairs


def test_list_shows_names_dates_and_evidence_and_no_number(lake: Lake) -> None:
    said = review("list", "--lake", lake.root)

    assert said.exit_code == 0, said.output
    for text in ("BUDI SANTOSO", "AGUS WIJAYA", "1987-08-17", "66.7 %", "kept them apart", "+9.0"):
        assert text in said.output
    assert [number for number in NUMBERS if number in said.output] == []


def test_answer_is_noted_with_its_time_and_takes_the_pair_off_the_list(lake: Lake, tmp_path: Path) -> None:
    file = tmp_path / "review_answers.csv"
    dearest, other = pairs_of(lake)

    said = review("answer", dearest["pair"], "different", "--by", "Sari", "--answers", file, "--lake", lake.root)

    assert said.exit_code == 0, said.output
    [answer] = read_answers(file).standing
    assert (answer.by, answer.at.tzinfo is None, answer.at.microsecond) == ("Sari", False, 0)
    assert [one["pair"] for one in pairs_of(lake, "--answers", file)] == [other["pair"]]


def test_answer_about_no_pair_or_by_nobody_is_refused(lake: Lake, tmp_path: Path) -> None:
    arguments = ("--answers", tmp_path / "answers.csv", "--lake", lake.root)
    [pair, _] = pairs_of(lake)

    nothing = review("answer", "P-HH", "same", "--by", "Sari", *arguments)
    nobody = review("answer", pair["pair"], "same", "--by", " ", *arguments)

    assert isinstance(nothing.exception, NotAPair)
    assert isinstance(nobody.exception, BrokenAnswer)
    assert review("answer", pair["pair"], "perhaps", "--by", "Sari", *arguments).exit_code == 2
    assert not (tmp_path / "answers.csv").exists()


def test_sample_filled_in_gives_an_estimate(lake: Lake, tmp_path: Path) -> None:
    drawn = review("sample", "--out", tmp_path / "sample", "--pairs", 40, "--lake", lake.root, "--json")
    sheet = tmp_path / "sample" / "sample.csv"
    with sheet.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["answer"] = "same" if row["name"] == row["other_name"] else "different"
    with sheet.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)

    said = review("estimate", tmp_path / "sample", "--json")
    shown = review("estimate", tmp_path / "sample")

    assert (drawn.exit_code, said.exit_code, shown.exit_code) == (0, 0, 0)
    assert sum(part["drawn"] for part in json.loads(drawn.stdout)["parts"]) == len(rows)
    estimate = json.loads(said.stdout)
    # Every pair of the release was drawn: what is estimated is what is there, without width.
    assert estimate["precision"]["low"] == pytest.approx(estimate["precision"]["high"])
    assert estimate["recall"]["estimate"] == 1
    assert "pairs that no key brought together" in shown.output
