"""Write areas and addresses as text: codes with their names, streets, hamlets, RT and RW."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numpy as np
import pyarrow as pa

from kesos.foundation.columns import Values
from kesos.foundation.columns import compute as pc
from kesos.synthetic import ground
from kesos.synthetic.arrow import chosen, column, number_texts
from kesos.synthetic.draws import Columns, Rows
from kesos.synthetic.population.identity import HAMLETS

_LEVELS: Final = (
    ("provinsi", "province", 10**8),
    ("kabupaten_kota", "regency", 10**6),
    ("kecamatan", "district", 10**4),
    ("kelurahan_desa", "village", 1),
)
_HAMLET_WORDS: Final = {"13": "JORONG", "51": "BANJAR", "32": "KP", "36": "KP"}
_THREE_DIGITS: Final = tuple(f"{number:03d}" for number in range(1000))


@cache
def _names(level: str) -> tuple[Rows, Values]:
    names = ground.area_names(level)
    codes = np.array(sorted(names))
    return codes, pa.array([names[int(code)].upper() for code in codes])


def area_name_texts(level: str, codes: Rows) -> Values:
    """Name areas in capitals, given their codes as numbers."""
    known, names = _names(level)
    return chosen(names, np.searchsorted(known, codes))


def area_texts(village: Rows) -> dict[str, Any]:
    """Write code and name of province, regency, district and village, in the columns of DTSEN."""
    columns: dict[str, Any] = {}
    for name, level, step in _LEVELS:
        distinct, position = np.unique(village // step, return_inverse=True)
        columns[f"kode_{name}"] = chosen(number_texts(distinct), position)
        columns[name] = chosen(area_name_texts(level, distinct), position)
    return columns


def birth_places(regency: Rows) -> Values:
    """Name the regency of birth as documents do: SUMBAWA for Kabupaten Sumbawa."""
    distinct, position = np.unique(regency, return_inverse=True)
    named = area_name_texts("regency", distinct).to_pylist()
    return chosen(tuple(str(name).removeprefix("KABUPATEN ").removeprefix("KOTA ") for name in named), position)


def three_digits(numbers: Rows) -> Values:
    """Write RT and RW with three digits."""
    return chosen(_THREE_DIGITS, np.clip(numbers, 0, 999))


def street_texts(families: Columns) -> Values:
    """Write the street with its number in towns, the hamlet elsewhere: one line of an address without RT and RW."""
    street = families["street"]
    streets = chosen(tuple(f"JL {name} NO " for name in ground.streets()), np.maximum(street, 0))
    in_town = pc.binary_join_element_wise(streets, number_texts(families["house_number"]), "")
    kinds = ("DSN", *dict.fromkeys(_HAMLET_WORDS.values()))
    province, position = np.unique(families["village"] // 10**8, return_inverse=True)
    kind = np.array([kinds.index(_HAMLET_WORDS.get(str(code), "DSN")) for code in province.tolist()], np.int64)
    named = tuple(f"{word} {name}" for word in kinds for name in HAMLETS)
    hamlets = chosen(named, kind[position] * len(HAMLETS) + families["hamlet"])
    written: Values = pc.if_else(column(street >= 0), in_town, hamlets)
    return written


def address_texts(families: Columns) -> Values:
    """Write whole addresses in one text, RT and RW inside."""
    rt, rw = three_digits(families["rt"]), three_digits(families["rw"])
    written: Values = pc.binary_join_element_wise(street_texts(families), " RT ", rt, " RW ", rw, "")
    return written
