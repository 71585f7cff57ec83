"""Facts of named cases: given facts stand, what is not given is unknown, counts follow from members."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from kesos.foundation.errors import Refused
from kesos.pipeline.determine.facts.cases import ALWAYS_FRESH, make_case_facts
from kesos.pipeline.engine import Engine
from kesos.policy.programme import Case, Unit
from kesos.policy.vocabulary.vocabulary import load_vocabulary

FACTS = frozenset(
    {
        *("children_0_6", "elderly_60", "pregnant_members", "civil_servant_in_family", "lone_elder", "active_members"),
        *("official_decile", "head_age", "unfit_dwelling", "poorest_decile", "group_families_decile_1_4"),
        *("receives_pkh", "age", "school_level", "disaster_affected"),
    }
)


def _case(**given: Any) -> Case:
    words = {"id": "kasus", "en": "case"}
    return Case.model_validate({"name": words, "expect": {"eligibility": "eligible"}, **given})


def _tables(unit: Unit, *cases: Case) -> dict[str, list[dict[str, Any]]]:
    with Engine(memory="200MB", threads=1) as engine:
        make_case_facts(engine, cases, vocabulary=load_vocabulary(), facts=FACTS, unit=unit)
        names = [*(f"{level}_facts" for level in Unit), "member", "case_member"]
        return {name: engine.fetch(f"SELECT * FROM {name} ORDER BY ALL").to_pylist() for name in names}


def _of(rows: Iterable[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


def test_counts_follow_from_members() -> None:
    members = [{"age": 3}, {"age": 70, "relation": "head", "civil_servant": False}, {"relation": "child"}]

    families = _tables(Unit.FAMILY, _case(members=members, family={"official_decile": 2}))["family_facts"]

    assert _of(families, "family_id", "active_members", "official_decile", "head_age") == [(1, 3, 2, 70)]
    assert _of(families, "children_0_6", "children_0_6__open") == [(1, 1)]
    assert _of(families, "pregnant_members", "pregnant_members__open") == [(0, 3)]
    assert _of(families, "civil_servant_in_family") == [(None,)]


def test_family_states_a_count_exactly() -> None:
    case = _case(members=[{"age": 3}, {}], family={"children_0_6": 2, "elderly_60": None})

    families = _tables(Unit.FAMILY, case)["family_facts"]

    assert _of(families, "children_0_6", "children_0_6__open") == [(2, 0)]
    assert _of(families, "elderly_60", "elderly_60__open") == [(None, None)]


def test_without_members_counts_are_unknown_but_rules_use_what_is_given() -> None:
    cases = (_case(), _case(family={"active_members": 1, "elderly_60": 1}), _case(family={"lone_elder": False}))

    families = _tables(Unit.FAMILY, *cases)["family_facts"]

    assert _of(families, "children_0_6", "children_0_6__open") == [(None, None)] * 3
    assert _of(families, "family_id", "lone_elder") == [(1, None), (2, True), (3, False)]


def test_person_units_come_first_and_count_only_among_members() -> None:
    cases = (
        _case(person={"age": 80}),
        _case(person={"age": 9, "school_level": "sd"}, members=[{"age": 9}, {"age": 40}]),
    )

    made = _tables(Unit.PERSON, *cases)

    assert _of(made["person_facts"], "person_id", "family_id", "age") == [(1, 1, 80), (2, 2, 9), (3, 2, 9), (4, 2, 40)]
    assert _of(made["family_facts"], "family_id", "active_members", "dwelling_id") == [(1, None, 1), (2, 2, 2)]


def test_dwellings_and_groups_of_cases() -> None:
    dwelling = {"earth_floor": False, "poor_wall": True}

    made = _tables(Unit.DWELLING, _case(dwelling=dwelling, family={"official_decile": 3}))
    group = _tables(Unit.GROUP, _case(group={"group_families_decile_1_4": 6}))["group_facts"]

    assert _of(made["dwelling_facts"], "dwelling_id", "unfit_dwelling", "poorest_decile") == [(1, True, 3)]
    decile = "group_families_decile_1_4"
    assert _of(group, "group_id", decile, f"{decile}__open") == [(1, 6, 0)]


def test_memberships_of_a_case() -> None:
    case = _case(family={"receives_pkh": True, "is_member": True, "months_received": 61})

    made = _tables(Unit.FAMILY, case, _case())

    assert _of(made["family_facts"], "receives_pkh") == [(True,), (None,)]
    names = ("unit_id", "is_member", "months_received", "months_waiting")
    assert _of(made["case_member"], *names) == [(1, True, 61, None), (2, None, None, None)]
    assert made["member"] == []


def test_given_facts_are_of_the_day_of_the_case_or_always_fresh() -> None:
    given = {"disaster_affected": True}
    cases = (_case(family=given), _case(family=given, as_of=date(2026, 5, 1)), _case())

    families = _tables(Unit.FAMILY, *cases)["family_facts"]

    assert _of(families, "disaster_affected__on") == [(ALWAYS_FRESH,), (date(2026, 5, 1),), (None,)]


@pytest.mark.parametrize(
    ("given", "kind", "fact"),
    [
        ({"family": {"children_06": 1}}, "UnknownCaseFact", "children_06"),
        ({"family": {"age": 1}}, "UnknownCaseFact", "age"),
        ({"members": [{"official_decile": 1}]}, "UnknownCaseFact", "official_decile"),
        ({"family": {"official_decile": True}}, "BrokenCaseValue", "official_decile"),
        ({"family": {"children_0_6": -1}}, "BrokenCaseValue", "children_0_6"),
        ({"family": {"lone_elder": 1}}, "BrokenCaseValue", "lone_elder"),
        ({"family": {"house_damage": "ruined"}}, "BrokenCaseValue", "house_damage"),
        ({"family": {"receives_pkh": 3}}, "BrokenCaseValue", "receives_pkh"),
        ({"family": {"months_received": True}}, "BrokenCaseValue", "months_received"),
    ],
)
def test_broken_cases_are_refused(given: dict[str, Any], kind: str, fact: str) -> None:
    with pytest.raises(Refused) as refused:
        _tables(Unit.FAMILY, _case(**given))

    assert (type(refused.value).__name__, refused.value.fields["fact"]) == (kind, fact)


def test_case_and_release_agree_on_the_same_people(release: Any) -> None:
    release.family(
        1,
        {"birth_date": date(2024, 1, 1), "sex": "male"},
        {"birth_date": date(1950, 1, 1), "sex": "female", "relation_code": 1},
        {"birth_date": None, "sex": None},
    )
    members = [
        {"age": 2, "sex": "male", "pregnant": False, "civil_servant": False, "school_level": "none"},
        {"age": 76, "sex": "female", "relation": "head", "pregnant": False},
        {},
    ]

    derived = release.made(*FACTS).tables["family_facts"].to_pylist()[0]
    told = _tables(Unit.FAMILY, _case(members=members))["family_facts"][0]

    names = [name for name in told if name in derived and not name.endswith(("__on", "_id", "_village"))]
    assert {name: told[name] for name in names} == {name: derived[name] for name in names}
    assert len(names) >= 12
