"""Facts that an office states in a file: of a person, a family, a dwelling, or of everybody registered in an area."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import ClassVar, Final

import pyarrow as pa

from kesos.foundation.columns import Values, complete_texts, map_distinct, one_chunk
from kesos.foundation.columns import compute as pc
from kesos.foundation.errors import Refused
from kesos.foundation.masking import hide_numbers
from kesos.pipeline.determine.facts.areas import AreaColumn
from kesos.pipeline.determine.facts.derivation import sql_type, statement
from kesos.pipeline.determine.facts.named import named_rows
from kesos.pipeline.determine.facts.request import FactsRequest
from kesos.pipeline.determine.facts.sheet import LINE, BrokenCell, CellKind, SheetColumn, read_sheet
from kesos.pipeline.determine.facts.units import AREA, UNIT_OR_AREA, living_units, read_units
from kesos.pipeline.engine import Engine
from kesos.policy.programme import Unit
from kesos.policy.rules.name import Kind
from kesos.policy.vocabulary.vocabulary import OBSERVED_ON, LevelledFact, Vocabulary

_COLUMNS: Final = {
    "id": SheetColumn(),
    "fact": SheetColumn(aliases=("fakta",)),
    "value": SheetColumn(aliases=("nilai",)),
    "observed_on": SheetColumn(CellKind.DAY, aliases=("tanggal",)),
    "stated_by": SheetColumn(aliases=("dinyatakan_oleh",)),
}
_YES_NO: Final = {
    **dict.fromkeys(("yes", "ya", "true", "y"), True),
    **dict.fromkeys(("no", "tidak", "false", "t"), False),
}
_TYPES: Final[Mapping[Kind, pa.DataType]] = {
    Kind.BOOLEAN: pa.bool_(),
    Kind.INTEGER: pa.int64(),
    Kind.DECIMAL: pa.decimal128(18, 6),
    Kind.CODE: pa.string(),
}

_STATED_FACT: Final[dict[str, pa.DataType]] = {
    **dict.fromkeys(("unit", "code", "fact", "value", "stated_by"), pa.string()),
    "unit_id": pa.int64(),
    "observed_on": pa.date32(),
    LINE: pa.int64(),
}
STATED_FACT: Final = pa.schema(_STATED_FACT)
"""The columns of table `stated_fact`; of areas `unit` is *area*, `unit_id` null and `code` set."""


class NotAStatedFact(Refused):
    """A file of facts names a fact that no office may state."""

    what = (
        "{file}, line {line}, column 'fact': '{fact}' is not a fact that is stated in a file; the nearest is '{near}'."
    )
    remedy = "Take a fact that docs/reference/vocabulary.md shows as stated, and give the file again."


class FactOfAnotherLevel(Refused):
    """A file of facts states something of a unit that has no such fact."""

    what = "{file}, line {line}: {fact} is a fact of a {level}, but '{id}' is none."
    remedy = "Give the identifier of the {level}, or the code of an area, and give the file again."
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {"level": tuple(Unit)}


class StatedLater(Refused):
    """A file of facts states something that was observed after the day of the determination."""

    what = "{file}, line {line}: {observed_on} is after the day of the determination, {as_of}."
    remedy = "Correct the day, or determine for a later day with --as-of."


class ContradictoryFacts(Refused):
    """A file of facts says two things of one unit on one day."""

    what = "{file}, lines {line} and {other_line} say different things of the same unit on the same day: {fact}."
    remedy = "Remove the line that does not hold, and give the file again; nothing of it was used."


@dataclass(frozen=True, slots=True)
class Stated:
    """What was stated of the wanted facts: which of units of each level, which of areas, and the latter's values.

    `named` are the lines of the file, of whichever fact.
    """

    facts: Mapping[Unit, frozenset[str]] = field(default_factory=lambda: dict.fromkeys(Unit, frozenset()))
    area_facts: frozenset[str] = frozenset()
    area_columns: Mapping[str, AreaColumn] = field(default_factory=dict)
    named: tuple[pa.Table, ...] = ()


def make_stated(engine: Engine, request: FactsRequest, vocabulary: Vocabulary, wanted: frozenset[str]) -> Stated:
    """Read the file of facts and make a table `<level>_stated` for each level of which something is stated.

    *Grain*: one row a unit; columns `unit_id`, the facts, and their days. Of several statements the newest counts.
    Table `stated_fact` keeps each that counts, and who made it; its columns are those of STATED_FACT.
    *Raises* NotAStatedFact, FactOfAnotherLevel, StatedLater, ContradictoryFacts, BrokenCell, and what reading raises.
    """
    if request.stated is None:
        engine.load("stated_fact", STATED_FACT.empty_table())
        return Stated()
    rows, named = _read_rows(engine, request, vocabulary)
    engine.load("stated_fact", rows.select(STATED_FACT.names).cast(STATED_FACT))
    found: dict[Unit, frozenset[str]] = {}
    for level in Unit:
        names = set(pc.unique(rows.filter(pc.field("unit") == str(level))["fact"]).to_pylist()) & wanted
        found[level] = frozenset(names)
        if names:
            _make_level(engine, level, [vocabulary.facts[name] for name in sorted(names)], rows)
    area_columns = _area_columns(rows.filter(pc.field("unit") == AREA), vocabulary, wanted)
    area_facts = frozenset(name for name in area_columns if not name.endswith(OBSERVED_ON))
    return Stated(found, area_facts, area_columns, (named,))


def _read_rows(engine: Engine, request: FactsRequest, vocabulary: Vocabulary) -> tuple[pa.Table, pa.Table]:
    """Read and check the lines; *output*: those that count, as STATED_FACT; and the unit that every line names."""
    path = request.stated
    assert path is not None  # noqa: S101 - asked for only with a file; this tells mypy
    sheet = read_sheet(path, _COLUMNS, title="facts")
    _check_facts(sheet, vocabulary, path.name)
    kinds = ("person", "family", "dwelling", AREA)
    units = read_units(sheet, "id", file=path.name, kinds=kinds, expected=UNIT_OR_AREA)
    _check_levels(sheet, units, vocabulary, path.name)
    _check_days(sheet, request.as_of, path.name)
    unit_ids = units["unit_id"].combine_chunks()
    for kind in kinds[:-1]:
        of_kind = pc.fill_null(pc.equal(one_chunk(units["unit"]), kind), False)
        unit_ids = pc.if_else(of_kind, living_units(engine, kind, unit_ids), unit_ids)
    rows = pa.table(
        {
            "unit": units["unit"],
            "unit_id": unit_ids,
            "code": units["code"],
            "fact": sheet["fact"],
            "value": _values(sheet, vocabulary, path.name),
            "observed_on": sheet["observed_on"],
            "stated_by": sheet["stated_by"],
            LINE: sheet[LINE],
        }
    )
    return _newest(rows, path.name), named_rows("facts", sheet, rows, identifier="id", about="fact")


def _check_facts(sheet: pa.Table, vocabulary: Vocabulary, file: str) -> None:
    stated = {name for name, item in vocabulary.facts.items() if item.fact.stated}
    for name in pc.unique(sheet["fact"]).to_pylist():
        if name not in stated:
            near = difflib.get_close_matches(name, sorted(stated), n=1, cutoff=0)
            raise NotAStatedFact(file=file, line=_line(sheet, "fact", name), fact=hide_numbers(name), near=near[0])


def _line(sheet: pa.Table, column: str, value: object) -> object:
    return sheet[LINE][pc.index(sheet[column], value).as_py()].as_py()


def _check_levels(sheet: pa.Table, units: pa.Table, vocabulary: Vocabulary, file: str) -> None:
    levels = map_distinct(sheet["fact"], lambda name: str(vocabulary.facts[name].level), pa.string())
    unit = one_chunk(units["unit"])
    wrong = pc.and_(pc.not_equal(unit, levels), pc.not_equal(unit, AREA))
    at = pc.index(wrong, True).as_py()
    if at >= 0:
        row = sheet.slice(at, 1).to_pylist()[0]
        raise FactOfAnotherLevel(
            file=file, line=row[LINE], fact=row["fact"], level=levels[at].as_py(), id=hide_numbers(row["id"])
        )


def _check_days(sheet: pa.Table, as_of: date, file: str) -> None:
    late = pc.greater(sheet["observed_on"], pa.scalar(as_of, pa.date32()))
    at = pc.index(late, True).as_py()
    if at >= 0:
        day, line = sheet["observed_on"][at].as_py(), sheet[LINE][at].as_py()
        raise StatedLater(file=file, line=line, observed_on=day, as_of=as_of)


def _values(sheet: pa.Table, vocabulary: Vocabulary, file: str) -> Values:
    """Check each value against the kind of its fact; *output*: as text that SQL casts without loss."""
    facts, texts = one_chunk(sheet["fact"]), one_chunk(sheet["value"])
    read: Values = pa.nulls(sheet.num_rows, pa.string())
    for name in pc.unique(facts).to_pylist():
        item = vocabulary.facts[name]
        reader = _reader(item)
        of_fact = pc.equal(facts, name)
        said = pc.if_else(of_fact, texts, pa.scalar(None, pa.string()))
        read = pc.coalesce(read, map_distinct(said, reader, pa.string()))
    at = pc.index(pc.is_null(read), True).as_py()
    if at >= 0:
        row = sheet.slice(at, 1).to_pylist()[0]
        expected = _expected(vocabulary.facts[row["fact"]])
        raise BrokenCell(file=file, line=row[LINE], field="value", value=hide_numbers(row["value"]), expected=expected)
    return read


def _expected(item: LevelledFact) -> str:
    choices = {Kind.BOOLEAN: "one of: yes, no", Kind.CODE: "one of: " + ", ".join(item.fact.codes)}
    return choices.get(item.fact.kind, str(CellKind.COUNT))


def _reader(item: LevelledFact) -> Callable[[str], str | None]:
    kind, codes = item.fact.kind, item.fact.codes
    if kind is Kind.BOOLEAN:
        return lambda text: {True: "true", False: "false"}.get(_YES_NO.get(text.casefold()))  # type: ignore[arg-type]  # None leads to None
    if kind is Kind.CODE:
        return lambda text: text.casefold() if text.casefold() in codes else None
    if kind is Kind.INTEGER:
        return lambda text: text if text.isascii() and text.isdigit() and len(text) <= 9 else None
    return _read_decimal


def _read_decimal(text: str) -> str | None:
    """Read a number with a point.

    >>> _read_decimal("0.5"), _read_decimal("0,5"), _read_decimal("NaN")
    ('0.5', None, None)
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return str(number) if number.is_finite() else None


