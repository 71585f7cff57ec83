"""On which day a fact of a family counts as observed when it rests on two dated facts of a member."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from kesos.foundation.yaml_text import BothLanguages
from kesos.pipeline.determine.facts.derivation import Derivation
from kesos.pipeline.determine.facts.levels import count_members
from kesos.pipeline.engine import Engine
from kesos.policy.programme import Unit
from kesos.policy.rules.name import Kind
from kesos.policy.vocabulary.fact import Fact, OverParts
from kesos.policy.vocabulary.vocabulary import LevelledFact, Vocabulary, load_vocabulary

OLD, NEW = date(2025, 1, 1), date(2026, 1, 1)


@pytest.mark.parametrize(
    ("working", "has_business", "found"),
    [
        ((True, NEW), (True, OLD), (True, OLD)),
        ((True, NEW), (None, None), (True, NEW)),  # an unknown value has no say
        ((True, NEW), (None, OLD), (True, OLD)),  # one that is too old makes nothing fresher
        ((True, NEW), (True, None), (True, None)),  # known, but nobody knows since when
        ((None, None), (False, NEW), (None, None)),
    ],
)
def test_two_dated_facts_give_the_older_day_and_none_if_a_known_value_has_none(
    working: tuple[Any, Any], has_business: tuple[Any, Any], found: tuple[Any, Any]
) -> None:
    words = BothLanguages(id="a", en="a")
    fact = Fact(kind=Kind.BOOLEAN, meaning=words, source="a", parts=OverParts(any="working OR has_business"))
    vocabulary = Vocabulary({**load_vocabulary().facts, "either": LevelledFact("either", Unit.FAMILY, fact)})
    person = {
        "family_id": pa.array([1]),
        "working": pa.array([working[0]], pa.bool_()),
        "working__on": pa.array([working[1]], pa.date32()),
        "has_business": pa.array([has_business[0]], pa.bool_()),
        "has_business__on": pa.array([has_business[1]], pa.date32()),
    }

    with Engine(memory="200MB", threads=1) as engine:
        engine.load("person_facts", pa.table(person))
        count_members(engine, Derivation.of(vocabulary, Unit.FAMILY, frozenset({"either"})))
        (row,) = engine.fetch("family_count").to_pylist()

    assert (row["either"], row["either__on"]) == found
