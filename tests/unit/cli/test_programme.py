"""`kesos programme …` as a lawyer and an operator meet it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kesos.cli import settings
from kesos.cli.programme import app
from kesos.cli.programme_screens import count_uncertain
from kesos.pipeline.determine.programme_folder import ProgrammeFileUnreadable, UnknownProgramme
from kesos.policy.programme import Programme
from kesos.policy.programme_refusals import UnknownProgrammeName
from kesos.policy.published import ProgrammeNotInForce
from kesos.policy.rules.refusals import BrokenRule
from unit.policy.rice_aid import FILE, PROTECTION, RICE_AID, changed, rice_aid


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KESOS_LANG", "en")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / FILE).write_text(RICE_AID, encoding="utf-8")
    return tmp_path


def programme(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def result_of(*arguments: object) -> Any:
    said = programme(*arguments, "--json")
    assert said.exit_code in {0, 1}, said.output
    return json.loads(said.stdout)


def flat(said: Result) -> str:
    assert said.exit_code == 0, said.output
    return " ".join(said.output.split())


def test_list_gives_every_programme_with_its_time(own: Path) -> None:
    listed = {one["code"]: one for one in result_of("list", "--programmes", own, "--as-of", "2026-03-01")}

    assert listed["RICE-AID"] == {
        "code": "RICE-AID", "name": {"id": "Bantuan beras", "en": "Rice aid"}, "unit": "family", "uncertain": 2,
        "is_candidate_list": False, "is_in_force": True, "valid_from": "2024-01-01", "valid_until": "2028-01-01",
    }  # fmt: skip
    assert (listed["PIP"]["is_candidate_list"], listed["BLT-KESRA"]["is_in_force"]) == (True, False)


def test_list_shows_the_same_as_a_table(own: Path) -> None:
    text = flat(programme("list", "--programmes", own, "--as-of", "2026-03-01"))

    assert "Programmes on 2026-03-01" in text
    assert "RICE-AID Rice aid family no yes 2024-01-01 2028-01-01 2" in text


def test_without_a_day_today_in_jakarta_is_meant(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "now", lambda: datetime(2026, 6, 30, 16, 59, tzinfo=UTC))
    assert result_of("show", "RICE-AID", "--programmes", own)["as_of"] == "2026-06-30"
    monkeypatch.setattr(settings, "now", lambda: datetime(2026, 6, 30, 17, 0, tzinfo=UTC))
    assert result_of("show", "RICE-AID", "--programmes", own)["as_of"] == "2026-07-01"


def test_show_tells_a_lawyer_everything(own: Path) -> None:
    text = flat(programme("show", "rice-aid", "--programmes", own, "--as-of", "2026-08-01"))

    for piece in (
        "RICE-AID on 2026-08-01: Rice aid", "Enough to eat", "Decree 1 Rice", "The office The regent The bank BPS",
        "decile official_decile <= decile_limit Decile too high", "civil_servant civil_servant_in_family",
        "Bring a letter", "PKH Receives PKH already", "PIP For school",
        "decile_limit Highest decile 4 decile 2024-01-01", "decile_limit Highest decile 3 * decile 2026-07-01",
        "Announced and not read", "At most 2 persons of a family", "Elder person age >= elderly_age amount_elder 2",
        "Rp1.800.012", "3 2026-07-01 Rp450.003 Rp150.000", "By village, of the registered area",
        "1 Decile official_decile", "SHA-256 of rice-2026|RICE-AID|", "On the board of the village",
        "Come The village elder", "60 months, except if: elderly_70 >= 1", "Long enough",
        "capital receives_pena Receives capital", "lone_elder: Alone", "Ask the village", "Budget line: Not known",
        "- Everything", "A yes 2026-08-01", "Rp2.400.012",
    ):  # fmt: skip
        assert piece in text, piece
    assert "remote_area" not in text


def test_show_speaks_indonesian_to_whoever_did_not_ask_for_english(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KESOS_LANG")

    text = flat(programme("show", "RICE-AID", "--programmes", own, "--as-of", "2026-08-01"))

    assert ": Bantuan beras" in text
    assert "Sudah menerima PKH" in text
    assert "Receives PKH already" not in text


def test_show_leaves_out_what_a_programme_does_not_have(own: Path) -> None:
    lines = [
        PROTECTION,
        "quota: {level: village, area: registered}\n",
        "uncertain: [Everything]\n",
        "exits:\n  - {id: capital, rule: receives_pena, reason: {id: Menerima modal, en: Receives capital}}\n",
        "complements:\n  - {programme: PIP, why: {id: Untuk sekolah, en: For school}}\n",
    ]
    (own / FILE).write_text(changed(*((line, "") for line in lines)), encoding="utf-8")

    text = flat(programme("show", "RICE-AID", "--programmes", own, "--as-of", "2026-08-01"))

    for heading in ("protected", "Places are limited", "uncertain about the whole", "Other reasons", "Fits well"):
        assert heading not in text


def test_show_as_json_gives_amounts_by_stage(own: Path) -> None:
    shown = result_of("show", "RICE-AID", "--programmes", own, "--as-of", "2026-08-01")

    assert shown["amounts"]["elder"]["payments"] == [300000, 300000, 450003, 450003]
    assert shown["amounts"]["elder"]["stages"][2] == {"valid_from": "2026-07-01", "valid_until": "2026-10-01"}
    assert shown["programme"]["parameters"]["decile_limit"]["values"][0]["from"] == "2024-01-01"
    assert len(shown["rule_hash"]) == 64


def test_show_is_refused_for_an_unknown_code_and_outside_its_time(own: Path) -> None:
    assert isinstance(programme("show", "RICE", "--programmes", own).exception, UnknownProgramme)
    over = programme("show", "RICE-AID", "--programmes", own, "--as-of", "2028-01-01")
    assert isinstance(over.exception, ProgrammeNotInForce)


def test_check_of_a_file_runs_its_cases(own: Path) -> None:
    said = programme("check", own / FILE)

    assert "RICE-AID Rice aid 3 2 2" in flat(said)
    assert [one["is_met"] for one in result_of("check", own / FILE)["RICE-AID"]] == [True, True]


def test_check_of_a_failing_case_says_what_differs_and_exits_1(own: Path) -> None:
    (own / FILE).write_text(changed(("amount_idr: 2400012", "amount_idr: 2400000")), encoding="utf-8")

    said = programme("check", "rice-aid", "--programmes", own)

    assert said.exit_code == 1
    assert "RICE-AID, case failed: A yes" in said.output
    assert "amount_idr: 2400000 expected, 2400012 came out" in said.output
    assert "A no" not in said.output


def test_check_parses_rules_of_every_day_on_which_something_changes(own: Path) -> None:
    later = ("{id: remote, until: 2026-07-01,", "{id: remote, from: 2027-03-01,")
    (own / FILE).write_text(changed(later, ("rule: remote_area", "rule: remote_aria")), encoding="utf-8")

    said = programme("check", own / FILE)

    assert isinstance(said.exception, BrokenRule)
    assert "rice-aid.yaml, eligibility.remote, line 1, column 1" in str(said.exception)
    assert "remote_area" in str(said.exception)


def test_check_of_a_file_refuses_unknown_programmes_and_a_missing_file(own: Path) -> None:
    (own / FILE).write_text(changed(("  - {programme: PIP, why", "  - {programme: PIPS, why")), encoding="utf-8")

    assert isinstance(programme("check", own / FILE).exception, UnknownProgrammeName)
    assert isinstance(programme("check", own / "nothing.yaml").exception, ProgrammeFileUnreadable)


def test_check_without_a_name_checks_all(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"RICE-AID": rice_aid(), "PIP": rice_aid()}
    monkeypatch.setattr("kesos.cli.programme.find_programmes", lambda _: found)
    ran: list[Sequence[str]] = []

    def note(one: Programme, codes: Sequence[str]) -> tuple[()]:
        ran.append([one.code, *codes])
        return ()

    monkeypatch.setattr("kesos.cli.programme._checked", note)

    said = programme("check")

    assert said.exit_code == 0, said.output
    assert ran == [["RICE-AID", "RICE-AID", "PIP"], ["RICE-AID", "RICE-AID", "PIP"]]


def test_sql_gives_three_valued_expressions_for_every_rule(own: Path) -> None:
    lines = {
        (line["part"], line["name"]): line["sql"]
        for line in result_of("sql", "RICE-AID", "--programmes", own, "--as-of", "2026-08-01")
    }

    assert list(lines)[:3] == [
        ("eligibility", "decile"),
        ("exclusion", "civil_servant"),
        ("incompatible", "receives_pkh"),
    ]
    assert set(list(lines)[3:]) == {
        *(("component", "elder"), ("amount", "elder"), ("component", "family"), ("amount", "family")),
        *(("ranking", "1"), ("ranking", "2"), ("exit", "capital"), ("longest_time", "exempt"), ("protection", "rule")),
    }
    assert "f.official_decile" in lines["eligibility", "decile"]
    assert "150001" in lines["amount", "elder"]
    assert "f.official_decile" in flat(programme("sql", "RICE-AID", "--programmes", own, "--as-of", "2026-08-01"))


def test_diff_of_two_days_says_what_changed_and_whom_it_touches(own: Path) -> None:
    arguments = ("diff", "RICE-AID", "--programmes", own, "--as-of", "2026-06-30", "--against", "2026-07-01")

    text = flat(programme(*arguments))

    assert "from 2026-06-30 to 2026-07-01" in text
    assert "decile_limit 4 decile 3 decile" in text
    assert "It looks at: Official DTSEN decile, 1 the lowest;" in text
    assert "- decile: official_decile <= 4 → official_decile <= 3" in text
    assert "- remote: remote_area → –" in text
    assert [change["name"] for change in result_of(*arguments)["changes"]] == ["decile_limit", "remote", "remote"]


def test_diff_without_a_difference_says_so(own: Path) -> None:
    text = flat(programme("diff", "RICE-AID", "--programmes", own, "--as-of", "2026-08-01"))

    assert "Nothing changes." in text


def test_diff_says_when_a_programme_is_not_in_force(own: Path) -> None:
    arguments = ("diff", "RICE-AID", "--programmes", own, "--as-of", "2027-12-31", "--against", "2028-01-01")

    text = flat(programme(*arguments))

    assert "On 2028-01-01 it is not in force." in text
    assert "On 2027-12-31" not in text


def test_diff_with_another_version_of_the_file(own: Path) -> None:
    draft = own / "draft" / FILE
    draft.parent.mkdir()
    draft.write_text(changed(("value: 50000,", "value: 60000,")), encoding="utf-8")
    arguments = ("diff", "RICE-AID", "--programmes", own, "--file", draft, "--as-of", "2026-08-01")

    assert "amount_family 50000 IDR/month 60000 IDR/month Decree 1" in flat(programme(*arguments))
    assert [one["name"] for one in result_of(*arguments)["touched"]] == ["family"]


def test_count_uncertain_counts_every_doubt_of_a_programme() -> None:
    assert count_uncertain(rice_aid().model_dump()) == 2
    assert count_uncertain(rice_aid(("uncertain: [Everything]", "uncertain: [a, b, c]")).model_dump()) == 4
