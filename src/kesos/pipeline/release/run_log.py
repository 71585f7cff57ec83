"""How a build went: its hours and the time and memory of each step. Not part of the release's bytes."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final

from kesos.pipeline.engine import Step
from kesos.pipeline.release.build import Built

FILE_NAME: Final = "run.json"


def step_row(step: Step) -> dict[str, object]:
    """Give a step as plain data."""
    return {"step": step.name, "rows": step.rows, "seconds": round(step.seconds, 3), "peak_mb": step.peak_mb}


def write(built: Built, *, started: datetime, ended: datetime) -> None:
    """Write `run.json` beside the manifest; the manifest does not list it, since it differs every time."""
    content = {
        "started": started.isoformat(),
        "ended": ended.isoformat(),
        "steps": [step_row(step) for step in built.steps],
    }
    (built.folder / FILE_NAME).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
