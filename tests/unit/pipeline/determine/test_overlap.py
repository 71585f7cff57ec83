"""Programmes laid over one another, on six families whose sums can be done by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from kesos.pipeline.determine.overlap import (
    Band,
    Combination,
    Gap,
    NextStep,
    Overlap,
    Pair,
    TooManyProgrammes,
    lay_over,
)
from kesos.pipeline.engine import Engine
from unit.pipeline.determine.laid_over import SAID, determined, load, programme

AS_OF = date(2026, 9, 30)
PROGRAMMES = {
    "CASH": programme(
        "CASH",
        complements=[{"programme": "HEALTH", "why": SAID}, {"programme": "HOUSE", "why": SAID}],
        incompatible=[{"programme": "RICE", "reason": SAID}],
    ),
    "GROUP": programme("GROUP", "group"),
    "HEALTH": programme("HEALTH", "person"),
    "HOUSE": programme("HOUSE", "dwelling"),
    "RICE": programme("RICE"),
}
# Family 6 has no members and is in no figure; families 1 and 2 share dwelling 9.
FAMILIES = [(1, 9, 1, 4), (2, 9, 2, 2), (3, None, 2, 5), (4, None, 1, 1), (5, None, None, 3), (6, 9, 1, 0)]
ROWS = [
    determined("CASH", 1, "within_quota", 3_000_000, movement="stay"),
    determined("CASH", 2, "waiting", 3_000_000, movement="none"),
    determined("CASH", 3, "to_verify", 900_000, movement="none"),
    determined("CASH", 4, "not_eligible", movement="none"),
    determined("CASH", 5, "not_eligible", movement="leave"),
    # Two persons of family 1 and one of family 3.
    determined("HEALTH", 101, "not_ranked", 500_000, family_id=1, movement="enter"),
    determined("HEALTH", 102, "not_ranked", 500_000, family_id=1, movement="none"),
    determined("HEALTH", 301, "within_quota", 500_000, family_id=3, movement="stay"),
    determined("HOUSE", 9, "not_ranked", 20_000_000, family_id=None),
    determined("RICE", 1, "within_quota", 2_400_000, movement="stay"),
    determined("RICE", 2, "to_verify", movement="none"),
    determined("RICE", 3, "not_eligible", movement="none"),
    determined("GROUP", 1, "not_ranked", 20_000_000, family_id=None),
]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(memory="1GB", threads=1) as engine:
        load(engine, ROWS, FAMILIES)
        yield engine


@pytest.fixture(scope="module")
def overlap(engine: Engine) -> Overlap:
    return lay_over(engine, PROGRAMMES, as_of=AS_OF, release="2026-T3", name="first")


def test_overlap_adds_up_what_families_are_chosen_for(overlap: Overlap) -> None:
    assert overlap.families == 5
    assert overlap.chosen == (
        Combination((), 2, 4, 0),
        Combination(("HEALTH",), 1, 5, 500_000),
        # The house is paid once, at the lowest family of its dwelling.
        Combination(("HOUSE",), 1, 2, 0),
        Combination(("CASH", "HEALTH", "HOUSE", "RICE"), 1, 4, 3_000_000 + 1_000_000 + 20_000_000 + 2_400_000),
    )


def test_overlap_shows_beside_it_what_is_received_today(overlap: Overlap) -> None:
    assert {combination.programmes: combination.families for combination in overlap.received} == {
        (): 2, ("CASH",): 1, ("HEALTH",): 1, ("CASH", "RICE"): 1,
    }  # fmt: skip
    assert {combination.amount_idr for combination in overlap.received} == {None}
    assert overlap.not_known == ("HOUSE",)
    assert overlap.left_out == ("GROUP",)


def test_overlap_counts_pairs_and_those_that_exclude_one_another(overlap: Overlap) -> None:
    pairs = {(pair.programme, pair.other): (pair.chosen_families, pair.received_families) for pair in overlap.pairs}

    assert pairs == {
        ("CASH", "CASH"): (1, 2), ("CASH", "HEALTH"): (1, 0), ("CASH", "HOUSE"): (1, 0), ("CASH", "RICE"): (1, 1),
        ("HEALTH", "HEALTH"): (2, 1), ("HEALTH", "HOUSE"): (1, 0), ("HEALTH", "RICE"): (1, 0),
        ("HOUSE", "HOUSE"): (2, 0), ("HOUSE", "RICE"): (1, 0), ("RICE", "RICE"): (1, 1),
    }  # fmt: skip
    assert overlap.incompatible == (Pair("CASH", "RICE", 1, 1),)


def test_overlap_names_the_gaps_by_decile(overlap: Overlap) -> None:
    none = {"nothing_to_verify": 0, "nothing_waiting": 0, "nothing_receiving": 0}

    assert overlap.gaps == (
        Gap(decile=1, families=2, persons=5, nothing=1, receiving=1, amount_idr=26_400_000, **none),
        Gap(decile=2, families=2, persons=7, nothing=0, receiving=1, amount_idr=500_000, **none),
        Gap(
            decile=None, families=1, persons=3, nothing=1, receiving=1, amount_idr=0, nothing_to_verify=0,
            nothing_waiting=0, nothing_receiving=1,
        ),
    )  # fmt: skip


def test_overlap_says_of_those_with_nothing_who_is_to_be_verified_and_who_waits() -> None:
    rows = [
        determined("CASH", 1, "waiting", 1), determined("RICE", 1, "to_verify"), determined("CASH", 2, "waiting", 1),
        determined("CASH", 3, "not_eligible"), determined("CASH", 4, "within_quota", 1),
        determined("RICE", 4, "not_ranked"),
    ]  # fmt: skip
    with Engine(memory="1GB", threads=1) as engine:
        load(engine, rows, [(unit, None, 1, 1) for unit in (1, 2, 3, 4)])

        found = lay_over(engine, PROGRAMMES, as_of=AS_OF, release="2026-T3", name="x")

    # Whoever may be settled by a visit is counted there, although it waits elsewhere, too.
    gap = found.gaps[0]
    assert (gap.nothing, gap.nothing_to_verify, gap.nothing_waiting) == (3, 1, 1)
    assert found.unsettled == ()


def test_overlap_does_not_count_as_to_verify_where_nobody_could_be_determined() -> None:
    rows = [
        determined("RICE", 1, "to_verify"), determined("RICE", 2, "not_eligible"),
        determined("HEALTH", 101, "to_verify", family_id=1), determined("HEALTH", 201, "waiting", family_id=2),
    ]  # fmt: skip
    with Engine(memory="1GB", threads=1) as engine:
        load(engine, rows, [(1, None, 1, 1), (2, None, 2, 1)])

        found = lay_over(engine, PROGRAMMES, as_of=AS_OF, release="2026-T3", name="x")

    assert found.unsettled == ("RICE",)
    assert [(gap.nothing, gap.nothing_to_verify) for gap in found.gaps] == [(1, 1), (1, 0)]


def test_overlap_spreads_the_poorest_by_rupiah_a_person(overlap: Overlap) -> None:
    bands = {band.from_idr: (band.families, band.persons, band.nothing, band.receiving) for band in overlap.poorest}

    # Family 1: 26,400,000 / 4; family 3: 500,000 / 5; families 2 and 4: no rupiah, but family 2 shares a house.
    assert bands == {
        0: (2, 3, 1, 0), 1: (1, 5, 0, 1), 250_000: (0, 0, 0, 0), 500_000: (0, 0, 0, 0), 1_000_000: (0, 0, 0, 0),
        2_000_000: (1, 4, 0, 1),
    }  # fmt: skip
    assert overlap.poorest[-1] == Band(2_000_000, None, 1, 4, 0, 0, 0, 1)


def test_overlap_of_the_poorest_ends_with_decile_2_and_puts_a_bound_into_the_band_above() -> None:
    rows = [
        determined("CASH", 1, "within_quota", 250_000), determined("CASH", 2, "within_quota", 249_999),
        determined("CASH", 3, "within_quota", 250_000),
    ]  # fmt: skip
    with Engine(memory="1GB", threads=1) as engine:
        load(engine, rows, [(1, None, 2, 1), (2, None, 2, 1), (3, None, 3, 1)])

        bands = lay_over(engine, PROGRAMMES, as_of=AS_OF, release="2026-T3", name="x").poorest

    assert [band.families for band in bands] == [0, 1, 1, 0, 0, 0]


def test_overlap_counts_next_steps_out(overlap: Overlap) -> None:
    # Families 1 (chosen, receives) and 5 (receives) have CASH; family 1 could have HEALTH and HOUSE.
    assert overlap.next_steps == (
        NextStep("CASH", "HEALTH", families=2, receiving=0, could_have=1, waiting=0, to_verify=0),
        NextStep("CASH", "HOUSE", families=2, receiving=0, could_have=1, waiting=0, to_verify=0),
    )


def test_overlap_of_a_complement_that_is_had_already_is_no_next_step() -> None:
    rows = [
        determined("CASH", 1, "within_quota", 1), determined("CASH", 2, "within_quota", 1),
        determined("CASH", 3, "within_quota", 1), determined("HOUSE", 9, "not_ranked", family_id=None, movement="stay"),
        determined("HOUSE", 8, "waiting", family_id=None), determined("HOUSE", 7, "to_verify", family_id=None),
        # One member has a place, one waits, one is to be verified: the family could have it.
        determined("HEALTH", 301, "not_ranked", family_id=3), determined("HEALTH", 302, "waiting", family_id=3),
        determined("HEALTH", 303, "to_verify", family_id=3),
    ]  # fmt: skip
    with Engine(memory="1GB", threads=1) as engine:
        load(engine, rows, [(1, 9, 1, 1), (2, 8, 1, 1), (3, 7, 1, 1)])

        steps = lay_over(engine, PROGRAMMES, as_of=AS_OF, release="2026-T3", name="x").next_steps

    assert steps[0] == NextStep("CASH", "HEALTH", families=3, receiving=0, could_have=1, waiting=0, to_verify=0)
    assert steps[1] == NextStep("CASH", "HOUSE", families=3, receiving=1, could_have=0, waiting=1, to_verify=1)


def test_overlap_leaves_out_an_incompatibility_that_holds_no_more(engine: Engine) -> None:
    ended = {"programme": "RICE", "reason": SAID, "until": "2026-09-30"}
    programmes = {**PROGRAMMES, "CASH": programme("CASH", incompatible=[ended])}

    assert lay_over(engine, programmes, as_of=AS_OF, release="2026-T3", name="x").incompatible == ()


def test_overlap_of_more_programmes_than_a_set_holds_is_refused() -> None:
    many = {f"P{number}": programme(f"P{number}") for number in range(63)}

    with Engine(memory="1GB", threads=1) as engine, pytest.raises(TooManyProgrammes) as refused:
        lay_over(engine, many, as_of=AS_OF, release="2026-T3", name="first")

    assert (refused.value.fields["programmes"], refused.value.fields["most"]) == (63, 62)
