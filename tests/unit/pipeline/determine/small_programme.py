"""A small programme over hand-made tables of facts: a test says by name what it is about, all else is plain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import pyarrow as pa

from kesos.pipeline.determine.benefits import components_sql
from kesos.pipeline.determine.clauses import Applied
from kesos.pipeline.determine.movements import seat_units
from kesos.pipeline.determine.run import determine_programme, determined_sql
from kesos.pipeline.engine import Engine
from kesos.policy.programme import Programme, Unit
from kesos.policy.published import programme_on
from kesos.policy.rules.name import Kind
from kesos.policy.vocabulary.vocabulary import OBSERVED_ON, OPEN, load_vocabulary, receives

DAY: Final = date(2026, 10, 1)
SAID: Final = {"id": "kata", "en": "word"}
VOCABULARY: Final = load_vocabulary()
VILLAGE: Final = "5204081006"
OTHER_CODES: Final = ("AID", "OTHER")
_KEYS: Final = {
    Unit.PERSON: ("person_id", "family_id"),
    Unit.FAMILY: ("family_id", "dwelling_id"),
    Unit.DWELLING: ("dwelling_id",),
    Unit.GROUP: ("group_id",),
}
_TYPES: Final[dict[Kind, pa.DataType]] = {
    Kind.BOOLEAN: pa.bool_(), Kind.INTEGER: pa.int32(), Kind.DECIMAL: pa.decimal128(18, 6), Kind.CODE: pa.string(),
}  # fmt: skip
_MEMBER_TYPES: Final[dict[str, pa.DataType]] = {
    "programme": pa.string(), "unit": pa.string(), "unit_id": pa.int64(), "since": pa.date32(), "status": pa.string(),
}  # fmt: skip

Row = Mapping[str, Any]


def content(**more: Any) -> dict[str, Any]:
    """Give the text of programme AID, as YAML would have it, with other parts where a test names them."""
    yes = {"name": SAID, "expect": {"eligibility": "eligible"}}
    plain = {
        "code": "AID", "name": SAID, "aim": SAID, "valid_from": "2025-01-01",
        "legal_basis": [{"act": "UU 1/2025", "about": "aid"}],
        "authority": {"determines": "a", "signs": "b", "pays": "c", "data_owner": "d"},
        "unit": "family", "eligibility": [clause("decile", "official_decile <= 4")],
        "benefit": benefit(component("aid", of="unit", amount="100000")),
        "quota": {"level": "regency", "area": "registered"},
        "lottery": {"seed": "seed-of-2026", "published": "in a newspaper"},
        "ranking": [key("official_decile")],
        "budget_line": "x", "cases": [yes, yes],
    }  # fmt: skip
    return {**plain, **more}


def clause(name: str, rule: str) -> dict[str, Any]:
    """Write a clause of eligibility."""
    return {"id": name, "rule": rule, "reason": SAID}


def exclusion(name: str, rule: str, months: int = 12) -> dict[str, Any]:
    """Write an exclusion."""
    return {**clause(name, rule), "source": "x", "expires_after_months": months, "contest": SAID}


def component(code: str, **more: Any) -> dict[str, Any]:
    """Write a component."""
    return {"code": code, "name": SAID, **more}


def benefit(*components: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Write a benefit of a year."""
    return {"kind": "cash", "per": "year", "change_takes_effect": "at_once", "components": list(components), **more}


def key(text: str, order: str = "ascending") -> dict[str, Any]:
    """Write a ranking key."""
    return {"key": text, "order": order, "meaning": SAID}


def number(*values: int, unit: str = "persons") -> dict[str, Any]:
    """Write a parameter with its value from 2025 on."""
    return {"meaning": SAID, "unit": unit, "values": [{"from": "2025-01-01", "value": value} for value in values]}


class Desk:
    """One engine with a programme, and the tables of facts that a test fills."""

    def __init__(self, engine: Engine, **more: Any) -> None:
        self.engine = engine
        programme = Programme.model_validate(content(**more))
        on = programme_on(programme, DAY, VOCABULARY, codes=OTHER_CODES)
        self.applied = Applied(on, VOCABULARY, VOCABULARY.scope(programme.unit, programme_codes=OTHER_CODES))
        self.fill()

    def fill(
        self,
        *,
        families: Sequence[Row] = (),
        persons: Sequence[Row] = (),
        dwellings: Sequence[Row] = (),
        groups: Sequence[Row] = (),
        members: Sequence[Row] = (),
    ) -> None:
        """Load the tables of facts: what a row does not give is null, but for the village and an open part of 0."""
        for unit, rows in zip(Unit, (persons, families, dwellings, groups), strict=True):
            self.engine.load(f"{unit}_facts", self._table(unit, rows))
        named = [{"programme": "AID", "unit": "family", "status": "member", **row} for row in members]
        self.engine.load("member", pa.Table.from_pylist(named, pa.schema(list(_MEMBER_TYPES.items()))))

    def _table(self, unit: Unit, rows: Sequence[Row]) -> pa.Table:
        types: dict[str, pa.DataType] = dict.fromkeys(_KEYS[unit], pa.int64())
        villages = ("village",) if unit is Unit.DWELLING else ("registered_village", "residence_village")
        types |= dict.fromkeys(villages, pa.string())
        types |= {receives(code): pa.bool_() for code in OTHER_CODES}
        defaults: dict[str, Any] = dict.fromkeys(villages, VILLAGE)
        for name, item in VOCABULARY.at(unit).items():
            types[name] = _TYPES[item.fact.kind]
            if item.is_count:
                types[name + OPEN] = pa.int32()
                defaults[name + OPEN] = 0
            if VOCABULARY.is_dated(name):
                types[name + OBSERVED_ON] = pa.date32()
        return pa.Table.from_pylist([{**defaults, **row} for row in rows], pa.schema(list(types.items())))

    def determine(self, quotas: Mapping[str, int] | None = None) -> dict[int, dict[str, Any]]:
        """Determine the programme, and give the rows by unit."""
        seat_units(self.engine, self.applied, DAY)
        self.pays_persons = determine_programme(self.engine, self.applied, DAY, quotas)
        sql = determined_sql(self.applied, pays_persons=self.pays_persons)
        rows = self.engine.fetch(f"SELECT * FROM ({sql}) ORDER BY unit_id").to_pylist()
        return {row["unit_id"]: row for row in rows}

    def components(self) -> list[tuple[int, int, str, int]]:
        """List what eligible units get: (unit, person, component, amount), in order."""
        sql = components_sql(self.applied, pays_persons=self.pays_persons)
        rows = self.engine.fetch(f"SELECT * FROM ({sql}) ORDER BY unit_id, person_id, component").to_pylist()
        return [(row["unit_id"], row["person_id"], row["component"], row["amount_idr"]) for row in rows]

    def cutoffs(self) -> list[dict[str, Any]]:
        """List where places ended, by area."""
        rows: list[dict[str, Any]] = self.engine.fetch("SELECT * FROM cutoff ORDER BY quota_area").to_pylist()
        return rows
