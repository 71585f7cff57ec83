"""`kesos release evaluate` as an operator meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest
import typer
from pyarrow import parquet
from typer.testing import CliRunner, Result

from kesos.cli.evaluate import evaluate
from kesos.pipeline.evaluate.against_truth import NoTruth
from unit.pipeline.release.neighbourhood import DUKCAPIL
from unit.pipeline.release.small_lake import SEALER, build, deliver

app = typer.Typer(pretty_exceptions_enable=False)
app.command("evaluate")(evaluate)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evaluate")
    path = deliver(folder / "src", "dukcapil/person", DUKCAPIL)
    build(folder / "src", folder / "lake", "2026-T3", sealer=SEALER)
    count = len(DUKCAPIL)
    truth = {
        "source": ["dukcapil"] * count,
        "file": ["person"] * count,
        "path": [f"dukcapil/{path.name}"] * count,
        "row_number": list(range(1, count + 1)),
        "person_key": [1, 1, *range(2, count)],
    }
    (folder / "truth" / "record").mkdir(parents=True)
    parquet.write_table(pa.table(truth), folder / "truth" / "record" / "3201.parquet")
    return folder


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KESOS_LANG", "en")


def run(folder: Path, *arguments: object) -> Result:
    return CliRunner().invoke(app, ["--lake", str(folder / "lake"), *map(str, arguments)])


def test_evaluate_as_json_gives_counts_and_figures(folder: Path) -> None:
    said = run(folder, "--truth", folder / "truth", "--json")

    assert said.exit_code == 0, said.output
    found = json.loads(said.stdout)
    # Row 8 was set aside. One pair of rows is truly one person and was left apart.
    assert (found["release"], found["overall"]["records"], found["rows_not_released"]) == ("2026-T3", 7, 1)
    assert found["overall"]["pairs"] == {
        "claimed": 0, "true": 1, "both": 0, "precision": None, "recall": 0.0, "f1": None,
    }  # fmt: skip


def test_evaluate_shows_figures_overall_and_by_group(folder: Path) -> None:
    said = run(folder, "--truth", folder / "truth")

    assert said.exit_code == 0, said.output
    for text in ("Records judged: 7", "records (B-cubed)", "0.8571", "age", "single name"):
        assert text in said.output


def test_evaluate_without_truth_is_refused(folder: Path, tmp_path: Path) -> None:
    assert isinstance(run(folder, "--truth", tmp_path).exception, NoTruth)
    assert run(folder, "--truth", tmp_path / "none").exit_code == 2
