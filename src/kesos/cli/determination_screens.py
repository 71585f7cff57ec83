"""How one determination is told: what was determined and why, in words that a family at a desk can use."""

from __future__ import annotations

from typing import Final

from kesos.cli.screen import Screen
from kesos.foundation.money import format_rupiah
from kesos.foundation.yaml_text import BothLanguages
from kesos.pipeline.determine.explained import ClauseShown, Explained, FactShown, Known
from kesos.pipeline.determine.next_steps import FamilyStep

_QUIET: Final = frozenset({"clear", "not_checked"})


def show_explained(screen: Screen, told: Explained, language: str) -> None:
    """Show a determination whole, from what was determined to where to object."""
    _show_outcome(screen, told, language)
    _show_reasons(screen, told, language)
    _show_clauses(screen, told)
    _show_facts(screen, told, language)
    _show_parameters(screen, told, language)
    _show_place(screen, told, language)
    _show_benefit(screen, told, language)
    _show_movement(screen, told, language)
    _show_next_steps(screen, told, language)
    _show_nature(screen, told)


def _show_outcome(screen: Screen, told: Explained, language: str) -> None:
    screen.heading("{programme} for {unit}", programme=told.programme_name.said(language), unit=told.unit)
    if told.merged_from is not None:
        screen.line("{asked} was merged into {person}.", asked=told.merged_from, person=told.asked_for)
    if told.asked_for != told.unit:
        screen.line("Asked for {asked}; this programme determines about {unit}.", asked=told.asked_for, unit=told.unit)
    screen.line(
        "Determination {name} of release {release}, on the facts of {as_of}; rules {rule_hash}.",
        name=told.determination,
        release=told.release,
        as_of=told.as_of,
        rule_hash=told.rule_hash[:12],
    )
    screen.line("Outcome: {outcome}.", outcome=screen.word(told.eligibility))
    if told.selection is not None:
        screen.line("Place: {selection}.", selection=screen.word(told.selection))


def _show_reasons(screen: Screen, told: Explained, language: str) -> None:
    """Say each sentence that speaks against, then what has to be found out."""
    for clause in told.clauses:
        if clause.speaks_against:
            screen.line("Reason: {reason}", reason=clause.reason.said(language))
        if clause.outcome == "indicated" and clause.contest is not None:
            screen.line("How to contest it: {contest}", contest=clause.contest.said(language))
    open_facts = _facts_to_find(told)
    if told.eligibility == "to_verify" and open_facts:
        names = "; ".join(fact.meaning.said(language) for fact in open_facts)
        screen.line("Has to be found out: {facts}.", facts=names)


def _facts_to_find(told: Explained) -> list[FactShown]:
    named = {
        name
        for clause in told.clauses
        if clause.outcome == "unknown"
        for leaf in clause.leaves
        if leaf.holds is None
        for name in leaf.facts
    }
    return [fact for fact in told.facts if fact.name in named and fact.known is not Known.KNOWN]


def _show_clauses(screen: Screen, told: Explained) -> None:
    screen.heading("Every clause")
    columns = ["Clause", "Kind", "Rule", "Outcome"]
    screen.table(columns, [[one.id, screen.word(one.role), one.rule, screen.word(one.outcome)] for one in told.clauses])
    for clause in told.clauses:
        if clause.outcome not in _QUIET:
            _show_leaves(screen, told, clause)
        if clause.outcome == "not_checked":
            screen.line(
                "{clause}: no source shows it, or it was seen more than {months} months ago. It takes nothing away.",
                clause=clause.id,
                months=clause.expires_after_months,
            )
        if clause.uncertain and clause.outcome not in _QUIET:
            screen.line("{clause}: this rule is uncertain. {why}", clause=clause.id, why=clause.uncertain)


def _show_leaves(screen: Screen, told: Explained, clause: ClauseShown) -> None:
    screen.heading("{clause}, part by part", clause=clause.id)
    rows = [
        [
            *(leaf.text, leaf.limit, "; ".join(_value(screen, told.fact(name)) for name in leaf.facts)),
            screen.translate("unknown" if leaf.holds is None else "yes" if leaf.holds else "no"),
        ]
        for leaf in clause.leaves
    ]
    screen.table(["Part", "Limit", "Value of the family", "Holds"], rows)


def _value(screen: Screen, fact: FactShown) -> str:
    if fact.value is None:
        return str(screen.word(fact.known.value))
    if isinstance(fact.value, bool):
        return screen.translate("yes" if fact.value else "no")
    shown = str(screen.word(fact.value))
    return shown if fact.up_to is None else f"{shown}–{fact.up_to}"


