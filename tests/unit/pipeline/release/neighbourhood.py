"""A neighbourhood of five families in five sources, with the faults of life: the usual delivery of release tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from unit.pipeline.release.small_lake import OTHER_VILLAGE, deliver, kk, nik

Rows = list[dict[str, str]]

BUDI: Final = nik("1987-08-17", 1)
DEWI: Final = nik("1990-04-12", 2, woman=True)
PUTRI: Final = nik("2014-01-01", 3, woman=True)
AGUS: Final = nik("1970-03-09", 4)
RATNA: Final = nik("1972-11-30", 5, woman=True)
SLAMET: Final = nik("1945-02-12", 6)
HASAN: Final = nik("1980-05-05", 7)
JOKO: Final = nik("1999-12-31", 8)
STRAY: Final = nik("1961-06-06", 77)

DUKCAPIL: Final[Rows] = [
    {"NIK": BUDI, "NO_KK": kk(1), "NAMA_LGKP": "BUDI SANTOSO", "TGL_LHR": "17-08-1987"},
    {
        "NIK": DEWI, "NO_KK": kk(1), "NAMA_LGKP": "DEWI LESTARI", "TGL_LHR": "12-04-1990", "JENIS_KLMIN": "2",
        "STAT_HBKEL": "3",
    },
    {
        "NIK": PUTRI, "NO_KK": kk(1), "NAMA_LGKP": "PUTRI SANTOSO", "TGL_LHR": "01-01-2014", "JENIS_KLMIN": "2",
        "STAT_HBKEL": "4", "STAT_KWN": "1",
    },
    {"NIK": AGUS, "NO_KK": kk(2), "NAMA_LGKP": "AGUS WIJAYA", "TGL_LHR": "09-03-1970"},
    {
        "NIK": RATNA, "NO_KK": kk(2), "NAMA_LGKP": "RATNA WIJAYA", "TGL_LHR": "30-11-1972", "JENIS_KLMIN": "2",
        "STAT_HBKEL": "3",
    },
    {"NIK": SLAMET, "NO_KK": kk(3), "NAMA_LGKP": "SLAMET", "TGL_LHR": "12-02-1945"},
    {"NIK": HASAN, "NO_KK": kk(4), "NAMA_LGKP": "HASAN BASRI", "TGL_LHR": "05-05-1980"},
    # Set aside: no name. The address holds a NIK that must not leak.
    {"NIK": STRAY, "NO_KK": kk(9), "NAMA_LGKP": "", "TGL_LHR": "06-06-1961", "ALAMAT": f"NIK {STRAY} KP SUKAMAJU"},
]  # fmt: skip
DTSEN_FAMILY: Final[Rows] = [
    {
        "nomor_kartu_keluarga": kk(1), "nama_anggota_keluarga": "BUDI SANTOSO", "jumlah_anggota_keluarga": "3",
        "id_pelanggan_pln": "530112349001", "desil_nasional": "3",
    },
    {
        "nomor_kartu_keluarga": kk(2), "nama_anggota_keluarga": "AGUS WIJAYA", "jumlah_anggota_keluarga": "2",
        "id_pelanggan_pln": "530112349001", "desil_nasional": "7",
    },
    {
        "nomor_kartu_keluarga": kk(3), "nama_anggota_keluarga": "SLAMET", "alamat": "JL MELATI NO 12 RT 1/2",
        "desil_nasional": "",
    },
    {
        "nomor_kartu_keluarga": kk(5), "nama_anggota_keluarga": "KARTINI", "alamat": f"ktp {STRAY[:8]} {STRAY[8:]}",
        "kode_kelurahan_desa": OTHER_VILLAGE, "desil_nasional": "1",
    },
]  # fmt: skip
DTSEN_PERSON: Final[Rows] = [
    {"nik": BUDI, "nama": "BUDI SANTOSO", "nomor_kartu_keluarga": kk(1), "tanggal_lahir": "1987-08-17"},
    {
        "nik": DEWI, "nama": "DEWI LESTARI, S.PD", "nomor_kartu_keluarga": kk(1), "tanggal_lahir": "1990-04-12",
        "id_jenis_kelamin": "2", "id_hubungan_keluarga": "2",
    },
    {"nik": AGUS, "nama": "AGUS WIDJAJA", "nomor_kartu_keluarga": kk(2), "tanggal_lahir": "1970-03-09"},
    {"nik": SLAMET, "nama": "SLAMET", "nomor_kartu_keluarga": kk(3), "tanggal_lahir": "1945-02-12"},
    {
        "nik": "", "nama": "KARTINI", "nomor_kartu_keluarga": kk(5), "tanggal_lahir": "1951-07-12",
        "id_jenis_kelamin": "2", "id_status_perkawinan": "4", "kode_kelurahan_desa": OTHER_VILLAGE,
    },
]  # fmt: skip
PKH: Final[Rows] = [
    {"NIK": DEWI, "NO_KK": kk(1), "NAMA_PENERIMA": "DEWI LESTARI", "TGL_LAHIR": "1990-04-12"},
    {"NIK": DEWI, "NO_KK": kk(1), "NAMA_PENERIMA": "DEWI LESTARI", "TGL_LAHIR": "1990-04-12", "KOMPONEN": "USIA DINI"},
    # Set aside: no amount.
    {"NIK": RATNA, "NO_KK": kk(2), "NAMA_PENERIMA": "RATNA WIJAYA", "NOMINAL": "belum ada"},
]
DEATHS: Final[Rows] = [
    {
        "NIK": SLAMET, "NAMA": "SLAMET", "TANGGAL_LAHIR": "1945-02-12", "TANGGAL_MENINGGAL": "2026-09-01",
        "TANGGAL_LAPOR": "2026-09-03",
    },
]  # fmt: skip
OWNER: Final[Rows] = [
    {
        "NAMA": f"JOKO {JOKO}", "NIK": JOKO, "TANGGAL_LAHIR": "31/12/1999", "JENIS_KELAMIN": "L",
        "KODE_DESA": OTHER_VILLAGE, "PROGRAM": "UMKM", "PERIODE": "2026-T2", "NOMINAL": "1200000",
    },
    {"NAMA": "Hasan Basri", "NIK": HASAN, "TANGGAL_LAHIR": "05/05/1980", "PROGRAM": f"UMKM {kk(4)}"},
]  # fmt: skip

TABLES: Final[dict[str, Rows]] = {
    "dukcapil/person": DUKCAPIL,
    "dtsen/family": DTSEN_FAMILY,
    "dtsen/person": DTSEN_PERSON,
    "pkh_payees/person": PKH,
    "death_reports/person": DEATHS,
    "owner_list/person": OWNER,
}
NUMBERS: Final = (
    BUDI, DEWI, PUTRI, AGUS, RATNA, SLAMET, HASAN, JOKO, STRAY, *(kk(serial) for serial in (1, 2, 3, 4, 5, 9)),
)  # fmt: skip


def as_written(rows: Sequence[dict[str, str]]) -> Rows:
    """Leave the rows in the order in which they stand above."""
    return list(rows)


def deliver_all(folder: Path, *, arrange: Callable[[Rows], Rows] = as_written, day: str = "2026-09-30") -> Path:
    """Write every file of the neighbourhood, its rows arranged by a function; return the folder."""
    for name, rows in TABLES.items():
        deliver(folder, name, arrange(rows), day=day)
    return folder
