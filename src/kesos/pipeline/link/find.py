"""Find one person in a release: misspelt, moved, or without a number.

Words of the name are first brought to the words of the release that sound or look like them; then keys lead to rows
that may be the person, and every such row is weighed. Nothing is decided: what comes back is for a human to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final, TypeAlias

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from kesos.foundation.identifier import show_identifier
from kesos.foundation.masking import DOT
from kesos.pipeline.link.evidence import Evidence
from kesos.pipeline.link.key_index import RULES, UNKNOWN, Ints, KeyIndex, fold_keys, longest_word, text_number
from kesos.pipeline.link.scoring import Scored, plain_score
from kesos.pipeline.link.sought import Sought

# A key that more rows share than this says too little alone; the finer one is asked.
MOST_OF_KEY: Final = 300
MOST_CANDIDATES: Final = 1_500
# A word of a name may be read as so many words of the release; two wrong letters only where a word is long enough.
MOST_READINGS: Final = 6
_LONG_WORD: Final = 7

Scorer: TypeAlias = "Callable[[KeyIndex, Sought, Ints], Scored]"


@dataclass(frozen=True, slots=True)
class Match:
    """One person that may be meant: identifier, weight (millibits, prior odds included), evidence, masked facts."""

    person: str
    weight_millibits: int
    evidence: tuple[Evidence, ...]
    name_masked: str | None
    birth_year: int | None
    regency: str | None
    has_nik: bool

    def to_dict(self) -> dict[str, object]:
        """Give the match as plain data, for programs."""
        return asdict(self)


def find_person(index: KeyIndex, asked: Sought, *, most: int = 10, score: Scorer = plain_score) -> list[Match]:
    """List the persons who may be meant, the likeliest first; of the rows of one person the best counts.

    `score` weighs candidate rows; it is handed in, so that the linker's own weights can take its place.
    """
    rows = candidates(index, asked)
    scored = score(index, asked, rows)
    person = index.rows["person"][rows]
    order = np.lexsort((rows, person, -scored.weight_millibits))
    _, first = np.unique(person[order], return_index=True)
    best = order[np.sort(first)][:most]
    return [_match(index, int(rows[place]), scored, int(place)) for place in best]


def candidates(index: KeyIndex, asked: Sought) -> Ints:
    """List the rows that share a key with what is known, those with most keys first, at most MOST_CANDIDATES.

    A key that too many rows share gives way to the next finer one; if the finest is shared by too many, its first
    rows are taken, so that a common name alone still brings something.
    """
    readings = _readings(index, asked)
    found: list[Ints] = []
    for rule, levels in RULES.items():
        heads = _heads(levels[0][0], asked, readings)
        found += _rows_of_rule(index, rule, heads, _plain_parts(asked))
    rows, hits = np.unique(np.concatenate(found) if found else np.zeros(0, np.int64), return_counts=True)
    order = np.lexsort((rows, -hits))[:MOST_CANDIDATES]
    return rows[order]


def _plain_parts(asked: Sought) -> dict[str, int]:
    parts = {
        "nik": asked.nik,
        "sex": asked.sex,
        "village": asked.village,
        "regency": asked.regency,
        "year": asked.birth.year if asked.birth else UNKNOWN,
        "birth": asked.birth_day,
    }
    return {name: value for name, value in parts.items() if value != UNKNOWN}


def _readings(index: KeyIndex, asked: Sought) -> list[list[int]]:
    """Give for each word of the name the words of the release that it may be, itself first."""
    if asked.name_key is None:
        return []
    return [_reading(index, word) for word in dict.fromkeys(asked.name_key.split(" "))]


def _reading(index: KeyIndex, word: str) -> list[int]:
    wrong = 2 if len(word) >= _LONG_WORD else 1 if len(word) > 2 else 0
    near = extract(word, index.words, scorer=OSA.distance, score_cutoff=wrong, limit=None)
    return [place for _, _, place in sorted(near, key=lambda one: (one[1], one[2]))[:MOST_READINGS]]


def _heads(part: str, asked: Sought, readings: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """List what the word parts of a key may be; one empty choice for a key without words."""
    if part == "word":
        return [(word,) for words in readings for word in words]
    if part == "pair":
        pairs = {
            (min(a, b), max(a, b))
            for n, words in enumerate(readings)
            for others in readings[n + 1 :]
            for a in words
            for b in others
            if a != b
        }
        return sorted(pairs)
    if part == "mother_word":
        return [(text_number(longest_word(asked.mother)),)] if asked.mother else []
    return [()]


def _rows_of_rule(index: KeyIndex, rule: str, heads: Sequence[tuple[int, ...]], plain: Mapping[str, int]) -> list[Ints]:
    """Ask the levels of a rule in turn: small blocks are taken, large ones go on to the next level."""
    found: list[Ints] = []
    waiting = list(heads)
    too_large: dict[tuple[int, ...], Ints] = {}
    for level, parts in enumerate(RULES[rule]):
        rest = [part for part in parts if part not in {"word", "pair", "mother_word"}]
        if not waiting or not all(part in plain for part in rest):
            continue
        tail = [plain[part] for part in rest]
        asked = np.array([[*head, *tail] for head in waiting], np.int64).reshape(len(waiting), -1)
        blocks = index.rows_of(rule, level, fold_keys(list(asked.T)))
        for head, rows in zip(waiting, blocks, strict=True):
            if len(rows) > MOST_OF_KEY:
                too_large[head] = rows[:MOST_OF_KEY]
            else:
                found.append(rows)
                too_large.pop(head, None)
        waiting = [head for head, rows in zip(waiting, blocks, strict=True) if len(rows) > MOST_OF_KEY]
    return [*found, *too_large.values()]


def _match(index: KeyIndex, row: int, scored: Scored, place: int) -> Match:
    rows = index.rows
    name = int(rows["name"][row])
    year, regency = int(rows["year"][row]), int(rows["regency"][row])
    return Match(
        person=show_identifier("person", int(rows["person"][row])),
        weight_millibits=int(scored.weight_millibits[place]),
        evidence=scored.evidence(place),
        name_masked=None if name < 0 else mask_words(str(index.names[name].as_py())),
        birth_year=None if year < 0 else year,
        regency=None if regency < 0 else f"{regency:04d}",
        has_nik=int(rows["nik"][row]) >= 0,
    )


def mask_words(name: str) -> str:
    """Show the first letter of each word of a name, and three dots that do not tell its length.

    >>> mask_words("SITI AMINAH")
    'S••• A•••'
    """
    return " ".join(word[:1] + DOT * 3 for word in name.split(" "))
