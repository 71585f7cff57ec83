"""What people said about pairs of records: a file that the institution keeps, and that every later build obeys.

A row names two source rows (source, row key), the answer, who gave it and when. Row keys never rotate and never change
with a delivery, so an answer holds for good. Of several answers about one pair the latest stands; rows are only added.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeAlias

import pyarrow as pa

from kesos.foundation.columns import compute
from kesos.foundation.errors import Refused
from kesos.pipeline.sources.receipt import private_opener

RowName: TypeAlias = "tuple[str, str]"
Pair: TypeAlias = "tuple[RowName, RowName]"

FILE_NAME: Final = "review_answers.csv"
HEADER: Final = ("source", "row_key", "other_source", "other_row_key", "answer", "by", "at")
_DECIDED: Final[dict[str, pa.DataType]] = {
    "record_id": pa.int64(), "other_record_id": pa.int64(), "answer": pa.string(),
}  # fmt: skip
DECIDED: Final = pa.schema(_DECIDED)


class Verdict(StrEnum):
    """What somebody said about a pair."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


class NotAnAnswersFile(Refused):
    """A file has not the columns of an answers file."""

    what = "{file} is no file of answers: its first line is '{header}'."
    remedy = "It must be: {expected}."


class BrokenAnswer(Refused):
    """A row of an answers file cannot be read."""

    what = "{file} row {row}: {field} is '{value}'."
    remedy = "Write {expected}."


class AnswersAtOneTime(Refused):
    """Two answers about one pair differ and carry the same time, so that neither is the later."""

    what = "{file} rows {row} and {other_row} answer the same pair differently at the same time."
    remedy = "Remove the one that does not hold."


class ContradictoryAnswers(Refused):
    """Answers say that two rows are one person by a chain, and two persons at once."""

    what = "The answers contradict each other: {file} rows {rows} make one person of a pair that row {row} parts."
    remedy = "Look at these pairs again and answer the wrong one anew."


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `row` is its place in the file, 1 below the header; `left` and `right` are (source, row key)."""

    left: RowName
    right: RowName
    verdict: Verdict
    by: str
    at: datetime
    row: int = 0

    @property
    def pair(self) -> Pair:
        """Name the pair, whichever row was named first."""
        return (self.left, self.right) if self.left <= self.right else (self.right, self.left)


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers that stand, one a pair, in the order of the pairs; free of contradiction."""

    standing: tuple[Answer, ...] = ()

    def decided(self, records: pa.Table) -> pa.Table:
        """Say the standing answers of records: what the linker obeys.

        *Input*: `records` (record_id, source, row_key); a row that was delivered several times has several records.
        *Output*: (record_id, other_record_id, answer same or different), sorted, the lower record first. Unsure
        answers, and those about rows that are not here, are left out.
        """
        named = {name for answer in self.standing for name in answer.pair}
        ids = _record_ids(records, named)
        rows = sorted(
            {
                (min(one, other), max(one, other), answer.verdict.value)
                for answer in self.standing
                if answer.verdict is not Verdict.UNSURE
                for one in ids.get(answer.left, ())
                for other in ids.get(answer.right, ())
            }
        )
        columns = list(zip(*rows, strict=True)) or [(), (), ()]
        return pa.Table.from_arrays(
            [pa.array(column, field.type) for column, field in zip(columns, DECIDED, strict=True)], schema=DECIDED
        )


def _record_ids(records: pa.Table, named: set[RowName]) -> dict[RowName, list[int]]:
    wanted = pa.array(sorted({key for _, key in named}), pa.string())
    near = records.filter(compute.is_in(records.column("row_key"), value_set=wanted))
    found: dict[RowName, list[int]] = {}
    for row in near.select(["record_id", "source", "row_key"]).to_pylist():
        found.setdefault((row["source"], row["row_key"]), []).append(row["record_id"])
    return found


def read_answers(path: Path) -> Answers:
    """Read an answers file; a file that is not there holds none.

    *Raises* NotAnAnswersFile, BrokenAnswer, AnswersAtOneTime, ContradictoryAnswers.
    """
    return stand(read_rows(path), file=path)


def read_rows(path: Path) -> list[Answer]:
    """Read every row of an answers file as it was written. *Raises* NotAnAnswersFile, BrokenAnswer."""
    if not path.is_file():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except UnicodeDecodeError as error:
        raise NotAnAnswersFile(file=path, header="?", expected=",".join(HEADER)) from error
    if not rows or tuple(rows[0]) != HEADER:
        header = ",".join(rows[0]) if rows else ""
        raise NotAnAnswersFile(file=path, header=header, expected=",".join(HEADER))
    return [_read_row(path, place, row) for place, row in enumerate(rows[1:], start=1) if row]


