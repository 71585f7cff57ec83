"""A DTSEN extract in the layout that districts receive, made up by arithmetic, in two spellings and as a workbook.

40 families, of 1 to 5 members, 120 persons; `spoil` then breaks single cells. Every count of the journey can be
reckoned by hand.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

DELIVERED_ON = date(2026, 9, 30)
Table = list[dict[str, str]]

# The columns in the first spelling, and after `=` the second where the list names one.
FAMILY_LAYOUT = """
    nomor_kartu_keluarga=no_kk periode kode_provinsi provinsi kode_kabupaten_kota kabupaten_kota kode_kecamatan
    kecamatan kode_kelurahan_desa kelurahan_desa alamat jumlah_anggota_keluarga nama_anggota_keluarga=nama pbi_nas=pbi
    pbi_pemda id_pelanggan_pln status_kepemilikan_rumah=id_status_penguasaan_bangunan luas_lantai=luas_lantai_bangunan
    jenis_lantai_terluas=id_lantai_terluas jenis_dinding_terluas=id_dinding_terluas jenis_atap_terluas=id_atap_terluas
    sumber_air_minum_utama=id_sumber_airminum sumber_penerangan_utama=id_sumberpenerangan daya_terpasang
    bahan_bakar_utama_memasak=id_bb_utama fasilitas_bab=id_fasilitas_bab jenis_kloset=id_jenis_kloset
    pembuangan_akhir_tinja=id_pembuangan_tinja aset_bergerak_tabung_gas aset_bergerak_lemari_es aset_bergerak_ac
    aset_bergerak_pemanas_air aset_bergerak_telepon_rumah aset_bergerak_tv_datar aset_bergerak_emas_perhiasan
    aset_bergerak_komputer_laptop_tablet aset_bergerak_sepeda_motor aset_bergerak_sepeda aset_bergerak_mobil
    aset_bergerak_perahu aset_bergerak_kapal_perahu_motor aset_bergerak_smartphone
    aset_tidak_bergerak_lahan_lainnya=lahan_tempat_lain aset_tidak_bergerak_rumah_lainnya=rumah_tempat_lain
    jumlah_ternak_sapi=jml_sapi jumlah_ternak_kerbau=jml_kerbau jumlah_ternak_kuda=jml_kuda jumlah_ternak_babi=jml_babi
    jumlah_ternak_kambing_domba=jml_kambing_domba desil_nasional=desil_nasional_keluarga skor
"""
PERSON_LAYOUT = """
    nik nama tempat_lahir tanggal_lahir id_jenis_kelamin id_status_perkawinan umur_2026 id_partisipasi_sekolah
    id_jenjang_pendidikan_dukcapil id_pekerjaan_utama id_status_kedudukan_pekerjaan_utama
    id_lapangan_usaha_dari_usaha_utama id_omset_usaha_utama jumlah_pekerja_dibayar jumlah_pekerja_tidak_dibayar
    id_kondisi_gizi id_penyakit_menahun id_kesedihan_depresi id_penglihatan id_pendengaran id_berjalan_atau_naik_tangga
    id_menggunakan_tangan_jari id_belajar_kemampuan_intelektual id_pengendalian_perilaku id_berbicara_komunikasi
    id_mengurus_diri id_mengingat_berkonsentrasi status_dtsen bansos kemiskinan_ekstrem
