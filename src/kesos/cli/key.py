"""`kesos key …`: the identity key."""

from __future__ import annotations

import typer

from kesos.cli import settings
from kesos.cli.options import ContractsOption, JsonOption, LakeOption
from kesos.cli.screen import Screen
from kesos.pipeline.release.rotate import rotate_key
from kesos.pipeline.sources.catalogue import find_sources
from kesos.presentation.language import translator

app = typer.Typer(no_args_is_help=True, help="The identity key, which seals NIK, KK and customer numbers.")


@app.callback()
def key() -> None:
    """Keep the noun, though it has one verb."""


@app.command("rotate")
def rotate(*, lake: LakeOption = None, contracts: ContractsOption = None, as_json: JsonOption = False) -> None:
    """Draw a new identity key and seal the whole lake anew under it; safe to repeat when interrupted."""
    screen = Screen(translator(settings.language()), as_json)
    rotated = rotate_key(settings.lake(lake), settings.key_file(), find_sources(contracts or ()))
    screen.line(
        "Key generation {generation} is in force. Sealed anew: receipts {receipts}, releases {releases}.",
        generation=rotated.generation,
        receipts=rotated.receipts,
        releases=rotated.releases,
    )
    screen.result({"generation": rotated.generation, "receipts": rotated.receipts, "releases": rotated.releases})
