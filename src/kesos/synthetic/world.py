"""Generate a synthetic population of one moment, regency by regency and chunk by chunk: the door of this storey."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kesos.synthetic.nation import family_structure
from kesos.synthetic.plan import AS_OF, ChunkPlan, RegencyPlan, chunks, plan_regencies
from kesos.synthetic.population.chunk import Population, populate
from kesos.synthetic.rates import Rates


@dataclass(frozen=True)
class RegencyPopulation:
    """One regency: planned now, made chunk by chunk when asked, so that memory holds one chunk."""

    plan: RegencyPlan
    chunks: list[ChunkPlan]
    rates: Rates

    def parts(self) -> Iterator[Population]:
        """Make the chunks, one after the other."""
        for chunk in self.chunks:
            yield populate(chunk, self.rates)


def generate(
    persons: int, seed: int, areas: list[str] | None, rates: Rates, *, as_of: date = AS_OF
) -> Iterator[RegencyPopulation]:
    """Generate `persons` people, living or dead for at most the window of deaths, one regency at a time.

    The same persons, seed, areas and rates give the same people, in whatever order and process they are made.
    *Raises* UnknownArea, TooFewPersons. *Cost*: about 3 seconds a million persons and core.
    """
    for plan in plan_regencies(persons, seed, areas, rates, family_structure(rates), as_of=as_of):
        yield RegencyPopulation(plan, chunks(plan), rates)