def _read_row(path: Path, place: int, row: Sequence[str]) -> Answer:
    if len(row) != len(HEADER):
        raise BrokenAnswer(file=path, row=place, field="the row", value=",".join(row), expected=f"{len(HEADER)} fields")
    fields = dict(zip(HEADER, (cell.strip() for cell in row), strict=True))
    for name, value in fields.items():
        if not value:
            raise BrokenAnswer(file=path, row=place, field=name, value="", expected="a value in every field")
    if fields["answer"] not in list(Verdict):
        expected = ", ".join(Verdict)
        raise BrokenAnswer(file=path, row=place, field="answer", value=fields["answer"], expected=expected)
    left, right = (fields["source"], fields["row_key"]), (fields["other_source"], fields["other_row_key"])
    if left == right:
        raise BrokenAnswer(file=path, row=place, field="other_row_key", value=right[1], expected="two different rows")
    return Answer(left, right, Verdict(fields["answer"]), fields["by"], _read_time(path, place, fields["at"]), place)


def _read_time(path: Path, place: int, text: str) -> datetime:
    expected = "an instant with its zone, such as 2026-11-24T09:30:00+00:00"
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise BrokenAnswer(file=path, row=place, field="at", value=text, expected=expected) from error
    if at.tzinfo is None:
        raise BrokenAnswer(file=path, row=place, field="at", value=text, expected=expected)
    return at


def stand(rows: Iterable[Answer], *, file: Path) -> Answers:
    """Keep the latest answer about each pair. *Raises* AnswersAtOneTime, ContradictoryAnswers."""
    by_pair: dict[Pair, list[Answer]] = {}
    for answer in rows:
        by_pair.setdefault(answer.pair, []).append(answer)
    standing = tuple(_latest(by_pair[pair], file) for pair in sorted(by_pair))
    _refuse_contradiction(standing, file)
    return Answers(standing)


def _latest(answers: Sequence[Answer], file: Path) -> Answer:
    """Choose the latest of the answers about one pair; of equal ones at one time that of the lowest row."""
    newest = max(answer.at for answer in answers)
    latest = sorted((answer for answer in answers if answer.at == newest), key=lambda answer: answer.row)
    other = next((answer for answer in latest if answer.verdict is not latest[0].verdict), None)
    if other is not None:
        raise AnswersAtOneTime(file=file, row=latest[0].row, other_row=other.row)
    return latest[0]


def _refuse_contradiction(standing: Sequence[Answer], file: Path) -> None:
    neighbours: dict[RowName, list[tuple[RowName, int]]] = {}
    for answer in standing:
        if answer.verdict is Verdict.SAME:
            neighbours.setdefault(answer.left, []).append((answer.right, answer.row))
            neighbours.setdefault(answer.right, []).append((answer.left, answer.row))
    for answer in standing:
        if answer.verdict is Verdict.DIFFERENT:
            chain = _shortest_chain(neighbours, answer.left, answer.right)
            if chain:
                raise ContradictoryAnswers(file=file, rows=", ".join(map(str, sorted(chain))), row=answer.row)


def _shortest_chain(neighbours: dict[RowName, list[tuple[RowName, int]]], start: RowName, end: RowName) -> list[int]:
    """List the rows that lead from one source row to another by `same`; none if no chain does."""
    reached: dict[RowName, list[int]] = {start: []}
    waiting = deque([start])
    while waiting and end not in reached:
        here = waiting.popleft()
        for there, row in sorted(neighbours.get(here, ())):
            if there not in reached:
                reached[there] = [*reached[here], row]
                waiting.append(there)
    return reached.get(end, [])


def append_answer(path: Path, answer: Answer) -> None:
    """Add one answer at the end of a file, which is made when it is not there, readable by its owner only.

    Nothing is written unless the whole file still holds afterwards. *Raises* what `read_answers` refuses.
    """
    rows = read_rows(path)
    row = max((one.row for one in rows), default=0) + 1
    added = Answer(answer.left, answer.right, answer.verdict, answer.by, answer.at, row)
    cells = [*answer.left, *answer.right, answer.verdict.value, answer.by, answer.at.isoformat(timespec="seconds")]
    _read_row(path, row, cells)
    stand([*rows, added], file=path)
    is_new = not path.is_file() or path.stat().st_size == 0
    ends_open = not is_new and not path.read_bytes().endswith(b"\n")
    with open(path, "a", encoding="utf-8", newline="", opener=private_opener) as file:
        file.write("\n" if ends_open else "")
        writer = csv.writer(file, lineterminator="\n")
        if is_new:
            writer.writerow(HEADER)
        writer.writerow(cells)
