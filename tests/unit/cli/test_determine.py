"""`kesos determine` as an office meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from kesos.cli.determine import determine
from kesos.datasets.lake import Lake
from kesos.foundation.identifier import show_identifier
from kesos.foundation.sealing import IdentityKey
from kesos.synthetic.rates import load_rates
from kesos.synthetic.shaped_manifest import World, write_synthetic_release

KEY = IdentityKey(1, bytes(range(64)), b"i" * 32, b"r" * 32)

app = typer.Typer(pretty_exceptions_enable=False)
app.command("determine")(determine)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("determine")
    write_synthetic_release(Lake(folder / "lake"), World(2000, 7, ["5204"], load_rates(), 1), key=KEY)
    (folder / "quotas.csv").write_text("programme,area,quota\nPKH,5204,20\nRST,5204,5\n", encoding="utf-8")
    unknown = show_identifier("family", 2**40)
    (folder / "members.csv").write_text(f"programme,unit\nPKH,{unknown}\n", encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KESOS_LANG", "en")


def ask(place: Path, *arguments: object) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments), "--lake", str(place / "lake"), "--quiet"])


def test_determine_shows_each_programme_and_that_nothing_is_decided(place: Path) -> None:
    said = ask(place, "--quotas", place / "quotas.csv")

    assert said.exit_code == 0, said.output
    for code in ("PKH", "PBI-JK", "PIP *", "KUBE", "SEMBAKO"):
        assert code in said.output
    assert "another institution decides" in said.output
    assert "Left out, because it is not in force that day: BLT-KESRA (from 2025-10-01 until 2026-01-01)." in said.output
    assert "No file of groups was given" in said.output
    assert "determinations, not decisions" in said.output
    assert "Nobody told who is a member today" in said.output


def test_determine_as_json_lists_members_that_are_not_found(place: Path) -> None:
    files = ("--quotas", place / "quotas.csv", "--members", place / "members.csv")
    said = ask(place, "--programme", "pkh", *files, "--name", "with-members", "--json")

    told = json.loads(said.stdout)
    assert told["is_new"] is True
    assert [row["programme"] for row in told["programmes"]] == ["PKH"]
    assert told["programmes"][0]["within_quota"] == 20
    assert 0 < told["programmes"][0]["share_to_verify"] < 1
    (lost,) = told["not_found"]
    assert (lost["kind"], lost["about"], lost["identifier"]) == ("members", "PKH", show_identifier("family", 2**40))
    assert {"write_determination", "person_facts"} <= {step["step"] for step in told["steps"]}


def test_determine_again_says_that_it_is_the_same_to_the_byte(place: Path) -> None:
    ask(place, "--programme", "RST")

    said = ask(place, "--programme", "RST", "--threads", 1)

    assert "comes out the same, to the byte" in said.output


def test_determine_warns_where_the_lottery_settles_much(place: Path) -> None:
    said = ask(place, "--programme", "RST", "--quotas", place / "quotas.csv", "--json")
    row = json.loads(said.stdout)["programmes"][0]
    shown = ask(place, "--programme", "RST", "--quotas", place / "quotas.csv")

    assert row["share_by_lottery"] == row["settled_by_lottery"] / row["eligible_of_full_areas"]
    assert ("Warning, RST" in shown.output) == (row["share_by_lottery"] > 0.05)
    assert row["eligible_of_full_areas"] == row["eligible"]
