"""Write names, numbers and dates as a source would: with variants, titles, typing errors, swaps and placeholders."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kesos.foundation.columns import Values
from kesos.foundation.columns import compute as pc
from kesos.synthetic import ground
from kesos.synthetic.arrow import chosen, column, number_texts
from kesos.synthetic.draws import Rows, pick, some_rows
from kesos.synthetic.population.families import MALE
from kesos.synthetic.population.identity import NO_NUMBER, date_parts
from kesos.synthetic.population.words import NO_WORD, Words, name_words
from kesos.synthetic.rates import Spelling

PLACEHOLDERS: Final = ("0000000000000000", "9999999999999999", "1111111111111111", "1234567890123456", "0", "-")
_TITLES_BEFORE: Final = ("H.", "DRS.", "IR.", "HJ.", "DRA.")
_TITLES_AFTER: Final = ("S.PD", "SE", "SH", "(ALM)", "S.AG", "A.MD")
_OLD_SPELLING: Final = (
    ("DJ", "J"), ("J", "DJ"), ("Y", "I"), ("F", "P"), ("V", "F"), ("SY", "S"), ("Z", "J"), ("KH", "H"), ("DH", "D"),
    ("TH", "T"), ("U", "OE"), ("C", "TJ"), ("IY", "I"), ("LL", "L"), ("NN", "N"), ("W", "WH"), ("K", "Q"), ("I", "IE"),
)  # fmt: skip
_LETTERS: Final = "AEIOUNRSTKLMDBGPHJYW"
_PER_WORD: Final = 3
_TWO_DIGITS: Final = tuple(f"{number:02d}" for number in range(32))
_FIRST_YEAR: Final = 1850
_YEARS: Final = tuple(str(number) for number in range(_FIRST_YEAR, 2100))


@cache
def _lexicon() -> tuple[Values, NDArray[np.int32], NDArray[np.int32]]:
    """Arrange every word, title and variant: texts, and for each word the first and the number of its variants."""
    words = name_words().text
    listed: dict[str, list[str]] = {}
    for canonical, variant in ground.name_variants():
        listed.setdefault(canonical, []).append(variant)
    texts = [*words, *_TITLES_BEFORE, *_TITLES_AFTER]
    first = np.zeros(len(words), np.int32)
    count = np.zeros(len(words), np.int32)
    for number, word in enumerate(words):
        variants = listed.get(word, []) + _respelled(word)
        first[number], count[number] = len(texts), len(variants)
        texts += variants
    return pa.array(texts), first, count


def _respelled(word: str) -> list[str]:
    changed = [word.replace(old, new, 1) for old, new in _OLD_SPELLING if old in word and len(word) > 3]
    return list(dict.fromkeys(text for text in changed if text != word))[:_PER_WORD]


def written_names(rng: np.random.Generator, names: Words, sex: NDArray[np.int8], faults: Spelling) -> Values:
    """Write names in capitals: other spellings, dropped last words, titles, and slips of the keyboard."""
    texts, first, count = _lexicon()
    size = names.shape[0]
    words = np.full((size, names.shape[1] + 2), NO_WORD, np.int32)
    words[:, 1:-1] = names
    _vary(rng, words, first, count, faults.name_variant)
    dropped = some_rows(rng, size, faults.word_dropped)
    dropped = dropped[(words[dropped] != NO_WORD).sum(axis=1) > 1]
    words[dropped, _last_word(words[dropped])] = NO_WORD
    _add_titles(rng, words, sex, faults.name_title)
    columns = [chosen(texts, np.maximum(word, 0), word == NO_WORD) for word in words.T]
    joined = pc.binary_join_element_wise(*columns, " ", null_handling="skip")
    return _with_slips(rng, joined, faults.name_typo)


def _last_word(words: Words) -> Rows:
    return np.asarray(words.shape[1] - 1 - np.argmax(words[:, ::-1] != NO_WORD, axis=1))


def _vary(
    rng: np.random.Generator, words: Words, first: NDArray[np.int32], count: NDArray[np.int32], share: float
) -> None:
    rows = some_rows(rng, words.shape[0], share)
    place = rng.integers(1, words.shape[1] - 1, rows.size)
    chosen = words[rows, place]
    has_variant = chosen != NO_WORD
    has_variant[has_variant] = count[chosen[has_variant]] > 0
    rows, place, chosen = rows[has_variant], place[has_variant], chosen[has_variant]
    words[rows, place] = first[chosen] + (rng.random(rows.size) * count[chosen]).astype(np.int32)


def _add_titles(rng: np.random.Generator, words: Words, sex: NDArray[np.int8], share: float) -> None:
    base = len(name_words().text)
    rows = some_rows(rng, words.shape[0], share)
    of_men, of_women = pick(rng, np.array([6.0, 2, 1]), rows.size), 3 + pick(rng, np.array([5.0, 1]), rows.size)
    before = np.where(sex[rows] == MALE, of_men, of_women)
    after = len(_TITLES_BEFORE) + rng.integers(0, len(_TITLES_AFTER), rows.size)
    is_before = rng.random(rows.size) < 0.6
    words[rows[is_before], 0] = base + before[is_before]
    words[rows[~is_before], -1] = base + after[~is_before]


def _with_slips(rng: np.random.Generator, texts: Values, share: float) -> Values:
    """Mistype a share of texts: a letter dropped, doubled, exchanged with its neighbour, or another one."""
    rows = some_rows(rng, len(texts), share)
    if rows.size == 0:
        return texts
    kinds, places = rng.integers(0, 4, rows.size), rng.random(rows.size)
    letters = rng.integers(0, len(_LETTERS), rows.size)
    found = [str(text) for text in chosen(texts, rows).to_pylist()]
    slipped = [
        _slip(text, int(kind), int(place * len(text)), _LETTERS[letter])
        for text, kind, place, letter in zip(found, kinds, places, letters, strict=True)
    ]
    return _replace(texts, rows, pa.array(slipped, pa.string()))


def _slip(text: str, kind: int, at: int, letter: str) -> str:
    """Make one slip.

    >>> [_slip("BUDI", kind, 1, "A") for kind in range(4)]
    ['BDI', 'BUUDI', 'BDUI', 'BADI']
    """
    head, tail = text[:at], text[at + 1 :]
    own = text[at : at + 1]
    slipped = (head + tail, head + own * 2 + tail, head + tail[:1] + own + tail[1:], head + letter + tail)
    return slipped[kind] if len(text) > 2 else text


def _replace(texts: Values, rows: Rows, values: Values) -> Values:
    mask = np.zeros(len(texts), bool)
    mask[rows] = True
    replaced: Values = pc.replace_with_mask(texts, pa.array(mask), values)
    return replaced


def written_niks(rng: np.random.Generator, nik: Rows, family: Rows, faults: Spelling) -> Values:
    """Write the NIK of each row with all faults of numbers; rows of one family stand side by side."""
    numbers = faulty_niks(rng, nik, family, faults)
    texts = with_placeholders(rng, number_texts(numbers), faults.nik_placeholder)
    rows = some_rows(rng, nik.size, faults.nik_scientific)
    rows = rows[numbers[rows] != NO_NUMBER]
    return _replace(texts, rows, pa.array([f"{number:.5E}" for number in numbers[rows].tolist()], pa.string()))


def faulty_niks(rng: np.random.Generator, nik: Rows, family: Rows, faults: Spelling) -> Rows:
    """Mistype digits, swap the numbers of two members of a family, and leave some out (0)."""
    result = nik.copy()
    swapped = some_rows(rng, nik.size, faults.nik_swapped)
    swapped = swapped[np.flatnonzero(np.diff(np.r_[-9, swapped]) > 1)]
    swapped = swapped[swapped + 1 < nik.size]
    swapped = swapped[family[swapped] == family[swapped + 1]]
    result[swapped], result[swapped + 1] = nik[swapped + 1], nik[swapped]
    mistyped = some_rows(rng, nik.size, faults.nik_mistyped)
    mistyped = mistyped[result[mistyped] != NO_NUMBER]
    power = 10 ** rng.integers(0, 15, mistyped.size)
    digit = result[mistyped] // power % 10
    result[mistyped] += ((digit + rng.integers(1, 10, mistyped.size)) % 10 - digit) * power
    result[some_rows(rng, nik.size, faults.nik_missing)] = NO_NUMBER
    return result


def with_placeholders(rng: np.random.Generator, texts: Values, share: float) -> Values:
    """Write a made-up number such as 9999999999999999 in a share of rows."""
    rows = some_rows(rng, len(texts), share)
    if rows.size == 0:
        return texts
    return _replace(texts, rows, chosen(PLACEHOLDERS, rng.integers(0, len(PLACEHOLDERS), rows.size)))


def written_dates(rng: np.random.Generator, days: NDArray[np.int32], form: str, faults: Spelling) -> Values:
    """Write dates as "DMY" 31-12-1999, "SLASH" 31/12/1999 or "ISO" 1999-12-31; some are swapped, some missing."""
    day, month, year = date_parts(days)
    swapped = some_rows(rng, days.size, faults.date_swapped)
    swapped = swapped[day[swapped] <= 12]
    day[swapped], month[swapped] = month[swapped], day[swapped].copy()
    missing = np.zeros(days.size, bool)
    missing[some_rows(rng, days.size, faults.date_missing)] = True
    return plain_dates(day, month, year, form, missing)


def plain_dates(day: Rows, month: Rows, year: Rows, form: str, missing: NDArray[np.bool_]) -> Values:
    """Write dates in a form; null where missing."""
    d, m, y = chosen(_TWO_DIGITS, day, missing), chosen(_TWO_DIGITS, month), chosen(_YEARS, year - _FIRST_YEAR)
    parts = (y, m, d) if form == "ISO" else (d, m, y)
    written: Values = pc.binary_join_element_wise(*parts, "/" if form == "SLASH" else "-")
    return written


def codes(rng: np.random.Generator, values: NDArray[np.generic], missing: float, wrong: float) -> Values:
    """Write codes: empty where the question was not asked (-1) or the answer is missing, 99 for a share of mistakes."""
    numbers = values.astype(np.int32)
    numbers[some_rows(rng, numbers.size, wrong)] = 99
    is_empty = numbers < 0
    is_empty[some_rows(rng, numbers.size, missing)] = True
    return column(numbers, is_empty)


def flags(rng: np.random.Generator, values: NDArray[np.bool_], words: tuple[str, str], missing: float) -> Values:
    """Write yes and no in the words of the file; empty for a share."""
    is_empty = np.zeros(values.size, bool)
    is_empty[some_rows(rng, values.size, missing)] = True
    return chosen(words, 1 - values.astype(np.int32), is_empty)
