"""Samples of a simulated release: who may be drawn, what is written and read again, and whether estimates hold."""

from __future__ import annotations

import csv
import stat
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from kesos.datasets.linkage import LINK_APART, LINK_EDGE
from kesos.pipeline.link.estimate import estimate_quality
from kesos.pipeline.link.frame import Stratum, strata_of
from kesos.pipeline.link.sample import (
    BrokenSample,
    DrawnPair,
    Sample,
    TooSmallSample,
    allocate,
    draw_apart,
    draw_sample,
    read_sample,
    tally,
    write_sample,
)

EDGE = LINK_EDGE.arrow_schema()
LOT = LINK_APART.arrow_schema()
_EDGE_ROW = ("record_id", "other_record_id", "weight_millibits", "rule", "is_refused")
_LOT_ROW = ("record_id", "other_record_id", "stratum", "stratum_pairs")


def people(**persons: list[int]) -> pa.Table:
    rows = [(record, int(name[1:])) for name, records in persons.items() for record in records]
    return pa.table({"record_id": [row[0] for row in rows], "person_id": [row[1] for row in rows]})


def edges(*rows: tuple[int, int, int | None, str, bool]) -> pa.Table:
    return pa.Table.from_pylist([{"band": "linked", **dict(zip(_EDGE_ROW, row, strict=True))} for row in rows], EDGE)


def lot(*rows: tuple[int, int, str, int]) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(_LOT_ROW, row, strict=True)) for row in rows], LOT)


def listed(strata: list[Stratum]) -> dict[str, tuple[int, set[tuple[int, int]]]]:
    return {s.name: (s.pairs, set(zip(s.left.tolist(), s.right.tolist(), strict=True))) for s in strata}


def test_strata_sort_pairs_by_what_the_linker_thought() -> None:
    found = strata_of(
        people(p1=[1, 2, 3, 4], p2=[5], p3=[6, 7], p4=[8]),
        edges(
            (1, 2, None, "same_nik", False),
            (2, 3, 15_000, "evidence", False),
            (3, 4, 6_999, "evidence", False),
            (4, 5, 9_000, "evidence", True),
            (5, 6, 10, "evidence", False),
            (5, 7, -10, "evidence", False),
            (6, 7, 7_000, "evidence", False),
        ),
        lot((1, 5, "apart_far", 900), (2, 6, "apart_far", 900), (1, 3, "apart_far", 900)),
        implied=100,
        seed=1,
    )

    assert listed(found) == {
        "by_number": (1, {(1, 2)}),
        "by_strong_evidence": (1, {(2, 3)}),
        "by_fair_evidence": (1, {(6, 7)}),
        "by_weak_evidence": (1, {(3, 4)}),
        "through_others": (3, {(1, 3), (1, 4), (2, 4)}),
        "refused": (1, {(4, 5)}),
        "likely": (1, {(5, 6)}),
        "unlikely": (1, {(5, 7)}),
        # One of the three is together by now: two thirds of the 900 are still apart.
        "apart_far": (600, {(1, 5), (2, 6)}),
    }
    assert {s.name for s in found if not s.is_together} == {"refused", "likely", "unlikely", "apart_far"}


def test_strata_of_pairs_that_name_a_foreign_record_are_refused() -> None:
    with pytest.raises(KeyError):
        strata_of(people(p1=[1]), edges((1, 2, 5, "evidence", False)), lot(), implied=5, seed=1)


def test_implied_pairs_are_drawn_with_equal_chance_and_counted_whole() -> None:
    everyone = people(p1=list(range(1, 8)), p2=[8, 9, 10])
    free = set(combinations(range(1, 8), 2)) | set(combinations((8, 9, 10), 2))
    seen = dict.fromkeys(free - {(1, 2)}, 0)

    for seed in range(400):
        [_, implied] = strata_of(everyone, edges((1, 2, 9_000, "evidence", False)), lot(), implied=6, seed=seed)
        assert implied.pairs == 23
        for pair in zip(implied.left.tolist(), implied.right.tolist(), strict=True):
            seen[pair] += 1

    # 400 draws of 6 of 23: 104 times each; the limits are five standard deviations away.
    assert sum(seen.values()) == 2_400
    assert 60 < min(seen.values()) <= max(seen.values()) < 150


