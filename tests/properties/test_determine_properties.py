"""What holds of every programme: unknown is no *no*, nor is a full quota; order and draw can be recomputed."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from random import Random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos.pipeline.determine.ranking import rank
from kesos.pipeline.engine import Engine
from oracle.desk import VILLAGE, Desk, Facts, Sitter, desk_of
from oracle.determination import (
    CLEAR,
    INDICATED,
    MET,
    NOT_CHECKED,
    NOT_MET,
    UNKNOWN,
    eligibility_of,
    months_before,
)
from oracle.nation import packaged_programmes, published_on
from oracle.published import Clause
from oracle.spans import Span, Value

DAY = date(2026, 9, 30)
CODES = sorted(published_on(packaged_programmes(), DAY))
_MOST_COMBINED = 1_500


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as opened:
        yield opened


def states_of(desk: Desk, clause: Clause) -> list[tuple[int, Sitter]]:
    """Give a clause's states: the code that is expected, and the facts alone that bring it about."""
    states = desk.states(clause)
    if clause.role == "eligibility":
        codes = ((MET, states[True]), (NOT_MET, states[False]), (UNKNOWN, states[None]))
        return [(code, Sitter(facts, {})) for code, facts in codes]
    found = [
        (code, Sitter(states[truth], {})) for code, truth in ((CLEAR, False), (INDICATED, True), (NOT_CHECKED, None))
    ]
    if clause.expires_after_months is not None:
        last = months_before(DAY, clause.expires_after_months)
        before = date.fromordinal(last.toordinal() - 1)
        found += [
            (INDICATED, Sitter(states[True], dict.fromkeys(clause.rule.facts, last))),
            (NOT_CHECKED, Sitter(states[True], dict.fromkeys(clause.rule.facts, before))),
        ]
    return found


def with_state(facts: Facts, *states: Sitter) -> Sitter:
    """Lay states of clauses over facts."""
    laid = dict(facts)
    days: dict[str, date] = {}
    for state in states:
        laid |= state.facts
        days |= state.days
    return Sitter(laid, days)


def test_every_clause_has_facts_for_every_state() -> None:
    for code in CODES:
        desk = desk_of(code, DAY)
        for clause in desk.published.clauses:
            assert set(desk.states(clause)) == {True, False, None}, f"{code} {clause.id}"


@pytest.mark.parametrize("code", CODES)
def test_each_clause_in_each_state_gives_its_code(engine: Engine, code: str) -> None:
    """One clause leaves the good; the others stay good, unless they ask for the same fact."""
    desk = desk_of(code, DAY)
    clauses, base = desk.published.clauses, desk.good
    tried = [(place, state) for place, clause in enumerate(clauses) for state in states_of(desk, clause)]
    sitters = [with_state(base, sitter) for _, (_, sitter) in tried]

    weighed = desk.weigh(engine, sitters)

    for (place, (expected, _)), sitter, (eligibility, codes) in zip(tried, sitters, weighed, strict=True):
        said = f"{code} {clauses[place].id} {dict(sitter.facts)} {dict(sitter.days)}"
        assert codes[place] == expected, said
        assert codes == desk.expected(sitter), said
        assert eligibility == eligibility_of(list(zip(clauses, codes, strict=True))), said
        others = [code for at, code in enumerate(codes) if at != place]
        if others == [
            MET if clause.role == "eligibility" else CLEAR for at, clause in enumerate(clauses) if at != place
        ]:
            assert eligibility == alone(clauses[place], expected), said


def alone(clause: Clause, code: int) -> str:
    """Say what one clause makes of a unit that is good in all others."""
    if clause.role == "eligibility":
        return {MET: "eligible", NOT_MET: "not_eligible", UNKNOWN: "to_verify"}[code]
    return {CLEAR: "eligible", INDICATED: "not_eligible", NOT_CHECKED: "eligible"}[code]


