"""Write the civil registry's extract: everybody whose card is of this regency, wherever they live, and some twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from kesos.synthetic.arrow import chosen, column, number_texts
from kesos.synthetic.draws import Columns, Rows
from kesos.synthetic.files.clerk import Clerk, Sheet, older_cards
from kesos.synthetic.files.delivery import Dialect
from kesos.synthetic.files.places import birth_places, street_texts, three_digits
from kesos.synthetic.population.chunk import Population
from kesos.synthetic.population.families import FEMALE
from kesos.synthetic.population.identity import NO_NUMBER
from kesos.synthetic.population.life import LONG_AGO
from kesos.synthetic.rates import Rates

ALIVE, DEAD, MOVED = 1, 2, 3
_SEXES: Final = ("", "LAKI-LAKI", "PEREMPUAN")
_MARITAL: Final = ("", "BELUM KAWIN", "KAWIN", "CERAI HIDUP", "CERAI MATI")
# Relation of Regsosek (1 head … 8 other) in the registry's list of eleven: 1 head, 3 wife, 4 child, 5 in-law,
# 6 grandchild, 7 parent, 10 servant, 9 other relative; a husband of a head is 2.
_RELATIONS: Final = np.array([11, 1, 3, 4, 5, 6, 7, 10, 9])
_HUSBAND: Final = 2
_ADDRESS: Final = ("village", "street", "house_number", "hamlet", "rt", "rw")


@dataclass(frozen=True)
class Registered:
    """The records of a chunk: the person of each, their family's card and address as the registry has them."""

    person: Columns
    family: Columns
    status: Rows

    @property
    def regency(self) -> Rows:
        """Give the regency whose registry keeps each record."""
        return np.asarray(self.family["registered_village"] // 1_000_000)

    def some(self, rows: Rows) -> Registered:
        """Keep some of the records."""
        person = {name: values[rows] for name, values in self.person.items()}
        family = {name: values[rows] for name, values in self.family.items()}
        return Registered(person, family, self.status[rows])


def registered(population: Population, rates: Rates) -> Registered:
    """List the records: one a person with a NIK, but for a share left out, and a second one for a share."""
    rng = population.plan.generator("dukcapil choice")
    kept = population.persons["nik"] != NO_NUMBER
    kept &= rng.random(kept.size) >= rates.dukcapil.person_missing
    rows = np.flatnonzero(kept)
    person = {name: values[rows] for name, values in population.persons.items()}
    family = {name: values[person["family"]] for name, values in population.families.items()}
    family["kk"] = older_cards(rng, family, rates.dukcapil.old_kk)
    known_dead = (person["died_day"] >= 0) & (rng.random(rows.size) < rates.dukcapil.death_known)
    moved = rng.random(rows.size) < rates.dukcapil.moved_out
    first = Registered(person, family, np.where(known_dead, DEAD, np.where(moved, MOVED, ALIVE)))
    second = _second_records(first.some(np.flatnonzero(person["nik_second"] != NO_NUMBER)))
    both = [
        {name: np.concatenate([values, there[name]]) for name, values in here.items()}
        for here, there in ((first.person, second.person), (first.family, second.family))
    ]
    everyone = Registered(both[0], both[1], np.r_[first.status, second.status])
    return everyone.some(np.argsort(everyone.person["key"], kind="stable"))


def _second_records(records: Registered) -> Registered:
    """Write the second NIK with its birth date, on the card and at the address of before."""
    person, family = records.person, records.family
    person["nik"], person["birth_day"] = person["nik_second"], person["birth_day_second"]
    family["kk"] = np.where(family["kk_old"] != NO_NUMBER, family["kk_old"], family["kk"])
    moved = family["moved_day"] > LONG_AGO
    for part in _ADDRESS:
        family[part] = np.where(moved, family[f"{part}_before"], family[part])
    family["registered_village"] = np.where(moved, family["village_before"], family["registered_village"])
    return Registered(person, family, np.full(person["nik"].size, ALIVE))


def registry_sheet(rng: np.random.Generator, records: Registered, dialect: Dialect, rates: Rates) -> Sheet:
    """Write records in one dialect."""
    person, family = records.person, records.family
    clerk = Clerk(rng, rates.spelling.dukcapil, person["key"].size, dialect.date_form)
    relation = _RELATIONS[person["relation_card"]]
    relation[(person["relation_card"] == 2) & (person["sex"] == 1)] = _HUSBAND
    women = np.full(person["key"].size, FEMALE, np.int8)
    columns: dict[str, Any] = {
        "NIK": clerk.nik(person["nik"], person["family"], family["registered_village"]),
        "NO_KK": number_texts(family["kk"]),
        "NAMA_LGKP": clerk.name(person["name"], person["sex"]),
        "TMPT_LHR": birth_places(person["birth_regency"]),
        "TGL_LHR": clerk.birth(person["birth_day"]),
        "JENIS_KLMIN": chosen(_SEXES, person["sex"]),
        "STAT_KWN": chosen(_MARITAL, person["marital_card"]),
        "STAT_HBKEL": column(relation),
        "NAMA_LGKP_IBU": clerk.name(person["mother_name"], women),
        "ALAMAT": street_texts(family),
        "NO_RT": three_digits(family["rt"]),
        "NO_RW": three_digits(family["rw"]),
        "KODE_DESA": number_texts(family["registered_village"]),
        "STATUS_DASAR": column(records.status),
    }
    return Sheet(pa.table(columns), person["key"], clerk.marks, records.regency)
