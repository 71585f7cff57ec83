"""Write the list of PKH payees: families of decile 1 to 4 with a component, and some who should not be on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from kesos.foundation.columns import Values
from kesos.foundation.columns import compute as pc
from kesos.synthetic.arrow import chosen, column, constant, number_texts
from kesos.synthetic.draws import Columns, Flags, Rows
from kesos.synthetic.files.clerk import Clerk, Sheet, older_cards
from kesos.synthetic.files.delivery import Dialect
from kesos.synthetic.files.places import street_texts
from kesos.synthetic.population.chunk import Population
from kesos.synthetic.population.families import FEMALE, HEAD, SPOUSE
from kesos.synthetic.rates import Rates

# Rupiah a year by component, PKH 2025; paid in four stages. Order: as the ministry lists them.
# Source: Tempo 2025, "cara cek bansos 2025"; amounts as published by the Ministry of Social Affairs.
_COMPONENTS: Final = (
    ("IBU HAMIL", 3_000_000),
    ("USIA DINI", 3_000_000),
    ("SD", 900_000),
    ("SMP", 1_500_000),
    ("SMA", 2_000_000),
    ("DISABILITAS BERAT", 2_400_000),
    ("LANSIA", 2_400_000),
)
_STAGES: Final = 4
_MOST_COMPONENTS: Final = 4
_LAST_DECILE: Final = 4
_STATUS: Final = ("BERHASIL", "GAGAL", "PROSES")


@dataclass(frozen=True)
class Payees:
    """Who is paid: rows of persons, and their families' components as a table of counts."""

    rows: Rows
    components: Rows


def components(persons: Columns, families: int) -> Rows:
    """Count the components of each family by kind, living members only; columns follow the ministry's order."""
    age, alive = persons["age"], persons["died_day"] < 0
    at_school = persons["school_participation_code"] == 2
    severe = np.zeros(age.size, bool)
    for name in ("seeing", "walking", "learning", "self_care"):
        severe |= (persons[f"difficulty_{name}_code"] <= 2) & (persons[f"difficulty_{name}_code"] > 0)
    conditions = (
        persons["pregnant_code"] == 1,
        age < 7,
        at_school & (age >= 7) & (age < 13),
        at_school & (age >= 13) & (age < 16),
        at_school & (age >= 16) & (age < 22),
        severe & (age < 60),
        age >= 60,
    )
    counts = [np.bincount(persons["family"][alive & each], minlength=families) for each in conditions]
    return np.column_stack(counts).astype(np.int64)


def choose(population: Population, decile: Rows, rates: Rates) -> Payees:
    """Choose the payees: one person a family, the wife where there is one."""
    rng = population.plan.generator("pkh choice")
    persons, count = population.persons, population.families["key"].size
    held = components(persons, count)
    has_any = held.sum(axis=1) > 0
    is_entitled = has_any & (decile >= 1) & (decile <= _LAST_DECILE)
    is_paid = is_entitled & (rng.random(count) < rates.pkh.reach)
    others = np.flatnonzero(has_any & (decile > _LAST_DECILE))
    wanted = int(is_paid.sum() * rates.pkh.inclusion_error / (1.0 - rates.pkh.inclusion_error))
    weight = rng.random(others.size) ** (1.0 / np.maximum(11.0 - decile[others], 1.0))
    is_paid[others[np.argsort(-weight, kind="stable")[:wanted]]] = True
    is_paid |= population.families["is_split_for_aid"] & is_paid[hosts(population.families)] & has_any
    rows = one_payee(rng, persons, count, rates.pkh.dead_payee)
    paid = np.flatnonzero(is_paid & (rows >= 0))
    return Payees(rows[paid], held[paid])


def hosts(families: Columns) -> Rows:
    """Give the first family of each family's dwelling: the one that a split family left on paper."""
    dwelling = families["dwelling"]
    return np.asarray(np.flatnonzero(np.r_[True, dwelling[1:] != dwelling[:-1]])[dwelling])


def one_payee(rng: np.random.Generator, persons: Columns, families: int, dead: float) -> Rows:
    """Find the payee of each family: a woman who is wife or head, else the head; some are dead and still listed."""
    rows = np.full(families, -1, np.int64)
    counts = (persons["died_day"] < 0) | (rng.random(persons["family"].size) < dead * 20)
    for relation, woman in ((HEAD, False), (SPOUSE, True), (HEAD, True)):
        found = np.flatnonzero(counts & (persons["relation"] == relation) & ((persons["sex"] == FEMALE) | (not woman)))
        rows[persons["family"][found]] = found
    return rows


def payee_sheet(population: Population, payees: Payees, dialect: Dialect, rates: Rates) -> Sheet:
    """Write the list of a chunk."""
    rng = population.plan.generator("pkh writing")
    clerk = Clerk(rng, rates.spelling.pkh_payees, payees.rows.size, dialect.date_form)
    person = {name: values[payees.rows] for name, values in population.persons.items()}
    family = {name: values[person["family"]] for name, values in population.families.items()}
    kk = older_cards(rng, family, rates.pkh.old_kk)
    texts, amount = _components_text(payees.components)
    status = rng.choice(3, payees.rows.size, p=[0.94, 0.04, 0.02])
    columns: dict[str, Any] = {
        "NIK": clerk.nik(person["nik"], np.arange(payees.rows.size), family["village"]),
        "NO_KK": number_texts(kk),
        "NAMA_PENERIMA": clerk.name(person["name"], person["sex"]),
        "TGL_LAHIR": clerk.birth(person["birth_day"]),
        "ALAMAT": street_texts(family),
        "KODE_DESA": number_texts(family["village"]),
        "TAHAP": constant("2026-T3", payees.rows.size),
        "KOMPONEN": texts,
        "NOMINAL": column(amount),
        "STATUS_SALUR": chosen(_STATUS, status),
    }
    return Sheet(pa.table(columns), person["key"], clerk.marks)


def _components_text(held: Rows) -> tuple[Values, Rows]:
    """Write the kinds of components, and the amount of one stage: at most four components, the dearest first."""
    kinds = [constant(name, held.shape[0], held[:, place] == 0) for place, (name, _) in enumerate(_COMPONENTS)]
    texts: Values = pc.binary_join_element_wise(*kinds, ", ", null_handling="skip")
    left = np.full(held.shape[0], _MOST_COMPONENTS, np.int64)
    amount = np.zeros(held.shape[0], np.int64)
    for place in np.argsort([-rupiah for _, rupiah in _COMPONENTS], kind="stable"):
        counted = np.minimum(held[:, place], left)
        amount += counted * _COMPONENTS[place][1]
        left -= counted
    return texts, amount // _STAGES


def knows_of_payment(population: Population, payees: Payees) -> Flags:
    """Mark the persons whom DTSEN shows as paid."""
    flags = np.zeros(population.persons["key"].size, bool)
    flags[payees.rows] = True
    return flags
