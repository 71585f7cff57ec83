"""Spread parts of the world over processes; what is made never depends on how many there are."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TypeVar

Part = TypeVar("Part")
Made = TypeVar("Made")
Progress = Callable[[int, int], None]
"""Is told how many parts are done, and of how many."""


def work_through(
    work: Callable[[Part], Made], parts: Sequence[Part], workers: int, progress: Progress | None = None
) -> list[Made]:
    """Do the work of each part and give the results in the order of the parts; `progress` hears of each that is done.

    >>> work_through(abs, [-1, 2], workers=1)
    [1, 2]
    """
    tell = progress or (lambda done, total: None)
    tell(0, len(parts))
    if workers == 1 or len(parts) <= 1:
        made = []
        for part in parts:
            made.append(work(part))
            tell(len(made), len(parts))
        return made
    # spawn: threads of Arrow do not survive a fork
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        futures = [pool.submit(work, part) for part in parts]
        for done, _ in enumerate(as_completed(futures), 1):
            tell(done, len(parts))
        return [future.result() for future in futures]
