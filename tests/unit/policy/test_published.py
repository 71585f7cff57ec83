"""A programme on a day: what is in force, with the numbers of that day, under one hash."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kesos.policy.programme import Programme
from kesos.policy.programme_file import read_programme
from kesos.policy.published import (
    NumberWithoutValue,
    ProgrammeNotInForce,
    ProgrammeOn,
    Role,
    change_days,
    programme_on,
)
from kesos.policy.rules.name import Kind
from kesos.policy.rules.refusals import BrokenRule, WrongUnit
from kesos.policy.vocabulary.vocabulary import load_vocabulary
from unit.policy.rice_aid import CODES, FILE, PROTECTION, RICE_AID, rice_aid

BEFORE, AFTER = date(2026, 6, 30), date(2026, 7, 1)


def on(day: date, *changes: tuple[str, str]) -> ProgrammeOn:
    return programme_on(rice_aid(*changes), day, load_vocabulary(), codes=CODES)


def test_programme_on_holds_clauses_in_order_of_their_roles() -> None:
    version = on(BEFORE)

    assert [(clause.id, clause.role) for clause in version.clauses] == [
        ("decile", Role.ELIGIBILITY),
        ("remote", Role.ELIGIBILITY),
        ("civil_servant", Role.EXCLUSION),
        ("receives_pkh", Role.INCOMPATIBLE),
    ]
    assert [clause.rule.canonical for clause in version.clauses] == [
        "official_decile <= decile_limit", "remote_area", "civil_servant_in_family", "receives_pkh",
    ]  # fmt: skip
    servant = version.clauses[2]
    assert (servant.expires_after_months, servant.source) == (12, "BKN")
    assert servant.contest is not None
    assert servant.contest.en == "Bring a letter"
    assert version.clauses[3].reason.en == "Receives PKH already"


def test_programme_on_takes_numbers_and_clauses_of_the_day_only() -> None:
    before, after = on(BEFORE), on(AFTER)

    assert (before.parameters["decile_limit"].value, after.parameters["decile_limit"].value) == (4, 3)
    assert [clause.id for clause in after.clauses] == ["decile", "civil_servant", "receives_pkh"]


def test_programme_on_reads_every_other_rule() -> None:
    version = on(AFTER)

    elder, family = version.components
    assert (elder.rule.canonical, elder.at_most) == ("age >= elderly_age", 2)
    assert elder.amount is not None
    assert (elder.amount.canonical, elder.amount.unit) == ("amount_elder", "IDR/month")
    assert (family.rule.canonical, family.at_most) == ("TRUE", None)
    assert [key.rule.kind for key in version.ranking] == [Kind.INTEGER, Kind.BOOLEAN]
    assert version.exempt is not None
    assert version.exempt.canonical == "elderly_70 >= 1"
    assert (version.longest_months, version.most_persons) == (60, 2)
    assert [(way.id, rule.canonical) for way, rule in version.exits] == [("capital", "receives_pena")]
    assert version.protected is not None
    assert version.protected.canonical == "lone_elder"
    assert version.facts == {
        *("official_decile", "civil_servant_in_family", "receives_pkh", "age", "lives_alone", "elderly_70"),
        *("receives_pena", "lone_elder"),
    }


def test_programme_on_leaves_out_what_is_over_and_what_is_not_said() -> None:
    version = on(
        AFTER,
        (PROTECTION, ""),
        ("duration: {at_most_months", "duration: {until: 2026-07-01, at_most_months"),
        ("  - {id: capital,", "  - {id: capital, from: 2026-07-02,"),
        ("  most_persons: most_elders\n", ""),
        ("amount: amount_family}", "from: 2026-07-01}"),
    )

    assert (version.protected, version.exempt, version.longest_months, version.most_persons) == (None,) * 4
    assert version.exits == ()
    assert version.components[1].amount is None


def test_programme_on_is_refused_before_and_after_its_time() -> None:
    assert on(date(2024, 1, 1)).day == date(2024, 1, 1)
    assert on(date(2027, 12, 31)).day == date(2027, 12, 31)
    for day in (date(2023, 12, 31), date(2028, 1, 1)):
        with pytest.raises(ProgrammeNotInForce) as caught:
            on(day)
        assert str(caught.value).startswith(f"Programme RICE-AID is not in force on {day}: it holds from 2024-01-01")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (("{from: 2024-01-01, value: 4, law: Decree 1}\n", "{from: 2026-06-30, value: 4, law: Decree 1}\n"),
         "eligibility.decile"),
        (("[{from: 2024-01-01, value: 2,", "[{until: 2026-06-29, value: 2,"), "benefit.components.elder.at_most"),
        (("[{from: 2024-01-01, value: 60, law: Decree 1}]\neligibility",
          "[{until: 2026-06-29, value: 60, law: Decree 1}]\neligibility"), "duration.at_most_months"),
        (("value: 50000,", "until: 2026-06-29, value: 50000,"), "benefit.components.family.amount"),
    ],
)  # fmt: skip
def test_programme_on_is_refused_where_a_rule_names_a_number_without_value(change: tuple[str, str], place: str) -> None:
    day = date(2026, 6, 29)
    with pytest.raises(NumberWithoutValue) as caught:
        on(day, change)

    assert caught.value.fields["place"] == place
    assert caught.value.fields["day"] == day


def test_a_number_without_value_that_no_rule_in_force_names_is_no_harm() -> None:
    unused = (
        "  elderly_age:\n",
        "  unused: {meaning: {id: a, en: a}, values: [{from: 2030-01-01, value: 1, law: a}]}\n  elderly_age:\n",
    )

    assert "unused" not in on(AFTER, unused).parameters


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (("rule: official_decile <= decile_limit", "rule: official_decil <= decile_limit"), "eligibility.decile"),
        (("rule: civil_servant_in_family", "rule: civil_servant"), "exclusions.civil_servant"),
        (("rule: age >= elderly_age", "rule: age + elderly_age"), "benefit.components.elder.rule"),
        (("amount: amount_elder,", "amount: school_level,"), "benefit.components.elder.amount"),
        (("key: lives_alone", "key: house_damage"), "ranking.2"),
        (("exempt: elderly_70 >= 1", "exempt: elderly_70 >="), "duration.exempt"),
        (("rule: receives_pena", "rule: receives_nothing"), "exits.capital"),
        (("{rule: lone_elder, reason", "{rule: lone_elders, reason"), "protection.rule"),
    ],
)  # fmt: skip
def test_programme_on_names_file_and_place_of_a_broken_rule(change: tuple[str, str], place: str) -> None:
    with pytest.raises(BrokenRule) as caught:
        on(AFTER, change)

    assert caught.value.fields["place"] == f"{FILE}, {place}"


def test_a_key_of_the_order_that_is_a_code_is_refused_because_it_is_no_number() -> None:
    with pytest.raises(BrokenRule) as caught:
        on(AFTER, ("key: lives_alone", "key: house_damage"))

    assert (caught.value.fields["got"], caught.value.fields["wanted"]) == ("a code", "a number")


def test_programme_on_refuses_an_amount_in_another_unit() -> None:
    with pytest.raises(WrongUnit) as caught:
        on(AFTER, ("unit: IDR/month\n    values: [{from", "unit: IDR/year\n    values: [{from"))

    assert (caught.value.fields["got"], caught.value.fields["wanted"]) == ("IDR/year", "IDR/month")


def test_an_amount_for_once_is_in_rupiah() -> None:
    once = [("per: month\n  periods: 12", "per: once"), ("amount: amount_elder,", "")]
    unit = ("unit: IDR/month\n    values: [{from", "unit: IDR\n    values: [{from")

    family = on(AFTER, *once, unit).components[1]

    assert family.amount is not None
    assert family.amount.unit == "IDR"
    with pytest.raises(WrongUnit):
        on(AFTER, *once)


def test_numbers_may_be_whole_broken_or_codes() -> None:
    share = "  share: {meaning: {id: a, en: a}, values: [{value: 0.5, law: a}]}\n"
    level = "  level: {meaning: {id: a, en: a}, values: [{value: heavy, law: a}]}\n"
    version = on(
        AFTER,
        ("amount: amount_family}", "amount: amount_family * share}"),
        ("  elderly_age:\n", f"{share}{level}  elderly_age:\n"),
        ("rule: lone_elder", "rule: house_damage = level"),
    )

    assert version.parameters["share"].value == Decimal("0.5")
    assert version.protected is not None
    assert version.protected.parameters == ("level",)


def test_a_person_programme_has_components_over_its_own_person() -> None:
    version = on(
        AFTER,
        ("unit: family\n", "unit: person\n"),
        ("en: Elder}, rule", "en: Elder}, of: unit, rule"),
        ("    members: [{age: 64}, {age: 30}]\n", ""),
    )

    assert version.components[0].rule.facts == ("age",)


def test_rule_hash_is_that_of_what_holds_on_the_day() -> None:
    same = on(AFTER).rule_hash

    assert len(same) == 64
    assert on(date(2027, 1, 1)).rule_hash == same
    assert (
        on(AFTER, ("as_of: 2026-08-01\n    family: {official_decile: 4}", "family: {official_decile: 4}")).rule_hash
        == same
    )
    assert (
        on(AFTER, ("rule: official_decile <= decile_limit", "rule: (official_decile   <=   decile_limit)")).rule_hash
        == same
    )
    assert on(AFTER, ("value: 4, law: Decree 1", "value: 2, law: Decree 1")).rule_hash == same
    assert on(AFTER, ("uncertain: [Everything]\n", "")).rule_hash == same


@pytest.mark.parametrize(
    "change",
    [
        ("{from: 2026-07-01, value: 3,", "{from: 2026-07-01, value: 2,"),
        ("rule: civil_servant_in_family", "rule: state_pensioner_in_family"),
        ("rule: official_decile <= decile_limit", "rule: official_decile < decile_limit"),
        ("{id: decile, rule", "{id: desil, rule"),
        ("en: Decile too high", "en: Your decile is too high"),
        ("expires_after_months: 12", "expires_after_months: 6"),
        ("en: Bring a letter", "en: Bring two letters"),
        ("  - {programme: PKH, reason", "  - {programme: PIP, reason"),
        ("stages: 4", "stages: 2"),
        ("change_takes_effect: next_stage", "change_takes_effect: next_year"),
        ("amount: amount_family}", "amount: amount_elder}"),
        (", at_most: most_elders}", "}"),
        ("  most_persons: most_elders\n", ""),
        ("level: village", "level: district"),
        ("area: registered", "area: residence"),
        ("key: lives_alone, order: descending", "key: lives_alone, order: ascending"),
        ("seed: rice-2026", "seed: rice-2027"),
        ("exempt: elderly_70 >= 1", "exempt: elderly_75 >= 1"),
        ("rule: receives_pena", "rule: receives_pip"),
        ("{rule: lone_elder, reason", "{rule: lives_alone, reason"),
        ("way_back: {id: Ke desa, en: Ask the village}", "way_back: {id: Ke desa, en: Ask at the village}"),
        ("budget_line: Not known", "budget_line: Not known\nproposed_by: The village"),
        ("valid_until: 2028-01-01", "valid_until: 2028-01-01\naccepts: kesos_estimate"),
        ("unit: years", "unit: years\n    # nothing"),
    ],
    ids=lambda change: str(change[1])[:30],
)  # fmt: skip
def test_rule_hash_changes_with_everything_that_decides(change: tuple[str, str]) -> None:
    is_comment = "# nothing" in change[1]
    changes = [change]
    if "desil, rule" in change[1]:
        changes.append(("because: [decile]", "because: [desil]"))
    if "PIP, reason" in change[1]:
        changes.append(("not_checked: [civil_servant, receives_pkh]", "not_checked: []"))

    assert (on(AFTER, *changes).rule_hash == on(AFTER).rule_hash) is is_comment


def test_rule_hash_changes_with_the_derivation_of_a_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    vocabulary = load_vocabulary()
    before = on(AFTER).rule_hash
    other = vocabulary.facts["elderly_60"]
    changed = type(other)("elderly_60", other.level, other.fact.model_copy(update={"source": "another"}))
    facts = {**vocabulary.facts, "elderly_60": changed}
    monkeypatch.setattr(vocabulary, "facts", facts)

    # Only lone_elder is named by a rule; it is made of elderly_60.
    assert on(AFTER).rule_hash != before


def test_change_days_lists_each_day_once_within_the_time_of_the_programme() -> None:
    assert change_days(rice_aid()) == (date(2024, 1, 1), date(2026, 5, 15), AFTER)
    later = rice_aid(("{id: remote, until: 2026-07-01,", "{id: remote, from: 2020-01-01, until: 2028-01-01,"))
    assert change_days(later) == (date(2024, 1, 1), date(2026, 5, 15), AFTER)


def test_every_day_between_two_changes_is_the_same() -> None:
    programme: Programme = read_programme("# a comment\n" + RICE_AID, file=FILE)
    hashes = {
        programme_on(programme, day, load_vocabulary(), codes=CODES).rule_hash
        for day in (date(2026, 5, 15), date(2026, 6, 1), BEFORE)
    }

    assert len(hashes) == 1
