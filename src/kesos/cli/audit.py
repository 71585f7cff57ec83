"""`kesos audit …`: a payee list against a release, as workbooks and pages for those who visit."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from kesos.cli import settings
from kesos.cli.audit_files import require_own_folder, shown_indications, write_audit
from kesos.cli.audit_words import AuditWords
from kesos.cli.options import ContractsOption, JsonOption, LakeOption, QuietOption
from kesos.cli.screen import Screen
from kesos.datasets.lake import Lake
from kesos.pipeline.determine.payees.audit import AuditedList, AuditRequest, audit_list
from kesos.pipeline.determine.payees.determined import Determination, kept_or_determined
from kesos.pipeline.determine.payees.figures import AreaFigures, sum_of
from kesos.pipeline.determine.payees.truth import IndicationScore
from kesos.pipeline.determine.programme_folder import choose_programmes, find_programmes
from kesos.pipeline.engine import Step
from kesos.pipeline.sources.catalogue import find_sources
from kesos.pipeline.sources.deliveries import Delivery, delivery_day
from kesos.presentation.language import translator

app = typer.Typer(no_args_is_help=True, help="Audits: a payee list against a release. Indications only.")


@app.callback()
def audit() -> None:
    """Keep the noun, though it has one verb."""


ListOption = Annotated[
    Path, typer.Option("--list", exists=True, dir_okay=False, help="The payee list: CSV, XLSX or Parquet.")
]
ProgrammeOption = Annotated[str, typer.Option(help="Code of the programme, such as PKH.")]
OutOption = Annotated[Path, typer.Option(file_okay=False, help="Folder for workbooks and pages; nothing but an audit.")]
ReleaseOption = Annotated[str | None, typer.Option("--release", help="Name of the release; else the newest.")]
DeterminationOption = Annotated[
    str | None, typer.Option(help="Name of the determination; else the newest, else one is made.")
]
ProgrammesOption = Annotated[
    Path | None, typer.Option(exists=True, file_okay=False, help="Folder of programme files of your own.")
]
AreasOption = Annotated[
    list[str] | None,
    typer.Option("--area", help="Area in which all the eligible should be on the list; else the list's regencies."),
]
SourceOption = Annotated[str | None, typer.Option(help="Source of the list, if its columns fit several.")]
DayOption = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of the list; else from the name, else today.")
]
TruthOption = Annotated[
    Path | None, typer.Option(exists=True, file_okay=False, help="Truth of a synthetic world, to be judged by.")
]


@app.command("payees")
def payees(
    *,
    payee_list: ListOption,
    programme: ProgrammeOption,
    out: OutOption,
    release: ReleaseOption = None,
    determination: DeterminationOption = None,
    programmes: ProgrammesOption = None,
    areas: AreasOption = None,
    source: SourceOption = None,
    delivered_on: DayOption = None,
    truth: TruthOption = None,
    contracts: ContractsOption = None,
    lake: LakeOption = None,
    memory: Annotated[str, typer.Option(help="Most memory for the data engine.")] = "6GB",
    workers: Annotated[int, typer.Option(help="Processes that write workbooks.", min=1)] = 2,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Audit a payee list: who is not found, died, is paid twice, no longer fits, and who is eligible and not on it."""
    language = settings.language()
    screen = Screen(translator(language), as_json, quiet)
    require_own_folder(out)
    place = settings.lake(lake)
    day = delivered_on.date() if delivered_on else delivery_day(payee_list.name) or settings.now().date()
    name = place.newest_or(release)
    steps: list[Step] = []
    request = AuditRequest(
        delivery=Delivery(payee_list, day, source=source),
        lake=place,
        release=name,
        determination=_determination(screen, place, name, (programme, programmes, determination)),
        sources=find_sources(contracts or ()),
        sealer=settings.sealer(),
        areas=tuple(areas or ()),
        truth=truth,
        memory=memory,
        on_step=lambda step: _note(steps, screen, step),
    )
    with screen.working("Auditing the list"):
        audited = audit_list(request)
    with screen.working("Writing workbooks and pages") as progress:
        files = write_audit(audited, out, language=language, workers=workers, progress=progress)
    _show(screen, audited, out, AuditWords(language, audited.release, audited.delivered_on))
    screen.result(_as_data(audited, files) | {"steps": [asdict(step) for step in steps]})


