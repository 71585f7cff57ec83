"""Figures add up: districts to regencies, regencies to the whole."""

from __future__ import annotations

import pyarrow as pa

from kesos.pipeline.determine.payees.figures import ANY, AreaFigures, Figure, figures_of, sum_of

STATE = pa.table(
    {
        "regency": ["5204", "5204", "5271"],
        "district": ["520401", "520409", "527102"],
        "rows_audited": [3, 4, 5],
        "paid_idr": [30, 40, 50],
        "died": [1, 0, 2],
        "died_not_checked": [0, 3, 0],
    }
)
STAKE = pa.table(
    {
        "regency": ["5204", "5204", "5271", "5271"],
        "district": ["520401", "520401", "527102", "527102"],
        "indication": ["died", ANY, "died", ANY],
        "rows_indicated": [1, 1, 2, 2],
        "stake_idr": [10, 10, 20, 20],
        "stake_a_year_idr": [40, 40, 80, 80],
    }
)
UNPAID = pa.table(
    {
        "regency": ["5204"], "district": ["520402"], "units": [7], "to_verify": [2], "amount_a_year_idr": [700],
    }
)  # fmt: skip
ASIDE = pa.table({"row_number": [1, 1, 2, 3], "regency": ["5204", "5204", "5271", ""]})


def test_figures_of_keeps_districts_without_rows_and_rows_without_regency() -> None:
    found = figures_of(STATE, STAKE, UNPAID, ASIDE)

    assert [(one.whole.code, one.whole.rows, one.whole.set_aside) for one in found] == [
        ("", 0, 1), ("5204", 7, 1), ("5271", 5, 1),
    ]  # fmt: skip
    sumbawa = found[1]
    assert [one.code for one in sumbawa.districts] == ["520401", "520402", "520409"]
    assert sumbawa.whole.of("died") == Figure(1, 3, 10, 40)
    assert sumbawa.whole.of("eligible_but_unpaid") == Figure(7, 2, 0, 700)
    assert sumbawa.whole.of(ANY) == Figure(1, 0, 10, 40)


def test_sum_of_regencies_is_the_whole() -> None:
    whole = sum_of(one.whole for one in figures_of(STATE, STAKE, UNPAID, ASIDE))

    assert (whole.rows, whole.paid_idr, whole.set_aside) == (12, 120, 3)
    assert whole.of("died") == Figure(3, 3, 30, 120)


def test_sum_of_nothing_is_nothing() -> None:
    assert sum_of([]) == AreaFigures("")
