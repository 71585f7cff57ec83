"""Write the lists of earlier years, DTKS 2021 and P3KE 2022: poor families as and where they lived then."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa

from kesos.foundation.columns import Values
from kesos.foundation.columns import compute as pc
from kesos.synthetic import ground
from kesos.synthetic.arrow import chosen, column, constant, number_texts
from kesos.synthetic.draws import Columns, Flags, Reals, Rows
from kesos.synthetic.files.clerk import Clerk, Sheet, older_niks
from kesos.synthetic.files.kinds import DTKS, DTKS_DAY, P3KE, P3KE_DAY, Kind
from kesos.synthetic.files.places import address_texts, birth_places
from kesos.synthetic.plan import ChunkPlan
from kesos.synthetic.population import welfare
from kesos.synthetic.population.cards import number_on
from kesos.synthetic.population.chunk import Population, day_number
from kesos.synthetic.population.families import FEMALE
from kesos.synthetic.population.identity import NO_NUMBER
from kesos.synthetic.population.moment import Moment, moment
from kesos.synthetic.rates import Rates

SEXES: Final = ("", "L", "P")
RELATIONS: Final = (
    "", "KEPALA KELUARGA", "ISTRI", "ANAK", "MENANTU", "CUCU", "ORANG TUA", "PEMBANTU", "LAINNYA",
)  # fmt: skip
_STATUS: Final = ("VALID", "PADAN DUKCAPIL", "BELUM PADAN")
_DAYS_A_YEAR: Final = 365.25
_A_FEW_YEARS: Final = 1_100
_DISTRICT: Final = 10_000


def then(population: Population, day: date) -> Moment:
    """Look at the chunk on a day."""
    return moment(population, day_number(day))


def wealth_then(rng: np.random.Generator, population: Population, day: date, rates: Rates) -> Reals:
    """Give the wealth of each family as it was."""
    wealth: Reals = population.families["wealth"]
    years = (day_number(population.plan.regency.as_of) - day_number(day)) / _DAYS_A_YEAR
    return welfare.drifted(rng, wealth, np.full(wealth.size, years), rates.welfare)


def poorest(
    rng: np.random.Generator, wealth: Reals, existed: Flags, share: float, misjudged: float
) -> tuple[Flags, Rows]:
    """Choose the poorest families as an official would judge them, and give everyone's decile in that judgement."""
    judged = wealth + rng.normal(0.0, misjudged, wealth.size)
    decile = np.zeros(wealth.size, np.int64)
    if existed.any():
        cuts = np.quantile(judged[existed], np.arange(1, 10) / 10)
        decile = 1 + np.searchsorted(cuts, judged)
        existed = existed & (judged <= np.quantile(judged[existed], share))
    return existed, decile


def in_order(seen: Moment, rows: Rows) -> Rows:
    """Sort persons by family and place in it."""
    return rows[np.lexsort((rows, seen.relation[rows], seen.family[rows]))]


def serials(plan: ChunkPlan, prefix: str, numbers: Rows) -> Values:
    """Write identifiers of a list: letters between the digits, so that nobody takes them for a NIK."""
    digits = pc.utf8_lpad(column(numbers).cast(pa.string()), 7, "0")
    head = constant(f"{prefix}{plan.regency.code}K{plan.ordinal:03d}X", numbers.size)
    written: Values = pc.binary_join_element_wise(head, digits, "")
    return written


def cards_then(rng: np.random.Generator, population: Population, seen: Moment, rows: Rows, share: float) -> Rows:
    """Give the cards of families on the day, for a share those of some years before."""
    families = population.families
    before = number_on(families, seen.day - _A_FEW_YEARS, rows)
    is_old = rng.random(rows.size) < share
    return np.where(is_old & (before != NO_NUMBER), before, seen.families["kk"][rows])


def _chosen(rng: np.random.Generator, seen: Moment, listed: Flags, missing: float) -> Rows:
    rows = np.flatnonzero(seen.present)
    rows = rows[listed[seen.family[rows]]]
    return in_order(seen, rows[rng.random(rows.size) >= missing])


