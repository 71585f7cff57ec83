"""Names of people as columns: standardised once a distinct value, and compared pair by pair."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cpdist

from kesos.foundation.columns import Column, Values, compute, map_distinct, one_chunk
from kesos.pipeline.standardise.distinct import fields, on_distinct, structs, texts, with_values
from kesos.pipeline.standardise.name_parts import standardise_name
from kesos.pipeline.standardise.phonetic import name_key, token_key
from kesos.pipeline.standardise.word_lists import read_word_list

NAME_PARTS: Final = pa.struct(
    [
        ("name", pa.string()),
        ("name_normal", pa.string()),
        ("name_key", pa.string()),
        ("titles", pa.list_(pa.string())),
        ("patronym", pa.string()),
        ("is_deceased_marked", pa.bool_()),
        ("is_single", pa.bool_()),
        ("note", pa.string()),
    ]
)

SAME: Final = 3
COMPATIBLE: Final = 2
RESEMBLING: Final = 1
DIFFERENT: Final = 0

# Source: the levels tried in the linkage research of this project; .92 lets one wrong letter of six pass.
COMPATIBLE_FROM: Final = 0.92
RESEMBLING_FROM: Final = 0.80
# In a shorter word one letter makes another name: ANDI and ADI are .93 alike.
SHORTEST_MISTYPED: Final = 6

_WEAK: Final = frozenset(token_key(row["word"]) for row in read_word_list("followers") if row["kind"] == "weak")


def standardise_names(names: Column) -> pa.Table:
    """Standardise an array of names, each distinct text once.

    *Output*: a table in the order of the input with the columns of `StandardName`; a null name gives nulls.
    """
    return fields(on_distinct(names, _standardise_distinct))


def standardise_values(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Standardise the column `value` of a batch and keep it beside the parts: a kernel for `engine.map_batches`."""
    return with_values(batch, standardise_names)


def _standardise_distinct(values: Values) -> Values:
    rows = [standardise_name(text) for text in texts(values)]
    return structs(rows, NAME_PARTS)


def names_agree(left: Column, right: Column) -> Values:
    """Grade pairs of normalised names: 3 equal, 2 compatible, 1 resembling, 0 different, null if either is null.

    *Input*: two arrays of equal length holding `name_normal`. *Output*: int8. Compatible is: equal phonetic
    key, equal but for spaces, one name within the other with initials (S AMIN, SITI AMIN), or Jaro–Winkler
    of at least .92, both as a whole and without weak words (SITI, MUHAMMAD, I WAYAN), which alone show nothing.

    >>> pairs = pa.array(["SITI AMINAH", "S AMIN", "SITI"]), pa.array(["SITI AMINAH", "SITI AMIN", "BUDI"])
    >>> names_agree(*pairs).to_pylist()
    [3, 2, 0]
    """
    one, other = one_chunk(left), one_chunk(right)
    equal = compute.equal(one, other)
    levels = np.where(np.asarray(compute.fill_null(equal, False)), SAME, DIFFERENT).astype(np.int8)
    known = np.asarray(compute.is_valid(equal))
    rest = np.flatnonzero(known & (levels != SAME))
    if len(rest):
        places = pa.array(rest, pa.int64())
        levels[rest] = _grade(one.take(places), other.take(places))
    return pa.array(levels, mask=~known)


def is_compatible(left_key: str, right_key: str) -> bool:
    """Tell whether the shorter of two name keys lies within the longer one, initials standing for words.

    >>> is_compatible("S AMIN", "SITI AMIN"), is_compatible("SITI", "SITI AMINA")
    (True, False)
    """
    short, long = sorted((left_key.split(" "), right_key.split(" ")), key=len)
    open_words = list(long)
    has_strong = False
    initials = []
    for word in short:
        if word in open_words:
            open_words.remove(word)
            has_strong = has_strong or (len(word) > 1 and word not in _WEAK)
        else:
            initials.append(word)
    return has_strong and all(_take_initial(word, open_words) for word in initials)


def _take_initial(word: str, open_words: list[str]) -> bool:
    for candidate in open_words:
        if word[0] == candidate[0] and 1 in (len(word), len(candidate)):
            open_words.remove(candidate)
            return True
    return False


def _key(normal: str) -> str:
    return name_key(normal.split(" "))


def _strong(normal: str) -> str:
    return " ".join([word for word in normal.split(" ") if token_key(word) not in _WEAK])


def _similarity(left: Values, right: Values) -> npt.NDArray[np.float64]:
    return cpdist(left.to_pylist(), right.to_pylist(), scorer=JaroWinkler.similarity, dtype=np.float64)


def _grade(left: Values, right: Values) -> npt.NDArray[np.int8]:
    similarity = _similarity(left, right)
    levels = np.where(similarity >= RESEMBLING_FROM, RESEMBLING, DIFFERENT).astype(np.int8)
    left_keys = map_distinct(left, _key, pa.string())
    right_keys = map_distinct(right, _key, pa.string())
    mistyped = (similarity >= COMPATIBLE_FROM) & _are_strong_words_alike(left, right)
    alike = mistyped | np.asarray(_equal_without_spaces(left_keys, right_keys), dtype=np.bool_)
    levels[alike] = COMPATIBLE
    for place in np.flatnonzero(~alike).tolist():
        if is_compatible(left_keys[place].as_py(), right_keys[place].as_py()):
            levels[place] = COMPATIBLE
    return levels


def _are_strong_words_alike(left: Values, right: Values) -> npt.NDArray[np.bool_]:
    """Compare without weak words: MUHAMMAD ALI and MUHAMMAD ADI are .97 alike as a whole, and brothers."""
    left_words, right_words = map_distinct(left, _strong, pa.string()), map_distinct(right, _strong, pa.string())
    shorter = np.minimum(_lengths(left_words), _lengths(right_words))
    return (shorter >= SHORTEST_MISTYPED) & (_similarity(left_words, right_words) >= COMPATIBLE_FROM)


def _lengths(words: Values) -> npt.NDArray[np.int32]:
    return np.asarray(compute.utf8_length(words), dtype=np.int32)


def _equal_without_spaces(left: Values, right: Values) -> Values:
    equal: Values = compute.equal(compute.replace_substring(left, " ", ""), compute.replace_substring(right, " ", ""))
    return equal
