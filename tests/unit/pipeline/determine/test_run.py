"""A whole determination over a small nation: whole or not at all, the same bytes again, all kept that decided."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from kesos.datasets.determination import DETERMINATION_DATASETS
from kesos.datasets.lake import Lake
from kesos.datasets.manifest import file_sha256
from kesos.foundation.identifier import show_identifier
from kesos.foundation.sealing import IdentityKey
from kesos.pipeline.determine.programme_folder import UnknownProgramme, find_programmes
from kesos.pipeline.determine.request import Determined, DetermineRequest
from kesos.pipeline.determine.run import determine
from kesos.pipeline.determine.store import DeterminesOtherwise, NotADeterminationName, open_determination
from kesos.pipeline.engine import Step
from kesos.policy.published import ProgrammeNotInForce
from kesos.synthetic.rates import load_rates
from kesos.synthetic.shaped_manifest import World, write_synthetic_release

KEY = IdentityKey(1, bytes(range(64)), b"i" * 32, b"r" * 32)
PROGRAMMES = find_programmes(None)
CHOSEN = ("PKH", "PBI-JK", "RST", "KUBE")


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("nation") / "lake")
    write_synthetic_release(lake, World(4000, 7, ["5204"], load_rates(), 1), key=KEY)
    return lake


@pytest.fixture(scope="module")
def request_(lake: Lake, tmp_path_factory: pytest.TempPathFactory) -> DetermineRequest:
    folder = tmp_path_factory.mktemp("office")
    quotas = folder / "kuota.csv"
    quotas.write_text("programme,area,quota\nPKH,5204,90\nPBI-JK,5204,500\nRST,5204,0\n", encoding="utf-8")
    members = folder / "members.csv"
    rows = pq.read_table(_files(lake, "family")[0], columns=["family_id", "active_members"]).to_pylist()
    families = [row["family_id"] for row in rows if row["active_members"] > 0]
    lines = [f"PKH,{show_identifier('family', unit)},2020-01-01" for unit in [*families[:40], 2**40]]
    members.write_text("\n".join(["programme,unit,since", *lines]) + "\n", encoding="utf-8")
    return DetermineRequest(
        lake, lake.release_names()[0], PROGRAMMES, CHOSEN, quotas=quotas, members=members, memory="1GB"
    )


@pytest.fixture(scope="module")
def made(request_: DetermineRequest) -> Determined:
    return determine(request_)


def _files(lake: Lake, dataset: str) -> list[Path]:
    return sorted((lake.release(lake.release_names()[0]) / dataset).iterdir())


def rows_of(made: Determined, dataset: str, code: str) -> list[dict[str, Any]]:
    """Read the rows of one programme."""
    return pq.read_table(made.folder / dataset / f"{code}.parquet").to_pylist()


def test_every_unit_stands_once_in_order_of_its_key(made: Determined, lake: Lake) -> None:
    persons = [row for path in _files(lake, "person") for row in pq.read_table(path).to_pylist()]
    living = sorted(row["person_id"] for row in persons if row["life_status"] != "dead")

    found = rows_of(made, "determination", "PBI-JK")

    assert [row["unit_id"] for row in found] == living
    assert {row["programme"] for row in found} == {"PBI-JK"}


def test_files_have_the_columns_and_types_of_their_datasets(made: Determined) -> None:
    for dataset in DETERMINATION_DATASETS:
        assert made.manifest.datasets[dataset.name].files
        for file in made.manifest.datasets[dataset.name].files:
            table = pq.read_table(made.folder / file.path)

            assert table.schema.names == list(dataset.column_names)
            assert table.schema.types == dataset.arrow_schema().types, file.path
            assert table.num_rows == file.rows
            for column in dataset.columns:
                if column.required:
                    assert table[column.name].null_count == 0, (file.path, column.name)


def test_the_summary_counts_what_is_written(made: Determined) -> None:
    for row in made.summary:
        written = rows_of(made, "determination", row["programme"])
        for column in ("eligibility", "selection", "movement"):
            counts = Counter(one[column] for one in written)
            for word in counts.keys() - {None, "none"}:
                assert row[word] == counts[word], (row["programme"], word)
        assert row["units"] == len(written)
        eligible = [one for one in written if one["eligibility"] == "eligible"]
        assert row["amount_idr"] == sum(one["amount_idr"] for one in eligible)
        roles = made.manifest.programmes[row["programme"]].roles
        against = [place for place, role in enumerate(roles) if role != "eligibility"]
        unchecked = [one for one in written if any(one["outcomes"] >> 2 * place & 3 == 2 for place in against)]
        assert row["not_checked"] == len(unchecked)


def test_the_quota_is_kept_and_a_programme_without_groups_has_no_units(made: Determined) -> None:
    summary = {row["programme"]: row for row in made.summary}

    assert summary["PKH"]["within_quota"] == 90
    assert summary["PKH"]["waiting"] > 0
    assert (summary["RST"]["within_quota"], summary["RST"]["waiting"]) == (0, summary["RST"]["eligible"])
    assert summary["KUBE"]["units"] == 0
    [cutoff] = rows_of(made, "determination_cutoff", "PKH")
    assert (cutoff["quota_area"], cutoff["quota"], cutoff["within_quota"]) == ("5204", 90, 90)


def test_members_are_known_only_where_somebody_told(made: Determined) -> None:
    assert dict(made.members) == {"PKH": "file"}
    assert {row["movement"] for row in rows_of(made, "determination", "PBI-JK")} == {None}
    moves = Counter(row["movement"] for row in rows_of(made, "determination", "PKH"))
    assert moves["stay"] + moves["leave"] == 40
    assert None not in moves
    assert [(one.kind, one.about, one.unit, one.identifier) for one in made.not_found] == [
        ("members", "PKH", "family", show_identifier("family", 2**40))
    ]


def test_all_that_decided_is_kept(made: Determined, request_: DetermineRequest) -> None:
    stored = open_determination(request_.lake, request_.release)

    assert stored.manifest == made.manifest
    assert stored.programmes() == {code: PROGRAMMES[code] for code in sorted(CHOSEN)}
    assert request_.quotas is not None
    kept = stored.kept_input("quotas")
    assert kept is not None
    assert kept.read_bytes() == request_.quotas.read_bytes()
    assert stored.kept_input("groups") is None
    assert [(one.kind, one.name) for one in made.manifest.inputs] == [
        ("members", "members.csv"), ("quotas", "kuota.csv"),
    ]  # fmt: skip
    assert made.manifest.as_of == date(2026, 9, 30)
    assert made.manifest.name == f"2026-09-30-{made.manifest.inputs_sha256[:8]}"


def test_one_or_two_threads_and_another_name_give_the_same_bytes(made: Determined, request_: DetermineRequest) -> None:
    again = determine(replace(request_, threads=1, name="one-thread"))

    assert again.manifest.datasets == made.manifest.datasets


def test_determining_again_compares_and_changes_nothing(made: Determined, request_: DetermineRequest) -> None:
    before = {path: file_sha256(path) for path in made.folder.rglob("*.*") if path.is_file()}

    again = determine(request_)

    assert (made.is_new, again.is_new, again.folder) == (True, False, made.folder)
    assert {path: file_sha256(path) for path in made.folder.rglob("*.*") if path.is_file()} == before
    assert [path for path in made.folder.parent.iterdir() if path.name.startswith(".")] == []


def test_other_inputs_under_a_name_that_is_taken_are_refused(
    made: Determined, request_: DetermineRequest, tmp_path: Path
) -> None:
    other = tmp_path / "quotas.csv"
    other.write_text("programme,area,quota\nPKH,5204,91\n", encoding="utf-8")

    with pytest.raises(DeterminesOtherwise) as refused:
        determine(replace(request_, quotas=other, name=made.manifest.name))

    assert "inputs" in str(refused.value.fields["differs"])
    assert open_determination(request_.lake, request_.release, made.manifest.name).manifest == made.manifest


def test_a_run_that_is_cut_short_leaves_nothing(made: Determined, request_: DetermineRequest) -> None:
    def cut(step: Step) -> None:
        if step.name == "write_determination_component":
            raise KeyboardInterrupt

    before = sorted(path.name for path in made.folder.parent.iterdir())

    with pytest.raises(KeyboardInterrupt):
        determine(replace(request_, name="cut", on_step=cut))

    assert sorted(path.name for path in made.folder.parent.iterdir()) == before


def test_a_programme_that_is_not_in_force_is_left_out_or_refused_if_asked_for(request_: DetermineRequest) -> None:
    request = replace(request_, chosen=None, members=None, quotas=None, name="all")

    found = determine(request)

    assert [one.code for one in found.left_out] == ["BLT-KESRA"]
    assert list(found.manifest.programmes) == [code for code in PROGRAMMES if code != "BLT-KESRA"]
    with pytest.raises(ProgrammeNotInForce):
        determine(replace(request, chosen=("BLT-KESRA",)))
    with pytest.raises(UnknownProgramme):
        determine(replace(request, chosen=("PKHH",)))
    with pytest.raises(NotADeterminationName):
        determine(replace(request, name="../releases"))
