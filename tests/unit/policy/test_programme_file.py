"""A programme file is read whole, or refused with the file, the place and what to do."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kesos.policy.programme_file import dated_parts, read_programme
from kesos.policy.programme_refusals import (
    BrokenProgramme,
    EndsBeforeItBegins,
    FactOfAnotherLevel,
    MisnamedProgramme,
    MisplacedPart,
    MissingCase,
    MissingProgrammeKey,
    NumberWithoutGround,
    ProgrammeIsNotYaml,
    QuotaWithoutLottery,
    RepeatedId,
    ShadowedFact,
    TooManyClauses,
    UnknownFact,
    UnknownProgrammeKey,
    UnknownProgrammeName,
    ValuesOutOfOrder,
    WrongFactValue,
    WrongParameter,
)
from unit.policy.rice_aid import FILE, RICE_AID, changed, rice_aid

PERIOD = ("{id: remote, until: 2026-07-01,", "{id: remote, from: 2026-07-01, until: 2026-07-01,")
BROKEN: dict[str, tuple[tuple[str, str], type[BrokenProgramme], str]] = {
    "unknown key": (("budget_line: Not known", "budget_lines: Not known"), UnknownProgrammeKey, "budget_lines"),
    "missing key": (("budget_line: Not known\n", ""), MissingProgrammeKey, "budget_line"),
    "repeated key": (("budget_line: Not known", "budget_line: a\nbudget_line: b"), ProgrammeIsNotYaml, "line 75"),
    "wrong value": (("stages: 4", "stages: 13"), BrokenProgramme, "benefit.stages"),
    "no English": (("{id: Desil di atas batas, en: Decile too high}", "{id: Desil di atas batas}"),
                   MissingProgrammeKey, "eligibility.0.reason.en"),
    "other code": (("code: RICE-AID", "code: RICE"), MisnamedProgramme, "code"),
    "id twice": (("{id: remote, ", "{id: decile, "), RepeatedId, "eligibility.decile"),
    "id of an exit": (("{id: capital, ", "{id: civil_servant, "), RepeatedId, "exits.civil_servant"),
    "id of a membership": (("{id: remote, ", "{id: receives_pkh, "), RepeatedId, "incompatible.PKH"),
    "reserved id": (("{id: capital, ", "{id: quota, "), RepeatedId, "exits.quota"),
    "component twice": (("{code: family, ", "{code: elder, "), RepeatedId, "benefit.components.elder"),
    "at most of nothing": (("at_most: most_elders}", "at_most: most}"), UnknownProgrammeName,
                           "benefit.components.elder.at_most"),
    "most persons of nothing": (("most_persons: most_elders", "most_persons: m"), UnknownProgrammeName,
                                "benefit.most_persons"),
    "months of nothing": (("at_most_months: longest", "at_most_months: long"), UnknownProgrammeName,
                          "duration.at_most_months"),
    "months in persons": (("at_most_months: longest", "at_most_months: most_elders"), WrongParameter,
                          "duration.at_most_months"),
    "half a person": (("value: 2, law", "value: 1.5, law"), WrongParameter, "benefit.most_persons"),
    "less than nobody": (("value: 2, law", "value: -1, law"), WrongParameter, "benefit.most_persons"),
    "values in disorder": (("{from: 2026-07-01, value: 3", "{from: 2024-01-01, value: 3"), ValuesOutOfOrder,
                           "parameters.decile_limit"),
    "values without a day": (("{from: 2026-07-01, value: 3", "{value: 3"), ValuesOutOfOrder,
                             "parameters.decile_limit"),
    "values that overlap": (("{from: 2024-01-01, value: 4,", "{from: 2024-01-01, until: 2026-07-02, value: 4,"),
                            ValuesOutOfOrder, "parameters.decile_limit"),
    "a number without ground": (("value: 60, law: Decree 1}]\nel", "value: 60}]\nel"), NumberWithoutGround,
                                "parameters.longest"),
    "a doubt without words": (("uncertain: Announced and not read", 'uncertain: ""'), NumberWithoutGround,
                              "parameters.decile_limit"),
    "a fact's name": (("  elderly_age:\n", "  head_age:\n"), ShadowedFact, "parameters.head_age"),
    "a membership's name": (("  elderly_age:\n", "  months_waiting:\n"), ShadowedFact, "parameters.months_waiting"),
    "the name of receiving": (
        ("  elderly_age:\n", "  receives_rice:\n"),
        ShadowedFact,
        "parameters.receives_rice",
    ),
    "ends before it begins": (("valid_until: 2028-01-01", "valid_until: 2024-01-01"), EndsBeforeItBegins,
                              "valid_until"),
    "a clause never in force": (PERIOD, EndsBeforeItBegins, "eligibility.remote"),
    "condition of nothing": (("components: [elder], text", "components: [elders], text"), UnknownProgrammeName,
                             "conditions.meeting"),
    "because of nothing": (("because: [decile]", "because: [desil]"), UnknownProgrammeName, "cases.2.expect"),
    "not checked: nothing": (("not_checked: [civil_servant,", "not_checked: [servant,"), UnknownProgrammeName,
                             "cases.2.expect"),
    "paid for nothing": (("components: [elder, family]", "components: [elder, house]"), UnknownProgrammeName,
                         "cases.1.expect.components"),
    "no lottery": (("lottery: {seed: rice-2026, published: On the board of the village}\n", ""), QuotaWithoutLottery,
                   "quota"),
    "no case of no": (("eligibility: not_eligible", "eligibility: to_verify"), MissingCase, "cases"),
    "a person of a family": (("members: [{age: 64}, {age: 30}]", "person: {age: 64}"), MisplacedPart, "cases.1.person"),
    "a group of a family": (("members: [{age: 64}, {age: 30}]", "group: {group_families: 6}"), MisplacedPart,
                            "cases.1.group"),
    "a person of a dwelling": (("unit: family", "unit: dwelling"), MisplacedPart, "benefit.components.elder.of"),
    "no fact": (("{official_decile: 4}", "{official_decil: 4}"), UnknownFact, "cases.2.family.official_decil"),
    "a fact of persons": (("{official_decile: 4}", "{age: 4}"), FactOfAnotherLevel, "cases.2.family.age"),
    "another list": (("[{age: 64}, ", "[{is_member: true}, "), UnknownFact, "cases.1.members.1.is_member"),
    "half a decile": (("{official_decile: 4}", "{official_decile: 4.5}"), WrongFactValue,
                      "cases.2.family.official_decile"),
    "a decile of yes": (("{official_decile: 4}", "{official_decile: true}"), WrongFactValue,
                        "cases.2.family.official_decile"),
    "a truth of 1": (("civil_servant_in_family: false", "civil_servant_in_family: 1"), WrongFactValue,
                     "cases.1.family.civil_servant_in_family"),
    "membership of text": (("receives_pkh: false", "receives_pkh: lama"), WrongFactValue,
                           "cases.1.family.receives_pkh"),
    "no such code": (("{age: 64}, ", "{school_level: SD}, "), WrongFactValue, "cases.1.members.1.school_level"),
}  # fmt: skip


def test_read_programme_reads_the_whole_file() -> None:
    programme = rice_aid()

    assert programme.code == "RICE-AID"
    assert [clause.id for clause in programme.eligibility] == ["decile", "remote"]
    assert programme.parameters["amount_elder"].values[1].value == 150001
    assert programme.cases[0].expect.amount_idr == 2400012


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_read_programme_refuses_with_file_and_place(broken: tuple[tuple[str, str], type[BrokenProgramme], str]) -> None:
    change, refusal, place = broken

    with pytest.raises(BrokenProgramme) as caught:
        rice_aid(change)

    assert type(caught.value) is refusal
    assert caught.value.fields["place"] == place
    assert str(caught.value).startswith(f"Programme file {FILE}, at {place}: ")


def test_read_programme_refuses_text_that_is_no_mapping() -> None:
    with pytest.raises(ProgrammeIsNotYaml):
        read_programme("- a\n- b", file=FILE)


def test_read_programme_takes_the_name_of_the_file_from_its_path() -> None:
    assert read_programme(RICE_AID, file="/somewhere/else/rice-aid.yaml").code == "RICE-AID"
    with pytest.raises(MisnamedProgramme) as caught:
        read_programme(RICE_AID, file="/somewhere/rice-aid/RICE-AID.yaml")
    assert caught.value.fields["expected"] == "rice-aid.yaml"


def test_read_programme_names_the_nearest_fact_and_the_level_of_a_misplaced_one() -> None:
    with pytest.raises(UnknownFact) as unknown:
        rice_aid(("{official_decile: 4}", "{official_decil: 4}"))
    with pytest.raises(FactOfAnotherLevel) as misplaced:
        rice_aid(("{official_decile: 4}", "{age: 4}"))

    assert unknown.value.fields["nearest"] == "official_decile"
    assert misplaced.value.fields["level"] == "person"


def test_read_programme_takes_unknown_and_every_kind_of_value_that_fits() -> None:
    facts = "{official_decile: null, official_score: 0.25, civil_servant_in_family: true, is_member: true}"

    programme = rice_aid(("{official_decile: 4}", facts))

    assert programme.cases[1].family == {
        "official_decile": None, "official_score": Decimal("0.25"), "civil_servant_in_family": True,
        "is_member": True,
    }  # fmt: skip


def test_read_programme_takes_31_clauses_and_no_more() -> None:
    said = "reason: {id: a, en: a}"
    more = [f"  - {{programme: P{number}, {said}}}" for number in range(1, 28)]
    full = ("incompatible:\n", "\n".join(["incompatible:", *more]) + "\n")

    assert len(rice_aid(full).incompatible) == 28
    with pytest.raises(TooManyClauses) as caught:
        rice_aid((full[0], f"{full[1]}  - {{programme: P28, {said}}}\n"))
    assert caught.value.fields["clauses"] == 32


def test_values_may_follow_one_another_with_a_gap_or_without() -> None:
    gap = ("{from: 2024-01-01, value: 4,", "{from: 2024-01-01, until: 2026-01-01, value: 4,")
    seam = ("{from: 2024-01-01, value: 4,", "{from: 2024-01-01, until: 2026-07-01, value: 4,")

    assert rice_aid(gap).parameters["decile_limit"].on(date(2026, 3, 1)) is None
    found = [rice_aid(seam).parameters["decile_limit"].on(date(2026, month, 30)) for month in (6, 7)]
    assert [value and value.value for value in found] == [4, 3]


def test_dated_parts_lists_every_part_that_has_days() -> None:
    places = [place for place, _ in dated_parts(rice_aid())]

    assert places == [
        *("parameters.decile_limit", "parameters.decile_limit", "parameters.elderly_age", "parameters.amount_elder"),
        *("parameters.amount_elder", "parameters.amount_family", "parameters.most_elders", "parameters.longest"),
        *("eligibility.decile", "eligibility.remote", "exclusions.civil_servant", "incompatible.PKH"),
        *("benefit.components.elder", "benefit.components.family", "duration", "exits.capital"),
    ]


def test_changed_refuses_a_piece_that_is_not_there() -> None:
    with pytest.raises(AssertionError):
        changed(("no such text", ""))
