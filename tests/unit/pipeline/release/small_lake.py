"""Small delivered files in the layouts of the shipped sources, lakes built of them, and released tables as rows."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from pyarrow import parquet

from kesos.datasets.lake import Lake
from kesos.foundation.sealing import IdentityKey, Sealer
from kesos.pipeline.release.build import BuildRequest, Built, build_release

Row = dict[str, Any]

KEY: Final = IdentityKey(1, bytes(range(64)), b"i" * 32, b"r" * 32)
SEALER: Final = Sealer(KEY)
VILLAGE: Final = "3201011006"
OTHER_VILLAGE: Final = "3201011001"

# Columns of each file with the value that stands where a test says nothing, and the sign between fields.
_LAYOUTS: Final[Mapping[str, tuple[str, dict[str, str]]]] = {
    "dukcapil/person": (
        ";",
        {
            "NIK": "", "NO_KK": "", "NAMA_LGKP": "", "TMPT_LHR": "BOGOR", "TGL_LHR": "", "JENIS_KLMIN": "1",
            "STAT_KWN": "2", "STAT_HBKEL": "1", "NAMA_LGKP_IBU": "SUPARTI", "ALAMAT": "KP SUKAMAJU", "NO_RT": "003",
            "NO_RW": "007", "KODE_DESA": VILLAGE, "STATUS_DASAR": "1", "TGL_UPDATE": "",
        },
    ),
    "dtsen/person": (
        ",",
        {
            "nik": "", "nama": "", "nomor_kartu_keluarga": "", "tempat_lahir": "BOGOR", "tanggal_lahir": "",
            "id_jenis_kelamin": "1", "id_hubungan_keluarga": "1", "id_status_perkawinan": "2", "umur_2026": "",
            "id_partisipasi_sekolah": "3", "id_jenjang_pendidikan_dukcapil": "13", "id_pekerjaan_utama": "",
            "id_status_kedudukan_pekerjaan_utama": "", "id_kehamilan": "", "id_kondisi_gizi": "", "id_penglihatan": "",
            "id_berjalan_atau_naik_tangga": "", "id_penyakit_menahun": "", "bansos": "", "kode_kelurahan_desa": VILLAGE,
        },
    ),
    "dtsen/family": (
        ",",
        {
            "nomor_kartu_keluarga": "", "periode": "2026-T3", "kode_kabupaten_kota": "3201", "kecamatan": "CIBINONG",
            "kode_kelurahan_desa": VILLAGE, "kelurahan_desa": "", "alamat": "KP SUKAMAJU RT 003 RW 007",
            "jumlah_anggota_keluarga": "1", "nama_anggota_keluarga": "", "pbi_nas": "YA", "pbi_pemda": "TIDAK",
            "id_pelanggan_pln": "", "status_kepemilikan_rumah": "1", "luas_lantai": "48", "jenis_lantai_terluas": "2",
            "jenis_dinding_terluas": "1", "jenis_atap_terluas": "2", "sumber_air_minum_utama": "4",
            "sumber_penerangan_utama": "1", "daya_terpasang": "1", "bahan_bakar_utama_memasak": "4",
            "fasilitas_bab": "1", "jenis_kloset": "1", "pembuangan_akhir_tinja": "1", "aset_bergerak_tabung_gas": "2",
            "aset_bergerak_lemari_es": "1", "aset_bergerak_sepeda_motor": "1", "aset_bergerak_smartphone": "1",
            "aset_tidak_bergerak_lahan_lainnya": "2", "jumlah_ternak_sapi": "0", "jumlah_ternak_kambing_domba": "0",
            "desil_nasional": "3",
        },
    ),
    "pkh_payees/person": (
        ",",
        {
            "NIK": "", "NO_KK": "", "NAMA_PENERIMA": "", "TGL_LAHIR": "", "ALAMAT": "KP SUKAMAJU RT 003 RW 007",
            "KODE_DESA": VILLAGE, "TAHAP": "2026-T3", "KOMPONEN": "SD", "NOMINAL": "225000",
            "STATUS_SALUR": "BERHASIL",
        },
    ),
    "death_reports/person": (
        ",",
        {
            "NIK": "", "NAMA": "", "TANGGAL_LAHIR": "", "TANGGAL_MENINGGAL": "", "KODE_DESA": VILLAGE,
            "PELAPOR": "KETUA RT 003", "TANGGAL_LAPOR": "",
        },
    ),
    "owner_list/person": (
        ",",
        {
            "NAMA": "", "NIK": "", "NO_KK": "", "TANGGAL_LAHIR": "", "JENIS_KELAMIN": "", "ALAMAT": "", "RT": "",
            "RW": "", "KODE_DESA": "", "PROGRAM": "", "PERIODE": "", "NOMINAL": "",
        },
    ),
}  # fmt: skip


def nik(born: str, serial: int, *, woman: bool = False) -> str:
    """Give a made-up NIK of somebody born on an ISO day; serials start at 9000."""
    day = date.fromisoformat(born)
    return f"320101{day.day + 40 * woman:02d}{day.month:02d}{day.year % 100:02d}{9000 + serial:04d}"


def kk(serial: int) -> str:
    """Give a made-up KK number."""
    return f"320101020320{9000 + serial:04d}"


def deliver(folder: Path, table: str, rows: Sequence[Mapping[str, str]], *, day: str = "2026-09-30") -> Path:
    """Write rows as a file of `source/file` handed over on a day; columns that are not given have their usual value."""
    source, file = table.split("/")
    delimiter, usual = _LAYOUTS[table]
    for row in rows:
        assert row.keys() <= usual.keys(), row.keys() - usual.keys()
    (folder / source).mkdir(parents=True, exist_ok=True)
    path = folder / source / f"{file}_{day}.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(usual), delimiter=delimiter, lineterminator="\n")
        writer.writeheader()
        writer.writerows({**usual, **row} for row in rows)
    return path


def request(sources: Path, lake: Path, name: str = "2026-T3", *, sealer: Sealer = SEALER, **more: Any) -> BuildRequest:
    """Ask for a small build with one thread."""
    usual: dict[str, Any] = {"memory": "1GB", "threads": 1}
    return BuildRequest(sources=sources, name=name, lake=Lake(lake), sealer=sealer, **{**usual, **more})


def build(sources: Path, lake: Path, name: str = "2026-T3", *, sealer: Sealer = SEALER, **more: Any) -> Built:
    """Build a small release."""
    return build_release(request(sources, lake, name, sealer=sealer, **more))


def table(built: Built, dataset: str) -> pa.Table:
    """Read a dataset of a release."""
    return parquet.ParquetFile(built.folder / dataset / "part-00000.parquet").read()


def rows(built: Built, dataset: str, **wanted: object) -> list[Row]:
    """Read the rows of a dataset that have the wanted values, in stored order."""
    found = table(built, dataset).to_pylist()
    return [row for row in found if all(row[column] == value for column, value in wanted.items())]


def only(built: Built, dataset: str, **wanted: object) -> Row:
    """Read the one row that has the wanted values."""
    (row,) = rows(built, dataset, **wanted)
    return row


def person_id(built: Built, name: str) -> int:
    """Give the identifier of the one person of a normalised name."""
    return int(only(built, "person", name_normal=name)["person_id"])


def ids_by_name(built: Built) -> list[tuple[str, int, int | None]]:
    """List every person of a release: name, identifier, family."""
    return sorted((row["name_normal"], row["person_id"], row["family_id"]) for row in rows(built, "person"))


def register(built: Built, kind: str) -> dict[int, tuple[str, int | None]]:
    """Read the identifier register of a kind: identifier to status and successor."""
    return {row["id"]: (row["status"], row["alias_of"]) for row in rows(built, "identifier", kind=kind)}


def files_below(folder: Path) -> Iterator[Path]:
    """List every file below a folder, hidden ones included, in order."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def fingerprint(folder: Path) -> dict[str, str]:
    """Hash every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files_below(folder)
    }
