"""Determine a programme unit by unit: clauses, eligibility, benefit, places, movement; the slow and plain way."""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final

from oracle.published import Clause, Component, Published
from oracle.rule_reader import Rule
from oracle.spans import Span, Value

NOT_MET, MET, UNKNOWN = 0, 1, 2
CLEAR, INDICATED, NOT_CHECKED = 0, 1, 2
_PLACES: Final = {"national": 0, "province": 2, "regency": 4, "district": 6, "village": 10}


@dataclass
class Unit:
    """A person, family, dwelling or group with every fact that a rule about it may name.

    `observed` holds the day of an observation for facts that have one; `persons` are a family's members.
    """

    id: int
    family_id: int | None
    registered: str | None
    residence: str | None
    facts: dict[str, Value]
    observed: dict[str, date | None] = field(default_factory=dict)
    persons: tuple[Unit, ...] = ()


@dataclass(frozen=True)
class Seat:
    """What is known of a unit's place in a programme: member, waiting or neither; `is_known` False is unknown."""

    status: str | None
    since: date | None = None
    is_known: bool = True
    waits_since: date | None = None


@dataclass
class Determined:
    """All that is determined of one programme, as rows of columns."""

    rows: list[dict[str, Any]]
    components: list[dict[str, Any]]
    cutoffs: list[dict[str, Any]]
    programme: dict[str, Any]


