"""One fact of the vocabulary: the shape of an entry in `person.yaml`, `family.yaml`, `dwelling.yaml`, `group.yaml`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from kesos.foundation.yaml_text import BothLanguages, Strict
from kesos.policy.rules.name import Kind

FactName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=40)]


class OverParts(Strict):
    """A fact of a whole from facts of its parts (members of a family, families of a dwelling or group).

    Exactly one is given, a text of the rule language over the facts of a part. `count` gives a count with its open
    part; `any` and `all` are three-valued; `most`, `least` and `total` are unknown where a part's value is; `of_head`
    is the value of the member who is head, unknown where not exactly one is known to be.
    """

    count: str | None = None
    any: str | None = None
    all: str | None = None
    most: str | None = None
    least: str | None = None
    total: str | None = None
    of_head: str | None = None


class Fact(Strict):
    """A fact: what it is, who could show it, how the registry gives it, and how old it may be.

    Exactly one of `sql` (over the columns that `pipeline.determine` offers at this level), `parts`, `rule` (over
    other facts of this level) and `stated` (it comes only in a file of stated facts) says how it is derived.
    `fresh_months` is the age beyond which it counts as unknown: `observed` lists the columns of `sql` that age, and
    `sql` sees a value that is too old as null. `covered_by` names the source whose declared coverage turns absence
    into *no*.
    """

    kind: Kind
    unit: str = ""
    codes: tuple[str, ...] = ()
    meaning: BothLanguages
    source: str
    sql: str | None = None
    parts: OverParts | None = None
    rule: str | None = None
    stated: bool = False
    observed: tuple[str, ...] = ()
    fresh_months: int | None = Field(default=None, ge=1)
    covered_by: str | None = None
    uncertain: str | None = None
