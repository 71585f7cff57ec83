"""`kesos release …`: build, list, show, verify and explain releases."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from kesos.cli import release_screens, settings
from kesos.cli.options import ContractsOption, JsonOption, LakeOption, QuietOption
from kesos.cli.screen import Screen
from kesos.datasets.manifest import read_manifest
from kesos.foundation.identifier import read_identifier_of
from kesos.pipeline.release import run_log
from kesos.pipeline.release.build import BuildRequest, build_release
from kesos.pipeline.release.explain import explain_person
from kesos.pipeline.release.faults import count_faults
from kesos.pipeline.release.verify import verify_release
from kesos.presentation.language import translator

EXIT_FOUND = 1

app = typer.Typer(no_args_is_help=True, help="Releases of the registry: build, list, show, verify, explain.")

ReleaseOption = Annotated[str | None, typer.Option("--release", help="Name of the release; else the newest.")]


@app.command("build")
def build(
    *,
    sources: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="Folder of delivered files, one folder a source.")
    ],
    release: Annotated[str, typer.Option(help="Name of the release: YYYY-Tn, perhaps with a suffix.")],
    lake: LakeOption = None,
    since: Annotated[str, typer.Option(help="Release whose identifiers go on; none for the first.")] = "newest",
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of the release.")] = None,
    profile: Annotated[
        str | None, typer.Option(help="district, owner, ministry or integrator; without it all sources go in.")
    ] = None,
    memory: Annotated[str, typer.Option(help="Most memory for the data engine.")] = "8GB",
    threads: Annotated[int, typer.Option(help="Threads of the data engine.", min=1)] = 2,
    keep_steps: Annotated[Path | None, typer.Option(help="Folder for the table of every step.")] = None,
    contracts: ContractsOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Build a release of the registry from delivered files."""
    screen = Screen(translator(settings.language()), as_json, quiet)
    place = settings.lake(lake)
    names = place.release_names()
    before = {"none": None, "newest": names[-1] if names else None}.get(since, since)
    started = settings.now()
    with screen.working("Building the release"):
        built = build_release(
            BuildRequest(
                sources=sources,
                name=release,
                lake=place,
                sealer=settings.sealer(),
                as_of=as_of.date() if as_of else None,
                since=before,
                profile=profile,
                contracts=tuple(contracts or ()),
                memory=memory,
                threads=threads,
                keep_steps=keep_steps,
                on_step=screen.step,
                on_receipt=lambda receipt: release_screens.show_receipt(screen, receipt),
            )
        )
    run_log.write(built, started=started, ended=settings.now())
    release_screens.show_built(screen, built, count_faults(place, release))


@app.command("list")
def list_releases(*, lake: LakeOption = None, as_json: JsonOption = False) -> None:
    """List the releases of a lake."""
    screen = Screen(translator(settings.language()), as_json)
    place = settings.lake(lake)
    manifests = [read_manifest(place.release(name)) for name in place.release_names()]
    rows = [[m.name, m.as_of, m.profile, m.counts.get("persons"), m.counts.get("families")] for m in manifests]
    screen.table(["Release", "As of", "Profile", "Persons", "Families"], rows)
    screen.result([{"name": m.name, "as_of": m.as_of, "profile": m.profile, "counts": m.counts} for m in manifests])


@app.command("show")
def show(*, release: ReleaseOption = None, lake: LakeOption = None, as_json: JsonOption = False) -> None:
    """Show what a release was made of and what it holds."""
    screen = Screen(translator(settings.language()), as_json)
    place = settings.lake(lake)
    name = place.newest_or(release)
    manifest = read_manifest(place.existing_release(name))
    faults = count_faults(place, name)
    release_screens.show_manifest(screen, manifest, faults)
    screen.result({**manifest.model_dump(mode="json"), "faults": [asdict(fault) for fault in faults]})


@app.command("verify")
def verify(*, release: ReleaseOption = None, lake: LakeOption = None, as_json: JsonOption = False) -> None:
    """Compare every file of a release with its manifest; exit 1 if anything differs."""
    screen = Screen(translator(settings.language()), as_json)
    place = settings.lake(lake)
    name = place.newest_or(release)
    faults = verify_release(place, name)
    if faults:
        screen.line("Release {name} differs from its manifest:", name=name)
        screen.table(["File", "Fault"], [[fault.path, screen.translate(fault.kind)] for fault in faults])
    else:
        screen.line("Release {name} is what its manifest says, to the byte.", name=name)
    screen.result({"release": name, "faults": [{"path": fault.path, "kind": fault.kind} for fault in faults]})
    if faults:
        raise typer.Exit(EXIT_FOUND)


@app.command("explain")
def explain(
    person: Annotated[str, typer.Argument(help="Identifier of a person, such as P-….")],
    *,
    release: ReleaseOption = None,
    lake: LakeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Explain one person: each value, the record that gave it, and what other records said."""
    screen = Screen(translator(settings.language()), as_json)
    place = settings.lake(lake)
    explanation = explain_person(place, place.newest_or(release), read_identifier_of("person", person))
    release_screens.show_explanation(screen, explanation)
    screen.result(explanation.to_dict())
