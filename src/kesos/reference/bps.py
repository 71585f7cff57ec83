"""Translate area codes to the Kemendagri codes of 2025: from BPS, and from the Papua of two provinces.

Both systems use the same digits for different places (in 2020, 9402 was Jayawijaya for BPS; it is Puncak Jaya for
Kemendagri), so the system of a column is said by whoever knows it and is never guessed.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cache
from typing import Final

import pyarrow as pa

from kesos.foundation.area_code import LENGTHS, LEVELS, AreaLevel, AreaSystem
from kesos.foundation.columns import Column, complete_texts, one_chunk
from kesos.foundation.columns import compute as pc
from kesos.reference import areas
from kesos.reference.packaged import read_packaged_texts


class TranslationNote(StrEnum):
    """What became of a code."""

    SAME = "same"
    TRANSLATED = "translated"
    COARSER = "coarser"
    UNKNOWN = "unknown"
    MISSING = "missing"


# The days of the laws that made the new provinces (Laws 14, 15, 16 and 29 of 2022). The decrees that print their codes
# came later; a code is taken as valid from the day its province exists.
PROVINCE_SINCE: Final[dict[str, date]] = {
    "93": date(2022, 7, 25),
    "94": date(2022, 7, 25),
    "95": date(2022, 7, 25),
    "96": date(2022, 12, 8),
}


@cache
def regency_codes() -> pa.Table:
    """List the codes of 514 regencies. *Grain*: one row a `kemendagri` code of 2025.

    Further columns: `bps` (2025), `kemendagri_2020`, `bps_2020`, and `renumbered_on`, the day from which the codes of
    2020 no longer hold: null where they still do. Only Papua was renumbered.

    >>> regency_codes().filter(pc.field("kemendagri") == "9301").to_pylist()[0]["bps_2020"]
    '9401'
    """
    codes = read_packaged_texts("regency_codes.csv", "kemendagri", "bps", "kemendagri_2020", "bps_2020")
    days = [PROVINCE_SINCE.get(code[:2]) for code in complete_texts(codes["kemendagri"])]
    return codes.append_column("renumbered_on", pa.array(days, pa.date32()))


@cache
def district_codes() -> pa.Table:
    """List the 6,857 districts that both systems had in 2020. *Grain*: one row a `bps_2020` code (7 digits).

    Further columns: `kemendagri_2020` and `kemendagri`, its code in 2025. Districts made since 2020 are not in it.
    """
    return read_packaged_texts("district_codes_2020.csv", "bps_2020", "kemendagri_2020", "kemendagri")


def _codes_of_today(level: AreaLevel) -> dict[str, str]:
    tables = {
        AreaLevel.PROVINCE: areas.provinces,
        AreaLevel.REGENCY: areas.regencies,
        AreaLevel.DISTRICT: areas.districts,
        AreaLevel.VILLAGE: areas.villages,
    }
    return {code: code for code in complete_texts(tables[level]()[str(level)])}


@cache
def _from_bps(level: AreaLevel) -> dict[str, str]:
    """Map BPS codes of one level, today's and those of 2020; no list of villages is at hand."""
    regencies = regency_codes().to_pylist()
    if level is AreaLevel.PROVINCE:
        return {row["bps"][:2]: row["kemendagri"][:2] for row in regencies}
    if level is AreaLevel.REGENCY:
        return {row[edition]: row["kemendagri"] for edition in ("bps_2020", "bps") for row in regencies}
    if level is AreaLevel.DISTRICT:
        return {row["bps_2020"]: row["kemendagri"] for row in district_codes().to_pylist()}
    return {}


@cache
def _from_kemendagri(level: AreaLevel) -> dict[str, str]:
    """Map Kemendagri codes of one level, former ones included; a code that is in use today always means itself."""
    former: dict[str, str] = {}
    if level is AreaLevel.REGENCY:
        former = {row["former"]: row["kemendagri"] for row in areas.former_regencies().to_pylist()}
        former |= {row["kemendagri_2020"]: row["kemendagri"] for row in regency_codes().to_pylist()}
    elif level is AreaLevel.DISTRICT:
        # In Papua some numbers inside a regency differ between the lists of 2020 and 2025, and it is not known whether
        # they were renumbered or mistyped. Only where both agree is the district named.
        former = {
            row["kemendagri_2020"]: row["kemendagri"]
            for row in district_codes().to_pylist()
            if row["kemendagri_2020"][4:] == row["kemendagri"][4:]
        }
    return former | _codes_of_today(level)


def _translate(code: str, system: AreaSystem, level: AreaLevel) -> tuple[str | None, TranslationNote]:
    """Translate at the level of the code; failing that, at the nearest level above, down to the regency."""
    lengths, depth = LENGTHS[system], LEVELS.index(level)
    if len(code) != lengths[depth]:
        return None, TranslationNote.UNKNOWN
    bridge = _from_bps if system is AreaSystem.BPS else _from_kemendagri
    exact = bridge(level).get(code)
    if exact is not None:
        return exact, TranslationNote.SAME if exact == code else TranslationNote.TRANSLATED
    for coarser in range(depth - 1, 0, -1):
        found = bridge(LEVELS[coarser]).get(code[: lengths[coarser]])
        if found is not None:
            return found, TranslationNote.COARSER
    return None, TranslationNote.UNKNOWN


def to_kemendagri(codes: Column, system: AreaSystem, level: AreaLevel) -> tuple[pa.StringArray, pa.StringArray]:
    """Translate a column of codes without dots to Kemendagri codes of 2025; give (codes, notes).

    Notes are those of TranslationNote. `coarser`: the code is that of the district (6 digits) or regency (4 digits) in
    which the area lies, since its own is not known. So it is with every BPS village: no list of them is at hand, and a
    village is never guessed. `unknown` and `missing` give no code.

    >>> codes, notes = to_kemendagri(pa.array(["9401", "3273", "9999"]), AreaSystem.BPS, AreaLevel.REGENCY)
    >>> codes.to_pylist(), notes.to_pylist()
    (['9301', '3273', None], ['translated', 'same', 'unknown'])
    """
    encoded = one_chunk(codes).cast(pa.string()).dictionary_encode()
    found = [_translate(code, system, level) for code in complete_texts(encoded.dictionary)]
    translated = pa.array([code for code, _ in found], pa.string()).take(encoded.indices)
    notes = pa.array([str(note) for _, note in found], pa.string()).take(encoded.indices)
    return translated, pc.fill_null(notes, str(TranslationNote.MISSING))
