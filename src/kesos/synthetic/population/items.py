"""Draw the items of housing, assets and livestock, given wealth: shares and slopes stand in `items.yaml`."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np
import yaml
from numpy.typing import NDArray

from kesos.synthetic.draws import Columns, Flags, Reals

NOT_ASKED: Final = -1
_WITH_TOILET_UNTIL: Final = 3
_WALLS_OF_BOARDS: Final = {
    "floor_material_code": (5, 1.6),
    "wall_material_code": (3, 1.3),
    "roof_material_code": (3, 2.2),
}


@cache
def _items() -> dict[str, Any]:
    text = (resources.files("kesos.synthetic") / "items.yaml").read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.safe_load(text)
    return table


def choose(rng: np.random.Generator, lines: list[list[float]], wealth: Reals, urban: Flags) -> NDArray[np.int16]:
    """Draw one code a row from a multinomial logit on wealth and town."""
    table = np.asarray(lines, np.float32)
    logits = np.log(table[:, 1])[:, None] + table[:, 2][:, None] * wealth.astype(np.float32)[None, :]
    logits += table[:, 3][:, None] * urban[None, :]
    np.exp(logits, out=logits)
    np.cumsum(logits, axis=0, out=logits)
    threshold = rng.random(wealth.size, dtype=np.float32) * logits[-1]
    position = np.minimum((logits <= threshold[None, :]).sum(axis=0), len(lines) - 1)
    return np.asarray(table[:, 0].astype(np.int16)[position])


def happens(rng: np.random.Generator, line: list[float], wealth: Reals, urban: Flags, shift: float = 0.0) -> Flags:
    """Draw yes or no a row: share at mean wealth in a village, slope, shift in towns; `shift` adds to the log-odds."""
    share, slope, town = line[:3]
    base = np.float32(np.log(share / (1.0 - share)) + shift)
    logit = base + np.float32(slope) * wealth.astype(np.float32) + np.float32(town) * urban
    return np.asarray(rng.random(wealth.size, dtype=np.float32) * (1.0 + np.exp(-logit)) < 1.0)


def _regional(regency: str) -> dict[str, float]:
    shifts: dict[str, float] = {}
    for prefix, items in _items()["regions"].items():
        if regency.startswith(prefix):
            shifts |= items
    return shifts


def _lines(item: str, lines: list[list[float]], regency: str) -> list[list[float]]:
    if item not in _WALLS_OF_BOARDS or not regency.startswith(tuple(_items()["stilt_houses"])):
        return lines
    code, shift = _WALLS_OF_BOARDS[item]
    return [[c, share * float(np.exp(shift)) if c == code else share, slope, t] for c, share, slope, t in lines]


def dwelling_facts(rng: np.random.Generator, wealth: Reals, urban: Flags, size: Reals, regency: str) -> Columns:
    """Draw the housing items, one row a dwelling; `size` is the people in it. -1 marks a question that is not asked."""
    facts: Columns = {}
    area = np.exp(3.95 + 0.26 * wealth - 0.12 * urban + 0.16 * np.log(size) + rng.normal(0.0, 0.38, wealth.size))
    facts["floor_area_m2"] = np.clip(np.round(area), 6, 600).astype(np.int32)
    for item, lines in _items()["dwelling"].items():
        facts[item] = choose(rng, _lines(item, lines, regency), wealth, urban)
    facts["installed_power_code"][facts["lighting_code"] != 1] = NOT_ASKED
    without_toilet = facts["toilet_facility_code"] > _WITH_TOILET_UNTIL
    facts["toilet_type_code"][without_toilet] = NOT_ASKED
    facts["sewage_code"][without_toilet] = NOT_ASKED
    return facts


def family_facts(rng: np.random.Generator, wealth: Reals, urban: Flags, regency: str) -> Columns:
    """Draw tenure, assets, livestock and premium aid, one row a family."""
    shifts = _regional(regency)
    table = _items()
    facts: Columns = {}
    for item, lines in table["family"].items():
        facts[item] = choose(rng, lines, wealth, urban)
    for item, line in (table["yes_no"] | table["pbi"]).items():
        facts[item] = happens(rng, line, wealth, urban, shifts.get(item, 0.0))
    facts["pbi_local"] &= ~facts["pbi_national"]
    for item, line in table["livestock"].items():
        keeps = happens(rng, line, wealth, urban, shifts.get(item, 0.0))
        head = rng.geometric(1.0 / line[3], wealth.size)
        facts[item] = np.where(keeps, np.minimum(head, 99), 0).astype(np.int32)
    return facts
