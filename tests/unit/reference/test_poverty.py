"""Official figures: one row a regency, nothing missing, in their unit."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from kesos.reference.areas import regencies
from kesos.reference.poverty import regency_figures


def test_regency_figures_are_complete() -> None:
    figures = regency_figures()

    assert figures["regency"].to_pylist() == regencies()["regency"].to_pylist()
    assert all(column.null_count == 0 for column in figures.columns)


def test_regency_figures_of_one_regency() -> None:
    assert regency_figures().filter(pc.field("regency") == "1102").to_pylist() == [
        {
            "regency": "1102",
            "population_2024": 235_589,
            "poverty_line_2025_idr": 502_074,
            "p0_2025_percent": 9.78,
            "p1_2025_percent": 1.04,
            "p2_2025_percent": 0.16,
            "hdi_2025": 74.36,
            "kelurahan_per_mille": 0,
        }
    ]


def test_regency_figures_lie_in_their_ranges() -> None:
    figures = regency_figures()

    def of(name: str) -> list[float]:
        values: list[float] = figures[name].cast(pa.float64()).to_numpy().tolist()
        return values

    assert 280_000_000 < sum(of("population_2024")) < 290_000_000
    assert 300_000 < min(of("poverty_line_2025_idr")) < max(of("poverty_line_2025_idr")) < 1_500_000
    assert 1 < min(of("p0_2025_percent")) < max(of("p0_2025_percent")) < 60
    assert 40 < min(of("hdi_2025")) < max(of("hdi_2025")) < 95
    assert (min(of("kelurahan_per_mille")), max(of("kelurahan_per_mille"))) == (0, 1000)
    assert figures.filter(pc.field("regency") == "3171")["kelurahan_per_mille"].to_pylist() == [1000]
