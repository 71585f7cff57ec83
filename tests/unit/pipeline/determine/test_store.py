"""Kept whole or not at all, never replaced; the pointer names what was written last."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kesos.datasets.determination import DeterminationManifest, DeterminedProgramme, HandedIn
from kesos.datasets.lake import Lake
from kesos.datasets.manifest import StoredDataset, UnreadableManifest, stored_file
from kesos.pipeline.determine.store import (
    DeterminesOtherwise,
    NoDeterminationYet,
    NoSuchDetermination,
    NotADeterminationName,
    ProgrammeNotDetermined,
    building,
    determination_names,
    determinations,
    keep,
    open_determination,
    require_name,
)

RELEASE = "2026-T3"


def keep_one(lake: Lake, name: str, text: str = "rows", **more: object) -> bool:
    """Build a determination of one file, and keep it."""
    with building(lake, RELEASE) as folder:
        (folder / "determination").mkdir()
        path = folder / "determination" / "AID.parquet"
        path.write_text(text, encoding="utf-8")
        stored = StoredDataset(version=1, rows=1, files=(stored_file(path, within=folder, rows=1),))
        fields = {
            "name": name, "release": RELEASE, "release_manifest_sha256": "a", "as_of": date(2026, 10, 1),
            "programmes": {"AID": DeterminedProgramme(rule_hash="r", clauses=("decile",), roles=("eligibility",))},
            "inputs": (HandedIn(kind="quotas", name="q.csv", sha256="q"),), "inputs_sha256": "i", "code_sha256": "c",
            "datasets": {"determination": stored}, **more,
        }  # fmt: skip
        manifest = DeterminationManifest.model_validate(fields)
        manifest.write(folder)
        return keep(lake, folder, manifest)


def hidden(lake: Lake) -> list[str]:
    """List what a reader must not see."""
    return [path.name for path in determinations(lake, RELEASE).iterdir() if path.name.startswith(".")]


def test_keep_puts_it_in_place_and_points_to_it(tmp_path: Path) -> None:
    lake = Lake(tmp_path)

    assert keep_one(lake, "first")
    assert keep_one(lake, "second", "others")

    assert determination_names(lake, RELEASE) == ["first", "second"]
    assert open_determination(lake, RELEASE).manifest.name == "second"
    assert open_determination(lake, RELEASE, "first").files("determination")[0].read_text() == "rows"
    assert hidden(lake) == []


def test_keep_the_same_again_is_not_new_and_points_to_it_again(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    keep_one(lake, "first")
    keep_one(lake, "second")

    # Other code that determines the same, and another name of the same file, change nothing.
    renamed = (HandedIn(kind="quotas", name="other name.csv", sha256="q"),)
    assert not keep_one(lake, "first", code_sha256="newer", inputs=renamed)

    assert open_determination(lake, RELEASE).manifest.name == "first"
    assert open_determination(lake, RELEASE).manifest.code_sha256 == "c"
    assert hidden(lake) == []


@pytest.mark.parametrize(
    ("text", "more", "differs"),
    [
        ("other rows", {}, "determination"),
        ("rows", {"inputs_sha256": "j"}, "inputs_sha256"),
        ("rows", {"inputs": ()}, "inputs"),
        ("rows", {"as_of": date(2026, 10, 2)}, "as_of"),
    ],
)
def test_keep_refuses_what_differs_under_one_name(
    tmp_path: Path, text: str, more: dict[str, object], differs: str
) -> None:
    lake = Lake(tmp_path)
    keep_one(lake, "first")

    with pytest.raises(DeterminesOtherwise) as refused:
        keep_one(lake, "first", text, **more)

    assert refused.value.fields["differs"] == differs
    assert open_determination(lake, RELEASE).files("determination")[0].read_text() == "rows"
    assert hidden(lake) == []


def test_keep_notices_that_a_kept_file_was_changed(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    keep_one(lake, "first")
    open_determination(lake, RELEASE).files("determination")[0].write_text("meddled")

    with pytest.raises(DeterminesOtherwise) as refused:
        keep_one(lake, "first")

    assert refused.value.fields["differs"] == "determination/AID.parquet"


def test_building_leaves_nothing_when_it_is_cut_short(tmp_path: Path) -> None:
    lake = Lake(tmp_path)

    def cut_short() -> None:
        with building(lake, RELEASE) as folder:
            (folder / "half").write_text("half", encoding="utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cut_short()

    assert list(determinations(lake, RELEASE).iterdir()) == []


def test_what_a_killed_run_left_is_never_opened(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    keep_one(lake, "first")
    left = determinations(lake, RELEASE) / ".building-left"
    left.mkdir()
    (left / "manifest.json").write_text("{}", encoding="utf-8")

    assert determination_names(lake, RELEASE) == ["first"]


def test_open_determination_says_what_there_is(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    with pytest.raises(NoDeterminationYet):
        open_determination(lake, RELEASE)
    keep_one(lake, "first")

    with pytest.raises(NoSuchDetermination, match="It has: first"):
        open_determination(lake, RELEASE, "third")
    with pytest.raises(ProgrammeNotDetermined, match="It speaks of: AID"):
        open_determination(lake, RELEASE).programme("PKH")


def test_open_determination_refuses_a_damaged_manifest(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    keep_one(lake, "first")
    (determinations(lake, RELEASE) / "first" / "manifest.json").write_text('{"format": 1}', encoding="utf-8")

    with pytest.raises(UnreadableManifest):
        open_determination(lake, RELEASE)


@pytest.mark.parametrize("name", ["", "Big", "../up", "a/b", ".hidden", "current name"])
def test_require_name_refuses_what_is_no_plain_folder(name: str) -> None:
    with pytest.raises(NotADeterminationName):
        require_name(name)
