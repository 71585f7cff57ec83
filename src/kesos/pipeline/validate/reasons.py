"""Why a row was set aside or a value set to unknown: one table of codes, each with a sentence and a remedy.

The sentences are English templates and at the same time the message ids of the translation catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from kesos.pipeline.sources.contract import ColumnContract, FileContract, Kind

OLDEST_AGE_YEARS: Final = 130
"""No person on record lived longer than 122 years; what lies further back is a slip."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: a stable code, what happened, and what to do; both texts are templates of `Fault`'s fields."""

    code: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one row, with all that its sentence names."""

    source: str
    file: str
    row: int
    field: str
    value_shown: str | None
    limit: str = ""


_AT: Final = "Source '{source}', file {file}, row {row}: "
_MEND: Final = "Correct it at the source and deliver again."

_QUOTE: Final = "Put text that holds the delimiter between quotation marks, and deliver again."

_TABLE: Final = (
    Reason("value_missing", _AT + "{field} is empty.", "Fill it in at the source and deliver again."),
    Reason("not_a_name", _AT + "{field} holds no name: {value_shown}.", "Write the name of the person."),
    Reason("not_a_date", _AT + "{field} is no date: {value_shown}.", "Write a day of the calendar, as 2026-11-20."),
    Reason("date_placeholder", _AT + "{field} is a placeholder, no date: {value_shown}.", "Leave it empty if unknown."),
    Reason(
        "date_incomplete",
        _AT + "{field} has no day or no month: {value_shown}.",
        "Complete the date if it is known; a year alone is not used.",
    ),
    Reason(
        "date_other_order",
        _AT + "{field} {value_shown} was read with day and month exchanged.",
        "Write all dates of the column in one order, best as 2026-11-20.",
    ),
    Reason(
        "date_two_digit_year",
        _AT + "{field} {value_shown} has a year of two digits; the latest century was taken.",
        "Write the year with four digits.",
    ),
    Reason("after_delivery", _AT + "{field} {value_shown} is after the day of delivery {limit}.", _MEND),
    Reason("too_long_ago", _AT + "{field} {value_shown} is more than {limit} years ago.", _MEND),
    Reason("before_other_date", _AT + "{field} {value_shown} is before {limit}.", "Correct one of the two dates."),
    Reason("not_a_period", _AT + "{field} is no period: {value_shown}.", "Write a quarter as 2026-T3."),
    Reason("not_a_number", _AT + "{field} is no number: {value_shown}.", "Write digits only."),
    Reason("not_an_amount", _AT + "{field} is no amount in rupiah: {value_shown}.", "Write whole rupiah: 750000."),
    Reason("below_minimum", _AT + "{field} {value_shown} is below {limit}.", _MEND),
    Reason("above_maximum", _AT + "{field} {value_shown} is above {limit}.", _MEND),
    Reason("negative_amount", _AT + "{field} {value_shown} is negative.", _MEND),
    Reason(
        "code_not_in_list",
        _AT + "{field} {value_shown} is not in the code list {limit}.",
        "Use a code of the list, or choose another list in deliveries.yaml if the whole column is like this.",
    ),
    Reason("not_yes_or_no", _AT + "{field} is neither yes nor no: {value_shown}.", "Write YA or TIDAK."),
    Reason("decile_outside", _AT + "{field} {value_shown} is not a decile from 1 to 10.", "Leave it empty if unknown."),
    Reason("not_an_area", _AT + "{field} is no area code: {value_shown}.", "Write the digits of the code, as text."),
    Reason(
        "unknown_village",
        _AT + "{field} {value_shown} is not the code of a village.",
        "Check that the contract names the right system of codes, Kemendagri or BPS.",
    ),
    Reason(
        "village_unnamed",
        _AT + "{field} {value_shown} tells the district or regency and not the village.",
        "Add the code of ten digits or the name of the village.",
    ),
    Reason(
        "village_ambiguous",
        _AT + "{field} is empty or unknown, and several villages bear the name.",
        "Add the code of ten digits.",
    ),
    Reason(
        "village_by_name",
        _AT + "{field} {value_shown} was not used; the village was found by its name.",
        "Nothing need be done; the code would be surer.",
    ),
    Reason(
        "village_renumbered",
        _AT + "{field} {value_shown} is no longer in force; the code that replaced it was taken.",
        "Nothing need be done.",
    ),
    Reason(
        "repeated_row",
        _AT + "the row repeats an earlier row of the same file, word for word.",
        "Nothing need be done; the first one is kept.",
    ),
    Reason("too_many_fields", _AT + "it has more fields than the header: {value_shown}.", _QUOTE),
    Reason("too_few_fields", _AT + "it has fewer fields than the header: {value_shown}.", _QUOTE),
    Reason("repeated_header", _AT + "it repeats the header.", "Nothing need be done; it holds no facts."),
    Reason("total_row", _AT + "it is a row of totals.", "Nothing need be done; it is about nobody."),
    Reason("number_missing", _AT + "{field} is empty.", "Add the number if the person or family has one."),
    Reason("number_placeholder", _AT + "{field} holds a placeholder.", "Write the real number, or leave it empty."),
    Reason("number_wrong_length", _AT + "{field} has not 16 digits.", "Copy the number again from the card."),
    Reason("number_not_digits", _AT + "{field} holds other signs than digits.", "Copy the number again from the card."),
    Reason(
        "number_excel_scientific",
        _AT + "{field} was turned into a power of ten by a spreadsheet; its digits are lost.",
        "Format the column as text before entering numbers, and export again.",
    ),
    Reason(
        "number_excel_rounded",
        _AT + "{field} was kept as a number by a spreadsheet, which loses the last digit.",
        "Format the column as text before entering numbers, and export again.",
    ),
    Reason(
        "number_lost_zeros",
        _AT + "{field} lost the zeros in front.",
        "Format the column as text before entering numbers, and export again.",
    ),
    Reason(
        "number_unknown_region", _AT + "{field} begins with a district that is not known.", "Compare with the card."
    ),
    Reason("number_impossible_date", _AT + "{field} holds a date that does not exist.", "Compare with the card."),
    Reason("number_impossible_serial", _AT + "{field} ends in 0000, which is never issued.", "Compare with the card."),
    Reason(
        "nik_date_differs",
        _AT + "the date inside the NIK is not the birth date {value_shown}.",
        "Compare with the card; a NIK is never corrected, so both may be right.",
    ),
    Reason(
        "nik_sex_differs",
        _AT + "the sex inside the NIK is not the one given.",
        "Compare with the card; a NIK is never corrected, so both may be right.",
    ),
)

REASONS: Final[Mapping[str, Reason]] = {reason.code: reason for reason in _TABLE}


def _as_written(template: str) -> str:
    return template


def explain(code: str, fault: Fault, translate: Callable[[str], str] = _as_written) -> str:
    """Say in a sentence or two what is wrong with a value and what to do.

    >>> explain("value_missing", Fault("dtsen", "person", 7, "nama", None))
    "Source 'dtsen', file person, row 7: nama is empty. Fill it in at the source and deliver again."
    """
    reason = REASONS[code]
    fields = {
        "source": fault.source,
        "file": fault.file,
        "row": fault.row,
        "field": fault.field,
        "value_shown": fault.value_shown or "",
        "limit": fault.limit,
    }
    return " ".join(translate(text).format(**fields) for text in (reason.what, reason.remedy))


def limit_of(code: str, field: str, file_contract: FileContract, delivered_on: date) -> str:
    """Give the limit that a value broke, from the contract that says so; empty where a reason has none."""
    column = file_contract.columns.get(field)
    if column is None:
        return ""
    limits: dict[str, object] = {
        "after_delivery": delivered_on,
        "too_long_ago": OLDEST_AGE_YEARS,
        "before_other_date": column.after,
        "below_minimum": column.min,
        "above_maximum": column.max,
        "code_not_in_list": _codes_shown(column),
    }
    return str(limits.get(code, ""))


def _codes_shown(column: ColumnContract) -> str:
    if column.kind is not Kind.CODE:
        return ""
    codes = column.codes
    is_run = len(codes) > 2 and codes == tuple(range(codes[0], codes[-1] + 1))
    return f"{codes[0]}-{codes[-1]}" if is_run else ", ".join(str(code) for code in codes)
