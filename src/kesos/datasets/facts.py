"""The facts that a registry holds about a person, a family and a dwelling, with the codes of Regsosek 2022.

Codes are kept as the questionnaire has them, because every later rule and report quotes the question.
Source: BPS, questionnaire REGSOSEK22-K, blocks III to V, read through public transcriptions; where those
disagree (roof 305 codes 5 and 6; cooking 308 code 0 or 12) the stored code is the one named here and a
source contract recodes its own: see docs/reference/code-lists.md. Unknown is null, never zero.
"""

from __future__ import annotations

from typing import Final

from kesos.datasets.schema import Column


def _code(name: str, item: str, last: int, meaning: str, *, also: tuple[int, ...] = ()) -> Column:
    return Column(name, "SMALLINT", meaning, codes=(*range(1, last + 1), *also), item=item)


def _difficulty(name: str, letter: str, what: str) -> Column:
    return _code(
        f"difficulty_{name}_code", f"428{letter}", 4, f"Difficulty {what}: 1 cannot at all, 2 a lot, 3 some, 4 none."
    )


def _owns(name: str, letter: str, what: str) -> Column:
    return Column(f"has_{name}", "BOOLEAN", f"The family owns {what}.", item=letter)


def _animals(name: str, letter: str) -> Column:
    return Column(f"{name}_count", "INTEGER", f"Number of {name} the family keeps.", unit="head", item=f"504{letter}")


PERSON_FACTS: Final = (
    _code("school_participation_code", "412", 3, "1 never at school, 2 at school, 3 no longer at school."),
    _code("education_level_code", "413", 22, "Highest level and kind of education attended."),
    _code("diploma_code", "415", 23, "Highest diploma held."),
    _code("is_working_code", "416a", 2, "Worked or helped to work in the past week: 1 yes, 2 no."),
    _code("work_sector_code", "417", 26, "Sector of the main job."),
    _code("work_status_code", "418", 8, "Position in the main job."),
    _code("business_sector_code", "421", 26, "Sector of the person's main business."),
    Column("paid_workers_count", "INTEGER", "Paid workers of the person's business.", unit="persons", item="422"),
    Column("unpaid_workers_count", "INTEGER", "Unpaid workers of the business.", unit="persons", item="423"),
    _code("business_turnover_code", "425", 7, "Turnover class of the main business, a month."),
    _code("pregnant_code", "410", 2, "Women of 10 to 54 who were ever married: 1 pregnant, 2 not."),
    _code(
        "nutrition_code", "427", 3, "Children under 5: 1 wasting, 2 stunting, 3 no record, 8 does not know.", also=(8,)
    ),
    _difficulty("seeing", "a", "seeing"),
    _difficulty("hearing", "b", "hearing"),
    _difficulty("walking", "c", "walking or climbing stairs"),
    _difficulty("using_hands", "d", "using hands and fingers"),
    _difficulty("learning", "e", "learning, intellectual ability"),
    _difficulty("behaviour", "f", "controlling behaviour"),
    _difficulty("speaking", "g", "speaking and being understood"),
    _difficulty("self_care", "h", "caring for oneself"),
    _difficulty("remembering", "i", "remembering or concentrating"),
    _code("sadness_code", "428j", 4, "Sadness or depression: 1 very often to 4 never."),
    _code("chronic_illness_code", "430", 18, "Chronic complaint; 1 is none."),
    Column("is_civil_servant", "BOOLEAN", "Employed by the State; null, never no, where no list says so."),
    Column("wage_per_month_idr", "BIGINT", "Wage of the newest month that an employer reported.", unit="IDR"),
)

FAMILY_FACTS: Final = (
    _code("tenure_code", "301a", 5, "How the family holds the building it lives in: 1 its own, to 5 other."),
    _owns("gas_cylinder", "502a", "a gas cylinder of 5.5 kg or more"),
    _owns("refrigerator", "502b", "a refrigerator"),
    _owns("air_conditioner", "502c", "an air conditioner"),
    _owns("water_heater", "502d", "a water heater"),
    _owns("landline", "502e", "a landline telephone"),
    _owns("flat_tv", "502f", "a flat-screen television"),
    _owns("gold", "502g", "gold or jewellery of at least 10 g"),
    _owns("computer", "502h", "a computer, laptop or tablet"),
    _owns("motorcycle", "502i", "a motorcycle"),
    _owns("bicycle", "502j", "a bicycle"),
    _owns("car", "502k", "a car"),
    _owns("boat", "502l", "a boat"),
    _owns("motorboat", "502m", "a motor boat"),
    _owns("smartphone", "502n", "a smartphone"),
    _owns("other_land", "503a", "land other than where it lives"),
    _owns("other_house", "503b", "a house or building elsewhere"),
    _animals("cattle", "a"),
    _animals("buffalo", "b"),
    _animals("horses", "c"),
    _animals("pigs", "d"),
    _animals("goats_sheep", "e"),
    Column("pbi_national", "BOOLEAN", "A member's health premium is paid by the State (PBI-JK)."),
    Column("pbi_local", "BOOLEAN", "A member's health premium is paid by the local government."),
)

DWELLING_FACTS: Final = (
    Column("floor_area_m2", "INTEGER", "Floor area of the building.", unit="m2", item="302"),
    _code("floor_material_code", "303", 9, "Widest floor material: 1 marble or granite, to 9 other."),
    _code("wall_material_code", "304", 7, "Widest wall material: 1 brick, to 7 other."),
    _code("roof_material_code", "305", 8, "Widest roof: 1 concrete, 5 wood shingle, 6 bamboo, 8 other."),
    _code("drinking_water_code", "306a", 11, "Main source of drinking water: 1 branded bottle, to 11 other."),
    _code("lighting_code", "307a", 4, "Main lighting: 1 PLN with meter, 2 PLN without, 3 other electricity, 4 none."),
    _code("installed_power_code", "307b1", 5, "Power of the first meter: 1 is 450 VA, 2 is 900 VA, to 5."),
    _code("cooking_fuel_code", "308", 11, "Main cooking fuel; 0 does not cook at home.", also=(0,)),
    _code("toilet_facility_code", "309a", 6, "Toilet: 1 own, 2 shared, 3 communal, to 6 none."),
    _code("toilet_type_code", "309b", 4, "Kind of toilet bowl: 1 goose-neck, to 4 pit."),
    _code("sewage_code", "310", 6, "Where faeces go: 1 septic tank, to 6 other."),
)
