"""Write the customers of the electricity company: one adult a meter, often somebody who lived there before."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from kesos.synthetic.arrow import chosen, number_texts
from kesos.synthetic.draws import Rows
from kesos.synthetic.files.clerk import Clerk, Sheet
from kesos.synthetic.files.places import street_texts
from kesos.synthetic.population.chunk import Population
from kesos.synthetic.population.families import HEAD, MALE, SPOUSE
from kesos.synthetic.population.identity import NO_NUMBER
from kesos.synthetic.population.words import strangers
from kesos.synthetic.rates import Rates

_GROWN: Final = 25.0
_POWER: Final = ("450", "900", "1300", "2200", "3500")
_TARIFFS: Final = ("R1", "R1T", "R1M", "R1", "R2")


def customer_sheet(population: Population, rates: Rates) -> Sheet:
    """Write the customers of a chunk; of earlier owners, some live elsewhere here, the others nobody knows."""
    rng = population.plan.generator("pln")
    persons, dwellings = population.persons, population.dwellings
    metered = np.flatnonzero(dwellings["pln"] != NO_NUMBER)
    family = np.flatnonzero(np.r_[True, np.diff(population.families["dwelling"]) != 0])[metered]
    rows = _holders(rng, population)[family]
    is_old = rng.random(metered.size) < rates.pln.previous_owner
    lives_here = is_old & (rng.random(metered.size) < rates.pln.owner_lives_elsewhere)
    adults = np.flatnonzero(persons["age"] >= _GROWN)
    if adults.size:
        rows[lives_here] = adults[rng.integers(0, adults.size, int(lives_here.sum()))]
    is_stranger = is_old & ~lives_here
    names, sex = persons["name"][rows].copy(), persons["sex"][rows].copy()
    names[is_stranger] = strangers(rng, int(is_stranger.sum()), population.plan.regency.code, MALE)
    sex[is_stranger] = MALE
    without = is_stranger | (rng.random(metered.size) < rates.pln.without_nik)
    home = {name: values[family] for name, values in population.families.items()}
    power = np.clip(dwellings["installed_power_code"][metered], 1, len(_POWER)) - 1
    clerk = Clerk(rng, rates.spelling.pln_customers, metered.size)
    columns: dict[str, Any] = {
        "IDPEL": number_texts(dwellings["pln"][metered]),
        "NIK": clerk.nik(np.where(without, NO_NUMBER, persons["nik"][rows]), np.arange(metered.size), home["village"]),
        "NAMA_PELANGGAN": clerk.name(names, sex),
        "ALAMAT": street_texts(home),
        "KODE_DESA": number_texts(home["village"]),
        "TARIF": chosen(_TARIFFS, power),
        "DAYA": chosen(_POWER, power),
    }
    return Sheet(pa.table(columns), np.where(is_stranger, 0, persons["key"][rows]), clerk.marks)


def _holders(rng: np.random.Generator, population: Population) -> Rows:
    """Choose in whose name each family would have a meter: the head, for some the spouse, dead or alive."""
    persons = population.persons
    count = population.families["key"].size
    holder = np.zeros(count, np.int64)
    for relation, share in ((HEAD, 1.0), (SPOUSE, 0.2)):
        found = np.flatnonzero(persons["relation_card"] == relation)
        found = found[rng.random(found.size) < share]
        holder[persons["family"][found]] = found
    return holder
