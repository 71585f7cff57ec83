"""A small made-up table of persons and a model for it, for the tests of the linker."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from kesos.pipeline.link.encode import LinkTable
from kesos.pipeline.link.model import Model

_FIRST = "siti budi agus dewi rina joko wati sari hendra maria yusuf aminah".split()
_LAST = "santoso wijaya lestari hidayat siregar nasution putri saputra".split()

_NAME: Final = {
    "name": "name",
    "field": "name",
    "term_frequency": True,
    "levels": [
        {"name": "equal", "when": "exact"},
        {"name": "order", "when": "same_words"},
        {"name": "close", "when": "jaro_winkler>=.9"},
        {"name": "part", "when": "compatible"},
    ],
}
_BIRTH: Final = {
    "name": "birth",
    "field": "birth",
    "levels": [
        {"name": "equal", "when": "exact"},
        {"name": "swapped", "when": "day_month_swapped"},
        {"name": "one_part", "when": "one_part_differs"},
        {"name": "year", "when": "same_year"},
    ],
}


def small_model(**changes: object) -> Model:
    """Give a model over name, birth, sex, number and card; `changes` replace its parts."""
    content: dict[str, object] = {
        "id": "record_id",
        "source": "source",
        "fields": {
            "name": {"column": "name", "kind": "name"},
            "birth": {"column": "birth", "kind": "date"},
            "sex": {"column": "sex", "kind": "code"},
            "number": {"column": "number", "kind": "code"},
            "card": {"column": "card", "kind": "code"},
        },
        "blocking": [
            {"name": "number", "on": ["number"]},
            {"name": "birth", "on": ["birth"]},
            {"name": "name", "on": ["name"]},
            {"name": "year_and_first", "on": ["birth.year", "name.first_key"]},
        ],
        "comparisons": [
            _NAME,
            _BIRTH,
            {"name": "sex", "field": "sex", "levels": [{"name": "equal", "when": "exact"}]},
            {
                "name": "number",
                "field": "number",
                "cap_bits": 12.0,
                "levels": [{"name": "equal", "when": "exact"}, {"name": "one_digit", "when": "edit<=1"}],
            },
            {"name": "card", "field": "card", "group": "home", "levels": [{"name": "equal", "when": "exact"}]},
        ],
        "groups": {"home": {"cap_bits": 3.0, "floor_bits": -2.0}},
    }
    return Model.model_validate({**content, **changes})


def small_records(persons: int = 120, seed: int = 7) -> pa.Table:
    """Make two or three records of each person, some with errors; `truth` names the person."""
    rng = np.random.Generator(np.random.PCG64(seed))
    rows: list[dict[str, object]] = []
    for person in range(persons):
        name = f"{_FIRST[rng.integers(len(_FIRST))]} {_LAST[rng.integers(len(_LAST))]}"
        birth = f"{rng.integers(1950, 2010)}-{rng.integers(1, 13):02}-{rng.integers(1, 29):02}"
        number, sex = f"{rng.integers(10**9, 10**10)}", "mf"[rng.integers(2)]
        for copy in range(int(rng.integers(1, 4))):
            row: dict[str, object] = {
                "name": name,
                "birth": birth,
                "sex": sex,
                "number": number,
                "card": f"k{person // 3}",
            }
            if copy and rng.random() < 0.4:
                row["name"] = name[:-1] if rng.random() < 0.5 else " ".join(reversed(name.split()))
            if copy and rng.random() < 0.3:
                row["number"] = None if rng.random() < 0.5 else number[:-1] + "0"
            if copy and rng.random() < 0.2:
                row["birth"] = birth[:8] + "15" if rng.random() < 0.5 else None
            rows.append({"record_id": len(rows) * 7 + 3, "source": "ab"[copy % 2], "truth": person, **row})
    return pa.Table.from_pylist(rows)


def small_table(persons: int = 120, seed: int = 7, **changes: object) -> tuple[LinkTable, Model]:
    """Encode the small table."""
    model = small_model(**changes)
    return LinkTable.of(small_records(persons, seed), model), model