@pytest.mark.parametrize("code", CODES)
def test_clauses_in_all_states_together_never_make_a_no_of_what_is_unknown(engine: Engine, code: str) -> None:
    desk = desk_of(code, DAY)
    clauses, base, rng = desk.published.clauses, desk.good, Random(11)
    states = [[sitter for _, sitter in states_of(desk, clause)] for clause in clauses]
    combined = list(itertools.islice(itertools.product(*states), 60_000))
    if len(combined) > _MOST_COMBINED:
        combined = rng.sample(combined, _MOST_COMBINED)
    sitters = [with_state(base, *chosen) for chosen in combined]

    weighed = desk.weigh(engine, sitters)

    for sitter, (eligibility, codes) in zip(sitters, weighed, strict=True):
        assert codes == desk.expected(sitter), f"{code} {dict(sitter.facts)} {dict(sitter.days)}"
        speaks: dict[str, set[int]] = {clause.role: set() for clause in clauses}
        for clause, outcome in zip(clauses, codes, strict=True):
            speaks[clause.role].add(outcome)
        is_no = NOT_MET in speaks["eligibility"] or any(
            INDICATED in seen for role, seen in speaks.items() if role != "eligibility"
        )
        assert (eligibility == "not_eligible") is is_no
        assert (eligibility == "to_verify") is (not is_no and UNKNOWN in speaks["eligibility"])


@pytest.mark.parametrize("code", CODES)
def test_edges_of_every_number_are_weighed_as_the_rule_says(engine: Engine, code: str) -> None:
    desk = desk_of(code, DAY)
    base, rng = desk.good, Random(5)
    tried = [facts for clause in desk.published.clauses for facts in desk.assignments(clause)]
    chosen = tried if len(tried) <= _MOST_COMBINED else rng.sample(tried, _MOST_COMBINED)
    sitters = [with_state(base, Sitter(facts, {})) for facts in chosen]

    weighed = desk.weigh(engine, sitters)

    apart = [
        f"{code} {dict(sitter.facts)}: product {codes}, oracle {desk.expected(sitter)}"
        for sitter, (_, codes) in zip(sitters, weighed, strict=True)
        if codes != desk.expected(sitter)
    ]
    assert not apart, "\n".join(apart[:5])


def forget(value: Value, rng: Random) -> Value:
    """Know less: nothing at all, or of a count that more may be."""
    return Span(value.least, value.most + 1) if isinstance(value, Span) and rng.random() < 0.5 else None


@pytest.mark.parametrize("code", CODES)
def test_knowing_less_never_turns_an_outcome_round(engine: Engine, code: str) -> None:
    """A fact of conditions alone: yes and no become at most *to verify*. What speaks against can only fall silent."""
    desk = desk_of(code, DAY)
    rng, clauses = Random(3), desk.published.clauses
    against = {name for clause in clauses if clause.role != "eligibility" for name in clause.rule.facts}
    choices = {
        name: [value for clause in clauses if name in clause.rule.facts for value in desk.values_of(name, clause)]
        for name in desk.named
    }
    before, after, forgotten = [], [], []
    for _ in range(500):
        facts: Facts = {name: rng.choice(values) for name, values in choices.items()}
        facts |= {name: False for name in against if rng.random() < 0.7}
        known = [name for name, value in facts.items() if value is not None]
        if known:
            name = rng.choice(known)
            before.append(Sitter(facts, {}))
            after.append(Sitter({**facts, name: forget(facts[name], rng)}, {}))
            forgotten.append(name)

    first, then = desk.weigh(engine, before), desk.weigh(engine, after)

    for name, sitter, (was, _), (now, _) in zip(forgotten, before, first, then, strict=True):
        said = f"{code} {dict(sitter.facts)} without {name}: {was} became {now}"
        if name in against:
            assert was in {now, "not_eligible"}, said
        else:
            assert now in {was, "to_verify"}, said


Contender = tuple[int | None, Decimal | None, bool | None, Span | None, int | None]
CONTENDERS = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 3, None]),
        st.sampled_from([Decimal("0.100000"), Decimal("0.200000"), None]),
        st.sampled_from([True, False, None]),
        st.sampled_from([Span(0, 0), Span(2, 2), Span(1, 2), None]),
        st.sampled_from([0, 3, None]),
    ),
    min_size=1,
    max_size=25,
)


