"""Read delimited text: find delimiter and header, then stream the rows; no row vanishes, whatever its shape."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from kesos.foundation.columns import Values, one_chunk
from kesos.foundation.columns import compute as pc
from kesos.pipeline.sources.delivered import (
    HEADER_SEARCH_ROWS,
    LONGEST_CELL,
    MOST_COLUMNS,
    BrokenRow,
    CellTooLong,
    DeliveredTable,
    LastQuoteCut,
    LastRowCut,
    Stretch,
    TooManyColumns,
    UnbalancedQuote,
    refuse_long_cells,
)
from kesos.pipeline.sources.recognise import Layout, best_match_count
from kesos.pipeline.sources.sniff import CHUNK, Probe

DELIMITERS: Final = (",", ";", "\t", "|")
_HEAD_CHARACTERS: Final = 1 << 20
_SAMPLE_ROWS: Final = HEADER_SEARCH_ROWS + 40
_BLOCK_BYTES: Final = 4 << 20
# A last line of our own: if it does not come back as a line, a quotation swallowed it and the file was cut.
_END: Final = "\x1eend of the delivered file\x1e"


@dataclass(frozen=True, slots=True)
class _HeadRow:
    cells: tuple[str, ...]
    lines_until_end: int


@dataclass(frozen=True, slots=True)
class _Shape:
    """How the text is laid out: `skip` characters stand before the first row, `width` fields make a row."""

    delimiter: str
    header: tuple[str, ...]
    header_row: int
    skip: int

    @property
    def width(self) -> int:
        return len(self.header)

    @property
    def named_width(self) -> int:
        """Count the fields up to the last one with a name; what stands behind may be left off."""
        return max((position for position, cell in enumerate(self.header, start=1) if cell.strip()), default=0)


def open_delimited(probe: Probe, layouts: Sequence[Layout]) -> DeliveredTable:
    """Find delimiter and header of a text: of all lines near the top the one in which most columns are known.

    *Raises* TooManyColumns, CellTooLong; `read` raises LastRowCut, LastQuoteCut, UnbalancedQuote, CellTooLong.
    """
    shape = _shape(probe, layouts)
    return DeliveredTable(
        place="",
        header=shape.header,
        header_row=shape.header_row,
        read=lambda _: _read(probe, shape),
        encoding=probe.encoding,
        delimiter=shape.delimiter,
        code_page_byte=probe.code_page_byte,
    )


def _characters(probe: Probe) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig" if probe.encoding == "utf-8" else probe.encoding or "")()
    with probe.open() as file:
        while chunk := file.read(CHUNK):
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)


def _head_lines(probe: Probe) -> list[str]:
    head = ""
    is_whole = True
    for text in _characters(probe):
        head += text
        if len(head) > _HEAD_CHARACTERS:
            is_whole = False
            break
    lines = list(io.StringIO(head, newline=""))
    return lines if is_whole else lines[:-1]


def _head_rows(lines: Sequence[str], delimiter: str) -> list[_HeadRow]:
    reader = csv.reader(lines, delimiter=delimiter)
    rows: list[_HeadRow] = []
    try:
        for cells in reader:
            rows.append(_HeadRow(tuple(cells), reader.line_num))
            if len(rows) == _SAMPLE_ROWS:
                break
    except csv.Error:  # a cell beyond the limit of the csv module: reading the rows will name it
        return rows
    return rows


def _shape(probe: Probe, layouts: Sequence[Layout]) -> _Shape:
    lines = _head_lines(probe)
    text = "".join(lines[:_SAMPLE_ROWS])
    best: tuple[tuple[int, int, int], str, int, list[_HeadRow]] | None = None
    widest = (0, 0)
    for delimiter in DELIMITERS:
        rows = _head_rows(lines, delimiter)
        for index, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
            if len(row.cells) > MOST_COLUMNS:
                widest = max(widest, (len(row.cells), index + 1))
                continue
            # Where no delimiter splits the header, the one that is not in the text at all splits no row either.
            quiet = -text.count(delimiter) if len(row.cells) == 1 else 1
            rank = (best_match_count(row.cells, layouts), -index, quiet)
            if best is None or rank > best[0]:
                best = (rank, delimiter, index, rows)
    if best is None or (best[0][0] == 0 and widest[0]):
        columns, row_number = widest
        if not columns:
            raise CellTooLong(file=probe.path.name, row=1, most=LONGEST_CELL)
        raise TooManyColumns(file=probe.path.name, row=row_number, columns=columns, most=MOST_COLUMNS)
    _, delimiter, index, rows = best
    return _Shape(
        delimiter=delimiter,
        header=_fitted(rows[index].cells, [row.cells for row in rows[index + 1 :]]),
        header_row=index + 1,
        skip=sum(map(len, lines[: rows[index].lines_until_end])),
    )


def _fitted(header: tuple[str, ...], sample: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Fit the header to rows that all end with one delimiter more, or less, than it does.

    >>> _fitted(("a", "b"), [("1", "2", ""), ("3", "4", "")])
    ('a', 'b', '')
    >>> _fitted(("a", "b", ""), [("1", "2")]), _fitted(("a", "b"), [("0", "1", "2")])
    (('a', 'b'), ('a', 'b'))
    """
    filled = [row for row in sample if any(row)]
    if not filled:
        return header
    width, count = Counter(map(len, filled)).most_common(1)[0]
    if 2 * count <= len(filled):
        return header
    if width < len(header) and not any(header[width:]):
        return header[:width]
    if width > len(header) and not any(any(row[len(header) :]) for row in filled if len(row) == width):
        return header + ("",) * (width - len(header))
    return header


