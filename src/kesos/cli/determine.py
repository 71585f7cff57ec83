"""`kesos determine`: every programme over a release; determinations with reasons, never decisions."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from kesos.cli import determine_screens, settings
from kesos.cli.options import JsonOption, LakeOption, QuietOption
from kesos.cli.screen import Screen
from kesos.pipeline.determine.programme_folder import find_programmes
from kesos.pipeline.determine.request import DetermineRequest
from kesos.pipeline.determine.run import determine as determine_programmes
from kesos.presentation.language import translator


def determine(  # over budget: an option each few lines, then one call
    *,
    release: Annotated[str | None, typer.Option("--release", help="Name of the release; else the newest.")] = None,
    programme: Annotated[
        list[str] | None, typer.Option(help="Code of a programme; may be repeated. All in force if not given.")
    ] = None,
    programmes: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="Folder with programme files of your own.")
    ] = None,
    members: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="CSV or XLSX of today's members: programme, unit, since, status."
        ),
    ] = None,
    quotas: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="CSV or XLSX of places: programme, area, quota.")
    ] = None,
    facts: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="CSV or XLSX of stated facts: id, fact, value, observed_on, stated_by."
        ),
    ] = None,
    groups: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="CSV or XLSX of groups: group, name, family.")
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of the rules and ages; else that of the release.")
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="Name to keep it under; else the day and a digest of all that went in.")
    ] = None,
    lake: LakeOption = None,
    memory: Annotated[str, typer.Option(help="Most memory for the data engine.")] = "4GB",
    threads: Annotated[int, typer.Option(help="Threads of the data engine.", min=1)] = 2,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Determine who may receive what, who has a place, and what would change against today's members."""
    screen = Screen(translator(settings.language()), as_json, quiet)
    place = settings.lake(lake)
    known = find_programmes(programmes)
    with screen.working("Determining the programmes"):
        determined = determine_programmes(
            DetermineRequest(
                lake=place,
                release=place.newest_or(release),
                programmes=known,
                chosen=tuple(programme) if programme else None,
                own=programmes,
                as_of=as_of.date() if as_of else None,
                name=name,
                members=members,
                quotas=quotas,
                stated=facts,
                groups=groups,
                memory=memory,
                threads=threads,
                on_step=screen.step,
            )
        )
    determine_screens.show_determined(screen, determined, known)
