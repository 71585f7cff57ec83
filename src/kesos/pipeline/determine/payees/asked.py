"""What an audit asks of a programme: which clause is the decile's, the component's, the civil servant's, the wage's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from kesos.policy.programme import Programme, Unit
from kesos.policy.published import ClauseOn, ProgrammeOn, Role
from kesos.policy.vocabulary.vocabulary import Vocabulary

_DECILE: Final = "official_decile"
_SERVANT: Final = frozenset({"civil_servant", "civil_servant_in_family"})
_WAGE: Final = frozenset({"wage_above_minimum", "wage_above_minimum_in_family"})
_OUTCOMES_OF_A_CLAUSE: Final = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """A programme as the audit sees it. A step is 4 to the power of the place of a clause; null: it has no such clause.

    `by_registered` tells whose area counts for those who are eligible and not on the list.
    """

    code: str
    unit: Unit
    decile_step: int | None
    decile_limit: int | None
    component_step: int | None
    servant_step: int | None
    wage_step: int | None
    by_registered: bool


def asked_of(programme: Programme, on: ProgrammeOn, vocabulary: Vocabulary, clauses: Sequence[str]) -> Asked:
    """Read from a programme of a day what the audit asks; `clauses` are the ids in the order of stored outcomes."""
    decile = _first(on, Role.ELIGIBILITY, lambda facts: _DECILE in facts)
    component = _first(on, Role.ELIGIBILITY, lambda facts: bool(facts) and _are_counts(vocabulary, facts))
    place = {clause: number for number, clause in enumerate(clauses)}
    return Asked(
        code=programme.code,
        unit=programme.unit,
        decile_step=_step(decile, place),
        decile_limit=_decile_limit(programme, on, decile),
        component_step=_step(component, place),
        servant_step=_step(_first(on, Role.EXCLUSION, lambda facts: bool(_SERVANT & set(facts))), place),
        wage_step=_step(_first(on, Role.EXCLUSION, lambda facts: bool(_WAGE & set(facts))), place),
        by_registered=programme.quota is None or programme.quota.area == "registered",
    )


def _first(on: ProgrammeOn, role: Role, fits: Callable[[Iterable[str]], bool]) -> ClauseOn | None:
    return next((clause for clause in on.clauses if clause.role is role and fits(clause.rule.facts)), None)


def _are_counts(vocabulary: Vocabulary, facts: Iterable[str]) -> bool:
    return all(name in vocabulary.facts and vocabulary.facts[name].is_count for name in facts)


def _step(clause: ClauseOn | None, place: dict[str, int]) -> int | None:
    return None if clause is None or clause.id not in place else int(_OUTCOMES_OF_A_CLAUSE ** place[clause.id])


def _decile_limit(programme: Programme, on: ProgrammeOn, clause: ClauseOn | None) -> int | None:
    if clause is None:
        return None
    limits = [name for name in clause.rule.parameters if programme.parameters[name].unit == "decile"]
    return int(on.parameters[limits[0]].value) if len(limits) == 1 else None
