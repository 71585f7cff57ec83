"""Records as numbers: every field is a code into its sorted distinct values, so that pairs compare integers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Final, TypeAlias, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kesos.foundation.columns import Values, complete_texts, compute, map_distinct, one_chunk
from kesos.foundation.errors import Refused
from kesos.pipeline.link.model import FieldModel, Model

Codes: TypeAlias = "npt.NDArray[np.int32]"
Ids: TypeAlias = "npt.NDArray[np.int64]"

UNKNOWN: Final = -1
_DAY_1970: Final = date(1970, 1, 1).toordinal()
_VOWELS: Final = frozenset("aeiou")
# Letters that one sound is written with: old and new spelling, and what people mishear.
_SOUND: Final = str.maketrans("cqxzvpytj", "kkssffidg")


class NoSuchColumn(Refused):
    """The model names a column that the records do not have."""

    what = "The model reads column {column}, which the records do not have; they have {columns}."
    remedy = "Name the column in the model as it stands in the records."


class RepeatedId(Refused):
    """Two records have one id."""

    what = "Column {column} gives {records} records only {ids} ids."
    remedy = "Choose a column that names each record once, or leave `id` out."


class UnknownPart(Refused):
    """A blocking key names a part that its kind of field does not have."""

    what = "A field has no part {part}."
    remedy = (
        "Of dates use year, month, day, month_day, year_month; of texts first_key, last_key, skeleton, first_word, "
        "last_word, words, headN, tailN."
    )


@dataclass(slots=True)
class Column:
    """One field: `codes` into the sorted distinct `values`, −1 for unknown; parts are made when first asked for."""

    model: FieldModel
    codes: Codes
    values: Values
    _parts: dict[str, Codes] = field(default_factory=dict)

    def part(self, name: str) -> Codes:
        """Give codes of a part of each distinct value (year, first_key, tail6 …). *Raises* UnknownPart."""
        if name not in self._parts:
            self._parts[name] = _part_of(self, name)
        return self._parts[name]

    def counts(self) -> Ids:
        """Count the records of each distinct value."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.values)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class LinkTable:
    """Records in ascending order of their ids. `names` are the ids as the records spell them."""

    record_ids: Ids
    names: Values
    source: Codes
    sources: tuple[str, ...]
    columns: dict[str, Column]

    def __len__(self) -> int:
        """Count the records."""
        return len(self.record_ids)

    def key(self, part: str) -> Codes:
        """Give a code a record for `field` or `field.part`, −1 for unknown."""
        name, _, piece = part.partition(".")
        column = self.columns[name]
        if not piece:
            return column.codes
        return _take(column.part(piece), column.codes)

    @classmethod
    def of(cls, records: pa.Table, model: Model) -> LinkTable:
        """Encode records as a model says. *Raises* NoSuchColumn, RepeatedId.

        The order of the rows does not matter when the model names an `id`: records are sorted by it. Ids that are
        no integers are numbered in their order.
        """
        ids, order = _ids(records, model.id)
        if order is not None:
            records = records.take(pa.array(order, pa.int64()))
        names = _column(records, model.id) if model.id else pa.array(ids)
        source, sources = _sources(records, model.source)
        columns = {name: _encode(records, one) for name, one in model.fields.items()}
        return cls(ids, names, source, sources, columns)


def _take(values: Codes, codes: Codes) -> Codes:
    padded = np.append(values, np.int32(UNKNOWN))
    return padded[codes]


def _column(records: pa.Table, name: str) -> Values:
    if name not in records.column_names:
        raise NoSuchColumn(column=name, columns=", ".join(records.column_names))
    return one_chunk(records.column(name))


def _ids(records: pa.Table, name: str | None) -> tuple[Ids, Ids | None]:
    if name is None:
        return np.arange(records.num_rows, dtype=np.int64), None
    column = _column(records, name)
    order = compute.array_sort_indices(column).to_numpy().astype(np.int64)
    distinct = compute.count_distinct(column, mode="only_valid").as_py()
    if distinct != records.num_rows:
        raise RepeatedId(column=name, records=records.num_rows, ids=distinct)
    if pa.types.is_integer(column.type):
        return column.to_numpy(zero_copy_only=False).astype(np.int64)[order], order
    return np.arange(records.num_rows, dtype=np.int64), order


def _sources(records: pa.Table, name: str | None) -> tuple[Codes, tuple[str, ...]]:
    if name is None:
        return np.zeros(records.num_rows, np.int32), ("",)
    codes, values = sorted_codes(_column(records, name).cast(pa.string()))
    return codes, tuple(complete_texts(values))


