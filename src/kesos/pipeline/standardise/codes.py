"""Codes, yes and no, counts, decimals and deciles as sources write them.

Every function gives the value, or null with a note; unknown is never turned into zero or no.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

import pyarrow as pa

from kesos.foundation.columns import Column, Values
from kesos.pipeline.standardise.distinct import fields, on_distinct, structs, texts


class CodeNote(StrEnum):
    """Why a value is null although something was written."""

    NOT_ALLOWED = "not_allowed"
    UNREADABLE = "unreadable"
    NEGATIVE = "negative"
    TOO_LARGE = "too_large"


class YesNoStyle(StrEnum):
    """How a source writes numbers for yes and no: the same digit means different things in two files."""

    ONE_TWO = "1/2"
    ONE_ZERO = "1/0"
    WORDS = "words"


class Coded(NamedTuple):
    """Columns of equal length: the values, and a note where something written could not be used."""

    values: Values
    notes: Values


Reader: TypeAlias = "Callable[[str], tuple[object, CodeNote | None]]"

_BLANK: Final = frozenset({"", "-", "--", "NULL", "NA", "N/A", "#N/A"})
_WHOLE: Final = re.compile(r"0*(\d+)(?:[.,]0*)?")
_LEADING_CODE: Final = re.compile(r"0*(\d+)\s*[-–.:)=]\s*[A-Z(].*")
_DECILE: Final = re.compile(r"(?:DESIL|DECILE|D)?\s*[-.:]?\s*0*(10|[1-9])(?:[.,]0+)?")
_GROUPED_BY_DOT: Final = re.compile(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_GROUPED_BY_COMMA: Final = re.compile(r"-?\d{1,3}(?:,\d{3})+\.\d+")
_PLAIN_NUMBER: Final = re.compile(r"-?\d+(?:[.,]\d+)?")
_YES_WORDS: Final = frozenset({"YA", "Y", "IYA", "YES", "ADA", "PUNYA", "MEMILIKI", "BENAR", "TRUE"})
_NO_WORDS: Final = frozenset(
    {"TIDAK", "TDK", "T", "N", "NO", "TIDAK ADA", "TIDAK PUNYA", "TIDAK MEMILIKI", "BUKAN", "SALAH", "FALSE"}
)
_YES_NO_DIGITS: Final = {
    YesNoStyle.ONE_TWO: {1: True, 2: False},
    YesNoStyle.ONE_ZERO: {1: True, 0: False},
    YesNoStyle.WORDS: {},
}
_LARGEST_COUNT: Final = 2_147_483_647
_DECIMAL: Final = pa.decimal128(18, 6)


def recode(column: Column, allowed: Collection[int], words: Mapping[str, int] | None = None) -> Coded:
    """Read codes as SMALLINT among those allowed; `words` maps the labels a contract declares, in any case."""
    known = {_tidy(label): code for label, code in (words or {}).items()}
    codes = frozenset(allowed)
    return _coded(column, lambda text: read_code(text, codes, known), pa.int16())


def read_code(text: str, allowed: Collection[int], words: Mapping[str, int]) -> tuple[int | None, CodeNote | None]:
    """Read one code; the labels of `words` are in capitals.

    >>> [read_code(text, {1, 2}, {"SEWA": 2}) for text in ("01", "1.0", "1 - Milik sendiri", "sewa")]
    [(1, None), (1, None), (1, None), (2, None)]
    >>> read_code("7", {1, 2}, {})
    (None, <CodeNote.NOT_ALLOWED: 'not_allowed'>)
    """
    tidy = _tidy(text)
    if tidy in words:
        return words[tidy], None
    if tidy in _BLANK:
        return None, None
    match = _WHOLE.fullmatch(tidy) or _LEADING_CODE.fullmatch(tidy)
    if not match:
        return None, CodeNote.UNREADABLE
    code = int(match[1])
    return (code, None) if code in allowed else (None, CodeNote.NOT_ALLOWED)


def yes_no(column: Column, style: YesNoStyle, words: Mapping[str, bool] | None = None) -> Coded:
    """Read yes and no as BOOLEAN; digits count only as the declared style says, words always."""
    known = {_tidy(label): answer for label, answer in (words or {}).items()}
    return _coded(column, lambda text: read_yes_no(text, style, known), pa.bool_())


def read_yes_no(text: str, style: YesNoStyle, words: Mapping[str, bool]) -> tuple[bool | None, CodeNote | None]:
    """Read one answer.

    >>> read_yes_no("2", YesNoStyle.ONE_TWO, {}), read_yes_no("Tidak", YesNoStyle.ONE_TWO, {})
    ((False, None), (False, None))
    >>> read_yes_no("2", YesNoStyle.ONE_ZERO, {})
    (None, <CodeNote.NOT_ALLOWED: 'not_allowed'>)
    """
    tidy = _tidy(text)
    if tidy in words:
        return words[tidy], None
    if tidy in _BLANK:
        return None, None
    if tidy in _YES_WORDS or tidy in _NO_WORDS:
        return tidy in _YES_WORDS, None
    match = _WHOLE.fullmatch(tidy) or _LEADING_CODE.fullmatch(tidy)
    if not match:
        return None, CodeNote.UNREADABLE
    answer = _YES_NO_DIGITS[style].get(int(match[1]))
    return (answer, None) if answer is not None else (None, CodeNote.NOT_ALLOWED)


def counts(column: Column, largest: int = _LARGEST_COUNT) -> Coded:
    """Read whole numbers from 0 to `largest` as INTEGER."""
    return _coded(column, lambda text: read_count(text, largest), pa.int32())


def read_count(text: str, largest: int = _LARGEST_COUNT) -> tuple[int | None, CodeNote | None]:
    """Read one count; a part of a thing is no count.

    >>> read_count("12.0"), read_count("1.250"), read_count("2,5")
    ((12, None), (1250, None), (None, <CodeNote.UNREADABLE: 'unreadable'>))
    """
    number, note = read_decimal(text)
    if number is None:
        return None, note
    if number != number.to_integral_value():
        return None, CodeNote.UNREADABLE
    if number < 0:
        return None, CodeNote.NEGATIVE
    return (int(number), None) if number <= largest else (None, CodeNote.TOO_LARGE)


def decimals(column: Column) -> Coded:
    """Read numbers as DECIMAL(18,6), with the decimal comma of Indonesia or a point."""
    return _coded(column, read_decimal, _DECIMAL)


def read_decimal(text: str) -> tuple[Decimal | None, CodeNote | None]:
    """Read one number; three digits behind each point are thousands, as Indonesia writes them.

    >>> read_decimal("36,5")[0], read_decimal("1.250,75")[0], read_decimal("36.5")[0]
    (Decimal('36.5'), Decimal('1250.75'), Decimal('36.5'))
    """
    tidy = _tidy(text)
    if tidy in _BLANK:
        return None, None
    if _GROUPED_BY_DOT.fullmatch(tidy):
        plain = tidy.replace(".", "").replace(",", ".")
    elif _GROUPED_BY_COMMA.fullmatch(tidy):
        plain = tidy.replace(",", "")
    elif _PLAIN_NUMBER.fullmatch(tidy):
        plain = tidy.replace(",", ".")
    else:
        return None, CodeNote.UNREADABLE
    number = Decimal(plain)
    if abs(number) >= 10**12:
        return None, CodeNote.TOO_LARGE
    return round(number, 6) if -int(number.as_tuple().exponent) > 6 else number, None


def deciles(column: Column) -> Coded:
    """Read deciles 1 to 10 as SMALLINT."""
    return _coded(column, read_decile, pa.int16())


def read_decile(text: str) -> tuple[int | None, CodeNote | None]:
    """Read one decile.

    >>> read_decile("Desil 3"), read_decile("10"), read_decile("11")
    ((3, None), (10, None), (None, <CodeNote.NOT_ALLOWED: 'not_allowed'>))
    """
    tidy = _tidy(text)
    if tidy in _BLANK:
        return None, None
    if match := _DECILE.fullmatch(tidy):
        return int(match[1]), None
    return None, CodeNote.NOT_ALLOWED if _WHOLE.fullmatch(tidy) else CodeNote.UNREADABLE


def _tidy(text: str) -> str:
    return " ".join(text.upper().replace("'", "").split())


def _coded(column: Column, read: Reader, kind: pa.DataType) -> Coded:
    shape = pa.struct([("value", kind), ("note", pa.string())])
    table = fields(on_distinct(column, lambda values: structs([read(text) for text in texts(values)], shape)))
    return Coded(table.column("value").combine_chunks(), table.column("note").combine_chunks())
