"""Every statement that is written from the vocabulary keeps to the portable subset, as the `.sql` files do."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from house.sql import HEADER, faults
from kesos.pipeline.determine.facts.build import make_facts
from kesos.pipeline.determine.facts.cases import make_case_facts
from kesos.pipeline.engine import Engine
from kesos.policy.programme import Case, Unit
from kesos.policy.vocabulary.vocabulary import load_vocabulary

EVERY = (*load_vocabulary().facts, "receives_pkh")


class _Listening(Engine):
    def __init__(self) -> None:
        super().__init__(memory="200MB", threads=1)
        self.texts: dict[str, str] = {}

    def run(self, file: Any, *, into: str | None = None, **parameters: Any) -> int:
        rows = super().run(file, into=into, **parameters)
        if hasattr(file, "sql"):
            self.texts[file.name] = file.sql
        return rows


def _faults(texts: dict[str, str]) -> dict[str, list[str]]:
    header = "".join(f"-- {word}: as the vocabulary says\n" for word in HEADER)
    folder = resources.files("kesos.pipeline.determine.facts") / "sql"
    fixed = [file.read_text(encoding="utf-8") for file in folder.iterdir()]
    others = [*texts.values(), *fixed]
    found = {name: faults(header + text, others=others) for name, text in texts.items()}
    return {name: these for name, these in found.items() if these}


@pytest.mark.parametrize("has_lineage", [False, True])
def test_statements_over_a_release_are_portable(release: Any, tmp_path: Path, has_lineage: bool) -> None:
    release.family(1, {})
    release.covered("wages", "52")
    if has_lineage:
        for level in ("person", "family", "dwelling"):
            release.add(f"{level}_lineage", {f"{level}_id": 1})
        release.add("person_record", {"record_id": 1})
        release.add("family_record", {"record_id": 1})
    stated = tmp_path / "facts.csv"
    stated.write_text(
        "id,fact,value,observed_on,stated_by\nF-12,disaster_affected,yes,2026-09-01,A\n5204,orphan,no,2026-09-01,A\n"
    )
    members = tmp_path / "members.csv"
    members.write_text("programme,unit\nPKH,F-12\n")

    with _Listening() as engine:
        make_facts(engine, release.request(*EVERY, stated=stated, members=members, programmes={"PKH": ()}))

    assert {"person_facts", "family_count", "family_facts", "dwelling_facts", "group_facts"} <= set(engine.texts)
    assert _faults(engine.texts) == {}


def test_statements_over_cases_are_portable() -> None:
    case = Case.model_validate({"name": {"id": "a", "en": "a"}, "expect": {"eligibility": "eligible"}})

    with _Listening() as engine:
        make_case_facts(engine, [case], vocabulary=load_vocabulary(), facts=frozenset(EVERY), unit=Unit.FAMILY)

    assert _faults(engine.texts) == {}


def test_what_is_not_portable_would_be_found() -> None:
    assert _faults({"bad": "SELECT random() AS a"}) == {"bad": ["rand: another value each time"]}
