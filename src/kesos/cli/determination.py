"""`kesos determination …`: explain one determination, and measure a programme's error against a known truth."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from kesos.cli import settings
from kesos.cli.determination_screens import show_explained
from kesos.cli.options import JsonOption, LakeOption
from kesos.cli.screen import Screen
from kesos.pipeline.determine.against_truth import ErrorByCut, RuleError, rule_error
from kesos.pipeline.determine.explain import explain_determination
from kesos.presentation.language import translator

app = typer.Typer(no_args_is_help=True, help="Determinations: explain one, measure the error of a programme.")

ReleaseOption = Annotated[str | None, typer.Option("--release", help="Name of the release; else the newest.")]
DeterminationOption = Annotated[
    str | None, typer.Option("--determination", help="Name of the determination; else the newest of the release.")
]


@app.command("explain")
def explain(
    unit: Annotated[str, typer.Argument(help="Identifier: F-…, P-… or D-…; for a group its code.")],
    programme: Annotated[str, typer.Argument(help="Code of the programme, such as PKH.")],
    *,
    release: ReleaseOption = None,
    determination: DeterminationOption = None,
    lake: LakeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Explain what was determined for one family, person, dwelling or group: every clause, fact, place and amount."""
    language = settings.language()
    screen = Screen(translator(language), as_json)
    place = settings.lake(lake)
    told = explain_determination(place, place.newest_or(release), unit, programme.upper(), name=determination)
    show_explained(screen, told, language)
    screen.result(told.to_dict())


@app.command("evaluate")
def evaluate(
    *,
    truth: Annotated[Path, typer.Option(exists=True, file_okay=False, help="Folder `truth` of a synthetic world.")],
    programme: Annotated[str, typer.Option(help="Code of the programme, such as PKH.")],
    release: ReleaseOption = None,
    determination: DeterminationOption = None,
    lake: LakeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure how wrong a programme is as ruled: who is determined and should not be, who should be and is not."""
    screen = Screen(translator(settings.language()), as_json)
    place = settings.lake(lake)
    found = rule_error(place, place.newest_or(release), truth, programme.upper(), name=determination)
    _show_error(screen, found)
    screen.result(found.to_dict())


def _show_error(screen: Screen, found: RuleError) -> None:
    screen.heading(
        "{programme} as ruled against the truth: determination {name}, release {release}",
        programme=found.programme,
        name=found.determination,
        release=found.release,
    )
    screen.line(
        "Truly entitled: poor by true consumption a person up to the line, and all else that the rule asks, "
        "counted from the truth. Last decile: {decile}.",
        decile=found.asked.last_decile,
    )
    for cut in found.cuts:
        _show_cut(screen, cut)
    screen.heading("By true decile of this world")
    columns = [
        "Decile", "Families", "Persons", "Entitled but for the decile", "Determined eligible", "To verify",
        "Not in the registry",
    ]  # fmt: skip
    rows = [
        [
            *(row.decile, row.families, row.persons, row.may_receive),
            *(row.eligible, row.to_verify, row.not_in_registry),
        ]
        for row in found.deciles
    ]
    screen.table(columns, rows)


def _show_cut(screen: Screen, cut: ErrorByCut) -> None:
    screen.heading("The line between poor and not poor: {line}", line=screen.word(cut.line))
    screen.line(
        "Inclusion error: {inclusion} of those determined eligible are truly not entitled. "
        "Exclusion error: {exclusion} of those truly entitled are not determined eligible.",
        inclusion=_percent(cut.inclusion_error),
        exclusion=_percent(cut.exclusion_error),
    )
    columns = ["Determined eligible, and truly", "Families", "Persons"]
    screen.table(columns, [[screen.word(key), one.families, one.persons] for key, one in cut.determined.items()])
    columns = ["Truly entitled, and determined", "Families", "Persons"]
    screen.table(columns, [[screen.word(key), one.families, one.persons] for key, one in cut.entitled.items()])


def _percent(share: Fraction | None) -> str:
    return "–" if share is None else f"{float(share) * 100:.1f} %"