def _note(steps: list[Step], screen: Screen, step: Step) -> None:
    steps.append(step)
    screen.step(step)


def _determination(
    screen: Screen, lake: Lake, release: str, asked: tuple[str, Path | None, str | None]
) -> Determination:
    """Open the determination of a programme (code, folder of own ones, name), or make it now and say so."""
    programme, own, name = asked
    known = find_programmes(own)
    (code,) = choose_programmes(known, [programme])
    with screen.working("Determining the programme"):
        judged, is_made_now = kept_or_determined(lake, release, code, programmes=known, own=own, name=name)
    if is_made_now:
        screen.line("The programme was determined now, without quotas: {name}.", name=judged.name)
    return judged


def _show(screen: Screen, audited: AuditedList, out: Path, words: AuditWords) -> None:
    whole = _whole(audited)
    screen.heading("{list} against release {release}", list=audited.list_name, release=audited.release)
    screen.line(
        "Rows of the list: {rows}. Audited: {audited}. Set aside: {aside}. Indications, not verdicts.",
        rows=audited.rows_in,
        audited=audited.rows_audited,
        aside=audited.rows_set_aside,
    )
    rows = []
    for name in shown_indications(audited):
        figure = whole.of(name)
        numbers = [figure.indicated, figure.not_checked, figure.stake_idr, figure.stake_a_year_idr]
        rows.append([words.indications[name], *numbers])
    screen.table(["Indication", "Indicated", "Not checked", "Rupiah on the list", "Rupiah a year"], rows)
    rules = audited.link_rules
    screen.table(
        ["How the person was found", "How sure", "Rows"],
        [[words.rules[rule], words.confidences[sure] if sure else None, count] for rule, sure, count in rules],
    )
    if audited.scores:
        screen.heading("Against the truth")
        screen.table(
            [
                *("Indication", "Indicated", "True", "Both", "True, not checked", "Precision", "Recall"),
                *("Sure", "Precision of the sure"),
            ],
            [[words.indications[one.indication], *_counts(one)] for one in audited.scores],
        )
    screen.line("Pages and workbooks: {index}", index=out / "index.html")


def _whole(audited: AuditedList) -> AreaFigures:
    return sum_of(one.whole for one in audited.regencies)


def _counts(score: IndicationScore) -> tuple[int | str | None, ...]:
    counts = (score.indicated, score.true, score.both, score.true_not_checked)
    return (*counts, _share(score.precision), _share(score.recall), score.sure, _share(score.sure_precision))


def _share(share: Fraction | None) -> str | None:
    return None if share is None else f"{float(share):.3f}"


def _as_data(audited: AuditedList, files: list[str]) -> dict[str, object]:
    whole = _whole(audited)
    figures = {name: whole.of(name) for name in shown_indications(audited)}
    return {
        "list": audited.list_name,
        "release": audited.release,
        "determination": audited.determination,
        "rows_in": audited.rows_in,
        "rows_audited": audited.rows_audited,
        "rows_set_aside": audited.rows_set_aside,
        "indications": {
            name: {
                "indicated": figure.indicated,
                "not_checked": figure.not_checked,
                "stake_idr": figure.stake_idr,
                "stake_a_year_idr": figure.stake_a_year_idr,
            }
            for name, figure in figures.items()
        },
        "found": [{"rule": rule, "confidence": sure, "rows": rows} for rule, sure, rows in audited.link_rules],
        "scores": [
            {
                "indication": one.indication,
                "indicated": one.indicated,
                "true": one.true,
                "both": one.both,
                "true_not_checked": one.true_not_checked,
                "sure": one.sure,
                "sure_both": one.sure_both,
            }
            for one in audited.scores
        ],
        "files": files,
    }
