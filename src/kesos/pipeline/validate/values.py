"""Values of one column, read by its kind: the typed value, and why it is not one or only doubtful."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple, TypeAlias

import pyarrow as pa

from kesos.foundation.area_code import AreaSystem
from kesos.foundation.columns import Values, map_distinct
from kesos.foundation.columns import compute as pc
from kesos.foundation.money import FractionOfRupiah, NotRupiah, read_rupiah
from kesos.foundation.period import NotAPeriod, read_period
from kesos.pipeline.sources.contract import ColumnContract, Contract, Kind
from kesos.pipeline.standardise.codes import CodeNote, YesNoStyle, counts, deciles, decimals, recode, yes_no
from kesos.pipeline.standardise.dates import DateNote, DateOrder, read_dates
from kesos.pipeline.standardise.villages import VillageIndex, VillageNote, resolve_villages
from kesos.pipeline.standardise.word_lists import read_word_list
from kesos.pipeline.validate.reasons import OLDEST_AGE_YEARS

_BLANKS: Final = pa.array(["", "-", "--", "NULL", "NA", "N/A", "#N/A"])
_NOT_NAMES: Final = pa.array(
    [row["text"] for row in read_word_list("not_names") if row["note"] == "not_a_name"], pa.string()
)
_AREA_DIGITS: Final = r"^(?:\d{2}|\d{4}|\d{6}|\d{7}|\d{10})$"
_WHOLE_NUMBER: Final = r"^0*(\d+)(?:[.,]0*)?$"

_DATE_REASONS: Final[Mapping[str, str]] = {
    DateNote.IMPOSSIBLE: "not_a_date",
    DateNote.UNREADABLE: "not_a_date",
    DateNote.PLACEHOLDER: "date_placeholder",
    DateNote.YEAR_ONLY: "date_incomplete",
    DateNote.MONTH_ONLY: "date_incomplete",
    DateNote.OTHER_ORDER: "date_other_order",
    DateNote.TWO_DIGIT_YEAR: "date_two_digit_year",
}
_NUMBER_REASONS: Final[Mapping[str, str]] = {
    CodeNote.UNREADABLE: "not_a_number",
    CodeNote.NEGATIVE: "below_minimum",
    CodeNote.TOO_LARGE: "above_maximum",
}
_VILLAGE_REASONS: Final[Mapping[str, str]] = {
    VillageNote.RENUMBERED: "village_renumbered",
    VillageNote.BY_NAME: "village_by_name",
    VillageNote.DISTRICT_ONLY: "village_unnamed",
    VillageNote.REGENCY_ONLY: "village_unnamed",
    VillageNote.AMBIGUOUS_NAME: "village_ambiguous",
    VillageNote.UNKNOWN_CODE: "unknown_village",
    VillageNote.UNKNOWN_NAME: "unknown_village",
    VillageNote.UNREADABLE: "not_an_area",
}
_NO_NAMES: Final = VillageIndex({}, {})
_YES_IS: Final = 1
_DEFAULT_ANSWERS: Final[Mapping[int, int]] = {1: 1, 2: 2}


class Read(NamedTuple):
    """A column as read: typed values and, where something written is doubtful or no value, the reason."""

    values: Values
    reasons: Values


@dataclass(frozen=True, slots=True)
class ColumnContext:
    """What reading a column depends on besides its text."""

    contract: Contract
    column: ColumnContract
    delivered_on: date
    beside: Mapping[str, Values]


Reader: TypeAlias = Callable[[Values, ColumnContext], Read]


def read_column(texts: Values, context: ColumnContext) -> Read:
    """Read a text column by the kind that its contract names.

    *Output*: values of `accepted_type(kind)`, null where nothing or nothing usable is written; a reason where
    something is written that is no value, or a value that needs a warning. Blank is null without a reason.
    """
    column = context.column
    kind = column.kind
    is_blank = pc.is_in(pc.utf8_upper(pc.utf8_trim_whitespace(texts)), value_set=_BLANKS)
    written = pc.if_else(is_blank, pa.scalar(None, pa.string()), pc.utf8_trim_whitespace(texts))
    read = _READERS[kind](written, context)
    return _within_limits(read, column) if kind in _BOUNDED else read


def _text(written: Values, _context: ColumnContext) -> Read:
    return Read(written, pa.nulls(len(written), pa.string()))


def _name(written: Values, _context: ColumnContext) -> Read:
    letters = pc.count_substring_regex(written, r"\p{L}")
    bare = pc.utf8_trim_whitespace(pc.replace_substring_regex(pc.utf8_upper(written), r"[^\p{L}]+", " "))
    is_none = pc.or_(pc.less(letters, 2), pc.is_in(bare, value_set=_NOT_NAMES))
    return _refuse_where(written, is_none, "not_a_name")


def _date(written: Values, context: ColumnContext) -> Read:
    order = DateOrder(context.column.date_order)
    # A bare number of five digits is a day as spreadsheets count, in a CSV as well: it was exported from one.
    dates, notes, _ = read_dates(written, order, is_spreadsheet=True, as_of=context.delivered_on)
    reasons = _translated(notes, _DATE_REASONS)
    day = context.delivered_on
    first = _years_before(day, OLDEST_AGE_YEARS)
    read = _refuse_where(dates, pc.greater(dates, pa.scalar(day, pa.date32())), "after_delivery", reasons)
    return _refuse_where(read.values, pc.less(read.values, pa.scalar(first, pa.date32())), "too_long_ago", read.reasons)


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return date(day.year - years, 2, 28)


def _period(written: Values, _context: ColumnContext) -> Read:
    def named(text: str) -> str | None:
        try:
            return read_period(text).name
        except NotAPeriod:
            return None

    return _refuse_unread(written, map_distinct(written, named, pa.string()), "not_a_period")


def _area(written: Values, _context: ColumnContext) -> Read:
    digits = pc.replace_substring_regex(written, r"[\s.]+", "")
    return _refuse_where(digits, pc.invert(pc.match_substring_regex(digits, _AREA_DIGITS)), "not_an_area")


def _village(written: Values, context: ColumnContext) -> Read:
    named = context.column.named_by
    village, district, regency = (
        context.beside.get(name) if name else None
        for name in ((named.village, named.district, named.regency) if named else (None, None, None))
    )
    found = resolve_villages(
        written,
        system=AreaSystem[context.contract.area_system],
        village_names=village,
        district_names=district,
        regencies=regency,
        # Without names there is nothing to look up, and the index of all names takes seconds to make.
        index=None if named else _NO_NAMES,
    )
    return Read(found.villages, _translated(found.notes, _VILLAGE_REASONS))


def _code(written: Values, context: ColumnContext) -> Read:
    table = context.contract.recode_table(context.column)
    stored = frozenset(context.column.codes)
    delivered = [code for code in (*stored, *table) if table.get(code, code) in stored]
    values, notes = recode(written, delivered, context.column.words)
    values = map_distinct(values, lambda code: table.get(code, code), pa.int16()) if table else values
    return Read(values, _all_as(notes, "code_not_in_list"))


def _yes_no(written: Values, context: ColumnContext) -> Read:
    table = context.contract.recode_table(context.column) or _DEFAULT_ANSWERS
    words = {str(code): answer == _YES_IS for code, answer in table.items()}
    words |= {word: table.get(code, code) == _YES_IS for word, code in context.column.words.items()}
    whole = pc.replace_substring_regex(written, _WHOLE_NUMBER, r"\1")
    values, notes = yes_no(whole, YesNoStyle.WORDS, words)
    return Read(values, _all_as(notes, "not_yes_or_no"))


def _count(written: Values, _context: ColumnContext) -> Read:
    values, notes = counts(written)
    return Read(values, _translated(notes, _NUMBER_REASONS))


def _number(written: Values, _context: ColumnContext) -> Read:
    values, notes = decimals(written)
    return Read(values, _translated(notes, _NUMBER_REASONS))


def _decile(written: Values, _context: ColumnContext) -> Read:
    values, notes = deciles(written)
    return Read(values, _all_as(notes, "decile_outside"))


def _amount(written: Values, _context: ColumnContext) -> Read:
    def amount(text: str) -> int | None:
        try:
            return read_rupiah(text)
        except (NotRupiah, FractionOfRupiah):
            return None

    read = _refuse_unread(written, map_distinct(written, amount, pa.int64()), "not_an_amount")
    return _refuse_where(read.values, pc.less(read.values, 0), "negative_amount", read.reasons)


_BOUNDED: Final = frozenset({Kind.COUNT, Kind.NUMBER, Kind.AMOUNT_IDR})
_READERS: Final[Mapping[Kind, Reader]] = {
    Kind.NAME: _name,
    Kind.TEXT: _text,
    Kind.ADDRESS: _text,
    Kind.DATE: _date,
    Kind.PERIOD: _period,
    Kind.VILLAGE: _village,
    Kind.AREA: _area,
    Kind.CODE: _code,
    Kind.COUNT: _count,
    Kind.NUMBER: _number,
    Kind.YES_NO: _yes_no,
    Kind.DECILE: _decile,
    Kind.AMOUNT_IDR: _amount,
}


def _within_limits(read: Read, column: ColumnContract) -> Read:
    if column.min is not None:
        read = _refuse_where(read.values, pc.less(read.values, column.min), "below_minimum", read.reasons)
    if column.max is not None:
        read = _refuse_where(read.values, pc.greater(read.values, column.max), "above_maximum", read.reasons)
    return read


def _refuse_where(values: Values, is_broken: Values, reason: str, reasons: Values | None = None) -> Read:
    """Set values to unknown where they are broken; a null in `is_broken` breaks nothing."""
    broken = pc.fill_null(is_broken, False)
    before = pa.nulls(len(values), pa.string()) if reasons is None else reasons
    return Read(
        pc.if_else(broken, pa.scalar(None, values.type), values),
        pc.if_else(broken, pa.scalar(reason, pa.string()), before),
    )


def _refuse_unread(written: Values, values: Values, reason: str) -> Read:
    return _refuse_where(values, pc.and_(pc.is_valid(written), pc.is_null(values)), reason)


def _translated(notes: Values, reasons: Mapping[str, str]) -> Values:
    return map_distinct(notes, reasons.get, pa.string())


def _all_as(notes: Values, reason: str) -> Values:
    given: Values = pc.if_else(pc.is_valid(notes), pa.scalar(reason, pa.string()), pa.scalar(None, pa.string()))
    return given
