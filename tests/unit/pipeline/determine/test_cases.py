"""Cases of a programme run through the statements of a nation's run, and say where they differ."""

from __future__ import annotations

import pytest

from kesos.pipeline.determine.cases import run_cases
from kesos.pipeline.determine.programme_folder import find_programmes
from kesos.policy.programme import Programme
from unit.pipeline.determine.small_programme import SAID, VOCABULARY, benefit, clause, component, content, exclusion

PACKAGED = find_programmes(None)


@pytest.mark.parametrize("code", PACKAGED)
def test_every_case_of_a_packaged_programme_gives_what_it_says(code: str) -> None:
    outcomes = run_cases(PACKAGED[code], VOCABULARY, PACKAGED)

    assert [(o.case.name.en, o.differences) for o in outcomes if not o.is_met] == []
    assert len(outcomes) == len(PACKAGED[code].cases)


def test_run_cases_says_what_is_not_as_expected() -> None:
    cases = [
        {"name": SAID, "family": {"official_decile": 2}, "expect": {"eligibility": "eligible", "amount_idr": 1}},
        {
            "name": SAID,
            "family": {"official_decile": 9},
            "expect": {"eligibility": "to_verify", "because": ["servant"]},
        },
        {"name": SAID, "expect": {"eligibility": "to_verify", "because": ["decile"], "not_checked": []}},
        {
            "name": SAID,
            "family": {"official_decile": 1, "civil_servant_in_family": True},
            "expect": {"eligibility": "not_eligible", "because": ["servant"], "components": ["aid"]},
        },
    ]
    programme = Programme.model_validate(
        content(cases=cases, exclusions=[exclusion("servant", "civil_servant_in_family")])
    )

    outcomes = run_cases(programme, VOCABULARY, ["AID"])

    assert [outcome.differences for outcome in outcomes] == [
        ("amount_idr: 1 expected, 100000 came out",),
        ("eligibility: to_verify expected, not_eligible came out", "because: servant expected, decile came out"),
        ("not_checked: - expected, servant came out",),
        ("components: aid expected, - came out",),
    ]
    assert outcomes[0].got == {
        "eligibility": "eligible", "because": [], "not_checked": ["servant"], "amount_idr": 100_000,
        "components": ["aid"],
    }  # fmt: skip


def test_each_case_runs_on_its_own_day_the_first_of_the_programme_if_it_names_none() -> None:
    yes = {"name": SAID, "family": {"official_decile": 4}, "expect": {"eligibility": "eligible"}}
    limit = {"meaning": SAID, "unit": "decile"}
    values = [{"from": "2025-01-01", "value": 3}, {"from": "2026-01-01", "value": 4}]
    programme = Programme.model_validate(
        content(
            eligibility=[clause("decile", "official_decile <= last")],
            parameters={"last": {**limit, "values": values}},
            cases=[{**yes, "as_of": "2026-01-01"}, yes, {**yes, "as_of": "2025-12-31"}],
        )
    )

    outcomes = run_cases(programme, VOCABULARY, ["AID"])

    assert [(outcome.day.isoformat(), outcome.eligibility) for outcome in outcomes] == [
        ("2026-01-01", "eligible"), ("2025-01-01", "not_eligible"), ("2025-12-31", "not_eligible"),
    ]  # fmt: skip


def test_a_component_stands_once_for_each_person_it_is_given_for() -> None:
    members = [{"age": 3}, {"age": 5}, {"age": 40}]
    case = {
        "name": SAID, "family": {"official_decile": 1}, "members": members,
        "expect": {"eligibility": "eligible", "components": ["young", "young"], "amount_idr": 20},
    }  # fmt: skip
    programme = Programme.model_validate(
        content(benefit=benefit(component("young", rule="age <= 6", amount="10")), cases=[case, case])
    )

    assert [outcome.differences for outcome in run_cases(programme, VOCABULARY, ["AID"])] == [(), ()]
