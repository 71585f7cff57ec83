"""The commands as an operator meets them: exit codes, JSON for programs, one clear message, nothing personal."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from kesos.cli.main import EXIT_BROKEN, EXIT_REFUSED, run
from kesos.foundation.identifier import show_identifier
from kesos.foundation.sealing import store_key
from unit.pipeline.release.neighbourhood import BUDI, NUMBERS, deliver_all
from unit.pipeline.release.small_lake import KEY, SEALER, build, deliver

SAMPLES = sorted(
    f"{source}/{path.name}"
    for source in ("dtsen", "dukcapil", "pkh_payees", "death_reports", "owner_list")
    for path in (Path(str(files("kesos.pipeline.sources"))) / source).glob("*.sample.csv")
)
PERSONS = 9


@dataclass(frozen=True)
class Said:
    """What a command gave back."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Kesos = Callable[..., Said]


@pytest.fixture
def kesos(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Kesos:
    """Run a command in English, with a key of its own."""
    store_key(KEY, tmp_path / "identity.key")
    monkeypatch.setenv("KESOS_IDENTITY_KEY_FILE", str(tmp_path / "identity.key"))
    monkeypatch.setenv("KESOS_LANG", "en")

    def command(*arguments: str | Path) -> Said:
        monkeypatch.setattr(sys, "argv", ["kesos", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            run()
        told = capsys.readouterr()
        return Said(int(end.value.code or 0), told.out, told.err)

    return command


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build 2026-T2 once; give the folder of its lake and sources."""
    folder = tmp_path_factory.mktemp("commands")
    build(deliver_all(folder / "src"), folder / "lake", "2026-T2", sealer=SEALER)
    return folder


@pytest.fixture
def lake(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made / "lake", tmp_path / "lake")
    return tmp_path / "lake"


def test_build_as_json_prints_the_figures_and_nothing_else(kesos: Kesos, made: Path, tmp_path: Path) -> None:
    said = kesos(
        "release", "build", "--sources", made / "src", "--release", "2026-T3", "--lake", tmp_path / "lake", "--json",
        "--quiet", "--memory", "1GB",
    )  # fmt: skip

    assert (said.code, said.err) == (0, "")
    assert said.json["manifest"]["counts"]["persons"] == PERSONS
    assert {step["step"] for step in said.json["steps"]} >= {"person_record", "person_golden", "write_person"}
    assert all(row["failing"] == 0 for row in said.json["expectations"] if row["severity"] == "must")
    logged = json.loads((tmp_path / "lake" / "releases" / "2026-T3" / "run.json").read_text())
    assert [step["step"] for step in logged["steps"]] == [step["step"] for step in said.json["steps"]]


def test_build_goes_on_from_the_newest_release_unless_told_none(kesos: Kesos, made: Path, lake: Path) -> None:
    arguments = ("release", "build", "--sources", made / "src", "--lake", lake, "--json", "--quiet", "--release")

    onward, anew = kesos(*arguments, "2026-T3"), kesos(*arguments, "2026-T4", "--since", "none")

    assert onward.json["manifest"]["since"]["name"] == "2026-T2"
    assert anew.json["manifest"]["since"] is None


def test_build_shows_progress_on_the_error_stream(kesos: Kesos, made: Path, tmp_path: Path) -> None:
    said = kesos("release", "build", "--sources", made / "src", "--release", "2026-T3", "--lake", tmp_path / "lake")

    assert said.code == 0
    assert "person_golden" in said.err
    assert "person_golden" not in said.out
    assert "person_2026-09-30.csv" in said.out
    assert [number for number in NUMBERS if number in said.out + said.err] == []


def test_build_of_a_name_that_exists_is_refused_in_one_line(kesos: Kesos, made: Path, lake: Path) -> None:
    said = kesos("release", "build", "--sources", made / "src", "--release", "2026-T2", "--lake", lake)

    assert (said.code, said.out) == (EXIT_REFUSED, "")
    assert said.err.startswith("kesos: The lake ")
    assert "already holds release 2026-T2." in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    "wrong",
    [("--memory", "much"), ("--since", "2020-T1"), ("--profile", "kabinet"), ("--as-of", "2001-01-01")],
)
def test_build_with_a_wrong_option_is_refused_and_not_broken(
    kesos: Kesos, made: Path, lake: Path, wrong: tuple[str, str]
) -> None:
    arguments = ("--sources", made / "src", "--release", "2026-T3", "--lake", lake, "--quiet")

    said = kesos("release", "build", *arguments, *wrong)

    assert said.code == EXIT_REFUSED
    assert "Traceback" not in said.err
    assert [path.name for path in (lake / "releases").iterdir()] == ["2026-T2"]


@pytest.mark.parametrize("sources", ["missing", "empty"])
def test_build_of_a_folder_without_files_is_refused(kesos: Kesos, tmp_path: Path, sources: str) -> None:
    if sources == "empty":
        (tmp_path / sources).mkdir()

    arguments = ("--release", "2026-T3", "--lake", tmp_path / "lake")

    said = kesos("release", "build", "--sources", tmp_path / sources, *arguments)

    assert said.code == EXIT_REFUSED
    assert "Traceback" not in said.err


def test_list_and_show_give_the_releases(kesos: Kesos, lake: Path) -> None:
    listed = kesos("release", "list", "--lake", lake, "--json")
    shown = kesos("release", "show", "--lake", lake, "--json")

    assert [(one["name"], one["as_of"], one["counts"]["persons"]) for one in listed.json] == [
        ("2026-T2", "2026-09-30", PERSONS)
    ]
    assert (shown.code, shown.json["name"], len(shown.json["inputs"])) == (0, "2026-T2", 6)
    assert "2026-T2" in kesos("release", "list", "--lake", lake).out


def test_list_of_an_empty_lake_is_empty_and_show_refuses(kesos: Kesos, tmp_path: Path) -> None:
    assert kesos("release", "list", "--lake", tmp_path / "none", "--json").json == []
    assert kesos("release", "show", "--lake", tmp_path / "none").code == EXIT_REFUSED
    assert not (tmp_path / "none").exists()


def test_verify_exits_1_when_a_file_was_changed(kesos: Kesos, lake: Path) -> None:
    good = kesos("release", "verify", "--lake", lake, "--json")
    (lake / "releases" / "2026-T2" / "family" / "part-00000.parquet").write_bytes(b"PAR1")
    bad = kesos("release", "verify", "--lake", lake, "--json")

    assert (good.code, good.json) == (0, {"release": "2026-T2", "faults": []})
    assert (bad.code, bad.json["faults"]) == (1, [{"path": "family/part-00000.parquet", "kind": "changed"}])


def test_explain_shows_a_person_and_no_number(kesos: Kesos, lake: Path) -> None:
    persons = kesos("release", "explain", show_identifier("person", 3), "--lake", lake)
    as_json = kesos("release", "explain", show_identifier("person", 3).lower(), "--lake", lake, "--json")

    assert (persons.code, as_json.code) == (0, 0)
    names = [value["standing"]["value"] for value in as_json.json["values"] if value["column"] == "name"]
    assert names == ["DEWI LESTARI"]
    assert [number for number in NUMBERS if number[4:] in persons.out + as_json.out] == []


@pytest.mark.parametrize("given", ["P-ZZZ", "F-HJ", BUDI, "nobody", show_identifier("person", 999)])
def test_explain_of_something_else_is_refused(kesos: Kesos, lake: Path, given: str) -> None:
    said = kesos("release", "explain", given, "--lake", lake)

    assert (said.code, said.out) == (EXIT_REFUSED, "")
    assert said.err.startswith("kesos: ")


@pytest.mark.parametrize("sample", SAMPLES)
def test_source_check_of_every_sample_finds_nothing_to_set_aside(kesos: Kesos, sample: str) -> None:
    path = Path(str(files("kesos.pipeline.sources"))) / sample
    source, _, name = sample.partition("/")

    said = kesos("source", "check", path, "--delivered-on", "2026-09-30", "--source", source, "--json")

    assert said.code == 0
    (checked,) = said.json
    assert checked["rows_in"] == checked["rows_kept"] > 0
    assert (checked["source"], f"{checked['file']}.sample.csv") == (source, name)


def test_source_check_exits_1_and_says_why_where_rows_would_be_set_aside(kesos: Kesos, tmp_path: Path) -> None:
    path = deliver(
        tmp_path, "pkh_payees/person",
        [{"NIK": BUDI, "NAMA_PENERIMA": "BUDI", "NOMINAL": "belum"}, {"NAMA_PENERIMA": "DEWI"}],
    )  # fmt: skip

    said, shown = kesos("source", "check", path, "--json"), kesos("source", "check", path)

    assert (said.code, shown.code) == (1, 1)
    assert (said.json[0]["rows_in"], said.json[0]["rows_kept"], said.json[0]["rows_set_aside"]) == (2, 1, 1)
    (fault,) = [fault for fault in said.json[0]["faults"] if fault["is_set_aside"]]
    assert (fault["field"], fault["reason"], fault["first_row"]) == ("nominal", "not_an_amount", 1)
    assert BUDI not in shown.out + shown.err


def test_source_check_refuses_a_broken_file_whole(kesos: Kesos, tmp_path: Path) -> None:
    path = tmp_path / "list_2026-09-30.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")

    said = kesos("source", "check", path)

    assert (said.code, said.out) == (EXIT_REFUSED, "")
    assert said.err.startswith("kesos: ")


def test_source_check_needs_and_makes_no_key_and_keeps_nothing(
    kesos: Kesos, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KESOS_IDENTITY_KEY_FILE", str(tmp_path / "never.key"))
    monkeypatch.chdir(tmp_path)
    path = deliver(tmp_path / "in", "owner_list/person", [{"NAMA": "KARTINI"}])

    assert kesos("source", "check", path).code == 0
    assert sorted(one.name for one in tmp_path.iterdir()) == ["identity.key", "in"]


def test_key_rotate_tells_the_generation(kesos: Kesos, lake: Path) -> None:
    said = kesos("key", "rotate", "--lake", lake, "--json")

    assert (said.code, said.json) == (0, {"generation": 2, "receipts": 6, "releases": 1})
    assert kesos("release", "verify", "--lake", lake).code == 0


def test_unforeseen_error_tells_its_kind_and_place_in_code_and_nothing_of_the_data(
    kesos: Kesos, lake: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # A folder that is named after a person, and a release in it that is damaged: what DuckDB says names the folder.
    personal = tmp_path / f"BUDI {BUDI}"
    lake.rename(personal)
    (personal / "releases" / "2026-T2" / "person" / "part-00000.parquet").write_bytes(b"PAR1 broken PAR1")

    said = kesos("release", "explain", show_identifier("person", 3), "--lake", personal)

    told = said.out + said.err + caplog.text
    assert said.code == EXIT_BROKEN
    assert BUDI not in told
    assert "BUDI" not in told
    assert "Traceback" not in told
    (logged,) = caplog.records
    assert logged.exc_info is None
    assert "explain.py" in logged.getMessage()
    assert logged.getMessage().startswith("command broken by ")


def test_unknown_command_and_option_are_refused_by_usage(kesos: Kesos) -> None:
    assert kesos("release", "burn").code == 2
    assert kesos("release", "build", "--sources", "x").code == 2


def test_lake_that_is_a_file_is_refused_by_usage(kesos: Kesos, tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("x")

    assert kesos("release", "list", "--lake", tmp_path / "lake").code == 2


def test_refusal_in_a_language_nobody_speaks_is_still_a_refusal(kesos: Kesos, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KESOS_LANG", "tlh")

    assert kesos("release", "list").code == EXIT_REFUSED
