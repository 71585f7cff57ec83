"""The vocabulary: whole, consistent, and closed under what facts are made of."""

from __future__ import annotations

import pytest

from kesos.datasets.registry import DWELLING, FAMILY, PERSON
from kesos.policy.programme import Unit
from kesos.policy.rules.name import Kind
from kesos.policy.rules.parse import read_rule
from kesos.policy.vocabulary.fact import Fact
from kesos.policy.vocabulary.vocabulary import MEMBERSHIP, PART_OF, LevelledFact, Vocabulary, load_vocabulary

CODES = ("PKH", "PBI-JK")
WORDS = {"id": "a", "en": "a"}


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    """Give the packaged vocabulary."""
    return load_vocabulary()


def test_every_fact_of_the_brief_is_there(vocabulary: Vocabulary) -> None:
    wanted = """
        age sex relation pregnant school_level severe_disability disability chronic_illness working has_business
        civil_servant wage_per_month_idr wage_above_minimum has_nik orphan in_treatment village_official
        social_facilitator state_pensioner human_rights_victim gambling_indicated company_owner official_decile
        official_score active_members children_0_6 children_under_18 pupils_sd pupils_smp pupils_sma school_age_6_18
        pregnant_members elderly_60 elderly_70 elderly_75 severe_disability_members orphans adults_productive
        lives_alone lone_elder civil_servant_in_family wage_above_minimum_in_family village_official_in_family
        social_facilitator_in_family state_pensioner_in_family gambling_indicated_in_family company_owner_in_family
        working_members business_members head_age remote_area residence_differs owns_dwelling owns_car disaster_affected
        disaster_deaths disaster_severe_injuries house_damage in_temporary_housing livelihood_lost
        lost_livelihood_other_aid floor_area_m2 earth_floor poor_wall poor_roof no_own_toilet unfit_dwelling
        dwelling_families poorest_decile dwelling_has_owner group_families group_families_decile_1_4
        group_in_one_district group_business_families
    """.split()

    assert set(wanted) == set(vocabulary.facts)


def test_every_text_over_facts_is_a_rule_of_the_language(vocabulary: Vocabulary) -> None:
    for name, item in vocabulary.facts.items():
        if item.part_text is not None:
            scope = vocabulary.level_scope(PART_OF[item.level])
            wants = item.fact.kind if not (item.is_count or item.fact.kind is Kind.BOOLEAN) else Kind.BOOLEAN
            rule = read_rule(item.part_text, scope, wants=wants, place=name)
        elif item.fact.rule is not None:
            rule = read_rule(item.fact.rule, vocabulary.level_scope(item.level), place=name)
        else:
            continue
        head = {"relation"} if item.fact.parts is not None and item.fact.parts.of_head is not None else set()
        assert set(rule.facts) | head == vocabulary.sources(name)


def test_columns_that_age_are_columns_of_the_release_and_age_alike(vocabulary: Vocabulary) -> None:
    months: dict[tuple[Unit, str], set[int | None]] = {}
    datasets = {Unit.PERSON: PERSON, Unit.FAMILY: FAMILY, Unit.DWELLING: DWELLING}
    for item in vocabulary.facts.values():
        for column in item.fact.observed:
            assert column in datasets[item.level].column_names
            months.setdefault((item.level, column), set()).add(item.fact.fresh_months)

    assert {column: ages for column, ages in months.items() if len(ages) > 1} == {}


def test_every_age_says_that_it_is_uncertain(vocabulary: Vocabulary) -> None:
    aged = {name: item.fact for name, item in vocabulary.facts.items() if item.fact.fresh_months}

    assert [name for name, fact in aged.items() if not fact.uncertain] == []


def test_scope_gives_each_unit_what_it_may_see(vocabulary: Vocabulary) -> None:
    scopes = {unit: vocabulary.scope(unit, programme_codes=CODES) for unit in Unit}
    own = {name.name for name in MEMBERSHIP} | {"receives_pkh", "receives_pbi_jk"}

    def levels(unit: Unit) -> set[str]:
        return {(name.column or "").split(".")[0] for key, name in scopes[unit].items() if key not in own}

    assert [levels(unit) for unit in Unit] == [{"p", "f", "d"}, {"f", "d"}, {"d"}, {"g"}]
    assert all(own <= set(scope) for scope in scopes.values())
    assert scopes[Unit.PERSON]["receives_pbi_jk"].column == "f.receives_pbi_jk"
    assert scopes[Unit.DWELLING]["receives_pkh"].column == "d.receives_pkh"


def test_counts_have_an_open_column_and_others_have_none(vocabulary: Vocabulary) -> None:
    scope = vocabulary.scope(Unit.FAMILY, programme_codes=())

    assert scope["children_0_6"].open_column == "f.children_0_6__open"
    assert scope["active_members"].open_column is None
    assert scope["head_age"].open_column is None


def test_needed_closes_over_levels_and_drops_memberships(vocabulary: Vocabulary) -> None:
    needed = vocabulary.needed(["group_business_families", "is_member", "receives_pkh"])

    assert needed == {"group_business_families", "business_members", "has_business", "receives_pkh"}
    assert vocabulary.needed(["head_age"]) == {"head_age", "age", "relation"}


def test_needed_knows_no_other_names(vocabulary: Vocabulary) -> None:
    with pytest.raises(KeyError):
        vocabulary.needed(["children"])


def test_is_dated_follows_what_a_fact_is_made_of(vocabulary: Vocabulary) -> None:
    dated = ("civil_servant", "civil_servant_in_family", "pupils_sd", "house_damage", "state_pensioner_in_family")
    timeless = ("age", "children_0_6", "lone_elder", "head_age", "poorest_decile", "receives_pkh")

    assert [vocabulary.is_dated(name) for name in dated] == [True] * 5
    assert [vocabulary.is_dated(name) for name in timeless] == [False] * 6


def test_sha256_names_the_content_and_not_the_order(vocabulary: Vocabulary) -> None:
    turned = Vocabulary(dict(reversed(list(vocabulary.facts.items()))))
    first = next(iter(vocabulary.facts))
    changed = Fact.model_validate({"kind": "boolean", "meaning": WORDS, "source": "a", "stated": True})
    other = Vocabulary({**vocabulary.facts, first: LevelledFact(first, Unit.PERSON, changed)})

    assert turned.sha256 == vocabulary.sha256
    assert other.sha256 != vocabulary.sha256
