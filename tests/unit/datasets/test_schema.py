"""Tables that cross a wall: their schemas, keys and lineage."""

from __future__ import annotations

import pyarrow as pa
import pytest

from kesos.datasets.catalogue import RELEASE_DATASETS, dataset
from kesos.datasets.registry import FAMILY_GOLDEN, PERSON_GOLDEN
from kesos.datasets.schema import ARROW_TYPES, Column, Dataset, lineage_columns


@pytest.mark.parametrize("name", [one.name for one in RELEASE_DATASETS])
def test_every_dataset_has_a_key_of_required_columns_and_known_types(name: str) -> None:
    one = dataset(name)

    required = {column.name for column in one.columns if column.required}
    assert set(one.key) <= required
    assert len(set(one.column_names)) == len(one.columns)
    assert {column.type for column in one.columns} <= ARROW_TYPES.keys()
    assert one.version == 1


def test_names_of_datasets_are_unique_and_an_unknown_one_is_no_dataset() -> None:
    assert len({one.name for one in RELEASE_DATASETS}) == len(RELEASE_DATASETS) == 21
    with pytest.raises(KeyError):
        dataset("household")


def test_arrow_schema_keeps_order_types_and_what_may_be_null() -> None:
    one = Dataset(
        "d", "One.", ("id",), (Column("id", "BIGINT", "Id.", required=True), Column("score", "DECIMAL(18,6)", "Score."))
    )

    schema = one.arrow_schema()
    assert schema.names == ["id", "score"]
    assert (schema.field("id").type, schema.field("id").nullable) == (pa.int64(), False)
    assert (schema.field("score").type, schema.field("score").nullable) == (pa.decimal128(18, 6), True)


def test_lineage_has_one_record_for_each_golden_column() -> None:
    assert dataset("person_lineage").column_names == ("person_id", *(f"{c.name}_record_id" for c in PERSON_GOLDEN))
    assert dataset("family_lineage").column_names == ("family_id", *(f"{c.name}_record_id" for c in FAMILY_GOLDEN))
    assert {column.type for column in lineage_columns(PERSON_GOLDEN)} == {"BIGINT"}


def test_no_dataset_but_identity_quarantine_and_records_holds_bytes() -> None:
    holders = {one.name for one in RELEASE_DATASETS for column in one.columns if column.type == "BLOB"}

    assert holders == {"identity", "quarantine", "person_record", "family_record"}
    sealed = {(one.name, c.name) for one in RELEASE_DATASETS for c in one.columns if c.type == "BLOB"}
    assert sealed == {
        ("identity", "ciphertext"),
        ("identity", "blind_index"),
        ("quarantine", "row_sealed"),
        ("person_record", "nik_index"),
        ("person_record", "kk_index"),
        ("family_record", "kk_index"),
        ("family_record", "pln_index"),
    }
