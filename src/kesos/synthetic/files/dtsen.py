"""Write the DTSEN extract of a chunk: a table of families and one of members, in the columns that districts receive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from kesos.foundation.columns import Values
from kesos.foundation.columns import compute as pc
from kesos.synthetic.arrow import column, constant, number_texts
from kesos.synthetic.draws import Columns, Flags, Reals, Rows, generator
from kesos.synthetic.files import spelling
from kesos.synthetic.files.clerk import Clerk, Sheet, older_cards
from kesos.synthetic.files.delivery import Dialect
from kesos.synthetic.files.listing import Listing
from kesos.synthetic.files.places import address_texts, area_texts, birth_places
from kesos.synthetic.population.chunk import Population
from kesos.synthetic.population.families import HEAD
from kesos.synthetic.ranking import MOVABLE
from kesos.synthetic.rates import Rates

_FAMILY_CODES: Final = {
    "jenis_lantai_terluas": "floor_material_code",
    "jenis_dinding_terluas": "wall_material_code",
    "jenis_atap_terluas": "roof_material_code",
    "sumber_air_minum_utama": "drinking_water_code",
    "sumber_penerangan_utama": "lighting_code",
    "daya_terpasang": "installed_power_code",
    "bahan_bakar_utama_memasak": "cooking_fuel_code",
    "fasilitas_bab": "toilet_facility_code",
    "jenis_kloset": "toilet_type_code",
    "pembuangan_akhir_tinja": "sewage_code",
}
_ASSETS: Final = (
    "tabung_gas", "lemari_es", "ac", "pemanas_air", "telepon_rumah", "tv_datar", "emas_perhiasan",
    "komputer_laptop_tablet", "sepeda_motor", "sepeda", "mobil", "perahu", "kapal_perahu_motor", "smartphone",
)  # fmt: skip
_LIVESTOCK: Final = {
    "sapi": "cattle", "kerbau": "buffalo", "kuda": "horses", "babi": "pigs", "kambing_domba": "goats_sheep",
}  # fmt: skip
_PERSON_CODES: Final = {
    "id_partisipasi_sekolah": "school_participation_code",
    "id_jenjang_pendidikan_dukcapil": "education_level_code",
    "id_pekerjaan_utama": "work_sector_code",
    "id_status_kedudukan_pekerjaan_utama": "work_status_code",
    "id_lapangan_usaha_dari_usaha_utama": "business_sector_code",
    "id_omset_usaha_utama": "business_turnover_code",
    "jumlah_pekerja_dibayar": "paid_workers_count",
    "jumlah_pekerja_tidak_dibayar": "unpaid_workers_count",
    "id_kondisi_gizi": "nutrition_code",
    "id_penyakit_menahun": "chronic_illness_code",
    "id_kesedihan_depresi": "sadness_code",
    "id_penglihatan": "difficulty_seeing_code",
    "id_pendengaran": "difficulty_hearing_code",
    "id_berjalan_atau_naik_tangga": "difficulty_walking_code",
    "id_menggunakan_tangan_jari": "difficulty_using_hands_code",
    "id_belajar_kemampuan_intelektual": "difficulty_learning_code",
    "id_pengendalian_perilaku": "difficulty_behaviour_code",
    "id_berbicara_komunikasi": "difficulty_speaking_code",
    "id_mengurus_diri": "difficulty_self_care_code",
    "id_mengingat_berkonsentrasi": "difficulty_remembering_code",
    "id_kehamilan": "pregnant_code",
}
_YES_NO: Final = ("YA", "TIDAK")


@dataclass(frozen=True)
class Ranked:
    """DTSEN's listing of a chunk with the official decile (0: none given) and score of each family."""

    listing: Listing
    decile: Rows
    score: Reals


@dataclass(frozen=True)
class Extract:
    """The two tables, with the family or person that each row is really about."""

    families: Sheet
    persons: Sheet


def extract(population: Population, ranked: Ranked, payees: Flags, dialect: Dialect, rates: Rates) -> Extract:
    """Write both tables of a chunk; `payees` marks the persons whom the extract knows as paid by PKH."""
    rng = population.plan.generator("dtsen writing")
    rows = np.flatnonzero(ranked.listing.family_listed)
    kk = older_cards(rng, population.families, rates.dtsen.old_kk)
    listed = np.flatnonzero(ranked.listing.person_listed)
    families = _family_table(rng, population, ranked, kk, rows, (dialect, rates))
    return Extract(families, _person_table(rng, population, ranked, kk, listed, (dialect, rates, payees)))


