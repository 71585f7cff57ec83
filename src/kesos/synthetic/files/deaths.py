"""Write the reports of deaths: only a part of the deaths, often without NIK, and now and then a living person."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from kesos.synthetic.arrow import chosen, number_texts
from kesos.synthetic.draws import Rows
from kesos.synthetic.files import spelling
from kesos.synthetic.files.clerk import Clerk, Sheet
from kesos.synthetic.files.delivery import Dialect
from kesos.synthetic.population.chunk import Population, day_number
from kesos.synthetic.population.identity import date_parts
from kesos.synthetic.rates import Rates

_REPORTERS: Final = ("PEMERINTAH DESA", "KELUARGA", "RUMAH SAKIT", "PUSKESMAS")


def reported_rows(population: Population, rates: Rates) -> Rows:
    """Choose the persons who are reported dead."""
    rng = population.plan.generator("death choice")
    is_dead = population.persons["died_day"] >= 0
    share = np.where(is_dead, rates.death_reports.reported, rates.death_reports.living_reported)
    return np.flatnonzero(rng.random(is_dead.size) < share)


def report_sheet(population: Population, rows: Rows, dialect: Dialect, rates: Rates) -> Sheet:
    """Write the reports of a chunk for the given persons."""
    rng = population.plan.generator("death writing")
    clerk = Clerk(rng, rates.spelling.death_reports, rows.size, dialect.date_form)
    person = {name: values[rows] for name, values in population.persons.items()}
    as_of_day = day_number(population.plan.regency.as_of)
    died = np.where(person["died_day"] >= 0, person["died_day"], as_of_day - rng.integers(5, 300, rows.size))
    reported = np.minimum(died + 1 + rng.geometric(0.05, rows.size), as_of_day)
    village = population.families["village"][person["family"]]
    whole = np.zeros(rows.size, bool)
    columns: dict[str, Any] = {
        "NIK": clerk.nik(person["nik"], np.arange(rows.size), village),
        "NAMA": clerk.name(person["name"], person["sex"]),
        "TANGGAL_LAHIR": clerk.birth(person["birth_day"]),
        "TANGGAL_MENINGGAL": spelling.plain_dates(*date_parts(died.astype(np.int32)), dialect.date_form, whole),
        "KODE_DESA": number_texts(village),
        "PELAPOR": chosen(_REPORTERS, rng.integers(0, len(_REPORTERS), rows.size)),
        "TANGGAL_LAPOR": spelling.plain_dates(*date_parts(reported.astype(np.int32)), dialect.date_form, whole),
    }
    return Sheet(pa.table(columns), person["key"], clerk.marks)
