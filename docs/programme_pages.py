"""The reference page of programme files, made from the models that check them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from kesos.policy.programme import Programme
from page_parts import MADE, table

_MEANING: Final = {
    "code": "name in capitals, with hyphens; the file bears it in small letters",
    "Component.code": "name of the component, once in the file",
    "name": "as shown to people, in Indonesian and English",
    "also_called": "other names in lists of members; case, spaces and signs do not count",
    "aim": "what the programme is for, in one sentence",
    "valid_from": "first day of the programme",
    "valid_until": "day after its last; open if left out",
    "legal_basis": "the acts it rests on",
    "authority": "who does what",
    "proposed_by": "another institution that proposes or decides; what comes out is then a list of candidates",
    "accepts": "whose decile counts while an objection runs",
    "unit": "what is determined about, and counted in a quota",
    "Parameter.unit": "`decile`, `years`, `months`, `persons`, `families`, `IDR/month` …; empty where there is none",
    "parameters": "numbers of the programme by name; no number but 0 and 1 stands in a rule",
    "eligibility": "clauses that must all hold",
    "Expected.eligibility": "what must come out",
    "exclusions": "indications that speak against",
    "incompatible": "programmes that may not be received beside this one",
    "complements": "programmes that fit beside it, or come after it",
    "benefit": "what is given",
    "quota": "how limited places are shared out; places themselves come with `--quotas`",
    "ranking": "keys of the order in which places are given, the first counts most",
    "lottery": "the last key; needed with a quota",
    "conditions": "what a receiver commits to",
    "duration": "longest time of receiving",
    "exits": "other reasons for which leaving is proposed",
    "protection": "for whom no leaving is proposed",
    "budget_line": "where the money stands in the budget, or that this is not known",
    "uncertain": "why this may be wrong; such parts are shown as uncertain everywhere",
    "cases": "named cases that run as tests: at least one yes and one no",
    "act": "number of the act",
    "about": "what the act is about",
    "source": "where it was read",
    "Exclusion.source": "who would show it",
    "determines": "office that says who may receive",
    "signs": "office that signs the decree",
    "pays": "office or bank that pays",
    "data_owner": "office to ask about the data",
    "from": "first day on which it holds; since ever if left out",
    "until": "day after the last on which it holds; open if left out",
    "law": "article or report it rests on",
    "value": "the number, or a code",
    "meaning": "what it is, in Indonesian and English",
    "values": "its values, the oldest first; the next one ends the one before",
    "id": "in Indonesian",
    "Clause.id": "name of the clause, once in the file",
    "Exclusion.id": "name of the exclusion, once in the file",
    "Condition.id": "name of the condition, once among the conditions",
    "Exit.id": "name of the exit, once in the file",
    "en": "in English",
    "rule": "a rule over facts and parameters, true or false",
    "Component.rule": "for whom: over the facts of the person (`of: person`) or of the unit",
    "reason": "the sentence the family is told",
    "expires_after_months": "how long an observation counts",
    "contest": "what to bring and where to go if it is wrong",
    "programme": "code of the other programme",
    "why": "why the two fit",
    "of": "whether each person of a family has it, or the unit once; only a family has persons",
    "amount": "rupiah a `per`, over parameters and facts; nothing where no money is given",
    "at_most": "parameter (unit `persons`) with the most persons of this component in a family",
    "kind": "money, goods, a premium, or a service",
    "per": "what the amount is reckoned by; amounts have the unit IDR/day, IDR/month, IDR/year, or IDR for once",
    "periods": "how many of them make the whole: 12 months a year, 365 days, 1 year, 3 months of an emergency",
    "stages": "how many parts it is paid in; they add up to the rupiah",
    "change_takes_effect": "which amount a stage pays: of its last day, its first day, or the first day of the year",
    "components": "what is given to whom",
    "Condition.components": "components it concerns; all if left out",
    "Expected.components": "components that must be paid, in any order",
    "most_persons": "parameter (unit `persons`) with the most persons paid in a family",
    "level": "areas that have places of their own",
    "area": "which area of a family counts: where it is registered, or where it lives",
    "note": "what else is known",
    "key": "a number or a truth (true counts 1) over the facts of the unit",
    "order": "whether small or large values come first; unknown ones come last",
    "seed": "any text of 4 signs or more, fixed before the ranking is made",
    "published": "where and when the seed was made public",
    "text": "the commitment, in Indonesian and English",
    "measured_by": "who sees whether it is kept",
    "where_service_is_absent": "there is no other choice: nobody is punished for a missing school or clinic",
    "at_most_months": "parameter (unit `months`) with the longest time",
    "exempt": "rule for whom the limit does not hold",
    "way_back": "how somebody who left comes back",
    "because": "clauses that are not met, indicated or unknown; `receives_pkh` for an incompatible PKH",
    "not_checked": "exclusions that nobody could check; not compared if left out",
    "amount_idr": "rupiah of the year, or of the one time",
    "as_of": "day of the case; the first day of the programme if left out",
    "person": "facts of the person, where the unit is a person",
    "members": "the persons of the family, each with its facts; counts of a family follow from them",
    "family": "facts of the family; what is given here goes before what follows from members",
    "dwelling": "facts of the dwelling",
    "group": "facts of the group",
    "expect": "what must come out",
}


def programme_file_page() -> str:
    """Describe every key that a programme file may have, as the code that checks programmes knows them.

    A key without a line in the table of meanings is a KeyError: give it one.
    """
    text = [
        "# Keys of a programme file\n",
        MADE,
        "`<code>.yaml`, in small letters. An unknown or missing key is refused with its place. Begin with the tutorial",
        "[Add a programme](../tutorials/add-a-programme.md). Dates: the first day counts, `until` is the day after the",
        "last. A fact that a case does not give is unknown.\n",
        "Ids are unique over clauses, exclusions and exits. A parameter has no name of a fact; each value of it rests",
        "on a `law` or says why it is `uncertain`. Together a file has at most 31 clauses, exclusions and incompatible",
        "programmes.\n",
    ]
    schema = Programme.model_json_schema()
    parts: dict[str, Any] = {"Programme": schema, **schema["$defs"]}
    choices = {name: part for name, part in parts.items() if "enum" in part}
    first = [
        "Programme",
        "Parameter",
        "ParameterValue",
        "Clause",
        "Exclusion",
        "Benefit",
        "Component",
        "Case",
        "Expected",
    ]
    for name in [*first, *sorted(set(parts) - set(first))]:
        if "properties" in parts[name]:
            text += [f"## {name}\n", _paragraph(parts[name]["description"])]
            text += [table(("key", "needed", "if left out", "holds", "meaning"), _keys(name, parts[name], choices))]
    return "\n".join(text)


def _keys(name: str, part: dict[str, Any], choices: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    needed = part.get("required", [])
    for key, written in part["properties"].items():
        schema = choices.get(str(written.get("$ref")).rsplit("/", 1)[-1], written)
        default = schema.get("default")
        shown = "" if default in (None, "", [], {}) else f"`{default}`"
        meaning = _MEANING.get(f"{name}.{key}") or _MEANING[key]
        yield f"`{key}`", "yes" if key in needed else "no", shown, _holds(schema), meaning


def _holds(schema: dict[str, Any]) -> str:
    """Say what a key holds, in words of the page.

    >>> _holds({"anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "null"}]})
    'list of integer'
    """
    if "anyOf" in schema:
        found = (_holds(choice) for choice in schema["anyOf"] if choice.get("type") != "null")
        return " or ".join(dict.fromkeys(found))
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "enum" in schema or "const" in schema:
        return " or ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_holds(schema.get('items', {}))}"
    if schema.get("type") == "object":
        within: dict[str, Any] = schema.get("additionalProperties") or next(
            iter(schema.get("patternProperties", {}).values()), {}
        )
        return f"by name: {_holds(within)}"
    kind = schema.get("type", "text")
    return str(schema.get("format") or {"string": "text", "boolean": "true or false"}.get(kind, kind))


def _paragraph(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines()) + "\n"
