"""How releases are shown: what they were made of, what they hold, what did not fit, and why a value stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kesos.cli.screen import Screen
from kesos.datasets.manifest import Manifest
from kesos.pipeline.release import run_log
from kesos.pipeline.release.build import Built
from kesos.pipeline.release.explain import Explanation
from kesos.pipeline.release.faults import FaultOfSource
from kesos.pipeline.sources.receipt import Receipt
from kesos.pipeline.validate.reasons import REASONS

# Rows set aside come first, then the most frequent: whoever mends these mends most.
_MOST_FAULTS: Final = 25


def show_receipt(screen: Screen, receipt: Receipt) -> None:
    """Show that a file was received, or had been before."""
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


def show_built(screen: Screen, built: Built, faults: Sequence[FaultOfSource]) -> None:
    """Show a release that was just built."""
    if built.left_aside:
        names = ", ".join(path.name for path in built.left_aside)
        screen.line("Left aside, because no table is of that kind: {names}.", names=names)
    show_manifest(screen, built.manifest, faults)
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


def show_manifest(screen: Screen, manifest: Manifest, faults: Sequence[FaultOfSource]) -> None:
    """Show what a release was made of, what it holds, and what did not fit."""
    screen.heading("Release {name} as of {as_of}", name=manifest.name, as_of=manifest.as_of)
    rows = [
        [one.source, one.file, one.original_name, one.delivered_on, one.rows_in, one.rows_kept, one.rows_quarantined]
        for one in manifest.inputs
    ]
    columns = ["Source", "File of the contract", "Delivered file", "Delivered on", "Rows in", "Kept", "Quarantined"]
    screen.table(columns, rows)
    screen.heading("What it holds")
    screen.table(["Figure", "Count"], [[screen.translate(key), value] for key, value in manifest.counts.items()])
    if faults:
        screen.heading("What did not fit")
        columns = ["Effect", "Source", "File of the contract", "Column", "Reason", "How often", "What to do"]
        screen.table(columns, [_fault_row(screen, fault) for fault in faults[:_MOST_FAULTS]])
    if len(faults) > _MOST_FAULTS:
        screen.line("More kinds of faults: {more}; all of them with --json.", more=len(faults) - _MOST_FAULTS)


def _fault_row(screen: Screen, fault: FaultOfSource) -> list[object]:
    effect = screen.translate("row set aside") if fault.is_set_aside else screen.translate("value only")
    remedy = screen.translate(REASONS[fault.reason].remedy)
    return [effect, fault.source, fault.file, fault.field or None, fault.reason, fault.faults, remedy]


def show_explanation(screen: Screen, explanation: Explanation) -> None:
    """Show one person: each value with the record it rests on."""
    screen.heading("Person {person} in release {release}", person=explanation.person, release=explanation.release)
    if explanation.asked_for != explanation.person:
        screen.line("{asked} was merged into {person}.", asked=explanation.asked_for, person=explanation.person)
    if explanation.age is not None:
        screen.line("Age {age} on {as_of}.", age=explanation.age, as_of=explanation.as_of)
    if explanation.family is None:
        screen.line("Belongs to no family now.")
    else:
        screen.line("Family {family}.", family=explanation.family)
    if explanation.family is not None and explanation.official_decile is None:
        screen.line("No official decile was received for the family.")
    elif explanation.official_decile is not None:
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
