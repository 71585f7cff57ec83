"""What people answer about doubtful pairs, and that the next build obeys it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyarrow import parquet

from journeys.conftest import VILLAGE_FILES, Village, build_village
from kesos.datasets.lake import Lake
from kesos.foundation.sealing import Sealer
from kesos.pipeline.link.answers import Answers, Verdict, read_answers
from kesos.pipeline.link.review import ReviewPair, answer_pair, review_queue
from kesos.pipeline.release.build import BuildRequest, build_release
from kesos.pipeline.sources.deliveries import ANSWERS_FILE

NOON = datetime(2026, 10, 6, 12, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path, village_sealer: Sealer) -> Path:
    shutil.copytree(VILLAGE_FILES, tmp_path / "sources", ignore=shutil.ignore_patterns("README.md"))
    build_village(tmp_path / "sources", tmp_path / "lake", village_sealer)
    return tmp_path


def pair_of(site: Path, name: str) -> ReviewPair:
    queue = review_queue(Lake(site / "lake"), "2026-T3", answers=Answers(), most=100)
    (pair,) = (pair for pair in queue.pairs if {record["name"] for record in pair.records} == {name})
    return pair


def answer(site: Path, name: str, verdict: Verdict) -> None:
    file = site / "sources" / ANSWERS_FILE
    answer_pair(Lake(site / "lake"), "2026-T3", pair_of(site, name).pair, verdict, by="Rahma", at=NOON, file=file)


def rebuilt(site: Path, sealer: Sealer) -> Village:
    return Village(
        build_release(
            BuildRequest(
                sources=site / "sources", name="2026-T4", lake=Lake(site / "lake"), sealer=sealer, since="2026-T3"
            )
        )
    )


def test_review_lists_the_exchanged_niks_of_father_and_son_with_evidence_that_adds_up(site: Path) -> None:
    pair = pair_of(site, "ABDUL HAMID")

    assert (pair.is_together, [record["source"] for record in pair.records]) == (False, ["dtsen", "dukcapil"])
    assert sum(line.weight_millibits for line in pair.evidence) == pair.weight_millibits


def test_review_answers_same_are_obeyed_by_the_next_build(site: Path, village_sealer: Sealer) -> None:
    for name in ("ABDUL HAMID", "FADLI RAMDANI"):
        answer(site, name, Verdict.SAME)

    village = rebuilt(site, village_sealer)

    assert village.built.manifest.counts["persons"] == 38
    assert village.sources_of("ABDUL HAMID") == ["dtsen", "dukcapil"]
    assert village.family_of("FADLI RAMDANI")["active_members"] == 3
    assert village.built.manifest.answers_sha256 is not None
    rules = {row["link_rule"] for row in village.rows("person_record", name_normal="ABDUL HAMID")}
    assert rules == {"founder", "answered"}


def test_review_answer_different_parts_what_a_number_had_joined(site: Path, village_sealer: Sealer) -> None:
    lake = Lake(site / "lake")
    edges = [row for row in _rows(lake, "link_edge") if row["rule"] == "same_nik"]
    edge = edges[0]
    file = site / "sources" / ANSWERS_FILE
    pair = f"{edge['record_id']}-{edge['other_record_id']}"
    answer_pair(lake, "2026-T3", pair, Verdict.DIFFERENT, by="Rahma", at=NOON, file=file)

    village = rebuilt(site, village_sealer)

    assert village.built.manifest.counts["persons"] == 41
    assert len(read_answers(file).standing) == 1


def _rows(lake: Lake, dataset: str) -> list[dict[str, object]]:
    return list(parquet.read_table(lake.release("2026-T3") / dataset).to_pylist())
