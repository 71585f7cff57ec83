"""Numbers and dates: the structure of a NIK, 1 January, serials that never repeat."""

from datetime import date

import numpy as np
import pytest

from kesos.foundation.nik import embedded_birth
from kesos.synthetic.draws import Columns, generator
from kesos.synthetic.population.identity import birth_days, date_parts, niks
from kesos.synthetic.rates import load_rates

RATES = load_rates().documents
FAULTLESS = RATES.model_copy(
    update=dict.fromkeys(
        ("nik_disagrees", "without_nik_under_5", "without_nik_child", "without_nik_adult", "without_nik_elder"), 0.0
    )
)


def _people(days: list[int], sex: list[int]) -> Columns:
    return {
        "birth_day": np.array(days, np.int32),
        "sex": np.array(sex, np.int8),
        "age": np.full(len(days), 30.0, np.float32),
    }


def _day(*parts: int) -> int:
    return (date(*parts) - date(1970, 1, 1)).days


def test_date_parts_before_and_after_1970() -> None:
    day, month, year = date_parts(np.array([_day(1944, 2, 29), _day(2026, 12, 31)], np.int32))

    assert (day.tolist(), month.tolist(), year.tolist()) == ([29, 31], [2, 12], [1944, 2026])


def test_niks_add_forty_to_the_day_of_women_and_count_serials() -> None:
    people = _people([_day(1990, 4, 7)] * 3, [1, 2, 2])

    found = niks(generator(1, "nik"), people, np.full(3, 520_401), np.zeros(3, bool), 0, FAULTLESS)

    assert (found // 10_000).tolist() == [520401070490, 520401470490, 520401470490]
    assert (found % 10_000).tolist() == [1, 1, 2]


def test_niks_of_migrants_stand_in_a_band_of_their_chunk() -> None:
    people = _people([_day(1990, 4, 7)] * 2, [1, 1])

    serials = [
        int(
            niks(generator(1, "nik"), people, np.full(2, 520_401), np.array([False, True]), chunk, FAULTLESS)[1]
            % 10_000
        )
        for chunk in (0, 1)
    ]

    assert serials == [5001, 5017]


def test_niks_are_read_back_by_foundation() -> None:
    people = _people([_day(1990, 4, 7)], [2])

    number = niks(generator(1, "nik"), people, np.array([520_401]), np.zeros(1, bool), 0, FAULTLESS)[0]

    assert embedded_birth(str(number), 2026) == ("female", date(1990, 4, 7))


def test_niks_disagree_for_the_given_share() -> None:
    often = FAULTLESS.model_copy(update={"nik_disagrees": 0.25})
    people = _people([_day(1990, 4, 7)] * 8_000, [1] * 8_000)

    found = niks(generator(1, "nik"), people, np.full(8_000, 520_401), np.zeros(8_000, bool), 0, often)

    assert (found // 10**4 != 520401070490).mean() == pytest.approx(0.25, abs=0.02)


def test_birth_days_heap_on_the_first_of_january_among_the_old() -> None:
    age = np.r_[np.full(20_000, 75.0), np.full(20_000, 12.0)]

    day, month, _ = date_parts(birth_days(generator(1, "birth"), age + 0.5, _day(2026, 9, 30), RATES))

    heaped = (day == 1) & (month == 1)
    assert heaped[:20_000].mean() == pytest.approx(RATES.january_first_old, abs=0.01)
    assert heaped[20_000:].mean() == pytest.approx(RATES.january_first_young, abs=0.004)