"""
DIFFICULTIES = PERSON_LAYOUT.split()[17:27]
VILLAGES = {"5204092001": "MOYO", "5204092005": "POTO", "5204092009": "SERADING", "5204092010": "OLAT RAWA"}
POWERS = {"1": "450 VA", "2": "900 VA", "3": "1300 VA", "4": "2200 VA"}


def headers(layout: str, *, second: bool) -> dict[str, str]:
    """Read a layout: from each column to its header in the first or in the second spelling."""
    pairs = [word.partition("=") for word in layout.split()]
    return {first: (alias or first) if second else first for first, _, alias in pairs}


def make_families() -> Table:
    """Make 40 families; family i has 1 + i % 5 members."""
    rows = []
    for i in range(1, 41):
        village = list(VILLAGES)[i % 4]
        row = dict.fromkeys(headers(FAMILY_LAYOUT, second=False), "")
        # No two columns of a kind are answered alike in four families on end, so that none can pass for another.
        assets = [column for column in row if column.startswith("aset_")]
        row |= {column: str(1 + (place >> (i % 4) & 1)) for place, column in enumerate(assets)}
        livestock = [column for column in row if column.startswith("jumlah_ternak_")]
        row |= {column: str((i + place) % 7) for place, column in enumerate(livestock)}
        row |= {
            "nomor_kartu_keluarga": card(i), "periode": "2026-T3", "kode_provinsi": "52",
            "provinsi": "NUSA TENGGARA BARAT", "kode_kabupaten_kota": "5204", "kabupaten_kota": "KAB. SUMBAWA",
            "kode_kecamatan": "520409", "kecamatan": "MOYO HILIR", "kode_kelurahan_desa": village,
            "kelurahan_desa": VILLAGES[village], "alamat": f"DUSUN {i} RT {i % 4 + 1} RW 2",
            "jumlah_anggota_keluarga": str(1 + i % 5), "nama_anggota_keluarga": name(i, 0), "pbi_nas": str(i % 2),
            "pbi_pemda": str((i + 1) % 2), "id_pelanggan_pln": f"4411009{i:05}", "status_kepemilikan_rumah": "2",
            "luas_lantai": str(20 + i), "jenis_lantai_terluas": "5", "jenis_dinding_terluas": "3",
            "jenis_atap_terluas": "8", "sumber_air_minum_utama": "9", "sumber_penerangan_utama": "1",
            "daya_terpasang": str(1 + i % 4), "bahan_bakar_utama_memasak": "10", "fasilitas_bab": "6",
            "jenis_kloset": "4", "pembuangan_akhir_tinja": "2", "desil_nasional": str(1 + i % 10), "skor": f"0.{i:02}",
        }  # fmt: skip
        rows.append(row)
    return rows


def make_persons() -> Table:
    """Make the 120 members of the 40 families, in order; also the two columns that some extracts have besides."""
    rows: Table = []
    for i, j in ((family, member) for family in range(1, 41) for member in range(1 + family % 5)):
        birth = date(1960 + 20 * min(j, 2), 1, 1) + timedelta(days=37 * i + 400 * j)
        is_female = (i + j) % 2
        row = dict.fromkeys(headers(PERSON_LAYOUT, second=False), "")
        row |= {column: str(1 + (place >> 2 * (len(rows) % 2) & 3)) for place, column in enumerate(DIFFICULTIES)}
        row |= {
            "nik": f"520409{birth.day + 40 * is_female:02}{birth:%m%y}{9000 + 5 * i + j}", "nama": name(i, j),
            "tempat_lahir": "SUMBAWA", "tanggal_lahir": birth.isoformat(), "id_jenis_kelamin": str(1 + is_female),
            "id_status_perkawinan": "2" if j < 2 else "1", "umur_2026": str(2026 - birth.year),
            "id_partisipasi_sekolah": "3", "id_penyakit_menahun": "1", "status_dtsen": "AKTIF", "bansos": "PKH, BPNT",
            "kemiskinan_ekstrem": str(i % 2), "nomor_kartu_keluarga": card(i),
            "id_hubungan_keluarga": str(1 + min(j, 2)),
        }  # fmt: skip
        rows.append(row)
    return rows


def card(i: int) -> str:
    """Make the number of a family card up."""
    return f"520409{1 + i % 28:02}0515{9000 + i}"


def name(i: int, j: int) -> str:
    """Make a name up; no two are alike."""
    first = ("AMINAH", "BURHAN", "CITRA", "DARMA", "ENDANG")[j]
    letters = "BCDFGHJKLM"
    return f"{first} {letters[i // 10]}A{letters[i % 10]}USAN"


def spoil(families: Table, persons: Table) -> tuple[Table, Table]:
    """Spoil single cells, repeat the first row of each file, and give a stranger the number of the first person."""
    families[2]["desil_nasional"] = "11"
    families[4]["aset_bergerak_ac"] = "7"
    families[6] |= {"kode_kelurahan_desa": "5204099999", "kelurahan_desa": "ENTAH"}
    families[8]["jenis_atap_terluas"] = "9"
    families[10]["desil_nasional"] = ""
    families[12]["jumlah_anggota_keluarga"] = "0"
    families[14]["luas_lantai"] = "998"
    families[16]["nomor_kartu_keluarga"] = "5.20409E+15"
    persons[1]["nama"] = ""
    persons[3]["nama"] = "X"
    persons[5]["tanggal_lahir"] = "1987-02-31"
    persons[7]["tanggal_lahir"] = "1975"
    persons[9]["nik"] = ""
    persons[11]["nik"] = persons[11]["nik"][:15]
    persons[13]["id_penglihatan"] = "5"
    persons[15]["id_jenis_kelamin"] = {"1": "2", "2": "1"}[persons[15]["id_jenis_kelamin"]]
    stranger = persons[0] | {"nama": "ZAENUDDIN ORANG LAIN", "tanggal_lahir": "2001-11-30"}
    return [*families, families[0]], [*persons, persons[0], stranger]


def in_words(column: str, cell: str) -> str:
    """Write a cell the other way: dots in area codes, words for answers and sex, a power in VA."""
    if column.startswith("kode_"):
        return re.sub(r"^(\d{2})(\d{2})?(\d{2})?(\d{4})?$", lambda code: ".".join(filter(None, code.groups())), cell)
    if column.startswith("aset_"):
        return {"1": "YA", "2": "TIDAK"}.get(cell, cell)
    if column.startswith(("pbi_", "kemiskinan_")):
        return {"1": "Ya", "0": "Tidak"}.get(cell, cell)
    if column == "id_jenis_kelamin":
        return {"1": "Laki-laki", "2": "Perempuan"}.get(cell, cell)
    return POWERS.get(cell, cell) if column == "daya_terpasang" else cell


def as_it_is(_column: str, cell: str) -> str:
    """Leave a cell as it is: digits."""
    return cell


@dataclass(frozen=True)
class Spelling:
    """How an extract is written: its headers, its cells, its delimiter, and the byte order mark of a spreadsheet."""

    family: dict[str, str]
    person: dict[str, str]
    cell: Callable[[str, str], str] = as_it_is
    delimiter: str = ","
    encoding: str = "utf-8"

    def write(self, folder: Path, families: Table, persons: Table) -> Path:
        """Write both files as CSV; the last row of the family file breaks off."""
        folder.mkdir(parents=True)
        for path, layout, rows in (
            (folder / f"keluarga_{DELIVERED_ON}.csv", self.family, families),
            (folder / f"anggota_{DELIVERED_ON}.csv", self.person, persons),
        ):
            with path.open("w", encoding=self.encoding, newline="") as file:
                writer = csv.writer(file, delimiter=self.delimiter)
                writer.writerow(layout.values())
                writer.writerows([self.cell(column, row[column]) for column in layout] for row in rows)
                if layout is self.family:
                    writer.writerow([card(99), "2026-T3"])
        return folder


FIRST = Spelling(headers(FAMILY_LAYOUT, second=False), headers(PERSON_LAYOUT, second=False))
SECOND = Spelling(
    headers(FAMILY_LAYOUT, second=True),
    # The list has one spelling of the person file: signs, case and the year of the age vary.
    {
        column: column.upper().replace("_", " ").replace("2026", "2025")
        for column in headers(PERSON_LAYOUT, second=True)
    },
    in_words,
    ";",
    "utf-8-sig",
)


def write_workbook(path: Path, families: Table, persons: Table) -> None:
    """Write one workbook of two sheets as offices do: a title above, small numbers as numbers, the day first.

    Persons carry the two columns that tie them to a family card.
    """
    more = {column: column for column in ("nomor_kartu_keluarga", "id_hubungan_keluarga")}
    with xlsxwriter.Workbook(path) as book:
        for title, layout, rows in (("Keluarga", FIRST.family, families), ("Anggota", FIRST.person | more, persons)):
            sheet = book.add_worksheet(title)
            sheet.write_string(0, 0, f"{title} DTSEN Kabupaten Sumbawa")
            sheet.write_row(2, 0, layout.values())
            for number, row in enumerate(rows, 3):
                sheet.write_row(number, 0, [_office_cell(row[column]) for column in layout])


def _office_cell(cell: str) -> str | int:
    if cell.isdigit() and len(cell) < 4:
        return int(cell)
    return re.sub(r"^(\d{4})-(\d{2})-(\d{2})$", r"\3/\2/\1", cell)