def stratum(name: str, pairs: int, *, together: bool = True, listed: int | None = None) -> Stratum:
    ends = np.arange(pairs if listed is None else listed, dtype=np.int64)
    return Stratum(name, together, pairs, 2 * ends + 1, 2 * ends + 2)


def test_allocate_gives_half_to_each_side_and_never_more_than_there_is() -> None:
    strata = [stratum("a", 9_000), stratum("b", 1_000), stratum("c", 3), stratum("far", 5_000, together=False)]

    # 100 together: 50 in equal parts of 16, 50 by pairs; 3 is all that c has. 100 apart: 50 + 50.
    assert allocate(strata, 200) == [16 + 44, 16 + 4, 3, 100]


def test_draw_sample_takes_the_allocated_pairs_once_each_whatever_their_order() -> None:
    strata = [stratum("a", 400), stratum("far", 90_000, together=False, listed=300)]
    turned = [Stratum(s.name, s.is_together, s.pairs, s.left[::-1], s.right[::-1]) for s in strata]

    sample, again = draw_sample(strata, size=80, seed=4), draw_sample(turned, size=80, seed=4)

    assert sample.pairs == again.pairs
    assert len(set(sample.pairs)) == 80
    assert sum(pair.stratum == "a" for pair in sample.pairs) == 40
    assert [pair.stratum for pair in sample.pairs] != sorted(pair.stratum for pair in sample.pairs)
    assert draw_sample(strata, size=80, seed=5).pairs != sample.pairs


def test_draw_sample_too_small_for_its_parts_is_refused() -> None:
    with pytest.raises(TooSmallSample):
        draw_sample([stratum("a", 9), stratum("b", 9)], size=3, seed=1)


FACTS = {n: {"source": "dtsen", "name": f"N{n}", "row_key": "secret"} for n in (1, 2, 3, 4)}


def written(folder: Path) -> Sample:
    sample = Sample(
        (stratum("weak", 10), stratum("far", 99, together=False)), (DrawnPair(3, 4, "far"), DrawnPair(1, 2, "weak"))
    )
    write_sample(folder, sample, FACTS, {"release": "2026-T3", "seed": 4})
    return sample