def dtks_sheet(population: Population, rates: Rates) -> Sheet:
    """Write DTKS of a chunk: members of families that were judged poor at the end of 2021."""
    rng = population.plan.generator("dtks")
    seen = then(population, DTKS_DAY)
    wealth = wealth_then(rng, population, DTKS_DAY, rates)
    listed, _ = poorest(rng, wealth, seen.family_size() > 0, rates.dtks.listed, rates.dtks.misjudged_sd)
    rows = _chosen(rng, seen, listed, rates.dtks.member_missing)
    person, family, home = _slices(population, seen, rows)
    nik = older_niks(rng, population.persons, rows, rates.dukcapil.second_nik_used)
    clerk = Clerk(rng, rates.spelling.dtks, rows.size, _form(DTKS))
    village = home["village"].copy()
    renumbered = rng.random(rows.size) < rates.dtks.old_village_code
    village[renumbered] = villages_of_2020(village[renumbered])
    columns: dict[str, Any] = {
        "ID_DTKS": serials(population.plan, "D", np.arange(rows.size)),
        "NIK": clerk.nik(nik, family, home["village"]),
        "NO_KK": number_texts(cards_then(rng, population, seen, family, rates.dtks.old_kk)),
        "NAMA": clerk.name(person["name"], person["sex"]),
        "TEMPAT_LAHIR": birth_places(person["birth_regency"]),
        "TGL_LAHIR": clerk.birth(person["birth_day"]),
        "JENIS_KELAMIN": chosen(SEXES, person["sex"]),
        "NAMA_IBU_KANDUNG": clerk.name(person["mother_name"], np.full(rows.size, FEMALE, np.int8)),
        "HUB_KELUARGA": column(seen.relation[rows]),
        "ALAMAT": address_texts(home),
        "KODE_DESA": number_texts(village),
        "STATUS": chosen(_STATUS, rng.integers(0, len(_STATUS), rows.size)),
    }
    return Sheet(pa.table(columns), person["key"], clerk.marks, home["village"] // 1_000_000)


def p3ke_sheet(population: Population, rates: Rates) -> Sheet:
    """Write P3KE of a chunk: the lower deciles of BKKBN's families of 2022."""
    rng = population.plan.generator("p3ke")
    seen = then(population, P3KE_DAY)
    wealth = wealth_then(rng, population, P3KE_DAY, rates)
    listed, decile = poorest(rng, wealth, seen.family_size() > 0, rates.p3ke.listed, rates.p3ke.misjudged_sd)
    rows = _chosen(rng, seen, listed, rates.p3ke.member_missing)
    person, family, home = _slices(population, seen, rows)
    nik = older_niks(rng, population.persons, rows, rates.dukcapil.second_nik_used)
    clerk = Clerk(rng, rates.spelling.p3ke, rows.size, _form(P3KE))
    columns: dict[str, Any] = {
        "ID_INDIVIDU": serials(population.plan, "P", np.arange(rows.size)),
        "ID_KELUARGA": serials(population.plan, "K", family),
        "NIK": clerk.nik(nik, family, home["village"]),
        "NAMA": clerk.name(person["name"], person["sex"]),
        "TGL_LAHIR": clerk.birth(person["birth_day"]),
        "JENIS_KELAMIN": column(person["sex"]),
        "HUBUNGAN": chosen(RELATIONS, seen.relation[rows]),
        "ALAMAT": address_texts(home),
        "KODE_DESA": number_texts(home["village"]),
        "DESIL_KESEJAHTERAAN": column(decile[family]),
    }
    return Sheet(pa.table(columns), person["key"], clerk.marks, home["village"] // 1_000_000)


def _form(kind: Kind) -> str:
    return kind.dialect.date_form if kind.dialect else "DMY"


def _slices(population: Population, seen: Moment, rows: Rows) -> tuple[Columns, Rows, Columns]:
    names = ("key", "name", "sex", "birth_day", "birth_regency", "mother_name")
    person = {name: population.persons[name][rows] for name in names}
    family = seen.family[rows]
    return person, family, {name: values[family] for name, values in seen.families.items()}


def villages_of_2020(village: Rows) -> Rows:
    """Write villages with the code that their district had in 2020, where it was renumbered since (Papua)."""
    old = ground.districts_of_2020()
    districts = village // _DISTRICT
    changed = np.isin(districts, np.array(sorted(old), np.int64))
    if not changed.any():
        return village
    distinct, position = np.unique(districts, return_inverse=True)
    then_code = np.array([old.get(int(code), int(code)) for code in distinct], np.int64)
    return np.asarray(then_code[position] * _DISTRICT + village % _DISTRICT)
