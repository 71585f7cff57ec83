"""Write Regsosek 2022: families as enumerators met them, a building at a time, with the questionnaire's items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from kesos.foundation.columns import Values
from kesos.foundation.columns import compute as pc
from kesos.synthetic.arrow import column, constant, number_texts
from kesos.synthetic.draws import Columns, Flags, Reals, Rows, ordinals
from kesos.synthetic.files import spelling
from kesos.synthetic.files.clerk import Clerk, Sheet, older_niks
from kesos.synthetic.files.kinds import REGSOSEK_DAY
from kesos.synthetic.files.past import cards_then, in_order, then, wealth_then
from kesos.synthetic.files.places import address_texts
from kesos.synthetic.population import items, people
from kesos.synthetic.population.chunk import Population, day_number, housing
from kesos.synthetic.population.life import LONG_AGO
from kesos.synthetic.population.moment import Moment
from kesos.synthetic.ranking import MOVABLE
from kesos.synthetic.rates import Rates

_DAYS_A_YEAR: Final = 365.25
_DWELLING_ITEMS: Final = {
    "303": "floor_material_code",
    "304": "wall_material_code",
    "305": "roof_material_code",
    "306a": "drinking_water_code",
    "307a": "lighting_code",
    "307b1": "installed_power_code",
    "308": "cooking_fuel_code",
    "309a": "toilet_facility_code",
    "309b": "toilet_type_code",
    "310": "sewage_code",
}
_LIVESTOCK: Final = ("cattle", "buffalo", "horses", "pigs", "goats_sheep")
_PERSON_ITEMS: Final = {
    "r412": "school_participation_code",
    "r413": "education_level_code",
    "r415": "diploma_code",
    "r416a": "is_working_code",
    "r417": "work_sector_code",
    "r418": "work_status_code",
    "r421": "business_sector_code",
    "r422": "paid_workers_count",
    "r423": "unpaid_workers_count",
    "r425": "business_turnover_code",
    "r427": "nutrition_code",
    "r428a": "difficulty_seeing_code",
    "r428b": "difficulty_hearing_code",
    "r428c": "difficulty_walking_code",
    "r428d": "difficulty_using_hands_code",
    "r428e": "difficulty_learning_code",
    "r428f": "difficulty_behaviour_code",
    "r428g": "difficulty_speaking_code",
    "r428h": "difficulty_self_care_code",
    "r428i": "difficulty_remembering_code",
    "r428j": "sadness_code",
    "r430": "chronic_illness_code",
}
_COOKS_NOT: Final = 12  # item 308: the questionnaire's 12 is kept as 0 in the population
_MOVED_AWAY_BUILDINGS: Final = 700


@dataclass(frozen=True)
class _Visit:
    """What the enumerators found in a chunk: the families met, their card as shown, building and number in it."""

    seen: Moment
    met: Flags
    kk: Rows
    building: Rows
    number: Rows
    wealth: Reals


def enumeration(population: Population, rates: Rates) -> tuple[Sheet, Sheet]:
    """Write the family and the person file of a chunk."""
    visit = _visit(population, rates)
    return _family_sheet(population, visit, rates), _person_sheet(population, visit, rates)


def _visit(population: Population, rates: Rates) -> _Visit:
    rng = population.plan.generator("regsosek visit")
    seen = then(population, REGSOSEK_DAY)
    wealth = wealth_then(rng, population, REGSOSEK_DAY, rates)
    families = population.families
    count = wealth.size
    harder = 1.0 + 0.5 * families["urban"] + 0.3 * (wealth > 1.0)
    met = (seen.family_size() > 0) & (rng.random(count) >= rates.regsosek.family_missing * harder / harder.mean())
    kk = cards_then(rng, population, seen, np.arange(count), rates.regsosek.old_kk)
    kk = np.where(rng.random(count) < rates.regsosek.kk_missing, 0, kk)
    first = np.flatnonzero(np.r_[True, np.diff(families["dwelling"]) != 0])
    building = ordinals(families["village"][first])[families["dwelling"]] + 1
    lived_elsewhere = (families["moved_day"] > seen.day) & (families["moved_day"] > LONG_AGO)
    building = np.where(lived_elsewhere, _MOVED_AWAY_BUILDINGS + np.arange(count) % 250, building)
    return _Visit(seen, met, kk, building, ordinals(seen.families["village"] * 100_000 + building) + 1, wealth)


def _numbered(numbers: Rows) -> Values:
    padded: Values = pc.utf8_lpad(column(numbers).cast(pa.string()), 3, "0")
    return padded


def _family_sheet(population: Population, visit: _Visit, rates: Rates) -> Sheet:
    plan = population.plan
    rng = plan.generator("regsosek families")
    members = np.bincount(_listed(population, visit, rates)[1], minlength=visit.met.size)
    rows = np.flatnonzero(visit.met & (members > 0))
    urban = population.families["urban"]
    facts = items.family_facts(plan.generator("assets"), visit.wealth, urban, plan.regency.code)
    facts |= _housing(population, visit)
    facts = {name: values[rows] for name, values in facts.items()}
    home = {name: values[rows] for name, values in visit.seen.families.items()}
    missing, wrong = rates.rows.code_missing, rates.rows.code_wrong
    columns: dict[str, Any] = {
        "114_no_kk": number_texts(visit.kk[rows]),
        "109_no_bangunan": _numbered(visit.building[rows]),
        "110_no_keluarga": _numbered(visit.number[rows]),
        "kode_desa": number_texts(home["village"]),
        "alamat": address_texts(home),
        "jumlah_anggota": column(members[rows]),
        "301a": spelling.codes(rng, facts["tenure_code"], missing, wrong),
        "302": spelling.codes(rng, facts["floor_area_m2"], missing, 0.0),
    }
    for item, fact in _DWELLING_ITEMS.items():
        values = facts[fact]
        if item == "308":
            values = np.where(values == 0, _COOKS_NOT, values)
        columns[item] = spelling.codes(rng, values, missing, wrong)
    for letter, thing in zip("abcdefghijklmn", MOVABLE, strict=True):
        columns[f"502{letter}"] = spelling.flags(rng, facts[f"has_{thing}"], ("1", "2"), missing)
    for letter, thing in (("a", "other_land"), ("b", "other_house")):
        columns[f"503{letter}"] = spelling.flags(rng, facts[f"has_{thing}"], ("1", "2"), missing)
    for letter, animal in zip("abcde", _LIVESTOCK, strict=True):
        columns[f"504{letter}"] = column(facts[f"{animal}_count"])
    clerk = Clerk(rng, rates.spelling.regsosek, rows.size)
    return Sheet(pa.table(columns), population.families["key"][rows], clerk.marks, home["village"] // 1_000_000)


def _housing(population: Population, visit: _Visit) -> Columns:
    families = population.families
    dwelling = families["dwelling"]
    first = np.flatnonzero(np.r_[True, np.diff(dwelling) != 0])
    size = np.bincount(dwelling, weights=families["size"]).astype(np.float64)
    old = housing(population.plan, visit.wealth[first], families["urban"][first], size)
    return {name: values[dwelling] for name, values in old.items()}


def _listed(population: Population, visit: _Visit, rates: Rates) -> tuple[Rows, Rows]:
    """Give the persons listed, in order, and the family of each."""
    rng = population.plan.generator("regsosek members")
    rows = np.flatnonzero(visit.seen.present)
    rows = rows[visit.met[visit.seen.family[rows]]]
    rows = in_order(visit.seen, rows[rng.random(rows.size) >= rates.regsosek.member_missing])
    return rows, visit.seen.family[rows]


def _person_sheet(population: Population, visit: _Visit, rates: Rates) -> Sheet:
    rng = population.plan.generator("regsosek persons")
    seen = visit.seen
    rows, family = _listed(population, visit, rates)
    clerk = Clerk(rng, rates.spelling.regsosek, rows.size, "ISO")
    names = ("key", "name", "sex", "birth_day")
    person = {name: population.persons[name][rows] for name in names}
    nik = older_niks(rng, population.persons, rows, rates.dukcapil.second_nik_used)
    facts = {name: values[rows] for name, values in _people_then(population, visit).items()}
    village = seen.families["village"][family]
    age = ((seen.day - person["birth_day"]) / _DAYS_A_YEAR).astype(np.int64)
    missing, wrong = rates.rows.code_missing, rates.rows.code_wrong
    columns: dict[str, Any] = {
        "no_kk": number_texts(visit.kk[family]),
        "no_bangunan": _numbered(visit.building[family]),
        "no_keluarga": _numbered(visit.number[family]),
        "no_urut": column(ordinals(family) + 1),
        "nama": clerk.name(person["name"], person["sex"]),
        "nik": clerk.nik(nik, family, village),
        "keberadaan": constant("1", rows.size),
        "jenis_kelamin": spelling.codes(rng, person["sex"], missing / 4, wrong),
        "tanggal_lahir": clerk.birth(person["birth_day"]),
        "umur": column(np.maximum(age, 0)),
        "status_kawin": spelling.codes(rng, seen.marital[rows], missing, wrong),
        "hubungan": spelling.codes(rng, seen.relation[rows], missing, wrong),
        "hamil": spelling.codes(rng, facts["pregnant_code"], missing, wrong),
    }
    for item, fact in _PERSON_ITEMS.items():
        columns[item] = spelling.codes(rng, facts[fact], missing, wrong)
    columns["kode_desa"] = number_texts(village)
    return Sheet(pa.table(columns), person["key"], clerk.marks, village // 1_000_000)


def _people_then(population: Population, visit: _Visit) -> Columns:
    """Draw the facts of people with the same chances, at the age, in the state and with the wealth of that day."""
    persons, families = population.persons, population.families
    family = np.maximum(visit.seen.family, 0)
    years = (day_number(population.plan.regency.as_of) - visit.seen.day) / _DAYS_A_YEAR
    members = {
        "age": np.maximum(persons["age"] - np.float32(years), 0).astype(np.float32),
        "sex": persons["sex"],
        "marital": visit.seen.marital,
        "relation": visit.seen.relation,
    }
    rng = population.plan.generator("people")
    return people.describe(rng, members, visit.wealth[family], families["urban"][family])
