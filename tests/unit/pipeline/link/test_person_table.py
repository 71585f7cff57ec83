"""Any table of persons: read, linked, kept as edges, and judged again from the file."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
import pytest

from kesos.pipeline.link.encode import LinkTable, NoSuchColumn, RepeatedId
from kesos.pipeline.link.person_table import NotAPersonTable, clusters_of_edges, read_records, truth_of, write_edges
from kesos.pipeline.link.run import link_table
from unit.pipeline.link.small_table import small_model, small_records


def test_read_records_csv_is_text_and_empty_is_unknown(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,"no"\n1,0012\n2,\n', encoding="utf-8")
    assert read_records([path]).to_pylist() == [
        {"id": "1", "no": "0012", "source": "a"},
        {"id": "2", "no": None, "source": "a"},
    ]


def test_read_records_several_files_keep_a_source_of_their_own(tmp_path: Path) -> None:
    for name in ("one", "two"):
        pq.write_table(
            pa.table({"id": [1], "source": ["x"]} if name == "two" else {"id": [1]}), tmp_path / f"{name}.parquet"
        )
    read = read_records([tmp_path / "one.parquet", tmp_path / "two.parquet"])
    assert read.column("source").to_pylist() == ["one", "x"]


def test_read_records_that_do_not_fit_together_are_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": [1]}), tmp_path / "one.parquet")
    pq.write_table(pa.table({"other": [1]}), tmp_path / "two.parquet")
    with pytest.raises(NotAPersonTable, match=r"two\.parquet"):
        read_records([tmp_path / "one.parquet", tmp_path / "two.parquet"])


@pytest.mark.parametrize("name", ["broken.csv", "broken.parquet"])
def test_read_records_no_table_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"a,b\n1,2\n3\n\xff")
    with pytest.raises(NotAPersonTable, match="broken"):
        read_records([path])


@pytest.mark.parametrize("name", ["edges.parquet", "edges.csv"])
def test_clusters_of_edges_are_those_that_were_linked(tmp_path: Path, name: str) -> None:
    model = small_model()
    records = small_records(150).take(pa.array(range(small_records(150).num_rows - 1, -1, -1)))
    table = LinkTable.of(records, model)
    linked = link_table(table, model, seed=1)
    write_edges(linked.edges, table, "record_id", tmp_path / name)
    clusters, column = clusters_of_edges(records, tmp_path / name, None if name.endswith("parquet") else "record_id")
    assert column == "record_id"
    expected = dict(zip(*(linked.clusters.column(one).to_pylist() for one in ("record_id", "cluster")), strict=True))
    ids = records.column("record_id").to_pylist()
    found: dict[int, set[int]] = {}
    for row, person in zip(*(clusters.column(one).to_pylist() for one in ("record_id", "person_id")), strict=True):
        found.setdefault(person, set()).add(ids[row])
    wanted: dict[int, set[int]] = {}
    for record, cluster in expected.items():
        wanted.setdefault(cluster, set()).add(record)
    assert sorted(map(sorted, found.values())) == sorted(map(sorted, wanted.values()))


def test_clusters_of_edges_unfit_id_column_is_refused(tmp_path: Path) -> None:
    model = small_model()
    records = small_records(20)
    table = LinkTable.of(records, model)
    write_edges(link_table(table, model, seed=1).edges, table, "record_id", tmp_path / "edges.csv")
    arrow_csv.write_csv(records, tmp_path / "records.csv")
    with pytest.raises(NoSuchColumn, match="passport"):
        clusters_of_edges(records, tmp_path / "edges.csv", "passport")
    with pytest.raises(RepeatedId, match="sex"):
        clusters_of_edges(records, tmp_path / "edges.csv", "sex")


def test_truth_of_leaves_out_records_without_one() -> None:
    truth = truth_of(pa.table({"who": ["b", None, "a", "b"]}), "who")
    assert truth.to_pylist() == [
        {"record_id": 0, "person_key": 1},
        {"record_id": 2, "person_key": 0},
        {"record_id": 3, "person_key": 1},
    ]
    with pytest.raises(NoSuchColumn, match="where"):
        truth_of(pa.table({"who": ["b"]}), "where")
