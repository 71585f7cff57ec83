"""Write names as a source would: other spellings, initials, dropped words, titles, and slips of the keyboard."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kesos.foundation.columns import Values
from kesos.foundation.columns import compute as pc
from kesos.synthetic.arrow import chosen
from kesos.synthetic.draws import Flags, Rows, pick, some_rows
from kesos.synthetic.files.patterns import Marks, held_out_variants, known_variants
from kesos.synthetic.files.replaced import replaced
from kesos.synthetic.population.families import MALE
from kesos.synthetic.population.words import NO_WORD, Words, name_words
from kesos.synthetic.rates import Spelling

HELD_OUT_SHARE: Final = 1 / 3
_TITLES_BEFORE: Final = ("H.", "DRS.", "IR.", "HJ.", "DRA.")
_TITLES_AFTER: Final = ("S.PD", "SE", "SH", "(ALM)", "S.AG", "A.MD")
_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LETTERS: Final = "AEIOUNRSTKLMDBGPHJYW"


@dataclass(frozen=True)
class _Variants:
    """For each word the place of its first variant among the texts, and how many it has."""

    first: NDArray[np.int32]
    count: NDArray[np.int32]


@dataclass(frozen=True)
class _Lexicon:
    """Every text that may stand in a name, the pattern of each (-1: none), and where variants and initials begin."""

    texts: Values
    pattern: Rows
    known: _Variants
    held_out: _Variants
    initials: Rows


@cache
def _lexicon() -> _Lexicon:
    words = name_words().text
    texts = [*words, *_TITLES_BEFORE, *_TITLES_AFTER, *(f"{letter}." for letter in _ALPHABET)]
    pattern = [-1] * len(texts)
    first_initial = len(texts) - len(_ALPHABET)
    initials = np.array([first_initial + max(_ALPHABET.find(word[:1]), 0) for word in words])
    found = []
    for variants_of in (known_variants, held_out_variants):
        first, count = np.zeros(len(words), np.int32), np.zeros(len(words), np.int32)
        for number, word in enumerate(words):
            variants = variants_of(word)
            first[number], count[number] = len(texts), len(variants)
            texts += [text for text, _ in variants]
            pattern += [which for _, which in variants]
        found.append(_Variants(first, count))
    return _Lexicon(pa.array(texts), np.array(pattern), found[0], found[1], initials)


def written_names(
    rng: np.random.Generator, names: Words, sex: NDArray[np.int8], faults: Spelling, marks: Marks | None = None
) -> Values:
    """Write names in capitals with the faults of a source; `marks` notes what was done to which row."""
    size = names.shape[0]
    noted = marks or Marks(size)
    words = np.full((size, names.shape[1] + 2), NO_WORD, np.int32)
    words[:, 1:-1] = names
    _vary(rng, words, faults.name_variant, noted)
    _shorten(rng, words, names, faults, noted)
    _turn(rng, words, faults.name_order, noted)
    _add_titles(rng, words, sex, faults.name_title, noted)
    texts = _lexicon().texts
    columns = [chosen(texts, np.maximum(word, 0), word == NO_WORD) for word in words.T]
    joined = pc.binary_join_element_wise(*columns, " ", null_handling="skip")
    return _with_slips(rng, joined, faults.name_typo, noted)


def _vary(rng: np.random.Generator, words: Words, share: float, marks: Marks) -> None:
    """Write one word of a share of names otherwise; a third of these by patterns that are held out."""
    lexicon = _lexicon()
    rows = some_rows(rng, words.shape[0], share)
    place = _a_word(rng, words[rows])
    is_held_out = rng.random(rows.size) < HELD_OUT_SHARE
    u = rng.random(rows.size)
    for variants, chooses in ((lexicon.known, ~is_held_out), (lexicon.held_out, is_held_out)):
        word = words[rows, place]
        has = chooses & (word != NO_WORD)
        has[has] = variants.count[word[has]] > 0
        number = variants.first[word[has]] + (u[has] * variants.count[word[has]]).astype(np.int32)
        words[rows[has], place[has]] = number
        marks.note(lexicon.pattern[number], rows[has])


def _a_word(rng: np.random.Generator, words: Words) -> Rows:
    """Draw the place of one word of each name."""
    held = words != NO_WORD
    wanted = (rng.random(words.shape[0]) * held.sum(axis=1)).astype(np.int64)
    return np.asarray((np.cumsum(held, axis=1) <= wanted[:, None]).sum(axis=1))


def _last_word(words: Words) -> Rows:
    return np.asarray(words.shape[1] - 1 - np.argmax(words[:, ::-1] != NO_WORD, axis=1))


def _long(words: Words, rows: Rows) -> Rows:
    return np.asarray(rows[(words[rows] != NO_WORD).sum(axis=1) > 1])


def _shorten(rng: np.random.Generator, words: Words, names: Words, faults: Spelling, marks: Marks) -> None:
    """Write a word as its initial, leave out the last word, or keep the first alone."""
    rows = _long(words, some_rows(rng, words.shape[0], faults.name_initial))
    place = _a_word(rng, words[rows])
    words[rows, place] = _lexicon().initials[names[rows, place - 1]]
    marks.note("name_initial", rows)
    rows = _long(words, some_rows(rng, words.shape[0], faults.word_dropped))
    words[rows, _last_word(words[rows])] = NO_WORD
    marks.note("word_dropped", rows)
    rows = _long(words, some_rows(rng, words.shape[0], faults.name_single))
    only = np.argmax(words[rows, 2:-1] != NO_WORD, axis=1) + 2
    only = np.where(words[rows, 1] != NO_WORD, only, np.argmax(words[rows] != NO_WORD, axis=1))
    kept = words[rows, only]
    words[rows] = NO_WORD
    words[rows, only] = kept
    marks.note("name_single", rows)


def _turn(rng: np.random.Generator, words: Words, share: float, marks: Marks) -> None:
    """Write the last word of a name first."""
    rows = _long(words, some_rows(rng, words.shape[0], share))
    last = _last_word(words[rows])
    words[rows, 0] = words[rows, last]
    words[rows, last] = NO_WORD
    marks.note("name_order", rows)


def _add_titles(rng: np.random.Generator, words: Words, sex: NDArray[np.int8], share: float, marks: Marks) -> None:
    base = len(name_words().text)
    rows = some_rows(rng, words.shape[0], share)
    rows = rows[words[rows, 0] == NO_WORD]
    of_men, of_women = pick(rng, np.array([6.0, 2, 1]), rows.size), 3 + pick(rng, np.array([5.0, 1]), rows.size)
    before = np.where(sex[rows] == MALE, of_men, of_women)
    after = len(_TITLES_BEFORE) + rng.integers(0, len(_TITLES_AFTER), rows.size)
    is_before: Flags = rng.random(rows.size) < 0.6
    words[rows[is_before], 0] = base + before[is_before]
    words[rows[~is_before], -1] = base + after[~is_before]
    marks.note("name_title", rows)


def _with_slips(rng: np.random.Generator, texts: Values, share: float, marks: Marks) -> Values:
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
    marks.note("name_typo", rows)
    return replaced(texts, rows, pa.array(slipped, pa.string()))


def _slip(text: str, kind: int, at: int, letter: str) -> str:
    """Make one slip.

    >>> [_slip("BUDI", kind, 1, "A") for kind in range(4)]
    ['BDI', 'BUUDI', 'BDUI', 'BADI']
    """
    head, tail = text[:at], text[at + 1 :]
    own = text[at : at + 1]
    slipped = (head + tail, head + own * 2 + tail, head + tail[:1] + own + tail[1:], head + letter + tail)
    return slipped[kind] if len(text) > 2 else text
