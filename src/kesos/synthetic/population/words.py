"""Build names from stocks of words by people and sex; a name is up to four word numbers, so that it costs little."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np
import yaml
from numpy.typing import NDArray

from kesos.foundation.columns import Values
from kesos.foundation.columns import compute as pc
from kesos.synthetic.arrow import chosen
from kesos.synthetic.draws import Columns, Reals, pick
from kesos.synthetic.ground import name_groups, name_stock
from kesos.synthetic.population.families import CHILD, FEMALE, GRANDCHILD, HEAD, MALE

WORDS_IN_A_NAME: Final = 4
NO_WORD: Final = -1
_USUAL: Final = 0.5  # a people of which most carry a family name hands it down
Words = NDArray[np.int32]

_SEXES: Final = {"male": (MALE,), "female": (FEMALE,), "any": (MALE, FEMALE)}
_KINDS: Final = {
    "first": "first",
    "middle": "middle",
    "last": "second",
    "title": "front",
    "birth_order": "front",
    "clan": "family",
}
_FAMILY_BY_LAST: Final = frozenset({"dayak", "chinese"})
_FRONT_WORDS: Final = {MALE: ("MUHAMMAD", "AHMAD", "ABDUL"), FEMALE: ("SITI", "NUR", "SRI")}


@dataclass(frozen=True)
class Stock:
    """Words of one kind for one people and sex, with their weights."""

    words: Words
    weights: Reals


@dataclass(frozen=True)
class NameWords:
    """Every word, and the stocks by (people, sex, kind)."""

    text: tuple[str, ...]
    stocks: dict[tuple[str, int, str], Stock]

    def stock(self, people: str, sex: int, kind: str) -> Stock:
        """Give a stock, or the general one where the people has none of its own."""
        return self.stocks.get((people, sex, kind)) or self.stocks[("general", sex, kind)]


@cache
def name_words() -> NameWords:
    """Arrange the reference names into stocks; a word's weight follows its count and a fixed pseudo-random rank."""
    numbers: dict[str, int] = {}
    members: dict[tuple[str, int, str], dict[int, float]] = {}
    for token in name_stock():
        kind = "family" if token.group in _FAMILY_BY_LAST else _KINDS[token.position]
        number = numbers.setdefault(token.text.upper(), len(numbers))
        for sex in _SEXES[token.sex]:
            members.setdefault((token.group, sex, kind), {})[number] = float(token.frequency)
    for words in _FRONT_WORDS.values():
        for word in words:
            numbers.setdefault(word, len(numbers))
    text = tuple(numbers)
    stocks = {key: _weighted(found, text) for key, found in members.items()}
    for sex, words in _FRONT_WORDS.items():
        front = np.array([numbers[word] for word in words], np.int32)
        stocks[("general", sex, "front")] = Stock(front, np.array([6.0, 2, 1]))
    return NameWords(text, stocks)


def _weighted(found: dict[int, float], text: tuple[str, ...]) -> Stock:
    ranked = sorted(found, key=lambda number: zlib.crc32(text[number].encode()))
    counted = np.array([found[number] for number in ranked]) ** 0.5
    return Stock(np.array(ranked, np.int32), counted / (np.arange(len(ranked)) + 6.0) ** 0.5)


@cache
def _peoples() -> dict[str, Any]:
    text = (resources.files("kesos.synthetic") / "peoples.yaml").read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.safe_load(text)
    return table


def draw_names(rng: np.random.Generator, members: Columns, regency: str) -> Words:
    """Draw a name for each person: word numbers in four columns, -1 where the name is shorter.

    A family is of one people; its children carry the family name of its head where the people has family names.
    """
    shares = name_groups(regency)
    family = members["family"]
    families = int(family[-1]) + 1
    people_of_family = pick(rng, np.array(list(shares.values())), families)
    names = np.full((family.size, WORDS_IN_A_NAME), NO_WORD, np.int32)
    for position, people in enumerate(shares):
        for sex in (MALE, FEMALE):
            who = np.flatnonzero((people_of_family[family] == position) & (members["sex"] == sex))
            names[who] = _names_of(rng, people, sex, members["age"][who].astype(np.float64))
    _inherit_family_names(names, members, people_of_family, list(shares))
    return names


