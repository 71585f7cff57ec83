"""Facts of persons: what is known, what is known without asking, what is unknown, and what is too old."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kesos.pipeline.determine.facts.derivation import months_before
from kesos.policy.programme import Unit
from kesos.policy.vocabulary.vocabulary import load_vocabulary

AS_OF = date(2026, 9, 30)
ADULT = date(1990, 1, 1)
CHILD = date(2016, 1, 1)
TODDLER = date(2025, 1, 1)
PRESCHOOL = date(2022, 9, 30)  # 4 years
NOTHING_HARD = {
    f"difficulty_{what}_code": 4
    for what in (
        *("seeing", "hearing", "walking", "using_hands", "learning", "behaviour"),
        *("speaking", "self_care", "remembering"),
    )
}
FIRST_SIX = dict(list(NOTHING_HARD.items())[:6])


def _value(release: Any, fact: str, **columns: Any) -> object:
    release.add("person", {"person_id": 1, "birth_date": ADULT, **columns})
    return release.made(fact).of("person", fact)[0]


@pytest.mark.parametrize(
    ("born", "as_of", "age"),
    [
        (date(2000, 2, 29), date(2026, 2, 28), 25),
        (date(2000, 2, 29), date(2026, 3, 1), 26),
        (date(2000, 2, 29), date(2028, 2, 28), 27),
        (date(2000, 2, 29), date(2028, 2, 29), 28),
        (date(1966, 10, 1), date(2026, 9, 30), 59),
        (date(1966, 9, 30), date(2026, 9, 30), 60),
        (date(2026, 9, 30), date(2026, 9, 30), 0),
        (date(2026, 10, 1), date(2026, 9, 30), None),
        (None, date(2026, 9, 30), None),
    ],
)
def test_age_counts_birthdays(release: Any, born: date | None, as_of: date, age: int | None) -> None:
    release.add("person", {"person_id": 1, "birth_date": born})

    assert release.made("age", as_of=as_of).of("person", "age") == [age]


def test_age_agrees_with_counting_birthdays_one_by_one(release: Any) -> None:
    births = [date(2020, 2, 20) + timedelta(days=step) for step in range(20)]
    release.add("person", *({"person_id": place, "birth_date": born} for place, born in enumerate(births, start=1)))
    as_of = date(2026, 2, 28)

    def birthdays(born: date) -> int:
        leap_born = (born.month, born.day) == (2, 29)
        days = [date(year, 3, 1) if leap_born and year % 4 else born.replace(year=year) for year in range(2021, 2028)]
        return sum(day <= as_of for day in days)

    assert release.made("age", as_of=as_of).of("person", "age") == [birthdays(born) for born in births]


@pytest.mark.parametrize(
    ("fact", "columns", "value"),
    [
        ("sex", {"sex": "female"}, "female"),
        ("sex", {"sex": None}, None),
        ("relation", {"relation_code": 1}, "head"),
        ("relation", {"relation_code": 4}, "child_in_law"),
        ("relation", {"relation_code": 5}, "grandchild"),
        ("relation", {"relation_code": 7}, "domestic_worker"),
        ("relation", {"relation_code": 8}, "other"),
        ("relation", {}, None),
        ("pregnant", {"sex": "female", "pregnant_code": 1}, True),
        ("pregnant", {"sex": "female", "pregnant_code": 2}, False),
        ("pregnant", {"sex": "female"}, None),
        ("pregnant", {"sex": "male"}, False),
        ("pregnant", {"sex": "female", "birth_date": date(2017, 1, 1)}, False),
        ("pregnant", {"sex": "female", "birth_date": date(1971, 9, 30)}, False),
        ("pregnant", {"sex": "female", "birth_date": date(1971, 10, 1)}, None),
        ("pregnant", {"sex": None}, None),
        ("school_level", {"school_participation_code": 2, "education_level_code": 4}, "sd"),
        ("school_level", {"school_participation_code": 2, "education_level_code": 6}, "smp"),
        ("school_level", {"school_participation_code": 2, "education_level_code": 10}, "smp"),
        ("school_level", {"school_participation_code": 2, "education_level_code": 17}, "sma"),
        ("school_level", {"school_participation_code": 2, "education_level_code": 18}, "tertiary"),
        ("school_level", {"school_participation_code": 2}, None),
        ("school_level", {"school_participation_code": 3, "education_level_code": 13}, "none"),
        ("school_level", {"school_participation_code": 1}, "none"),
        ("school_level", {"birth_date": CHILD}, None),
        ("school_level", {"birth_date": PRESCHOOL}, "none"),
        ("school_level", {"birth_date": None}, None),
        ("severe_disability", NOTHING_HARD, False),
        ("severe_disability", {**NOTHING_HARD, "difficulty_walking_code": 1}, True),
        ("severe_disability", {**NOTHING_HARD, "difficulty_walking_code": 2}, False),
        ("severe_disability", {**NOTHING_HARD, "difficulty_self_care_code": 2}, True),
        ("severe_disability", {**NOTHING_HARD, "difficulty_self_care_code": 3}, False),
        ("severe_disability", {**NOTHING_HARD, "difficulty_seeing_code": None}, None),
        ("severe_disability", {**NOTHING_HARD, "difficulty_remembering_code": None}, None),
        ("severe_disability", {"difficulty_seeing_code": 1}, True),
        ("severe_disability", {}, None),
        ("severe_disability", {"birth_date": TODDLER}, False),
        ("severe_disability", {**FIRST_SIX, "birth_date": PRESCHOOL}, False),
        ("severe_disability", {"birth_date": PRESCHOOL}, None),
        ("severe_disability", {**FIRST_SIX}, None),
        ("disability", {**NOTHING_HARD, "difficulty_walking_code": 2}, True),
        ("disability", {**NOTHING_HARD, "difficulty_walking_code": 3}, False),
        ("disability", {**NOTHING_HARD, "difficulty_speaking_code": None}, None),
        ("chronic_illness", {"chronic_illness_code": 1}, False),
        ("chronic_illness", {"chronic_illness_code": 5}, True),
        ("chronic_illness", {}, None),
        ("working", {"is_working_code": 1}, True),
        ("working", {"is_working_code": 2}, False),
        ("working", {"work_status_code": 4}, True),
        ("working", {}, None),
        ("working", {"birth_date": PRESCHOOL}, False),
        ("has_business", {"business_sector_code": 12}, True),
        ("has_business", {"work_status_code": 2}, True),
        ("has_business", {"is_working_code": 1}, False),
        ("has_business", {"work_status_code": 4}, False),
        ("has_business", {}, None),
        ("has_business", {"birth_date": date(2017, 1, 1)}, False),
        ("civil_servant", {"is_civil_servant": True}, True),
        ("civil_servant", {"is_civil_servant": False}, False),
        ("civil_servant", {"is_civil_servant": False, "facts_as_of": date(2024, 9, 29)}, None),
        ("civil_servant", {}, None),
        ("civil_servant", {"birth_date": date(2008, 10, 1)}, False),
        ("civil_servant", {"birth_date": date(2008, 9, 30)}, None),
        ("wage_per_month_idr", {"wage_per_month_idr": 3_000_000}, 3_000_000),
        ("wage_per_month_idr", {}, None),
        ("wage_above_minimum", {"wage_per_month_idr": 2_673_862}, True),
        ("wage_above_minimum", {"wage_per_month_idr": 2_673_861}, False),
        ("wage_above_minimum", {}, None),
        ("wage_above_minimum", {"birth_date": date(2011, 10, 1)}, False),
        ("wage_above_minimum", {"wage_per_month_idr": 9_000_000, "registered_village": "9901012001"}, None),
        ("has_nik", {"nik_status": "none"}, False),
        ("has_nik", {"nik_status": "conflicting"}, True),
    ],
)
def test_fact_of_a_person(release: Any, fact: str, columns: dict[str, Any], value: object) -> None:
    assert _value(release, fact, **columns) == value


@pytest.mark.parametrize(
    ("fact", "columns", "months"),
    [
        ("pregnant", {"sex": "female", "pregnant_code": 1}, 9),
        ("school_level", {"school_participation_code": 2, "education_level_code": 3}, 12),
        ("severe_disability", {"difficulty_seeing_code": 1}, 60),
        ("disability", {"difficulty_seeing_code": 1}, 60),
        ("chronic_illness", {"chronic_illness_code": 7}, 24),
        ("working", {"is_working_code": 1}, 24),
        ("has_business", {"business_sector_code": 1}, 24),
        ("civil_servant", {"is_civil_servant": True}, 24),
        ("wage_per_month_idr", {"wage_per_month_idr": 1}, 12),
        ("wage_above_minimum", {"wage_per_month_idr": 9_000_000}, 12),
    ],
)
def test_fact_too_old_is_unknown(release: Any, fact: str, columns: dict[str, Any], months: int) -> None:
    last = months_before(AS_OF, months)
    rows = ({"birth_date": ADULT, "facts_as_of": day, **columns} for day in (last, last - timedelta(days=1)))
    release.add("person", *({"person_id": place, **row} for place, row in enumerate(rows, start=1)))

    fresh, old = release.made(fact).of("person", fact, f"{fact}__on")

    assert fresh[0] is not None
    assert fresh[1] == last
    assert old == (None, last - timedelta(days=1))


def test_what_is_known_without_asking_does_not_age(release: Any) -> None:
    release.add("person", {"person_id": 1, "sex": "male", "pregnant_code": 2, "facts_as_of": date(2020, 1, 1)})

    assert release.made("pregnant").of("person", "pregnant") == [False]


def test_every_fact_of_the_registry_is_tried_here() -> None:
    tried = {mark.args[1][place][0] for mark in test_fact_of_a_person.pytestmark for place in range(len(mark.args[1]))}

    facts = {name for name, item in load_vocabulary().at(Unit.PERSON).items() if not item.fact.stated}
    assert facts - tried == {"age"}


def test_the_dead_have_no_facts_and_those_without_family_do(release: Any) -> None:
    release.add(
        "person",
        {"person_id": 3, "life_status": "moved"},
        {"person_id": 1, "life_status": "dead"},
        {"person_id": 2, "life_status": None, "family_id": None},
    )

    assert release.made("age").of("person", "person_id", "family_id") == [(2, None), (3, None)]


def test_lineage_dates_each_value_by_its_own_record(release: Any) -> None:
    release.add("person", {"person_id": 1, "birth_date": ADULT, "is_working_code": 1, "chronic_illness_code": 2})
    release.add("person", {"person_id": 2, "birth_date": ADULT, "is_working_code": 2})
    release.add(
        "person_lineage",
        {"person_id": 1, "is_working_code_record_id": 7, "chronic_illness_code_record_id": 3},
        {"person_id": 2, "is_working_code_record_id": 3},
    )
    release.add(
        "person_record",
        {"record_id": 3, "person_id": 1, "observed_on": date(2024, 1, 1)},
        {"record_id": 7, "person_id": 1, "observed_on": None, "delivered_on": date(2026, 5, 1)},
    )

    made = release.made("working", "chronic_illness")

    assert made.of("person", "working", "working__on") == [(True, date(2026, 5, 1)), (None, date(2024, 1, 1))]
    assert made.of("person", "chronic_illness", "chronic_illness__on") == [(None, date(2024, 1, 1)), (None, None)]


def test_value_without_day_counts_from_the_record_of_the_person_else_is_too_old(release: Any) -> None:
    answered = {"birth_date": ADULT, "is_working_code": 1}
    release.add("person", {"person_id": 1, **answered, "facts_as_of": date(2025, 1, 1)})
    release.add("person", {"person_id": 2, **answered, "facts_as_of": date(2024, 1, 1)})
    release.add("person", {"person_id": 3, **answered, "facts_as_of": None})
    without_lineage = release.made("working").of("person", "working", "working__on")
    release.add("person_lineage", *({"person_id": number} for number in (1, 2, 3)))
    release.add("person_record", {"record_id": 1})

    made = release.made("working").of("person", "working", "working__on")

    assert made == [(True, date(2025, 1, 1)), (None, date(2024, 1, 1)), (None, None)]
    assert without_lineage == made


@pytest.mark.parametrize(
    ("first", "second", "is_working", "day"),
    [
        (date(2025, 1, 1), date(2026, 1, 1), True, date(2025, 1, 1)),
        (date(2026, 1, 1), date(2020, 1, 1), True, date(2020, 1, 1)),
        (None, date(2026, 1, 1), True, date(2026, 1, 1)),  # the first says nothing: its day is not known
        (None, date(2020, 1, 1), None, date(2020, 1, 1)),
        (None, None, None, None),
    ],
)
def test_fact_of_two_columns_has_the_older_day_and_no_value_of_unknown_day(
    release: Any, first: date | None, second: date | None, is_working: bool | None, day: date | None
) -> None:
    columns = {"is_working_code": 1, "work_status_code": 4}
    release.add("person", {"person_id": 1, "birth_date": ADULT, **columns, "facts_as_of": None})
    records = {number: known for number, known in enumerate((first, second), start=7) if known is not None}
    named = {7: "is_working_code_record_id", 8: "work_status_code_record_id"}
    release.add("person_lineage", {"person_id": 1, **{named[number]: number for number in records}})
    release.add("person_record", {"record_id": 1}, *({"record_id": n, "observed_on": d} for n, d in records.items()))

    assert release.made("working").of("person", "working", "working__on") == [(is_working, day)]


def test_coverage_turns_absence_into_no_inside_its_area_and_time(release: Any) -> None:
    villages = ("5204082001", "5205012001", "5206012001", "5207012001", None)
    release.add(
        "person",
        *(
            {"person_id": place, "birth_date": ADULT, "registered_village": village, "residence_village": None}
            for place, village in enumerate(villages, start=1)
        ),
    )
    release.covered("civil_servants", "52.04")
    release.covered("civil_servants", "5206", until="2024-09-30")  # last day 29 September 2024: too old by a day
    release.covered("civil_servants", "5207", since="2026-10-01")  # begins after the day
    release.covered("wages", "5205", until="2025-10-01")  # last day 30 September 2025: just fresh

    made = release.made("civil_servant", "wage_above_minimum")

    assert made.of("person", "civil_servant") == [False, None, None, None, None]
    assert made.of("person", "wage_above_minimum") == [None, False, None, None, None]


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2028, 3, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 9, 30), 60, date(2021, 9, 30)),
        (date(2026, 12, 31), 12, date(2025, 12, 31)),
    ],
)
def test_months_before_stays_inside_the_month(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before