def _family_table(
    rng: np.random.Generator,
    population: Population,
    ranked: Ranked,
    kk: Rows,
    rows: Rows,
    style: tuple[Dialect, Rates],
) -> Sheet:
    dialect, rates = style
    facts = {name: values[rows] for name, values in ranked.listing.families.items()}
    house = {name: values[rows] for name, values in ranked.listing.housing.items()}
    counted = np.bincount(population.persons["family"][ranked.listing.person_listed], minlength=kk.size)[rows]
    clerk = Clerk(rng, rates.spelling.dtsen, rows.size)
    pln = population.dwellings["pln"][facts["dwelling"]]
    columns: dict[str, Any] = {"nomor_kartu_keluarga": number_texts(kk[rows])}
    columns["periode"] = constant("2026-T3", rows.size)
    columns |= area_texts(facts["village"])
    columns["alamat"] = address_texts(facts)
    columns["jumlah_anggota_keluarga"] = column(counted)
    columns["nama_anggota_keluarga"] = _head_names(clerk, population, rows)
    columns["pbi_nas"] = spelling.flags(rng, facts["pbi_national"], _YES_NO, rates.rows.code_missing)
    columns["pbi_pemda"] = spelling.flags(rng, facts["pbi_local"], _YES_NO, rates.rows.code_missing)
    columns["id_pelanggan_pln"] = number_texts(pln)
    missing, wrong = rates.rows.code_missing, rates.rows.code_wrong
    columns["status_kepemilikan_rumah"] = spelling.codes(rng, facts["tenure_code"], missing, wrong)
    columns["luas_lantai"] = spelling.codes(rng, house["floor_area_m2"], missing, 0.0)
    for name, fact in _FAMILY_CODES.items():
        columns[name] = spelling.codes(rng, house[fact], missing, wrong)
    columns |= _belongings(rng, facts, dialect, missing)
    decile = ranked.decile[rows]
    columns["desil_nasional"] = column(decile, decile == 0)
    if _gives_score(population, rates):
        columns["skor"] = pc.round(column(ranked.score[rows], decile == 0), 4)
    return Sheet(pa.table(columns), population.families["key"][rows], clerk.marks)


def _gives_score(population: Population, rates: Rates) -> bool:
    regency = population.plan.regency
    return bool(generator(regency.seed, regency.code, "score given").random() < rates.dtsen.score_given)


def _head_names(clerk: Clerk, population: Population, rows: Rows) -> Values:
    persons = population.persons
    heads = np.flatnonzero(persons["relation_card"] == HEAD)[rows]
    return clerk.name(persons["name"][heads], persons["sex"][heads])


def _belongings(rng: np.random.Generator, facts: Columns, dialect: Dialect, missing: float) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name, thing in zip(_ASSETS, MOVABLE, strict=True):
        columns[f"aset_bergerak_{name}"] = spelling.flags(rng, facts[f"has_{thing}"], dialect.yes_no, missing)
    for name, thing in (("lahan_lainnya", "other_land"), ("rumah_lainnya", "other_house")):
        columns[f"aset_tidak_bergerak_{name}"] = spelling.flags(rng, facts[f"has_{thing}"], dialect.yes_no, missing)
    for name, animal in _LIVESTOCK.items():
        columns[f"jumlah_ternak_{name}"] = column(facts[f"{animal}_count"])
    return columns


def _person_table(
    rng: np.random.Generator,
    population: Population,
    ranked: Ranked,
    kk: Rows,
    rows: Rows,
    style: tuple[Dialect, Rates, Flags],
) -> Sheet:
    dialect, rates, payees = style
    clerk = Clerk(rng, rates.spelling.dtsen, rows.size, dialect.date_form)
    person = {name: values[rows] for name, values in population.persons.items()}
    family = ranked.listing.listed_with[rows]
    birth_year = person["birth_day"].astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    missing, wrong = rates.rows.code_missing, rates.rows.code_wrong
    columns: dict[str, Any] = {
        "nik": _marked(clerk.nik(person["nik"], person["family"], ranked.listing.families["village"][family]), dialect),
        "nama": clerk.name(person["name"], person["sex"]),
        "tempat_lahir": birth_places(person["birth_regency"]),
        "tanggal_lahir": clerk.birth(person["birth_day"]),
        "id_jenis_kelamin": spelling.codes(rng, person["sex"], missing / 4, wrong),
        "id_status_perkawinan": spelling.codes(rng, person["marital_card"], missing, wrong),
        "umur_2026": column(population.plan.regency.as_of.year - birth_year),
    }
    for name, fact in _PERSON_CODES.items():
        columns[name] = spelling.codes(rng, person[fact], missing, wrong)
    decile = ranked.decile[family]
    columns["status_dtsen"] = constant("AKTIF", rows.size)
    columns["bansos"] = constant("PKH, BPNT", rows.size, ~payees[rows])
    columns["kemiskinan_ekstrem"] = column((decile == 1).astype(np.int8))
    columns["nomor_kartu_keluarga"] = number_texts(kk[family])
    columns["id_hubungan_keluarga"] = spelling.codes(rng, person["relation_card"], missing, wrong)
    columns["desil_nasional_anggota"] = column(decile, decile == 0)
    columns["kode_kelurahan_desa"] = number_texts(ranked.listing.families["village"][family])
    return Sheet(pa.table(columns), person["key"], clerk.marks)


def _marked(texts: Values, dialect: Dialect) -> Values:
    """Put the apostrophe in front that offices write to keep a number a text."""
    marked: Values = pc.binary_join_element_wise(dialect.number_mark, texts, "") if dialect.number_mark else texts
    return marked