def placed(
    engine: Engine, desk: Desk, contenders: Sequence[Contender], quota: int, order: Sequence[int] = ()
) -> dict[int, int]:
    """Rank families by the product: unit id to rank. `order` shuffles the rows of every table."""
    sitters = [
        Sitter(
            {
                "official_decile": decile,
                "official_score": score,
                "lone_elder": lone,
                "severe_disability_members": Span(0, 0),
                "children_0_6": children,
            },
            {},
        )
        for decile, score, lone, children, _ in contenders
    ]
    desk.lay(engine, sitters, seats=[waiting for *_, waiting in contenders], order=order)
    units = {
        "unit_id": pa.array([place + 1 for place in order or range(len(sitters))], pa.int64()),
        "eligibility": ["eligible"] * len(sitters),
        "quota_area": [VILLAGE[:4]] * len(sitters),
    }
    engine.load("standing", pa.table(units))
    rank(engine, desk.applied, {VILLAGE[:4]: quota})
    return {row["unit_id"]: row["rank"] for row in engine.fetch("ranked").to_pylist()}


def by_hand(contenders: Sequence[Contender]) -> list[int]:
    """Order families as the file of Sembako says: decile, score, lone elder, children, waiting; then the draw.

    What is unknown comes last; a count is known if no member is open.
    """

    def draw(number: int) -> str:
        return hashlib.sha256(f"kesos-SEMBAKO-2026|SEMBAKO|{number}".encode()).hexdigest()

    def key(number: int) -> tuple[object, ...]:
        decile, score, lone, children, waiting = contenders[number - 1]
        young = children.least if children is not None and children.least == children.most else None
        return (
            (decile is None, decile or 0),
            (score is None, score or 0),
            (lone is None, not lone),
            (young is None, -(young or 0)),
            (waiting is None, -(waiting or 0)),
            draw(number),
            number,
        )

    return sorted(range(1, len(contenders) + 1), key=key)


@given(contenders=CONTENDERS, quota=st.integers(0, 26), seed=st.integers(0, 9))
@settings(max_examples=25)
def test_rank_is_total_stable_and_drawn_by_the_published_seed(
    engine: Engine, contenders: list[Contender], quota: int, seed: int
) -> None:
    desk, shuffled = desk_of("SEMBAKO", DAY), list(range(len(contenders)))
    Random(seed).shuffle(shuffled)

    ranks = placed(engine, desk, contenders, quota)
    again = placed(engine, desk, contenders, quota, order=shuffled)
    cutoff = engine.fetch("cutoff").to_pylist()[0]

    assert sorted(ranks, key=ranks.__getitem__) == by_hand(contenders)
    assert sorted(ranks.values()) == list(range(1, len(contenders) + 1))
    assert again == ranks
    # A full quota makes some wait; it refuses nobody.
    assert (cutoff["within_quota"], cutoff["waiting"]) == (min(quota, len(ranks)), max(0, len(ranks) - quota))


@given(contenders=CONTENDERS, quota=st.integers(0, 25))
@settings(max_examples=15)
def test_one_more_place_takes_nobody_s_place(engine: Engine, contenders: list[Contender], quota: int) -> None:
    desk = desk_of("SEMBAKO", DAY)

    fewer = {unit for unit, place in placed(engine, desk, contenders, quota).items() if place <= quota}
    more = {unit for unit, place in placed(engine, desk, contenders, quota + 1).items() if place <= quota + 1}

    assert fewer <= more
    assert len(more) == min(quota + 1, len(contenders))


@given(contenders=CONTENDERS)
@settings(max_examples=15)
def test_a_family_far_below_moves_nobody_above(engine: Engine, contenders: list[Contender]) -> None:
    below: Contender = (9, None, None, None, None)
    known: list[Contender] = [(contender[0] or 4, *contender[1:]) for contender in contenders]
    desk = desk_of("SEMBAKO", DAY)

    alone_ranked = placed(engine, desk, known, 5)
    with_another = placed(engine, desk, [*known, below], 5)

    assert with_another.pop(len(known) + 1) == len(known) + 1
    assert with_another == alone_ranked
