"""An independent oracle, row by row in plain Python, agrees with every figure determined for ten thousand families.

The oracle (`tests/oracle`) has its own reader of rules, its own facts and its own ranking; it shares with the product
the texts: programmes, and what the vocabulary says that a fact means.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kesos.datasets.determination import DETERMINATION_DATASETS
from kesos.pipeline.determine.programme_folder import find_programmes
from kesos.pipeline.determine.request import DetermineRequest
from kesos.pipeline.determine.run import determine
from kesos.pipeline.determine.store import StoredDetermination
from oracle.comparison import KEYS, Kept, differences, in_order, oracle_rows, read_kept
from oracle.determination import Determined
from oracle.nation import determine_all, packaged_programmes, published_on
from oracle.offices import hand_in
from oracle.world import World, make_world, shuffle_release, shuffle_rows

TODAY = date(2026, 9, 30)
OTHER_DAYS = {
    date(2024, 12, 31): ("PKH",),  # the last day on which elders are those of 70
    date(2025, 1, 1): ("PKH",),  # the first on which they are those of 60
    date(2025, 12, 31): ("BLT-KESRA", "BENCANA-JADUP", "PERMAKANAN-LANSIA"),  # last day of one, lower index of another
}


class Office:
    """The world with what was handed in, and both sides' determinations of a day, made once."""

    def __init__(self, root: Path, persons: int, days: Collection[date]) -> None:
        self.world: World = make_world(root, persons)
        self.texts: list[dict[str, Any]] = packaged_programmes()
        self.handed = {day: hand_in(self.world, self.texts, day) for day in days}
        self._kept: dict[date, Kept] = {}
        self._expected: dict[date, dict[str, Determined]] = {}

    def product(
        self, day: date, *, threads: int = 2, name: str | None = None, shuffled_below: Path | None = None
    ) -> StoredDetermination:
        """Determine a day by the product; or from the same rows in another order, written below a folder."""
        handed, _ = self.handed[day]
        lake, files = self.world.lake, [handed.members, handed.quotas, handed.stated, handed.groups]
        if shuffled_below is not None:
            lake = shuffle_release(self.world, shuffled_below)
            files = [shuffle_rows(path, shuffled_below) for path in files]
        members, quotas, stated, groups = files
        made = determine(
            DetermineRequest(
                lake=lake,
                release=self.world.release,
                programmes=find_programmes(None),
                chosen=OTHER_DAYS.get(day),
                as_of=day,
                name=name,
                members=members,
                quotas=quotas,
                stated=stated,
                groups=groups,
                threads=threads,
            )
        )
        return StoredDetermination(made.folder, made.manifest)

    def kept(self, day: date) -> Kept:
        """Give what the product determined of a day."""
        if day not in self._kept:
            self._kept[day] = read_kept(self.product(day))
        return self._kept[day]

    def expected(self, day: date) -> dict[str, Determined]:
        """Give what the oracle determined of a day."""
        if day not in self._expected:
            chosen = OTHER_DAYS.get(day)
            handed, quotas = self.handed[day]
            self._expected[day], _ = determine_all(
                self.world, self.texts, as_of=day, handed=handed, quotas=quotas, only=chosen
            )
        return self._expected[day]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("oracle"), 33_000, [TODAY])


@pytest.fixture(scope="module")
def small_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("small_oracle"), 6_000, [TODAY, *OTHER_DAYS])


def test_the_world_has_ten_thousand_families(office: Office) -> None:
    with_members = sum(row["active_members"] > 0 for row in office.world.families)

    assert with_members >= 10_000
    assert len(office.world.persons) == 33_000


def differing(office: Office, day: date) -> list[str]:
    """List where product and oracle differ on a day, in any column of any dataset of any programme."""
    kept, expected = office.kept(day), office.expected(day)
    if set(kept.clauses) != set(expected):
        return [f"programmes: product {sorted(kept.clauses)}, oracle {sorted(expected)}"]
    return [
        line
        for code, determined in expected.items()
        for dataset, rows in oracle_rows(determined).items()
        for line in differences(dataset, kept.rows[dataset].get(code, []), rows)
    ]


def test_product_and_oracle_determine_the_same(office: Office) -> None:
    apart = differing(office, TODAY)

    assert not apart, "\n".join(apart)
    assert set(KEYS) == {dataset.name for dataset in DETERMINATION_DATASETS}


@pytest.mark.parametrize("day", OTHER_DAYS, ids=str)
def test_earlier_days_are_determined_with_their_own_numbers(small_office: Office, day: date) -> None:
    apart = differing(small_office, day)

    assert not apart, "\n".join(apart)


def test_clauses_are_numbered_in_the_order_of_the_file(office: Office) -> None:
    kept = office.kept(TODAY)

    for code, published in published_on(office.texts, TODAY).items():
        assert kept.clauses[code] == tuple(clause.id for clause in published.clauses), code


def test_rows_stand_in_the_order_of_their_key(office: Office) -> None:
    kept = office.kept(TODAY)

    assert all(in_order(dataset, rows) for dataset, by_code in kept.rows.items() for rows in by_code.values())


def test_the_world_tries_every_outcome(office: Office) -> None:
    """A comparison proves little where nothing happens: each kind of outcome occurs."""
    rows = [row for found in office.expected(TODAY).values() for row in found.rows]

    assert {row["eligibility"] for row in rows} == {"eligible", "not_eligible", "to_verify"}
    assert {row["selection"] for row in rows} == {"within_quota", "waiting", "not_ranked", None}
    assert {row["movement"] for row in rows} == {"enter", "stay", "leave", "none", None}
    assert {"duration", "quota", "moved_on_to_business"} <= {row["leave_reason"] for row in rows}
    assert any(row["is_protected"] for row in rows)
    assert any(row["amount_open"] for row in rows)
    assert any(area["settled_by_lottery"] for found in office.expected(TODAY).values() for area in found.cutoffs)
    for code in ("PKH", "SEMBAKO", "PBI-JK", "KUBE", "PERMAKANAN-DISABILITAS"):
        counts = office.expected(TODAY)[code].programme
        assert min(counts[name] for name in ("eligible", "not_eligible", "to_verify", "within_quota", "waiting")) > 0, (
            code
        )


def test_every_clause_met_every_outcome_in_the_world(office: Office) -> None:
    """Each condition is true, false and unknown for somebody; each exclusion clear or indicated, and not checked."""
    found: dict[tuple[str, str], set[int]] = {}
    roles: dict[tuple[str, str], str] = {}
    for code, published in published_on(office.texts, TODAY).items():
        outcomes = {row["outcomes"] for row in office.expected(TODAY)[code].rows}
        for place, clause in enumerate(published.clauses):
            found[code, clause.id] = {outcome >> 2 * place & 3 for outcome in outcomes}
            roles[code, clause.id] = clause.role

    assert {key for key, seen in found.items() if roles[key] == "eligibility" and not seen >= {0, 1}} == set()
    assert {key for key, seen in found.items() if roles[key] == "exclusion" and not seen >= {1, 2}} == set()


def test_threads_and_the_order_of_rows_change_no_byte(small_office: Office, tmp_path: Path) -> None:
    one, two = (small_office.product(TODAY, threads=threads, name=f"threads-{threads}") for threads in (1, 2))
    shuffled = small_office.product(TODAY, shuffled_below=tmp_path)

    assert written(one) == written(two)
    assert written(one) == written(shuffled)


def written(stored: StoredDetermination) -> dict[str, str]:
    """Name the bytes of each file."""
    return {file.path: file.sha256 for dataset in stored.manifest.datasets.values() for file in dataset.files}
