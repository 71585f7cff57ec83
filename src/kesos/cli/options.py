"""Options that several commands share, in one wording."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

LakeOption = Annotated[
    Path | None,
    typer.Option("--lake", file_okay=False, help="Folder of receipts and releases; else $KESOS_LAKE, else var/lake."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the figures as JSON and nothing else.")]
QuietOption = Annotated[bool, typer.Option("--quiet", help="Show no progress.")]
ContractsOption = Annotated[
    list[Path] | None, typer.Option("--contracts", help="Folder with source folders of your own; may be repeated.")
]
