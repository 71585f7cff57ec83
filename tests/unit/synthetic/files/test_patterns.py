"""Patterns of spelling: those held out are unknown to the standardiser, the known ones mostly undone by it."""

import numpy as np
import pytest

from kesos.pipeline.standardise.name_parts import standardise_name
from kesos.pipeline.standardise.word_lists import read_word_list
from kesos.synthetic.files.patterns import (
    Marks,
    held_out_variants,
    known_variants,
    pattern_number,
    patterns,
)
from kesos.synthetic.population.words import name_words


def _undone(word: str, variants: list[tuple[str, int]]) -> list[bool]:
    key = standardise_name(word).name_key
    return [standardise_name(text).name_key == key for text, _ in variants]


def test_held_out_variants_are_not_undone_by_the_standardiser() -> None:
    undone = [each for word in name_words().text for each in _undone(word, held_out_variants(word))]

    assert len(undone) > 2_000
    assert sum(undone) / len(undone) < 0.002


def test_held_out_words_are_not_in_the_list_of_variants() -> None:
    listed = {(row["standard"], row["variant"]) for row in read_word_list("variants")}

    ours = {(word, text) for word in ("MUHAMMAD", "SITI", "NUR", "ABDUL") for text, _ in held_out_variants(word)}

    assert ours
    assert ours & listed == set()


def test_known_variants_are_mostly_undone_by_the_standardiser() -> None:
    undone = [each for word in name_words().text for each in _undone(word, known_variants(word))]

    assert sum(undone) / len(undone) > 0.85


def test_a_third_of_the_patterns_or_more_is_held_out() -> None:
    held_out = [pattern for pattern in patterns() if pattern.is_held_out]

    assert len({pattern.name for pattern in patterns()}) == len(patterns())
    assert len(held_out) / len(patterns()) >= 1 / 3


def test_pattern_number_of_an_unknown_pattern_is_refused() -> None:
    with pytest.raises(ValueError, match="not in list"):
        pattern_number("no such pattern")


def test_marks_list_each_pattern_of_a_row_once() -> None:
    marks = Marks(3)
    for rows in ([0, 2], [2]):
        marks.note("name_typo", np.array(rows))
    marks.note("name_order", np.array([2]))

    assert marks.names().to_pylist() == [["name_typo"], [], ["name_typo", "name_order"]]
    assert marks.is_held_out().tolist() == [False, False, True]
