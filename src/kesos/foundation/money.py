"""Count money in whole rupiah: an `int`, never a float, and nothing is ever lost in a division."""

from __future__ import annotations

import re
from typing import Final

from kesos.foundation.errors import Refused

_PREFIX: Final = re.compile(r"^(?:rp|idr)\.?\s*", re.IGNORECASE)
_DASH_TAIL: Final = re.compile(r"[.,]\s*[-\u2013\u2014]+$")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*(?P<fraction>[.,][0-9]{1,2})?")
_PLAIN: Final = re.compile(r"[0-9]+(?P<fraction>[.,][0-9]{1,2})?")


class NotRupiah(Refused):
    """A text is not an amount of money."""

    what = "'{text}' is not an amount in rupiah."
    remedy = "Write whole rupiah, for example 1250000 or Rp1.250.000."


class FractionOfRupiah(Refused):
    """An amount has sen, which nobody pays out."""

    what = "'{text}' has a fraction of a rupiah."
    remedy = "Write whole rupiah."


class NotDivisible(Refused):
    """An amount was to be split into no parts."""

    what = "An amount cannot be split into {parts} parts."
    remedy = "Give a number of parts of 1 or more."


def read_rupiah(text: str) -> int:
    """Read an amount in Indonesian or English spelling; a group of three digits after a mark is thousands.

    >>> read_rupiah("Rp 1.250.000,00"), read_rupiah("600.000,-"), read_rupiah("1,250,000.00"), read_rupiah("-750")
    (1250000, 600000, 1250000, -750)

    *Raises* NotRupiah, FractionOfRupiah.
    """
    bare = text.strip()
    sign = -1 if bare.startswith("-") else 1
    bare = _DASH_TAIL.sub("", _PREFIX.sub("", bare.removeprefix("-").strip()))
    match = _GROUPED.fullmatch(bare) or _PLAIN.fullmatch(bare)
    if match is None or not bare.isascii():
        raise NotRupiah(text=text)
    fraction = match["fraction"] or ""
    if match.re is _GROUPED and fraction[:1] == match[1]:
        raise NotRupiah(text=text)
    if fraction[1:].strip("0"):
        raise FractionOfRupiah(text=text)
    whole = bare.removesuffix(fraction) if fraction else bare
    return sign * int(whole.replace(".", "").replace(",", ""))


def format_rupiah(amount_idr: int) -> str:
    """Write an amount as Indonesian spelling has it.

    >>> format_rupiah(1250000), format_rupiah(-600)
    ('Rp1.250.000', '-Rp600')
    """
    sign = "-" if amount_idr < 0 else ""
    return f"{sign}Rp{abs(amount_idr):,}".replace(",", ".")


def split_exactly(amount_idr: int, parts: int) -> list[int]:
    """Split an amount into parts that differ by at most one rupiah and add up to it; the first parts are larger.

    >>> split_exactly(1_000_000, 3)
    [333334, 333333, 333333]

    *Raises* NotDivisible when `parts` is below 1.
    """
    if parts < 1:
        raise NotDivisible(parts=parts)
    share, rest = divmod(amount_idr, parts)
    return [share + 1] * rest + [share] * (parts - rest)