def fill(folder: Path, *answers: str) -> None:
    with (folder / "sample.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row, answer in zip(rows, answers, strict=True):
        row["answer"] = answer
    with (folder / "sample.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows[::-1])


def test_sheet_shows_people_and_hides_what_the_machine_thought(tmp_path: Path) -> None:
    written(tmp_path)

    text = (tmp_path / "sample.csv").read_text()
    assert text.splitlines()[1].startswith("1,dtsen,dtsen,,,N3,N4,")
    assert [word for word in ("weak", "far", "secret", "99") if word in text] == []
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("sample.csv", "design.json")} == {0o600}


def test_read_sample_counts_by_stratum_in_any_order_of_rows(tmp_path: Path) -> None:
    written(tmp_path)
    fill(tmp_path, "Different ", "same")

    weak, far = read_sample(tmp_path)

    assert (weak.stratum, weak.pairs, weak.drawn, weak.same, weak.different) == ("weak", 10, 1, 1, 0)
    assert (far.is_together, far.pairs, far.different) == (False, 99, 1)


def test_read_sample_refuses_a_word_that_is_no_answer(tmp_path: Path) -> None:
    written(tmp_path)
    fill(tmp_path, "perhaps", "same")

    with pytest.raises(BrokenSample, match="pair 1 is answered 'perhaps'"):
        read_sample(tmp_path)


@pytest.mark.parametrize("name", ["sample.csv", "design.json"])
def test_read_sample_refuses_a_sheet_without_its_design(tmp_path: Path, name: str) -> None:
    written(tmp_path)
    (tmp_path / name).unlink()

    with pytest.raises(BrokenSample):
        read_sample(tmp_path)


def test_read_sample_refuses_a_sheet_that_lost_a_row(tmp_path: Path) -> None:
    written(tmp_path)
    path = tmp_path / "sample.csv"
    path.write_text("\n".join(path.read_text().splitlines()[:-1]) + "\n")

    with pytest.raises(BrokenSample, match="other pairs"):
        read_sample(tmp_path)


def test_draw_apart_keeps_a_lot_of_each_stratum_with_its_size_in_any_order() -> None:
    pairs = pa.table(
        {
            "record_id": list(range(1, 101)),
            "other_record_id": list(range(101, 201)),
            "weight_millibits": [-100 * n for n in range(1, 101)],
            "levels": ["0"] * 100,
        }
    )

    kept = draw_apart(pairs, review_cut=-500, near=2_000, most=10, seed=3)

    # Pairs of -100 to -500 are not below the cut; -600 to -2,500 are near it.
    sizes = {(row["stratum"], row["stratum_pairs"]) for row in kept.to_pylist()}
    assert sizes == {("apart_near", 20), ("apart_far", 75)}
    assert kept.num_rows == 20
    assert draw_apart(pairs.take(list(range(99, -1, -1))), review_cut=-500, near=2_000, most=10, seed=3).equals(kept)


@pytest.fixture(scope="module")
def simulated() -> tuple[list[Stratum], set[tuple[int, int]], tuple[float, float]]:
    """Simulate a release of 2,500 people with three records each, some of them split, some of them mixed up."""
    rng = np.random.default_rng(7)
    person = np.repeat(np.arange(2_500), 3)
    cluster = np.where(rng.random(person.size) < 0.03, rng.integers(0, 2_500, person.size), person)
    table = pa.table({"record_id": np.arange(person.size), "person_id": cluster})
    true = {pair for n in range(2_500) for pair in combinations(range(3 * n, 3 * n + 3), 2)}
    by_cluster: dict[int, list[int]] = {}
    for record, label in enumerate(cluster.tolist()):
        by_cluster.setdefault(label, []).append(record)
    together = {pair for members in by_cluster.values() for pair in combinations(members, 2)}
    strays = {tuple(sorted(pair)) for pair in rng.integers(0, person.size, (4_000, 2)).tolist() if pair[0] != pair[1]}
    compared = sorted(true | {pair for pair in strays if pair not in together})
    kept = sorted(together - set(sorted(together)[::7]))
    rows = [(a, b, int(rng.normal(12_000 if (a, b) in true else 5_000, 4_000)), "evidence", False) for a, b in kept]
    left = [pair for pair in compared if pair not in together]
    rows += [(a, b, int(rng.normal(1_000, 900)), "evidence", False) for a, b in left if (a, b) in true]
    far = [pair for pair in left if pair not in true]
    rest = lot(*((a, b, "apart_far", len(far)) for a, b in far))
    strata = strata_of(table, edges(*rows), rest, implied=10_000, seed=1)
    truth = (len(true & together) / len(together), len(true & together) / len(true))
    return strata, true, truth


def test_estimates_of_a_simulated_release_hold_its_truth_in_at_least_93_of_100_samples(
    simulated: tuple[list[Stratum], set[tuple[int, int]], tuple[float, float]],
) -> None:
    strata, true, (precision, recall) = simulated
    described = [{"name": s.name, "is_together": s.is_together, "pairs": s.pairs} for s in strata]
    held = np.zeros(2, np.int64)

    for seed in range(100):
        sample = draw_sample(strata, size=300, seed=seed)
        said = ["same" if (pair.left, pair.right) in true else "different" for pair in sample.pairs]
        tallies = tally(described, [pair.stratum for pair in sample.pairs], said, folder=Path("sample"))
        found = estimate_quality(tallies)
        held += [
            found.precision.low <= precision <= found.precision.high,
            found.recall.low <= recall <= found.recall.high,
        ]

    assert held.min() >= 93, held.tolist()