class _Utf8Rows(io.RawIOBase):
    """The rows below the header as UTF-8 bytes, with a last line of our own."""

    def __init__(self, probe: Probe, skip: int) -> None:
        super().__init__()
        self._pieces = self._encoded(probe, skip)
        self._rest = b""

    @staticmethod
    def _encoded(probe: Probe, skip: int) -> Iterator[bytes]:
        is_open = False
        for text in _characters(probe):
            taken = min(skip, len(text))
            skip -= taken
            rows = text[taken:].encode()
            is_open = (is_open or bool(rows)) and not probe.ends_with_newline
            yield rows
        yield (b"\n" if is_open else b"") + _END.encode() + b"\n"

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed wants any Buffer
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


class _Misfits:
    """Rows with another number of fields than the header, as the parser comes upon them."""

    def __init__(self) -> None:
        self.rows: dict[int, str] = {}
        self.end_at: int | None = None

    def take(self, row: arrow_csv.InvalidRow) -> Literal["skip"]:
        # The parser is told to use one thread, hence it always knows the number.
        number = row.number or 0
        if row.text == _END:
            self.end_at = number
        else:
            self.rows[number] = row.text
        return "skip"

    def until(self, last: int | None) -> dict[int, str]:
        """Give and forget the misfits up to a row."""
        numbers = sorted(number for number in self.rows if last is None or number <= last)
        return {number: self.rows.pop(number) for number in numbers}


def _read(probe: Probe, shape: _Shape) -> Iterator[Stretch]:
    misfits = _Misfits()
    next_number = 1
    try:
        for batch in _parser(probe, shape, misfits):
            numbers = _accepted_numbers(batch.num_rows, next_number, misfits.rows)
            cells = [one_chunk(column).cast(pa.string()) for column in batch.columns]
            if shape.width == 1 and cells[0] and cells[0][-1].as_py() == _END:
                misfits.end_at = numbers[-1].as_py()
                numbers, cells = numbers[:-1], [cells[0][:-1]]
            if not len(numbers):
                continue
            next_number = numbers[-1].as_py() + 1
            yield _with_misfits(Stretch(numbers, cells), misfits.until(next_number - 1), probe, shape)
    except pa.ArrowInvalid as error:
        raise _diagnosis(probe, shape) from error
    if misfits.end_at is None:
        raise _diagnosis(probe, shape)
    _refuse_cut_row(misfits, probe, shape)
    nothing = Stretch(pa.array([], pa.int64()), [pa.array([], pa.string())] * shape.width)
    yield _with_misfits(nothing, misfits.until(None), probe, shape)


def _parser(probe: Probe, shape: _Shape, misfits: _Misfits) -> arrow_csv.CSVStreamingReader:
    rows: Any = _Utf8Rows(probe, shape.skip)  # the stubs know no raw stream
    names = [f"c{position}" for position in range(shape.width)]
    return arrow_csv.open_csv(
        rows,
        # One thread: only then does the parser know the number of a misfit.
        read_options=arrow_csv.ReadOptions(use_threads=False, block_size=_BLOCK_BYTES, column_names=names),
        parse_options=arrow_csv.ParseOptions(
            delimiter=shape.delimiter,
            newlines_in_values=probe.has_quotes,
            ignore_empty_lines=False,
            invalid_row_handler=misfits.take,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types={name: pa.string() for name in names}, strings_can_be_null=True, null_values=[""]
        ),
    )


def _accepted_numbers(count: int, first: int, misfits: dict[int, str]) -> Values:
    """Number the accepted rows: the next numbers that are not those of misfits."""
    ahead = np.fromiter((number for number in misfits if number >= first), np.int64)
    numbers = np.arange(first, first + count + len(ahead), dtype=np.int64)
    return pa.array(numbers[~np.isin(numbers, ahead)][:count])