def sorted_codes(array: Values) -> tuple[Codes, Values]:
    """Number the distinct values of an array in their order; unknown is −1.

    >>> codes, values = sorted_codes(pa.array(["b", None, "a", "b"]))
    >>> codes.tolist(), values.to_pylist()
    ([1, -1, 0, 1], ['a', 'b'])
    """
    encoded = array.dictionary_encode()
    order = compute.array_sort_indices(encoded.dictionary).to_numpy()
    rank = np.empty(len(order) + 1, np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    rank[-1] = UNKNOWN
    positions = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return rank[positions], encoded.dictionary.take(pa.array(order))


def _encode(records: pa.Table, model: FieldModel) -> Column:
    arrays = [_column(records, name) for name in model.from_columns]
    joined = compute.coalesce(*arrays) if model.take == "first" or len(arrays) == 1 else _joined(arrays)
    codes, values = sorted_codes(_prepared(joined, model.kind))
    return Column(model, codes, values)


def _joined(arrays: Sequence[Values]) -> Values:
    # Not null_handling="skip": pyarrow 26 then loses a row in which all are null.
    texts = [compute.fill_null(array.cast(pa.string()), "") for array in arrays]
    joined = compute.utf8_trim_whitespace(compute.binary_join_element_wise(*texts, " "))
    return cast("Values", compute.replace_substring_regex(joined, r"\s+", " "))


def _prepared(array: Values, kind: str) -> Values:
    """Bring values into one type: days for dates, whole numbers, trimmed lower-case text for the rest."""
    if kind == "date":
        return _days(array)
    if kind == "number":
        return array.cast(pa.int64(), safe=False)
    if not is_text(array):
        return array
    text = compute.utf8_lower(compute.utf8_trim_whitespace(array.cast(pa.string())))
    return cast("Values", compute.if_else(compute.equal(text, ""), None, text))


def is_text(array: Values) -> bool:
    """Tell whether values are text; others (sealed numbers, codes) are opaque: equal or not, with no parts."""
    return bool(pa.types.is_string(array.type) or pa.types.is_large_string(array.type))


def _days(array: Values) -> Values:
    if pa.types.is_date(array.type):
        return array.cast(pa.date32()).cast(pa.int32())
    digits = compute.replace_substring_regex(array.cast(pa.string()), r"[^0-9]", "")
    return map_distinct(digits, _day, pa.int32())


def _day(text: str) -> int | None:
    if len(text) != 8:
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).toordinal() - _DAY_1970
    except ValueError:
        return None


def date_parts(days: Codes) -> tuple[Codes, Codes, Codes]:
    """Split days since 1970 into year, month and day of month.

    >>> [part.tolist() for part in date_parts(np.array([0, 59], np.int32))]
    [[1970, 1970], [1, 3], [1, 1]]
    """
    day = days.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    year = month.astype("datetime64[Y]").astype(np.int64) + 1970
    of_year = month.astype(np.int64) - (year - 1970) * 12 + 1
    of_month = (day - month.astype("datetime64[D]")).astype(np.int64) + 1
    return year.astype(np.int32), of_year.astype(np.int32), of_month.astype(np.int32)


def _part_of(column: Column, name: str) -> Codes:
    if column.model.kind == "date":
        return _date_part(column.values.to_numpy(zero_copy_only=False).astype(np.int32), name, column.model.heaped)
    read = _text_part(name, column.model.key)
    if not is_text(column.values):
        return np.arange(len(column.values), dtype=np.int32)
    texts = [read(str(value)) or None for value in column.values.to_pylist()]
    return sorted_codes(pa.array(texts, pa.string()))[0]


def _date_part(days: Codes, name: str, heaped: Sequence[str]) -> Codes:
    year, month, day = date_parts(days)
    known = {"year": year, "month": month, "day": day, "month_day": month * 32 + day, "year_month": year * 16 + month}
    heaps = [int(month_day[:2]) * 32 + int(month_day[3:]) for month_day in heaped]
    known["known_day"] = np.where(np.isin(known["month_day"], heaps), UNKNOWN, np.arange(len(days)))
    if name not in known:
        raise UnknownPart(part=name)
    return known[name].astype(np.int32)


def _text_part(name: str, key: str) -> Callable[[str], str]:
    named: dict[str, Callable[[str], str]] = {
        "first_word": lambda text: (text.split() or [""])[0],
        "last_word": lambda text: (text.split() or [""])[-1],
        "words": _words,
        "first_key": lambda text: sound_key((text.split() or [""])[0], key),
        "last_key": lambda text: sound_key((text.split() or [""])[-1], key),
        "skeleton": lambda text: sound_key(text.replace(" ", ""), key),
    }
    if name in named:
        return named[name]
    if name.startswith(("head", "tail")) and name[4:].isdigit():
        return partial(_end_of, count=int(name[4:]), head=name.startswith("head"))
    raise UnknownPart(part=name)


def _end_of(text: str, *, count: int, head: bool) -> str:
    return text[:count] if head else text[-count:]


def _words(text: str) -> str:
    """Sort the words of a name; one word alone cannot change places, so it has none."""
    words = sorted(text.split())
    return " ".join(words) if len(words) > 1 else ""


def sound_key(word: str, key: str) -> str:
    """Shorten a word to its first letter and the consonants after it, doubled ones once.

    >>> sound_key("muhammad", "skeleton"), sound_key("zaenab", "phonetic"), sound_key("ali", "none")
    ('mhmd', 'snb', 'ali')
    """
    if key == "none" or not word:
        return word
    letters = word.translate(_SOUND) if key == "phonetic" else word
    kept = [letters[0]]
    for letter in letters[1:]:
        if letter not in _VOWELS and letter != kept[-1]:
            kept.append(letter)
    return "".join(kept)
