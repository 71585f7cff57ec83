"""How a programme file can be broken: each kind names the file and the place in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from kesos.foundation.errors import Refused
from kesos.policy.programme import Unit

_UNITS: Final = tuple(unit.value for unit in Unit)


class BrokenProgramme(Refused):
    """A programme file that cannot be used; every kind names the file and the place in it."""

    what = "Programme file {file}, at {place}: {problem}."
    remedy = "Correct the file; docs/reference/programme-file.md lists every key and its values."


class ProgrammeIsNotYaml(BrokenProgramme):
    """A file that YAML cannot parse, or whose top is not a mapping."""

    what = "Programme file {file}, at {place}: this is not a YAML mapping ({problem})."
    remedy = "Mind the indentation and quote values that hold a colon or a hash sign."


class UnknownProgrammeKey(BrokenProgramme):
    """A key that no programme has, most often a typing error."""

    what = "Programme file {file}, at {place}: the key is not known."
    remedy = "Remove it or correct its spelling; docs/reference/programme-file.md lists every key."


class MissingProgrammeKey(BrokenProgramme):
    """A key that every programme must have."""

    what = "Programme file {file}, at {place}: the key is missing."
    remedy = "Add it; docs/reference/programme-file.md says what it means."


class MisnamedProgramme(BrokenProgramme):
    """A file whose name is not the code of its programme in small letters."""

    what = "Programme file {file}, at {place}: it holds the programme {code}, so its name should be {expected}."
    remedy = "Give file and programme the same name, so that one can be found from the other."


class RepeatedId(BrokenProgramme):
    """Two parts of a programme with one id, so that a reason could mean either."""

    what = "Programme file {file}, at {place}: the id '{name}' stands twice, in {first} and in {second}."
    remedy = "Give one of them another id; clauses, exclusions, duration and exits share one list of ids."


class UnknownProgrammeName(BrokenProgramme):
    """A name that should be defined in the file and is not."""

    what = "Programme file {file}, at {place}: '{name}' is named here but not defined; known are: {known}."
    remedy = "Use one of the names that are defined, or define this one."


class UnknownFact(BrokenProgramme):
    """A case that speaks of a fact which the vocabulary does not have."""

    what = "Programme file {file}, at {place}: '{name}' is no fact; nearest is {nearest}."
    remedy = "Facts are listed in docs/reference/vocabulary.md."


class FactOfAnotherLevel(BrokenProgramme):
    """A case that gives a fact at the wrong level, such as the decile of a person."""

    what = "Programme file {file}, at {place}: '{name}' is a fact of another level: {level}."
    remedy = "Move it to that part of the case."
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {"level": _UNITS}


class WrongFactValue(BrokenProgramme):
    """A case that gives a fact a value which it cannot have."""

    what = "Programme file {file}, at {place}: '{value}' is no value of this fact; it takes {takes}."
    remedy = "Write such a value, or leave the fact out: a fact that is not given is unknown."
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {"takes": ("true or false", "a whole number", "a number")}


class ValuesOutOfOrder(BrokenProgramme):
    """Values of a parameter whose days do not follow one another."""

    what = "Programme file {file}, at {place}: the value from {day} does not begin after the one before it has ended."
    remedy = "Put the oldest value first, give each its first day (from), and let none begin before the last has ended."


class EndsBeforeItBegins(BrokenProgramme):
    """A part that is never in force: its last day is not after its first."""

    what = "Programme file {file}, at {place}: it begins on {first} and ends before {last}, so it is never in force."
    remedy = "Correct one of the days: the first counts, the last does not."


class NumberWithoutGround(BrokenProgramme):
    """A value of a parameter for which the file names no law, and does not say why it may be wrong."""

    what = "Programme file {file}, at {place}: the value {value} has no ground."
    remedy = "Name the law it rests on (law), or say why it may be wrong (uncertain)."


class WrongParameter(BrokenProgramme):
    """A parameter that counts persons or months, and holds something else."""

    what = "Programme file {file}, at {place}: parameter '{name}' must hold whole {unit}, and its unit must say so."
    remedy = "Give the parameter the unit {unit} and whole numbers of 0 or more."


class ShadowedFact(BrokenProgramme):
    """A parameter that bears the name of a fact, so that a rule could mean either."""

    what = "Programme file {file}, at {place}: '{name}' is already the name of a fact."
    remedy = "Give the parameter another name."


class QuotaWithoutLottery(BrokenProgramme):
    """Places are limited, and nothing decides between two who are alike."""

    what = "Programme file {file}, at {place}: there is a quota but no lottery, so two who are alike have no order."
    remedy = "Add lottery with a seed, and say where the seed is published."


class MissingCase(BrokenProgramme):
    """No case shows what a yes, or a no, looks like."""

    what = "Programme file {file}, at {place}: no case is expected to be {eligibility}."
    remedy = "Add one: a lawyer should see at least one yes and one no."
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {"eligibility": ("eligible", "not_eligible")}


class MisplacedPart(BrokenProgramme):
    """A part of a case or a component that does not go with the unit of the programme."""

    what = "Programme file {file}, at {place}: a programme whose unit is {unit} cannot have this."
    remedy = "{instead}"
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "unit": _UNITS,
        "instead": (
            "Only a family has persons with components of their own; write of: unit.",
            "Write the persons under members, one by one.",
            "Only a programme for groups has facts of a group; leave them out.",
        ),
    }


class TooManyClauses(BrokenProgramme):
    """More clauses than an outcome has room for."""

    what = (
        "Programme file {file}, at {place}: {clauses} clauses, exclusions and incompatible programmes, at most {most}."
    )
    remedy = "Join clauses whose reason is the same with AND."
