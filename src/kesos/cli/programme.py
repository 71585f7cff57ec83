"""`kesos programme …`: list, read, check and compare the programmes as published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated, Final

import typer

from kesos.cli import programme_screens, settings
from kesos.cli.options import JsonOption
from kesos.cli.screen import Screen
from kesos.pipeline.determine.cases import CaseOutcome, run_cases
from kesos.pipeline.determine.fixed_amounts import fixed_amounts
from kesos.pipeline.determine.programme_folder import (
    check_programmes_named,
    choose_programmes,
    find_programmes,
    read_programme_file,
)
from kesos.policy.difference import programme_difference
from kesos.policy.programme import InForce, Programme
from kesos.policy.published import ProgrammeOn, change_days, programme_on
from kesos.policy.vocabulary.vocabulary import load_vocabulary
from kesos.presentation.language import translator

EXIT_FOUND: Final = 1

# National cut-offs are days of Asia/Jakarta, which knows no summer time.
_JAKARTA: Final = timezone(timedelta(hours=7))

app = typer.Typer(no_args_is_help=True, help="Programmes as published: list, show, check, sql, diff.")

CodeArgument = Annotated[str, typer.Argument(help="Code of the programme, such as PKH.")]
AsOfOption = Annotated[
    datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Day that is meant; else today.")
]
ProgrammesOption = Annotated[
    Path | None, typer.Option("--programmes", file_okay=False, help="Folder with programme files of your own.")
]


@app.command("list")
def list_programmes(
    *, as_of: AsOfOption = None, programmes: ProgrammesOption = None, as_json: JsonOption = False
) -> None:
    """List the programmes: code, name, unit, whether another institution decides, and when they hold."""
    screen, day = _screen(as_json), _day(as_of)
    found = find_programmes(programmes)
    programme_screens.show_list(screen, found, day, settings.language())
    screen.result([programme_screens.summary(programme, day) for programme in found.values()])


@app.command("show")
def show(
    code: CodeArgument,
    *,
    as_of: AsOfOption = None,
    programmes: ProgrammesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a programme as it holds on a day: law, clauses with their reasons, numbers, amounts by stage, cases."""
    screen, day = _screen(as_json), _day(as_of)
    found = find_programmes(programmes)
    version = _on(found, code, day)
    amounts = fixed_amounts(version.programme, day, load_vocabulary(), codes=found)
    programme_screens.show_programme(screen, version, amounts, settings.language())
    screen.result(
        {
            "as_of": day,
            "rule_hash": version.rule_hash,
            "amounts": {name: asdict(amount) for name, amount in amounts.items()},
            "programme": version.programme.model_dump(mode="json", by_alias=True),
        }
    )


@app.command("check")
def check(
    chosen: Annotated[
        str | None, typer.Argument(metavar="[CODE|FILE]", help="Code or file of one programme; else all are checked.")
    ] = None,
    *,
    programmes: ProgrammesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read programmes, parse their rules for every day of change, and run their cases; exit 1 if one fails."""
    screen = _screen(as_json)
    found = find_programmes(programmes)
    named = _named(found, chosen)
    outcomes = {code: _checked(programme, {**found, **named}) for code, programme in named.items()}
    programme_screens.show_checked(screen, named, outcomes, settings.language())
    screen.result({code: [_outcome(outcome) for outcome in each] for code, each in outcomes.items()})
    if not all(outcome.is_met for each in outcomes.values() for outcome in each):
        raise typer.Exit(EXIT_FOUND)


@app.command("sql")
def sql(
    code: CodeArgument,
    *,
    as_of: AsOfOption = None,
    programmes: ProgrammesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the SQL that each clause, component and key of a programme becomes; NULL stands for unknown."""
    screen, day = _screen(as_json), _day(as_of)
    version = _on(find_programmes(programmes), code, day)
    lines = programme_screens.sql_lines(version)
    programme_screens.show_sql(screen, version, lines)
    screen.result([asdict(line) for line in lines])


@app.command("diff")
def diff(
    code: CodeArgument,
    *,
    against: Annotated[
        datetime | None, typer.Option("--against", formats=["%Y-%m-%d"], help="Day to compare with; else the same day.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", exists=True, dir_okay=False, help="Another version of the file of CODE.")
    ] = None,
    as_of: AsOfOption = None,
    programmes: ProgrammesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what changes from one day to another, or to another version of the file, and whom it touches."""
    screen, first = _screen(as_json), _day(as_of)
    last = against.date() if against else first
    found = find_programmes(programmes)
    [old] = choose_programmes(found, [code]).values()
    new = read_programme_file(file) if file else old
    check_programmes_named(new, found, file=str(file or old.code))
    found_difference = programme_difference(_if_in_force(old, found, first), _if_in_force(new, found, last))
    programme_screens.show_difference(screen, (old, new), (first, last), found_difference, settings.language())
    screen.result({"code": old.code, "as_of": first, "against": last, **asdict(found_difference)})


def _screen(as_json: bool) -> Screen:
    return Screen(translator(settings.language()), as_json)


def _day(as_of: datetime | None) -> date:
    return as_of.date() if as_of else settings.now().astimezone(_JAKARTA).date()


def _on(found: Mapping[str, Programme], code: str, day: date) -> ProgrammeOn:
    [programme] = choose_programmes(found, [code]).values()
    return programme_on(programme, day, load_vocabulary(), codes=found)


def _if_in_force(programme: Programme, found: Mapping[str, Programme], day: date) -> ProgrammeOn | None:
    time = InForce(valid_from=programme.valid_from, valid_until=programme.valid_until)
    return programme_on(programme, day, load_vocabulary(), codes=found) if time.holds_on(day) else None


def _named(found: Mapping[str, Programme], chosen: str | None) -> dict[str, Programme]:
    """Give all programmes, the one of a code, or the one in a file (which may stand for a packaged one)."""
    if chosen is None:
        return dict(found)
    if not chosen.lower().endswith((".yaml", ".yml")):
        return choose_programmes(found, [chosen])
    programme = read_programme_file(Path(chosen))
    check_programmes_named(programme, [*found, programme.code], file=chosen)
    return {programme.code: programme}


def _checked(programme: Programme, codes: Mapping[str, Programme]) -> tuple[CaseOutcome, ...]:
    vocabulary = load_vocabulary()
    for day in change_days(programme):
        programme_on(programme, day, vocabulary, codes=codes)
    return run_cases(programme, vocabulary, tuple(codes))


def _outcome(outcome: CaseOutcome) -> dict[str, object]:
    name = outcome.case.name
    return {"case": name.en, "is_met": outcome.is_met, "differences": list(outcome.differences), "got": outcome.got}
