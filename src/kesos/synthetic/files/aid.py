"""Write who is paid by Sembako, and who is a member of the premium aid (PBI)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from kesos.synthetic.arrow import chosen, column, constant, number_texts
from kesos.synthetic.draws import Rows
from kesos.synthetic.files.clerk import Clerk, Sheet, older_cards, older_niks
from kesos.synthetic.files.past import SEXES, serials
from kesos.synthetic.files.payees import hosts, one_payee
from kesos.synthetic.files.places import street_texts
from kesos.synthetic.population.chunk import Population
from kesos.synthetic.rates import Rates

_LAST_DECILE: Final = 4
_A_STAGE: Final = 600_000  # three months of Rp200,000; Source: the ministry's amounts of 2025
_PAID: Final = ("BERHASIL", "GAGAL", "PROSES")
_ACTIVE, _STOPPED, _DEAD = 0, 1, 2
_MEMBERSHIP: Final = ("AKTIF", "NON AKTIF", "MENINGGAL")


def sembako_sheet(population: Population, decile: Rows, rates: Rates) -> Sheet:
    """Write the payees of a chunk, one a family; a family that split off for aid is paid beside the one it left."""
    rng = population.plan.generator("sembako")
    families = population.families
    count = decile.size
    is_entitled = (decile >= 1) & (decile <= _LAST_DECILE)
    is_paid = is_entitled & (rng.random(count) < rates.sembako.reach)
    error = rates.sembako.inclusion_error
    wanted = int(is_paid.sum() * error / (1.0 - error))
    others = np.flatnonzero(decile > _LAST_DECILE)
    order = np.argsort(decile[others] + 4.0 * rng.random(others.size), kind="stable")
    is_paid[others[order[:wanted]]] = True
    is_paid |= families["is_split_for_aid"] & is_paid[hosts(families)]
    payee = one_payee(rng, population.persons, count, rates.sembako.dead_payee)
    rows = payee[is_paid & (payee >= 0)]
    person = {name: population.persons[name][rows] for name in ("key", "nik", "name", "sex", "family")}
    family = {name: values[person["family"]] for name, values in families.items()}
    clerk = Clerk(rng, rates.spelling.sembako_payees, rows.size)
    columns: dict[str, Any] = {
        "NIK": clerk.nik(person["nik"], np.arange(rows.size), family["village"]),
        "NO_KK": number_texts(older_cards(rng, family, rates.sembako.old_kk)),
        "NAMA_PENERIMA": clerk.name(person["name"], person["sex"]),
        "ALAMAT": street_texts(family),
        "KODE_DESA": number_texts(family["village"]),
        "TAHAP": constant("2026-T3", rows.size),
        "NOMINAL": column(np.full(rows.size, _A_STAGE)),
        "STATUS_SALUR": chosen(_PAID, rng.choice(3, rows.size, p=[0.95, 0.03, 0.02])),
    }
    return Sheet(pa.table(columns), person["key"], clerk.marks)


def pbi_sheet(population: Population, rates: Rates) -> Sheet:
    """Write the members of a chunk: people of families with premium aid, the dead among them as far as nobody told."""
    rng = population.plan.generator("pbi")
    persons, families = population.persons, population.families
    kept = families["pbi_national"][persons["family"]] & (rng.random(persons["key"].size) >= rates.pbi.member_missing)
    rows = np.flatnonzero(kept)
    person = {name: persons[name][rows] for name in ("key", "name", "sex", "family", "birth_day", "died_day")}
    family = {name: families[name][person["family"]] for name in ("kk", "kk_old", "registered_village")}
    nik = older_niks(rng, persons, rows, rates.dukcapil.second_nik_used)
    u = rng.random(rows.size)
    of_dead = np.where(u < rates.pbi.dead_still_active, _ACTIVE, _DEAD)
    status = np.where(person["died_day"] >= 0, of_dead, np.where(u < rates.pbi.inactive, _STOPPED, _ACTIVE))
    clerk = Clerk(rng, rates.spelling.pbi_members, rows.size)
    columns: dict[str, Any] = {
        "NOKA": serials(population.plan, "B", np.arange(rows.size)),
        "NIK": clerk.nik(nik, person["family"], family["registered_village"]),
        "NO_KK": number_texts(older_cards(rng, family, rates.pbi.old_kk)),
        "NAMA": clerk.name(person["name"], person["sex"]),
        "TGL_LAHIR": clerk.birth(person["birth_day"]),
        "JENIS_KELAMIN": chosen(SEXES, person["sex"]),
        "KODE_DESA": number_texts(family["registered_village"]),
        "STATUS_PESERTA": chosen(_MEMBERSHIP, status),
    }
    return Sheet(pa.table(columns), person["key"], clerk.marks)
