"""The key index of a release: sorted integer keys that lead from what is known of somebody to rows that may be them.

<lake>/indexes/<release>/   folder of mode 700; made of the release alone, may be removed and made again at any time
  index.json                release, hash of its manifest, people
  rows.arrow, texts.arrow   what each row says, numbers only; names, mothers and words by their number
  <rule>.<level>.keys.npy   the keys, sorted; .rows.npy the row of each: mapped into memory, never read whole

A row is one way in which records speak of a person. A NIK stands as 8 bytes of its blind index: it finds and tells
nothing. Keys are hashes of integers; two that collide bring a row too many, which scoring throws out again.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kesos.datasets.lake import PRIVATE_FOLDER, Lake
from kesos.datasets.manifest import FILE_NAME, file_sha256, read_manifest
from kesos.datasets.release_files import dataset_files
from kesos.foundation.columns import Column, Values, one_chunk
from kesos.foundation.columns import compute as pc
from kesos.pipeline.engine import Engine
from kesos.pipeline.sources.receipt import private_opener

Ints: TypeAlias = "npt.NDArray[np.int64]"
Keys: TypeAlias = "npt.NDArray[np.uint64]"

FORMAT: Final = 1
UNKNOWN: Final = -1
DAY_1970: Final = date(1970, 1, 1).toordinal()
_META: Final = "index.json"
_SQL: Final = files("kesos.pipeline.link") / "sql_find"

# What a key is made of, coarse first: where too many rows share a key, the next finer one is asked.
# A row has a key for each of its words, or for each two of them, where the parts name words.
RULES: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "nik": (("nik",),),
    "two_words": (("pair",), ("pair", "year"), ("pair", "regency"), ("pair", "year", "regency")),
    "word_and_year": (("word", "year"), ("word", "year", "sex", "regency"), ("word", "birth")),
    "word_and_village": (("word", "village"), ("word", "village", "sex")),
    "birth": (("birth",), ("birth", "sex"), ("birth", "sex", "regency"), ("birth", "sex", "village")),
    "mother_and_year": (("mother_word", "year"), ("mother_word", "year", "sex", "regency")),
    "word": (("word",), ("word", "regency"), ("word", "sex", "regency")),
}


@dataclass(frozen=True, slots=True)
class KeyIndex:
    """An opened index: rows as integer columns, texts by number, and a sorted key table a rule and level."""

    release: str
    rows: Mapping[str, Ints]
    names: Values
    mothers: Values
    words: tuple[str, ...]
    name_counts: Ints
    people: int
    tables: Mapping[tuple[str, int], tuple[Keys, npt.NDArray[np.int32]]]

    def rows_of(self, rule: str, level: int, keys: Keys) -> list[Ints]:
        """Give the rows of each key."""
        sorted_keys, rows = self.tables[rule, level]
        low = np.searchsorted(sorted_keys, keys, side="left").tolist()
        high = np.searchsorted(sorted_keys, keys, side="right").tolist()
        return [rows[first:last].astype(np.int64) for first, last in zip(low, high, strict=True)]


def fold_keys(parts: Sequence[Ints]) -> Keys:
    """Make one integer key of several integer parts, position by position.

    >>> one, other = fold_keys([np.array([1, 2]), np.array([2, 1])])
    >>> bool(one == other)
    False
    """
    folded = np.full(len(parts[0]), 0x9E3779B97F4A7C15, np.uint64)
    with np.errstate(over="ignore"):
        for part in parts:
            # The steps of splitmix64: every bit of a part moves every bit of the key.
            folded = (folded ^ part.astype(np.uint64)) + np.uint64(0x9E3779B97F4A7C15)
            folded = (folded ^ (folded >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            folded = (folded ^ (folded >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            folded ^= folded >> np.uint64(31)
    return folded


def open_index(lake: Lake, release: str) -> KeyIndex:
    """Open the key index of a release; make it when it is not there or is of another state of the release.

    Opening maps files and reads the words alone. *Raises* NoSuchRelease, UnreadableManifest. *Cost* of making it: see
    benchmarks; about 10 s and 200 MB for a million records.
    """
    manifest = file_sha256(lake.existing_release(release) / FILE_NAME)
    folder = index_folder(lake, release)
    if _meta(folder).get("manifest_sha256") != manifest or _meta(folder).get("format") != FORMAT:
        build_index(lake, release)
    return _read(folder, release)


def index_folder(lake: Lake, release: str) -> Path:
    """Name the folder of the index of a release."""
    return lake.root / "indexes" / lake.release(release).name


def _meta(folder: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads((folder / _META).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content


def build_index(lake: Lake, release: str) -> Path:
    """Make the key index of a release anew; it is in place only when whole. *Raises* NoSuchRelease."""
    source = lake.existing_release(release)
    with Engine(memory="4GB") as engine:
        engine.view_parquet("person_record", dataset_files(source, read_manifest(source), "person_record"))
        said = engine.fetch((_SQL / "010_said_of_person.sql").read_text(encoding="utf-8"))
    folder = index_folder(lake, release)
    folder.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    # A folder of its own, of mode 700: two processes may make the index at once, and the last one stays.
    building = Path(tempfile.mkdtemp(prefix=f".building-{folder.name}-", dir=folder.parent))
    try:
        _write(building, said)
        people = len(said.column("person_id").unique())
        manifest = file_sha256(source / FILE_NAME)
        meta = {"format": FORMAT, "release": release, "people": people, "manifest_sha256": manifest}
        with open(building / _META, "w", encoding="utf-8", opener=private_opener) as file:
            json.dump(meta, file)
        shutil.rmtree(folder, ignore_errors=True)
        building.replace(folder)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    return folder


def _write(folder: Path, said: pa.Table) -> None:
    names, name = _encoded(said.column("name_normal"))
    mothers, mother = _encoded(said.column("mother_name_normal"))
    key_texts, key = _encoded(said.column("name_key"))
    words, words_of_key = _words(key_texts)
    mother_words = _mother_words(mothers)
    person = np.asarray(one_chunk(said.column("person_id")), dtype=np.int64)
    births = one_chunk(said.column("birth_date"))
    village = village_numbers(one_chunk(said.column("village")))
    rows = {
        "person": person,
        "name": name,
        "mother": mother,
        "sex": sex_numbers(one_chunk(said.column("sex"))),
        "birth": _days(births),
        "year": _filled(pc.year(births)),
        "village": village,
        "regency": regency_of(village),
        "nik": nik_numbers(one_chunk(said.column("nik_index"))),
    }
    for rule, levels in RULES.items():
        for level, parts in enumerate(levels):
            owner, columns = _expanded(parts, rows, key, words_of_key, mother_words)
            _write_keys(folder, f"{rule}.{level}", owner, columns)
    _write_table(folder / "rows.arrow", pa.table({column: pa.array(values) for column, values in rows.items()}))
    counts = _people_by_name(name, person, len(names))
    _write_table(folder / "names.arrow", pa.table({"text": names, "people": pa.array(counts)}))
    _write_table(folder / "mothers.arrow", pa.table({"text": mothers}))
    _write_table(folder / "words.arrow", pa.table({"text": pa.array(words, pa.string())}))


def _encoded(column: Column) -> tuple[Values, Ints]:
    encoded = one_chunk(column).dictionary_encode()
    return encoded.dictionary, _filled(encoded.indices)


def _filled(values: Values) -> Ints:
    return np.asarray(pc.fill_null(pc.cast(values, pa.int64()), UNKNOWN), dtype=np.int64)


def _days(births: Values) -> Ints:
    """Count days as `date.toordinal` does: positive for everybody, so that -1 is free for unknown."""
    return _filled(pc.add(pc.cast(births.cast(pa.int32()), pa.int64()), DAY_1970))


def village_numbers(codes: Values) -> Ints:
    """Give Kemendagri codes of villages as numbers; -1 where unknown."""
    return _filled(codes.cast(pa.int64()))


def regency_of(village: Ints) -> Ints:
    """Give the regency, four digits, of village numbers of ten.

    >>> regency_of(np.array([3201011006, -1])).tolist()
    [3201, -1]
    """
    return np.where(village < 0, UNKNOWN, village // 1_000_000)


def sex_numbers(sexes: Values) -> Ints:
    """Give 1 for male, 2 for female, -1 where unknown."""
    place = _filled(pc.index_in(sexes, value_set=pa.array(["male", "female"])))
    return np.where(place < 0, UNKNOWN, place + 1)


def nik_numbers(indexes: Values) -> Ints:
    """Give the first 63 bits of blind indexes as numbers; -1 where there is none."""
    found = [UNKNOWN if one is None else int.from_bytes(one[:8], "big") >> 1 for one in indexes.to_pylist()]
    return np.array(found, np.int64)


def _words(key_texts: Values) -> tuple[list[str], list[list[int]]]:
    """Number the words of all name keys in sorted order, and give the words of each key."""
    split = [sorted(set(str(text).split(" "))) for text in key_texts.to_pylist()]
    words = sorted({word for group in split for word in group})
    number = {word: place for place, word in enumerate(words)}
    return words, [[number[word] for word in group] for group in split]


def _mother_words(mothers: Values) -> list[list[int]]:
    """Give for each mother's name the number of its longest word."""
    return [[text_number(longest_word(str(text)))] for text in mothers.to_pylist()]


