"""A programme as published: who may receive what, since when, by which law; the shape of `programmes/<code>.yaml`.

Expressions (`rule`, `key`, `amount`) are texts of the rule language over the vocabulary and the programme's own
parameters; `programme_file` checks them when a file is read.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from kesos.foundation.yaml_text import BothLanguages, Strict

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
ProgrammeCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$", max_length=40)]
FactValue = bool | int | Decimal | str | None


class Unit(StrEnum):
    """What a programme decides about, and counts in its quota."""

    PERSON = "person"
    FAMILY = "family"
    DWELLING = "dwelling"
    GROUP = "group"


class Eligibility(StrEnum):
    """What the rules say of a unit. An unknown fact never gives a no."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    TO_VERIFY = "to_verify"


class Law(Strict):
    """A legal act that the programme rests on; `source` is where it was read."""

    act: str
    about: str
    source: str | None = None
    uncertain: str | None = None


class Authority(Strict):
    """Who does what: the office that determines, signs the decree, pays, and owns the data."""

    determines: str
    signs: str
    pays: str
    data_owner: str


class InForce(Strict):
    """A part of a programme with the days it holds: from inclusive, until exclusive, open where not said."""

    valid_from: date | None = Field(default=None, alias="from")
    valid_until: date | None = Field(default=None, alias="until")
    law: str | None = None
    uncertain: str | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether it holds on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day < self.valid_until
        )


class ParameterValue(InForce):
    """The value of a parameter from a day on; `law` refers to the paragraph, `uncertain` says why it may be wrong."""

    value: int | Decimal | str


class Parameter(Strict):
    """A number of the programme that changes with decrees; `values` in ascending order of their first day."""

    meaning: BothLanguages
    unit: str = ""
    values: tuple[ParameterValue, ...] = Field(min_length=1)

    def on(self, day: date) -> ParameterValue | None:
        """Give the value that holds on a day, if one does."""
        holding = [value for value in self.values if value.holds_on(day)]
        return holding[-1] if holding else None


class Clause(InForce):
    """One condition of eligibility; `reason` is the sentence that the family is told when it is not met."""

    id: Identifier
    rule: str
    reason: BothLanguages


class Exclusion(Clause):
    """An indication that speaks against: it acts only when known and fresh, and can be contested.

    `source` names who would show it; `expires_after_months` how long an observation counts.
    """

    source: str
    expires_after_months: int = Field(ge=1)
    contest: BothLanguages


class Incompatible(InForce):
    """A programme that may not be received together with this one; known membership of it excludes."""

    programme: ProgrammeCode
    reason: BothLanguages


class Complement(Strict):
    """A programme that fits well beside this one, or is the next step out of it."""

    programme: ProgrammeCode
    why: BothLanguages


class Component(InForce):
    """What is given for one person of the unit (`of: person`) or for the unit itself (`of: unit`).

    `rule` is over the person's facts, or the unit's; `amount` is rupiah a `benefit.per`, over parameters and facts;
    null where nothing is paid in money. `at_most` names the parameter with the most persons of this component.
    """

    code: Identifier
    name: BothLanguages
    of: Literal["person", "unit"] = "person"
    rule: str = "TRUE"
    amount: str | None = None
    at_most: Identifier | None = None


class Benefit(Strict):
    """What is given, how often, and in how many stages.

    `periods` of `per` make the whole benefit of a year (12 months, 4 …) or of the one time. It is paid in `stages`
    that add up to it to the rupiah. `most_persons` names the parameter with the most persons paid in a unit; among
    more, the highest amounts are chosen, then the lower person id. A person has one component: the highest.
    """

    kind: Literal["cash", "in_kind", "premium", "service"]
    per: Literal["day", "month", "year", "once"]
    periods: int = Field(default=1, ge=1)
    stages: int = Field(default=1, ge=1, le=12)
    change_takes_effect: Literal["at_once", "next_stage", "next_year"]
    components: tuple[Component, ...] = Field(min_length=1)
    most_persons: Identifier | None = None
    uncertain: str | None = None


