"""One build a lake: a lock that the kernel lets go of when its holder dies, and no trace of a build cut short."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from kesos.datasets.lake import Lake
from kesos.foundation.errors import Refused

ROTATION: Final = "rotation"
ROTATION_ENDED: Final = "rotation-ended"


class LakeIsBusy(Refused):
    """Another build holds the lake."""

    what = "Another build is working in the lake {lake}."
    remedy = "Wait until it has ended; if nothing runs, look for a `kesos` process of another user."


class RotationUnfinished(Refused):
    """A rotation of the key was interrupted; half of the lake may be under the new key."""

    what = "A rotation of the identity key was interrupted in the lake {lake}."
    remedy = "Run `kesos key rotate` once more: it ends what it began."


@contextmanager
def build_lock(lake: Lake, *, may_rotate: bool = False) -> Iterator[None]:
    """Hold the lake for one build, first removing what an earlier build left when it was killed.

    *Raises* LakeIsBusy at once rather than waiting: the caller decides what to do. *Raises* RotationUnfinished
    unless the caller is the rotation itself.
    """
    lake.prepare()
    with lake.lock_file.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise LakeIsBusy(lake=lake.root) from error
        if (lake.root / ROTATION).exists() and not may_rotate:
            raise RotationUnfinished(lake=lake.root)
        for leftover in (*lake.root.glob("releases/.building-*"), *lake.root.glob(ROTATION_ENDED)):
            shutil.rmtree(leftover)
        yield
