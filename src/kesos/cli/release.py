"""`kesos release …`: build, list, show, verify and explain releases."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from kesos.cli import settings
from kesos.cli.options import ContractsOption, JsonOption, LakeOption, QuietOption
from kesos.cli.screen import Screen
from kesos.datasets.manifest import Manifest, read_manifest
from kesos.foundation.identifier import read_identifier_of
from kesos.pipeline.release import run_log
from kesos.pipeline.release.build import BuildRequest, Built, build_release
from kesos.pipeline.release.explain import Explanation, explain_person
from kesos.pipeline.release.verify import verify_release
from kesos.pipeline.sources.receipt import Receipt
from kesos.presentation.language import translator

EXIT_FOUND = 1

app = typer.Typer(no_args_is_help=True, help="Releases of the registry: build, list, show, verify, explain.")

ReleaseOption = Annotated[str | None, typer.Option("--release", help="Name of the release; else the newest.")]


@app.command("build")
def build(
    *,
    sources: Annotated[Path, typer.Option(help="Folder of delivered files, one folder a source.")],
    release: Annotated[str, typer.Option(help="Name of the release: YYYY-Tn, perhaps with a suffix.")],
    lake: LakeOption = None,
    since: Annotated[str, typer.Option(help="Release whose identifiers go on; none for the first.")] = "newest",
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of the release.")] = None,
    profile: Annotated[str | None, typer.Option(help="district or owner; without it all sources go in.")] = None,
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
            on_receipt=lambda receipt: _show_receipt(screen, receipt),
        )
    )
    run_log.write(built, started=started, ended=settings.now())
    _show_built(screen, built)


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
    manifest = read_manifest(place.existing_release(place.newest_or(release)))
    _show_manifest(screen, manifest)
    screen.result(manifest.model_dump(mode="json"))


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
    _show_explanation(screen, explanation)
    screen.result(explanation.to_dict())


def _show_receipt(screen: Screen, receipt: Receipt) -> None:
    template = (
        "Received {name} ({source}, {file}). Rows in: {rows}. Readable: {kept}."
        if receipt.is_new
        else "{name} was received before: nothing to do ({source}, {file})."
    )
    screen.line(
        template,
        name=receipt.original_name,
        kept=receipt.rows_kept,
        rows=receipt.rows_in,
        source=receipt.source,
        file=receipt.file,
    )


def _show_built(screen: Screen, built: Built) -> None:
    if built.left_aside:
        names = ", ".join(path.name for path in built.left_aside)
        screen.line("Left aside, because no table is of that kind: {names}.", names=names)
    _show_manifest(screen, built.manifest)
    screen.heading("Expectations")
    rows = [
        [
            screen.word(row["expectation"]),
            screen.word(row["severity"]),
            row["checked"],
            row["failing"],
        ]
        for row in built.expectations
    ]
    screen.table(["Expectation", "Severity", "Rows checked", "Rows that break it"], rows)
    screen.result(
        {
            "manifest": built.manifest.model_dump(mode="json"),
            "expectations": built.expectations,
            "steps": [run_log.step_row(step) for step in built.steps],
        }
    )


def _show_manifest(screen: Screen, manifest: Manifest) -> None:
    screen.heading("Release {name} as of {as_of}", name=manifest.name, as_of=manifest.as_of)
    rows = [
        [one.source, one.file, one.original_name, one.delivered_on, one.rows_in, one.rows_kept, one.rows_quarantined]
        for one in manifest.inputs
    ]
    columns = ["Source", "File of the contract", "Delivered file", "Delivered on", "Rows in", "Kept", "Quarantined"]
    screen.table(columns, rows)
    screen.heading("What it holds")
    screen.table(["Figure", "Count"], [[screen.translate(key), value] for key, value in manifest.counts.items()])


def _show_explanation(screen: Screen, explanation: Explanation) -> None:
    screen.heading("Person {person} in release {release}", person=explanation.person, release=explanation.release)
    if explanation.asked_for != explanation.person:
        screen.line("{asked} was merged into {person}.", asked=explanation.asked_for, person=explanation.person)
    if explanation.family:
        screen.line("Family {family}.", family=explanation.family)
    if explanation.official_decile is None:
        screen.line("No official decile was received for the family.")
    else:
        screen.line(
            "Official decile {decile}, as received from BPS for {period}.",
            decile=explanation.official_decile,
            period=explanation.official_period or "–",
        )
    screen.line("NIK: {status}. It is held sealed and not shown here.", status=screen.translate(explanation.nik_status))
    screen.table(
        ["Record of", "Row", "Observed on", "Joined by", "NIK as written", "KK as written"],
        [
            [r["source"], r["row_number"], r["observed_on"]]
            + [screen.word(r[name]) for name in ("link_rule", "nik_note", "kk_note")]
            for r in explanation.records
        ],
    )
    if explanation.contradictions:
        screen.line(
            "Pairs of records with one NIK that speak of different people: {count}. Please look at them.",
            count=explanation.contradictions,
        )
    screen.table(
        ["What", "Value", "From", "Observed on", "Others said"],
        [
            [
                screen.word(value.column),
                screen.word(value.standing.value),
                value.standing.source,
                value.standing.observed_on,
                value.others,
            ]
            for value in explanation.values
        ],
    )
