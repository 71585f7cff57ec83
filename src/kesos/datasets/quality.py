"""What did not fit: rows set aside, values set to unknown, contradictions, conflicts, expectations."""

from __future__ import annotations

from typing import Final

from kesos.datasets.schema import Column, Dataset

_ROW: Final = (
    Column("source", "VARCHAR", "Name of the source.", required=True),
    Column("delivery", "VARCHAR", "Receipt that the row came in.", required=True),
    Column("file", "VARCHAR", "File of the contract that the row belongs to.", required=True),
    Column("row_number", "BIGINT", "Row of the delivered file; 1 is the first below the header.", required=True),
)
_FAULT: Final = (
    Column("field", "VARCHAR", "Column at fault; empty where the row as a whole is.", required=True),
    Column("reason", "VARCHAR", "Code of the reason; text and remedy stand in the table of reasons.", required=True),
    Column("value_shown", "VARCHAR", "The value as written, masked where it is personal."),
)

QUARANTINE: Final = Dataset(
    name="quarantine",
    grain="One reason for which one row of a source was set aside.",
    key=("source", "delivery", "file", "row_number", "field", "reason"),
    columns=(
        *_ROW,
        Column("line_number", "BIGINT", "Line of the file as a spreadsheet shows it.", required=True),
        *_FAULT,
        Column("row_sealed", "BLOB", "The row as written, sealed: nothing is lost."),
    ),
)

ISSUE: Final = Dataset(
    name="issue",
    grain="One value that was set to unknown, or kept with a warning, in a row that was kept.",
    key=("source", "delivery", "file", "row_number", "field", "reason"),
    columns=(*_ROW, *_FAULT),
)

EXPECTATION: Final = Dataset(
    name="expectation",
    grain="One expectation about a release, with how many rows met it.",
    key=("expectation",),
    columns=(
        Column("expectation", "VARCHAR", "Name.", required=True),
        Column("severity", "VARCHAR", "must or should.", required=True),
        Column("checked", "BIGINT", "Rows that it speaks of.", required=True),
        Column("failing", "BIGINT", "Rows that break it.", required=True),
    ),
)

NIK_CONTRADICTION: Final = Dataset(
    name="nik_contradiction",
    grain="One pair of records that share a NIK and yet speak of different people; work for review.",
    key=("record_id", "other_record_id"),
    columns=(
        Column("record_id", "BIGINT", "The earlier record.", required=True),
        Column("other_record_id", "BIGINT", "The later record.", required=True),
        Column("name_level", "SMALLINT", "How far the names agree: 0 not, 1 weakly, 2 well, 3 equal."),
        Column("birth_level", "SMALLINT", "How far the birth dates agree: 0 not, 1 nearly, 2 equal."),
        Column("is_same_family_card", "BOOLEAN", "Both carry the same KK: a swap within a family is likely."),
    ),
)

CONFLICT: Final = Dataset(
    name="conflict",
    grain="One golden column in which one source overruled another.",
    key=("entity", "golden_column", "winning_source", "losing_source"),
    columns=(
        Column("entity", "VARCHAR", "person, family or dwelling.", required=True),
        Column("golden_column", "VARCHAR", "The column.", required=True),
        Column("winning_source", "VARCHAR", "Source whose value stands.", required=True),
        Column("losing_source", "VARCHAR", "Source that said something else.", required=True),
        Column("conflicts", "BIGINT", "Records overruled.", required=True),
    ),
)
