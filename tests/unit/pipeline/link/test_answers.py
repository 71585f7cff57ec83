"""Answers of people: what is read, what stands, what is refused, and what the linker is told."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos.foundation.errors import Refused
from kesos.pipeline.link.answers import (
    HEADER,
    Answer,
    Answers,
    AnswersAtOneTime,
    BrokenAnswer,
    ContradictoryAnswers,
    NotAnAnswersFile,
    Verdict,
    append_answer,
    read_answers,
    stand,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
FILE = Path("answers.csv")


def answer(left: str, right: str, verdict: str, *, minutes: int = 0, row: int = 0) -> Answer:
    at = NOON + timedelta(minutes=minutes)
    return Answer(("dtsen", left), ("dukcapil", right), Verdict(verdict), "Sari", at, row)


def write(path: Path, *lines: str, header: str = ",".join(HEADER)) -> Path:
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def test_read_answers_of_no_file_are_none(tmp_path: Path) -> None:
    assert read_answers(tmp_path / "none.csv") == Answers()


def test_append_answer_then_read_gives_it_back_in_a_private_file(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"

    append_answer(path, answer("a", "b", "same"))
    append_answer(path, answer("a", "c", "different"))

    assert read_answers(path).standing == (answer("a", "b", "same", row=1), answer("a", "c", "different", row=2))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().splitlines()[1] == "dtsen,a,dukcapil,b,same,Sari,2026-11-24T12:00:00+00:00"


def test_append_answer_to_a_file_without_a_last_line_end_starts_a_line(tmp_path: Path) -> None:
    path = write(tmp_path / "answers.csv", "dtsen,a,dukcapil,b,same,Sari,2026-11-24T12:00:00+00:00")
    path.write_text(path.read_text().rstrip("\n"))

    append_answer(path, answer("a", "c", "unsure"))

    assert len(read_answers(path).standing) == 2


def test_latest_answer_about_a_pair_stands_whichever_row_was_named_first() -> None:
    turned = Answer(("dukcapil", "b"), ("dtsen", "a"), Verdict.DIFFERENT, "Adi", NOON + timedelta(minutes=5), 2)

    assert stand([turned, answer("a", "b", "same", row=1)], file=FILE).standing == (turned,)


def test_two_equal_answers_at_one_time_are_one() -> None:
    rows = [answer("a", "b", "same", row=2), answer("a", "b", "same", row=1)]

    assert stand(rows, file=FILE).standing == (rows[1],)


def test_two_answers_that_differ_at_one_time_are_refused_with_their_rows() -> None:
    with pytest.raises(AnswersAtOneTime) as refused:
        stand([answer("a", "b", "same", row=1), answer("a", "b", "different", row=7)], file=FILE)

    assert (refused.value.fields["row"], refused.value.fields["other_row"]) == (1, 7)


def test_chain_that_contradicts_a_parting_is_refused_with_the_rows_named() -> None:
    rows = [
        answer("a", "b", "same", row=1),
        answer("c", "b", "same", row=2),
        answer("c", "d", "same", row=3),
        answer("x", "y", "same", row=4),
        answer("a", "d", "different", row=5),
    ]

    with pytest.raises(ContradictoryAnswers) as refused:
        stand(rows, file=FILE)

    assert refused.value.fields == {"file": FILE, "rows": "1, 2, 3", "row": 5}


def test_later_answer_takes_a_contradiction_away() -> None:
    rows = [
        answer("a", "b", "same", row=1),
        answer("c", "b", "same", row=2),
        answer("c", "d", "same", row=3),
        answer("a", "d", "different", row=4),
        answer("c", "b", "unsure", minutes=1, row=5),
    ]

    assert len(stand(rows, file=FILE).standing) == 4


def test_append_answer_that_contradicts_is_refused_and_not_written(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    for left, right in (("a", "b"), ("c", "b"), ("c", "d")):
        append_answer(path, answer(left, right, "same"))
    before = path.read_bytes()

    with pytest.raises(ContradictoryAnswers):
        append_answer(path, answer("a", "d", "different"))

    assert path.read_bytes() == before


GOOD = "dtsen,a,dukcapil,b,same,Sari,2026-11-24T12:00:00+00:00"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (GOOD.replace("same", "maybe"), "answer"),
        (GOOD.replace("Sari", " "), "by"),
        (GOOD.replace(",b,", ",,"), "other_row_key"),
        (GOOD.replace("dukcapil,b", "dtsen,a"), "other_row_key"),
        (GOOD.replace("2026-11-24T12:00:00+00:00", "yesterday"), "at"),
        (GOOD.replace("+00:00", ""), "at"),
        (GOOD + ",more", "the row"),
    ],
)
def test_broken_row_is_refused_with_its_place_and_field(tmp_path: Path, line: str, field: str) -> None:
    path = write(tmp_path / "answers.csv", GOOD, line)

    with pytest.raises(BrokenAnswer) as refused:
        read_answers(path)

    assert (refused.value.fields["row"], refused.value.fields["field"]) == (2, field)


@pytest.mark.parametrize("content", [b"", b"a,b\n", b"\xff\xfe\x00"])
def test_other_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(content)

    with pytest.raises(NotAnAnswersFile):
        read_answers(path)


def test_decided_names_all_records_of_a_row_and_leaves_out_unsure_and_unknown() -> None:
    answers = Answers(
        (answer("a", "b", "same"), answer("a", "c", "different"), answer("b", "b", "unsure"), answer("z", "b", "same"))
    )
    records = pa.table(
        {
            "record_id": [5, 6, 2, 9, 11],
            "source": ["dtsen", "dtsen", "dukcapil", "dukcapil", "dtsen"],
            "row_key": ["a", "a", "b", "c", "b"],
        }
    )

    assert [tuple(row.values()) for row in answers.decided(records).to_pylist()] == [
        (2, 5, "same"),
        (2, 6, "same"),
        (5, 9, "different"),
        (6, 9, "different"),
    ]


def test_decided_of_nothing_is_an_empty_table() -> None:
    records = pa.table({"record_id": [1], "source": ["dtsen"], "row_key": ["a"]})

    assert Answers().decided(records).num_rows == 0


ROWS = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from("ef"), st.sampled_from(list(Verdict)), st.integers(0, 2)),
    max_size=12,
)


@given(ROWS, st.randoms(use_true_random=False))
def test_what_stands_does_not_depend_on_the_order_of_rows(
    rows: list[tuple[str, str, Verdict, int]], random: Random
) -> None:
    listed = [answer(one, two, v, minutes=m, row=n) for n, (one, two, v, m) in enumerate(rows, start=1)]
    shuffled = list(listed)
    random.shuffle(shuffled)

    assert _outcome(listed) == _outcome(shuffled)


def _outcome(rows: list[Answer]) -> object:
    try:
        return stand(rows, file=FILE)
    except Refused as refusal:
        return type(refusal)


@given(ROWS)
def test_a_contradiction_is_refused_exactly_when_groups_joined_by_hand_hold_a_parted_pair(
    rows: list[tuple[str, str, Verdict, int]],
) -> None:
    listed = [answer(one, two, v, minutes=n, row=n) for n, (one, two, v, _) in enumerate(rows, start=1)]
    last = {(one.left, one.right): one.verdict for one in listed}
    group = {end: {end} for pair in last for end in pair}
    for (left, right), verdict in last.items():
        if verdict is Verdict.SAME:
            joined = group[left] | group[right]
            for end in joined:
                group[end] = joined

    is_contradictory = any(v is Verdict.DIFFERENT and right in group[left] for (left, right), v in last.items())

    assert (_outcome(listed) is ContradictoryAnswers) == is_contradictory
