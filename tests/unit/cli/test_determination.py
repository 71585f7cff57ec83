"""`kesos determination explain`, `kesos determination evaluate` and `kesos overlap` as an operator meets them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
import typer
from pyarrow import parquet
from typer.testing import CliRunner, Result

from kesos.cli import determination
from kesos.cli.overlap import overlap
from kesos.pipeline.determine.against_truth import NotInTruth
from kesos.pipeline.determine.store import ProgrammeNotDetermined
from kesos.pipeline.evaluate.against_truth import NoTruth
from unit.pipeline.determine.determined_lake import AID_FOR_FAMILIES, RELEASE, DeterminedLake, determined_lake
from unit.pipeline.release.neighbourhood import DUKCAPIL

app = typer.Typer(pretty_exceptions_enable=False)
app.add_typer(determination.app, name="determination")
app.command("overlap")(overlap)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> DeterminedLake:
    return determined_lake(tmp_path_factory.mktemp("told"))


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KESOS_LANG", "en")


def run(world: DeterminedLake, *arguments: object) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments), "--lake", str(world.lake.root)])


def shown(world: DeterminedLake, *arguments: object) -> str:
    said = run(world, *arguments)
    assert said.exit_code == 0, said.output
    return " ".join(said.output.split())


def test_explain_tells_why_not_and_how_to_object(world: DeterminedLake) -> None:
    text = shown(world, "determination", "explain", world.family("AGUS WIJAYA"), "aid")

    for sentence in (
        f"Aid for {world.family('AGUS WIJAYA')}",
        "Reason: The decile is above the limit.",
        "How to contest it: Come to the office.",
        "official_decile <= 4",
        "dtsen 2026-09-30",
        "Leaving is only proposed: The decile is above the limit. Nobody is removed by this",
        "This is a determination by rules and no decision. A decision exists when it is signed by: Bupati.",
        "can object",
    ):
        assert sentence in text
    assert "WIJAYA" not in text


def test_explain_tells_what_has_to_be_found_out(world: DeterminedLake) -> None:
    text = shown(world, "determination", "explain", world.family("HASAN BASRI"), "AID")

    assert "Has to be found out: Official DTSEN decile, 1 the lowest; Members who work." in text
    assert "0–1" in text


def test_explain_tells_of_the_waiting_list(world: DeterminedLake) -> None:
    text = shown(world, "determination", "explain", world.person("PUTRI SANTOSO"), "AID")

    assert f"Asked for {world.person('PUTRI SANTOSO')}; this programme determines about" in text
    assert "Rank 2 of 2 eligible; places: 1; the last place went to rank 1." in text
    assert "P••• S••• Rp1.000.001 asked for" in text
    assert "Together Rp1.000.001, in stages of Rp250.001, Rp250.000, Rp250.000, Rp250.000." in text


def test_explain_speaks_indonesian_and_says_that_others_decide(
    world: DeterminedLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KESOS_LANG", "id")

    text = shown(world, "determination", "explain", world.person("BUDI SANTOSO"), "CARD")

    assert "Kartu" in text
    assert "Dinas Kesehatan" in text


def test_explain_as_json_is_data_and_nothing_else(world: DeterminedLake) -> None:
    said = run(world, "determination", "explain", world.family("KARTINI"), "AID", "--json")

    told = json.loads(said.stdout)
    assert (told["eligibility"], told["place"]["rank"], told["amount_idr"]) == ("eligible", 1, 2_400_000)
    assert told["next_steps"][0]["programme"] == "CARD"


def test_explain_of_a_programme_that_was_not_determined_is_refused(world: DeterminedLake) -> None:
    refused = run(world, "determination", "explain", world.family("KARTINI"), "PKH").exception

    assert isinstance(refused, ProgrammeNotDetermined)
    assert refused.fields["programmes"] == "AID, CARD, HOME"


def test_overlap_shows_combinations_pairs_gaps_and_next_steps(world: DeterminedLake) -> None:
    text = shown(world, "overlap", "--release", RELEASE)

    for sentence in (
        "Families with members: 4.",
        "AID + CARD + HOME 1 1 Rp2.400.000",
        "CARD HOME 2 0",
        "The poorest with least",
        "Rp2.000.000 and more 1 1 0 0 0 0",
        "Who receives these today is not known: CARD, HOME.",
        "AID CARD 2 0 1 0 0",
    ):
        assert sentence in text


def test_overlap_as_json_gives_every_figure(world: DeterminedLake) -> None:
    found = json.loads(run(world, "overlap", "--json").stdout)

    assert (found["release"], found["families"], found["left_out"]) == (RELEASE, 4, [])
    assert [gap["decile"] for gap in found["gaps"]] == [1, 3, 7, None]


def truth_of(folder: Path) -> Path:
    """Write a truth in which every row of dukcapil is somebody, in families as the cards say."""
    people = [(1, 1), (2, 1), (3, 1), (4, 2), (5, 2), (6, 3), (7, 4), (8, 5)]
    record = {
        "source": ["dukcapil"] * len(DUKCAPIL),
        "file": ["person"] * len(DUKCAPIL),
        "path": ["dukcapil/person_2026-09-30.csv"] * len(DUKCAPIL),
        "row_number": list(range(1, len(DUKCAPIL) + 1)),
        "person_key": [person for person, _ in people],
    }
    person = {
        "person_key": [person for person, _ in people],
        "family_key": [family for _, family in people],
        "birth_date": [date(1990, 1, 1)] * len(people),
    }
    family = {
        "family_key": [1, 2, 3, 4, 5],
        "village": [3_201_011_006] * 5,
        "consumption_idr": [400_000, 900_000, 300_000, 2_000_000, 100_000],
    }
    for name, columns in {"record": record, "person": person, "family": family}.items():
        (folder / name).mkdir(parents=True)
        parquet.write_table(pa.table(columns), folder / name / "3201.parquet")
    return folder


def test_evaluate_refuses_what_the_truth_cannot_answer(world: DeterminedLake, tmp_path: Path) -> None:
    # AID pays by a rule of its own for each person, which no truth can tell.
    asked = run(world, "determination", "evaluate", "--truth", truth_of(tmp_path / "truth"), "--programme", "AID")
    assert isinstance(asked.exception, NotInTruth)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> DeterminedLake:
    return determined_lake(tmp_path_factory.mktemp("judged"), aid=AID_FOR_FAMILIES)


def test_evaluate_prints_both_errors(small: DeterminedLake, tmp_path: Path) -> None:
    asked = ("determination", "evaluate", "--truth", truth_of(tmp_path / "truth"), "--programme", "aid")

    text = shown(small, *asked)

    # Eight persons; families from the poorest: 5 (1 person), 3 (1), 1 (3), 2 (2), 4 (1). Four tenths are 3.2 persons,
    # so that families 5, 3 and 1 are within; 1 is determined eligible, 3 died, 5 is not in the registry.
    assert "Inclusion error: 0.0 % of those determined eligible are truly not entitled." in text
    assert "Exclusion error: 66.7 % of those truly entitled are not determined eligible." in text
    cut = json.loads(run(small, *asked, "--json").stdout)["cuts"][0]
    # Budi's family; Kartini stands in no file that the truth speaks of.
    assert cut["determined"] == {
        "truly_entitled": {"families": 1, "persons": 3}, "untold": {"families": 1, "persons": 1},
    }  # fmt: skip
    assert cut["entitled"] == {
        "eligible": {"families": 1, "persons": 3}, "not_in_registry": {"families": 2, "persons": 2},
    }  # fmt: skip


def test_evaluate_without_truth_is_refused(small: DeterminedLake, tmp_path: Path) -> None:
    refused = run(small, "determination", "evaluate", "--truth", tmp_path, "--programme", "AID").exception

    assert isinstance(refused, NoTruth)
