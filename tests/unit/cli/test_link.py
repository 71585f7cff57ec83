"""`kesos link …` on a table that has nothing to do with a release."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.csv as arrow_csv
import pytest
import yaml
from typer.testing import CliRunner

from kesos.cli.link import app
from kesos.pipeline.link.model import NotAModel
from kesos.pipeline.link.person_table import NoSuchRecord
from unit.pipeline.link.small_table import small_model, small_records


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KESOS_LANG", "en")
    arrow_csv.write_csv(small_records(200), tmp_path / "records.csv")
    (tmp_path / "model.yaml").write_text(yaml.safe_dump(small_model().model_dump(mode="json")), encoding="utf-8")
    return tmp_path


def _run(folder: Path, *more: str) -> str:
    command = ["run", "--records", folder / "records.csv", "--model", folder / "model.yaml"]
    result = CliRunner().invoke(app, [*map(str, command), "--out", str(folder / "edges.parquet"), *more])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_run_then_evaluate_in_figures(folder: Path) -> None:
    told = json.loads(_run(folder, "--json"))
    assert told["records"] == small_records(200).num_rows
    assert 0 < told["persons"] < told["records"]
    command = ["evaluate", "--records", folder / "records.csv", "--edges", folder / "edges.parquet"]
    result = CliRunner().invoke(app, [*map(str, command), "--truth", "truth", "--json"])
    assert result.exit_code == 0, result.output
    pairs = json.loads(result.stdout)["overall"]["pairs"]
    assert pairs["precision"] > 0.95
    assert pairs["recall"] > 0.9


def test_run_same_seed_same_bytes(folder: Path) -> None:
    _run(folder)
    first = (folder / "edges.parquet").read_bytes()
    _run(folder)
    assert (folder / "edges.parquet").read_bytes() == first


def test_run_in_words(folder: Path) -> None:
    shown = _run(folder)
    assert "Persons:" in shown
    assert "cluster" in shown


def test_run_broken_model_is_refused(folder: Path) -> None:
    (folder / "model.yaml").write_text("fields: {}", encoding="utf-8")
    command = ["run", "--records", folder / "records.csv", "--model", folder / "model.yaml", "--out", folder / "e.csv"]
    result = CliRunner().invoke(app, [str(one) for one in command])
    assert isinstance(result.exception, NotAModel)


def test_explain_adds_up_and_unknown_record_is_refused(folder: Path) -> None:
    command = ["--records", str(folder / "records.csv"), "--model", str(folder / "model.yaml"), "--json"]
    result = CliRunner().invoke(app, ["explain", "3", "10", *command])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert sum(line["weight_millibits"] for line in told["evidence"]) == told["weight_millibits"]
    assert isinstance(CliRunner().invoke(app, ["explain", "3", "4", *command]).exception, NoSuchRecord)
