"""The work of review: which pairs people should look at first, why, and what they answer.

First comes what costs most as it stands: the chance that the release is wrong about a pair times what hangs on it.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kesos.datasets.lake import Lake
from kesos.datasets.linkage import LINK_MODEL
from kesos.datasets.manifest import read_manifest
from kesos.datasets.release_files import dataset_files
from kesos.foundation.columns import one_chunk
from kesos.foundation.errors import Refused
from kesos.pipeline.engine import Engine
from kesos.pipeline.link.answers import Answer, Answers, Verdict, append_answer
from kesos.pipeline.link.evidence import Evidence, waterfall_of
from kesos.pipeline.link.record_facts import SHOWN, Facts, record_facts
from kesos.pipeline.link.sample import ReleaseWithoutPairs

_SQL: Final = files("kesos.pipeline.link") / "sql_review"
_READ: Final = ("person_record", "person", "benefit", "link_edge")
_MILLION: Final = 1_000_000
_ANSWERED: Final = pa.schema(
    [(name, pa.string()) for name in ("source", "row_key", "other_source", "other_row_key", "answer")]
)

# Points of what hangs on a pair; every pair has the first. An error about a payee is money to the wrong person, or
# twice; one inside a family is a member counted twice or not at all, and with them the family's decile.
STAKES: Final = {"register": 1, "one_family": 2, "paid": 4, "paid_by_one_programme": 8}


class NotAPair(Refused):
    """A text does not name a pair of records."""

    what = "'{text}' names no pair of records."
    remedy = "Write it as `kesos review list` shows it: two numbers with a dash, such as 12-345."


class NoSuchPair(Refused):
    """A release has not both records of a pair."""

    what = "Release {release} has no pair of records {pair}."
    remedy = "Numbers of records hold for one release only: list the pairs of this one again."


@dataclass(frozen=True, slots=True)
class ReviewPair:
    """One pair to look at. `error_ppm` is the chance that the release is wrong about it; stakes say what hangs on it.

    `evidence` adds up to `weight_millibits`: its last step is what no level shows (rare values, caps).
    """

    pair: str
    is_together: bool
    is_refused: bool
    error_ppm: int
    stakes: tuple[str, ...]
    expected_loss: int
    weight_millibits: int | None
    evidence: tuple[Evidence, ...]
    records: tuple[Facts, Facts]
    earlier_answer: str | None

    def to_dict(self) -> dict[str, object]:
        """Give the pair as plain data, for programs."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """The first pairs of the queue, and how many wait in all."""

    release: str
    waiting: int
    pairs: tuple[ReviewPair, ...]


def review_queue(lake: Lake, release: str, *, answers: Answers, most: int) -> ReviewQueue:
    """List the pairs of a release that people should look at, dearest first; answered ones are left out.

    In the queue are the pairs of the review band and those that clustering kept apart against their weight. An answer
    `unsure` leaves a pair in the queue. *Raises* NoSuchRelease, ReleaseWithoutPairs.
    """
    with _opened(lake, release) as engine:
        engine.load("answered_pair", _both_ways(answers))
        for name in ("020_paid_person", "030_pair_paid_by_one", "040_review_pair"):
            engine.run(_SQL / f"{name}.sql")
        pairs = engine.fetch("SELECT * FROM review_pair ORDER BY record_id, other_record_id")
        error, stake = error_ppm(pairs), _stakes(pairs)
        # Equal losses stand in the order of their records: fetched so, and this sort keeps it.
        first = np.argsort(-(error * stake), kind="stable")[:most]
        chosen = pairs.take(pa.array(first, pa.int64()))
        ends = [chosen.column(name).to_numpy().astype(np.int64) for name in ("record_id", "other_record_id")]
        facts = record_facts(engine, np.concatenate(ends))
        model = engine.fetch("SELECT * FROM link_model ORDER BY comparison_order, level_order").to_pylist()
    listed = zip(chosen.to_pylist(), error[first].tolist(), strict=True)
    return ReviewQueue(release, pairs.num_rows, tuple(_review_pair(row, ppm, facts, model) for row, ppm in listed))


def error_ppm(pairs: pa.Table) -> npt.NDArray[np.int64]:
    """Give the chance in ppm that the release is wrong about each pair: apart and one person, or together and two.

    *Input*: `weight_millibits` (log2 odds; null is even odds) and `is_together`.

    >>> pairs = {"weight_millibits": [0, 2000, 2000], "is_together": [False, False, True]}
    >>> error_ppm(pa.table(pairs)).tolist()
    [500000, 800000, 200000]
    """
    weight = np.asarray(one_chunk(pairs.column("weight_millibits")).fill_null(0), dtype=np.float64)
    together = np.asarray(pairs.column("is_together").to_numpy(zero_copy_only=False), dtype=np.bool_)
    # Beyond 40 bits nothing is left of a million; the limit keeps the power within range.
    same = np.rint(_MILLION / (1.0 + 2.0 ** (-np.clip(weight, -40_000, 40_000) / 1000.0))).astype(np.int64)
    return np.where(together, _MILLION - same, same)


def _stakes(pairs: pa.Table) -> npt.NDArray[np.int64]:
    points = np.full(pairs.num_rows, STAKES["register"], np.int64)
    for column, name in _STAKE_COLUMNS:
        points += STAKES[name] * pairs.column(column).to_numpy(zero_copy_only=False).astype(np.int64)
    return points


_STAKE_COLUMNS: Final = (
    ("is_one_family", "one_family"),
    ("is_paid", "paid"),
    ("is_paid_by_one", "paid_by_one_programme"),
)


def _review_pair(row: dict[str, Any], ppm: int, facts: dict[int, Facts], model: list[dict[str, Any]]) -> ReviewPair:
    stakes = ("register", *(name for column, name in _STAKE_COLUMNS if row[column]))
    ends = (row["record_id"], row["other_record_id"])
    left, right = ({name: facts[record][name] for name in SHOWN} for record in ends)
    return ReviewPair(
        pair=f"{ends[0]}-{ends[1]}",
        is_together=row["is_together"],
        is_refused=row["is_refused"],
        error_ppm=ppm,
        stakes=stakes,
        expected_loss=ppm * sum(STAKES[name] for name in stakes),
        weight_millibits=row["weight_millibits"],
        evidence=tuple(waterfall_of(row["levels"], row["weight_millibits"], model)),
        records=(left, right),
        earlier_answer=row["answer"],
    )


def answer_pair(lake: Lake, release: str, pair: str, verdict: Verdict, *, by: str, at: datetime, file: Path) -> Answer:
    """Add an answer about a pair of a release to the answers file; the next build obeys it.

    *Raises* NotAPair, NoSuchPair, NoSuchRelease, and what `append_answer` refuses.
    """
    ends = read_pair(pair)
    with _opened(lake, release) as engine:
        facts = record_facts(engine, np.array(ends, np.int64))
    if len(facts) != len(set(ends)) or len(set(ends)) == 1:
        raise NoSuchPair(release=release, pair=pair)
    left, right = ((facts[record]["source"], facts[record]["row_key"]) for record in ends)
    answer = Answer(left, right, verdict, by, at)
    append_answer(file, answer)
    return answer


def read_pair(text: str) -> tuple[int, int]:
    """Read the name of a pair as the queue shows it.

    >>> read_pair("12-345")
    (12, 345)

    *Raises* NotAPair.
    """
    found = re.fullmatch(r"([0-9]{1,18})-([0-9]{1,18})", text.strip(), re.ASCII)
    if found is None:
        raise NotAPair(text=text)
    return int(found[1]), int(found[2])


def _opened(lake: Lake, release: str) -> Engine:
    folder = lake.existing_release(release)
    manifest = read_manifest(folder)
    engine = Engine(memory="2GB")
    for name in _READ:
        paths = dataset_files(folder, manifest, name)
        if not paths:
            engine.close()
            raise ReleaseWithoutPairs(release=release)
        engine.view_parquet(name, paths)
    if models := dataset_files(folder, manifest, "link_model"):
        engine.view_parquet("link_model", models)
    else:
        engine.load("link_model", LINK_MODEL.arrow_schema().empty_table())
    return engine


def _both_ways(answers: Answers) -> pa.Table:
    rows = [
        dict(zip(_ANSWERED.names, (*one, *other, answer.verdict.value), strict=True))
        for answer in answers.standing
        for one, other in ((answer.left, answer.right), (answer.right, answer.left))
    ]
    return pa.Table.from_pylist(rows, _ANSWERED)
