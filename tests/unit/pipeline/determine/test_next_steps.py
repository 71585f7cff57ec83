"""Next steps of one family, and the pairs that programme files declare."""

from __future__ import annotations

from datetime import date

from kesos.pipeline.determine.next_steps import Standing, complements_of, incompatible_pairs, next_steps
from unit.pipeline.determine.laid_over import SAID, programme

PROGRAMMES = {
    "CASH": programme(
        "CASH",
        complements=[
            {"programme": code, "why": {"id": f"karena {code}", "en": f"because {code}"}}
            for code in ("HEALTH", "RICE", "TOOLS", "ELSEWHERE", "CASH")
        ],
        incompatible=[{"programme": "RICE", "reason": SAID}, {"programme": "ELSEWHERE", "reason": SAID}],
    ),
    "HEALTH": programme("HEALTH", "person"),
    "RICE": programme("RICE", incompatible=[{"programme": "CASH", "reason": SAID}]),
    "TOOLS": programme("TOOLS", incompatible=[{"programme": "CASH", "reason": SAID, "from": "2026-10-01"}]),
}
CHOSEN = Standing("eligible", "within_quota", False)


def steps(**standings: Standing) -> list[tuple[str, str]]:
    return [(step.after, step.programme) for step in next_steps(PROGRAMMES, standings)]


def test_complements_are_those_that_are_there_themselves() -> None:
    assert [step.programme for step in complements_of(PROGRAMMES)["CASH"]] == ["HEALTH", "RICE", "TOOLS"]
    assert complements_of(PROGRAMMES)["RICE"] == ()


def test_incompatible_pairs_stand_once_whichever_file_says_so_and_only_in_their_time() -> None:
    assert incompatible_pairs(PROGRAMMES, date(2026, 9, 30)) == [("CASH", "RICE")]
    assert incompatible_pairs(PROGRAMMES, date(2026, 10, 1)) == [("CASH", "RICE"), ("CASH", "TOOLS")]


def test_next_steps_of_a_family_that_has_nothing_are_none() -> None:
    assert steps(CASH=Standing("eligible", "waiting", False), HEALTH=CHOSEN) == []
    assert steps(CASH=Standing("to_verify", None, None)) == []


def test_next_steps_leave_out_what_is_had_and_what_is_known_not_to_be_for_them() -> None:
    standings = {
        "CASH": CHOSEN,
        "HEALTH": Standing("eligible", "not_ranked", True),
        "RICE": Standing("not_eligible", None, False),
        "TOOLS": Standing("to_verify", None, None),
    }

    assert steps(**standings) == [("CASH", "TOOLS")]


def test_next_steps_follow_from_what_is_received_and_list_what_was_not_determined() -> None:
    (health, rice, tools) = next_steps(PROGRAMMES, {"CASH": Standing("not_eligible", None, True), "RICE": CHOSEN})

    assert (health.standing.eligibility, rice.standing, tools.standing.selection) == (None, CHOSEN, None)
    assert health.why.en == "because HEALTH"
