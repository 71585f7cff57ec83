"""The identifier register: who keeps a number, who becomes an alias, who is retired and comes back."""

from __future__ import annotations

import pyarrow as pa

from kesos.datasets.registry import IDENTIFIER
from kesos.pipeline.engine import Engine
from kesos.pipeline.link.identifiers import assign_identifiers

FOUNDING, ROW, NUMBER = "founding", "row", "number"
Claim = tuple[int, int, str]
Prior = tuple[int, str, int | None]

_COUNTS = ("cluster", "prior_id", "is_founding", "known_rows", "known_numbers")
_FOUNDER: dict[str, pa.DataType] = {
    "cluster": pa.int64(), "founded_order": pa.int64(), "source": pa.string(), "row_key": pa.string(),
}  # fmt: skip
CLAIM = pa.schema([pa.field(name, pa.int64()) for name in _COUNTS])
FOUNDER = pa.schema(_FOUNDER)


def assigned(
    clusters: list[int], claims: list[Claim], prior: list[Prior]
) -> tuple[dict[int, int], dict[int, tuple[str, int | None, str]]]:
    """Give the identifier of each cluster, and the register: status, successor and the release that founded each."""
    rows = [
        {
            "cluster": cluster,
            "prior_id": prior_id,
            "is_founding": int(kind == FOUNDING),
            "known_rows": int(kind == ROW),
            "known_numbers": int(kind == NUMBER),
        }
        for cluster, prior_id, kind in claims
    ]
    earlier = [
        {
            "kind": "person", "id": number, "status": status, "alias_of": alias, "founded_in": "2026-T2",
            "founding_source": "dukcapil", "founding_row_key": f"k{number}",
        }
        for number, status, alias in prior
    ]  # fmt: skip
    founders = [{"cluster": c, "founded_order": c, "source": "dukcapil", "row_key": f"r{c}"} for c in clusters]
    with Engine(memory="500MB", threads=1) as engine:
        engine.load("person_founder", pa.Table.from_pylist(founders, schema=FOUNDER))
        engine.load("person_claim", pa.Table.from_pylist(rows, schema=CLAIM))
        engine.load("prior_person_identifier", pa.Table.from_pylist(earlier, schema=IDENTIFIER.arrow_schema()))
        assign_identifiers(engine, "person", release="2026-T3")
        assignment = engine.fetch("SELECT cluster, id FROM person_assignment ORDER BY cluster").to_pylist()
        register = engine.fetch("SELECT * FROM person_identifier ORDER BY id").to_pylist()
    assert len({row["id"] for row in register}) == len(register)
    return (
        {row["cluster"]: row["id"] for row in assignment},
        {row["id"]: (row["status"], row["alias_of"], row["founded_in"]) for row in register},
    )


def test_assign_identifiers_first_release_numbers_in_the_order_of_founding() -> None:
    ids, register = assigned([30, 10, 20], [], [])

    assert ids == {10: 1, 20: 2, 30: 3}
    assert register == dict.fromkeys((1, 2, 3), ("active", None, "2026-T3"))


def test_assign_identifiers_known_keep_theirs_and_new_ones_follow_the_highest_ever_given() -> None:
    ids, register = assigned([1, 2, 3], [(2, 5, ROW)], [(5, "active", None), (9, "retired", None)])

    assert ids == {1: 10, 2: 5, 3: 11}
    assert register == {
        5: ("active", None, "2026-T2"),
        9: ("retired", None, "2026-T2"),
        10: ("active", None, "2026-T3"),
        11: ("active", None, "2026-T3"),
    }


def test_assign_identifiers_merge_keeps_the_lower_and_leaves_an_alias() -> None:
    claims = [(1, 7, FOUNDING), (1, 4, FOUNDING), (1, 7, ROW), (1, 7, ROW), (1, 4, ROW)]

    assert assigned([1], claims, [(4, "active", None), (7, "active", None)]) == (
        {1: 4},
        {4: ("active", None, "2026-T2"), 7: ("alias", 4, "2026-T2")},
    )


def test_assign_identifiers_merge_with_the_founding_record_of_the_higher_only_keeps_the_higher() -> None:
    claims = [(1, 7, FOUNDING), (1, 4, ROW)]

    assert assigned([1], claims, [(4, "active", None), (7, "active", None)])[0] == {1: 7}


def test_assign_identifiers_split_stays_with_the_founding_record_though_fewer_rows() -> None:
    claims = [(1, 4, ROW), (1, 4, ROW), (1, 4, ROW), (2, 4, FOUNDING), (2, 4, ROW)]

    assert assigned([1, 2], claims, [(4, "active", None)]) == (
        {1: 5, 2: 4},
        {4: ("active", None, "2026-T2"), 5: ("active", None, "2026-T3")},
    )


def test_assign_identifiers_split_without_founding_record_goes_to_most_rows_then_numbers_then_the_earlier() -> None:
    prior: list[Prior] = [(4, "active", None)]

    assert assigned([1, 2], [(1, 4, ROW), (2, 4, ROW), (2, 4, ROW)], prior)[0] == {1: 5, 2: 4}
    assert assigned([1, 2], [(1, 4, ROW), (2, 4, ROW), (2, 4, NUMBER)], prior)[0] == {1: 5, 2: 4}
    assert assigned([1, 2], [(2, 4, ROW), (1, 4, ROW)], prior)[0] == {1: 4, 2: 5}


def test_assign_identifiers_retired_when_nothing_claims_it_and_active_when_it_comes_back() -> None:
    assert assigned([], [], [(4, "active", None)]) == ({}, {4: ("retired", None, "2026-T2")})
    assert assigned([1], [(1, 4, FOUNDING)], [(4, "retired", None)]) == ({1: 4}, {4: ("active", None, "2026-T2")})


def test_assign_identifiers_alias_of_an_alias_leads_to_the_one_that_lives() -> None:
    claims = [(1, 2, FOUNDING), (1, 4, FOUNDING)]
    prior: list[Prior] = [(2, "active", None), (4, "active", None), (7, "alias", 4)]

    assert assigned([1], claims, prior)[1] == {
        2: ("active", None, "2026-T2"),
        4: ("alias", 2, "2026-T2"),
        7: ("alias", 2, "2026-T2"),
    }


def test_assign_identifiers_alias_of_a_retired_one_stays_its_alias() -> None:
    assert assigned([], [], [(4, "active", None), (7, "alias", 4)])[1] == {
        4: ("retired", None, "2026-T2"),
        7: ("alias", 4, "2026-T2"),
    }


def test_assign_identifiers_swap_of_members_gives_each_cluster_one_identifier() -> None:
    claims = [(1, 4, ROW), (1, 5, FOUNDING), (2, 5, ROW), (2, 4, FOUNDING)]

    ids, register = assigned([1, 2], claims, [(4, "active", None), (5, "active", None)])

    assert ids == {1: 5, 2: 4}
    assert register == {4: ("active", None, "2026-T2"), 5: ("active", None, "2026-T2")}
