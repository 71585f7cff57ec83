"""What is known of somebody who is looked for, standardised as records are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from kesos.foundation.errors import Refused
from kesos.pipeline.link.key_index import UNKNOWN, nik_numbers
from kesos.pipeline.standardise.name_parts import standardise_name


class NothingToFind(Refused):
    """A question that names nobody would bring everybody."""

    what = "To find a person, a name, a NIK, or a birth date with the sex is needed."
    remedy = "Give at least --name, --nik, or --birth-date and --sex."


@dataclass(frozen=True, slots=True)
class Sought:
    """What is known of somebody. Names are normalised, `name_key` is phonetic; `nik_index` is a blind index."""

    name: str | None = None
    name_key: str | None = None
    sex: int = UNKNOWN
    birth: date | None = None
    village: int = UNKNOWN
    mother: str | None = None
    nik: int = UNKNOWN

    @property
    def regency(self) -> int:
        """Give the regency of the village as a number of four digits; -1 where unknown."""
        return UNKNOWN if self.village < 0 else self.village // 1_000_000

    @property
    def birth_day(self) -> int:
        """Give the birth date as the index keeps it, days of the calendar since year 1; -1 where unknown."""
        return UNKNOWN if self.birth is None else self.birth.toordinal()


def sought(
    *,
    name: str | None = None,
    birth_date: date | None = None,
    sex: str | None = None,
    village: str | None = None,
    mother: str | None = None,
    nik_index: bytes | None = None,
) -> Sought:
    """Say what is known of somebody, standardised as records are.

    `village` is a Kemendagri code of ten digits. *Raises* NothingToFind when it is too little to look for anybody.
    """
    read = standardise_name(name) if name else None
    read_mother = standardise_name(mother) if mother else None
    asked = Sought(
        name=read.name_normal if read else None,
        name_key=read.name_key if read else None,
        sex={"male": 1, "female": 2}.get(sex or "", UNKNOWN),
        birth=birth_date,
        village=int(village) if village else UNKNOWN,
        mother=read_mother.name_normal if read_mother else None,
        nik=int(nik_numbers(pa.array([nik_index], pa.binary()))[0]),
    )
    if asked.name_key is None and asked.nik < 0 and (asked.birth is None or asked.sex < 0):
        raise NothingToFind
    return asked
