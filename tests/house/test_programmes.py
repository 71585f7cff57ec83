"""Every programme is whole, its cases pass, and the tutorial that adds one still does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from house.tree import ROOT, SOURCE
from kesos.cli.main import app as kesos
from kesos.cli.programme import app
from kesos.pipeline.determine.cases import run_cases
from kesos.pipeline.determine.programme_folder import find_programmes, read_programme_file
from kesos.policy.programme import Eligibility, Programme
from kesos.policy.programme_file import read_programme
from kesos.policy.published import ProgrammeOn, change_days, programme_on
from kesos.policy.rules.rule import Rule
from kesos.policy.rules.tree import Constant, Node, children
from kesos.policy.vocabulary.vocabulary import load_vocabulary
from unit.pipeline.release.small_lake import build, deliver, kk, nik

FOLDER = SOURCE / "kesos" / "policy" / "programmes"
PROGRAMMES = find_programmes(None)
TUTORIAL = ROOT / "docs" / "tutorials" / "add-a-programme.md"
MADE_BY_TUTORIAL = ROOT / "docs" / "tutorials" / "seragam_sekolah" / "seragam-sekolah.yaml"
PROMISED = {
    *("PKH", "PKH-HAM", "SEMBAKO", "PBI-JK", "PIP", "BLT-KESRA", "BLT-DANA-DESA", "ATENSI-YAPI", "PERMAKANAN-LANSIA"),
    *("PERMAKANAN-DISABILITAS", "PENA", "KUBE", "RST", "SEKOLAH-RAKYAT", "BENCANA-MENINGGAL", "BENCANA-LUKA"),
    *("BENCANA-ISI", "BENCANA-JADUP", "BENCANA-EKONOMI", "BNPB-RUMAH"),
}


def versions(programme: Programme) -> list[ProgrammeOn]:
    """Give a programme on every day on which it changes."""
    vocabulary = load_vocabulary()
    codes = {*PROGRAMMES, programme.code}
    return [programme_on(programme, day, vocabulary, codes=codes) for day in change_days(programme)]


def rules_of(version: ProgrammeOn) -> Iterator[Rule]:
    """List every rule of a version."""
    yield from (clause.rule for clause in version.clauses)
    for part in version.components:
        yield part.rule
        if part.amount is not None:
            yield part.amount
    yield from (key.rule for key in version.ranking)
    yield from (rule for _, rule in version.exits)
    yield from (rule for rule in (version.exempt, version.protected) if rule is not None)


def numbers_in(node: Node) -> Iterator[str]:
    """List the numbers that stand in a rule as digits; 0 and 1 are the words *none* and *some*."""
    if isinstance(node, Constant) and not isinstance(node.value, bool | str) and node.value not in (0, 1):
        yield str(node.value)
    for child in children(node):
        yield from numbers_in(child)


def programme_faults(programme: Programme) -> list[str]:
    """List what a programme lacks that a reader of the house expects."""
    found = []
    for name, parameter in programme.parameters.items():
        found += [f"{name}: a value without its first day" for value in parameter.values if value.valid_from is None]
    found += [f"case {case.name.en}: no day" for case in programme.cases if case.as_of is None]
    expected = {case.expect.eligibility for case in programme.cases}
    found += [f"no case of {eligibility}" for eligibility in Eligibility if eligibility not in expected]
    numbers = {
        f"{rule.text}: the number {number}"
        for version in versions(programme)
        for rule in rules_of(version)
        for number in numbers_in(rule.tree)
    }
    return found + sorted(numbers) + _edge_faults(programme)


def _edge_faults(programme: Programme) -> list[str]:
    """See that cases stand on both sides of each limit of the decile."""
    found = []
    deciles = {
        (case.family.get("official_decile", case.dwelling.get("poorest_decile")), case.as_of)
        for case in programme.cases
    }
    for value in programme.parameters["decile_limit"].values if "decile_limit" in programme.parameters else ():
        inside = {decile for decile, day in deciles if day and value.holds_on(day)}
        for edge in (value.value, int(value.value) + 1):
            is_latest = value is programme.parameters["decile_limit"].values[-1]
            if is_latest and edge not in inside:
                found.append(f"no case of decile {edge}, at the limit {value.value}")
    return found


def test_every_promised_programme_is_packaged() -> None:
    assert set(PROGRAMMES) == PROMISED
    assert sorted(f"{code.lower()}.yaml" for code in PROGRAMMES) == sorted(path.name for path in FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("programme", PROGRAMMES.values(), ids=PROGRAMMES)
def test_programme_is_whole(programme: Programme) -> None:
    assert programme_faults(programme) == []


@pytest.mark.parametrize("programme", PROGRAMMES.values(), ids=PROGRAMMES)
def test_cases_of_a_programme_pass(programme: Programme) -> None:
    outcomes = run_cases(programme, load_vocabulary(), tuple(PROGRAMMES))

    assert len(outcomes) == len(programme.cases)
    assert {outcome.case.name.en: outcome.differences for outcome in outcomes if not outcome.is_met} == {}


def test_programme_faults_names_what_is_wrong() -> None:
    text = MADE_BY_TUTORIAL.read_text(encoding="utf-8")
    text = text.replace("{from: 2026-01-01, value: 2, ", "{value: 2, ").replace("pupils_sd >= 1", "pupils_sd >= 2")
    text = text.replace(
        "\n    as_of: 2026-07-01\n    family: {official_decile: 2}", "\n    family: {official_decile: 2}"
    )
    text = text.replace("family: {official_decile: 3}", "family: {official_decile: 4}")
    text = text.replace("{eligibility: to_verify, because: [decile]}", "{eligibility: eligible}")

    assert programme_faults(read_programme(text, file="seragam-sekolah.yaml")) == [
        "decile_limit: a value without its first day",
        "case Decile 2, one primary pupil: still yes: no day",
        "no case of to_verify",
        "pupils_sd >= 2: the number 2",
        "no case of decile 2, at the limit 2",
        "no case of decile 3, at the limit 2",
    ]


def blocks(language: str) -> list[str]:
    """Give the blocks of the tutorial in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", TUTORIAL.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_the_pieces_of_the_tutorial_are_the_finished_file() -> None:
    assert "\n".join(blocks("yaml")) == MADE_BY_TUTORIAL.read_text(encoding="utf-8")


