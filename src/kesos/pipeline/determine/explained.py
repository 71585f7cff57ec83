"""A determination as it is told: every clause with its facts, what was paid for, place and cut-off, what comes next."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from kesos.foundation.yaml_text import BothLanguages
from kesos.pipeline.determine.next_steps import FamilyStep


class Known(StrEnum):
    """Whether a fact is known: exactly, in part (a count with members of whom it is not known), or not at all."""

    KNOWN = "known"
    PARTLY_KNOWN = "partly_known"
    NOT_TOLD = "not_told"
    TOO_OLD = "too_old"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A record or statement behind a fact: its source, and the day on which it was true."""

    source: str
    observed_on: date | None
    delivered_on: date | None


@dataclass(frozen=True, slots=True)
class FactShown:
    """A fact of a unit: `evidence` are the records behind it, `shown_by` says who would show it.

    `up_to` is set for a count that may be higher: members of whom it is not known are in it.
    """

    name: str
    level: str
    meaning: BothLanguages
    unit: str
    value: object
    up_to: int | None
    known: Known
    observed_on: date | None
    fresh_months: int | None
    evidence: tuple[Evidence, ...]
    shown_by: str | None
    uncertain: str | None


@dataclass(frozen=True, slots=True)
class LeafShown:
    """One comparison of a rule: whether it holds (null: unknown), the limit with its numbers, and its facts."""

    text: str
    limit: str | None
    holds: bool | None
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClauseShown:
    """A clause: `outcome` is met, not_met or unknown; clear, indicated or not_checked for what speaks against."""

    id: str
    role: str
    outcome: str
    rule: str
    leaves: tuple[LeafShown, ...]
    reason: BothLanguages
    contest: BothLanguages | None
    expires_after_months: int | None
    source: str | None
    law: str | None
    uncertain: str | None

    @property
    def speaks_against(self) -> bool:
        """Tell whether this clause alone makes the outcome a no."""
        return self.outcome in {"not_met", "indicated"}


@dataclass(frozen=True, slots=True)
class ParameterShown:
    """A number of the programme as it held on the day; `is_used` if a clause or what the unit gets rests on it."""

    name: str
    meaning: BothLanguages
    value: object
    unit: str
    valid_from: date | None
    valid_until: date | None
    law: str | None
    uncertain: str | None
    is_used: bool


@dataclass(frozen=True, slots=True)
class ComponentShown:
    """What is given for one person (null: the unit itself), a year or once; `is_asked_for` marks the one asked for."""

    component: str
    name: BothLanguages
    person: str | None
    name_masked: str | None
    amount_idr: int
    is_asked_for: bool


@dataclass(frozen=True, slots=True)
class Place:
    """The unit's place in its quota area, and where places ended; `keys` are (key, of the unit, of the last within)."""

    area: str | None
    rank: int | None
    quota: int | None
    eligible: int | None
    within_quota: int | None
    waiting: int | None
    last_rank: int | None
    keys: tuple[tuple[BothLanguages, str | None, str | None], ...]
    settled_by_lottery: int | None


@dataclass(frozen=True, slots=True)
class Movement:
    """Against today's members: enter, stay, leave (only ever proposed), none; null where members are not known."""

    movement: str | None
    leave_reason: str | None
    reason: BothLanguages | None
    is_protected: bool | None
    protection: BothLanguages | None
    way_back: BothLanguages | None


@dataclass(frozen=True, slots=True)
class Explained:
    """A determination of one unit, told whole. It is no decision: that has the authority's signature."""

    release: str
    determination: str
    as_of: date
    programme: str
    programme_name: BothLanguages
    rule_hash: str
    authority: str
    signs: str
    proposed_by: str | None
    unit_kind: str
    unit: str
    asked_for: str
    merged_from: str | None
    eligibility: str
    selection: str | None
    clauses: tuple[ClauseShown, ...]
    facts: tuple[FactShown, ...]
    parameters: tuple[ParameterShown, ...]
    amount_idr: int | None
    amount_open: bool
    stages_idr: tuple[int, ...]
    components: tuple[ComponentShown, ...]
    place: Place
    movement: Movement
    next_steps: tuple[FamilyStep, ...]

    def fact(self, name: str) -> FactShown:
        """Give a fact by its name."""
        return next(fact for fact in self.facts if fact.name == name)

    def to_dict(self) -> dict[str, Any]:
        """Give everything as plain data, for programs; sentences in both languages."""
        content: dict[str, Any] = _plain(asdict(self))
        return content


def _plain(value: Any) -> Any:
    """Turn sentences in both languages into two keys, and tuples into lists."""
    if isinstance(value, BothLanguages):
        return {"id": value.id, "en": value.en}
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
