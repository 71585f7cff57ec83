"""Write the civil registry's extract: everybody whose card is of this regency, wherever they live."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from kesos.synthetic.arrow import chosen, column, number_texts
from kesos.synthetic.draws import Rows
from kesos.synthetic.files import spelling
from kesos.synthetic.files.delivery import Dialect
from kesos.synthetic.files.places import birth_places, street_texts, three_digits
from kesos.synthetic.population.chunk import Population
from kesos.synthetic.population.identity import NO_NUMBER
from kesos.synthetic.rates import Rates

ALIVE, DEAD, MOVED = 1, 2, 3
_SEXES: Final = ("", "LAKI-LAKI", "PEREMPUAN")
_MARITAL: Final = ("", "BELUM KAWIN", "KAWIN", "CERAI HIDUP", "CERAI MATI")
# Relation of Regsosek (1 head … 8 other) in the registry's list of eleven: 1 head, 3 wife, 4 child, 5 in-law,
# 6 grandchild, 7 parent, 10 servant, 9 other relative; a husband of a head is 2.
_RELATIONS: Final = np.array([11, 1, 3, 4, 5, 6, 7, 10, 9])
_HUSBAND: Final = 2


def registered_rows(population: Population, rates: Rates) -> Rows:
    """Choose the persons in the extract: with a NIK and a card of this regency, but for a share that is left out."""
    rng = population.plan.generator("dukcapil choice")
    persons, families = population.persons, population.families
    here = families["registered_village"] // 1_000_000 == int(population.plan.regency.code)
    kept = (persons["nik"] != NO_NUMBER) & here[persons["family"]]
    kept &= rng.random(kept.size) >= rates.dukcapil.person_missing
    return np.flatnonzero(kept)


def registry_table(population: Population, rows: Rows, dialect: Dialect, rates: Rates) -> pa.Table:
    """Write the extract of a chunk for the given persons."""
    rng = population.plan.generator("dukcapil writing")
    faults = rates.spelling.dukcapil
    person = {name: values[rows] for name, values in population.persons.items()}
    family = {name: values[person["family"]] for name, values in population.families.items()}
    old_card = rng.random(rows.size) < rates.dukcapil.old_kk
    kk = np.where(old_card, family["kk_old"], family["kk"])
    known_dead = (person["died_day"] >= 0) & (rng.random(rows.size) < rates.dukcapil.death_known)
    moved = rng.random(rows.size) < rates.dukcapil.moved_out
    status = np.where(known_dead, DEAD, np.where(moved, MOVED, ALIVE))
    relation = _RELATIONS[person["relation_card"]]
    relation[(person["relation_card"] == 2) & (person["sex"] == 1)] = _HUSBAND
    columns: dict[str, Any] = {
        "NIK": spelling.written_niks(rng, person["nik"], person["family"], faults),
        "NO_KK": number_texts(kk),
        "NAMA_LGKP": spelling.written_names(rng, person["name"], person["sex"], faults),
        "TMPT_LHR": birth_places(person["birth_regency"]),
        "TGL_LHR": spelling.written_dates(rng, person["birth_day"], dialect.date_form, faults),
        "JENIS_KLMIN": chosen(_SEXES, person["sex"]),
        "STAT_KWN": chosen(_MARITAL, person["marital_card"]),
        "STAT_HBKEL": column(relation),
        "NAMA_LGKP_IBU": spelling.written_names(
            rng, person["mother_name"], np.full(rows.size, 2, np.int8), rates.spelling.dukcapil
        ),
        "ALAMAT": street_texts(family),
        "NO_RT": three_digits(family["rt"]),
        "NO_RW": three_digits(family["rw"]),
        "KODE_DESA": number_texts(family["registered_village"]),
        "STATUS_DASAR": column(status),
    }
    return pa.table(columns)
