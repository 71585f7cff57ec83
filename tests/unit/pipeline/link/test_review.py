"""The queue of review on a small release: what is in it, in which order and why; and answers about its pairs."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from kesos.datasets.lake import Lake
from kesos.pipeline.link.answers import Answers, Verdict, read_answers
from kesos.pipeline.link.evidence import Evidence, waterfall_of
from kesos.pipeline.link.review import (
    NoSuchPair,
    NotAPair,
    answer_pair,
    error_ppm,
    read_pair,
    review_queue,
)
from kesos.pipeline.link.sample import ReleaseWithoutPairs, SampleExists, read_sample, sample_release
from unit.pipeline.link.linked_lake import NAME, records_of, with_pairs, without_pairs
from unit.pipeline.release.neighbourhood import DEWI, NUMBERS, RATNA, deliver_all
from unit.pipeline.release.small_lake import SEALER, build, deliver, kk

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
BUDI, PUTRI, AGUS, SLAMET, HASAN = (("dukcapil", row) for row in (1, 3, 4, 6, 7))
BUDI_DTSEN, KARTINI = ("dtsen", 1), ("dtsen", 5)
DEWI_PAID = ("pkh_payees", 1)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reviewed")
    build(deliver_all(folder / "src"), folder / "lake", NAME, sealer=SEALER)
    return folder / "lake"


@pytest.fixture
def lake(built: Path, tmp_path: Path) -> Lake:
    shutil.copytree(built, tmp_path / "lake")
    return Lake(tmp_path / "lake")


def pair(lake: Lake, one: tuple[str, int], other: tuple[str, int]) -> dict[str, int]:
    known = records_of(lake)
    low, high = sorted((known[one]["record_id"], known[other]["record_id"]))
    return {"record_id": low, "other_record_id": high}


def name(ends: dict[str, int]) -> str:
    return f"{ends['record_id']}-{ends['other_record_id']}"


def test_queue_puts_first_what_costs_most(lake: Lake) -> None:
    in_family = pair(lake, BUDI, PUTRI)
    paid = pair(lake, DEWI_PAID, HASAN)
    plain = pair(lake, AGUS, KARTINI)
    refused = pair(lake, SLAMET, KARTINI)
    with_pairs(
        lake,
        [
            {**plain, "weight_millibits": 2_000},
            {**in_family, "weight_millibits": 0},
            {**paid, "weight_millibits": -1_000},
            {**refused, "weight_millibits": 9_000, "band": "linked", "is_refused": True},
            {**pair(lake, AGUS, HASAN), "band": "linked", "weight_millibits": 30_000},
        ],
    )

    queue = review_queue(lake, NAME, answers=Answers(), most=10)

    # Losses: 1/3 × 5 points, 1/2 × 3, .998 × 1, .8 × 1. The linked pair is nobody's work.
    assert [one.pair for one in queue.pairs] == [name(paid), name(in_family), name(refused), name(plain)]
    assert [one.error_ppm for one in queue.pairs] == [333_333, 500_000, 998_051, 800_000]
    assert [one.stakes for one in queue.pairs[:2]] == [("register", "paid"), ("register", "one_family")]
    assert [one.expected_loss for one in queue.pairs[:2]] == [1_666_665, 1_500_000]
    assert (queue.waiting, queue.pairs[2].is_refused) == (4, True)


def test_two_payees_of_one_programme_stand_before_all_others(tmp_path: Path) -> None:
    payees = [
        {"NIK": DEWI, "NO_KK": kk(1), "NAMA_PENERIMA": "DEWI LESTARI", "TGL_LAHIR": "1990-04-12"},
        {"NIK": RATNA, "NO_KK": kk(2), "NAMA_PENERIMA": "RATNA WIJAYA", "TGL_LAHIR": "1972-11-30"},
    ]
    deliver(tmp_path / "src", "pkh_payees/person", payees)
    build(tmp_path / "src", tmp_path / "lake", NAME, sealer=SEALER)
    lake = Lake(tmp_path / "lake")
    with_pairs(lake, [pair(lake, ("pkh_payees", 1), ("pkh_payees", 2))])

    [one] = review_queue(lake, NAME, answers=Answers(), most=10).pairs

    assert one.stakes == ("register", "paid", "paid_by_one_programme")
    assert one.expected_loss == 13 * 500_000


def test_pair_that_is_together_by_other_links_costs_what_is_left_of_doubt(lake: Lake) -> None:
    with_pairs(lake, [{**pair(lake, BUDI, BUDI_DTSEN), "weight_millibits": 2_000}])

    [one] = review_queue(lake, NAME, answers=Answers(), most=10).pairs

    assert (one.is_together, one.error_ppm, one.stakes) == (True, 200_000, ("register", "one_family"))


def test_queue_shows_names_and_dates_and_no_number(lake: Lake) -> None:
    with_pairs(lake, [pair(lake, BUDI, AGUS)])

    [one] = review_queue(lake, NAME, answers=Answers(), most=10).pairs

    assert {facts["name"] for facts in one.records} == {"BUDI SANTOSO", "AGUS WIJAYA"}
    assert {str(facts["birth_date"]) for facts in one.records} == {"1987-08-17", "1970-03-09"}
    shown = str(one.to_dict())
    assert [number for number in NUMBERS if number in shown] == []
    assert "row_key" not in shown


def test_queue_says_how_a_weight_came_about(lake: Lake) -> None:
    with_pairs(lake, [{**pair(lake, BUDI, AGUS), "levels": "10", "weight_millibits": 1_500}])

    [one] = review_queue(lake, NAME, answers=Answers(), most=10).pairs

    assert one.evidence == (
        Evidence("prior", "", -6_000),
        Evidence("name", "equal", 9_000),
        Evidence("birth", "different", -3_000),
        Evidence("rarity_and_caps", "", 1_500),
    )


def test_answered_pair_leaves_the_queue_and_an_unsure_one_stays(lake: Lake, tmp_path: Path) -> None:
    first, second = pair(lake, BUDI, AGUS), pair(lake, HASAN, AGUS)
    with_pairs(lake, [first, second])
    file = tmp_path / "answers.csv"

    answer_pair(lake, NAME, name(first), Verdict.DIFFERENT, by="Sari", at=NOON, file=file)
    answer_pair(lake, NAME, name(second), Verdict.UNSURE, by="Sari", at=NOON, file=file)
    queue = review_queue(lake, NAME, answers=read_answers(file), most=10)

    assert [(one.pair, one.earlier_answer) for one in queue.pairs] == [(name(second), "unsure")]
    assert queue.waiting == 1


def test_answer_names_rows_of_sources_and_comes_back_as_records(lake: Lake, tmp_path: Path) -> None:
    ends = pair(lake, BUDI, AGUS)
    with_pairs(lake, [ends])
    known = records_of(lake)

    answer = answer_pair(lake, NAME, name(ends), Verdict.SAME, by="Sari", at=NOON, file=tmp_path / "answers.csv")

    assert answer.pair == tuple(sorted(("dukcapil", known[one]["row_key"]) for one in (BUDI, AGUS)))
    records = pa.Table.from_pylist(list(known.values()))
    decided = read_answers(tmp_path / "answers.csv").decided(records)
    assert decided.to_pylist() == [{**ends, "answer": "same"}]


def test_most_limits_the_list_and_not_the_count(lake: Lake) -> None:
    with_pairs(lake, [pair(lake, BUDI, AGUS), pair(lake, HASAN, AGUS)])

    queue = review_queue(lake, NAME, answers=Answers(), most=1)

    assert (len(queue.pairs), queue.waiting) == (1, 2)


def test_empty_queue_is_no_error(lake: Lake) -> None:
    assert review_queue(with_pairs(lake, []), NAME, answers=Answers(), most=5).pairs == ()


def test_release_of_an_earlier_version_is_refused(lake: Lake, tmp_path: Path) -> None:
    without_pairs(lake)

    with pytest.raises(ReleaseWithoutPairs):
        review_queue(lake, NAME, answers=Answers(), most=5)
    with pytest.raises(ReleaseWithoutPairs):
        sample_release(lake, NAME, out=tmp_path, size=50, seed=1)


@pytest.mark.parametrize("text", ["", "12", "12-", "a-b", "1-2-3", "٣-٤", "1--2"])
def test_read_pair_refuses_what_names_no_pair(text: str) -> None:
    with pytest.raises(NotAPair):
        read_pair(text)


@pytest.mark.parametrize("text", ["1-999999", "1-1"])
def test_answer_about_no_pair_of_the_release_is_refused(lake: Lake, tmp_path: Path, text: str) -> None:
    with_pairs(lake, [])

    with pytest.raises(NoSuchPair):
        answer_pair(lake, NAME, text, Verdict.SAME, by="Sari", at=NOON, file=tmp_path / "answers.csv")

    assert not (tmp_path / "answers.csv").exists()


def test_error_ppm_of_extreme_and_unknown_weights() -> None:
    pairs = pa.table(
        {
            "weight_millibits": pa.array([10**9, -(10**9), None], pa.int64()),
            "is_together": [False, False, True],
        }
    )

    assert error_ppm(pairs).tolist() == [1_000_000, 0, 500_000]


def test_waterfall_of_a_pair_that_nobody_weighed_is_empty() -> None:
    assert waterfall_of(None, None, []) == []


def test_sample_of_a_release_is_written_blind_and_never_over_another(lake: Lake, tmp_path: Path) -> None:
    ends = [pair(lake, BUDI, AGUS), pair(lake, HASAN, AGUS)]
    lot = {**pair(lake, PUTRI, HASAN), "weight_millibits": -9_000, "stratum": "apart_far", "stratum_pairs": 500}
    with_pairs(lake, ends, [lot])

    sample = sample_release(lake, NAME, out=tmp_path / "sample", size=40, seed=2)

    assert {(s.name, s.pairs) for s in sample.strata} >= {("likely", 2), ("apart_far", 500)}
    assert len(read_sample(tmp_path / "sample")) == len(sample.strata)
    text = (tmp_path / "sample" / "sample.csv").read_text()
    assert [number for number in NUMBERS if number in text] == []
    with pytest.raises(SampleExists):
        sample_release(lake, NAME, out=tmp_path / "sample", size=40, seed=2)