@cache
def months_before(day: date, months: int) -> date:
    """Give the same day some months before; the last of the month where that month is shorter."""
    month = day.year * 12 + day.month - 1 - months
    year, month = divmod(month, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(day)


def whole_months(since: date, day: date) -> int:
    """Count the whole months that passed from one day to another."""
    return (day.year - since.year) * 12 + day.month - since.month - (day.day < since.day)


def clause_outcome(clause: Clause, unit: Unit, as_of: date) -> int:
    """Weigh a clause for a unit as the code that is stored; an indication that is too old was not checked."""
    holds = clause.rule.truth(unit.facts)
    if holds and clause.expires_after_months is not None:
        oldest = months_before(as_of, clause.expires_after_months)
        days = (unit.observed.get(name) for name in clause.rule.facts)
        if any(day is not None and day < oldest for day in days):
            return NOT_CHECKED
    return UNKNOWN if holds is None else int(holds)


def eligibility_of(outcomes: Sequence[tuple[Clause, int]]) -> str:
    """Sum up outcomes: one no is a no; else one unknown condition is to be verified; an open exclusion is neither."""
    for clause, code in outcomes:
        if (clause.role == "eligibility" and code == NOT_MET) or (clause.role != "eligibility" and code == INDICATED):
            return "not_eligible"
    unknown = any(clause.role == "eligibility" and code == UNKNOWN for clause, code in outcomes)
    return "to_verify" if unknown else "eligible"


def _amount(rule: Rule | None, facts: Mapping[str, Value], periods: int) -> int | None:
    """Give rupiah of a whole benefit; 0 where nothing is paid in money, None where it depends on what is unknown."""
    if rule is None:
        return 0
    value = rule.exactly(facts)
    assert not isinstance(value, bool | str)
    return None if value is None else math.floor(value) * periods


@dataclass
class Benefit:
    """What a unit would get: component rows, their sum, and whether more may come when facts are known."""

    parts: list[tuple[int, str, int]]
    is_open: bool

    @property
    def total(self) -> int:
        """Sum the parts."""
        return sum(amount for _, _, amount in self.parts)


def benefit_of(programme: Published, unit: Unit) -> Benefit:
    """Choose what a unit gets: its own components, and for each person the highest, within the maxima."""
    own, is_open = _offered(programme, unit, "unit")
    parts = [(0, component.code, amount) for amount, _, component in own]
    wanted: list[tuple[int, int, Component]] = []
    for person in (unit,) if programme.unit == "person" else unit.persons:
        offered, unclear = _offered(programme, person, "person")
        is_open |= unclear
        if offered:
            amount, _, component = min(offered, key=lambda offer: (-offer[0], offer[1]))
            wanted.append((-amount, person.id, component))
    paid: Counter[str] = Counter()
    for negative, person_id, component in sorted(wanted, key=lambda want: want[:2]):
        is_full = component.at_most is not None and paid[component.code] >= component.at_most
        if is_full or (programme.most_persons is not None and paid.total() >= programme.most_persons):
            continue
        paid[component.code] += 1
        parts.append((person_id, component.code, -negative))
    return Benefit(parts, is_open)


def _offered(programme: Published, unit: Unit, of: str) -> tuple[list[tuple[int, int, Component]], bool]:
    """Weigh the components of a person or unit: (amount, order in the file, component); and is one unclear."""
    offered, unclear = [], False
    for order, component in enumerate(programme.components):
        holds = component.rule.truth(unit.facts) if component.of == of else False
        if holds is False:
            continue
        amount = _amount(component.amount, unit.facts, programme.periods)
        if holds is None or amount is None:
            unclear = True
        else:
            offered.append((amount, order, component))
    return offered, unclear


def lottery(programme: Published, unit_id: int) -> str:
    """Draw the number of a unit, as anybody can who knows the seed."""
    return hashlib.sha256(f"{programme.seed}|{programme.code}|{unit_id}".encode()).hexdigest()


def area_of(programme: Published, unit: Unit) -> str | None:
    """Give the area whose quota the unit falls under; the empty text is the whole nation.

    Where the village that a programme counts by is not known, the other one counts.
    """
    if programme.quota_level is None:
        return None
    places = _PLACES[programme.quota_level]
    if places == 0:
        return ""
    known = [village for village in (unit.registered, unit.residence) if village is not None]
    if not known:
        return None
    return known[0 if programme.quota_area == "registered" else -1][:places]


def _order(values: Iterable[tuple[Any, ...]], programme: Published) -> list[tuple[Any, ...]]:
    """Sort (unit id, key values): the last key first, each sort keeping what the later keys had decided."""
    ordered = sorted(values, key=lambda entry: (lottery(programme, entry[0]), entry[0]))
    for position in reversed(range(len(programme.ranking))):
        known = [entry for entry in ordered if entry[1][position] is not None]
        unknown = [entry for entry in ordered if entry[1][position] is None]
        known.sort(key=lambda entry: entry[1][position], reverse=not programme.ranking[position].is_ascending)
        ordered = known + unknown
    return ordered


def movement_of(
    programme: Published, unit: Unit, seat: Seat, outcomes: Sequence[tuple[Clause, int]], row: Mapping[str, Any]
) -> tuple[str | None, str | None, bool]:
    """Say what changes against today: movement, reason to leave, and whether a protection holds it back."""
    if not seat.is_known:
        return None, None, False
    if seat.status != "member":
        enters = row["eligibility"] == "eligible" and row["selection"] in {"within_quota", "not_ranked"}
        return ("enter" if enters else "none"), None, False
    reason = _reason_to_leave(programme, unit, outcomes, row)
    if reason is None:
        return "stay", None, False
    if programme.protected is not None and programme.protected.truth(unit.facts):
        return "stay", None, True
    return "leave", reason, False


def _reason_to_leave(
    programme: Published, unit: Unit, outcomes: Sequence[tuple[Clause, int]], row: Mapping[str, Any]
) -> str | None:
    if row["eligibility"] == "not_eligible":
        for clause, code in outcomes:
            if code == (NOT_MET if clause.role == "eligibility" else INDICATED):
                return clause.id
    for name, rule in programme.exits:
        if rule.truth(unit.facts):
            return name
    months = unit.facts["months_received"]
    if programme.longest_months is not None and isinstance(months, int) and months > programme.longest_months:
        assert programme.exempt is not None
        if programme.exempt.truth(unit.facts) is False:
            return "duration"
    return "quota" if row["selection"] == "waiting" else None


def is_not_exact(value: Value) -> bool:
    """Tell whether a fact is not, or only partly, known."""
    return value is None or (isinstance(value, Span) and value.least != value.most)


@dataclass
class _Standing:
    """One unit while its programme is determined."""

    unit: Unit
    seat: Seat
    outcomes: list[tuple[Clause, int]]
    row: dict[str, Any]


def determine(
    programme: Published,
    units: Sequence[Unit],
    *,
    seats: Mapping[int, Seat],
    quotas: Mapping[str, int] | None,
    as_of: date,
) -> Determined:
    """Determine a programme for all its units; `quotas` None: it has none."""
    standing, components = [], []
    for unit in units:
        seat = seats[unit.id]
        unit.facts |= _membership_facts(seat, as_of)
        outcomes = [(clause, clause_outcome(clause, unit, as_of)) for clause in programme.clauses]
        eligibility = eligibility_of(outcomes)
        row: dict[str, Any] = {
            "programme": programme.code,
            "unit_id": unit.id,
            "family_id": unit.family_id,
            "eligibility": eligibility,
            "selection": None,
            "outcomes": sum(code << 2 * place for place, (_, code) in enumerate(outcomes)),
            "quota_area": area_of(programme, unit),
            "rank": None,
            "amount_idr": None,
            "amount_open": False,
        }
        if eligibility != "not_eligible":
            benefit = benefit_of(programme, unit)
            row |= {"amount_idr": benefit.total, "amount_open": benefit.is_open}
            if eligibility == "eligible":
                components += [
                    {"programme": programme.code, "unit_id": unit.id, "person_id": p, "component": c, "amount_idr": a}
                    for p, c, a in benefit.parts
                ]
        standing.append(_Standing(unit, seat, outcomes, row))
    cutoffs = _select(programme, standing, quotas)
    for one in standing:
        move, reason, is_protected = movement_of(programme, one.unit, one.seat, one.outcomes, one.row)
        one.row |= {"movement": move, "leave_reason": reason, "is_protected": is_protected}
    return Determined([one.row for one in standing], components, cutoffs, _counts(programme, standing, cutoffs))


def _membership_facts(seat: Seat, as_of: date) -> dict[str, Value]:
    waits = seat.since if seat.status == "waiting" else seat.waits_since
    return {
        "is_member": seat.status == "member" if seat.is_known else None,
        "months_received": _months(seat.since, as_of) if seat.status == "member" else None,
        "months_waiting": _months(waits, as_of),
    }


def _months(since: date | None, as_of: date) -> int | None:
    return whole_months(since, as_of) if since is not None and since <= as_of else None


def _select(
    programme: Published, standing: Sequence[_Standing], quotas: Mapping[str, int] | None
) -> list[dict[str, Any]]:
    competing: dict[str, list[_Standing]] = defaultdict(list)
    for one in standing:
        if one.row["eligibility"] == "eligible":
            area = one.row["quota_area"]
            if quotas is None or area is None or area not in quotas:
                one.row["selection"] = "not_ranked"
            else:
                competing[area].append(one)
    cutoffs = []
    for area in sorted(set(competing) | set(quotas or {})):
        here, quota = competing.get(area, []), (quotas or {})[area]
        by_id = {one.unit.id: one for one in here}
        keyed = [(one.unit.id, tuple(key.rule.exactly(one.unit.facts) for key in programme.ranking)) for one in here]
        ordered = _order(keyed, programme)
        for rank, (unit_id, _) in enumerate(ordered, start=1):
            by_id[unit_id].row |= {"rank": rank, "selection": "within_quota" if rank <= quota else "waiting"}
        last = ordered[min(quota, len(ordered)) - 1] if ordered and quota > 0 else None
        tied = [unit for unit, keys in ordered if last and keys == last[1]] if len(ordered) > quota else []
        outside = [unit for unit in tied if by_id[unit].row["selection"] == "waiting"]
        cutoffs.append(
            {
                "programme": programme.code,
                "quota_area": area,
                "quota": quota,
                "eligible": len(ordered),
                "within_quota": min(quota, len(ordered)),
                "waiting": max(0, len(ordered) - quota),
                "settled_by_lottery": len(tied) if outside else 0,
                "last_rank": min(quota, len(ordered)) or None,
                "last_keys": last[1] if last else None,
            }
        )
    return cutoffs


def _counts(
    programme: Published, standing: Sequence[_Standing], cutoffs: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    rows = [one.row for one in standing]
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(value for value in (row["eligibility"], row["selection"], row["movement"]) if value)
    missing: Counter[str] = Counter()
    only: Counter[str] = Counter()
    for one in standing:
        if one.row["eligibility"] == "to_verify":
            unknown = {
                name
                for clause, code in one.outcomes
                if clause.role == "eligibility" and code == UNKNOWN
                for name in clause.rule.facts
                if is_not_exact(one.unit.facts[name])
            }
            missing.update(unknown)
            if len(unknown) == 1:
                only.update(unknown)
    main = min(missing, key=lambda name: (-missing[name], name), default=None)
    names = (
        "eligible", "not_eligible", "to_verify", "within_quota", "waiting", "not_ranked", "enter", "stay", "leave",
    )  # fmt: skip
    return {
        "programme": programme.code,
        "unit": programme.unit,
        "is_candidate_list": programme.is_candidate_list,
        "units": len(rows),
        **{name: counts[name] for name in names},
        "amount_idr": sum(row["amount_idr"] or 0 for row in rows if row["eligibility"] == "eligible"),
        "not_checked": sum(
            any(clause.role != "eligibility" and code == NOT_CHECKED for clause, code in one.outcomes)
            for one in standing
        ),
        "main_missing_fact": main,
        "main_missing_units": missing[main] if main else 0,
        "main_missing_only": only[main] if main else 0,
        "protected": sum(row["is_protected"] for row in rows),
        "settled_by_lottery": sum(area["settled_by_lottery"] for area in cutoffs),
        "eligible_of_full_areas": sum(area["eligible"] for area in cutoffs if area["eligible"] > area["quota"]),
        "seed": programme.seed or None,
    }