def _newest(rows: pa.Table, file: str) -> pa.Table:
    """Keep of several lines about one fact of one unit the newest. *Raises* ContradictoryFacts."""
    keys = ["unit", "unit_id", "code", "fact"]
    newest = rows.group_by(keys).aggregate([("observed_on", "max")])
    joined = rows.filter(_stands(rows, newest, keys))
    same = joined.group_by(keys).aggregate([("value", "count_distinct"), (LINE, "min"), (LINE, "max")])
    apart = same.filter(pc.field("value_count_distinct") > 1).sort_by(f"{LINE}_min")
    if apart.num_rows:
        row = apart.slice(0, 1).to_pylist()[0]
        raise ContradictoryFacts(file=file, line=row[f"{LINE}_min"], other_line=row[f"{LINE}_max"], fact=row["fact"])
    once = joined.group_by([*keys, "value", "observed_on", "stated_by"]).aggregate([(LINE, "min")])
    return once.rename_columns([LINE if name == f"{LINE}_min" else name for name in once.column_names])


def _stands(rows: pa.Table, newest: pa.Table, keys: list[str]) -> Values:
    """Tell of each row whether it is of the newest day of its unit and fact."""
    days = {tuple(row[key] for key in keys): row["observed_on_max"] for row in newest.to_pylist()}
    columns = [rows[name].to_pylist() for name in (*keys, "observed_on")]
    return pa.array([days[tuple(row[:-1])] == row[-1] for row in zip(*columns, strict=True)], pa.bool_())


