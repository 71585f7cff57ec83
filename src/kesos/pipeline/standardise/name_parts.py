"""A name of a person, taken apart: titles, markers and stray signs off, variants to their standard, and a key.

What is stripped and what stays is decided in `data/titles.csv`, row by row with the reason; a title is never
stripped when no whole word would remain. Words of descent (TEUKU, ANDI, I GUSTI, a marga) are part of the name.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from kesos.pipeline.standardise.phonetic import token_key
from kesos.pipeline.standardise.word_lists import read_word_list


class NameNote(StrEnum):
    """What is to be said of a name as written."""

    NOT_A_NAME = "not_a_name"
    NEWBORN = "newborn"
    SIGNS_DROPPED = "signs_dropped"
    ALIAS_DROPPED = "alias_dropped"


class StandardName(NamedTuple):
    """A name in its parts; `name` is what a clerk may be shown, `name_normal` and `name_key` are for linking."""

    name: str | None
    name_normal: str | None
    name_key: str | None
    titles: tuple[str, ...]
    patronym: str | None
    is_deceased_marked: bool
    is_single: bool
    note: NameNote | None


class _Word(NamedTuple):
    text: str
    is_marked: bool  # written with a dot, or after a comma: then two letters may be a degree


class _Token(NamedTuple):
    standard: str
    key: str
    is_special: bool


_TITLES: Final = {row["title"]: row for row in read_word_list("titles")}
_LEADING: Final = frozenset(title for title, row in _TITLES.items() if row["position"] in ("leading", "both"))
_TRAILING: Final = frozenset(title for title, row in _TITLES.items() if row["position"] in ("trailing", "both"))
_NEEDS_MARK: Final = frozenset(title for title, row in _TITLES.items() if row["needs_mark"] == "yes")
_DECEASED: Final = frozenset(title for title, row in _TITLES.items() if row["kind"] == "deceased")
_PATRONYM: Final = frozenset(title for title, row in _TITLES.items() if row["kind"] == "patronym")
_NOT_NAMES: Final = {row["text"]: NameNote(row["note"]) for row in read_word_list("not_names")}
_FOLLOWERS: Final = read_word_list("followers")
_DIVINE: Final = frozenset(token_key(row["word"]) for row in _FOLLOWERS if row["kind"] == "divine")
_BAPTISMAL: Final = frozenset(token_key(row["word"]) for row in _FOLLOWERS if row["kind"] == "baptismal")
_VARIANTS: Final = {row["variant"]: row["standard"] for row in read_word_list("variants") if row["context"] == "any"}
_IN_CONTEXT: Final = {
    variant: tuple((row["context"], row["standard"]) for row in read_word_list("variants") if row["variant"] == variant)
    for variant in {row["variant"] for row in read_word_list("variants") if row["context"] != "any"}
}
_ALSO_NAMES: Final = frozenset({"RADEN", "TUAN", "MAP", "SAP", "SIP", "MA", "BA", "SS", "NERS", "HAJI"})
_CHILD: Final = re.compile(r"BAYI\b|(?:BY|ANAK) (?:NY|NYONYA|IBU|TN|DARI|OF|KE|PEREMPUAN|LAKI|KEMBAR)\b")
# Words that call for a closer look even in a name of plain capitals.
_WATCHED: Final = frozenset({"BAYI", "BY", "ANAK", "ALIAS", "ALS"})
_ALIAS: Final = re.compile(r"\b(?:ALIAS|ALS)\b.*|@.*|\((?P<inside>[^)]*)\)?")
_APOSTROPHES: Final = re.compile(r"['`’‘ʼ´\"]")
_SEPARATORS: Final = re.compile(r"[-/_&+;:]+")
_STRAY: Final = re.compile(r"[^A-Z .,]+")
_PLAIN: Final = re.compile(r"[A-Z]+(?: [A-Z]+)*")
_ABDUL: Final = re.compile(r"ABD[OU](?:L|(?P<same>[RSNDTZ])(?=(?P=same)))?(?P<rest>[A-Z]{3,})")


def standardise_name(text: str) -> StandardName:
    """Take a name apart.

    >>> standardise_name("Hj. St. Aminah, S.Pd").name_normal
    'SITI AMINAH'
    >>> standardise_name("M. Jusuf bin Achmad (alm)")[1:6]
    ('MUHAMMAD YUSUF', 'MUHAMAT YUSUP', (), 'AHMAD', True)
    >>> standardise_name("Bayi Ny. Siti").note
    <NameNote.NEWBORN: 'newborn'>
    """
    folded = fold(text)
    if _PLAIN.fullmatch(folded) and folded not in _NOT_NAMES:
        tokens = [_token(word) for word in folded.split(" ")]
        if not any(token.is_special for token in tokens):
            normal = " ".join([token.standard for token in tokens])
            key = " ".join([token.key for token in tokens])
            return StandardName(folded, normal, key, (), None, False, " " not in normal, None)
    return _take_apart(folded)


def fold(text: str) -> str:
    """Bring text to plain capitals: NFKC, accents off, A to Z, single spaces.

    >>> fold(" Ｍuhámmad   Nur ")
    'MUHAMMAD NUR'
    """
    if not text.isascii():
        for sign in "’‘ʼ´":
            text = text.replace(sign, "'")
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text))
        text = text.encode("ascii", "ignore").decode("ascii")
    return " ".join(text.upper().split())


@lru_cache(maxsize=1 << 18)
def _token(word: str) -> _Token:
    standard = standard_word(word)
    key = " ".join([token_key(part) for part in standard.split(" ")])
    special = len(word) == 1 or (word in _TITLES and _TITLES[word]["position"] != "kept")
    return _Token(standard, key, special or word in _IN_CONTEXT or word in _WATCHED)


def standard_word(word: str) -> str:
    """Give the standard form of one word of a name where it is known out of context.

    >>> standard_word("MOCHAMMAD"), standard_word("ABDURROHMAN"), standard_word("SUTINI")
    ('MUHAMMAD', 'ABDUL RAHMAN', 'SUTINI')
    """
    if word in _VARIANTS:
        return _VARIANTS[word]
    match = _ABDUL.fullmatch(word)
    if match:
        rest = _VARIANTS.get(match["rest"], match["rest"])
        return f"ABDUL {rest}" if token_key(rest) in _DIVINE else word
    return word


def _nothing(note: NameNote | None, *, titles: tuple[str, ...] = (), is_deceased: bool = False) -> StandardName:
    return StandardName(None, None, None, titles, None, is_deceased, False, note)


def _take_apart(folded: str) -> StandardName:
    if not folded:
        return _nothing(None)
    clean, note = _clean(folded)
    bare = " ".join(clean.replace(".", " ").replace(",", " ").split())
    if bare in _NOT_NAMES or not bare:
        return _nothing(_NOT_NAMES.get(bare, NameNote.NOT_A_NAME))
    if _CHILD.match(bare):
        return _nothing(NameNote.NOT_A_NAME if bare.startswith("ANAK") else NameNote.NEWBORN)
    words = _words(clean)
    living = [word for word in words if word.text not in _DECEASED]
    is_deceased = len(living) < len(words)
    titles, rest = _strip_titles(living)
    given, patronym = _split_patronym(rest)
    if not given or (titles and all(len(word.text) == 1 for word in given)):
        return _nothing(NameNote.NOT_A_NAME, titles=titles, is_deceased=is_deceased)
    normal = _standard([word.text for word in given])
    father = _standard([word.text for word in patronym]) if patronym else None
    key = " ".join([token_key(word) for word in normal.split(" ")])
    return StandardName(bare, normal, key, titles, father, is_deceased, " " not in normal, note)


def _clean(folded: str) -> tuple[str, NameNote | None]:
    """Cut aliases, turn separators to spaces and drop what is no letter; say which of it was done."""
    note = None

    def aside(match: re.Match[str]) -> str:
        nonlocal note
        inside = match["inside"]
        if inside is not None and inside.strip(" .") in _DECEASED:
            return f" {inside} "
        note = NameNote.ALIAS_DROPPED
        return " "

    text = _ALIAS.sub(aside, folded) if "(" in folded or "AL" in folded or "@" in folded else folded
    text = _SEPARATORS.sub(" ", _APOSTROPHES.sub("", text))
    letters = _STRAY.sub("", text)
    if letters != text and note is None:
        note = NameNote.SIGNS_DROPPED
    return letters, note


def _words(clean: str) -> list[_Word]:
    head, *tail = clean.split(",")
    words = _dotted_words(head, is_marked=False)
    for piece in tail:
        squashed = piece.replace(".", "").replace(" ", "")
        words += [_Word(squashed, True)] if squashed in _TRAILING else _dotted_words(piece, is_marked=True)
    return words


def _dotted_words(text: str, *, is_marked: bool) -> list[_Word]:
    words: list[_Word] = []
    for chunk in text.split():
        has_dot = "." in chunk
        squashed = chunk.replace(".", "")
        if not has_dot or squashed in _TITLES:
            words.append(_Word(squashed, is_marked or has_dot))
        else:
            words += [_Word(part, True) for part in chunk.split(".") if part]
    return [word for word in words if word.text]


def _strip_titles(words: list[_Word]) -> tuple[tuple[str, ...], list[_Word]]:
    leading: list[str] = []
    rest = list(words)
    while len(rest) > 1 and rest[0].text in _LEADING and _may_strip(rest[0], rest[1:]):
        leading.append(rest.pop(0).text)
    trailing: list[str] = []
    while width := _trailing_width(rest):
        trailing.insert(0, "".join(word.text for word in rest[-width:]))
        del rest[-width:]
    if len(rest) == 1 and _is_only_title(rest[0].text):
        return (*leading, rest[0].text, *trailing), []
    return (*leading, *trailing), rest


def _trailing_width(words: list[_Word]) -> int:
    """Count the last words that are one degree: S. PD. I is written as three. Zero if there is none."""
    if len(words) < 2:
        return 0
    last = words[-1]
    if last.text in _TRAILING and (last.is_marked or last.text not in _NEEDS_MARK):
        return 1
    for width in (3, 2):
        first = words[-width] if len(words) > width else None
        if first and first.is_marked and len(first.text) == 1:
            degree = "".join(word.text for word in words[-width:])
            if degree in _TRAILING:
                return width
    return 0


def _is_only_title(word: str) -> bool:
    return len(word) > 1 and word in _LEADING | _TRAILING and word not in _ALSO_NAMES


def _may_strip(title: _Word, others: list[_Word]) -> bool:
    """A one-letter title needs a whole word behind it, else it is an initial; NY before X is no name either way."""
    return len(title.text) > 1 or any(len(word.text) > 1 for word in others)


def _split_patronym(words: list[_Word]) -> tuple[list[_Word], list[_Word]]:
    for place, word in enumerate(words):
        if word.text in _PATRONYM and 0 < place < len(words) - 1:
            return words[:place], [other for other in words[place + 1 :] if other.text not in _PATRONYM]
    return words, []


def _standard(words: list[str]) -> str:
    return " ".join([_in_context(words, place) for place in range(len(words))])


def _in_context(words: list[str], place: int) -> str:
    word = words[place]
    following = words[place + 1 :]
    for context, standard in _IN_CONTEXT.get(word, ()):
        if _context_holds(context, words[:place], following):
            return standard
    return _token(word).standard


def _context_holds(context: str, before: list[str], following: list[str]) -> bool:
    if context == "after_balinese":
        return bool(before) and before[-1] in ("I", "NI", "GUSTI", "LUH")
    if not any(len(word) > 1 for word in following):
        return False
    if context == "before_divine":
        return _token(following[0]).key in _DIVINE
    if context == "leading_unless_baptismal":
        return not before and _token(following[0]).key not in _BAPTISMAL
    return context == "before_word" or (context == "leading" and not before)
