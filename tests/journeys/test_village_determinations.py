"""Journey: the programmes are applied to the demo village, and every family has its answer with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyarrow import parquet

from journeys.conftest import Row, Village
from kesos.datasets.lake import Lake
from kesos.foundation.identifier import show_identifier
from kesos.pipeline.determine.explain import explain_determination
from kesos.pipeline.determine.explained import Explained
from kesos.pipeline.determine.programme_folder import find_programmes
from kesos.pipeline.determine.request import DetermineRequest
from kesos.pipeline.determine.run import determine
from kesos.pipeline.determine.store import StoredDetermination, open_determination

RELEASE = "2026-T3"
HEADS = {
    1: "SITI HAWA",
    2: "LALU SURYADI",
    3: "SYAMSUDDIN",
    4: "HERMANSYAH",
    5: "SUTRISNO",
    6: "SUHARTI",
    7: "MUSTAMIN",
    8: "FATIMAH",
    9: "JAMALUDDIN",
    10: "SALMAH",
    11: "AMIRUDDIN",
    12: "ZULKARNAIN",
}  # as the README of the village numbers the families


class Determined:
    """The village with its determinations: rows by the number of the family, and explanations."""

    def __init__(self, village: Village, lake: Lake, stored: StoredDetermination) -> None:
        self.village, self._lake, self.stored = village, lake, stored

    def family(self, number: int) -> int:
        return int(self.village.family_of(HEADS[number])["family_id"])

    def rows(self, programme: str) -> dict[int, Row]:
        (file,) = (path for path in self.stored.files("determination") if path.stem == programme)
        rows = {row["unit_id"]: row for row in parquet.ParquetFile(file).read().to_pylist()}
        return {number: rows[self.family(number)] for number in HEADS}

    def told(self, number: int, programme: str) -> Explained:
        return explain_determination(self._lake, RELEASE, show_identifier("family", self.family(number)), programme)


@pytest.fixture(scope="module")
def determined(village: Village, tmp_path_factory: pytest.TempPathFactory) -> Determined:
    """Determine PKH with two places for the regency, and Sembako without a quota."""
    lake = Lake(village.built.folder.parents[1])
    quotas = tmp_path_factory.mktemp("village-quotas") / "quotas.csv"
    quotas.write_text("programme,area,quota\nPKH,5204,2\n", encoding="utf-8")
    request = DetermineRequest(
        lake=lake, release=RELEASE, programmes=find_programmes(None), chosen=("PKH", "SEMBAKO"), quotas=quotas,
        memory="1GB", threads=1,
    )  # fmt: skip
    determine(request)
    return Determined(village, lake, open_determination(lake, RELEASE))


def test_village_pkh_answers_each_family(determined: Determined) -> None:
    rows = determined.rows("PKH")

    answers = {number: (row["eligibility"], row["selection"], row["amount_idr"]) for number, row in rows.items()}
    assert answers == {
        1: ("eligible", "within_quota", 2_400_000),  # a widow of 71
        2: ("eligible", "waiting", 1_800_000),  # twins at primary school
        3: ("eligible", "waiting", 4_800_000),  # two elders
        4: ("eligible", "waiting", 3_000_000),  # a small child
        5: ("not_eligible", None, None),  # decile 5
        6: ("to_verify", None, 0),  # is Suharti pregnant? does the son go to school? nobody told
        7: ("eligible", "waiting", 2_400_000),  # one pupil at primary school, one at lower secondary
        8: ("eligible", "waiting", 2_000_000),  # a pupil at upper secondary school
        9: ("eligible", "waiting", 4_800_000),  # two elders
        10: ("eligible", "within_quota", 3_900_000),  # Arifin cannot walk; Lina at lower secondary
        11: ("to_verify", None, 3_000_000),  # no decile: never a no
        12: ("not_eligible", None, None),  # decile 9
    }


def test_village_pkh_gives_its_two_places_to_the_poorest(determined: Determined) -> None:
    rows = determined.rows("PKH")

    ranks = {number: row["rank"] for number, row in rows.items() if row["rank"] is not None}
    deciles = {number: determined.village.family_of(HEADS[number])["official_decile"] for number in ranks}
    assert [deciles[number] for number in sorted(ranks, key=lambda number: ranks[number])] == [1, 1, 2, 2, 3, 3, 4, 4]


def test_village_pkh_removes_nobody_and_says_who_is_proposed_to_leave(determined: Determined) -> None:
    rows = determined.rows("PKH")

    moves = {number: (row["movement"], row["leave_reason"]) for number, row in rows.items() if row["movement"]}
    assert moves == {
        2: ("leave", "quota"),
        9: ("leave", "quota"),
        10: ("stay", None),
        11: ("stay", None),  # to be verified: nobody leaves for what is not known
        12: ("leave", "decile"),
    }


def test_village_refused_family_is_told_the_clause_its_value_and_the_limit(determined: Determined) -> None:
    told = determined.told(12, "PKH")

    assert told.eligibility == "not_eligible"
    (failed,) = (clause for clause in told.clauses if clause.outcome == "not_met")
    assert failed.id == "decile"
    (leaf,) = failed.leaves
    (decile,) = (fact for fact in told.facts if fact.name in leaf.facts)
    assert (decile.value, leaf.limit, leaf.holds) == (9, "4", False)
    assert [one.source for one in decile.evidence] == ["dtsen"]


def test_village_family_without_a_decile_is_told_what_has_to_be_found_out(determined: Determined) -> None:
    told = determined.told(11, "SEMBAKO")

    assert told.eligibility == "to_verify"
    (unknown,) = (clause for clause in told.clauses if clause.outcome == "unknown")
    assert [leaf.facts for leaf in unknown.leaves] == [("official_decile",)]


def test_village_determined_again_gives_the_same_bytes(determined: Determined, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in determined.stored.files("determination")}
    quotas = tmp_path / "places.csv"
    quotas.write_text("programme,area,quota\nPKH,5204,2\n", encoding="utf-8")

    determine(
        DetermineRequest(
            lake=Lake(determined.village.built.folder.parents[1]), release=RELEASE, programmes=find_programmes(None),
            chosen=("PKH", "SEMBAKO"), quotas=quotas, memory="1GB", threads=2,
        )
    )  # fmt: skip

    assert {path: path.read_bytes() for path in before} == before
