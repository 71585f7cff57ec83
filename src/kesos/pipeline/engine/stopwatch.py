"""Time pieces of work that are done in memory, outside the engine's own steps."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from kesos.pipeline.engine.step import peak_memory_mb

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Lap:
    """What one piece of work took: how many things it made, wall and processor seconds, the peak memory so far."""

    name: str
    made: int
    wall_seconds: float
    cpu_seconds: float
    peak_mb: int


@dataclass(slots=True)
class Stopwatch:
    """Laps in the order in which they ended."""

    laps: list[Lap] = field(default_factory=list)

    def take(self, name: str, work: Callable[[], T], count: Callable[[T], int]) -> T:
        """Do one piece of work, note what it took and how much it made, and hand on what it gave.

        >>> watch = Stopwatch()
        >>> watch.take("count", lambda: [1, 2], len), [(lap.name, lap.made) for lap in watch.laps]
        ([1, 2], [('count', 2)])
        """
        wall, cpu = time.perf_counter(), time.process_time()
        made = work()
        seconds = time.perf_counter() - wall, time.process_time() - cpu
        self.laps.append(Lap(name, count(made), *seconds, peak_memory_mb()))
        return made
