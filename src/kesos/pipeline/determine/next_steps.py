"""Next steps out: what a programme's file names as fitting beside it or after it, and how one family stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kesos.foundation.yaml_text import BothLanguages
from kesos.policy.programme import Complement, Programme


@dataclass(frozen=True, slots=True)
class Standing:
    """How a family stands in one programme; `eligibility` is null where the programme was not determined for it."""

    eligibility: str | None
    selection: str | None
    is_received: bool | None

    @property
    def has(self) -> bool:
        """Tell whether the family has the programme: it receives it, or is chosen for it."""
        return bool(self.is_received) or self.selection in {"within_quota", "not_ranked"}


NOT_DETERMINED: Final = Standing(None, None, None)
_SELECTIONS: Final = ("within_quota", "not_ranked", "waiting", None)
_ELIGIBILITIES: Final = ("eligible", "to_verify", "not_eligible")


def best_of(standings: Sequence[Standing]) -> Standing:
    """Give how a family stands where several of its members do: as the best of them, received if any receives it."""
    best = min(
        standings,
        key=lambda one: (_ELIGIBILITIES.index(one.eligibility or "not_eligible"), _SELECTIONS.index(one.selection)),
    )
    known = [one.is_received for one in standings if one.is_received is not None]
    return Standing(best.eligibility, best.selection, any(known) if known else None)


@dataclass(frozen=True, slots=True)
class FamilyStep:
    """A programme that fits, from which one it follows, why, and how the family stands in it."""

    after: str
    programme: str
    why: BothLanguages
    standing: Standing


def complements_of(programmes: Mapping[str, Programme]) -> dict[str, tuple[Complement, ...]]:
    """List for each programme the complements that are themselves among the programmes."""
    return {
        code: tuple(step for step in programme.complements if step.programme in programmes and step.programme != code)
        for code, programme in programmes.items()
    }


def incompatible_pairs(programmes: Mapping[str, Programme], as_of: date) -> list[tuple[str, str]]:
    """List the pairs that may not be received together on a day, each once, the lower code first.

    It does not matter which of the two files says so.
    """
    said = {
        tuple(sorted((code, one.programme)))
        for code, programme in programmes.items()
        for one in programme.incompatible
        if one.programme in programmes and one.programme != code and one.holds_on(as_of)
    }
    return [(pair[0], pair[1]) for pair in sorted(said)]


def next_steps(programmes: Mapping[str, Programme], standings: Mapping[str, Standing]) -> tuple[FamilyStep, ...]:
    """List what fits beside or after the programmes that a family has, and that it does not have yet.

    A programme that is known to be not for it is left out; one that was not determined is listed as such.
    """
    steps = []
    for code, complements in complements_of(programmes).items():
        if not standings.get(code, NOT_DETERMINED).has:
            continue
        for step in complements:
            standing = standings.get(step.programme, NOT_DETERMINED)
            if not standing.is_received and standing.eligibility != "not_eligible":
                steps.append(FamilyStep(code, step.programme, step.why, standing))
    return tuple(steps)
