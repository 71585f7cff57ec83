"""`kesos synth`: a synthetic population and the imperfect files it leaves behind."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kesos.cli import settings
from kesos.cli.options import JsonOption
from kesos.cli.screen import Screen
from kesos.datasets.lake import Lake
from kesos.presentation.language import translator
from kesos.synthetic.files.sources import SOURCES, TRUTH, WrittenSources, write_sources
from kesos.synthetic.rates import load_rates
from kesos.synthetic.shaped_manifest import World, write_synthetic_release


def synth(
    *,
    persons: Annotated[int, typer.Option(help="How many persons to make.", min=1)],
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")],
    out: Annotated[Path, typer.Option(help="Folder for sources/ and truth/, or for a release with --as-release.")],
    areas: Annotated[
        list[str] | None, typer.Option(help="Code of a province or regency, such as 52 or 5204; may be repeated.")
    ] = None,
    as_release: Annotated[bool, typer.Option(help="Write the datasets of a release directly.")] = False,
    only: Annotated[
        list[str] | None, typer.Option(help="Write this source only, such as dtsen; may be repeated. All if not given.")
    ] = None,
    rates: Annotated[Path | None, typer.Option(help="File of rates of your own; see rates.yaml.")] = None,
    workers: Annotated[int, typer.Option(help="Processes to work with.", min=1)] = 2,
    as_json: JsonOption = False,
) -> None:
    """Make a synthetic population with known truth, and the source files it leaves behind."""
    screen = Screen(translator(settings.language()), as_json)
    chosen = load_rates(rates)
    if as_release:
        world = World(persons=persons, seed=seed, areas=areas, rates=chosen, workers=workers)
        with screen.working("Making people and their release") as progress:
            manifest = write_synthetic_release(
                Lake(out.absolute()), world, key=settings.identity_key(), progress=progress
            )
        screen.line("Release {name} was made up in {folder}, without sources.", name=manifest.name, folder=out)
        screen.table(["Figure", "Count"], [[screen.translate(key), value] for key, value in manifest.counts.items()])
        screen.result({"release": manifest.name, "counts": manifest.counts})
        return
    with screen.working("Making people and their files") as progress:
        written = write_sources(
            out, persons=persons, seed=seed, areas=areas, rates=chosen, workers=workers, only=only, progress=progress
        )
    _show_sources(screen, out, written)


def _show_sources(screen: Screen, out: Path, written: WrittenSources) -> None:
    screen.line(
        "Persons: {persons}. Families: {families}. Their files are in {sources}, the truth about them in {truth}.",
        persons=written.persons,
        families=written.families,
        sources=out / SOURCES,
        truth=out / TRUTH,
    )
    rows = [[one.source, one.file, one.path, one.delivered_on, one.rows] for one in written.files]
    screen.table(["Source", "File of the contract", "Delivered file", "Delivered on", "Rows"], rows)
    files = [{"path": one.path, "source": one.source, "file": one.file, "rows": one.rows} for one in written.files]
    screen.result({"persons": written.persons, "families": written.families, "files": files})
