"""How a determination is shown: each programme in a line, what is missing most, and what it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from kesos.cli.screen import Screen
from kesos.foundation.money import format_rupiah
from kesos.pipeline.determine.request import Determined
from kesos.pipeline.release import run_log
from kesos.policy.programme import Programme, Unit

MOST_BY_LOTTERY: Final = 0.05
"""Share of the eligible, where places are short, that a draw may settle without a warning."""


def show_determined(screen: Screen, determined: Determined, programmes: Mapping[str, Programme]) -> None:
    """Show a finished determination."""
    manifest = determined.manifest
    screen.heading(
        "Determination {name} over release {release}, as of {as_of}",
        name=manifest.name,
        release=manifest.release,
        as_of=manifest.as_of,
    )
    if not determined.is_new:
        screen.line("It was kept already, and comes out the same, to the byte.")
    _show_outcomes(screen, determined.summary)
    _show_movements(screen, determined)
    _show_not_found(screen, determined)
    _show_missing(screen, determined.summary)
    _show_warnings(screen, determined, programmes)
    screen.line("Kept in {folder}.", folder=determined.folder)
    screen.line("These are determinations, not decisions: a decision has the signature of the authority.")
    screen.result(_as_json(determined))


def _show_outcomes(screen: Screen, summary: tuple[dict[str, Any], ...]) -> None:
    columns = ["Programme", "Unit", "Units", "Eligible", "Not eligible", "To verify", "Share to verify", "Within quota"]
    columns += ["Waiting", "Not ranked", "Rupiah of all eligible"]
    rows = [
        [
            row["programme"] + (" *" if row["is_candidate_list"] else ""),
            screen.word(row["unit"]),
            *(row[name] for name in ("units", "eligible", "not_eligible", "to_verify")),
            _share(row["to_verify"], row["units"]),
            *(row[name] for name in ("within_quota", "waiting", "not_ranked")),
            format_rupiah(row["amount_idr"]),
        ]
        for row in summary
    ]
    screen.table(columns, rows)
    if any(row["is_candidate_list"] for row in summary):
        screen.line("* A list of candidates: another institution decides.")


def _show_movements(screen: Screen, determined: Determined) -> None:
    """Show what would change; only of programmes whose members of today are known."""
    known = [row for row in determined.summary if row["programme"] in determined.members]
    if not known:
        screen.line("Nobody told who is a member today, so that nothing is said of coming in or leaving (--members).")
        return
    screen.heading("Against today's members: leaving is only proposed, nobody is removed")
    rows = [
        [
            row["programme"],
            screen.word(determined.members[row["programme"]]),
            *(row[name] for name in ("enter", "stay", "leave", "protected")),
        ]
        for row in known
    ]
    screen.table(["Programme", "Members from", "Enter", "Stay", "Leave (proposed)", "Kept by protection"], rows)


def _show_not_found(screen: Screen, determined: Determined) -> None:
    lines = Counter(one.kind for one in determined.not_found)
    for kind, count in sorted(lines.items()):
        screen.line(
            "Lines of the file of {kind} that name nobody whom the release has: {count}; each one with --json.",
            kind=screen.word(kind),
            count=count,
        )


def _show_missing(screen: Screen, summary: tuple[dict[str, Any], ...]) -> None:
    missing = [row for row in summary if row["main_missing_fact"]]
    if missing:
        screen.heading("What settles most of those to verify")
        columns = ["Programme", "Missing fact", "Units that lack it", "Units that lack nothing else"]
        names = ("programme", "main_missing_fact", "main_missing_units", "main_missing_only")
        screen.table(columns, [[row[name] for name in names] for row in missing])


def _show_warnings(screen: Screen, determined: Determined, programmes: Mapping[str, Programme]) -> None:
    for row in determined.summary:
        settled, eligible = row["settled_by_lottery"], row["eligible_of_full_areas"]
        if settled > MOST_BY_LOTTERY * eligible:
            screen.line(
                "Warning, {programme}: for {count} of {eligible} eligible where places are short ({share}) only the "
                "lottery decided. Add a ranking key, or receive the official score.",
                programme=row["programme"],
                count=settled,
                eligible=eligible,
                share=_share(settled, eligible),
            )
    has_groups = any(programmes[row["programme"]].unit is Unit.GROUP for row in determined.summary)
    if has_groups and not determined.groups_given:
        screen.line("No file of groups was given (--groups), so that there are no groups to look at.")
    for one in determined.left_out:
        screen.line(
            "Left out, because it is not in force that day: {programme} (from {first} until {last}).",
            programme=one.code,
            first=one.valid_from,
            last=one.valid_until,
        )


def _share(part: int, whole: int) -> str | None:
    """Write a share in per cent, with one decimal; nothing of nothing is no share."""
    return f"{100 * part / whole:.1f} %" if whole else None


def _as_json(determined: Determined) -> dict[str, object]:
    return {
        "manifest": determined.manifest.model_dump(mode="json"),
        "folder": determined.folder,
        "is_new": determined.is_new,
        "programmes": [_with_shares(row) for row in determined.summary],
        "left_out": [
            {"programme": one.code, "valid_from": one.valid_from, "valid_until": one.valid_until}
            for one in determined.left_out
        ],
        "members": dict(determined.members),
        "not_found": [asdict(one) for one in determined.not_found],
        "steps": [run_log.step_row(step) for step in determined.steps],
    }


def _with_shares(row: Mapping[str, Any]) -> dict[str, Any]:
    settled, eligible = row["settled_by_lottery"], row["eligible_of_full_areas"]
    return {
        **row,
        "share_to_verify": row["to_verify"] / row["units"] if row["units"] else None,
        "share_by_lottery": settled / eligible if eligible else None,
    }