def _with_misfits(stretch: Stretch, misfits: dict[int, str], probe: Probe, shape: _Shape) -> Stretch:
    """Take in misfits that only end with empty fields too many or too few; set the others aside."""
    refuse_long_cells(stretch, file=probe.path.name, header_row=shape.header_row)
    if probe.has_quotes:
        _refuse_swallowed_rows(stretch, probe, shape)
    mended: dict[int, list[str | None]] = {}
    broken: list[BrokenRow] = []
    for number, text in misfits.items():
        cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=shape.delimiter), [])
        if _swallows_rows(cells, shape):
            raise UnbalancedQuote(file=probe.path.name, row=shape.header_row + number)
        if len(cells) >= shape.named_width and not any(cells[shape.width :]):
            padding = [""] * (shape.width - len(cells))
            mended[number] = [cell or None for cell in (*cells[: shape.width], *padding)]
        else:
            reason = "too_many_fields" if len(cells) > shape.width else "too_few_fields"
            broken.append(BrokenRow(number, reason, tuple(cells), f"{len(cells)}/{shape.width}"))
    if mended:
        stretch = _merged(stretch, mended)
    return Stretch(stretch.numbers, stretch.cells, tuple(broken))


def _merged(stretch: Stretch, rows: dict[int, list[str | None]]) -> Stretch:
    numbers = pa.concat_arrays([stretch.numbers, pa.array(list(rows), pa.int64())])
    order = pc.sort_indices(numbers)
    columns = zip(stretch.cells, zip(*rows.values(), strict=True), strict=True)
    cells = [pa.concat_arrays([old, pa.array(new, pa.string())]).take(order) for old, new in columns]
    return Stretch(numbers.take(order), cells)


def _swallows_rows(cells: Sequence[str], shape: _Shape) -> bool:
    """Tell whether a misfit holds the delimiters of two rows, some of them in a cell of several lines."""
    delimiters = len(cells) - 1 + sum(cell.count(shape.delimiter) for cell in cells)
    is_merged = any("\n" in cell and shape.delimiter in cell for cell in cells)
    return is_merged and delimiters >= 2 * (shape.width - 1)


def _refuse_swallowed_rows(stretch: Stretch, probe: Probe, shape: _Shape) -> None:
    """Refuse a cell of several lines that holds all delimiters of a row: a stray quotation mark merged two rows.

    A merged row can have the right number of fields only if its long cell holds `width - 1` delimiters or more. With
    two columns an honest address could, so the check starts at three.
    """
    if shape.width < 3:
        return
    for column in stretch.cells:
        has_lines = pc.match_substring(column, "\n")
        if not pc.any(has_lines).as_py():
            continue
        swallows = pc.and_(has_lines, pc.greater_equal(pc.count_substring(column, shape.delimiter), shape.width - 1))
        if pc.any(swallows).as_py():
            number = stretch.numbers[pc.index(swallows, True).as_py()].as_py()
            raise UnbalancedQuote(file=probe.path.name, row=shape.header_row + number)


def _refuse_cut_row(misfits: _Misfits, probe: Probe, shape: _Shape) -> None:
    last = (misfits.end_at or 0) - 1
    if probe.ends_with_newline or last not in misfits.rows:
        return
    cells = next(csv.reader([misfits.rows[last]], delimiter=shape.delimiter), [])
    if len(cells) < shape.named_width:
        row = shape.header_row + last
        raise LastRowCut(file=probe.path.name, row=row, found=len(cells), expected=shape.width)


def _diagnosis(probe: Probe, shape: _Shape) -> UnbalancedQuote | LastQuoteCut | CellTooLong | TooManyColumns:
    """Find out, slowly, why the fast parser gave up or lost the end: which row opened a quotation or is too long."""
    row, lines_before, spans, width_found = 0, 0, 0, 0
    name, record = probe.path.name, ""
    encoding = "utf-8-sig" if probe.encoding == "utf-8" else probe.encoding
    with io.TextIOWrapper(probe.open(), encoding=encoding, newline="") as text:
        text.read(shape.skip)
        reader = csv.reader(text, delimiter=shape.delimiter)
        try:
            for cells in reader:
                row += 1
                record = shape.delimiter.join(cells)
                width_found = len(cells)
                if width_found > MOST_COLUMNS:
                    break
                spans, lines_before = reader.line_num - lines_before, reader.line_num
        except csv.Error:
            is_long_line = reader.line_num - lines_before <= 1
            kind = CellTooLong if is_long_line else UnbalancedQuote
            return kind(file=name, row=shape.header_row + row + 1, most=LONGEST_CELL)
    at = shape.header_row + row
    if width_found > MOST_COLUMNS:
        return TooManyColumns(file=name, row=at, columns=width_found, most=MOST_COLUMNS)
    if spans > 1 and record.count(shape.delimiter) >= 2 * (shape.width - 1):
        return UnbalancedQuote(file=name, row=at)
    return LastQuoteCut(file=name, row=at)
