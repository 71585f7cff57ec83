"""A build that is killed: the old release stays, the next run starts clean."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from kesos.datasets.lake import Lake
from kesos.foundation.sealing import Sealer, load_key
from kesos.pipeline.release.lock import LakeIsBusy
from kesos.pipeline.release.verify import verify_release
from unit.pipeline.release.command import key_of, start
from unit.pipeline.release.neighbourhood import deliver_all
from unit.pipeline.release.small_lake import build, fingerprint, ids_by_name


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build 2026-T2 with the command's own key."""
    folder = tmp_path_factory.mktemp("interrupted")
    deliver_all(folder / "src")
    process = start(
        "release", "build", "--sources", folder / "src", "--release", "2026-T2", "--lake", folder / "lake", "--quiet",
        home=folder,
    )  # fmt: skip
    said = process.communicate(timeout=120)
    assert (process.returncode, said[1]) == (0, "")
    return folder


@pytest.mark.parametrize("step", ["checked", "write_person"])
def test_build_killed_in_the_middle_leaves_the_old_release_and_the_next_run_starts_clean(home: Path, step: str) -> None:
    lake = Lake(home / "lake")
    before = fingerprint(lake.releases / "2026-T2")
    process = start(
        "release", "build", "--sources", home / "src", "--release", "2026-T3", "--lake", lake.root, home=home
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.split()[:1] == [step]:
            process.send_signal(signal.SIGSTOP)
            break
    left = [path.name for path in lake.releases.iterdir()]
    sealer = Sealer(load_key(key_of(home)))

    # It holds the lake as long as it lives, even asleep.
    with pytest.raises(LakeIsBusy):
        build(home / "src", lake.root, "2026-T4", sealer=sealer)
    process.kill()
    process.communicate(timeout=60)

    assert process.returncode == -signal.SIGKILL
    assert sorted(left) == [".building-2026-T3", "2026-T2"]
    assert lake.release_names() == ["2026-T2"]
    assert verify_release(lake, "2026-T2") == []
    again = build(home / "src", lake.root, "2026-T3", sealer=sealer, since="2026-T2")
    assert sorted(path.name for path in lake.releases.iterdir()) == ["2026-T2", "2026-T3"]
    assert fingerprint(lake.releases / "2026-T2") == before
    assert len(ids_by_name(again)) == 9
    shutil.rmtree(again.folder)
