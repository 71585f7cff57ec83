"""Write the pages of docs/reference about what the State has decided: here the vocabulary of facts."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from kesos.policy.programme import Unit
from kesos.policy.rules.name import Kind
from kesos.policy.vocabulary.vocabulary import MEMBERSHIP, LevelledFact, Vocabulary, load_vocabulary
from page_parts import MADE, table

_LEVELS = {
    Unit.PERSON: "A rule of a programme for persons sees these, those of the person's family, and of its dwelling.",
    Unit.FAMILY: "A rule of a programme for families sees these, and those of the dwelling.",
    Unit.DWELLING: "A rule of a programme for dwellings sees these.",
    Unit.GROUP: "A rule of a programme for groups sees these. Groups come from the file of groups.",
}


def vocabulary_page() -> str:
    """Describe every fact that a rule may name."""
    vocabulary = load_vocabulary()
    text = [
        "# Facts of the rules\n",
        MADE,
        "A rule of a programme may name these facts, and the parameters of its programme; nothing else. A fact is",
        "known, unknown, or too old; too old counts as unknown, and unknown never gives a no. A *count* over members",
        "is a range: those for whom it is known, and up to as many more as are open.",
        "How long an observation may be believed no law says: every age here is a proposal.\n",
    ]
    for level in Unit:
        text += _level(vocabulary, level)
    text += _membership()
    return "\n".join(text)


def _level(vocabulary: Vocabulary, level: Unit) -> Iterator[str]:
    facts = vocabulary.at(level)
    yield f"## {level.capitalize()}\n"
    yield f"{_LEVELS[level]}\n"
    header = ("fact", "values", "meaning", "artinya", "source", "derived", "too old after")
    yield table(header, (_row(item) for item in facts.values()))
    yield "Those of the registry are derived as follows; an item that is too old is null.\n"
    yield from _written(facts.values())
    doubts = [f"- `{name}`: {item.fact.uncertain}" for name, item in facts.items() if item.fact.uncertain]
    if doubts:
        yield "Uncertain:\n"
        yield "\n".join(doubts) + "\n"


def _row(item: LevelledFact) -> tuple[str, ...]:
    fact = item.fact
    age = f"{fact.fresh_months} months" if fact.fresh_months else ""
    return f"`{item.name}`", _values(item), fact.meaning.en, fact.meaning.id, fact.source, _derived(item), age


def _values(item: LevelledFact) -> str:
    fact = item.fact
    if fact.codes:
        return ", ".join(f"`{code}`" for code in fact.codes)
    if item.is_count:
        return f"count ({fact.unit})"
    return {Kind.BOOLEAN: "yes, no"}.get(fact.kind, f"number ({fact.unit})" if fact.unit else "number")


def _derived(item: LevelledFact) -> str:
    fact = item.fact
    if fact.stated:
        return "stated in a file of facts"
    if fact.rule is not None:
        return f"rule: `{fact.rule}`"
    if fact.parts is not None:
        way = next(iter(fact.parts.model_dump(exclude_none=True)))
        return f"{way.replace('_', ' ')}: `{item.part_text}`"
    covered = f"; absence from `{fact.covered_by}` is no where it covers" if fact.covered_by else ""
    return f"registry{covered}"


def _written(facts: Iterable[LevelledFact]) -> Iterator[str]:
    yield "```sql"
    for item in facts:
        if item.fact.sql is not None:
            yield f"-- {item.name}"
            yield textwrap.fill(item.fact.sql, 110, subsequent_indent="    ", break_long_words=False)
    yield "```\n"


def _membership() -> Iterator[str]:
    yield "## Membership\n"
    yield "What the list of members says of the unit in the programme that the rule belongs to.\n"
    meanings = {
        "is_member": "the unit receives the programme today",
        "months_received": "full months since it was first listed",
        "months_waiting": "full months on the waiting list",
    }
    rows = ((f"`{name.name}`", name.unit or "yes, no", meanings[name.name]) for name in MEMBERSHIP)
    yield table(("fact", "unit", "meaning"), rows)
    yield "`receives_<code>` says the same of any other programme: PBI-JK is `receives_pbi_jk`. Of a person it is the"
    yield "family that is asked. Who is not listed receives nothing where the list is complete: a file of members is, a"
    yield "source is where and when it declares so. Otherwise it is unknown.\n"
