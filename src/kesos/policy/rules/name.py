"""What a rule may name: a fact of the vocabulary, or a parameter of the programme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

Value = bool | int | Decimal | str


class Kind(StrEnum):
    """What a name or an expression stands for."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Name:
    """A name with its type and unit, and the SQL column that holds it.

    `unit` is text such as `persons`, `IDR/month`; empty where there is none. A CODE has its `codes`.
    `column` is the SQL that stands for a fact, such as `f.children_0_6`; it is written by the vocabulary, never by
    a rule. `open_column` is set for a count over members: it holds for how many members the condition is not known,
    so that the true count lies from `column` to `column + open_column`. A parameter has neither, but a `value`.
    """

    name: str
    kind: Kind
    unit: str = ""
    codes: tuple[str, ...] = ()
    column: str | None = None
    open_column: str | None = None
    value: Value | None = None


Scope = Mapping[str, Name]