def test_the_programme_of_the_tutorial_is_whole() -> None:
    assert programme_faults(read_programme_file(MADE_BY_TUTORIAL)) == []


def without_spaces(text: str) -> list[str]:
    """Give the words of each line: how wide a table is drawn is not the point."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def test_the_commands_of_the_tutorial_say_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KESOS_LANG", "en")
    file = tmp_path / "seragam-sekolah.yaml"
    file.write_text("\n".join(blocks("yaml")), encoding="utf-8")
    passed, refused = blocks("text")

    checked = CliRunner().invoke(app, ["check", str(file)])

    assert checked.exit_code == 0, checked.output
    assert without_spaces(checked.output) == without_spaces(passed)
    for command in ("show", "sql"):
        arguments = [command, "SERAGAM-SEKOLAH", "--programmes", str(tmp_path), "--as-of", "2026-07-01"]
        said = CliRunner().invoke(app, arguments)
        assert said.exit_code == 0, said.output
        assert f"KESOS_LANG=en .venv/bin/kesos programme {command} SERAGAM-SEKOLAH" in TUTORIAL.read_text("utf-8")

    file.write_text(file.read_text("utf-8").replace("rule: official_decile", "rule: official_decil"), encoding="utf-8")
    broken = CliRunner().invoke(app, ["check", str(file)])

    assert f"kesos: {broken.exception}".split() == refused.split()


def test_the_programme_of_the_tutorial_is_determined_as_its_cases_say(tmp_path: Path) -> None:
    """Three families: decile 1 with two pupils, decile 3 with one, and one whose decile nobody knows."""
    families = {1: ("1", 2), 2: ("3", 1), 3: ("", 1)}
    people = [
        {"nik": nik(f"2016-04-1{place}", 10 * family + place), "nama": name, "nomor_kartu_keluarga": kk(family)}
        | {"tanggal_lahir": f"2016-04-1{place}", "id_hubungan_keluarga": "3", "id_status_perkawinan": "1"}
        | {"id_partisipasi_sekolah": "2", "id_jenjang_pendidikan_dukcapil": "1"}
        for family, (_, pupils) in families.items()
        for place, name in enumerate(("ANI", "BAYU")[:pupils], 1)
    ]
    sources = tmp_path / "sources"
    deliver(sources, "dtsen/person", people)
    cards = [{"nomor_kartu_keluarga": kk(family), "desil_nasional": decile} for family, (decile, _) in families.items()]
    deliver(sources, "dtsen/family", cards)
    lake = build(sources, tmp_path / "lake").folder.parents[1]
    own = ("--programmes", str(MADE_BY_TUTORIAL.parent), "--programme", "SERAGAM-SEKOLAH")

    said = CliRunner().invoke(kesos, ["determine", *own, "--lake", str(lake), "--release", "2026-T3", "--quiet"])

    assert said.exit_code == 0, said.output
    [found] = (lake / "determinations").rglob("determination/SERAGAM-SEKOLAH.parquet")
    outcomes = sorted((row["eligibility"], row["amount_idr"]) for row in parquet.read_table(found).to_pylist())
    assert outcomes == [("eligible", 700_000), ("not_eligible", None), ("to_verify", 350_000)]


def test_every_programme_is_in_force_or_says_when_it_was() -> None:
    over = {code for code, programme in PROGRAMMES.items() if programme.valid_until is not None}

    assert over == {"BLT-KESRA"}
    assert PROGRAMMES["BLT-KESRA"].valid_until == date(2026, 1, 1)
