"""The facts of one person from one row of the registry, from what the vocabulary says that they mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from kesos.foundation.age import age_in_years
from oracle.determination import months_before
from oracle.spans import Value
from oracle.world import DIFFICULTIES

Row = Mapping[str, Any]
_SEXES: Final = {"male", "female"}
_RELATIONS: Final = ("head", "spouse", "child", "child_in_law", "grandchild", "parent", "domestic_worker", "other")
_LEVELS: Final = {"sd": range(1, 6), "smp": range(6, 11), "sma": range(11, 18), "tertiary": range(18, 23)}
_AT_SCHOOL: Final = 2
_SELF_EMPLOYED: Final = (1, 2, 3)
_CANNOT, _A_LOT = 1, 2
_NOT_ASKED_BEFORE: Final = dict.fromkeys(DIFFICULTIES[:6], 2) | dict.fromkeys(DIFFICULTIES[6:], 5)


@dataclass(frozen=True)
class Coverage:
    """Where and when a list is complete, so that who is not on it is known not to be."""

    areas: tuple[str, ...]
    first: date
    until: date | None

    def last_seen(self, village: str | None, day: date) -> date | None:
        """Give the last day up to `day` on which absence from the list said *no* of a place."""
        if village is None or not village.startswith(self.areas) or self.first > day:
            return None
        return day if self.until is None else min(day, self.until - timedelta(days=1))


@dataclass(frozen=True)
class Circumstances:
    """The day, how old each fact may be, what is complete, and the minimum wage of each area."""

    as_of: date
    fresh_months: Mapping[str, int | None]
    covers: Mapping[str, tuple[Coverage, ...]]
    minimum_wage_idr: Mapping[str, int]

    def is_fresh(self, fact: str, observed: date | None) -> bool:
        """Tell whether an observation is young enough; one without a day is not known to be."""
        months = self.fresh_months[fact]
        return months is None or (observed is not None and observed >= months_before(self.as_of, months))

    def is_covered(self, fact: str, source: str, village: str | None) -> bool:
        """Tell whether a list that was complete for a place says *no*, as fresh as an observation must be."""
        days = (coverage.last_seen(village, self.as_of) for coverage in self.covers.get(source, ()))
        return any(day is not None and self.is_fresh(fact, day) for day in days)

    def minimum_wage(self, village: str | None) -> int | None:
        """Give the minimum wage of the smallest area around a village that has one."""
        areas = sorted((area for area in self.minimum_wage_idr if (village or "").startswith(area)), key=len)
        return self.minimum_wage_idr[areas[-1]] if areas else None


def home(registered: str | None, residence: str | None) -> str | None:
    """Give the village whose office speaks for somebody: of registration, of residence where that is not known."""
    return registered if registered is not None else residence


def age_of(row: Row, day: date) -> int | None:
    """Count completed years; unknown without a birth date, and where birth lies ahead."""
    birth = row["birth_date"]
    return None if birth is None or birth > day else age_in_years(birth, day)


def _is_under(age: int | None, years: int) -> bool:
    return age is not None and age < years


def pregnant(row: Row, age: int | None) -> bool | None:
    """A man is not, nor a woman outside 10 to 54; the others as they said."""
    if row["sex"] == "male" or (age is not None and not 10 <= age <= 54):
        return False
    return None if row["pregnant_code"] is None else row["pregnant_code"] == 1


def school_level(row: Row, age: int | None) -> str | None:
    """The level attended now; none below 5 years and for who is not at school."""
    if _is_under(age, 5):
        return "none"
    if row["school_participation_code"] is None:
        return None
    if row["school_participation_code"] != _AT_SCHOOL:
        return "none"
    return next((name for name, codes in _LEVELS.items() if row["education_level_code"] in codes), None)


def _any_difficulty(row: Row, age: int | None, at_most: int, self_care: int) -> bool | None:
    """Find one difficulty as grave as asked for; items not yet asked at that age count for nothing."""
    open_items = False
    for name in DIFFICULTIES:
        code = row[f"difficulty_{name}_code"]
        if code is None:
            open_items |= not _is_under(age, _NOT_ASKED_BEFORE[name])
        elif code <= (self_care if name == "self_care" else at_most):
            return True
    return None if open_items else False


def working(row: Row, age: int | None) -> bool | None:
    """As the person said of the week before; a position in a job says so as well; under 5: no."""
    if _is_under(age, 5):
        return False
    if row["is_working_code"] is not None:
        return bool(row["is_working_code"] == 1)
    return True if row["work_status_code"] is not None else None


def has_business(row: Row, age: int | None) -> bool | None:
    """A business that was named, or work on one's own account; who spoke of work and named none has none."""
    if _is_under(age, 10):
        return False
    if row["business_sector_code"] is not None or row["work_status_code"] in _SELF_EMPLOYED:
        return True
    said_something = row["is_working_code"] is not None or row["work_status_code"] is not None
    return False if said_something else None


