"""Properties of five years of life: whoever is seen on a day was born, lives, and belongs to one family with a head."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos.synthetic.nation import family_structure
from kesos.synthetic.plan import AS_OF, chunks, plan_regencies
from kesos.synthetic.population.chunk import day_number, populate
from kesos.synthetic.population.families import HEAD
from kesos.synthetic.population.moment import moment
from kesos.synthetic.rates import load_rates

RATES = load_rates()
DAYS = st.integers(0, int(RATES.life.years * 365)).map(lambda ago: AS_OF - timedelta(days=ago))


@given(seed=st.integers(0, 2**32), day=DAYS, persons=st.integers(1, 1_500))
@settings(max_examples=25)
def test_everybody_seen_on_a_day_lives_in_one_family_with_one_head(seed: int, day: date, persons: int) -> None:
    (plan,) = plan_regencies(persons, seed, ["5204"], RATES, family_structure(RATES))
    for chunk in chunks(plan):
        population = populate(chunk, RATES)
        seen = moment(population, day_number(day))
        size = seen.family_size()

        heads = np.bincount(seen.family[seen.present & (seen.relation == HEAD)], minlength=size.size)
        assert np.array_equal(heads, (size > 0).astype(np.int64))
        assert not np.any(size[population.families["formed_day"] > seen.day])
        assert np.all(population.persons["birth_day"][seen.present] <= seen.day)
        assert np.all(seen.families["kk"][population.families["kk"] == 0] == 0)
