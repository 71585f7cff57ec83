"""One determination explained, on a neighbourhood of five families whose outcomes can be told by hand."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from kesos.datasets.lake import Lake
from kesos.foundation.identifier import NotAnIdentifier, show_identifier
from kesos.pipeline.determine.asked_for import AskForOneOf, NoSuchUnit, WithoutFamily
from kesos.pipeline.determine.explain import ExplainsOtherwise, NotDetermined, explain_determination
from kesos.pipeline.determine.explained import Evidence, Explained, Known
from kesos.pipeline.determine.overlap import find_overlap
from kesos.pipeline.determine.store import NoDeterminationYet, NoSuchDetermination, ProgrammeNotDetermined
from unit.pipeline.determine.determined_lake import RELEASE, DeterminedLake, determined_lake
from unit.pipeline.release.small_lake import SEALER, build, deliver


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> DeterminedLake:
    return determined_lake(tmp_path_factory.mktemp("explained"))


def told(world: DeterminedLake, asked: str, programme: str = "AID") -> Explained:
    return explain_determination(world.lake, RELEASE, asked, programme)


def outcomes(explained: Explained) -> dict[str, str]:
    return {clause.id: clause.outcome for clause in explained.clauses}


def test_explain_a_yes_with_place_amount_and_stages(world: DeterminedLake) -> None:
    kartini = told(world, world.family("KARTINI"))

    assert (kartini.eligibility, kartini.selection) == ("eligible", "within_quota")
    assert (kartini.place.area, kartini.place.rank, kartini.place.quota, kartini.place.eligible) == ("3201", 1, 1, 2)
    assert (kartini.amount_idr, kartini.stages_idr) == (2_400_000, (600_000,) * 4)
    (elder,) = kartini.components
    assert (elder.component, elder.person, elder.name_masked) == ("elder", world.person("KARTINI"), "K•••")
    assert (kartini.movement.movement, kartini.movement.reason) == ("enter", None)


def test_explain_a_no_with_the_clause_the_value_and_the_limit(world: DeterminedLake) -> None:
    agus = told(world, world.family("AGUS WIJAYA"))

    assert agus.eligibility == "not_eligible"
    assert outcomes(agus) == {"decile": "not_met", "need": "unknown", "gambling": "indicated"}
    decile = agus.clauses[0]
    assert (decile.rule, decile.reason.en) == ("official_decile <= 4", "The decile is above the limit.")
    (leaf,) = decile.leaves
    assert (leaf.holds, leaf.limit, leaf.facts) == (False, "4", ("official_decile",))
    fact = agus.fact("official_decile")
    assert (fact.value, fact.known, fact.fresh_months) == (7, Known.KNOWN, 9)
    assert fact.evidence == (Evidence("dtsen", date(2026, 9, 30), date(2026, 9, 30)),)
    assert agus.clauses[2].contest is not None
    assert agus.clauses[2].contest.en == "Come to the office."


def test_explain_a_member_for_whom_leaving_is_proposed(world: DeterminedLake) -> None:
    movement = told(world, world.family("AGUS WIJAYA")).movement

    assert (movement.movement, movement.leave_reason, movement.is_protected) == ("leave", "decile", False)
    assert movement.reason is not None
    assert movement.reason.en == "The decile is above the limit."


def test_explain_what_is_to_be_verified_names_the_facts_that_nobody_told(world: DeterminedLake) -> None:
    hasan = told(world, world.family("HASAN BASRI"))

    assert hasan.eligibility == "to_verify"
    assert outcomes(hasan) == {"decile": "unknown", "need": "unknown", "gambling": "not_checked"}
    assert [(leaf.holds, leaf.facts) for leaf in hasan.clauses[1].leaves] == [
        (False, ("children_under_18",)), (False, ("elderly_60",)), (None, ("working_members",)),
    ]  # fmt: skip
    working = hasan.fact("working_members")
    assert (working.value, working.up_to, working.known) == (0, 1, Known.PARTLY_KNOWN)
    assert (hasan.fact("official_decile").known, hasan.fact("official_decile").evidence) == (Known.NOT_TOLD, ())


def test_explain_one_who_waits_shows_where_the_places_ended(world: DeterminedLake) -> None:
    budi = told(world, world.family("BUDI SANTOSO"))

    assert (budi.eligibility, budi.selection, budi.place.rank, budi.place.last_rank) == ("eligible", "waiting", 2, 1)
    assert [(meaning.en, own, last) for meaning, own, last in budi.place.keys] == [
        ("Decile", "3", "1"), ("Elder", "false", "true"),
    ]  # fmt: skip
    # One rupiah of the four stages is over: the first stage has it.
    assert (budi.amount_idr, budi.stages_idr) == (1_000_001, (250_001, 250_000, 250_000, 250_000))
    assert budi.movement.movement == "none"


def test_explain_says_that_an_indication_is_too_old_and_takes_nothing_away(world: DeterminedLake) -> None:
    kartini = told(world, world.family("KARTINI"))

    assert outcomes(kartini)["gambling"] == "not_checked"
    gambling = kartini.fact("gambling_indicated_in_family")
    assert (gambling.value, gambling.known) == (None, Known.TOO_OLD)
    assert (gambling.observed_on, gambling.fresh_months) == (date(2024, 5, 31), 12)
    # Of Hasan nobody has said anything.
    assert told(world, world.family("HASAN BASRI")).fact("gambling_indicated_in_family").known is Known.NOT_TOLD


def test_explain_says_which_office_stated_a_fact_and_nothing_of_neighbours(world: DeterminedLake) -> None:
    gambling = "gambling_indicated_in_family"

    assert told(world, world.family("KARTINI")).fact(gambling).evidence == (Evidence("PPATK", date(2024, 5, 31), None),)
    assert told(world, world.family("AGUS WIJAYA")).fact(gambling).evidence == (
        Evidence("PPATK", date(2026, 5, 31), None),
    )
    # Budi lives under the same roof as Agus.
    assert told(world, world.family("BUDI SANTOSO")).fact(gambling).evidence == ()


def test_explain_gives_numbers_of_the_programme_with_law_and_doubt(world: DeterminedLake) -> None:
    (limit,) = told(world, world.family("KARTINI")).parameters

    assert (limit.name, limit.value, limit.unit, limit.valid_from) == ("limit", 4, "decile", date(2025, 1, 1))
    assert (limit.law, limit.uncertain) == ("Perda 1/2025", "to be read")


def test_explain_a_person_tells_of_the_family_and_marks_their_part(world: DeterminedLake) -> None:
    putri = told(world, world.person("PUTRI SANTOSO"))

    assert (putri.unit, putri.asked_for) == (world.family("BUDI SANTOSO"), world.person("PUTRI SANTOSO"))
    assert [(one.person, one.component, one.is_asked_for) for one in putri.components] == [
        (world.person("PUTRI SANTOSO"), "child", True)
    ]
    assert not told(world, world.person("BUDI SANTOSO")).components[0].is_asked_for


def test_explain_a_person_under_a_programme_of_persons(world: DeterminedLake) -> None:
    dewi = told(world, world.person("DEWI LESTARI"), "CARD")

    assert (dewi.unit, dewi.eligibility, dewi.selection) == (world.person("DEWI LESTARI"), "eligible", "not_ranked")
    assert dewi.proposed_by == "Dinas Kesehatan"
    assert (dewi.place.rank, dewi.place.quota, dewi.movement.movement) == (None, None, None)
    with pytest.raises(AskForOneOf):
        told(world, world.family("DEWI LESTARI"), "CARD")


def test_explain_a_dwelling_rests_on_all_its_families(world: DeterminedLake) -> None:
    home = told(world, world.family("AGUS WIJAYA"), "HOME")

    # Agus is in decile 7; Budi, under the same roof, in decile 3.
    assert (home.unit, home.eligibility) == (world.dwelling("AGUS WIJAYA"), "eligible")
    assert home.fact("poorest_decile").value == 3
    assert told(world, world.dwelling("AGUS WIJAYA"), "HOME").clauses == home.clauses


def test_explain_lists_the_next_steps_of_the_family(world: DeterminedLake) -> None:
    (step,) = told(world, world.family("KARTINI")).next_steps

    assert (step.after, step.programme, step.why.en) == ("AID", "CARD", "For health")
    assert (step.standing.eligibility, step.standing.selection) == ("eligible", "not_ranked")
    assert told(world, world.family("BUDI SANTOSO")).next_steps == ()


def test_explain_as_data_is_plain_and_shows_no_name(world: DeterminedLake) -> None:
    content = told(world, world.family("BUDI SANTOSO")).to_dict()

    assert content["clauses"][0]["reason"] == {"id": "Desil di atas batas.", "en": "The decile is above the limit."}
    assert content["components"][0]["name_masked"] == "P••• S•••"
    assert "SANTOSO" not in str(content)


def test_explain_refuses_what_was_not_determined(world: DeterminedLake, tmp_path: Path) -> None:
    kartini = world.family("KARTINI")
    with pytest.raises(ProgrammeNotDetermined):
        told(world, kartini, "PKH")
    with pytest.raises(NoSuchDetermination):
        explain_determination(world.lake, RELEASE, kartini, "AID", name="other")
    with pytest.raises(NoSuchUnit):
        told(world, show_identifier("family", 9_999))
    with pytest.raises(NotAnIdentifier):
        told(world, "KARTINI")
    # Slamet died, and is in no family.
    with pytest.raises(WithoutFamily):
        told(world, world.person("SLAMET"))
    with pytest.raises(NotDetermined):
        told(world, world.person("SLAMET"), "CARD")


def test_explain_before_anything_was_determined_says_what_to_run(tmp_path: Path) -> None:
    deliver(tmp_path / "src", "dukcapil/person", [{"NAMA_LGKP": "SITI", "TGL_LHR": "01-01-1990"}])
    build(tmp_path / "src", tmp_path / "lake", RELEASE, sealer=SEALER)

    with pytest.raises(NoDeterminationYet) as refused:
        explain_determination(Lake(tmp_path / "lake"), RELEASE, show_identifier("person", 1), "AID")

    assert "kesos determine --release 2026-T3" in str(refused.value)


def test_explain_refuses_to_explain_something_else_than_what_is_stored(world: DeterminedLake, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    shutil.copytree(world.lake.root, lake.root)
    path = lake.root / world.determined.folder.relative_to(world.lake.root) / "determination" / "AID.parquet"
    rows = parquet.read_table(path)
    # Every decile as met and everything else as it was: the first two bits are 1.
    changed = pa.array([int(outcome or 0) & ~3 | 1 for outcome in rows["outcomes"].to_pylist()], pa.int64())
    parquet.write_table(rows.set_column(rows.column_names.index("outcomes"), "outcomes", changed), path)

    with pytest.raises(ExplainsOtherwise) as refused:
        explain_determination(lake, RELEASE, world.family("AGUS WIJAYA"), "AID")

    assert refused.value.fields["clauses"] == "decile"
    assert explain_determination(lake, RELEASE, world.family("KARTINI"), "AID").eligibility == "eligible"


def test_overlap_of_a_stored_determination(world: DeterminedLake) -> None:
    overlap = find_overlap(world.lake, RELEASE)

    # Kartini has all three; Budi waits for AID; Agus has the house that he shares with Budi; Hasan has nothing.
    assert [(one.programmes, one.families) for one in overlap.chosen] == [
        ((), 1), (("HOME",), 1), (("CARD", "HOME"), 1), (("AID", "CARD", "HOME"), 1),
    ]  # fmt: skip
    assert overlap.not_known == ("CARD", "HOME")
