"""What is known of a step once it has run."""

from __future__ import annotations

import resource
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it made, how many rows, how long it took, and the process's peak memory so far."""

    name: str
    rows: int
    seconds: float
    peak_mb: int


def peak_memory_mb() -> int:
    """Measure the largest resident memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
