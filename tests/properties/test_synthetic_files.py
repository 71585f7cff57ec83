"""Properties of the files: every source of the smallest world, errors that stay shares, nobody lost but by dying."""

import tempfile
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos.synthetic.files.kinds import ALL_SOURCES
from kesos.synthetic.files.sources import write_sources
from kesos.synthetic.plan import AS_OF
from kesos.synthetic.population.chunk import Population, day_number
from kesos.synthetic.population.moment import moment
from kesos.synthetic.rates import Spelling, load_rates
from kesos.synthetic.world import generate

RATES = load_rates()
REGENCIES = st.sampled_from(["1101", "3171", "5103", "5204", "6371", "9171"])
WINDOW = int(RATES.life.years * 365)


def _made(seed: int, area: str, persons: int) -> list[Population]:
    return [part for regency in generate(persons, seed, [area], RATES) for part in regency.parts()]


@given(seed=st.integers(0, 2**32), area=REGENCIES)
@settings(max_examples=10)
def test_people_only_ever_leave_the_years_before_by_dying(seed: int, area: str) -> None:
    (population,) = _made(seed, area, 400)
    today = day_number(AS_OF)

    before, now = moment(population, today - WINDOW).present, moment(population, today).present

    gone = before & ~now
    assert np.all(population.persons["died_day"][gone] >= 0)


@given(persons=st.integers(1, 30), seed=st.integers(0, 2**32), area=REGENCIES)
@settings(max_examples=3, deadline=None)
def test_the_smallest_worlds_have_a_file_of_every_source_and_the_truth_of_every_row(
    persons: int, seed: int, area: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)

        written = write_sources(out, persons=persons, seed=seed, areas=[area], rates=RATES, workers=1)

        assert {file.source for file in written.files} == set(ALL_SOURCES)
        assert pq.read_table(out / "truth" / "record").num_rows == sum(file.rows for file in written.files)


@given(factor=st.floats(0.0, 50.0))
def test_scaled_errors_stay_shares_and_nothing_else_changes(factor: float) -> None:
    scaled = RATES.scaled(factor)

    for source in type(RATES.spelling).model_fields:
        faults: Spelling = getattr(scaled.spelling, source)
        assert all(0.0 <= getattr(faults, name) <= 1.0 for name in Spelling.model_fields)
    assert (scaled.families, scaled.life, scaled.work) == (RATES.families, RATES.life, RATES.work)
