"""Write the lists of employers: civil servants, and the wages that others report."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from kesos.foundation.columns import Values
from kesos.foundation.columns import compute as pc
from kesos.synthetic.arrow import chosen, column, constant, number_texts
from kesos.synthetic.draws import Columns, Rows, ordinals
from kesos.synthetic.files.clerk import Clerk, Sheet
from kesos.synthetic.files.past import SEXES
from kesos.synthetic.population.chunk import Population
from kesos.synthetic.population.identity import date_parts
from kesos.synthetic.rates import Rates

_EMPLOYEE, _SERVANT = 4, 5  # item 418
_FIRST_OFFICE_AGE: Final = 22
_OFFICES: Final = (
    "DINAS PENDIDIKAN", "DINAS KESEHATAN", "SEKRETARIAT DAERAH", "DINAS SOSIAL", "DINAS PERTANIAN", "KECAMATAN",
    "RUMAH SAKIT UMUM DAERAH", "BADAN PENDAPATAN DAERAH",
)  # fmt: skip
_FIRMS: Final = (
    "PT MAJU BERSAMA", "CV BERKAH", "PT SUMBER REJEKI", "KOPERASI TANI MAKMUR", "PT CITRA MANDIRI", "CV KARYA UTAMA",
    "PT SAMUDRA JAYA", "UD SINAR BARU", "PT NUSA INDAH", "CV ANUGERAH",
)  # fmt: skip
_USUAL_WAGE: Final = 2_700_000


def _workers(population: Population, status: int, rng: np.random.Generator, share: float) -> tuple[Rows, Columns]:
    persons = population.persons
    works = (persons["work_status_code"] == status) & (persons["died_day"] < 0)
    rows = np.flatnonzero(works & (persons["age"] >= _FIRST_OFFICE_AGE - 4) & (rng.random(works.size) < share))
    names = ("key", "nik", "name", "sex", "birth_day", "family", "age")
    return rows, {name: persons[name][rows] for name in names}


def servant_sheet(population: Population, rates: Rates) -> Sheet:
    """Write the civil servants of a chunk."""
    rng = population.plan.generator("civil servants")
    rows, person = _workers(population, _SERVANT, rng, rates.work.civil_servants_listed)
    village = population.families["village"][person["family"]]
    clerk = Clerk(rng, rates.spelling.civil_servants, rows.size)
    columns: dict[str, Any] = {
        "NIP": _service_numbers(rng, person),
        "NIK": clerk.nik(person["nik"], person["family"], village),
        "NAMA": clerk.name(person["name"], person["sex"]),
        "TGL_LAHIR": clerk.birth(person["birth_day"]),
        "JENIS_KELAMIN": chosen(SEXES, person["sex"]),
        "INSTANSI": chosen(_OFFICES, rng.integers(0, len(_OFFICES), rows.size)),
        "KODE_KABUPATEN": constant(population.plan.regency.code, rows.size),
    }
    return Sheet(pa.table(columns), person["key"], clerk.marks)


def _service_numbers(rng: np.random.Generator, person: Columns) -> Values:
    """Write NIP: birth date, month of appointment, sex, and a serial number."""
    day, month, year = date_parts(person["birth_day"])
    entered = year + _FIRST_OFFICE_AGE + (rng.random(year.size) * 8).astype(np.int64)
    entered = np.minimum(entered, 2026)
    birth = year * 10_000 + month * 100 + day
    serial = person["sex"].astype(np.int64) * 1_000 + 901 + ordinals(birth) % 99
    parts = (number_texts(birth), number_texts(entered * 100 + rng.integers(1, 10, year.size)), number_texts(serial))
    written: Values = pc.binary_join_element_wise(*parts, "")
    return written


def wage_sheet(population: Population, rates: Rates) -> Sheet:
    """Write the wages of a month that employers of a chunk report."""
    rng = population.plan.generator("wages")
    rows, person = _workers(population, _EMPLOYEE, rng, rates.work.wages_reported)
    families = population.families
    wealth = families["wealth"][person["family"]]
    wage = _USUAL_WAGE * np.exp(0.28 * wealth + rng.normal(0.0, 0.25, rows.size))
    clerk = Clerk(rng, rates.spelling.wages, rows.size)
    columns: dict[str, Any] = {
        "NIK": clerk.nik(person["nik"], person["family"], families["village"][person["family"]]),
        "NAMA": clerk.name(person["name"], person["sex"]),
        "TGL_LAHIR": clerk.birth(person["birth_day"]),
        "JENIS_KELAMIN": chosen(SEXES, person["sex"]),
        "PERUSAHAAN": chosen(_FIRMS, rng.integers(0, len(_FIRMS), rows.size)),
        "KODE_KABUPATEN": constant(population.plan.regency.code, rows.size),
        "BULAN": constant("2026-08", rows.size),
        "UPAH": column(np.round(wage, -3).astype(np.int64)),
    }
    return Sheet(pa.table(columns), person["key"], clerk.marks)
