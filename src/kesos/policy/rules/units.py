"""Units of numbers: what stands beside what, and what multiplying and dividing make of it."""

from __future__ import annotations

from collections import Counter
from typing import Final

_ONE: Final = {"persons": "person", "families": "family", "months": "month", "years": "year", "days": "day"}
_MANY: Final = {one: many for many, one in _ONE.items()}


def reduced(unit: str) -> str:
    """Write a unit in the one way that equal units share; above the bar in the plural, as the vocabulary has them.

    >>> [reduced(unit) for unit in ("person", "IDR/months", "")]
    ['persons', 'IDR/month', '']
    """
    return _written(_powers(unit))


def product(left: str, right: str) -> str:
    """Multiply units.

    >>> product("IDR/month", "months")
    'IDR'
    """
    powers = _powers(left)
    powers.update(_powers(right))
    return _written(powers)


def quotient(left: str, right: str) -> str:
    """Divide units.

    >>> quotient("IDR/month", "persons"), quotient("persons", "persons"), quotient("", "months")
    ('IDR/month/person', '', '1/month')
    """
    powers = _powers(left)
    powers.subtract(_powers(right))
    return _written(powers)


def _powers(unit: str) -> Counter[str]:
    """Count how often each unit stands above the bar, negative below it."""
    powers: Counter[str] = Counter()
    for place, part in enumerate(unit.split("/")):
        for name in part.split("*"):
            word = name.strip()
            if word and word != "1":
                powers[_ONE.get(word, word)] += -1 if place else 1
    return powers


def _written(powers: Counter[str]) -> str:
    above = [_MANY.get(name, name) for name in sorted(powers) for _ in range(powers[name])]
    below = [name for name in sorted(powers) for _ in range(-powers[name])]
    return "/".join(["*".join(above) or ("1" if below else ""), *below])
