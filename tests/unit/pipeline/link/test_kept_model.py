"""The model that a release keeps, and that the waterfall of its pairs is read from."""

from __future__ import annotations

import numpy as np

from kesos.pipeline.link.evidence import waterfall_of
from kesos.pipeline.link.kept_model import model_table
from kesos.pipeline.link.model import Model
from kesos.pipeline.link.weights import LEVELS, Estimates

MODEL = Model.model_validate(
    {
        "fields": {"name": {"column": "name", "kind": "name"}, "sex": {"column": "sex", "kind": "code"}},
        "blocking": [{"name": "name", "on": ["name"]}],
        "comparisons": [
            {"name": "name", "field": "name", "levels": [{"name": "equal", "when": "exact"}]},
            {"name": "sex", "field": "sex", "levels": [{"name": "same", "when": "exact"}]},
        ],
    }
)


def estimates() -> Estimates:
    m, u = np.zeros((2, LEVELS)), np.zeros((2, LEVELS))
    weights = np.zeros((2, LEVELS), np.int64)
    m[:, 1:3], u[:, 1:3] = [[0.9, 0.1], [0.99, 0.01]], [[0.000_001, 0.999_999], [0.5, 0.5]]
    weights[:, 1:3] = [[19_780, -3_322], [985, -5_644]]
    return Estimates(m, u, weights, -16_000, {}, ())


def test_model_table_holds_the_prior_and_every_level() -> None:
    rows = model_table(MODEL, estimates()).to_pylist()

    assert [(row["comparison"], row["level"], row["weight_millibits"]) for row in rows] == [
        ("prior", "", -16_000),
        ("name", "equal", 19_780),
        ("name", "else", -3_322),
        ("sex", "same", 985),
        ("sex", "else", -5_644),
    ]
    assert [(row["m_ppm"], row["u_per_trillion"]) for row in rows[:2]] == [(None, None), (900_000, 1_000_000)]


def test_waterfall_of_a_kept_model_adds_up_and_skips_what_was_unknown() -> None:
    rows = model_table(MODEL, estimates()).to_pylist()

    steps = waterfall_of("10", 5_000, rows)

    assert [(step.comparison, step.weight_millibits) for step in steps] == [
        ("prior", -16_000),
        ("name", 19_780),
        ("rarity_and_caps", 1_220),
    ]