def longest_word(name: str) -> str:
    """Give the longest word of a name; of several the last by the alphabet.

    >>> longest_word("SITI AMINAH")
    'AMINAH'
    """
    return max(name.split(" "), key=lambda word: (len(word), word))


def text_number(word: str) -> int:
    """Number a word by its letters alone, so that it needs no list.

    >>> text_number("A"), text_number("AB")
    (65, 16706)
    """
    return int.from_bytes(word.encode()[:7], "big")


def _people_by_name(name: Ints, person: Ints, names: int) -> Ints:
    pairs = np.unique(np.stack([name, person], axis=1)[name >= 0], axis=0)
    return np.bincount(pairs[:, 0], minlength=names).astype(np.int64)


def _expanded(
    parts: Sequence[str],
    rows: Mapping[str, Ints],
    key: Ints,
    words_of_key: Sequence[Sequence[int]],
    mother_words: Sequence[Sequence[int]],
) -> tuple[Ints, list[Ints]]:
    """Repeat rows for each of their words, or two of them, beside the parts of the key; no key of unknown parts."""
    count = len(rows["person"])
    owner: Ints = np.arange(count)
    columns: list[Ints] = []
    if parts[0] in {"word", "pair"}:
        choices = [list(_pairs(words)) if parts[0] == "pair" else [(w,) for w in words] for words in words_of_key]
        owner, columns = _spread(key, choices, 2 if parts[0] == "pair" else 1)
    elif parts[0] == "mother_word":
        owner, columns = _spread(rows["mother"], [[(w,) for w in words] for words in mother_words], 1)
    plain = parts if not columns else parts[1:]
    columns = [*columns, *(rows[part][owner] for part in plain)]
    known = np.all([column >= 0 for column in columns], axis=0) if len(owner) else np.zeros(0, np.bool_)
    return owner[known], [column[known] for column in columns]


