"""`kesos review …`: the pairs that people should look at, what they answer, and how right a release is by sample."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kesos.cli import settings
from kesos.cli.options import JsonOption, LakeOption
from kesos.cli.screen import Screen
from kesos.pipeline.link.answers import Answers, Verdict, read_answers
from kesos.pipeline.link.estimate import estimate_quality
from kesos.pipeline.link.limits import Interval
from kesos.pipeline.link.record_facts import SHOWN, Facts
from kesos.pipeline.link.review import ReviewPair, answer_pair, review_queue
from kesos.pipeline.link.sample import DESIGN, SHEET, read_sample, sample_release
from kesos.presentation.language import translator

app = typer.Typer(no_args_is_help=True, help="Pairs of records that people should look at; samples for evaluation.")

_CODED = frozenset({"sex", "nik_note"})

ReleaseOption = Annotated[str | None, typer.Option("--release", help="Name of the release; else the newest.")]
AnswersOption = Annotated[
    Path, typer.Option("--answers", dir_okay=False, help="File of answers: review_answers.csv beside the sources.")
]


@app.command("list")
def list_pairs(
    *,
    most: Annotated[int, typer.Option(help="How many pairs to show.", min=1)] = 20,
    answers: Annotated[
        Path | None, typer.Option("--answers", exists=True, dir_okay=False, help="File of answers given so far.")
    ] = None,
    release: ReleaseOption = None,
    lake: LakeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the pairs of records that people should look at, those first that cost most as they stand."""
    screen = Screen(translator(settings.language()), as_json)
    place = settings.lake(lake)
    given = read_answers(answers) if answers else Answers()
    queue = review_queue(place, place.newest_or(release), answers=given, most=most)
    screen.heading("Release {name}: pairs that wait: {waiting}", name=queue.release, waiting=queue.waiting)
    for pair in queue.pairs:
        _show_pair(screen, pair)
    pairs = [pair.to_dict() for pair in queue.pairs]
    screen.result({"release": queue.release, "waiting": queue.waiting, "pairs": pairs})


def _show_pair(screen: Screen, pair: ReviewPair) -> None:
    screen.heading("Pair {pair}", pair=pair.pair)
    template = (
        "Taken for one person now. Chance that this is wrong: {percent} %. What hangs on it: {stakes}."
        if pair.is_together
        else "Taken for two persons now. Chance that this is wrong: {percent} %. What hangs on it: {stakes}."
    )
    stakes = ", ".join(screen.translate(stake) for stake in pair.stakes)
    screen.line(template, percent=f"{pair.error_ppm / 10_000:.1f}", stakes=stakes)
    if pair.is_refused:
        screen.line("The evidence joined them, and other records kept them apart.")
    if pair.earlier_answer:
        screen.line("Somebody was unsure about this pair before.")
    left, right = pair.records
    screen.table(
        ["What", "One record", "The other"],
        [[screen.word(n), *(_said(screen, n, one) for one in (left, right))] for n in SHOWN],
    )
    if pair.evidence:
        rows = [
            [screen.word(step.comparison), screen.word(step.level), f"{step.weight_millibits / 1000:+.1f}"]
            for step in pair.evidence
        ]
        screen.table(["Compared", "Outcome", "Weight (bits)"], rows)


def _said(screen: Screen, name: str, facts: Facts) -> object:
    return screen.word(facts[name]) if name in _CODED else facts[name]


@app.command("answer")
def answer(
    pair: Annotated[str, typer.Argument(help="The pair as listed, such as 12-345.")],
    verdict: Annotated[Verdict, typer.Argument(help="same, different or unsure.")],
    *,
    by: Annotated[str, typer.Option(help="Who answers.")],
    answers: AnswersOption,
    release: ReleaseOption = None,
    lake: LakeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a pair: same, different or unsure. The next build obeys; a later answer takes the place of an earlier."""
    screen = Screen(translator(settings.language()), as_json)
    place = settings.lake(lake)
    given = answer_pair(
        place, place.newest_or(release), pair, verdict, by=by, at=settings.now().replace(microsecond=0), file=answers
    )
    screen.line("Noted in {file}. The next build obeys it.", file=answers)
    screen.result({"pair": pair, "answer": given.verdict.value, "by": given.by, "at": given.at.isoformat()})


@app.command("sample")
def sample(
    *,
    out: Annotated[Path, typer.Option(file_okay=False, help="Folder for the sheet to fill in and its design.")],
    pairs: Annotated[int, typer.Option(help="How many pairs to draw.", min=1)] = 600,
    seed: Annotated[int, typer.Option(help="The same seed draws the same pairs.", min=0)] = 1,
    release: ReleaseOption = None,
    lake: LakeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw pairs by lot for people to answer, so that precision and recall can be estimated without a truth."""
    screen = Screen(translator(settings.language()), as_json)
    place = settings.lake(lake)
    drawn = sample_release(place, place.newest_or(release), out=out, size=pairs, seed=seed)
    counts = {one.name: sum(pair.stratum == one.name for pair in drawn.pairs) for one in drawn.strata}
    screen.line(
        "Fill in the column `answer` of {sheet}: same, different or unsure. Leave {design} as it is.",
        sheet=out / SHEET,
        design=out / DESIGN,
    )
    rows = [[screen.word(one.name), one.pairs, counts[one.name]] for one in drawn.strata]
    screen.table(["Part", "Pairs", "Drawn"], rows)
    parts = [{"part": one.name, "pairs": one.pairs, "drawn": counts[one.name]} for one in drawn.strata]
    screen.result({"sheet": str(out / SHEET), "parts": parts})


@app.command("estimate")
def estimate(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Folder of the filled sample.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Estimate precision and recall of a release, with 95 % limits, from an answered sample."""
    screen = Screen(translator(settings.language()), as_json)
    found = estimate_quality(read_sample(folder))
    figures = {"precision": found.precision, "recall": found.recall, "f1": found.f1}
    screen.table(
        ["Figure", "Estimate", "From (95 %)", "To (95 %)"],
        [[screen.word(name), *_interval(figure)] for name, figure in figures.items()],
    )
    screen.table(
        ["Part", "Pairs", "Drawn", "Same", "Different", "Unsure"],
        [[screen.word(t.stratum), t.pairs, t.drawn, t.same, t.different, t.unsure] for t in found.tallies],
    )
    screen.line("Recall is of the pairs that were compared; pairs that no key brought together are in no figure.")
    screen.result(found.to_dict())


def _interval(interval: Interval) -> list[str]:
    return [f"{value:.4f}" for value in (interval.estimate, interval.low, interval.high)]
