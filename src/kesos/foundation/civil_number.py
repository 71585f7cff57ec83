"""Read the 16-digit numbers of the civil registry as files really hold them: cleaned, named, never guessed.

A NIK and a KK number have the same shape: six digits of the district of issue, six of a date, four of a serial. Files
mangle both in the same ways, so the reading stands here once; `nik` and `kk` say what the date means.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Final, NamedTuple

import pyarrow as pa

from kesos.foundation.columns import Column, map_distinct, one_chunk
from kesos.foundation.columns import compute as pc

DIGITS: Final = 16
REGION: Final = slice(0, 6)
DATE: Final = slice(6, 12)
SERIAL: Final = slice(12, 16)

# A double holds whole numbers exactly only to here. Every number of Papua (91…97) lies above it, so one that passed
# through a float may have changed its last digit without any sign.
_LAST_EXACT_FLOAT: Final = 2**53

_SPACES: Final = re.compile(r"[\s\u00a0\u200b\u200e\u200f\u202a-\u202e\ufeff]+")
_APOSTROPHES: Final = re.compile(r"[\"'`\u00b4\u2018\u2019\u201c\u201d]")
_SEPARATORS: Final = re.compile(r"[./\-\u2010-\u2015]")
_DECIMAL_TAIL: Final = re.compile(r"([0-9]+)[.,]0{1,2}")
_SCIENTIFIC: Final = re.compile(r"[0-9]([.,][0-9]+)?[eE]\+?[0-9]{1,2}")
# As `clean` leaves them: "N/A" is "na", "tidak ada" is "tidakada".
_WORDS_FOR_NOTHING: Final = frozenset(
    {"null", "nan", "none", "nil", "na", "#na", "kosong", "nihil", "tidakada", "tidakpunya"}
    | {"tdkada", "tdkpunya", "belumada", "belumpunya", "tidakdiketahui"}
)


class CivilNumberNote(StrEnum):
    """What a reader found. Only the first, `UNKNOWN_REGION` and `IMPOSSIBLE_DATE` leave a number that is evidence."""

    VALID = "valid"
    MISSING = "missing"
    PLACEHOLDER = "placeholder"
    WRONG_LENGTH = "wrong_length"
    NOT_DIGITS = "not_digits"
    EXCEL_SCIENTIFIC = "excel_scientific"
    EXCEL_ROUNDED = "excel_rounded"
    LOST_ZEROS = "lost_zeros"
    UNKNOWN_REGION = "unknown_region"
    IMPOSSIBLE_DATE = "impossible_date"
    IMPOSSIBLE_SERIAL = "impossible_serial"


class CivilNumberReading(NamedTuple):
    """A number that can be used as evidence, or none; what was found; which blemishes were removed to find it."""

    value: str | None
    note: CivilNumberNote
    repaired: frozenset[str]


class CleanText(NamedTuple):
    """A cell without its blemishes, and their names."""

    text: str
    repaired: frozenset[str]


def _fixed_placeholders() -> frozenset[str]:
    """Build the numbers that clerks type to get past a form: one digit repeated, or digits in running order."""
    same = {digit * DIGITS for digit in "0123456789"}
    upwards = "0123456789" * 3
    running = {row[start : start + DIGITS] for row in (upwards, upwards[::-1]) for start in range(10)}
    return frozenset(same | running)


FIXED_PLACEHOLDERS: Final = _fixed_placeholders()


def clean(text: str) -> CleanText:
    """Take off spaces, apostrophes, separators (named `dots`) and the decimal tail of a number that became a float.

    >>> text, repaired = clean(" '32.01.01 ")
    >>> text, sorted(repaired)
    ('320101', ['apostrophe', 'dots', 'spaces'])
    """
    repaired: set[str] = set()
    without_spaces = _SPACES.sub("", text)
    if without_spaces != text:
        repaired.add("spaces")
    bare = _APOSTROPHES.sub("", without_spaces)
    if bare != without_spaces:
        repaired.add("apostrophe")
    if _SCIENTIFIC.fullmatch(bare):
        return CleanText(bare, frozenset(repaired))
    tail = _DECIMAL_TAIL.fullmatch(bare)
    if tail:
        return CleanText(tail.group(1), frozenset(repaired | {"decimal_tail"}))
    digits = _SEPARATORS.sub("", bare)
    if digits != bare:
        repaired.add("dots")
    return CleanText(digits, frozenset(repaired))


def is_placeholder(digits: str) -> bool:
    """Tell whether digits were typed only to fill the field.

    >>> is_placeholder("0"), is_placeholder("9" * 16), is_placeholder("1234567890" + "123456")
    (True, True, True)
    >>> is_placeholder("320101" + "0" * 10), is_placeholder("320101" + "150190" + "9001")
    (True, False)
    """
    if len(set(digits)) == 1 or digits in FIXED_PLACEHOLDERS:
        return True
    return len(digits) == DIGITS and (digits[6:] in ("0" * 10, "9" * 10) or digits[REGION] == "000000")


def _fault_of_whole_number(clean_text: CleanText, *, from_number: bool) -> CivilNumberNote | None:
    """Name what makes 16 digits useless as evidence: a last digit that a spreadsheet may have changed."""
    digits, repaired = clean_text
    was_float = from_number or "decimal_tail" in repaired
    if was_float and (digits.endswith("0") or int(digits) > _LAST_EXACT_FLOAT):
        return CivilNumberNote.EXCEL_ROUNDED
    if digits[SERIAL] != "0000":
        return None
    # Serials start at 0001 and most are small: 0000 is what Excel leaves of 0001…0009. A value that still carries
    # separators or an apostrophe was text all along, so no spreadsheet has rounded it.
    was_text = bool(repaired & {"dots", "apostrophe"})
    return CivilNumberNote.IMPOSSIBLE_SERIAL if was_text else CivilNumberNote.EXCEL_ROUNDED


def _fault(clean_text: CleanText, *, from_number: bool) -> CivilNumberNote | None:
    """Name what makes a cleaned cell useless as evidence, or nothing."""
    digits, repaired = clean_text
    if not digits or digits.lower() in _WORDS_FOR_NOTHING:
        return CivilNumberNote.MISSING
    if _SCIENTIFIC.fullmatch(digits):
        return CivilNumberNote.EXCEL_SCIENTIFIC
    if not (digits.isascii() and digits.isdigit()):
        return CivilNumberNote.NOT_DIGITS
    if is_placeholder(digits):
        return CivilNumberNote.PLACEHOLDER
    if len(digits) == DIGITS:
        return _fault_of_whole_number(clean_text, from_number=from_number)
    was_number = from_number or "decimal_tail" in repaired
    return CivilNumberNote.LOST_ZEROS if was_number and len(digits) < DIGITS else CivilNumberNote.WRONG_LENGTH


def read_number(
    text: str | None,
    known_regions: frozenset[str] | None,
    is_possible_date: Callable[[str], bool],
    *,
    from_number: bool = False,
) -> CivilNumberReading:
    """Read one cell; doubts about region or date are noted and the number is kept."""
    if text is None:
        return CivilNumberReading(None, CivilNumberNote.MISSING, frozenset())
    clean_text = clean(text)
    fault = _fault(clean_text, from_number=from_number)
    if fault is not None:
        return CivilNumberReading(None, fault, clean_text.repaired)
    number = clean_text.text
    note = CivilNumberNote.VALID
    if not is_possible_date(number[DATE]):
        note = CivilNumberNote.IMPOSSIBLE_DATE
    elif known_regions is not None and number[REGION] not in known_regions:
        note = CivilNumberNote.UNKNOWN_REGION
    return CivilNumberReading(number, note, clean_text.repaired)


def _plainly_valid(
    texts: Column, known_regions: frozenset[str] | None, is_possible_date: Callable[[str], bool]
) -> pa.BooleanArray:
    """Mark the texts that need no cleaning and pass every check: nearly all rows of a good file.

    Region and date take few distinct values, so this costs a fraction of reading the numbers one by one.
    """
    shaped = pc.match_substring_regex(texts, r"^[0-9]{16}$")
    numbers = pc.if_else(shaped, texts, "0" * DIGITS)
    valid: pa.BooleanArray = pc.and_(
        shaped, map_distinct(pc.utf8_slice_codeunits(numbers, 6, 12), is_possible_date, pa.bool_())
    )
    valid = pc.and_(valid, pc.not_equal(pc.utf8_slice_codeunits(numbers, 12, 16), "0000"))
    valid = pc.and_(valid, pc.invert(pc.is_in(numbers, pa.array(sorted(FIXED_PLACEHOLDERS)))))
    regions = pc.utf8_slice_codeunits(numbers, 0, 6)
    valid = pc.and_(valid, pc.not_equal(regions, "000000"))
    if known_regions is not None:
        valid = pc.and_(valid, pc.is_in(regions, pa.array(sorted(known_regions), pa.string())))
    return valid


def read_numbers(
    texts: Column,
    known_regions: frozenset[str] | None,
    is_possible_date: Callable[[str], bool],
    *,
    from_number: bool = False,
) -> tuple[pa.StringArray, pa.StringArray]:
    """Read a column; give (values, notes), as long as the column. A million distinct numbers take about a second."""
    encoded = one_chunk(texts).cast(pa.string()).dictionary_encode()
    distinct, rows = encoded.dictionary, encoded.indices
    if from_number:
        plain = pa.array([False] * len(distinct), pa.bool_())
    else:
        plain = _plainly_valid(distinct, known_regions, is_possible_date)
    values = pc.if_else(plain, distinct, pa.scalar(None, pa.string()))
    notes = pc.if_else(plain, str(CivilNumberNote.VALID), pa.scalar(None, pa.string()))
    others = pc.invert(plain)
    readings = [
        read_number(text, known_regions, is_possible_date, from_number=from_number)
        for text in distinct.filter(others).to_pylist()
    ]
    values = pc.replace_with_mask(values, others, pa.array([r.value for r in readings], pa.string()))
    notes = pc.replace_with_mask(notes, others, pa.array([str(r.note) for r in readings], pa.string()))
    return values.take(rows), pc.fill_null(notes.take(rows), str(CivilNumberNote.MISSING))
