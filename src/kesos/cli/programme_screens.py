"""How programmes are shown: to a lawyer who reads one, and to whoever checks or compares them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kesos.cli.screen import Screen
from kesos.foundation.money import format_rupiah
from kesos.pipeline.determine.cases import CaseOutcome
from kesos.pipeline.determine.fixed_amounts import FixedAmount
from kesos.policy.difference import Change, Difference, Effect
from kesos.policy.programme import InForce, Parameter, Programme
from kesos.policy.published import ProgrammeOn, Role, change_days
from kesos.policy.rules.compile import truth_sql, value_sql
from kesos.policy.rules.name import Kind
from kesos.policy.rules.rule import Rule
from kesos.policy.vocabulary.vocabulary import load_vocabulary


def summary(programme: Programme, day: date) -> dict[str, Any]:
    """Give what a list says of a programme."""
    time = InForce(valid_from=programme.valid_from, valid_until=programme.valid_until)
    return {
        "code": programme.code,
        "name": programme.name.model_dump(),
        "unit": programme.unit.value,
        "is_candidate_list": programme.is_candidate_list,
        "is_in_force": time.holds_on(day),
        "valid_from": programme.valid_from,
        "valid_until": programme.valid_until,
        "uncertain": count_uncertain(programme.model_dump()),
    }


def count_uncertain(part: object) -> int:
    """Count what a programme says is uncertain, however deep.

    >>> count_uncertain({"uncertain": ["a", "b"], "parts": [{"uncertain": "c"}, {"uncertain": None}]})
    3
    """
    if isinstance(part, Mapping):
        said = part.get("uncertain")
        own = len(said) if isinstance(said, list | tuple) else int(bool(said))
        return own + sum(count_uncertain(value) for key, value in part.items() if key != "uncertain")
    return sum(map(count_uncertain, part)) if isinstance(part, list | tuple) else 0


def show_list(screen: Screen, found: Mapping[str, Programme], day: date, language: str) -> None:
    """Show the programmes, one a line."""
    screen.heading("Programmes on {day}", day=day)
    rows = [
        [
            *(one["code"], found[one["code"]].name.said(language), screen.word(one["unit"])),
            _yes_no(screen, one["is_candidate_list"]),
            _yes_no(screen, one["is_in_force"]),
            *(one["valid_from"], one["valid_until"], one["uncertain"]),
        ]
        for one in (summary(programme, day) for programme in found.values())
    ]
    columns = ["Code", "Name", "Unit", "Candidate list", "In force", "Valid from", "Until", "Uncertain points"]
    screen.table(columns, rows)
    screen.line("Candidate list: another institution decides, and we only propose.")


def _yes_no(screen: Screen, truth: bool) -> str:
    return screen.translate("yes" if truth else "no")


def show_programme(screen: Screen, version: ProgrammeOn, amounts: Mapping[str, FixedAmount], language: str) -> None:
    """Show a whole programme as it holds on a day."""
    _show_head(screen, version, language)
    _show_clauses(screen, version, language)
    _show_numbers(screen, version.programme.parameters, version, language)
    _show_benefit(screen, version, amounts, language)
    _show_order(screen, version.programme, language)
    _show_staying(screen, version, language)
    _show_doubts_and_cases(screen, version.programme, language)


def _show_head(screen: Screen, version: ProgrammeOn, language: str) -> None:
    programme = version.programme
    screen.heading("{code} on {day}: {name}", name=programme.name.said(language), code=programme.code, day=version.day)
    screen.line("{aim}", aim=programme.aim.said(language))
    screen.line(
        "For each {unit}; in force from {first} until {last}; rules {rule_hash}.",
        unit=screen.word(programme.unit.value),
        first=programme.valid_from,
        last=programme.valid_until,
        rule_hash=version.rule_hash[:12],
    )
    if programme.proposed_by is not None:
        screen.line("A list of candidates: {who} proposes or decides.", who=programme.proposed_by)
    screen.heading("Law")
    rows = [[law.act, law.about, law.source, law.uncertain] for law in programme.legal_basis]
    screen.table(["Act", "About", "Read in", "Uncertain because"], rows)
    screen.heading("Who does what")
    authority = programme.authority
    columns = ["Determines", "Signs", "Pays", "Owns the data"]
    screen.table(columns, [[authority.determines, authority.signs, authority.pays, authority.data_owner]])


def _show_clauses(screen: Screen, version: ProgrammeOn, language: str) -> None:
    by_role = {role: [one for one in version.clauses if one.role is role] for role in Role}
    screen.heading("Who may receive: all of these must hold")
    rows = [[one.id, _one_line(one.rule.text), one.reason.said(language)] for one in by_role[Role.ELIGIBILITY]]
    screen.table(["Clause", "Rule", "What the family is told if not"], rows)
    if by_role[Role.EXCLUSION]:
        screen.heading("What speaks against, if it is known and not too old")
        excluded = [
            [
                *(one.id, _one_line(one.rule.text), one.reason.said(language), one.source),
                one.expires_after_months,
                one.contest.said(language) if one.contest else None,
            ]
            for one in by_role[Role.EXCLUSION]
        ]
        columns = ["Clause", "Rule", "What the family is told", "Source", "Expires (months)", "How to contest it"]
        screen.table(columns, excluded)
    others = version.programme.incompatible
    if by_role[Role.INCOMPATIBLE]:
        screen.heading("Not together with")
        named = [[one.programme, one.reason.said(language)] for one in others if one.holds_on(version.day)]
        screen.table(["Programme", "What the family is told"], named)
    if version.programme.complements:
        screen.heading("Fits well beside it, or after it")
        beside = [[one.programme, one.why.said(language)] for one in version.programme.complements]
        screen.table(["Programme", "Why"], beside)
    for clause in version.clauses:
        if clause.uncertain:
            screen.line("{clause}: this rule is uncertain. {why}", clause=clause.id, why=clause.uncertain)


def _show_numbers(screen: Screen, parameters: Mapping[str, Parameter], version: ProgrammeOn, language: str) -> None:
    if not parameters:
        return
    screen.heading("Numbers, with all their days; the one that holds is marked *")
    rows = [
        [
            *(name, parameter.meaning.said(language)),
            f"{value.value} *" if version.parameters.get(name) is value else value.value,
            *(parameter.unit or None, value.valid_from, value.valid_until, value.law, value.uncertain),
        ]
        for name, parameter in parameters.items()
        for value in parameter.values
    ]
    screen.table(["Name", "Meaning", "Value", "Unit", "Valid from", "Until", "Law", "Uncertain because"], rows)


def _show_benefit(screen: Screen, version: ProgrammeOn, amounts: Mapping[str, FixedAmount], language: str) -> None:
    benefit = version.programme.benefit
    screen.heading("What is given")
    screen.line(
        "{kind}. Amounts: {per}, times {periods}. Stages: {stages}. A change takes effect: {change}.",
        kind=screen.word(benefit.kind),
        per=screen.word(benefit.per),
        periods=benefit.periods,
        stages=benefit.stages,
        change=screen.word(benefit.change_takes_effect),
    )
    if version.most_persons is not None:
        screen.line("At most {most} persons of a family, those with the highest amounts.", most=version.most_persons)
    rows = [
        [
            *(
                part.component.name.said(language),
                screen.translate("person" if part.component.of == "person" else "unit"),
            ),
            *(_one_line(part.rule.text), _one_line(part.amount.text) if part.amount else None, part.at_most),
            format_rupiah(amounts[code].amount_idr) if (code := part.component.code) in amounts else None,
        ]
        for part in version.components
    ]
    screen.table(["Component", "For each", "Rule", "Amount", "At most persons", "In all"], rows)
    _show_stages(screen, version, amounts, language)
    if benefit.uncertain:
        screen.line("Uncertain: {why}", why=benefit.uncertain)


def _show_stages(screen: Screen, version: ProgrammeOn, amounts: Mapping[str, FixedAmount], language: str) -> None:
    names = {part.component.code: part.component.name.said(language) for part in version.components}
    fixed = {code: amount for code, amount in amounts.items() if code in names}
    if not fixed or version.programme.benefit.stages == 1:
        return
    screen.heading("Stages, in rupiah")
    rows = []
    for number in range(version.programme.benefit.stages):
        days = {stage for amount in fixed.values() for stage in amount.stages[number : number + 1]}
        first = min((stage.valid_from for stage in days), default=None)
        rows.append([number + 1, first, *(format_rupiah(amount.payments[number]) for amount in fixed.values())])
    # Titles of the other columns are names of components, which the programme itself gives in both languages.
    titles = [screen.translate("Stage"), screen.translate("Valid from"), *(names[code] for code in fixed)]
    screen.table(titles, rows)


def _show_order(screen: Screen, programme: Programme, language: str) -> None:
    quota = programme.quota
    if quota is not None:
        screen.heading("Places are limited")
        screen.line(
            "By {level}, of the {area} area. Who finds no place waits; nobody is refused for it.",
            level=screen.word(quota.level),
            area=screen.word(quota.area),
        )
        if quota.note:
            screen.line("{note}", note=quota.note)
        if quota.uncertain:
            screen.line("Uncertain: {why}", why=quota.uncertain)
    if programme.ranking:
        screen.heading("Order of places; an unknown value comes last")
        rows = [
            [number, key.meaning.said(language), _one_line(key.key), screen.word(key.order)]
            for number, key in enumerate(programme.ranking, 1)
        ]
        screen.table(["Key", "Meaning", "Rule", "Order"], rows)
    if programme.lottery is not None:
        screen.line(
            "Last by lottery: SHA-256 of {seed}|{code}|number of the unit, the smallest first. Seed published: {where}",
            seed=programme.lottery.seed,
            code=programme.code,
            where=programme.lottery.published,
        )


def _show_staying(screen: Screen, version: ProgrammeOn, language: str) -> None:
    programme = version.programme
    if programme.conditions:
        screen.heading("What a receiver commits to; no sanction where the service is absent")
        rows = [
            [one.text.said(language), one.measured_by, ", ".join(one.components) or None, one.uncertain]
            for one in programme.conditions
        ]
        screen.table(["Condition", "Measured by", "Components", "Uncertain because"], rows)
    if programme.duration is not None and version.exempt is not None:
        screen.heading("Longest time")
        screen.line(
            "{months} months, except if: {exempt}. Then leaving is only proposed: {reason}",
            months=version.longest_months,
            exempt=_one_line(version.exempt.text),
            reason=programme.duration.reason.said(language),
        )
    if version.exits:
        screen.heading("Other reasons for which leaving is proposed")
        ways = [[way.id, _one_line(rule.text), way.reason.said(language)] for way, rule in version.exits]
        screen.table(["Exit", "Rule", "What the family is told"], ways)
    if programme.protection is not None and version.protected is not None:
        screen.heading("Who is protected from leaving")
        screen.line(
            "{rule}: {reason}",
            rule=_one_line(version.protected.text),
            reason=programme.protection.reason.said(language),
        )
        screen.line("The way back: {way}", way=programme.protection.way_back.said(language))
    screen.line("Budget line: {line}", line=programme.budget_line)


def _show_doubts_and_cases(screen: Screen, programme: Programme, language: str) -> None:
    if programme.uncertain:
        screen.heading("What is uncertain about the whole")
        for why in programme.uncertain:
            screen.line("- {why}", why=why)
    screen.heading("Cases")
    rows = [
        [
            *(case.name.said(language), case.as_of, screen.word(case.expect.eligibility.value)),
            ", ".join(case.expect.because) or None,
            None if case.expect.amount_idr is None else format_rupiah(case.expect.amount_idr),
        ]
        for case in programme.cases
    ]
    screen.table(["Case", "As of", "Expected", "Because of clause", "Amount"], rows)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def show_checked(
    screen: Screen,
    checked: Mapping[str, Programme],
    outcomes: Mapping[str, Sequence[CaseOutcome]],
    language: str,
) -> None:
    """Show how many cases of each programme passed, and for each that failed what differs."""
    rows = [
        [
            *(code, checked[code].name.said(language), len(change_days(checked[code])), len(each)),
            sum(outcome.is_met for outcome in each),
        ]
        for code, each in outcomes.items()
    ]
    screen.table(["Code", "Name", "Days on which it changes", "Cases", "Passed"], rows)
    for code, each in outcomes.items():
        for outcome in each:
            if not outcome.is_met:
                screen.heading("{code}, case failed: {case}", code=code, case=outcome.case.name.said(language))
                for difference in outcome.differences:
                    screen.line("- {why}", why=difference)


@dataclass(frozen=True, slots=True)
class SqlLine:
    """One expression of a programme and the SQL that it becomes."""

    part: str
    name: str
    sql: str


def sql_lines(version: ProgrammeOn) -> list[SqlLine]:
    """Give the SQL of every rule that is in force."""
    lines = [SqlLine(clause.role.value, clause.id, truth_sql(clause.rule)) for clause in version.clauses]
    for part in version.components:
        lines.append(SqlLine("component", part.component.code, truth_sql(part.rule)))
        if part.amount is not None:
            lines.append(SqlLine("amount", part.component.code, value_sql(part.amount)))
    lines += [SqlLine("ranking", str(number), _sql(key.rule)) for number, key in enumerate(version.ranking, 1)]
    lines += [SqlLine("exit", way.id, truth_sql(rule)) for way, rule in version.exits]
    leaving = (("longest_time", "exempt", version.exempt), ("protection", "rule", version.protected))
    return lines + [SqlLine(part, name, truth_sql(rule)) for part, name, rule in leaving if rule is not None]


def _sql(rule: Rule) -> str:
    return truth_sql(rule) if rule.kind is Kind.BOOLEAN else value_sql(rule)


def show_sql(screen: Screen, version: ProgrammeOn, lines: Iterable[SqlLine]) -> None:
    """Show each expression with its SQL."""
    screen.heading(
        "{code} on {day}: p is a person, f a family, d a dwelling, g a group, m the list of members",
        code=version.programme.code,
        day=version.day,
    )
    for line in lines:
        screen.line("{part} {name}: {sql}", part=screen.word(line.part), name=line.name, sql=line.sql)


def show_difference(
    screen: Screen,
    sides: tuple[Programme, Programme],
    days: tuple[date, date],
    found: Difference,
    language: str,
) -> None:
    """Show what changed between two versions of a programme, and whom it touches."""
    old, _ = sides
    first, last = days
    name = old.name.said(language)
    screen.heading("{code} from {first} to {last}: {name}", name=name, code=old.code, first=first, last=last)
    for side, day in zip(sides, days, strict=True):
        time = InForce(valid_from=side.valid_from, valid_until=side.valid_until)
        if not time.holds_on(day):
            screen.line("On {day} it is not in force.", day=day)
    if not found.changes:
        screen.line("Nothing changes.")
        return
    rows = [_changed(screen, change) for change in found.changes]
    screen.table(["Part", "Name", "Before", "After", "Law", "Uncertain because"], rows)
    screen.heading("Whom it touches")
    for effect in Effect:
        touched = [one for one in found.touched if one.effect is effect]
        if touched:
            facts = [fact for one in touched for fact in one.facts]
            screen.line("{effect} It looks at: {facts}.", effect=screen.word(effect), facts=_meanings(facts, language))
            for one in touched:
                screen.line("- {name}: {before} → {after}", name=one.name, before=one.before, after=one.after)


def _changed(screen: Screen, change: Change) -> list[object]:
    return [screen.word(change.part.value), change.name, change.before, change.after, change.law, change.uncertain]


def _meanings(facts: Iterable[str], language: str) -> str | None:
    known = load_vocabulary().facts
    said = [known[name].fact.meaning.said(language) if name in known else name for name in dict.fromkeys(facts)]
    return "; ".join(said) or None
