"""The files of a world: what each is called, when it comes, what moment it shows, and how its office writes."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from kesos.synthetic.files.delivery import DIALECTS, PLAIN, SPREADSHEET, Dialect
from kesos.synthetic.plan import AS_OF

DTKS_DAY: Final = date(2021, 12, 31)
P3KE_DAY: Final = date(2022, 6, 30)
REGSOSEK_DAY: Final = date(2022, 11, 1)

_SMALL_REGENCY: Final = 300_000
_QUARTER_BEGAN: Final = date(2026, 7, 1)
# Offices of the whole nation write one way everywhere, so that what is sent on to another regency fits in there.
_DOTTED: Final = Dialect("csv", ";", "utf-8", False, ("1", "2"), "DMY")
_ISO: Final = Dialect("csv", ",", "utf-8", False, ("1", "2"), "ISO")
_WITH_MARK: Final = Dialect("csv", ",", "utf-8-sig", False, ("1", "2"), "DMY")


@dataclass(frozen=True)
class Kind:
    """One file a regency: its source, what a row is about, its name, the days it shows, and when it was delivered."""

    source: str
    file: str
    name: str
    first_day: date
    last_day: date
    delivered_on: date
    dialect: Dialect | None = None

    def path(self, regency: str, suffix: str) -> str:
        """Name the file below the directory of sources."""
        return f"{self.source}/{self.name.format(regency=regency, day=self.delivered_on.isoformat())}.{suffix}"


def _now(source: str, file: str, name: str, days_later: int, dialect: Dialect | None = None) -> Kind:
    return Kind(source, file, name, _QUARTER_BEGAN, AS_OF, AS_OF + timedelta(days=days_later), dialect)


def _then(source: str, file: str, name: str, day: date, delivered_on: date, dialect: Dialect) -> Kind:
    return Kind(source, file, name, day, day, delivered_on, dialect)


FAMILY: Final = _now("dtsen", "family", "{regency}-keluarga-{day}", 10)
PERSON: Final = _now("dtsen", "person", "{regency}-anggota-{day}", 10)
REGISTRY: Final = _now("dukcapil", "person", "{regency}-penduduk-{day}", 14)
PAYEES: Final = _now("pkh_payees", "person", "{regency}-penerima-pkh-{day}", 20)
DEATHS: Final = _now("death_reports", "person", "{regency}-kematian-{day}", 25)
SEMBAKO: Final = _now("sembako_payees", "person", "{regency}-penerima-sembako-{day}", 21, _DOTTED)
PBI: Final = _now("pbi_members", "person", "{regency}-peserta-pbi-{day}", 12, _WITH_MARK)
PLN: Final = _now("pln_customers", "person", "{regency}-pelanggan-pln-{day}", 16, _ISO)
SERVANTS: Final = _now("civil_servants", "person", "{regency}-asn-{day}", 17, _DOTTED)
WAGES: Final = _now("wages", "person", "{regency}-upah-{day}", 18, _DOTTED)
DTKS: Final = _then("dtks", "person", "{regency}-dtks-{day}", DTKS_DAY, date(2022, 1, 20), _DOTTED)
P3KE: Final = _then("p3ke", "person", "{regency}-p3ke-{day}", P3KE_DAY, date(2022, 9, 30), _ISO)
REGSOSEK_FAMILY: Final = _then(
    "regsosek", "family", "{regency}-keluarga-regsosek-{day}", REGSOSEK_DAY, date(2023, 6, 30), _ISO
)
REGSOSEK_PERSON: Final = _then(
    "regsosek", "person", "{regency}-anggota-regsosek-{day}", REGSOSEK_DAY, date(2023, 6, 30), _ISO
)

KINDS: Final = (
    FAMILY, PERSON, REGISTRY, PAYEES, DEATHS, SEMBAKO, PBI, PLN, SERVANTS, WAGES, DTKS, P3KE, REGSOSEK_FAMILY,
    REGSOSEK_PERSON,
)  # fmt: skip
SENT_ON: Final = (REGISTRY, DTKS, P3KE, REGSOSEK_FAMILY, REGSOSEK_PERSON)
"""Files in which people stand who live in another regency today."""

ALL_SOURCES: Final = tuple(dict.fromkeys(kind.source for kind in KINDS))


def dialect_of(kind: Kind, regency: str, persons: int) -> Dialect:
    """Give the way an office writes: local offices in every way, turned by the code of the regency."""
    if kind.dialect is not None:
        return kind.dialect
    if kind == DEATHS:
        return SPREADSHEET if persons <= _SMALL_REGENCY else PLAIN
    place = {FAMILY.source: 0, REGISTRY.source: 1, PAYEES.source: 2}[kind.source]
    return DIALECTS[(zlib.crc32(regency.encode()) + place) % len(DIALECTS)]