def strangers(rng: np.random.Generator, count: int, regency: str, sex: int) -> Words:
    """Draw names of people who stand on no card, such as the mothers of adults."""
    shares = name_groups(regency)
    people_of = pick(rng, np.array(list(shares.values())), count)
    names = np.full((count, WORDS_IN_A_NAME), NO_WORD, np.int32)
    for position, people in enumerate(shares):
        who = np.flatnonzero(people_of == position)
        names[who] = _names_of(rng, people, sex, np.full(who.size, 60.0))
    return names


def _draw(rng: np.random.Generator, stock: Stock, size: int) -> Words:
    return stock.words[pick(rng, stock.weights, size)]


def _names_of(rng: np.random.Generator, people: str, sex: int, age: Reals) -> Words:
    build = _peoples()["groups"].get(people, {})
    names = np.full((age.size, WORDS_IN_A_NAME), NO_WORD, np.int32)
    known = name_words()
    general = known.stock(build.get("first_from", "general"), sex, "first")
    own = rng.random(age.size) < build.get("own", 1.0)
    names[:, 1] = np.where(own, _draw(rng, known.stock(people, sex, "first"), age.size), _draw(rng, general, age.size))
    names[:, 2] = _draw(rng, known.stock(people, sex, "second"), age.size)
    extra = _draw(rng, general, age.size)
    u = rng.random(age.size)
    old = np.clip((age - 5.0) / 55.0, 0.0, 1.0)
    one, three = _peoples()["one_word"], _peoples()["three_words"]
    single = u < build.get("single", 0.0) + one["young"] + (one["old"] - one["young"]) * old
    long = u > 1.0 - three["young"] - (three["old"] - three["young"]) * old
    names[single, 2] = NO_WORD
    names[long, 3] = names[long, 2]
    names[long, 2] = extra[long]
    _front(rng, names, people, sex, build)
    _family_names(rng, names, people, sex, build)
    return names


def _front(rng: np.random.Generator, names: Words, people: str, sex: int, build: dict[str, Any]) -> None:
    share = build.get("front")
    if share is None and build.get("family", 0.0) < _USUAL:
        share = _peoples()["muslim_front"]["male" if sex == MALE else "female"]
    with_front = rng.random(names.shape[0]) < (share or 0.0)
    front = _draw(rng, name_words().stock(people, sex, "front"), names.shape[0])
    names[with_front, 0] = front[with_front]
    if build.get("second_only"):
        names[with_front, 1] = NO_WORD


def _family_names(rng: np.random.Generator, names: Words, people: str, sex: int, build: dict[str, Any]) -> None:
    has = rng.random(names.shape[0]) < build.get("family", 0.0)
    if not has.any():
        return
    family = _draw(rng, name_words().stock(people, sex, "family"), names.shape[0])
    long = has & (names[:, 3] != NO_WORD)
    names[has, 2] = NO_WORD
    names[long, 2] = names[long, 3]
    names[has, 3] = family[has]


def _inherit_family_names(names: Words, members: Columns, people: NDArray[np.int64], order: list[str]) -> None:
    builds = [_peoples()["groups"].get(name, {}) for name in order]
    with_family = [position for position, build in enumerate(builds) if build.get("family", 0.0) > _USUAL]
    carries = np.isin(people, with_family)
    head_word = np.full(people.size, NO_WORD, np.int32)
    heads = members["relation_card"] == HEAD
    head_word[members["family"][heads]] = names[heads, 3]
    is_child = np.isin(members["relation_card"], (CHILD, GRANDCHILD)) & carries[members["family"]]
    names[is_child, 3] = head_word[members["family"][is_child]]


def spell(names: Words) -> Values:
    """Write names out: words joined by a blank."""
    words = name_words().text
    columns = [chosen(words, np.maximum(word, 0), word == NO_WORD) for word in names.T]
    joined: Values = pc.binary_join_element_wise(*columns, " ", null_handling="skip")
    return joined
