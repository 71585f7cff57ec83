"""Write the list of PKH payees: families of decile 1 to 4 with a component, and some who should not be on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from kesos.foundation.columns import Values
from kesos.foundation.columns import compute as pc
from kesos.synthetic.arrow import chosen, column, constant, number_texts
from kesos.synthetic.draws import Columns, Flags, Rows, some_rows
from kesos.synthetic.files.clerk import Clerk, Sheet, older_cards
from kesos.synthetic.files.delivery import Dialect
from kesos.synthetic.files.places import street_texts
from kesos.synthetic.population.chunk import Population
from kesos.synthetic.population.families import FEMALE, HEAD, SPOUSE
from kesos.synthetic.population.identity import NO_NUMBER
from kesos.synthetic.population.life import LONG_AGO
from kesos.synthetic.rates import PkhRates, Rates

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
_REGENCY: Final = 1_000_000
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


@dataclass(frozen=True)
class _Lines:
    """The lines of the list: the person of each, its components, the NIK and the village that stand in it."""

    persons: Rows
    components: Rows
    nik: Rows
    village: Rows


def payee_sheet(population: Population, payees: Payees, dialect: Dialect, rates: Rates) -> Sheet:
    """Write the list of a chunk; the faults of the list itself (see `PkhRates`) are drawn apart from all else."""
    lines = _lines(population, payees, rates.pkh)
    rng = population.plan.generator("pkh writing")
    clerk = Clerk(rng, rates.spelling.pkh_payees, lines.persons.size, dialect.date_form)
    person = {name: values[lines.persons] for name, values in population.persons.items()}
    family = {name: values[person["family"]] for name, values in population.families.items()}
    kk = older_cards(rng, family, rates.pkh.old_kk)
    texts, amount = _components_text(lines.components)
    status = rng.choice(3, lines.persons.size, p=[0.94, 0.04, 0.02])
    columns: dict[str, Any] = {
        "NIK": clerk.nik(lines.nik, np.arange(lines.persons.size), family["village"]),
        "NO_KK": number_texts(kk),
        "NAMA_PENERIMA": clerk.name(person["name"], person["sex"]),
        "TGL_LAHIR": clerk.birth(person["birth_day"]),
        "ALAMAT": street_texts(family),
        "KODE_DESA": number_texts(lines.village),
        "TAHAP": constant("2026-T3", lines.persons.size),
        "KOMPONEN": texts,
        "NOMINAL": column(amount),
        "STATUS_SALUR": chosen(_STATUS, status),
    }
    return Sheet(pa.table(columns), person["key"], clerk.marks)


def _lines(population: Population, payees: Payees, rates: PkhRates) -> _Lines:
    """Put the faults into the list that a visit should find; what is listed again stands at its end."""
    rng = population.plan.generator("pkh faults of the list")
    persons, families = population.persons, population.families
    first = payees.rows.copy()
    dead = _dead_couples(persons, families["key"].size)[persons["family"][first]]
    kept = (dead >= 0) & (rng.random(first.size) < rates.dead_kept)
    first[kept] = dead[kept]
    again = some_rows(rng, first.size, rates.listed_again)
    partner = _partners(persons, families["key"].size)[persons["family"][first]]
    both = some_rows(rng, first.size, rates.partner_listed)
    both = both[(partner[both] >= 0) & (partner[both] != first[both])]
    listed = np.r_[first, first[again], partner[both]]
    nik = persons["nik"][listed]
    second = persons["nik_second"][first[again]]
    nik[first.size : first.size + again.size][second != NO_NUMBER] = second[second != NO_NUMBER]
    _take_numbers(rng, persons, nik, first, rates)
    home = persons["family"][listed]
    moved = (families["moved_day"][home] > LONG_AGO) & (rng.random(families["key"].size)[home] < rates.left_village)
    moved &= families["village_before"][home] // _REGENCY == int(population.plan.regency.code)
    village = np.where(moved, families["village_before"][home], families["village"][home])
    return _Lines(
        listed, np.concatenate([payees.components, payees.components[again], payees.components[both]]), nik, village
    )


def _take_numbers(rng: np.random.Generator, persons: Columns, nik: Rows, payees: Rows, rates: PkhRates) -> None:
    """Write the number of another payee, or of somebody nearby, in the place of the own."""
    if payees.size < 2:
        return
    rows = some_rows(rng, payees.size, rates.nik_of_payee)
    others = persons["nik"][payees[rows - 1]]
    nik[rows] = np.where(others == NO_NUMBER, nik[rows], others)
    rows = some_rows(rng, payees.size, rates.nik_of_neighbour)
    others = persons["nik"][(payees[rows] + rng.integers(20, 200, rows.size)) % persons["nik"].size]
    nik[rows] = np.where(others == NO_NUMBER, nik[rows], others)


def _dead_couples(persons: Columns, families: int) -> Rows:
    """Find for each family its head or spouse who has died within the window; -1 if none has."""
    found = np.flatnonzero((persons["died_day"] >= 0) & np.isin(persons["relation_card"], (HEAD, SPOUSE)))
    return _by_family(persons, found, families)


def _partners(persons: Columns, families: int) -> Rows:
    """Find for each family the head if he is a man and lives; -1 if not: the payee is his wife where there is one."""
    found = np.flatnonzero((persons["died_day"] < 0) & (persons["relation"] == HEAD) & (persons["sex"] != FEMALE))
    return _by_family(persons, found, families)


def _by_family(persons: Columns, found: Rows, families: int) -> Rows:
    rows = np.full(families, -1, np.int64)
    rows[persons["family"][found]] = found
    return rows


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
