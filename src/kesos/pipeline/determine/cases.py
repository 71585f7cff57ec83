"""Run the named cases of a programme: the same statements as over a nation, one row a case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from kesos.pipeline.determine.benefits import components_sql
from kesos.pipeline.determine.clauses import NOT_MET, OPEN, Applied
from kesos.pipeline.determine.facts.cases import make_case_facts
from kesos.pipeline.determine.run import determine_programme, determined_sql
from kesos.pipeline.engine import Engine
from kesos.policy.programme import Case, Eligibility, Programme
from kesos.policy.published import ProgrammeOn, Role, programme_on
from kesos.policy.vocabulary.vocabulary import Vocabulary, receives

_MEMORY: Final = "500MB"


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """What came out of a case.

    `because` are the clauses that speak against, or else those that are unknown; `not_checked` what speaks against only
    where somebody looks. `components` holds a component once for each person it is given for.
    """

    case: Case
    day: date
    eligibility: Eligibility
    because: tuple[str, ...]
    not_checked: tuple[str, ...]
    amount_idr: int | None
    components: tuple[str, ...]

    @property
    def got(self) -> dict[str, object]:
        """Give what came out as plain data, with the names that a case uses for what it expects."""
        return {
            "eligibility": self.eligibility.value,
            "because": sorted(self.because),
            "not_checked": sorted(self.not_checked),
            "amount_idr": self.amount_idr,
            "components": sorted(self.components),
        }

    @property
    def differences(self) -> tuple[str, ...]:
        """List what is not as expected, in the order of the file; what a case does not ask is not compared."""
        expected = self.case.expect.model_dump(mode="json")
        got = self.got
        found = []
        for name, value in expected.items():
            wanted = sorted(value) if isinstance(value, list) else value
            if wanted is not None and wanted != got[name]:
                found.append(f"{name}: {_shown(wanted)} expected, {_shown(got[name])} came out")
        return tuple(found)

    @property
    def is_met(self) -> bool:
        """Tell whether the case gives what its programme's file says."""
        return not self.differences


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) or "-" if isinstance(value, list) else str(value)


def run_cases(programme: Programme, vocabulary: Vocabulary, codes: Iterable[str]) -> tuple[CaseOutcome, ...]:
    """Run every case of a programme on its day, in the order of the file.

    A case without a day takes the first day of the programme. `codes` are all programmes that a rule may name.
    *Cost*: a tenth of a second for each day that cases name. *Raises* what `programme_on` and `make_case_facts` refuse.
    """
    known = tuple(codes)
    first = programme.valid_from
    days = {case.as_of or first for case in programme.cases}
    found: dict[int, CaseOutcome] = {}
    with Engine(memory=_MEMORY, threads=1) as engine:
        for day in sorted(days):
            placed = [(place, case) for place, case in enumerate(programme.cases) if (case.as_of or first) == day]
            on = programme_on(programme, day, vocabulary, codes=known)
            scope = vocabulary.scope(programme.unit, programme_codes=known)
            outcomes = _run(engine, Applied(on, vocabulary, scope), [case for _, case in placed])
            found |= {place: outcome for (place, _), outcome in zip(placed, outcomes, strict=True)}
    return tuple(found[place] for place in range(len(programme.cases)))


def _run(engine: Engine, applied: Applied, cases: list[Case]) -> list[CaseOutcome]:
    on, programme = applied.on, applied.programme
    facts = on.facts | {receives(programme.code)}
    make_case_facts(engine, cases, vocabulary=applied.vocabulary, facts=facts, unit=programme.unit)
    engine.drop("seat")
    engine.rename("case_member", "seat")
    pays_persons = determine_programme(engine, applied, on.day, None)
    rows = engine.fetch(_of_cases(determined_sql(applied, pays_persons=pays_persons))).to_pylist()
    parts = engine.fetch(components_sql(applied, pays_persons=pays_persons)).to_pylist()
    components: dict[int, list[str]] = {}
    for part in sorted(parts, key=lambda part: (part["unit_id"], part["person_id"], part["component"])):
        components.setdefault(part["unit_id"], []).append(part["component"])
    return [
        _outcome(on, case, row, tuple(components.get(row["unit_id"], ())))
        for case, row in zip(cases, rows, strict=True)
    ]


def _of_cases(determined: str) -> str:
    """Keep to the units of the cases: further persons of a case's family are no cases of their own."""
    return f"SELECT * FROM ({determined}) WHERE unit_id IN (SELECT unit_id FROM seat) ORDER BY unit_id"


def _outcome(on: ProgrammeOn, case: Case, row: Mapping[str, Any], components: tuple[str, ...]) -> CaseOutcome:
    codes = [row["outcomes"] >> 2 * place & 3 for place in range(len(on.clauses))]
    placed = list(zip(on.clauses, codes, strict=True))
    against = [c.id for c, code in placed if code == (NOT_MET if c.role is Role.ELIGIBILITY else 1)]
    unknown = [c.id for c, code in placed if c.role is Role.ELIGIBILITY and code == OPEN]
    return CaseOutcome(
        case=case,
        day=on.day,
        eligibility=Eligibility(row["eligibility"]),
        because=tuple(against or unknown),
        not_checked=tuple(c.id for c, code in placed if c.role is not Role.ELIGIBILITY and code == OPEN),
        amount_idr=row["amount_idr"],
        components=components,
    )
