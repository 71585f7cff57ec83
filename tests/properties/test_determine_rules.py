"""Rules drawn at random mean in SQL what a reader and a three-valued arithmetic of our own make of the same text."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any, Final

import pyarrow as pa
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from kesos.pipeline.engine import Engine
from kesos.policy.rules.compile import truth_sql, unknown_sql, value_sql
from kesos.policy.rules.name import Kind, Name
from kesos.policy.rules.parse import read_rule
from kesos.policy.rules.refusals import BrokenRule
from kesos.policy.rules.rule import Rule as ProductRule
from oracle.determination import is_not_exact
from oracle.rule_reader import Rule, read
from oracle.spans import Span, Value

LEVELS: Final = ("none", "sd", "smp")
SCOPE: Final = {
    "children": Name("children", Kind.INTEGER, column="f.children", open_column="f.children__open"),
    "elders": Name("elders", Kind.INTEGER, column="f.elders", open_column="f.elders__open"),
    "decile": Name("decile", Kind.INTEGER, column="f.decile"),
    "score": Name("score", Kind.DECIMAL, column="f.score"),
    "poor": Name("poor", Kind.BOOLEAN, column="f.poor"),
    "flooded": Name("flooded", Kind.BOOLEAN, column="f.flooded"),
    "level": Name("level", Kind.CODE, codes=LEVELS, column="f.level"),
    "highest": Name("highest", Kind.INTEGER, value=3),
    "rate": Name("rate", Kind.DECIMAL, value=Decimal("0.5")),
}
KINDS: Final = {name: str(one.kind) for name, one in SCOPE.items() if one.column}
FIXED: Final[dict[str, Value]] = {"highest": 3, "rate": Decimal("0.5")}
ROWS: Final = 60


def _families() -> list[dict[str, Value]]:
    rng = Random(4)
    spans = [Span(0, 0), Span(1, 1), Span(2, 2), Span(0, 1), Span(1, 3), Span(0, 4), None]
    return [
        {
            "children": rng.choice(spans),
            "elders": rng.choice(spans),
            "decile": rng.choice([1, 2, 3, 4, 10, None]),
            "score": rng.choice([Decimal("0.25"), Decimal("0.5"), Decimal("1.5"), Decimal(3), None]),
            "poor": rng.choice([True, False, None]),
            "flooded": rng.choice([True, False, None]),
            "level": rng.choice([*LEVELS, None]),
        }
        for _ in range(ROWS)
    ]


FAMILIES: Final = _families()
TYPES: Final[dict[str, pa.DataType]] = {
    "boolean": pa.bool_(),
    "integer": pa.int32(),
    "decimal": pa.decimal128(18, 6),
    "code": pa.string(),
}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    columns: dict[str, Any] = {}
    for name, kind in KINDS.items():
        values: list[Any] = [family[name] for family in FAMILIES]
        columns[name] = pa.array([v.least if isinstance(v, Span) else v for v in values], TYPES[kind])
        if SCOPE[name].open_column:
            gaps = [v.most - v.least if isinstance(v, Span) else None for v in values]
            columns[f"{name}__open"] = pa.array(gaps, pa.int32())
    with Engine(threads=1) as opened:
        opened.load("family", pa.table({"place": pa.array(range(ROWS), pa.int32()), **columns}))
        yield opened


NUMBERS: Final = st.recursive(
    st.sampled_from(["children", "elders", "decile", "score", "highest", "rate", "0", "1", "2", "3", "0.5", "1.25"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-"]), inner).map(lambda three: f"({' '.join(three)})"),
        st.tuples(inner, st.just("*"), st.sampled_from(["2", "3", "highest", "decile", "0"])).map(
            lambda three: f"({' '.join(three)})"
        ),
        st.tuples(
            st.sampled_from(["decile", "children", "score"]), st.just("/"), st.sampled_from(["2", "4", "decile"])
        ).map(lambda three: f"({' '.join(three)})"),
    ),
    max_leaves=4,
)
COMPARED: Final = st.one_of(
    st.tuples(NUMBERS, st.sampled_from(["=", "<>", "<", "<=", ">", ">="]), NUMBERS).map(" ".join),
    st.tuples(NUMBERS, st.sampled_from(["BETWEEN", "NOT BETWEEN"]), NUMBERS, NUMBERS).map(
        lambda four: f"{four[0]} {four[1]} {four[2]} AND {four[3]}"
    ),
    st.tuples(st.sampled_from(["children", "decile", "elders"]), st.sampled_from(["IN", "NOT IN"]),
              st.lists(st.sampled_from(["0", "1", "2", "3", "4"]), min_size=1, max_size=4, unique=True)).map(
        lambda three: f"{three[0]} {three[1]} ({', '.join(three[2])})"
    ),
    st.tuples(st.just("level"), st.sampled_from(["=", "<>"]), st.sampled_from(["'sd'", "'none'"])).map(" ".join),
    st.sampled_from(["level IN ('sd', 'smp')", "level NOT IN ('none')", "poor", "flooded", "TRUE", "FALSE"]),
)  # fmt: skip
CONDITIONS: Final = st.recursive(
    COMPARED.map(lambda text: f"({text})"),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' AND '.join(parts)})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' OR '.join(parts)})"),
        inner.map(lambda part: f"(NOT {part})"),
    ),
    max_leaves=6,
)


def _by_product(text: str, kind: Kind = Kind.BOOLEAN) -> ProductRule:
    """Read a rule; one that the language refuses (two fixed sides, a result too large) is no draw."""
    try:
        return read_rule(text, SCOPE, wants=kind, place="a draw")
    except BrokenRule:
        reject()


def _by_oracle(text: str) -> Rule:
    return read(text, KINDS, FIXED)


@given(text=CONDITIONS)
def test_conditions_are_true_false_or_unknown_as_the_oracle_has_it(engine: Engine, text: str) -> None:
    rule, theirs = _by_product(text), _by_oracle(text)

    found = engine.fetch(f"SELECT {truth_sql(rule)} AS holds FROM family AS f ORDER BY place")["holds"].to_pylist()

    expected = [theirs.truth(family) for family in FAMILIES]
    apart = [(family, a, b) for family, a, b in zip(FAMILIES, found, expected, strict=True) if a is not b]
    assert not apart, f"{text}: {apart[0]}"
    assert set(rule.facts) == set(theirs.facts)
    # Written in its one canonical way, it is the same rule.
    assert read_rule(rule.canonical, SCOPE, place="again").canonical == rule.canonical
    assert [_by_oracle(rule.canonical).truth(family) for family in FAMILIES] == expected


@given(text=NUMBERS)
def test_numbers_are_known_exactly_where_the_oracle_knows_them(engine: Engine, text: str) -> None:
    rule, theirs = _by_product(text, Kind.DECIMAL), _by_oracle(text)

    found = engine.fetch(f"SELECT {value_sql(rule)} AS value FROM family AS f ORDER BY place")["value"].to_pylist()

    assert found == [theirs.exactly(family) for family in FAMILIES], text


@pytest.mark.parametrize("name", sorted(KINDS))
def test_unknown_is_told_of_every_kind_of_fact(engine: Engine, name: str) -> None:
    select = f"SELECT {unknown_sql(SCOPE[name])} AS missing FROM family AS f ORDER BY place"

    found = engine.fetch(select)["missing"].to_pylist()

    assert found == [is_not_exact(family[name]) for family in FAMILIES]