def _make_level(engine: Engine, level: Unit, facts: list[LevelledFact], rows: pa.Table) -> None:
    engine.load(
        "stated_row", rows.filter(pc.field("unit") == str(level)).select(["unit_id", "fact", "value", "observed_on"])
    )
    columns = []
    for item in facts:
        of_fact = f"CASE WHEN fact = '{item.name}' THEN"
        columns.append(f"CAST(MAX({of_fact} value END) AS {sql_type(item)}) AS {item.name}")
        columns.append(f"MAX({of_fact} observed_on END) AS {item.name}{OBSERVED_ON}")
    engine.run(statement(f"{level}_stated", f"SELECT unit_id, {', '.join(columns)} FROM stated_row GROUP BY unit_id"))
    engine.drop("stated_row")


def _area_columns(rows: pa.Table, vocabulary: Vocabulary, wanted: frozenset[str]) -> dict[str, AreaColumn]:
    found: dict[str, AreaColumn] = {}
    for name in sorted(set(complete_texts(rows["fact"])) & wanted):
        of_fact = rows.filter(pc.field("fact") == name).to_pylist()
        type_ = _TYPES[vocabulary.facts[name].fact.kind]
        values = {row["code"]: pa.scalar(row["value"]).cast(type_).as_py() for row in of_fact}
        found[name] = AreaColumn(values, type_)
        days = {row["code"]: row["observed_on"] for row in of_fact}
        found[name + OBSERVED_ON] = AreaColumn(days, pa.date32())
    return found