def _show_facts(screen: Screen, told: Explained, language: str) -> None:
    screen.heading("The facts behind it")
    rows = [
        [
            *(fact.name, fact.meaning.said(language), _value(screen, fact), screen.word(fact.known.value)),
            "; ".join(f"{one.source} {one.observed_on or one.delivered_on}" for one in fact.evidence) or fact.shown_by,
            fact.observed_on,
        ]
        for fact in told.facts
    ]
    screen.table(["Fact", "Meaning", "Value", "Known", "Sources and days, or who would show it", "Observed on"], rows)
    for fact in told.facts:
        if fact.known is Known.TOO_OLD:
            screen.line(
                "{fact}: observed on {day}, older than {months} months: it counts as unknown.",
                fact=fact.name,
                day=fact.observed_on,
                months=fact.fresh_months,
            )


def _show_parameters(screen: Screen, told: Explained, language: str) -> None:
    used = [one for one in told.parameters if one.is_used]
    if not used:
        return
    screen.heading("Numbers of the programme as they held on {as_of}", as_of=told.as_of)
    rows = [
        [
            *(one.name, one.meaning.said(language), one.value, screen.word(one.unit) if one.unit else None),
            *(one.valid_from, one.valid_until, one.law, one.uncertain),
        ]
        for one in used
    ]
    screen.table(["Name", "Meaning", "Value", "Unit", "Valid from", "Until", "Law", "Uncertain because"], rows)


def _show_place(screen: Screen, told: Explained, language: str) -> None:
    place = told.place
    if place.rank is None or place.area is None:
        return
    screen.heading("Place in quota area {area}", area=place.area)
    screen.line(
        "Rank {rank} of {eligible} eligible; places: {quota}; the last place went to rank {last}.",
        rank=place.rank,
        eligible=place.eligible,
        quota=place.quota,
        last=place.last_rank,
    )
    rows = [[meaning.said(language), own, last] for meaning, own, last in place.keys]
    screen.table(["Ranked by", "Value of the family", "Value of the last with a place"], rows)
    if place.settled_by_lottery:
        screen.line(
            "Settled by the lottery in this area: {count}, who are alike in all else.", count=place.settled_by_lottery
        )


def _show_benefit(screen: Screen, told: Explained, language: str) -> None:
    if not told.components:
        return
    screen.heading("What it would get, a year or once")
    rows = [
        [
            *(one.name.said(language), one.person, one.name_masked, format_rupiah(one.amount_idr)),
            screen.translate("asked for") if one.is_asked_for else None,
        ]
        for one in told.components
    ]
    screen.table(["Component", "Person", "Name", "Rupiah", "Note"], rows)
    if told.amount_idr is not None:
        stages = ", ".join(format_rupiah(stage) for stage in told.stages_idr)
        screen.line("Together {amount}, in stages of {stages}.", amount=format_rupiah(told.amount_idr), stages=stages)
    if told.amount_open:
        screen.line("The amount may be higher once what is unknown is found out.")


def _show_movement(screen: Screen, told: Explained, language: str) -> None:
    movement = told.movement
    if movement.movement is None:
        screen.line("Whether it receives the programme today is not known.")
    elif movement.movement == "leave":
        screen.line(
            "It receives the programme today. Leaving is only proposed: {reason} Nobody is removed by this; the "
            "authority decides.",
            reason=_reason(screen, movement.leave_reason, movement.reason, language),
        )
    elif movement.movement == "stay":
        screen.line("It receives the programme today and would stay.")
    elif movement.movement == "enter":
        screen.line("It does not receive the programme today and would enter.")
    else:
        screen.line("It does not receive the programme today.")
    if movement.is_protected and movement.protection is not None:
        screen.line("Protected: {reason}", reason=movement.protection.said(language))
    if movement.movement == "leave" and movement.way_back is not None:
        screen.line("The way back: {way}", way=movement.way_back.said(language))


def _reason(screen: Screen, code: str | None, sentence: BothLanguages | None, language: str) -> object:
    return sentence.said(language) if sentence is not None else screen.word(code)


def _show_next_steps(screen: Screen, told: Explained, language: str) -> None:
    if not told.next_steps:
        return
    screen.heading("Next steps out: what fits beside or after it")
    by_programme: dict[str, list[FamilyStep]] = {}
    for step in told.next_steps:
        by_programme.setdefault(step.programme, []).append(step)
    rows = [
        [
            *(programme, ", ".join(step.after for step in steps), steps[0].why.said(language)),
            screen.word(steps[0].standing.selection or steps[0].standing.eligibility or "not_determined"),
        ]
        for programme, steps in sorted(by_programme.items())
    ]
    screen.table(["Programme", "Because of", "Why it fits", "How the family stands"], rows)


def _show_nature(screen: Screen, told: Explained) -> None:
    screen.heading("What this is")
    if told.proposed_by is not None:
        screen.line(
            "This is a list of candidates: {proposer} proposes, {authority} decides.",
            proposer=told.proposed_by,
            authority=told.authority,
        )
    screen.line(
        "This is a determination by rules and no decision. A decision exists when it is signed by: {signs}.",
        signs=told.signs,
    )
    screen.line(
        "Whoever thinks that a fact or a rule is wrong can object: at the village office, at the social service, or "
        "in the application Cek Bansos (sanggah). Bring this page and what shows the fact."
    )
