"""Read a programme file: every key known, every name defined, every number with a day and a ground."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from pathlib import PurePath
from typing import Final

from pydantic import ValidationError

from kesos.foundation.yaml_text import NotAMapping, first_fault, read_mapping
from kesos.policy.programme import Case, Eligibility, FactValue, InForce, Parameter, Programme, Unit
from kesos.policy.programme_refusals import (
    BrokenProgramme,
    EndsBeforeItBegins,
    FactOfAnotherLevel,
    MisnamedProgramme,
    MisplacedPart,
    MissingCase,
    MissingProgrammeKey,
    NumberWithoutGround,
    ProgrammeIsNotYaml,
    QuotaWithoutLottery,
    RepeatedId,
    ShadowedFact,
    TooManyClauses,
    UnknownFact,
    UnknownProgrammeKey,
    UnknownProgrammeName,
    ValuesOutOfOrder,
    WrongFactValue,
    WrongParameter,
)
from kesos.policy.rules.name import Kind, Name
from kesos.policy.rules.units import reduced
from kesos.policy.vocabulary.vocabulary import MEMBERSHIP, RECEIVES, Vocabulary, load_vocabulary

MOST_CLAUSES: Final = 31
"""An outcome has two bits a clause, and 62 bits in all."""

_OF_MEMBERSHIP: Final = {name.name: name for name in MEMBERSHIP}
_TAKES: Final = {
    Kind.BOOLEAN: "true or false",
    Kind.INTEGER: "a whole number",
    Kind.DECIMAL: "a number",
}


def read_programme(text: str, *, file: str) -> Programme:
    """Read a programme from its text; `file` is the path that a refusal shows, and its name must be the code's.

    Rules are texts here; `published.programme_on` parses those that are in force on a day.

    *Raises* a BrokenProgramme that names the file and the place.
    """
    try:
        content = read_mapping(text)
    except NotAMapping as error:
        raise ProgrammeIsNotYaml(file=file, place=error.place, problem=error.problem) from error
    try:
        programme = Programme.model_validate(content)
    except ValidationError as error:
        raise _fault(error, file) from error
    vocabulary = load_vocabulary()
    _check_name(programme, file)
    _check_days(programme, file)
    _check_ids(programme, file)
    _check_parameters(programme, vocabulary, file)
    _check_names(programme, file)
    _check_components(programme, file)
    if programme.quota is not None and programme.lottery is None:
        raise QuotaWithoutLottery(file=file, place="quota")
    _check_cases(programme, vocabulary, file)
    return programme


def _fault(error: ValidationError, file: str) -> BrokenProgramme:
    kind, place, problem = first_fault(error)
    if kind == "unknown":
        return UnknownProgrammeKey(file=file, place=place)
    if kind == "missing":
        return MissingProgrammeKey(file=file, place=place)
    return BrokenProgramme(file=file, place=place, problem=problem)


def _check_name(programme: Programme, file: str) -> None:
    expected = f"{programme.code.lower()}.yaml"
    if PurePath(file).name != expected:
        raise MisnamedProgramme(file=file, place="code", code=programme.code, expected=expected)


def dated_parts(programme: Programme) -> Iterator[tuple[str, InForce]]:
    """List every part of a programme that has its own first and last day, with its place in the file."""
    for name, parameter in programme.parameters.items():
        yield from ((f"parameters.{name}", value) for value in parameter.values)
    yield from ((f"eligibility.{clause.id}", clause) for clause in programme.eligibility)
    yield from ((f"exclusions.{clause.id}", clause) for clause in programme.exclusions)
    yield from ((f"incompatible.{other.programme}", other) for other in programme.incompatible)
    yield from ((f"benefit.components.{part.code}", part) for part in programme.benefit.components)
    if programme.duration is not None:
        yield "duration", programme.duration
    yield from ((f"exits.{way.id}", way) for way in programme.exits)


def _check_days(programme: Programme, file: str) -> None:
    whole = InForce(valid_from=programme.valid_from, valid_until=programme.valid_until)
    for place, part in (("valid_until", whole), *dated_parts(programme)):
        first, last = part.valid_from, part.valid_until
        if first is not None and last is not None and last <= first:
            raise EndsBeforeItBegins(file=file, place=place, first=first, last=last)
    for name, parameter in programme.parameters.items():
        for before, after in zip(parameter.values, parameter.values[1:], strict=False):
            begins = after.valid_from
            follows = begins is not None and (before.valid_from is None or before.valid_from < begins)
            if not follows or (before.valid_until is not None and begins is not None and begins < before.valid_until):
                raise ValuesOutOfOrder(file=file, place=f"parameters.{name}", day=begins)


def _check_ids(programme: Programme, file: str) -> None:
    found = [(clause.id, f"eligibility.{clause.id}") for clause in programme.eligibility]
    found += [(clause.id, f"exclusions.{clause.id}") for clause in programme.exclusions]
    found += [(incompatible_id(other.programme), f"incompatible.{other.programme}") for other in programme.incompatible]
    if len(found) > MOST_CLAUSES:
        raise TooManyClauses(file=file, place="eligibility", clauses=len(found), most=MOST_CLAUSES)
    found += [("duration", "duration"), ("quota", "quota")]
    found += [(way.id, f"exits.{way.id}") for way in programme.exits]
    _check_unique(found, file)
    _check_unique(((part.code, f"benefit.components.{part.code}") for part in programme.benefit.components), file)
    _check_unique(((condition.id, f"conditions.{condition.id}") for condition in programme.conditions), file)


def _check_unique(found: Iterable[tuple[str, str]], file: str) -> None:
    first: dict[str, str] = {}
    for name, place in found:
        if name in first:
            raise RepeatedId(file=file, place=place, name=name, first=first[name], second=place)
        first[name] = place


def incompatible_id(code: str) -> str:
    """Name the clause that says a unit does not receive an incompatible programme.

    >>> incompatible_id("PBI-JK")
    'receives_pbi_jk'
    """
    return f"{RECEIVES}{code.lower().replace('-', '_')}"


def _check_parameters(programme: Programme, vocabulary: Vocabulary, file: str) -> None:
    for name, parameter in programme.parameters.items():
        if name in vocabulary.facts or name in _OF_MEMBERSHIP or name.startswith(RECEIVES):
            raise ShadowedFact(file=file, place=f"parameters.{name}", name=name)
        for value in parameter.values:
            if not (value.law or value.uncertain):
                raise NumberWithoutGround(file=file, place=f"parameters.{name}", value=value.value)
    benefit = programme.benefit
    _check_count(programme, benefit.most_persons, "benefit.most_persons", "persons", file)
    for component in benefit.components:
        _check_count(programme, component.at_most, f"benefit.components.{component.code}.at_most", "persons", file)
    if programme.duration is not None:
        _check_count(programme, programme.duration.at_most_months, "duration.at_most_months", "months", file)


def _check_count(programme: Programme, name: str | None, place: str, unit: str, file: str) -> None:
    if name is None:
        return
    _check_defined(name, programme.parameters, place, file)
    parameter: Parameter = programme.parameters[name]
    is_whole = all(isinstance(value.value, int) and value.value >= 0 for value in parameter.values)
    if reduced(parameter.unit) != unit or not is_whole:
        raise WrongParameter(file=file, place=place, name=name, unit=unit)


def _check_defined(name: str, known: Iterable[str], place: str, file: str) -> None:
    names = list(known)
    if name not in names:
        raise UnknownProgrammeName(file=file, place=place, name=name, known=", ".join(names) or "none")


def _check_names(programme: Programme, file: str) -> None:
    components = [component.code for component in programme.benefit.components]
    for condition in programme.conditions:
        for code in condition.components:
            _check_defined(code, components, f"conditions.{condition.id}", file)
    clauses = [clause.id for clause in (*programme.eligibility, *programme.exclusions)]
    clauses += [incompatible_id(other.programme) for other in programme.incompatible]
    for place, case in _cases(programme):
        for clause in (*case.expect.because, *(case.expect.not_checked or ())):
            _check_defined(clause, clauses, f"{place}.expect", file)
        for code in case.expect.components or ():
            _check_defined(code, components, f"{place}.expect.components", file)


def _check_components(programme: Programme, file: str) -> None:
    if programme.unit is Unit.FAMILY:
        return
    for component in programme.benefit.components:
        if component.of == "person":
            place = f"benefit.components.{component.code}.of"
            instead = "Only a family has persons with components of their own; write of: unit."
            raise MisplacedPart(file=file, place=place, unit=programme.unit, instead=instead)


def _cases(programme: Programme) -> Iterator[tuple[str, Case]]:
    return ((f"cases.{number}", case) for number, case in enumerate(programme.cases, 1))


def _check_cases(programme: Programme, vocabulary: Vocabulary, file: str) -> None:
    expected = {case.expect.eligibility for case in programme.cases}
    for eligibility in (Eligibility.ELIGIBLE, Eligibility.NOT_ELIGIBLE):
        if eligibility not in expected:
            raise MissingCase(file=file, place="cases", eligibility=eligibility)
    for place, case in _cases(programme):
        if case.person and programme.unit is not Unit.PERSON:
            instead = "Write the persons under members, one by one."
            raise MisplacedPart(file=file, place=f"{place}.person", unit=programme.unit, instead=instead)
        if case.group and programme.unit is not Unit.GROUP:
            instead = "Only a programme for groups has facts of a group; leave them out."
            raise MisplacedPart(file=file, place=f"{place}.group", unit=programme.unit, instead=instead)
        for block, level, facts in _blocks(case):
            for name, value in facts.items():
                where = f"{place}.{block}.{name}"
                _check_value(_fact(vocabulary, level, name, programme.unit, (file, where)), value, (file, where))


def _blocks(case: Case) -> Iterator[tuple[str, Unit, Mapping[str, FactValue]]]:
    yield "person", Unit.PERSON, case.person
    yield from ((f"members.{number}", Unit.PERSON, member) for number, member in enumerate(case.members, 1))
    yield "family", Unit.FAMILY, case.family
    yield "dwelling", Unit.DWELLING, case.dwelling
    yield "group", Unit.GROUP, case.group


def _fact(vocabulary: Vocabulary, level: Unit, name: str, unit: Unit, at: tuple[str, str]) -> Name:
    facts = vocabulary.at(level)
    if name in facts:
        return facts[name].as_name()
    if name.startswith(RECEIVES):
        return Name(name, Kind.BOOLEAN)
    if level is unit and name in _OF_MEMBERSHIP:
        return _OF_MEMBERSHIP[name]
    file, place = at
    if name in vocabulary.facts:
        raise FactOfAnotherLevel(file=file, place=place, name=name, level=vocabulary.facts[name].level)
    nearest = get_close_matches(name, facts, n=1, cutoff=0.0)
    raise UnknownFact(file=file, place=place, name=name, nearest=", ".join(nearest))


def _check_value(fact: Name, value: FactValue, at: tuple[str, str]) -> None:
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    fits = {
        Kind.BOOLEAN: isinstance(value, bool),
        Kind.INTEGER: is_number and value == int(value or 0),
        Kind.DECIMAL: is_number,
        Kind.CODE: value in fact.codes,
    }
    if value is not None and not fits[fact.kind]:
        file, place = at
        takes = _TAKES.get(fact.kind) or ", ".join(fact.codes)
        raise WrongFactValue(file=file, place=place, value=value, takes=takes)
