"""Facts of families, dwellings and groups: ranges of counts, three-valued any, rules, and what stays when rows move."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from kesos.pipeline.determine.facts.areas import AreaColumn
from kesos.policy.programme import Unit
from kesos.policy.vocabulary.vocabulary import load_vocabulary

AS_OF = date(2026, 9, 30)
ELDER = {"birth_date": date(1950, 1, 1), "sex": "female"}
ADULT = {"birth_date": date(1990, 1, 1), "sex": "male"}
CHILD = {"birth_date": date(2016, 1, 1), "sex": "male"}
INFANT = {"birth_date": date(2025, 1, 1), "sex": "female"}
NOBODY_KNOWS: dict[str, Any] = {"birth_date": None, "sex": None}


@pytest.mark.parametrize(
    ("count", "members", "known_and_open"),
    [
        ("children_0_6", (INFANT, CHILD, ADULT), (1, 0)),
        ("children_0_6", ({"birth_date": date(2019, 10, 1)}, {"birth_date": date(2019, 9, 30)}), (1, 0)),
        ("children_0_6", (ADULT, NOBODY_KNOWS), (0, 1)),
        ("children_under_18", (CHILD, INFANT, ADULT), (2, 0)),
        ("school_age_6_18", (CHILD, INFANT, ADULT), (1, 0)),
        ("elderly_60", ({"birth_date": date(1966, 9, 30)}, {"birth_date": date(1966, 10, 1)}), (1, 0)),
        ("elderly_70", (ELDER, {"birth_date": date(1960, 1, 1)}), (1, 0)),
        ("elderly_75", (ELDER, {"birth_date": date(1952, 1, 1)}), (1, 0)),
        ("adults_productive", (ADULT, ELDER, CHILD, {"birth_date": date(2008, 9, 30)}), (2, 0)),
        ("pregnant_members", ({**ELDER, "pregnant_code": None}, ADULT), (0, 0)),
        ("pregnant_members", ({"birth_date": date(1995, 1, 1), "sex": "female"}, ADULT), (0, 1)),
        ("pregnant_members", ({"birth_date": date(1995, 1, 1), "sex": "female", "pregnant_code": 1},), (1, 0)),
        ("pupils_sd", ({**CHILD, "school_participation_code": 2, "education_level_code": 3}, CHILD), (1, 1)),
        ("pupils_sd", ({**ADULT, "school_participation_code": 2, "education_level_code": 1},), (0, 0)),
        ("pupils_sd", (ADULT, ELDER, INFANT), (0, 0)),
        ("pupils_smp", ({**CHILD, "school_participation_code": 2, "education_level_code": 9},), (1, 0)),
        ("pupils_sma", ({**CHILD, "school_participation_code": 2, "education_level_code": 15},), (1, 0)),
        ("severe_disability_members", ({**ADULT, "difficulty_hearing_code": 1}, ADULT), (1, 1)),
        ("orphans", (CHILD, ADULT), (0, 1)),
        ("working_members", ({**ADULT, "is_working_code": 1}, {**ADULT, "is_working_code": 2}, ADULT), (1, 1)),
        ("business_members", ({**ADULT, "business_sector_code": 3}, INFANT), (1, 0)),
    ],
)  # fmt: skip
def test_count_over_members_is_a_range(
    release: Any, count: str, members: tuple[dict[str, Any], ...], known_and_open: tuple[int, int]
) -> None:
    release.family(1, *members)

    assert release.made(count).range(count) == [known_and_open]


@pytest.mark.parametrize(
    ("fact", "members", "columns", "value"),
    [
        ("official_decile", (ADULT,), {"official_decile": 3, "official_period": "2026-T3"}, 3),
        ("official_decile", (ADULT,), {}, None),
        ("official_score", (ADULT,), {"official_score": Decimal("0.25")}, Decimal("0.25")),
        ("active_members", (ADULT, CHILD, {**ELDER, "life_status": "dead"}), {"active_members": 9}, 2),
        ("lives_alone", (ADULT,), {}, True),
        ("lives_alone", (ADULT, ADULT), {}, False),
        ("lone_elder", (ELDER,), {}, True),
        ("lone_elder", (ADULT,), {}, False),
        ("lone_elder", (ELDER, ELDER), {}, False),
        ("lone_elder", (NOBODY_KNOWS,), {}, None),
        ("lone_elder", (NOBODY_KNOWS, NOBODY_KNOWS), {}, False),
        ("head_age", ({**ADULT, "relation_code": 1}, {**ELDER, "relation_code": 6}), {}, 36),
        ("head_age", ({**ADULT, "relation_code": 3},), {}, None),
        ("head_age", ({**ADULT, "relation_code": 1}, {**ELDER, "relation_code": 1}), {}, None),
        ("head_age", ({**NOBODY_KNOWS, "relation_code": 1},), {}, None),
        ("civil_servant_in_family", ({**ADULT, "is_civil_servant": True}, ADULT), {}, True),
        ("civil_servant_in_family", (ADULT, CHILD), {}, None),
        ("civil_servant_in_family", (CHILD,), {}, False),
        ("wage_above_minimum_in_family", ({**ADULT, "wage_per_month_idr": 9_000_000}, ADULT), {}, True),
        ("wage_above_minimum_in_family", ({**ADULT, "wage_per_month_idr": 9_000},), {}, False),
        ("wage_above_minimum_in_family", ({**ADULT, "wage_per_month_idr": 9_000}, ADULT), {}, None),
        ("village_official_in_family", (ADULT,), {}, None),
        ("remote_area", (ADULT,), {"residence_village": "5208012001"}, True),
        ("remote_area", (ADULT,), {"registered_village": "5208012001"}, False),
        ("remote_area", (ADULT,), {"residence_village": None}, None),
        ("residence_differs", (ADULT,), {"residence_village": "5204082002"}, True),
        ("residence_differs", (ADULT,), {}, False),
        ("residence_differs", (ADULT,), {"residence_village": None}, None),
        ("owns_dwelling", (ADULT,), {"tenure_code": 1}, True),
        ("owns_dwelling", (ADULT,), {"tenure_code": 2}, False),
        ("owns_dwelling", (ADULT,), {}, None),
        ("owns_car", (ADULT,), {"has_car": False}, False),
        ("owns_car", (ADULT,), {"has_car": True, "facts_as_of": date(2024, 9, 29)}, None),
    ],
)  # fmt: skip
def test_fact_of_a_family(
    release: Any, fact: str, members: tuple[dict[str, Any], ...], columns: dict[str, Any], value: object
) -> None:
    release.family(1, *members, **columns)

    assert release.made(fact).of("family", fact) == [value]


def test_every_derived_fact_of_a_family_is_tried() -> None:
    tried = {case[0] for case in test_fact_of_a_family.pytestmark[0].args[1]}
    tried |= {case[0] for case in test_count_over_members_is_a_range.pytestmark[0].args[1]}

    facts = {name for name, item in load_vocabulary().at(Unit.FAMILY).items() if not item.fact.stated}
    like = {name for name in facts if name.endswith("_in_family")}  # stated of members: one shape, tried with the file
    assert facts - tried <= like


@pytest.mark.parametrize(
    ("period", "as_of", "decile", "day"),
    [
        ("2025-T4", date(2026, 9, 30), 2, date(2025, 12, 31)),
        ("2025-T4", date(2026, 10, 1), None, date(2025, 12, 31)),
        ("2026-T4", date(2026, 11, 1), 2, date(2026, 11, 1)),
    ],
)
def test_decile_ages_from_the_end_of_its_period(
    release: Any, period: str | None, as_of: date, decile: int | None, day: date
) -> None:
    release.family(1, ADULT, official_decile=2, official_period=period)

    made = release.made("official_decile", as_of=as_of)

    assert made.of("family", "official_decile", "official_decile__on") == [(decile, day)]


@pytest.mark.parametrize("period", [None, "the third"])
@pytest.mark.parametrize(
    ("recorded", "decile"),
    [(date(2025, 12, 30), 2), (date(2025, 12, 29), None), (None, None)],
)
def test_decile_without_period_ages_from_the_record(
    release: Any, period: str | None, recorded: date | None, decile: int | None
) -> None:
    release.family(1, ADULT, official_decile=2, official_period=period, facts_as_of=recorded)

    made = release.made("official_decile")

    assert made.of("family", "official_decile", "official_decile__on") == [(decile, recorded)]


def test_any_carries_the_newest_day_of_a_member_who_is(release: Any) -> None:
    servant = {**ADULT, "is_civil_servant": True}
    release.family(
        1,
        {**servant, "facts_as_of": date(2026, 1, 1)},
        {**servant, "facts_as_of": date(2026, 3, 1)},
        {**ADULT, "facts_as_of": date(2026, 9, 1)},
    )

    made = release.made("civil_servant_in_family")

    assert made.of("family", "civil_servant_in_family__on") == [date(2026, 3, 1)]


def test_family_without_living_members_has_no_facts(release: Any) -> None:
    release.family(1, {**ADULT, "life_status": "dead"})
    release.family(2, ADULT)

    assert release.made("active_members").of("family", "family_id", "active_members") == [(2, 1)]


@pytest.mark.parametrize(
    ("fact", "columns", "value"),
    [
        ("floor_area_m2", {"floor_area_m2": 21}, 21),
        ("floor_area_m2", {}, None),
        ("earth_floor", {"floor_material_code": 8}, True),
        ("earth_floor", {"floor_material_code": 9}, False),
        ("earth_floor", {}, None),
        ("poor_wall", {"wall_material_code": 4}, True),
        ("poor_wall", {"wall_material_code": 6}, True),
        ("poor_wall", {"wall_material_code": 3}, False),
        ("poor_wall", {"wall_material_code": 7}, None),
        ("poor_roof", {"roof_material_code": 7}, True),
        ("poor_roof", {"roof_material_code": 5}, False),
        ("poor_roof", {"roof_material_code": 8}, None),
        ("no_own_toilet", {"toilet_facility_code": 2}, True),
        ("no_own_toilet", {"toilet_facility_code": 1}, False),
        ("unfit_dwelling", {"floor_material_code": 8}, True),
        ("unfit_dwelling", {"floor_material_code": 1, "wall_material_code": 1, "roof_material_code": 2}, False),
        ("unfit_dwelling", {"floor_material_code": 1, "wall_material_code": 1}, None),
        ("dwelling_families", {"family_count": 3}, 3),
    ],
)
def test_fact_of_a_dwelling(release: Any, fact: str, columns: dict[str, Any], value: object) -> None:
    release.add("dwelling", {"dwelling_id": 1, **columns})

    assert release.made(fact).of("dwelling", fact) == [value]


def test_dwelling_sums_up_its_families(release: Any) -> None:
    ranked = {"official_period": "2026-T3", "dwelling_id": 1}
    release.family(1, ADULT, **ranked, official_decile=4, tenure_code=2)
    release.family(2, ADULT, **ranked, official_decile=2, tenure_code=1)
    release.family(3, ADULT, official_decile=7, official_period="2026-T3")
    release.family(4, ADULT, dwelling_id=3)

    made = release.made("poorest_decile", "dwelling_has_owner")

    assert made.of("dwelling", "poorest_decile") == [2, None, None, None]
    assert made.of("dwelling", "dwelling_has_owner") == [True, None, None, None]


def test_dwelling_is_dated_by_the_lineage_or_by_the_release(release: Any) -> None:
    release.add("dwelling", {"dwelling_id": 1, "floor_area_m2": 30})
    as_of = date(2031, 10, 1)

    assert release.made("floor_area_m2", as_of=as_of).of("dwelling", "floor_area_m2") == [None]
    release.add("dwelling_lineage", {"dwelling_id": 1, "floor_area_m2_record_id": 2})
    release.add("family_record", {"record_id": 2, "observed_on": date(2026, 10, 1)})
    assert release.made("floor_area_m2", as_of=as_of).of("dwelling", "floor_area_m2") == [30]


def test_groups_sum_up_their_families(release: Any, tmp_path: Path) -> None:
    ranked = {"official_period": "2026-T3"}
    release.family(1, {**ADULT, "business_sector_code": 2}, **ranked, official_decile=4)
    release.family(2, ADULT, **ranked, official_decile=5)
    release.family(3, ADULT, residence_village="5204092001")
    groups = tmp_path / "groups.csv"
    groups.write_text("group,name,family\nB,Melati,F-12\nB,Melati,F-23\nA,Mawar,F-12\nA,Mawar,F-34\nC,Sendiri,F-45\n")

    names = ("group_families", "group_families_decile_1_4", "group_in_one_district", "group_business_families")
    made = release.made(*names, groups=groups)

    assert made.of("group", "group_id", "group_code", "group_families") == [(1, "A", 2), (2, "B", 2), (3, "C", 1)]
    decile = "group_families_decile_1_4"
    assert made.of("group", decile, f"{decile}__open") == [(1, 1), (1, 0), (0, 1)]
    assert made.of("group", "group_in_one_district") == [False, True, None]
    business = "group_business_families"
    assert made.of("group", business, f"{business}__open") == [(1, 1), (1, 1), (0, 1)]
    assert made.of("group", "residence_village") == ["5204082001", "5204082001", None]


def test_merged_families_of_a_group_are_the_one_that_lives_on(release: Any, tmp_path: Path) -> None:
    release.family(1, ADULT, official_decile=1, official_period="2026-T3")
    release.add("identifier", {"kind": "family", "id": 2, "status": "alias", "alias_of": 1})
    groups = tmp_path / "groups.csv"
    groups.write_text("group,family\nA,F-12\nA,F-23\n")
    names = ("group_families", "group_families_decile_1_4")

    made = release.made(*names, groups=groups)

    assert made.of("group", *names) == [(1, 1)]
    assert made.made.not_found.num_rows == 0
    assert release.made(*names, groups=groups, only_families=(2,)).of("group", *names) == [(1, 1)]


def test_no_groups_file_gives_no_groups(release: Any) -> None:
    assert release.made("group_families").tables["group_facts"].num_rows == 0


def test_only_some_families_have_the_same_facts_as_among_all(release: Any) -> None:
    for family in (1, 2, 3):
        release.family(family, {**ADULT, "is_working_code": 1}, CHILD, official_decile=family)
    release.family(4, ADULT, dwelling_id=2, official_decile=1)
    release.add("person", {"person_id": 99})
    facts = ("working", "children_under_18", "official_decile", "poorest_decile")

    every, some = release.made(*facts), release.made(*facts, only_families=(2,))

    for table, key in (("person_facts", "family_id"), ("family_facts", "family_id"), ("dwelling_facts", "dwelling_id")):
        of_two, also_of_two = (
            [row for row in made.tables[table].to_pylist() if row[key] == 2] for made in (every, some)
        )
        assert also_of_two == of_two
    assert some.of("dwelling", "dwelling_id", "poorest_decile") == [(2, 1)]
    assert set(some.of("person", "family_id")) == {2, 4}


def test_only_some_persons_have_the_same_facts_as_among_all(release: Any) -> None:
    adult = {**ADULT, "is_working_code": 1}
    for family in (1, 2):
        release.family(family, adult, CHILD, official_decile=family, official_period="2026-T3")
    release.add("person", {"person_id": 98, "family_id": None, **adult}, {"person_id": 99, "family_id": None, **adult})
    release.add("person_lineage", *({"person_id": n, "is_working_code_record_id": 5} for n in (10, 20, 98, 99)))
    release.add("person_record", {"record_id": 5, "observed_on": date(2026, 5, 1)})
    facts = ("working", "children_under_18", "official_decile")

    every, alone, with_family = (release.made(*facts, only_persons=only) for only in (None, (99,), (98, 20)))

    def persons(made: Any, *chosen: int) -> list[Any]:
        return [row for row in made.tables["person_facts"].to_pylist() if row["person_id"] in chosen]

    assert alone.tables["person_facts"].to_pylist() == persons(every, 99)
    assert alone.of("person", "working__on") == [date(2026, 5, 1)]
    assert alone.tables["family_facts"].num_rows == 0
    assert with_family.tables["person_facts"].to_pylist() == persons(every, 20, 21, 98)
    assert with_family.tables["family_facts"].to_pylist() == every.tables["family_facts"].to_pylist()[1:]


def test_order_of_rows_and_threads_change_nothing(release: Any) -> None:
    mixed = random.Random(5)
    for family in range(1, 60):
        members = [mixed.choice([ADULT, CHILD, ELDER, INFANT, NOBODY_KNOWS]) for _ in range(mixed.randint(1, 6))]
        release.family(family, *members, official_decile=mixed.choice([None, 1, 5]), official_period="2026-T3")
    every = tuple(load_vocabulary().facts)
    first = release.made(*every, "receives_pkh", programmes={"PKH": ()})

    for rows in release.rows.values():
        mixed.shuffle(rows)
    second = release.made(*every, "receives_pkh", threads=2, programmes={"PKH": ()})

    assert all(first.tables[name].equals(second.tables[name]) for name in first.tables)


def test_smallest_area_counts() -> None:
    column = AreaColumn({"52": "province", "520408": "district"}, pa.string(), otherwise="none")

    assert [column.of(code) for code in ("5204082001", "5204092001", "5301012001")] == ["district", "province", "none"]
