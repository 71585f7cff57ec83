"""`kesos release evaluate`: a release against the truth of a synthetic world."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from kesos.cli import settings
from kesos.cli.options import JsonOption, LakeOption
from kesos.cli.screen import Screen
from kesos.pipeline.evaluate.against_truth import evaluate_release
from kesos.pipeline.evaluate.scores import Counted, Score, Scores
from kesos.presentation.language import translator

ReleaseOption = Annotated[str | None, typer.Option("--release", help="Name of the release; else the newest.")]


def evaluate(
    *,
    truth: Annotated[Path, typer.Option(exists=True, file_okay=False, help="Folder `truth` of a synthetic world.")],
    release: ReleaseOption = None,
    lake: LakeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Judge the links of a release against the truth: precision, recall and F1, overall and by group."""
    screen = Screen(translator(settings.language()), as_json)
    place = settings.lake(lake)
    found = evaluate_release(place, place.newest_or(release), truth)
    overall = found.evaluation.overall
    screen.heading("Release {name} against the truth", name=found.release)
    screen.line(
        "Records judged: {records}. Records without truth: {untold}. Rows of the truth that were set aside: {aside}.",
        records=overall.records,
        untold=found.evaluation.untold,
        aside=found.rows_not_released,
    )
    screen.table(
        ["Counted by", "Precision", "Recall", "F1"],
        [
            [screen.translate("pairs of records"), *_figures(overall.pairs.score)],
            [screen.translate("whole persons"), *_figures(overall.clusters.score)],
            [screen.translate("records (B-cubed)"), *_figures(overall.b_cubed)],
        ],
    )
    screen.heading("By group: pairs of which either record is in it")
    columns = ["Group", "Value", "Records", "Pairs put together", "True pairs", "Precision", "Recall", "F1"]
    screen.table(
        columns, [[screen.word(g.group), screen.word(g.value), *_group_row(g.scores)] for g in found.evaluation.groups]
    )
    screen.result(found.to_dict())


def _group_row(scores: Scores) -> list[object]:
    pairs: Counted = scores.pairs
    return [scores.records, pairs.claimed, pairs.true, *_figures(pairs.score)]


def _figures(score: Score) -> list[str | None]:
    return [_shown(figure) for figure in (score.precision, score.recall, score.f1)]


def _shown(figure: Fraction | None) -> str | None:
    return None if figure is None else f"{float(figure):.4f}"
