"""Who belongs to which family, what becomes of a card, and which families share a roof."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.pipeline.golden.small_registry import SEALER, housed, registry, said, sealed

OLD, NEW, OTHER = "3201010203209001", "3201010203209002", "3201010203209003"
LATER = "2026-10-31"

SEATS = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.sampled_from([None, OLD, NEW, OTHER]),
        st.sampled_from(["2026-06-30", "2026-09-30", LATER]),
        st.sampled_from(["dukcapil", "dtsen", "pkh_payees", "unlisted"]),
        st.sampled_from([None, 1, 2, 3]),
        st.sampled_from([None, "alive", "dead"]),
    ),
    min_size=1,
    max_size=16,
)


@settings(max_examples=15)
@given(SEATS)
def test_a_person_is_in_at_most_one_active_family_and_the_dead_in_none(seats: list[tuple[Any, ...]]) -> None:
    people = sorted({seat[0] for seat in seats})
    records = [
        said(people.index(person) + 1, card, on=on, source=source, relation_code=relation, life_status=life)
        for person, card, on, source, relation, life in seats
    ]

    made = registry(records)

    active = made.active()
    dead = {row["person_id"] for row in made.rows("person", life_status="dead")}
    carded = {record["person_id"] for record in records if record["kk_index"] is not None}
    assert active.keys() == carded - dead
    assert {row["person_id"]: row["family_id"] for row in made.rows("person")} == {
        number: active.get(number) for number in range(1, len(people) + 1)
    }
    assert {row["family_id"]: row["active_members"] for row in made.rows("family")} == {
        row["family_id"]: list(active.values()).count(row["family_id"]) for row in made.rows("family")
    }
    seen = [(row["person_id"], row["family_id"]) for row in made.rows("membership")]
    assert len(set(seen)) == len(seen)
    heads = {row["head_person_id"] for row in made.rows("family")} - {None}
    assert heads <= active.keys()


def test_card_that_everyone_moved_to_is_the_same_family_renewed() -> None:
    made = registry([*(said(p, OLD) for p in (1, 2, 3)), *(said(p, NEW, on=LATER) for p in (1, 2, 3))])

    assert made.members() == [[1, 2, 3]]
    assert [(row["ordinal"], row["first_seen_on"].isoformat()) for row in made.rows("kk_history")] == [
        (0, LATER), (1, "2026-09-30"),
    ]  # fmt: skip
    numbers = {row["ordinal"]: SEALER.unseal(row["ciphertext"], "kk", 1) for row in made.rows("identity", field="kk")}
    assert numbers == {0: NEW, 1: OLD}


def test_card_renewed_with_a_birth_and_a_death_is_still_the_family() -> None:
    before = [said(1, OLD, life_status="dead"), said(2, OLD), said(3, OLD)]
    after = [said(2, NEW, on=LATER), said(3, NEW, on=LATER), said(4, NEW, on=LATER)]

    assert registry([*before, *after]).members() == [[2, 3, 4]]


def test_marriage_makes_a_new_family_and_leaves_the_parents_theirs() -> None:
    parents = [said(p, OLD) for p in (1, 2, 3)]
    others = [said(p, OTHER) for p in (4, 5, 6)]
    couple = [said(3, NEW, on=LATER), said(6, NEW, on=LATER)]

    made = registry([*parents, *others, *couple])

    assert made.members() == [[1, 2], [4, 5], [3, 6]]
    assert len(made.rows("kk_history")) == 3


def test_widow_who_joins_a_larger_family_does_not_carry_hers_over() -> None:
    made = registry([said(1, OLD), *(said(p, NEW) for p in (2, 3, 4)), said(1, NEW, on=LATER)])

    assert made.members() == [[], [1, 2, 3, 4]]
    assert [row["active_members"] for row in made.rows("family")] == [0, 4]


def test_split_in_two_new_cards_follows_neither_half() -> None:
    before = [said(p, OLD) for p in (1, 2, 3, 4)]
    after = [said(p, NEW, on=LATER) for p in (1, 2)] + [said(p, OTHER, on=LATER) for p in (3, 4)]

    assert registry([*before, *after]).members() == [[], [1, 2], [3, 4]]


def test_split_with_a_majority_follows_the_majority() -> None:
    before = [said(p, OLD) for p in (1, 2, 3)]
    after = [said(p, NEW, on=LATER) for p in (1, 2)] + [said(3, OTHER, on=LATER)]

    assert registry([*before, *after]).members() == [[1, 2], [3]]


def test_two_old_cards_that_became_one_leave_one_family() -> None:
    before = [said(1, OLD), said(2, OLD), said(3, OTHER)]
    after = [said(p, NEW, on=LATER) for p in (1, 2, 3)]

    assert registry([*before, *after]).members() == [[1, 2, 3], []]


def test_card_of_the_trusted_source_counts_over_a_newer_one_of_another() -> None:
    made = registry([*(said(p, OLD) for p in (1, 2, 3)), said(1, NEW, on=LATER, source="pkh_payees")])

    assert made.members() == [[1, 2, 3], []]
    assert [(row["family_id"], row["is_active"]) for row in made.rows("membership", person_id=1)] == [
        (1, True),
        (2, False),
    ]


def test_dead_head_is_no_active_member_and_no_head() -> None:
    people = [
        said(1, OLD, relation_code=1), said(1, source="death_reports", life_status="dead"),
        said(2, OLD, relation_code=2, life_status="alive"),
    ]  # fmt: skip

    made = registry(people)

    assert made.members() == [[2]]
    assert made.rows("family")[0]["head_person_id"] is None
    assert [(row["is_active"], row["relation_code"]) for row in made.rows("membership", person_id=1)] == [(False, 1)]


def test_family_known_by_its_family_row_alone_has_no_members() -> None:
    made = registry([said(1)], [housed(OLD, official_decile=4), housed(None)])

    assert made.members() == [[]]
    assert (made.rows("family")[0]["official_decile"], made.rows("family")[0]["record_count"]) == (4, 1)
    assert made.rows("person")[0]["family_id"] is None


def card(number: int) -> str:
    return f"320101020320{9100 + number}"


def test_families_on_one_meter_in_one_village_share_a_dwelling() -> None:
    made = registry(
        [said(n, card(n)) for n in (1, 2, 3, 4)],
        [
            housed(card(1), meter="530112349001"), housed(card(2), meter="530112349001"),
            housed(card(3), meter="530112349002"), housed(card(4), meter="530112349001", village="3201011001"),
        ],
    )  # fmt: skip

    assert made.homes() == [[1, 2], [3], [4]]
    assert [row["family_count"] for row in made.rows("dwelling")] == [2, 1, 1]


@pytest.mark.parametrize(
    ("street", "rt", "homes"),
    [("JL MELATI NO 12", "001", [[1, 2]]), ("JL MELATI", "001", [[1], [2]]), ("JL MELATI NO 12", None, [[1], [2]])],
)
def test_families_at_one_numbered_address_share_a_dwelling(street: str, rt: str | None, homes: list[list[int]]) -> None:
    rows = [housed(card(n), street=street, rt=rt, rw="002") for n in (1, 2)]

    assert registry([said(n, card(n)) for n in (1, 2)], rows).homes() == homes


@pytest.mark.parametrize(("families", "dwellings"), [(8, 1), (9, 9)])
def test_meter_that_nine_families_show_says_nothing(families: int, dwellings: int) -> None:
    rows = [housed(card(n), meter="530112349001") for n in range(1, families + 1)]

    made = registry([said(n, card(n)) for n in range(1, families + 1)], rows)

    assert len(made.homes()) == dwellings
    assert sum(row["family_count"] for row in made.rows("dwelling")) == families


def test_meter_and_address_chain_families_into_one_dwelling() -> None:
    rows = [
        housed(card(1), meter="530112349001"),
        housed(card(2), meter="530112349001", street="JL MELATI NO 12", rt="001", rw="002"),
        housed(card(3), street="JL MELATI NO 12", rt="001", rw="002"),
    ]

    assert registry([said(n, card(n)) for n in (1, 2, 3)], rows).homes() == [[1, 2, 3]]


def test_numbers_are_sealed_to_their_person_and_the_most_trusted_stands_first() -> None:
    trusted, newer = "3201011708879001", "3201011708879002"

    made = registry([said(1, source="dtsen", on=LATER) | sealed("nik", newer), said(1) | sealed("nik", trusted)])

    opened = [
        (row["ordinal"], SEALER.unseal(row["ciphertext"], "nik", 1)) for row in made.rows("identity", field="nik")
    ]
    assert sorted(opened) == [(0, trusted), (1, newer)]
    assert made.rows("person")[0]["nik_status"] == "conflicting"
