"""`kesos find` as an operator meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from kesos.cli.find import NotAVillage, NoUsableNik, find
from kesos.foundation.area_code import NotAnAreaCode
from kesos.foundation.sealing import store_key
from kesos.pipeline.link.sought import NothingToFind
from unit.pipeline.release.neighbourhood import BUDI, NUMBERS, deliver_all
from unit.pipeline.release.small_lake import KEY, SEALER, build, person_id

app = typer.Typer(pretty_exceptions_enable=False)
app.command("find")(find)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    folder = tmp_path_factory.mktemp("find")
    built = build(deliver_all(folder / "src"), folder / "lake", "2026-T3", sealer=SEALER)
    return folder / "lake", person_id(built, "BUDI SANTOSO")


@pytest.fixture(autouse=True)
def edge(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    store_key(KEY, tmp_path / "identity.key")
    monkeypatch.setenv("KESOS_IDENTITY_KEY_FILE", str(tmp_path / "identity.key"))
    monkeypatch.setenv("KESOS_LANG", "en")


def ask(made: tuple[Path, int], *arguments: object, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments), "--lake", str(made[0])], input=typed)


def test_find_shows_masked_facts_and_no_number(made: tuple[Path, int]) -> None:
    said = ask(made, "--name", "Budy Santosa", "--birth-date", "1987-08-17")

    assert said.exit_code == 0, said.output
    assert "B••• S•••" in said.output
    assert "SANTOSO" not in said.output
    assert [number for number in NUMBERS if number in said.output] == []


def test_find_by_nik_as_an_argument_or_typed_unseen_brings_the_same(made: tuple[Path, int]) -> None:
    named = ask(made, "--nik", BUDI, "--json")
    typed = ask(made, "--nik", "-", "--json", typed=f"{BUDI}\n")

    [match, *_] = json.loads(named.stdout)["matches"]
    assert match["evidence"][1]["comparison"] == "nik"
    assert BUDI not in typed.output
    assert match["person"] in typed.output


def test_find_nobody_says_so_and_is_no_error(made: tuple[Path, int]) -> None:
    said = ask(made, "--name", "QWERTZUIOP")

    assert (said.exit_code, said.stdout.strip()) == (0, "Nobody in release 2026-T3 comes near.")


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        ([], NothingToFind),
        (["--nik", "123"], NoUsableNik),
        (["--name", "BUDI", "--village", "3201"], NotAVillage),
        (["--name", "BUDI", "--village", "x"], NotAnAreaCode),
    ],
)
def test_find_refuses_what_names_nobody(made: tuple[Path, int], arguments: list[str], refusal: type[Exception]) -> None:
    assert isinstance(ask(made, *arguments).exception, refusal)


def test_find_of_an_unknown_sex_is_refused_by_usage(made: tuple[Path, int]) -> None:
    assert ask(made, "--name", "BUDI", "--sex", "x").exit_code == 2