def _pairs(words: Sequence[int]) -> Iterator[tuple[int, int]]:
    return ((a, b) for n, a in enumerate(words) for b in words[n + 1 :])


def _spread(text: Ints, choices: Sequence[Sequence[tuple[int, ...]]], width: int) -> tuple[Ints, list[Ints]]:
    sizes = np.array([len(one) for one in choices] or [0], np.int64)
    flat = np.array([choice for one in choices for choice in one], np.int64).reshape(-1, width)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    repeats = np.where(text >= 0, sizes[text], 0) if len(choices) else np.zeros(len(text), np.int64)
    owner = np.repeat(np.arange(len(text)), repeats)
    first = np.repeat(np.cumsum(repeats) - repeats, repeats)
    place = starts[text[owner]] + np.arange(len(owner)) - first
    return owner, [flat[place, column] for column in range(width)]


def _write_keys(folder: Path, name: str, owner: Ints, columns: Sequence[Ints]) -> None:
    keys = fold_keys(columns)
    order = np.lexsort((owner, keys))
    keys, rows = keys[order], owner[order].astype(np.int32)
    # Two arrays, not one of pairs: searching a column of pairs would copy it whole at every question.
    for kind, values in (("keys", keys), ("rows", rows)):
        with open(folder / f"{name}.{kind}.npy", "wb", opener=private_opener) as file:
            np.save(file, values)


def _write_table(path: Path, table: pa.Table) -> None:
    with open(path, "wb", opener=private_opener) as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table.combine_chunks())


def _read(folder: Path, release: str) -> KeyIndex:
    rows, names, mothers, words = (
        pa.ipc.open_file(pa.memory_map(str(folder / f"{name}.arrow"))).read_all()
        for name in ("rows", "names", "mothers", "words")
    )
    columns = {name: np.asarray(one_chunk(rows.column(name)), dtype=np.int64) for name in rows.column_names}
    listed: list[Any] = words.column("text").to_pylist()
    tables = {
        (rule, level): (_mapped(folder, f"{rule}.{level}.keys"), _mapped(folder, f"{rule}.{level}.rows"))
        for rule, levels in RULES.items()
        for level in range(len(levels))
    }
    return KeyIndex(
        release,
        columns,
        one_chunk(names.column("text")),
        one_chunk(mothers.column("text")),
        tuple(listed),
        np.asarray(one_chunk(names.column("people")), dtype=np.int64),
        int(_meta(folder)["people"]),
        tables,
    )


def _mapped(folder: Path, name: str) -> Any:
    return np.load(folder / f"{name}.npy", mmap_mode="r")
