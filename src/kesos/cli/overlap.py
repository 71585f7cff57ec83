"""`kesos overlap`: what families get together, who gets nothing, and what would fit beside what they have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

import typer

from kesos.cli import settings
from kesos.cli.options import JsonOption, LakeOption
from kesos.cli.screen import Screen
from kesos.foundation.money import format_rupiah
from kesos.pipeline.determine.overlap import Band, Combination, Gap, Overlap, find_overlap
from kesos.presentation.language import translator

_MOST_COMBINATIONS: Final = 15

ReleaseOption = Annotated[str | None, typer.Option("--release", help="Name of the release; else the newest.")]
DeterminationOption = Annotated[
    str | None, typer.Option("--determination", help="Name of the determination; else the newest of the release.")
]


def overlap(
    *,
    release: ReleaseOption = None,
    determination: DeterminationOption = None,
    most: Annotated[int, typer.Option(help="How many combinations to show.", min=1, max=200)] = _MOST_COMBINATIONS,
    memory: Annotated[str, typer.Option(help="Most memory for the data engine.")] = "4GB",
    lake: LakeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Lay all programmes of a determination over one another: combinations, pairs, gaps, next steps out."""
    screen = Screen(translator(settings.language()), as_json)
    place = settings.lake(lake)
    found = find_overlap(place, place.newest_or(release), determination, memory=memory)
    _show_heading(screen, found)
    _show_combinations(screen, found, most)
    _show_pairs(screen, found)
    _show_gaps(screen, found.gaps)
    _show_poorest(screen, found.poorest)
    _show_next_steps(screen, found)
    screen.result(found.to_dict())


def _show_heading(screen: Screen, found: Overlap) -> None:
    screen.heading(
        "Overlap of the programmes of determination {name}, release {release}",
        name=found.determination,
        release=found.release,
    )
    screen.line(
        "Families with members: {families}. Determined: within the quota, or eligible where no quota ranks. "
        "These are determinations and no decisions.",
        families=found.families,
    )
    if found.left_out:
        screen.line("Programmes of groups are left out: {programmes}.", programmes=", ".join(found.left_out))
    if found.unsettled:
        screen.line(
            "Nobody could be determined for these, because facts are missing that an office states: {programmes}. "
            "Families to be verified for them are not counted as such.",
            programmes=", ".join(found.unsettled),
        )
    if found.not_known:
        screen.line(
            "Who receives these today is not known: {programmes}. Give the lists with `kesos determine --members`.",
            programmes=", ".join(found.not_known),
        )


def _show_combinations(screen: Screen, found: Overlap, most: int) -> None:
    screen.heading("What families are determined for together")
    columns = ["Programmes", "Families", "Persons", "Rupiah a year"]
    rows = [[*_combination(screen, one), _rupiah(one.amount_idr)] for one in found.chosen[:most]]
    screen.table(columns, rows)
    screen.heading("What families receive together today")
    screen.table(["Programmes", "Families", "Persons"], [_combination(screen, one) for one in found.received[:most]])


def _combination(screen: Screen, one: Combination) -> list[object]:
    programmes = " + ".join(one.programmes) or screen.translate("no programme")
    return [programmes, one.families, one.persons]


def _show_pairs(screen: Screen, found: Overlap) -> None:
    screen.heading("Pairs of programmes: families that are determined for both, and that receive both today")
    rows = [
        [pair.programme, pair.other, pair.chosen_families, pair.received_families]
        for pair in found.pairs
        if pair.programme != pair.other and (pair.chosen_families or pair.received_families)
    ]
    columns = ["Programme", "And", "Determined for both", "Receive both"]
    screen.table(columns, rows)
    if found.incompatible:
        screen.heading("Of these, pairs that may not be received together")
        rows = [[one.programme, one.other, one.chosen_families, one.received_families] for one in found.incompatible]
        screen.table(["Programme", "And", "Determined for both", "Receive both"], rows)


def _show_gaps(screen: Screen, gaps: Sequence[Gap]) -> None:
    screen.heading("Gaps: families determined for nothing, by official decile")
    columns = [
        "Decile", "Families", "Persons", "For nothing", "Of these to verify", "Of these waiting",
        "Of these receiving today", "Rupiah a year of all",
    ]  # fmt: skip
    rows = [
        [
            screen.translate("none received") if gap.decile is None else gap.decile,
            *(gap.families, gap.persons, gap.nothing, gap.nothing_to_verify, gap.nothing_waiting),
            *(gap.nothing_receiving, _rupiah(gap.amount_idr)),
        ]
        for gap in gaps
    ]
    screen.table(columns, rows)


def _show_poorest(screen: Screen, bands: Sequence[Band]) -> None:
    screen.heading("The poorest with least: families of decile 1 and 2, by rupiah a person and year")
    columns = [
        "Rupiah a person and year", "Families", "Persons", "For nothing", "Of these to verify", "Of these waiting",
        "Receiving today",
    ]  # fmt: skip
    rows = [
        [
            *(_band(screen, band), band.families, band.persons, band.nothing),
            *(band.nothing_to_verify, band.nothing_waiting, band.receiving),
        ]
        for band in bands
    ]
    screen.table(columns, rows)


def _band(screen: Screen, band: Band) -> str:
    if band.below_idr is None:
        return screen.translate("{from_idr} and more").format(from_idr=format_rupiah(band.from_idr))
    if band.from_idr == 0:
        return screen.translate("no money")
    return screen.translate("{from_idr} to below {below_idr}").format(
        from_idr=format_rupiah(band.from_idr), below_idr=format_rupiah(band.below_idr)
    )


def _show_next_steps(screen: Screen, found: Overlap) -> None:
    if not found.next_steps:
        return
    screen.heading("Next steps out: who has a programme and could have one that fits beside or after it")
    columns = [
        "Who has", "Could have", "Families that have the first", "Receive both", "Determined, not receiving",
        "Waiting", "To verify",
    ]  # fmt: skip
    rows = [
        [
            *(step.programme, step.next_programme, step.families),
            *(step.receiving, step.could_have, step.waiting, step.to_verify),
        ]
        for step in found.next_steps
    ]
    screen.table(columns, rows)


def _rupiah(amount_idr: int | None) -> str | None:
    return None if amount_idr is None else format_rupiah(amount_idr)
