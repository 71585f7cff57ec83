"""Places of birth as text: prefixes off, aliases and old names to today's name, regency names recognised.

A place of birth is written by custom (a town, a district, a regency of then), so it is compared as a name and
never resolved to a code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import pyarrow as pa

from kesos.foundation.columns import Column, Values, map_distinct, one_chunk
from kesos.pipeline.standardise.distinct import texts, with_values
from kesos.pipeline.standardise.name_parts import fold
from kesos.pipeline.standardise.phonetic import token_key
from kesos.pipeline.standardise.word_lists import read_word_list
from kesos.reference import areas

_PREFIX: Final = re.compile(
    r"^(?:(?:KABUPATEN|KAB|KOTA ADMINISTRASI|KOTA ADM|KOTAMADYA|KODYA|KOTIF|KOTA|PROVINSI|PROV|PROPINSI|KECAMATAN|KEC"
    r"|DESA|DS|KELURAHAN|KEL)\b[ .]*)+"
)
_NOT_PLACES: Final = frozenset({"", "TIDAK TAHU", "TIDAK ADA", "TIDAK DIKETAHUI", "LAINNYA", "NULL", "NA", "XX", "XXX"})
_ALIASES: Final = {row["alias"]: row["place"] for row in read_word_list("place_aliases")}


@dataclass(frozen=True)
class PlaceIndex:
    """Known places by their name without spaces and by their sound, where the sound is of one place only."""

    by_name: dict[str, str]
    by_sound: dict[str, str]

    @classmethod
    def of(cls, names: Iterable[str]) -> PlaceIndex:
        """Index the names of regencies and cities.

        >>> PlaceIndex.of(["Kabupaten Bandung", "Kota Bandung"]).by_name["BANDUNG"]
        'BANDUNG'
        """
        # Names of the decree come last: PEMATANG SIANTAR as it writes it wins over an alias's PEMATANGSIANTAR.
        places = [*sorted(set(_ALIASES.values())), *sorted({plain_place(name) for name in names})]
        by_name = {place.replace(" ", ""): place for place in places}
        sounds: dict[str, set[str]] = {}
        for squashed, place in by_name.items():
            sounds.setdefault(token_key(squashed), set()).add(place)
        return cls(by_name, {sound: min(found) for sound, found in sounds.items() if len(found) == 1})


def standardise_places(column: Column, index: PlaceIndex) -> Values:
    """Standardise a column of places of birth, each distinct text once; what is no place becomes null."""
    return map_distinct(column, lambda text: standardise_place(text, index), pa.string())


def read_values(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Standardise the column `value` of a batch into `place`: a kernel for `engine.map_batches`."""
    return with_values(batch, lambda column: pa.table({"place": standardise_places(column, regency_places())}))


@lru_cache(maxsize=1)
def regency_places() -> PlaceIndex:
    """Index the regencies and cities of the reference areas, once a process."""
    return PlaceIndex.of(texts(one_chunk(areas.regencies()["name"])))


def standardise_place(text: str, index: PlaceIndex) -> str | None:
    """Standardise one place of birth.

    >>> index = PlaceIndex.of(["Kota Surabaya", "Kota Pematang Siantar"])
    >>> [standardise_place(text, index) for text in ("KAB. SURABAYA", "Soerabaja", "P. SIANTAR", "Cepu, 12-08-1987")]
    ['SURABAYA', 'SURABAYA', 'PEMATANG SIANTAR', 'CEPU']
    """
    plain = plain_place(text)
    if plain in _NOT_PLACES or len(plain) < 2:
        return None
    place = _ALIASES.get(plain, plain)
    squashed = place.replace(" ", "")
    return index.by_name.get(squashed) or index.by_sound.get(token_key(squashed)) or place


def plain_place(text: str) -> str:
    """Take prefixes, signs and anything from the first digit on off a place name.

    >>> plain_place("Kab. Aceh  Selatan (NAD)")
    'ACEH SELATAN'
    """
    before_digits = re.split(r"[0-9(]", fold(text), maxsplit=1)[0]
    letters = " ".join(re.sub(r"[^A-Z]+", " ", before_digits.replace("'", "")).split())
    return _PREFIX.sub("", letters) or letters