def _if_listed(value: bool | None, fact: str, row: Row, age: int | None, now: Circumstances) -> bool | None:
    source, from_age = _LISTS[fact]
    village = home(row["registered_village"], row["residence_village"])
    if value is None and (_is_under(age, from_age) or now.is_covered(fact, source, village)):
        return False
    return value


_LISTS: Final = {"civil_servant": ("civil_servants", 18), "wage_above_minimum": ("wages", 15)}


def _aged(row: Row, fact: str, columns: tuple[str, ...], now: Circumstances) -> Row:
    """Give the row as it counts for a fact: columns that are too old are unknown."""
    if now.is_fresh(fact, row["facts_as_of"]):
        return row
    return {**row, **dict.fromkeys(columns)}


_DIFFICULTY_COLUMNS: Final = tuple(f"difficulty_{name}_code" for name in DIFFICULTIES)
_DATED: Final[Mapping[str, tuple[tuple[str, ...], Callable[[Row, int | None], Value]]]] = {
    "pregnant": (("pregnant_code",), pregnant),
    "school_level": (("school_participation_code", "education_level_code"), school_level),
    "severe_disability": (_DIFFICULTY_COLUMNS, lambda row, age: _any_difficulty(row, age, _CANNOT, _A_LOT)),
    "disability": (_DIFFICULTY_COLUMNS, lambda row, age: _any_difficulty(row, age, _A_LOT, _A_LOT)),
    "chronic_illness": (
        ("chronic_illness_code",),
        lambda row, _: None if row["chronic_illness_code"] is None else row["chronic_illness_code"] != 1,
    ),
    "working": (("is_working_code", "work_status_code"), working),
    "has_business": (("is_working_code", "work_status_code", "business_sector_code"), has_business),
    "wage_per_month_idr": (("wage_per_month_idr",), lambda row, _: row["wage_per_month_idr"]),
}


def facts_of_person(row: Row, now: Circumstances) -> tuple[dict[str, Value], dict[str, date | None]]:
    """Give all facts of the registry about a person, and the day of those that age."""
    age, relation, observed = age_of(row, now.as_of), row["relation_code"], row["facts_as_of"]
    facts: dict[str, Value] = {
        "age": age,
        "sex": row["sex"] if row["sex"] in _SEXES else None,
        "relation": None if relation is None else _RELATIONS[relation - 1],
        "has_nik": row["nik_status"] != "none",
    }
    for name, (columns, derive) in _DATED.items():
        facts[name] = derive(_aged(row, name, columns, now), age)
    servant = _aged(row, "civil_servant", ("is_civil_servant",), now)["is_civil_servant"]
    facts["civil_servant"] = _if_listed(servant, "civil_servant", row, age, now)
    wage = _aged(row, "wage_above_minimum", ("wage_per_month_idr",), now)["wage_per_month_idr"]
    least = now.minimum_wage(home(row["registered_village"], row["residence_village"]))
    if wage is None:
        facts["wage_above_minimum"] = _if_listed(None, "wage_above_minimum", row, age, now)
    else:
        facts["wage_above_minimum"] = None if least is None else wage > least
    dated = (*_DATED, "civil_servant", "wage_above_minimum")
    return facts, {name: observed if facts[name] is not None else None for name in dated}