class Quota(Strict):
    """How places are shared out: by areas of one level, and by which of a family's two areas."""

    level: Literal["national", "province", "regency", "district", "village"]
    area: Literal["registered", "residence"]
    note: str | None = None
    uncertain: str | None = None


class RankingKey(Strict):
    """One key of the order in which places are given; an unknown value comes last."""

    key: str
    order: Literal["ascending", "descending"]
    meaning: BothLanguages


class Lottery(Strict):
    """The last key: a number that anybody can recompute, SHA-256 of `seed|programme|unit id`."""

    seed: str = Field(min_length=4)
    published: str


class Condition(Strict):
    """What a receiver commits to; where the service is absent there is no sanction."""

    id: Identifier
    components: tuple[Identifier, ...] = ()
    text: BothLanguages
    measured_by: str
    where_service_is_absent: Literal["no_sanction"] = "no_sanction"
    uncertain: str | None = None


class Duration(InForce):
    """The longest time in the programme; `exempt` is a rule for whom it does not hold."""

    at_most_months: Identifier
    exempt: str = "FALSE"
    reason: BothLanguages


class Exit(InForce):
    """A reason to leave besides no longer being eligible, over facts of the unit; and what comes after."""

    id: Identifier
    rule: str
    reason: BothLanguages


class Protection(Strict):
    """Members for whom no leaving is proposed while `rule` is true; and the way back for everyone else."""

    rule: str
    reason: BothLanguages
    way_back: BothLanguages


class Expected(Strict):
    """What a case must give. `because` lists the ids of clauses not met, indicated or unknown."""

    eligibility: Eligibility
    because: tuple[Identifier, ...] = ()
    not_checked: tuple[Identifier, ...] | None = None
    amount_idr: int | None = None
    components: tuple[Identifier, ...] | None = None


class Case(Strict):
    """A named case that a lawyer can read, and that runs as a test. A fact that is not given is unknown.

    `person` is the unit of a person programme; `members` are the persons of the family, from whom counts follow
    unless `family` states them.
    """

    name: BothLanguages
    as_of: date | None = None
    person: dict[Identifier, FactValue] = Field(default_factory=dict)
    members: tuple[dict[Identifier, FactValue], ...] = ()
    family: dict[Identifier, FactValue] = Field(default_factory=dict)
    dwelling: dict[Identifier, FactValue] = Field(default_factory=dict)
    group: dict[Identifier, FactValue] = Field(default_factory=dict)
    expect: Expected


class Programme(Strict):
    """A whole programme."""

    code: ProgrammeCode
    name: BothLanguages
    also_called: tuple[str, ...] = ()
    aim: BothLanguages
    valid_from: date
    valid_until: date | None = None
    legal_basis: tuple[Law, ...] = Field(min_length=1)
    authority: Authority
    proposed_by: str | None = None
    accepts: Literal["official_decile", "kesos_estimate"] = "official_decile"
    unit: Unit
    parameters: dict[Identifier, Parameter] = Field(default_factory=dict)
    eligibility: tuple[Clause, ...] = Field(min_length=1, max_length=16)
    exclusions: tuple[Exclusion, ...] = Field(default=(), max_length=12)
    incompatible: tuple[Incompatible, ...] = ()
    complements: tuple[Complement, ...] = ()
    benefit: Benefit
    quota: Quota | None = None
    ranking: tuple[RankingKey, ...] = ()
    lottery: Lottery | None = None
    conditions: tuple[Condition, ...] = ()
    duration: Duration | None = None
    exits: tuple[Exit, ...] = ()
    protection: Protection | None = None
    budget_line: str
    uncertain: tuple[str, ...] = ()
    cases: tuple[Case, ...] = Field(min_length=2)

    @property
    def is_candidate_list(self) -> bool:
        """Tell whether another institution decides, so that what comes out is a list of candidates."""
        return self.proposed_by is not None

    @property
    def membership_fact(self) -> str:
        """Name the fact that says of a person or family whether they receive it: PBI-JK is `receives_pbi_jk`."""
        return f"receives_{self.code.lower().replace('-', '_')}"
