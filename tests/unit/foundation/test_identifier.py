"""Identifiers are read back as written, and no single wrong character passes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos.foundation.identifier import (
    IdentifierKind,
    NoSuchNumber,
    NotAnIdentifier,
    WrongCheckCharacter,
    read_identifier,
    show_identifier,
)

KINDS = st.sampled_from(["person", "family", "dwelling"])
NUMBERS = st.one_of(st.integers(1, 2**63 - 1), st.integers(1, 2000))
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U-"


@given(KINDS, NUMBERS)
def test_show_identifier_is_read_back(kind: IdentifierKind, number: int) -> None:
    text = show_identifier(kind, number)

    assert read_identifier(text) == (kind, number)
    assert read_identifier(f" {text.lower()} ") == (kind, number)


@given(KINDS, NUMBERS, st.data())
def test_read_identifier_refuses_every_single_wrong_character(
    kind: IdentifierKind, number: int, data: st.DataObject
) -> None:
    text = show_identifier(kind, number)
    place = data.draw(st.integers(0, len(text) - 1))
    wrong = data.draw(st.sampled_from([symbol for symbol in SYMBOLS if symbol != text[place]]))

    with pytest.raises((NotAnIdentifier, WrongCheckCharacter)):
        read_identifier(text[:place] + wrong + text[place + 1 :])


def test_read_identifier_refuses_every_single_wrong_character_of_some_identifiers() -> None:
    accepted = []
    for text in ("P-HH", "F-HJ", "D-Z83", show_identifier("person", 2**63 - 1)):
        for place in range(len(text)):
            for symbol in set(SYMBOLS) - {text[place]}:
                try:
                    accepted.append(read_identifier(text[:place] + symbol + text[place + 1 :]))
                except (NotAnIdentifier, WrongCheckCharacter):
                    continue

    assert accepted == []


def test_read_identifier_takes_lookalikes_for_digits() -> None:
    text = show_identifier("person", 32)

    assert text == "P-10" + text[-1]
    assert read_identifier(text.replace("10", "lO")) == ("person", 32)


@pytest.mark.parametrize(
    "text", ["", "P", "P-", "P-H", "X-HH", "PHH", "P-0HH", "P-H H", "P-UH", "17", "P-" + "Z" * 13 + "0"]
)
def test_read_identifier_refuses_other_shapes(text: str) -> None:
    with pytest.raises(NotAnIdentifier):
        read_identifier(text)


@pytest.mark.parametrize("number", [0, -1, 2**63])
def test_show_identifier_refuses_numbers_outside_the_register(number: int) -> None:
    with pytest.raises(NoSuchNumber):
        show_identifier("family", number)
